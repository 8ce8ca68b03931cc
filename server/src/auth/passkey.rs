//! Passkeys (`WebAuthn`): a key in a device, opened by a finger, face or PIN. It is two factors at once, and says itself whose it
//! is: no address is asked, so that nobody learns who exists.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use sync_core::problem::ProblemKind;
use sync_core::text::TypedText;
use url::Url;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::address::ClientAddress;
use super::entity::{ceremony, passkey, user};
use super::proof::Proven;
use super::session::Entry;
use super::{Actor, fresh_id, session, tries};
use crate::app_state::AppState;
use crate::audit;
use crate::config::Config;
use crate::db::begin_write;
use crate::problem::{Problem, ProblemBody};

/// How long a question to a passkey waits for its answer.
const CEREMONY_MS: i64 = 5 * 60_000;
/// The most passkeys of a person.
const PASSKEYS_MAX: usize = 20;

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(own, add))
        .routes(routes!(begin))
        .routes(routes!(remove))
        .routes(routes!(ask))
        .routes(routes!(sign_in))
}

/// The house as passkeys know it: by the name in its public address. None where that is no name, since a passkey belongs to a
/// name; on loopback it is `localhost` at any port.
#[must_use]
pub fn house(config: &Config) -> Option<Webauthn> {
    let address = if config.is_secure() { config.public_address.as_str() } else { "http://localhost" };
    let origin = Url::parse(address).ok()?;
    let name = origin.domain()?.to_owned();
    let builder = WebauthnBuilder::new(&name, &origin).ok()?;
    builder.rp_name("Noaber").allow_any_port(!config.is_secure()).build().ok()
}

/// A passkey in the list of its person.
#[derive(Serialize, ToSchema)]
struct PasskeyRow {
    passkey: Uuid,
    name: String,
    created_at: i64,
    used_at: Option<i64>,
}

/// One's passkeys.
#[derive(Serialize, ToSchema)]
struct Passkeys {
    /// Whether this server can be opened with a passkey: its address must be a name.
    possible: bool,
    passkeys: Vec<PasskeyRow>,
}

/// A question to the browser.
#[derive(Serialize, ToSchema)]
struct Asked {
    ceremony: Uuid,
    /// For `navigator.credentials`, with bytes in base64url.
    #[schema(value_type = Object)]
    options: serde_json::Value,
}

/// A new passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPasskey {
    ceremony: Uuid,
    #[schema(example = "Laptop van het werk")]
    name: String,
    /// What `navigator.credentials.create` gave, with bytes in base64url.
    #[schema(value_type = Object)]
    credential: serde_json::Value,
}

/// What a passkey answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Shown {
    ceremony: Uuid,
    /// What `navigator.credentials.get` gave, with bytes in base64url.
    #[schema(value_type = Object)]
    credential: serde_json::Value,
}

/// Signs in with a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasskeySignIn {
    ceremony: Uuid,
    #[schema(value_type = Object)]
    credential: serde_json::Value,
    #[schema(example = "Computer van Marga")]
    device_name: String,
}

fn needed(state: &AppState) -> Result<&Webauthn, Problem> {
    let house = state.passkeys.as_deref();
    house.ok_or_else(|| Problem::new(ProblemKind::StateNotPossible).about("public_address is no name"))
}

fn wrong<E: std::fmt::Display>(error: E) -> Problem {
    // What was wrong with an answer is for the log of whoever sets the server up; nothing of a person is in it.
    tracing::info!(%error, "a passkey was not accepted");
    Problem::new(ProblemKind::PasskeyWrong)
}

async fn keep(
    state: &AppState,
    organisation: Uuid,
    kind: &str,
    asked: &impl Serialize,
) -> Result<Uuid, Problem> {
    let now = state.clock.now();
    let id = fresh_id(now)?;
    let db = &state.db.write;
    ceremony::Entity::delete_many().filter(ceremony::Column::ExpiresAt.lt(now.as_millis())).exec(db).await?;
    let row = ceremony::ActiveModel {
        organisation_id: Set(organisation),
        id: Set(id),
        kind: Set(kind.to_owned()),
        state: Set(serde_json::to_string(asked).map_err(Problem::failure)?),
        expires_at: Set(now.as_millis() + CEREMONY_MS),
    };
    ceremony::Entity::insert(row).exec_without_returning(db).await?;
    Ok(id)
}

/// What was asked. It is asked once: of two answers, one finds nothing.
async fn take<T: DeserializeOwned>(
    state: &AppState,
    organisation: Uuid,
    kind: &str,
    id: Uuid,
) -> Result<T, Problem> {
    let db = &state.db.write;
    let found = ceremony::Entity::find_by_id((organisation, id)).one(db).await?;
    let now = state.clock.now().as_millis();
    let found = found.filter(|found| found.kind == kind && now < found.expires_at);
    let found = found.ok_or_else(|| Problem::new(ProblemKind::PasskeyWrong))?;
    let taken = ceremony::Entity::delete_by_id((organisation, id)).exec(db).await?;
    if taken.rows_affected != 1 {
        return Err(Problem::new(ProblemKind::PasskeyWrong));
    }
    serde_json::from_str(&found.state).map_err(Problem::failure)
}

async fn of(state: &AppState, organisation: Uuid, user: Uuid) -> Result<Vec<passkey::Model>, Problem> {
    Ok(passkey::Entity::find()
        .filter(passkey::Column::OrganisationId.eq(organisation))
        .filter(passkey::Column::UserId.eq(user))
        .order_by_asc(passkey::Column::CreatedAt)
        .all(&state.db.write)
        .await?)
}

/// Whether this person has a passkey.
pub(super) async fn any(state: &AppState, organisation: Uuid, user: Uuid) -> Result<bool, Problem> {
    Ok(!of(state, organisation, user).await?.is_empty())
}

/// One's own passkeys.
#[utoipa::path(get, path = "/api/passkeys", tag = "sign-in", security(("bearer" = [])),
    responses((status = 200, body = Passkeys),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn own(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    let rows = of(&state, actor.organisation.0, actor.person.user.0).await?;
    let passkeys = rows.into_iter().map(|row| PasskeyRow {
        passkey: row.id,
        name: row.name,
        created_at: row.created_at,
        used_at: row.used_at,
    });
    Ok(Json(Passkeys { possible: state.passkeys.is_some(), passkeys: passkeys.collect() }).into_response())
}

/// Begins a passkey: what to ask the browser for.
#[utoipa::path(post, path = "/api/passkeys/begin", tag = "sign-in", security(("bearer" = [])),
    responses((status = 200, body = Asked),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn begin(State(state): State<AppState>, Proven(actor): Proven) -> Result<Response, Problem> {
    let house = needed(&state)?;
    let (organisation, user) = (actor.organisation.0, actor.person.user.0);
    let account = user::Entity::find_by_id((organisation, user)).one(&state.db.write).await?;
    let account = account.ok_or_else(|| Problem::new(ProblemKind::NotSignedIn))?;
    let rows = of(&state, organisation, user).await?;
    if rows.len() >= PASSKEYS_MAX {
        return Err(Problem::new(ProblemKind::NumberOutOfRange).about("passkeys"));
    }
    let known = rows.into_iter().map(|row| row.credential).collect();
    // What the browser shows beside the key: the name that colleagues say.
    let (options, asked) = house
        .start_passkey_registration(user, &account.name, &account.name, Some(known))
        .map_err(|error| Problem::failure(error.to_string()))?;
    let ceremony = keep(&state, organisation, "add", &asked).await?;
    let mut options = serde_json::to_value(options).map_err(Problem::failure)?;
    // It has to know whose it is: nobody types an address.
    let selection = &mut options["publicKey"]["authenticatorSelection"];
    selection["residentKey"] = "required".into();
    selection["requireResidentKey"] = true.into();
    Ok(Json(Asked { ceremony, options }).into_response())
}

/// Adds the passkey that the browser made.
#[utoipa::path(post, path = "/api/passkeys", tag = "sign-in", security(("bearer" = [])), request_body = NewPasskey,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn add(
    State(state): State<AppState>,
    Proven(actor): Proven,
    body: Result<Json<NewPasskey>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Json(new) = body?;
    let name = new.name.trim().to_owned();
    TypedText::short("name", &name).required().check()?;
    let credential: RegisterPublicKeyCredential = serde_json::from_value(new.credential)
        .map_err(|error| Problem::new(ProblemKind::MalformedRequest).about(format!("credential: {error}")))?;
    let organisation = actor.organisation.0;
    let asked: PasskeyRegistration = take(&state, organisation, "add", new.ceremony).await?;
    let made = needed(&state)?.finish_passkey_registration(&credential, &asked).map_err(wrong)?;
    let now = state.clock.now();
    let id = fresh_id(now)?;
    let row = passkey::ActiveModel {
        organisation_id: Set(organisation),
        user_id: Set(actor.person.user.0),
        id: Set(id),
        credential: Set(made.cred_id().clone()),
        name: Set(name),
        public_key: Set(serde_json::to_string(&made).map_err(Problem::failure)?),
        created_at: Set(now.as_millis()),
        used_at: Set(None),
    };
    let tx = begin_write(&state.db.write).await?;
    passkey::Entity::insert(row).exec_without_returning(&tx).await?;
    super::end_browsers(&tx, actor.organisation, actor.person.user.0, Some(actor.device), now).await?;
    let line = audit::Line::of_device("passkey_added", actor.person.user.0, actor.device.0);
    audit::note(&tx, organisation, now, line).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes one of one's own passkeys away; every token of the person ends.
#[utoipa::path(post, path = "/api/passkeys/{passkey}/remove", tag = "sign-in", security(("bearer" = [])),
    params(("passkey" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn remove(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let key = (actor.organisation.0, actor.person.user.0, id);
    let tx = begin_write(&state.db.write).await?;
    if passkey::Entity::delete_by_id(key).exec(&tx).await?.rows_affected == 0 {
        return Err(Problem::new(ProblemKind::NotFound));
    }
    let now = state.clock.now();
    super::end_browsers(&tx, actor.organisation, actor.person.user.0, Some(actor.device), now).await?;
    let line = audit::Line::of_device("passkey_removed", actor.person.user.0, actor.device.0);
    audit::note(&tx, actor.organisation.0, now, line).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What to ask the browser for at a sign-in, or to show anew who one is.
#[utoipa::path(post, path = "/api/sign-in/passkey/begin", tag = "sign-in",
    responses((status = 200, body = Asked),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn ask(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    session::own_origin(&state, &headers)?;
    tries::begin(&state.db.write, &[&asks(address)], state.clock.now()).await?;
    let started = needed(&state)?.start_discoverable_authentication();
    let (mut options, asked) = started.map_err(|error| Problem::failure(error.to_string()))?;
    // It is asked for by a button, not by the field for the address.
    options.mediation = None;
    let ceremony = keep(&state, Uuid::nil(), "use", &asked).await?;
    let options = serde_json::to_value(options).map_err(Problem::failure)?;
    Ok(Json(Asked { ceremony, options }).into_response())
}

/// Counts who asks for a ceremony and does not end it.
pub(super) fn asks(address: IpAddr) -> tries::Key {
    tries::shared_key("passkey-asked", &address.to_string())
}

/// Whose passkey answered.
pub(super) async fn shown(state: &AppState, shown: Shown) -> Result<user::Model, Problem> {
    let house = needed(state)?;
    let answer: PublicKeyCredential = serde_json::from_value(shown.credential)
        .map_err(|error| Problem::new(ProblemKind::MalformedRequest).about(format!("credential: {error}")))?;
    let asked: DiscoverableAuthentication = take(state, Uuid::nil(), "use", shown.ceremony).await?;
    let (owner, credential) = house.identify_discoverable_authentication(&answer).map_err(wrong)?;
    let db = &state.db.write;
    let found = passkey::Entity::find().filter(passkey::Column::Credential.eq(credential)).one(db).await?;
    let found = found.filter(|found| found.user_id == owner);
    let found = found.ok_or_else(|| Problem::new(ProblemKind::PasskeyWrong))?;
    let mut key: Passkey = serde_json::from_str(&found.public_key).map_err(Problem::failure)?;
    let result = house.finish_discoverable_authentication_v2(&answer, asked, &key).map_err(wrong)?;
    key.update_credential(&result);
    passkey::Entity::update_many()
        .col_expr(
            passkey::Column::PublicKey,
            Expr::value(serde_json::to_string(&key).map_err(Problem::failure)?),
        )
        .col_expr(passkey::Column::UsedAt, Expr::value(Some(state.clock.now().as_millis())))
        .filter(passkey::Column::OrganisationId.eq(found.organisation_id))
        .filter(passkey::Column::UserId.eq(found.user_id))
        .filter(passkey::Column::Id.eq(found.id))
        .exec(db)
        .await?;
    user::Entity::find_by_id((found.organisation_id, found.user_id))
        .one(db)
        .await?
        .ok_or_else(|| Problem::new(ProblemKind::PasskeyWrong))
}

/// Signs in on this device with a passkey: two factors at once, so that no code is asked.
#[utoipa::path(post, path = "/api/sign-in/passkey", tag = "sign-in", request_body = PasskeySignIn,
    responses((status = 200, description = "the answer of a sign-in"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn sign_in(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: Result<Json<PasskeySignIn>, JsonRejection>,
) -> Result<Response, Problem> {
    session::own_origin(&state, &headers)?;
    let Json(PasskeySignIn { ceremony, credential, device_name }) = body?;
    if device_name.chars().count() > 80 {
        return Err(Problem::new(ProblemKind::TextTooLong).about("device_name"));
    }
    let now = state.clock.now();
    let db = &state.db.write;
    // Loosely: a passkey cannot be guessed, and whoever shares this address must not be kept out.
    let key = tries::shared_key("passkey", &address.to_string());
    tries::begin(db, &[&key], now).await?;
    match shown(&state, Shown { ceremony, credential }).await {
        Ok(account) => {
            tries::give_back(db, &key).await?;
            tries::give_back(db, &asks(address)).await?;
            let program = session::is_program(&headers);
            session::let_in(&state, &account, device_name, Entry::Vouched, program).await
        }
        Err(problem) => Err(problem),
    }
}
