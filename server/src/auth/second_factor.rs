//! The second factor beside a password: six digits from an app (TOTP, RFC 6238). Each code opens once. The secret lies locked
//! with the key of the installation.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use sync_core::ids::{OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;
use totp_rs::{Builder, Secret, Totp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::entity::{passkey, user};
use super::master_key::MasterKey;
use super::proof::Proven;
use super::recovery_codes::{self, RecoveryCodes};
use super::session::Entry;
use super::{Actor, tries};
use crate::app_state::AppState;
use crate::problem::{Problem, ProblemBody};
use crate::qr::{self, Picture};
use crate::settings::{SecondStep, Settings};
use crate::{audit, db::begin_write};

/// The bytes of a secret (RFC 4226 recommends 160 bits).
const SECRET: usize = 20;

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(standing, begin))
        .routes(routes!(confirm))
        .routes(routes!(remove))
        .routes(routes!(renew))
}

/// Whether there is a second factor.
#[derive(Serialize, ToSchema)]
struct Standing {
    /// Whether a code is asked at each sign-in with a password.
    on: bool,
    /// Whether this person signs in with a password at all.
    password: bool,
    /// How many codes on paper still open.
    recovery_codes_left: u32,
}

/// What goes into the app for codes.
#[derive(Serialize, ToSchema)]
struct Begun {
    /// To type over, in base32.
    secret: String,
    /// To open on the same device.
    address: String,
    /// The same for the camera of another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    qr: Option<Picture>,
}

/// Six digits, or twelve of a code on paper.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Code {
    #[schema(example = "123456")]
    code: String,
}

/// The maker of codes, under the name by which an app shows it: the address, or what colleagues say of who has none.
fn totp(secret: &[u8], account: &user::Model) -> Result<Totp, Problem> {
    let name = if account.email.is_empty() { &account.name } else { &account.email };
    Builder::new()
        .with_secret(Secret::from(secret.to_vec()))
        .with_issuer(Some("Noaber"))
        // A colon would end the name.
        .with_account_name(name.replace(':', " "))
        .build()
        .map_err(|error| Problem::failure(error.to_string()))
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_millis() / 1_000).unwrap_or_default()
}

/// The step of a code that is right and newer than the last one that was used.
fn fresh_step(
    master: &MasterKey,
    locked: &[u8],
    account: &user::Model,
    code: &str,
    now: Timestamp,
) -> Result<Option<i64>, Problem> {
    let secret = master.open(locked, account.id)?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(&secret, account)?.check(&code, seconds(now));
    let step = step.and_then(|step| i64::try_from(step).ok());
    Ok(step.filter(|step| account.totp_step.is_none_or(|last| *step > last)))
}

/// Asks for the code of an account that has a second factor. A right one is used up.
pub(super) async fn ask(state: &AppState, account: &user::Model, code: &str) -> Result<(), Problem> {
    let Some(locked) = &account.totp else { return Ok(()) };
    if code.trim().is_empty() {
        return Err(Problem::new(ProblemKind::SecondFactorNeeded));
    }
    let now = state.clock.now();
    let db = &state.db.write;
    let key = tries::key("code", &account.id.to_string());
    tries::begin(db, &[&key], now).await?;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == recovery_codes::DIGITS && recovery_codes::spend(state, account, &digits, now).await? {
        return Ok(tries::succeeded(db, &key).await?);
    }
    let Some(step) = fresh_step(&state.master, locked, account, code, now)? else {
        return Err(Problem::new(ProblemKind::SecondFactorWrong));
    };
    // Of two that come with the same code at once, one is in.
    let used = user::Entity::update_many()
        .col_expr(user::Column::TotpStep, Expr::value(Some(step)))
        .filter(user::Column::OrganisationId.eq(account.organisation_id))
        .filter(user::Column::Id.eq(account.id))
        .filter(Condition::any().add(user::Column::TotpStep.is_null()).add(user::Column::TotpStep.lt(step)))
        .exec(db)
        .await?;
    if used.rows_affected != 1 {
        return Err(Problem::new(ProblemKind::SecondFactorWrong));
    }
    Ok(tries::succeeded(db, &key).await?)
}

/// Asks for the second step of an account that has one: the code, or the passkey. Who has a passkey and no code is let in by the
/// passkey only, or a password and a mailbox would lead around it.
pub(crate) async fn ask_for_any(
    state: &AppState,
    account: &user::Model,
    code: &str,
) -> Result<Entry, Problem> {
    ask(state, account, code).await?;
    if account.totp.is_some() {
        return Ok(Entry::Vouched);
    }
    if super::passkey::any(state, account.organisation_id, account.id).await? {
        return Err(Problem::new(ProblemKind::PasskeyNeeded));
    }
    Ok(Entry::Alone)
}

/// Asks for the second step of somebody whom a colleague lets in. Of staff a passkey counts as well; whoever lost it asks an administrator
/// to take it away first. A volunteer with a passkey comes in by the colleague alone, as on the first day.
pub(crate) async fn ask_beside_a_colleague(
    state: &AppState,
    account: &user::Model,
    code: &str,
) -> Result<(), Problem> {
    let organisation = OrganisationId(account.organisation_id);
    let today = state.clock.now().local_date();
    let person = super::person(&state.db.read, organisation, UserId(account.id), today).await?;
    if person.memberships.iter().any(|own| !own.role.is_of_volunteers()) {
        return ask_for_any(state, account, code).await.map(drop);
    }
    ask(state, account, code).await
}

/// Whether this library demands a second step of who signs in with a password.
async fn is_demanded(state: &AppState, account: &user::Model) -> Result<bool, Problem> {
    let organisation = OrganisationId(account.organisation_id);
    let settings = Settings::of(&state.db.read, &state.config, organisation).await?;
    Ok(settings.second_step == SecondStep::Demanded)
}

/// Whether this account has a password and no code; a passkey may still stand beside it.
const fn has_only_a_password(account: &user::Model) -> bool {
    !account.password_hash.is_empty() && account.totp.is_none()
}

/// Refuses an account that a password alone opens, where a second step is demanded. Asked at every request: the database only
/// where the account itself does not tell.
pub(super) async fn needs_none(state: &AppState, account: &user::Model) -> Result<(), Problem> {
    if has_only_a_password(account)
        && is_demanded(state, account).await?
        && !super::passkey::any(state, account.organisation_id, account.id).await?
    {
        return Err(Problem::new(ProblemKind::SecondStepMissing));
    }
    Ok(())
}

/// Whether this person may demand a second step of everybody: who has none himself would be the first to be kept out.
pub(crate) async fn may_demand(state: &AppState, actor: &Actor) -> Result<(), Problem> {
    let account = own(state, actor).await?;
    if has_only_a_password(&account)
        && !super::passkey::any(state, account.organisation_id, account.id).await?
    {
        return Err(Problem::new(ProblemKind::SecondStepMissing));
    }
    Ok(())
}

pub(super) async fn own(state: &AppState, actor: &Actor) -> Result<user::Model, Problem> {
    user::Entity::find_by_id((actor.organisation.0, actor.person.user.0))
        .one(&state.db.write)
        .await?
        .ok_or_else(|| Problem::new(ProblemKind::NotSignedIn))
}

/// Whether one has a second factor.
#[utoipa::path(get, path = "/api/second-factor", tag = "sign-in", security(("bearer" = [])),
    responses((status = 200, body = Standing),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn standing(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    let account = own(&state, &actor).await?;
    let standing = Standing {
        on: account.totp.is_some(),
        password: !account.password_hash.is_empty(),
        recovery_codes_left: recovery_codes::left(&account),
    };
    Ok(Json(standing).into_response())
}

/// Begins a second factor: a secret for the app that makes the codes. It counts once a code was shown.
#[utoipa::path(post, path = "/api/second-factor", tag = "sign-in", security(("bearer" = [])),
    responses((status = 200, body = Begun),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn begin(State(state): State<AppState>, Proven(actor): Proven) -> Result<Response, Problem> {
    let account = own(&state, &actor).await?;
    if account.totp.is_some() {
        return Err(Problem::new(ProblemKind::StateNotPossible).about("there is one already"));
    }
    let mut secret = [0_u8; SECRET];
    getrandom::fill(&mut secret).map_err(|error| Problem::failure(error.to_string()))?;
    user::Entity::update_many()
        .col_expr(user::Column::TotpBegun, Expr::value(Some(state.master.lock(&secret, account.id)?)))
        .filter(user::Column::OrganisationId.eq(account.organisation_id))
        .filter(user::Column::Id.eq(account.id))
        .exec(&state.db.write)
        .await?;
    let made = totp(&secret, &account)?;
    let address = made.to_url().map_err(|error| Problem::failure(error.to_string()))?;
    let secret = Secret::from(secret.to_vec()).to_base32();
    Ok(Json(Begun { secret, qr: qr::picture(&address), address }).into_response())
}

/// Shows that the app makes the right codes: from now on one is asked at each sign-in with a password. Answers with codes to
/// keep on paper.
#[utoipa::path(post, path = "/api/second-factor/confirm", tag = "sign-in", security(("bearer" = [])),
    request_body = Code,
    responses((status = 200, body = RecoveryCodes), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn confirm(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Json<Code>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(Code { code }) = body?;
    let now = state.clock.now();
    let account = own(&state, &actor).await?;
    let begun = account.totp_begun.clone().filter(|_| account.totp.is_none());
    let begun = begun.ok_or_else(|| Problem::new(ProblemKind::StateNotPossible).about("none was begun"))?;
    let step = fresh_step(&state.master, &begun, &account, &code, now)?;
    let step = step.ok_or_else(|| Problem::new(ProblemKind::SecondFactorWrong))?;
    let tx = begin_write(&state.db.write).await?;
    user::Entity::update_many()
        .col_expr(user::Column::Totp, Expr::value(Some(begun)))
        .col_expr(user::Column::TotpBegun, Expr::value(None::<Vec<u8>>))
        .col_expr(user::Column::TotpStep, Expr::value(Some(step)))
        .filter(user::Column::OrganisationId.eq(account.organisation_id))
        .filter(user::Column::Id.eq(account.id))
        .exec(&tx)
        .await?;
    let codes = recovery_codes::make(&tx, &state.master, &account, now).await?;
    super::end_browsers(&tx, actor.organisation, account.id, Some(actor.device), now).await?;
    audit::note(&tx, account.organisation_id, now, line("second_factor_on", &actor, account.id)).await?;
    tx.commit().await?;
    Ok(Json(codes).into_response())
}

/// Makes ten codes to keep on paper, each of which opens once in place of the app; those of before open nothing any more.
#[utoipa::path(post, path = "/api/second-factor/recovery-codes", tag = "sign-in", security(("bearer" = [])),
    responses((status = 200, body = RecoveryCodes),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn renew(State(state): State<AppState>, Proven(actor): Proven) -> Result<Response, Problem> {
    let now = state.clock.now();
    let account = own(&state, &actor).await?;
    if account.totp.is_none() {
        return Err(Problem::new(ProblemKind::StateNotPossible).about("there is no second step"));
    }
    let tx = begin_write(&state.db.write).await?;
    let codes = recovery_codes::make(&tx, &state.master, &account, now).await?;
    audit::note(&tx, account.organisation_id, now, line("recovery_codes_made", &actor, account.id)).await?;
    tx.commit().await?;
    Ok(Json(codes).into_response())
}

/// Takes one's own second factor away, with a code of it.
#[utoipa::path(post, path = "/api/second-factor/remove", tag = "sign-in", security(("bearer" = [])),
    request_body = Code,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn remove(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Json<Code>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Json(Code { code }) = body?;
    let account = own(&state, &actor).await?;
    if account.totp.is_none() {
        return Err(Problem::new(ProblemKind::StateNotPossible).about("there is none"));
    }
    ask(&state, &account, &code).await?;
    take_away(&state, &actor, account.id).await
}

fn line(act: &str, actor: &Actor, user: Uuid) -> audit::Line {
    let mut line = audit::Line::of_device(act, actor.person.user.0, actor.device.0);
    line.document = Some(user);
    line
}

/// Takes a second factor away, and of somebody else the passkeys too; every token of the person ends.
pub(crate) async fn take_away(state: &AppState, actor: &Actor, id: Uuid) -> Result<StatusCode, Problem> {
    let tx = begin_write(&state.db.write).await?;
    user::Entity::update_many()
        .col_expr(user::Column::Totp, Expr::value(None::<Vec<u8>>))
        .col_expr(user::Column::TotpBegun, Expr::value(None::<Vec<u8>>))
        .col_expr(user::Column::RecoverySet, Expr::value(None::<Uuid>))
        .filter(user::Column::OrganisationId.eq(actor.organisation.0))
        .filter(user::Column::Id.eq(id))
        .exec(&tx)
        .await?;
    if id != actor.person.user.0 {
        // Whoever lost one has lost the phone with the other as well.
        passkey::Entity::delete_many()
            .filter(passkey::Column::OrganisationId.eq(actor.organisation.0))
            .filter(passkey::Column::UserId.eq(id))
            .exec(&tx)
            .await?;
    }
    let now = state.clock.now();
    super::end_browsers(&tx, actor.organisation, id, Some(actor.device), now).await?;
    audit::note(&tx, actor.organisation.0, now, line("second_factor_off", actor, id)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
