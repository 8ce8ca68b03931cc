//! What a device holds: for the day on which it is lost. Nobody can see what lies on a phone that is gone; this is what was sent there
//! and not called back since. What an older app dropped by itself counts still: rather too much than too little.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use serde::Serialize;
use sync_core::problem::ProblemKind;
use sync_core::summary::Summary;
use sync_core::sync::packed::Packed;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{line, looked_after};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::entity::device;
use crate::auth::proof::Proven;
use crate::problem::{Problem, ProblemBody};
use crate::sync::entity::{document, receipt};
use crate::sync::feed;

/// The most documents that are looked at.
const DOCUMENTS_MAX: u64 = 5_000;

/// What a device holds.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct Held {
    /// Readers with name and address, as far as whoever asks may know their names.
    readers: Vec<String>,
    /// Readers beyond those.
    more_readers: usize,
    rounds: usize,
    signals: usize,
    /// Learners with name and telephone, as far as whoever asks may know their names.
    learners: Vec<String>,
    /// Learners beyond those.
    more_learners: usize,
}

/// What a device holds, as far as the server told it: one's own, or that of somebody whose work one looks after.
#[utoipa::path(get, path = "/api/devices/{device}/held", tag = "people", security(("bearer" = [])),
    params(("device" = Uuid, Path)),
    responses((status = 200, body = Held),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn held(
    State(state): State<AppState>,
    Proven(actor): Proven,
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
    let ids: Vec<Uuid> = receipt::Entity::find()
        .select_only()
        .column(receipt::Column::DocumentId)
        .filter(receipt::Column::OrganisationId.eq(organisation.0))
        .filter(receipt::Column::DeviceId.eq(id))
        .filter(receipt::Column::DroppedAt.is_null())
        .limit(DOCUMENTS_MAX)
        .into_tuple()
        .all(db)
        .await?;
    let documents = document::Entity::find()
        .filter(document::Column::OrganisationId.eq(organisation.0))
        .filter(document::Column::Id.is_in(ids))
        .filter(document::Column::Kind.is_in(["reader", "round", "signal", "learner"]))
        .all(db)
        .await?;
    let people = documents.iter().filter(|row| ["reader", "learner"].contains(&row.kind.as_str()));
    let wanted: Vec<Uuid> = people.map(|row| row.id).collect();
    let may = feed::held(db, organisation, &actor.person, &wanted).await?;
    let mut all = Held::default();
    for row in documents {
        match row.kind.as_str() {
            "round" => all.rounds += 1,
            "signal" => all.signals += 1,
            "learner" => match Summary::unpack(&row.kind, &Packed::Cbor(row.summary)) {
                Some(Summary::Learner(learner)) if may.contains_key(&row.id) => {
                    let answers = learner.answers;
                    all.learners.push(format!("{}, {}", answers.get("call_name"), answers.get("phone")));
                }
                _ => all.more_learners += 1,
            },
            _ => match Summary::unpack(&row.kind, &Packed::Cbor(row.summary)) {
                Some(Summary::Reader(reader)) if may.contains_key(&row.id) => {
                    all.readers.push(format!("{}, {} {}", reader.name, reader.address, reader.place));
                }
                _ => all.more_readers += 1,
            },
        }
    }
    all.readers.sort();
    all.learners.sort();
    audit::note(&state.db.write, organisation.0, state.clock.now(), line("look_held", &actor, id)).await?;
    Ok(Json(all).into_response())
}
