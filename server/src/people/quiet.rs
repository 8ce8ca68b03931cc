//! Devices that were not heard of for a while, and what that may hide: visits of past rounds that nobody told of.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::Serialize;
use sync_core::ids::{DeviceId, OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::time::{DAY_MS, LocalDate, days_after};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{gives_in, looks_after};
use crate::app_state::AppState;
use crate::auth::Actor;
use crate::auth::entity::{device, membership, user};
use crate::deliveries::entity::round;
use crate::problem::{Problem, ProblemBody};
use crate::settings::Settings;
use crate::sync::entity::grant;

/// The most devices in one answer.
const DEVICES_MAX: u64 = 500;
/// Visits of rounds of so many days back are missed; older ones nobody will tell of any more.
const MISSED_DAYS: i64 = 60;

/// A device that was not heard of for a while.
#[derive(Serialize, ToSchema)]
pub(super) struct QuietDevice {
    device: DeviceId,
    device_name: String,
    user: UserId,
    name: String,
    last_contact_at: i64,
    /// Visits of this person's past rounds that nobody told of: they may lie on the device.
    missing: i32,
}

/// Devices of people one looks after that were not heard of for as many days as the library decided, longest first. A person who
/// was heard of on another device since is not told of.
#[utoipa::path(get, path = "/api/devices/quiet", tag = "people", security(("bearer" = [])),
    responses((status = 200, body = Vec<QuietDevice>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn quiet(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    if gives_in(&actor).is_empty() {
        return Err(Problem::new(ProblemKind::NotAllowed));
    }
    let db = &state.db.read;
    let now = state.clock.now();
    let organisation = actor.organisation;
    let settings = Settings::of(db, &state.config, organisation).await?;
    let since = now.as_millis() - i64::from(settings.quiet_days) * DAY_MS;
    let holders = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation.0))
        .filter(looks_after(&actor))
        .all(db)
        .await?;
    let today = now.local_date();
    let lasts = |row: &membership::Model| {
        row.until_on.as_deref().and_then(|text| text.parse::<LocalDate>().ok()).is_none_or(|on| today <= on)
    };
    let people: Vec<Uuid> = holders.iter().filter(|row| lasts(row)).map(|row| row.user_id).collect();
    let rows = device::Entity::find()
        .filter(device::Column::OrganisationId.eq(organisation.0))
        .filter(device::Column::RevokedAt.is_null())
        .filter(device::Column::UserId.is_in(people.clone()))
        .order_by_asc(device::Column::LastContactAt)
        .all(db)
        .await?;
    let mut newest: BTreeMap<Uuid, i64> = BTreeMap::new();
    for row in &rows {
        let last = newest.entry(row.user_id).or_default();
        *last = (*last).max(row.last_contact_at);
    }
    let names: BTreeMap<Uuid, String> = user::Entity::find()
        .filter(user::Column::OrganisationId.eq(organisation.0))
        .filter(user::Column::Id.is_in(people))
        .all(db)
        .await?
        .into_iter()
        .map(|account| (account.id, account.name))
        .collect();
    let mut all = Vec::new();
    for row in rows {
        // The newest device of a person stands for all of them.
        let last = newest.get(&row.user_id).copied().unwrap_or_default();
        if last >= since || row.last_contact_at < last {
            continue;
        }
        all.push(QuietDevice {
            device: DeviceId(row.id),
            device_name: row.name,
            user: UserId(row.user_id),
            name: names.get(&row.user_id).cloned().unwrap_or_default(),
            last_contact_at: row.last_contact_at,
            missing: missing(db, organisation, UserId(row.user_id), today).await?,
        });
    }
    Ok(Json(all).into_response())
}

/// Addresses without a log on past rounds of this person. Who was on a round follows from who could read it.
async fn missing(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: UserId,
    today: LocalDate,
) -> Result<i32, DbErr> {
    let rounds: Vec<Uuid> = grant::Entity::find()
        .select_only()
        .column(grant::Column::DocumentId)
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(grant::Column::Audience.starts_with("worker:"))
        .filter(grant::Column::Audience.ends_with(format!(":{user}")))
        .into_tuple()
        .all(db)
        .await?;
    let open = round::Entity::find()
        .filter(round::Column::OrganisationId.eq(organisation.0))
        .filter(round::Column::Id.is_in(rounds))
        .filter(round::Column::State.ne("cancelled"))
        .filter(round::Column::PlannedOn.lt(today))
        .filter(round::Column::PlannedOn.gte(days_after(today, -MISSED_DAYS)))
        .limit(DEVICES_MAX)
        .all(db)
        .await?;
    Ok(open.iter().map(|round| (round.stops - round.done).max(0)).sum())
}
