//! Devices: a list with the last contact, and shutting one out. A device that was shut out drops its documents at its next
//! contact; what it had not sent can be handed in from a file.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::{Expr, IntoCondition};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use sync_core::ids::{DeviceId, OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{commit, line, looked_after, outranks};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::auth::entity::{device, user};
use crate::db::begin_write;
use crate::problem::{Problem, ProblemBody};

/// Devices on one page of all of them.
const PAGE: u64 = 100;

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

impl DeviceRow {
    fn new(row: device::Model, actor: &Actor) -> Self {
        Self {
            device: DeviceId(row.id),
            name: row.name,
            this: row.id == actor.device.0,
            created_at: row.created_at,
            last_contact_at: row.last_contact_at,
            revoked_at: row.revoked_at,
        }
    }
}

async fn devices(state: &AppState, actor: &Actor, user: Uuid) -> Result<Response, Problem> {
    let rows = device::Entity::find()
        .filter(device::Column::OrganisationId.eq(actor.organisation.0))
        .filter(device::Column::UserId.eq(user))
        .order_by_desc(device::Column::LastContactAt)
        .all(&state.db.read)
        .await?;
    let all: Vec<DeviceRow> = rows.into_iter().map(|row| DeviceRow::new(row, actor)).collect();
    Ok(Json(all).into_response())
}

/// From where on to list devices: both of the last one on the page before.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct DevicesAfter {
    /// Its last contact, milliseconds UTC.
    contact: Option<i64>,
    /// Its id.
    device: Option<Uuid>,
}

/// A device, and whose it is.
#[derive(Serialize, ToSchema)]
pub(super) struct HeldDevice {
    #[serde(flatten)]
    row: DeviceRow,
    user: UserId,
    /// What colleagues call this person.
    person: String,
}

/// Every device of the organisation, the one that was heard of last first; a hundred a page.
#[utoipa::path(get, path = "/api/devices/all", tag = "people", security(("bearer" = [])), params(DevicesAfter),
    responses((status = 200, body = Vec<HeldDevice>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn all(
    State(state): State<AppState>,
    actor: Actor,
    after: Result<Query<DevicesAfter>, QueryRejection>,
) -> Result<Response, Problem> {
    actor.need_house(&state.db.read).await?;
    let Query(after) = after?;
    let mut found = device::Entity::find()
        .filter(device::Column::OrganisationId.eq(actor.organisation.0))
        .order_by_desc(device::Column::LastContactAt)
        .order_by_desc(device::Column::Id)
        .limit(PAGE);
    if let (Some(contact), Some(id)) = (after.contact, after.device) {
        let same =
            Condition::all().add(device::Column::LastContactAt.eq(contact)).add(device::Column::Id.lt(id));
        found = found.filter(Condition::any().add(device::Column::LastContactAt.lt(contact)).add(same));
    }
    let rows = found.all(&state.db.read).await?;
    let people: BTreeMap<Uuid, String> = user::Entity::find()
        .filter(user::Column::OrganisationId.eq(actor.organisation.0))
        .filter(user::Column::Id.is_in(rows.iter().map(|row| row.user_id)))
        .all(&state.db.read)
        .await?
        .into_iter()
        .map(|account| (account.id, account.name))
        .collect();
    let all: Vec<HeldDevice> = rows
        .into_iter()
        .map(|row| HeldDevice {
            user: UserId(row.user_id),
            person: people.get(&row.user_id).cloned().unwrap_or_default(),
            row: DeviceRow::new(row, &actor),
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
    shut_out(&tx, actor.organisation, device::Column::Id.eq(id), now).await?;
    audit::note(&tx, actor.organisation.0, now, line("revoke_device", &actor, id)).await?;
    // The phone hears of it at once when it is listening.
    commit(&state, tx, actor.organisation).await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// Shuts out those devices of a library that are not shut out yet.
pub(super) async fn shut_out(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    which: impl IntoCondition,
    now: Timestamp,
) -> Result<(), Problem> {
    device::Entity::update_many()
        .col_expr(device::Column::RevokedAt, Expr::value(Some(now.as_millis())))
        .filter(device::Column::OrganisationId.eq(organisation.0))
        .filter(which)
        .filter(device::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
