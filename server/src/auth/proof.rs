//! A fresh proof of who somebody is: asked before exports with names, rights, factors and keys (security promise 3). A phone that
//! lies open on a table is not enough for those.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use sync_core::problem::ProblemKind;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::ClientAddress;
use super::entity::{device, user};
use super::passkey::{self, Shown};
use super::{Actor, second_factor, token, tries};
use crate::app_state::AppState;
use crate::problem::{Problem, ProblemBody};

/// How long a proof is fresh.
const FRESH_MS: i64 = 5 * 60_000;

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(ways, prove))
}

/// Who is asking, and showed who he is not longer than five minutes ago. A sign-in is such a proof.
pub(crate) struct Proven(pub(crate) Actor);

impl FromRequestParts<AppState> for Proven {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let actor = Actor::from_request_parts(parts, state).await?;
        fresh(state, &actor).await?;
        Ok(Self(actor))
    }
}

/// Refuses unless this person showed on this device, not longer than five minutes ago, who he is.
pub(crate) async fn fresh(state: &AppState, actor: &Actor) -> Result<(), Problem> {
    let key = (actor.organisation.0, actor.device.0);
    let device = device::Entity::find_by_id(key).one(&state.db.read).await?;
    if device.is_some_and(|device| is_fresh(state, &device)) {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::ProofNeeded))
}

fn is_fresh(state: &AppState, device: &device::Model) -> bool {
    let now = state.clock.now().as_millis();
    device.proven_at.is_some_and(|proven_at| now - proven_at <= FRESH_MS)
}

/// What an opened app shows beside an act that erases: what only lies behind its PIN.
const DEVICE_SECRET: &str = "noaber-device-secret";

/// Whether this person may erase now: showed not longer than five minutes ago who he is, or asks from an app that was opened with its PIN,
/// which asked for it once more before the act, perhaps without a network.
pub(crate) async fn may_erase(state: &AppState, actor: &Actor, headers: &HeaderMap) -> Result<bool, Problem> {
    let key = (actor.organisation.0, actor.device.0);
    let Some(device) = device::Entity::find_by_id(key).one(&state.db.read).await? else { return Ok(false) };
    let shown = headers.get(DEVICE_SECRET).and_then(|value| value.to_str().ok()).map(token::refresh_hash);
    let opened = device.secret_hash.is_some() && device.secret_hash == shown;
    Ok(opened || is_fresh(state, &device))
}

/// How somebody shows who he is.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "with", rename_all = "snake_case", deny_unknown_fields)]
enum Proof {
    /// With the password, and the code of the second factor of who has one.
    Password {
        password: String,
        #[serde(default)]
        code: String,
    },
    /// With a passkey, asked for at `/api/sign-in/passkey/begin`.
    Passkey(Shown),
    /// With what only an opened device knows: for who has neither password nor passkey. The app asks for the PIN first.
    Pin { device_secret: String },
}

/// The ways in which this person can show who he is.
#[derive(Serialize, ToSchema)]
struct Ways {
    #[schema(example = json!(["password", "passkey"]))]
    ways: Vec<&'static str>,
}

async fn ways_of(state: &AppState, account: &user::Model) -> Result<Vec<&'static str>, Problem> {
    let mut ways = Vec::new();
    if passkey::any(state, account.organisation_id, account.id).await? {
        ways.push("passkey");
    }
    if !account.password_hash.is_empty() {
        ways.push("password");
    }
    if ways.is_empty() {
        ways.push("pin");
    }
    Ok(ways)
}

/// The ways in which one can show who one is.
#[utoipa::path(get, path = "/api/prove", tag = "sign-in", security(("bearer" = [])),
    responses((status = 200, body = Ways),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn ways(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    let account = second_factor::own(&state, &actor).await?;
    Ok(Json(Ways { ways: ways_of(&state, &account).await? }).into_response())
}

/// Shows who one is; it counts for five minutes on this device.
#[utoipa::path(post, path = "/api/prove", tag = "sign-in", security(("bearer" = [])), request_body = Proof,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn prove(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    actor: Actor,
    body: Result<Json<Proof>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Json(proof) = body?;
    let now = state.clock.now();
    let db = &state.db.write;
    let account = second_factor::own(&state, &actor).await?;
    let key = tries::key("prove", &format!("{} {address}", account.id));
    tries::begin(db, &[&key], now).await?;
    let right = match proof {
        Proof::Password { password, code } => {
            let stored = Some(account.password_hash.clone()).filter(|hash| !hash.is_empty());
            let right = state.passwords.check(password, stored).await?;
            if right {
                second_factor::ask(&state, &account, &code).await?;
            }
            right
        }
        Proof::Passkey(answer) => match passkey::shown(&state, answer).await {
            Ok(owner) => {
                tries::give_back(db, &passkey::asks(address)).await?;
                owner.id == account.id && owner.organisation_id == account.organisation_id
            }
            Err(problem) if problem.kind() == ProblemKind::PasskeyWrong => false,
            Err(problem) => return Err(problem),
        },
        Proof::Pin { device_secret } => {
            let found = device::Entity::find_by_id((account.organisation_id, actor.device.0)).one(db).await?;
            let hash = found.and_then(|device| device.secret_hash);
            ways_of(&state, &account).await?.contains(&"pin")
                && hash.is_some_and(|hash| hash == token::refresh_hash(&device_secret))
        }
    };
    if !right {
        // Not 401: the app would take its token for stale, and ask again with a fresh one.
        return Err(Problem::new(ProblemKind::SecondFactorWrong).about("proof"));
    }
    tries::succeeded(db, &key).await?;
    device::Entity::update_many()
        .col_expr(device::Column::ProvenAt, Expr::value(Some(now.as_millis())))
        .filter(device::Column::OrganisationId.eq(account.organisation_id))
        .filter(device::Column::Id.eq(actor.device.0))
        .exec(db)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
