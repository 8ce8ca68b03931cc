//! Devices: a list with the last contact, and shutting one out. A device that was shut out drops its documents at its next
//! contact; what it had not sent can be handed in from a file.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;
use sync_core::ids::{DeviceId, OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{commit, line, looked_after, outranks};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::auth::entity::device;
use crate::db::begin_write;
use crate::problem::{Problem, ProblemBody};

/// A device.
#[derive(Serialize, ToSchema)]
pub(super) struct DeviceRow {
    device: DeviceId,
    name: String,
    /// Whether it is the one that asks.
    this: bool,
    created_at: i64,
    last_contact_at: i64,
    revoked_at: Option<i64>,
}

async fn devices(state: &AppState, actor: &Actor, user: Uuid) -> Result<Response, Problem> {
    let rows = device::Entity::find()
        .filter(device::Column::OrganisationId.eq(actor.organisation.0))
        .filter(device::Column::UserId.eq(user))
        .order_by_desc(device::Column::LastContactAt)
        .all(&state.db.read)
        .await?;
    let all: Vec<DeviceRow> = rows
        .into_iter()
        .map(|row| DeviceRow {
            device: DeviceId(row.id),
            name: row.name,
            this: row.id == actor.device.0,
            created_at: row.created_at,
            last_contact_at: row.last_contact_at,
            revoked_at: row.revoked_at,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// One's own devices.
#[utoipa::path(get, path = "/api/devices", tag = "people", security(("bearer" = [])),
    responses((status = 200, body = Vec<DeviceRow>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn own(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    devices(&state, &actor, actor.person.user.0).await
}

/// The devices of somebody whose work one looks after.
#[utoipa::path(get, path = "/api/people/{user}/devices", tag = "people", security(("bearer" = [])),
    params(("user" = Uuid, Path)),
    responses((status = 200, body = Vec<DeviceRow>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn of_person(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    looked_after(&state.db.read, &actor, id).await?;
    devices(&state, &actor, id).await
}

/// Shuts a device out: one's own, or that of somebody whose work one looks after.
#[utoipa::path(post, path = "/api/devices/{device}/revoke", tag = "people", security(("bearer" = [])),
    params(("device" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn revoke(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let tx = begin_write(&state.db.write).await?;
    let found = device::Entity::find_by_id((actor.organisation.0, id)).one(&tx).await?;
    let found = found.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    if found.user_id != actor.person.user.0 {
        // Who may not know of the person learns nothing of the device either.
        looked_after(&tx, &actor, found.user_id).await.map_err(|_| Problem::new(ProblemKind::NotFound))?;
        outranks(&tx, &state, &actor, UserId(found.user_id)).await?;
    }
    device::Entity::update_many()
        .col_expr(device::Column::RevokedAt, Expr::value(Some(now.as_millis())))
        .filter(device::Column::OrganisationId.eq(actor.organisation.0))
        .filter(device::Column::Id.eq(id))
        .filter(device::Column::RevokedAt.is_null())
        .exec(&tx)
        .await?;
    audit::note(&tx, actor.organisation.0, now, line("revoke_device", &actor, id)).await?;
    // The phone hears of it at once when it is listening.
    commit(&state, tx, actor.organisation).await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// Shuts out every device of a person.
pub(super) async fn shut_out_all(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: Uuid,
    now: Timestamp,
) -> Result<(), Problem> {
    device::Entity::update_many()
        .col_expr(device::Column::RevokedAt, Expr::value(Some(now.as_millis())))
        .filter(device::Column::OrganisationId.eq(organisation.0))
        .filter(device::Column::UserId.eq(user))
        .filter(device::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
