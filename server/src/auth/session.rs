//! Signing in with e-mail and password, turning the device's token, signing out.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _,
    QueryFilter as _,
};
use serde::{Deserialize, Serialize};
use sync_core::ids::{DeviceId, OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::time::{DAY_MS, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::ClientAddress;
use super::entity::{device, retired_token, user};
use super::{Actor, fresh_id, second_factor, token, tries, vault};
use crate::app_state::AppState;
use crate::db::begin_write;
use crate::problem::{Problem, ProblemBody};
use crate::settings::{BuddyWord, Settings};
use crate::{audit, mail};

/// After so many days without use a device must sign in anew.
const UNUSED_DAYS: i64 = 90;
/// And after so many milliseconds that of staff, when no PIN stands between whoever holds it and its token.
const UNUSED_STAFF_MS: i64 = 12 * 3_600_000;
/// However much it is used, a device signs in anew after so many days.
const LONGEST_DAYS: i64 = 365;

/// Takes away turned tokens of sign-ins that have long ended: a year at most, and a month for a device that was silent.
pub(crate) async fn sweep(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    retired_token::Entity::delete_many()
        .filter(retired_token::Column::RetiredAt.lt(now.as_millis() - 400 * DAY_MS))
        .exec(db)
        .await
        .map(drop)
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(sign_in)).routes(routes!(refresh)).routes(routes!(sign_out))
}

/// What a person types.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    #[schema(example = "bezorger@voorbeeld.invalid")]
    email: String,
    password: String,
    /// The code of the second factor, when one is asked.
    #[serde(default)]
    code: String,
    /// What the person calls this device.
    #[schema(example = "Telefoon van Anna")]
    device_name: String,
}

/// A device and a first token.
#[derive(Serialize, ToSchema)]
struct SignedIn {
    /// For `Authorization: Bearer …`.
    access_token: String,
    /// Seconds until a fresh one is needed.
    expires_in: i64,
    device_id: DeviceId,
    user: SignedInUser,
    /// The word this library chose for somebody who meets a learner.
    buddy_word: BuddyWord,
    /// For programs; a browser has it in a cookie that scripts cannot read.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// Who signed in.
#[derive(Serialize, ToSchema)]
struct SignedInUser {
    id: UserId,
    organisation: OrganisationId,
    name: String,
    roles: Vec<SignedInRole>,
}

/// A role in a branch.
#[derive(Serialize, ToSchema)]
struct SignedInRole {
    branch: sync_core::ids::BranchId,
    #[schema(example = "deliverer")]
    role: &'static str,
}

/// What goes with a request for a fresh token.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Refresh {
    /// For programs: the refresh token, which a browser has in its cookie.
    refresh_token: Option<String>,
    /// What only an opened device knows, once it set one at `/api/devices/lock`.
    device_secret: Option<String>,
}

/// What the cookie of a device is called, over TLS or on loopback without it.
const fn cookie_name(is_secure: bool) -> &'static str {
    // `__Host-` needs TLS; on loopback without it some browsers drop such a cookie.
    if is_secure { "__Host-noaber-device" } else { "noaber-device" }
}

fn cookie(is_secure: bool, value: &str, max_age: i64) -> Option<HeaderValue> {
    let secure = if is_secure { "; Secure" } else { "" };
    let name = cookie_name(is_secure);
    HeaderValue::try_from(format!(
        "{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}"
    ))
    .ok()
}

fn cookie_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|part| part.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The header that only our own pages set: another site cannot without asking, and is told no.
const OWN_HEADER: &str = "noaber-app";

/// Whether something says that our own page asks: the header of the app, or what every browser of today tells of itself. Apps from before
/// the header may still ask with the latter two.
fn is_own_page(headers: &HeaderMap) -> bool {
    [OWN_HEADER, "origin", "sec-fetch-site"].iter().any(|name| headers.contains_key(*name))
}

/// A request of a browser must come from our own pages.
pub(crate) fn own_origin(state: &AppState, headers: &HeaderMap) -> Result<(), Problem> {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if matches!(site, Some("cross-site" | "same-site")) {
        return Err(Problem::new(ProblemKind::ForeignOrigin));
    }
    let Some(origin) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) else {
        return Ok(());
    };
    let own = state.config.public_address.trim_end_matches('/');
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let loopback = !state.config.is_secure() && origin == format!("http://{host}");
    if origin == own || loopback { Ok(()) } else { Err(Problem::new(ProblemKind::ForeignOrigin)) }
}

async fn answer(
    state: &AppState,
    account: &user::Model,
    device_id: DeviceId,
    refresh_token: String,
    program: bool,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let organisation = OrganisationId(account.organisation_id);
    let person = super::person(&state.db.read, organisation, UserId(account.id), now.local_date()).await?;
    let access_token = state
        .keys
        .sign(account.organisation_id, account.id, device_id.0, account.epoch, now)
        .map_err(Problem::failure)?;
    let body = SignedIn {
        access_token,
        expires_in: token::ACCESS_SECONDS,
        device_id,
        user: SignedInUser {
            id: UserId(account.id),
            organisation,
            name: account.name.clone(),
            roles: person
                .memberships
                .iter()
                .map(|own| SignedInRole { branch: own.branch, role: own.role.as_str() })
                .collect(),
        },
        buddy_word: Settings::of(&state.db.read, &state.config, organisation).await?.buddy_word,
        refresh_token: program.then(|| refresh_token.clone()),
    };
    let mut response = Json(body).into_response();
    if !program && let Some(value) = cookie(state.config.is_secure(), &refresh_token, UNUSED_DAYS * 24 * 3600)
    {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// Signs in on this device. Programs send `Noaber-Program: 1` and get the refresh token in the body instead of a
/// cookie.
#[utoipa::path(post, path = "/api/sign-in", tag = "sign-in", request_body = SignIn,
    responses((status = 200, body = SignedIn),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn sign_in(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: Result<Json<SignIn>, axum::extract::rejection::JsonRejection>,
) -> Result<Response, Problem> {
    own_origin(&state, &headers)?;
    let Json(SignIn { email, password, code, device_name }) = body?;
    let email = email.trim().to_lowercase();
    let now = state.clock.now();
    if password.len() > super::password::LONGEST * 4 || email.len() > 254 || device_name.chars().count() > 80
    {
        return Err(Problem::new(ProblemKind::WrongCredentials));
    }
    let db = &state.db.write;
    // A stranger who guesses at an account does not keep its person out, who comes from another address.
    let by_both = tries::key("account-from", &format!("{email} {address}"));
    let by_account = tries::shared_key("account", &email);
    let by_address = tries::shared_key("address", &address.to_string());
    // Nor whoever sits at a browser of the own: however often strangers guess, it does not wait for them.
    let at_home = is_own_browser(&state, &headers, &email).await?;
    let counted = [Some(&by_both), (!at_home).then_some(&by_account), Some(&by_address)];
    tries::begin(db, &counted.into_iter().flatten().collect::<Vec<_>>(), now).await?;
    let account = user::Entity::find().filter(user::Column::Email.eq(email.as_str())).one(db).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let right = state.passwords.check(password, stored).await?;
    if !right && let Some(account) = &account {
        note_failed(&state, account, now);
    }
    let Some(account) = account.filter(|_| right) else {
        return Err(Problem::new(ProblemKind::WrongCredentials));
    };
    if !at_home {
        tries::give_back(db, &by_account).await?;
    }
    tries::give_back(db, &by_address).await?;
    let entry = second_factor::ask_for_any(&state, &account, &code).await?;
    tries::succeeded(db, &by_both).await?;
    let_in(&state, &account, device_name, entry, is_program(&headers)).await
}

/// Whether the account with this address was let in on this browser before: its cookie outlives the sign-in.
async fn is_own_browser(state: &AppState, headers: &HeaderMap, email: &str) -> Result<bool, Problem> {
    let Some(cookie) = cookie_of(headers, cookie_name(state.config.is_secure())) else { return Ok(false) };
    let hash = token::refresh_hash(&cookie);
    let shown = device::Column::RefreshHash.eq(hash.clone()).or(device::Column::PreviousHash.eq(hash));
    let found = device::Entity::find()
        .filter(shown)
        .filter(device::Column::RevokedAt.is_null())
        .one(&state.db.read)
        .await?;
    let Some(device) = found else { return Ok(false) };
    let key = (device.organisation_id, device.user_id);
    let owner = user::Entity::find_by_id(key).one(&state.db.read).await?;
    Ok(owner.is_some_and(|owner| owner.email == email))
}

/// Notes that somebody guessed at an account that exists; after the answer, which takes as long as for one that does not.
fn note_failed(state: &AppState, account: &user::Model, now: Timestamp) {
    let line =
        audit::Line { act: "sign_in_failed".to_owned(), user: Some(account.id), ..audit::Line::default() };
    let (db, organisation) = (state.db.write.clone(), account.organisation_id);
    state.tasks.spawn(async move {
        if let Err(error) = audit::note(&db, organisation, now, line).await {
            tracing::warn!(%error, "a failed sign-in was not noted");
        }
    });
}

/// How somebody came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// With one thing only: a password, or a mailbox.
    Alone,
    /// With two factors, or let in by a colleague who saw the phone.
    Vouched,
}

/// Makes a device of this person and answers with its first tokens. Whoever left does not come in.
pub(crate) async fn let_in(
    state: &AppState,
    account: &user::Model,
    device_name: String,
    entry: Entry,
    program: bool,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let db = &state.db.write;
    if account.ended_at.is_some() {
        return Err(Problem::new(ProblemKind::WrongCredentials));
    }
    let (refresh_token, hash) = token::fresh_refresh_token().map_err(Problem::failure)?;
    let device_id = DeviceId(fresh_id(now)?);
    let row = device::ActiveModel {
        organisation_id: Set(account.organisation_id),
        id: Set(device_id.0),
        user_id: Set(account.id),
        name: Set(device_name),
        refresh_hash: Set(hash),
        previous_hash: Set(None),
        created_at: Set(now.as_millis()),
        refreshed_at: Set(now.as_millis()),
        last_contact_at: Set(now.as_millis()),
        revoked_at: Set(None),
        secret_hash: Set(None),
        signed_out: Set(false),
        // Whoever just signed in has shown who he is.
        proven_at: Set(Some(now.as_millis())),
        vouched: Set(entry == Entry::Vouched),
    };
    device::Entity::insert(row).exec_without_returning(db).await?;
    audit::note(db, account.organisation_id, now, audit::Line::of_device("sign_in", account.id, device_id.0))
        .await?;
    answer(state, account, device_id, refresh_token, program).await
}

/// Whether a program asks: it gets its refresh token in the body.
pub(crate) fn is_program(headers: &HeaderMap) -> bool {
    headers.contains_key("noaber-program")
}

/// A fresh access token, from the cookie or (for programs) the refresh token in the body. The refresh token turns each
/// time; the one before works until its successor was seen.
#[utoipa::path(post, path = "/api/token", tag = "sign-in", request_body = Option<Refresh>,
    responses((status = 200, body = SignedIn),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn refresh(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Result<Response, Problem> {
    own_origin(&state, &headers)?;
    let asked: Refresh = if body.is_empty() {
        Refresh::default()
    } else {
        serde_json::from_slice(&body)
            .map_err(|error| Problem::new(ProblemKind::MalformedRequest).about(error.to_string()))?
    };
    let program = asked.refresh_token.is_some();
    if !program && !is_own_page(&headers) {
        return Err(Problem::new(ProblemKind::ForeignOrigin));
    }
    let refresh_token = asked
        .refresh_token
        .or_else(|| cookie_of(&headers, cookie_name(state.config.is_secure())))
        .ok_or_else(|| Problem::new(ProblemKind::NotSignedIn))?;
    let hash = token::refresh_hash(&refresh_token);
    let mut alone = true;
    loop {
        let (found, account) = device_of(&state, &hash, asked.device_secret.as_deref()).await?;
        if let Some(successor) = turn(&state, &found, &hash, alone).await? {
            return answer(&state, &account, DeviceId(found.id), successor, program).await;
        }
        // Somebody turned it at the same moment: looked at anew, as it stands now.
        alone = false;
    }
}

/// The device whose refresh token this is and its person, who may ask for another one.
async fn device_of(
    state: &AppState,
    hash: &[u8],
    device_secret: Option<&str>,
) -> Result<(device::Model, user::Model), Problem> {
    let now = state.clock.now();
    let db = &state.db.write;
    let found = device::Entity::find()
        .filter(
            Condition::any()
                .add(device::Column::RefreshHash.eq(hash.to_vec()))
                .add(device::Column::PreviousHash.eq(hash.to_vec())),
        )
        .one(db)
        .await?;
    let Some(found) = found else {
        shut_out_if_stolen(state, hash).await?;
        return Err(Problem::new(ProblemKind::NotSignedIn));
    };
    if found.revoked_at.is_some() {
        return Err(Problem::new(ProblemKind::DeviceRevoked));
    }
    // Two things are needed: the cookie, which scripts cannot read, and the secret, which lies behind the PIN.
    let secret_hash = device_secret.map(token::refresh_hash);
    if found.secret_hash.is_some() && found.secret_hash != secret_hash {
        return Err(Problem::new(ProblemKind::NotSignedIn));
    }
    if let (None, Some(secret)) = (&found.secret_hash, device_secret) {
        // It was locked and could not say so.
        vault::keep_secret(db, found.organisation_id, found.id, secret).await?;
    }
    if is_over(state, &found, now).await? {
        return Err(Problem::new(ProblemKind::NotSignedIn));
    }
    let account = user::Entity::find_by_id((found.organisation_id, found.user_id))
        .one(db)
        .await?
        .filter(|account| account.ended_at.is_none())
        .ok_or_else(|| Problem::new(ProblemKind::NotSignedIn))?;
    Ok((found, account))
}

/// Gives a device its next refresh token; nothing when another request turned it meanwhile. `alone` says that none did so at the same moment.
async fn turn(
    state: &AppState,
    found: &device::Model,
    hash: &[u8],
    alone: bool,
) -> Result<Option<String>, Problem> {
    let now = state.clock.now();
    let (successor, successor_hash) = token::fresh_refresh_token().map_err(Problem::failure)?;
    let tx = begin_write(&state.db.write).await?;
    let turned = device::Entity::update_many()
        .col_expr(device::Column::RefreshHash, Expr::value(successor_hash))
        .col_expr(device::Column::PreviousHash, Expr::value(Some(hash.to_vec())))
        .col_expr(device::Column::RefreshedAt, Expr::value(now.as_millis()))
        .filter(device::Column::OrganisationId.eq(found.organisation_id))
        .filter(device::Column::Id.eq(found.id))
        .filter(device::Column::RefreshHash.eq(found.refresh_hash.clone()))
        .exec(&tx)
        .await?;
    if turned.rows_affected != 1 {
        return Ok(None);
    }
    // Whichever of the two was shown stays valid until the successor is: a lost answer is no theft. The one before that is
    // over: from now on it is only ever shown by somebody with a copy.
    let over = if found.refresh_hash == hash {
        found.previous_hash.clone()
    } else {
        // The one before was shown once more, and its first successor will never be shown by the same browser: either that answer was
        // lost, or one of the two has a copy. Behind a PIN a copy opens nothing, and an answer that comes after all must not lock
        // somebody out of his round.
        Some(found.refresh_hash.clone()).filter(|_| found.secret_hash.is_none() && alone)
    };
    if let Some(over) = over {
        let row = retired_token::ActiveModel {
            organisation_id: Set(found.organisation_id),
            device_id: Set(found.id),
            hash: Set(over),
            retired_at: Set(now.as_millis()),
        };
        retired_token::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(&tx).await?;
    }
    tx.commit().await?;
    Ok(Some(successor))
}

/// Whether this device must sign in anew: not used for too long, or in use for a year. Whoever opens a phone with a PIN shows two
/// things each time, the phone and the PIN; a browser of staff without one ends with the working day.
async fn is_over(state: &AppState, device: &device::Model, now: Timestamp) -> Result<bool, Problem> {
    let unused = now.as_millis() - device.refreshed_at;
    if unused > UNUSED_DAYS * DAY_MS || now.as_millis() - device.created_at > LONGEST_DAYS * DAY_MS {
        return Ok(true);
    }
    if device.secret_hash.is_some() || unused <= UNUSED_STAFF_MS {
        return Ok(false);
    }
    let organisation = OrganisationId(device.organisation_id);
    let person =
        super::person(&state.db.read, organisation, UserId(device.user_id), now.local_date()).await?;
    Ok(person.memberships.iter().any(|own| !own.role.is_of_volunteers()))
}

/// A token that is over was shown: the device has a double. Nobody can tell which of the two is the person, so both are out,
/// and the person is told.
async fn shut_out_if_stolen(state: &AppState, hash: &[u8]) -> Result<(), Problem> {
    let now = state.clock.now();
    // Noise does not wait for the one who writes.
    let known = retired_token::Entity::find().filter(retired_token::Column::Hash.eq(hash));
    if known.one(&state.db.read).await?.is_none() {
        return Ok(());
    }
    let tx = begin_write(&state.db.write).await?;
    let shown = retired_token::Entity::find().filter(retired_token::Column::Hash.eq(hash)).one(&tx).await?;
    let Some(shown) = shown else { return Ok(()) };
    let device = device::Entity::find_by_id((shown.organisation_id, shown.device_id)).one(&tx).await?;
    let Some(device) = device.filter(|device| device.revoked_at.is_none()) else { return Ok(()) };
    device::Entity::update_many()
        .col_expr(device::Column::RevokedAt, Expr::value(Some(now.as_millis())))
        .filter(device::Column::OrganisationId.eq(device.organisation_id))
        .filter(device::Column::Id.eq(device.id))
        .exec(&tx)
        .await?;
    let line = audit::Line::of_device("token_copied", device.user_id, device.id);
    audit::note(&tx, device.organisation_id, now, line).await?;
    let account = user::Entity::find_by_id((device.organisation_id, device.user_id)).one(&tx).await?;
    if let Some(account) = account.filter(|account| !account.email.is_empty()) {
        let words = account.words();
        let letter = mail::Letter {
            to: UserId(account.id),
            address: &account.email,
            kind: "device_shut_out",
            subject: words.mail_device_subject(),
            body: &words.mail_device_body(&account.name, &device.name),
        };
        mail::write(&tx, OrganisationId(device.organisation_id), now, &letter).await?;
    }
    tx.commit().await?;
    tracing::warn!(device = %device.id, "a device token that was over was shown: the device is shut out");
    Ok(())
}

/// Signs off this device.
#[utoipa::path(post, path = "/api/sign-out", tag = "sign-in", security(("bearer" = [])),
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn sign_out(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    let now = state.clock.now();
    let db = &state.db.write;
    device::Entity::update_many()
        .col_expr(device::Column::RevokedAt, Expr::value(Some(now.as_millis())))
        .col_expr(device::Column::SignedOut, Expr::value(true))
        .filter(device::Column::OrganisationId.eq(actor.organisation.0))
        .filter(device::Column::Id.eq(actor.device.0))
        .filter(Expr::col(device::Column::RevokedAt).is_null())
        .exec(db)
        .await?;
    audit::note(
        db,
        actor.organisation.0,
        now,
        audit::Line::of_device("sign_out", actor.person.user.0, actor.device.0),
    )
    .await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(value) = cookie(state.config.is_secure(), "", 0) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_for_this_host_and_its_own_pages_alone_and_for_no_script() {
        let value = cookie(true, "t", 60).unwrap();
        let (pair, told) = value.to_str().unwrap().split_once("; ").unwrap();
        assert_eq!(pair, "__Host-noaber-device=t");
        // `__Host-` asks for exactly this: of the whole host, over TLS, and without a domain.
        let told: Vec<&str> = told.split("; ").collect();
        assert_eq!(told, ["Path=/", "Max-Age=60", "HttpOnly", "SameSite=Strict", "Secure"]);
        let on_loopback = cookie(false, "t", 60).unwrap();
        assert!(
            on_loopback
                .to_str()
                .unwrap()
                .starts_with("noaber-device=t; Path=/; Max-Age=60; HttpOnly; SameSite=Strict")
        );
    }
}
