//! The outbox of a phone that cannot send, handed in as a file: a coordinator looks what is in it, and then hands it in. Each act is asked
//! of the rights that the person whose act it is has now or had on the day of it, and of those of the coordinator: who stopped yesterday
//! loses nothing of what was done before.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use sea_orm::EntityTrait as _;
use serde::Serialize;
use sync_core::access::{Person, Role};
use sync_core::ids::{BranchId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::replica::CommandState;
use sync_core::replica::outbox_file::{NotAnOutbox, OutboxFile};
use sync_core::sync::message::{COMMANDS_MAX, Envelope, Verdict};
use sync_core::sync::sealed::SealedOutbox;
use utoipa::ToSchema;

use super::apply::Batch;
use crate::app_state::AppState;
use crate::audit;
use crate::auth::entity::{device, user};
use crate::auth::{self, Actor, proof};
use crate::problem::{Problem, ProblemBody};

/// An act in the file of a phone.
#[derive(Serialize, ToSchema)]
struct Waits {
    /// Which command.
    #[schema(example = "log_delivery")]
    kind: String,
    /// When, by the clock of that phone, milliseconds UTC.
    at: i64,
}

/// What is in the file of a phone.
#[derive(Serialize, ToSchema)]
pub(super) struct InFile {
    /// What colleagues call the person whose acts they are.
    person: String,
    /// Since when that device is shut out, milliseconds UTC: an act of later was not done by the person who had it, or not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    shut_out_at: Option<i64>,
    /// The acts, in their order.
    acts: Vec<Waits>,
}

/// What became of a file.
#[derive(Serialize, ToSchema)]
pub(super) struct HandedIn {
    accepted: usize,
    refused: usize,
}

/// A file with whose it is, checked against what the library knows.
struct Checked {
    file: OutboxFile,
    /// The branches of the coordinator who hands it in.
    branches: Vec<BranchId>,
    name: String,
    device: Option<device::Model>,
}

/// Who hands in the work of a phone that cannot send.
const COORDINATORS: [Role; 3] =
    [Role::DeliveryCoordinator, Role::TaalhuisCoordinator, Role::VolunteerCoordinator];

/// Only what lies within the branches of the coordinator who hands it in, and no right that is above hers: a file that nobody sealed may
/// say that its acts are anybody's.
fn within(mut person: Person, branches: &[BranchId], actor: &Actor) -> Person {
    person.memberships.retain(|own| {
        branches.contains(&own.branch)
            && (own.role.is_of_volunteers() || actor.person.has(own.branch, &[own.role]))
    });
    person
}

/// What is in a file: readable, from before there was a lock, or sealed to the organisation.
async fn outbox_of(state: &AppState, actor: &Actor, bytes: &[u8]) -> Result<OutboxFile, Problem> {
    let malformed = |error: NotAnOutbox| Problem::new(ProblemKind::MalformedRequest).about(error.to_string());
    let Some(sealed) = SealedOutbox::from_bytes(bytes).map_err(malformed)? else {
        return OutboxFile::from_bytes(bytes).map_err(malformed);
    };
    let device = device::Entity::find_by_id((actor.organisation.0, sealed.device.0))
        .one(&state.db.read)
        .await?
        .ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    let user = UserId(device.user_id);
    let commands = auth::vault::open_outbox(state, actor.organisation, &sealed)
        .await?
        .into_iter()
        .filter(|command| command.by == user && command.state == CommandState::Pending)
        .map(|command| command.envelope)
        .collect();
    Ok(OutboxFile { user, device: Some(sealed.device), exported_at: state.clock.now(), commands })
}

async fn checked(state: &AppState, actor: &Actor, bytes: &[u8]) -> Result<Checked, Problem> {
    let branches: Vec<BranchId> = COORDINATORS.iter().flat_map(|role| actor.branches_as(*role)).collect();
    if branches.is_empty() {
        return Err(Problem::new(ProblemKind::NotAllowed));
    }
    let file = outbox_of(state, actor, bytes).await?;
    if file.commands.len() > COMMANDS_MAX {
        return Err(Problem::new(ProblemKind::TooManyCommands).about(format!("at most {COMMANDS_MAX}")));
    }
    let not_there = || Problem::new(ProblemKind::NotFound);
    let (db, own) = (&state.db.read, actor.organisation);
    // Whoever worked here once, also who stopped: the acts of then are still to be judged.
    let person = within(auth::person_ever(db, own, file.user).await?, &branches, actor);
    if person.memberships.is_empty() {
        return Err(not_there());
    }
    let account = user::Entity::find_by_id((own.0, file.user.0)).one(db).await?.ok_or_else(not_there)?;
    // A file is not believed when it says that acts of one were done on the device of another.
    let device = match file.device {
        Some(id) => {
            let found = device::Entity::find_by_id((own.0, id.0)).one(db).await?;
            Some(found.filter(|found| found.user_id == file.user.0).ok_or_else(not_there)?)
        }
        None => None,
    };
    Ok(Checked { file, branches, name: account.name, device })
}

/// Looks into the file of a phone: whose acts they are, which, and of when. Nothing is handed in.
#[utoipa::path(post, path = "/api/sync/hand-in/look", tag = "sync", security(("bearer" = [])),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = InFile),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn look(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<InFile>, Problem> {
    let checked = checked(&state, &actor, &body?).await?;
    let acts = checked.file.commands.into_iter();
    Ok(Json(InFile {
        person: checked.name,
        shut_out_at: checked.device.and_then(|device| device.revoked_at),
        acts: acts.map(|envelope| Waits { kind: envelope.kind, at: envelope.at.as_millis() }).collect(),
    }))
}

/// Hands in the file of a phone. A coordinator does this for a volunteer whose phone cannot send.
#[utoipa::path(post, path = "/api/sync/hand-in", tag = "sync", security(("bearer" = [])),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = HandedIn),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn hand_in(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<HandedIn>, Problem> {
    let Checked { file, branches, device, .. } = checked(&state, &actor, &body?).await?;
    if file.commands.iter().any(Envelope::erases) {
        proof::fresh(&state, &actor).await?;
    }
    let now = state.clock.now();
    let line = audit::Line {
        document: Some(file.user.0),
        ..audit::Line::of_device("hand_in", actor.person.user.0, actor.device.0)
    };
    audit::note(&state.db.write, actor.organisation.0, now, line).await?;
    let device = device.map_or(actor.device, |device| sync_core::ids::DeviceId(device.id));
    let mut handed_in = HandedIn { accepted: 0, refused: 0 };
    // The acts of one day after another, in their order: on each day other roles may have held.
    for commands in file.commands.chunk_by(|one, next| one.at.local_date() == next.at.local_date()) {
        let Some(first) = commands.first() else { continue };
        let days = [now.local_date(), first.at.local_date()];
        let person = auth::person_on(&state.db.read, actor.organisation, file.user, days).await?;
        let batch = Batch {
            organisation: actor.organisation,
            person: within(person, &branches, &actor),
            device,
            commands: commands.to_vec(),
            received_at: now,
        };
        for result in state.writer.apply(batch).await?.results {
            if matches!(result.verdict, Verdict::Refused { .. }) {
                handed_in.refused += 1;
            } else {
                handed_in.accepted += 1;
            }
        }
    }
    Ok(Json(handed_in))
}
