//! What a device could hold: for the day on which it is lost. Nobody can see what lies on a phone that is gone; this is what its person
//! could fetch at its last contact, and rather too much than too little.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use serde::Serialize;
use sync_core::access::{Audience, Role};
use sync_core::ids::{BranchId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::summary::Summary;
use sync_core::sync::packed::Packed;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{line, looked_after};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::auth::entity::{device, membership};
use crate::problem::{Problem, ProblemBody};
use crate::sync::entity::{document, grant};
use crate::sync::feed;

/// The most documents that are looked at.
const DOCUMENTS_MAX: u64 = 5_000;

/// What a device could hold.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct Held {
    /// Readers with name and address, as far as whoever asks may know their names.
    readers: Vec<String>,
    /// Readers beyond those.
    more_readers: usize,
    rounds: usize,
    signals: usize,
}

/// What a device could hold at its last contact: one's own, or that of somebody whose work one looks after.
#[utoipa::path(get, path = "/api/devices/{device}/held", tag = "people", security(("bearer" = [])),
    params(("device" = Uuid, Path)),
    responses((status = 200, body = Held),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn held(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let db = &state.db.read;
    let organisation = actor.organisation;
    let found = device::Entity::find_by_id((organisation.0, id)).one(db).await?;
    let found = found.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    if found.user_id != actor.person.user.0 {
        // Who may not know of the person learns nothing of the device either.
        looked_after(db, &actor, found.user_id).await.map_err(|_| Problem::new(ProblemKind::NotFound))?;
    }
    // With every role the person ever had: one that ended since the last contact counts too.
    let roles = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation.0))
        .filter(membership::Column::UserId.eq(found.user_id))
        .all(db)
        .await?;
    let mut audiences = vec![Audience::User(UserId(found.user_id)).to_string()];
    for row in roles {
        audiences.push(Audience::Branch(BranchId(row.branch_id)).to_string());
        if let Some(role) = Role::parse(&row.role) {
            audiences.push(Audience::Team(BranchId(row.branch_id), role).to_string());
        }
    }
    let at = found.last_contact_at;
    let from = Condition::any().add(grant::Column::StartsAt.is_null()).add(grant::Column::StartsAt.lte(at));
    let until = Condition::any().add(grant::Column::EndsAt.is_null()).add(grant::Column::EndsAt.gt(at));
    let ids: Vec<Uuid> = grant::Entity::find()
        .select_only()
        .column(grant::Column::DocumentId)
        .distinct()
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(grant::Column::Audience.is_in(audiences))
        .filter(grant::Column::GrantedFeed.is_not_null())
        .filter(from)
        .filter(until)
        .limit(DOCUMENTS_MAX)
        .into_tuple()
        .all(db)
        .await?;
    let documents = document::Entity::find()
        .filter(document::Column::OrganisationId.eq(organisation.0))
        .filter(document::Column::Id.is_in(ids))
        .filter(document::Column::Kind.is_in(["reader", "round", "signal"]))
        .all(db)
        .await?;
    let wanted: Vec<Uuid> = documents.iter().filter(|row| row.kind == "reader").map(|row| row.id).collect();
    let may = feed::held(db, organisation, &actor.person, &wanted).await?;
    let mut all = Held::default();
    for row in documents {
        match row.kind.as_str() {
            "round" => all.rounds += 1,
            "signal" => all.signals += 1,
            _ => match Summary::unpack(&row.kind, &Packed::Cbor(row.summary)) {
                Some(Summary::Reader(reader)) if may.contains_key(&row.id) => {
                    all.readers.push(format!("{}, {} {}", reader.name, reader.address, reader.place));
                }
                _ => all.more_readers += 1,
            },
        }
    }
    all.readers.sort();
    audit::note(&state.db.write, organisation.0, state.clock.now(), line("look_held", &actor, id)).await?;
    Ok(Json(all).into_response())
}
