//! Forgetting somebody who left: name, address and everything that opened the account go. What that person did stays counted, under
//! a number that says nothing any more.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::Serialize;
use sync_core::ids::{BranchId, DeviceId, OrganisationId, UserId};
use sync_core::organisation::DescribeBranch;
use sync_core::problem::ProblemKind;
use sync_core::summary::Content;
use sync_core::time::Timestamp;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{invitation, mail};
use super::{commit, house, line, looked_after};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::auth::entity::{device, membership, passkey, retired_token, user};
use crate::auth::proof::Proven;
use crate::db::begin_write;
use crate::erasing::{self, Whom};
use crate::problem::{Problem, ProblemBody};
use crate::reminders::entity::mail_switch;
use crate::retention::{self, Terms};
use crate::sync::entity::{document, receipt};
use crate::sync::{anew, whole};

/// What goes in the coming night, because it was kept long enough.
#[derive(Serialize, ToSchema)]
pub(super) struct DueNow {
    /// Readers who stopped long ago. How many: who they are, only their coordinators may know.
    readers: usize,
    /// What colleagues called the people who left long ago, as one text to read.
    people: String,
    /// Mails that were sent or given up.
    mails: u64,
    /// Invitations that are over.
    invitations: u64,
    /// Refused acts of which the content goes.
    refused_acts: u64,
    /// Rounds of which only the counts stay.
    rounds: usize,
    /// Worries of which only the counts stay.
    signals: usize,
    /// Learners who stopped long ago.
    learners: usize,
}

/// What goes in the coming night: a look ahead, while a term can still be changed.
#[utoipa::path(get, path = "/api/retention", tag = "people", security(("bearer" = [])),
    responses((status = 200, body = DueNow),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn due(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    actor.need_house_or_guard(&state.db.read).await?;
    let db = &state.db.read;
    let terms = Terms::of(db, &state.config, actor.organisation).await?;
    let due = retention::due(db, actor.organisation, terms, state.clock.now()).await?;
    let people = user::Entity::find()
        .filter(user::Column::OrganisationId.eq(actor.organisation.0))
        .filter(user::Column::Id.is_in(due.people))
        .order_by_asc(user::Column::Name)
        .all(db)
        .await?;
    let due = DueNow {
        readers: due.readers.len(),
        people: people.into_iter().map(|account| account.name).collect::<Vec<_>>().join(", "),
        mails: due.mails,
        invitations: due.invitations,
        refused_acts: due.refused_acts,
        rounds: due.rounds.len(),
        signals: due.signals.len(),
        learners: due.learners.len(),
    };
    Ok(Json(due).into_response())
}

/// Forgets somebody who left, now: whoever asks for it need not wait for the term.
#[utoipa::path(post, path = "/api/people/{user}/forget", tag = "people", security(("bearer" = [])),
    params(("user" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn forget_now(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    actor.need_house(&state.db.read).await?;
    let now = state.clock.now();
    let tx = begin_write(&state.db.write).await?;
    let account = looked_after(&tx, &actor, id).await?;
    if account.ended_at.is_none() {
        return Err(Problem::new(ProblemKind::StateNotPossible).about("end the work first"));
    }
    forget(&tx, actor.organisation, id, now).await?;
    audit::note(&tx, actor.organisation.0, now, line("forget_person", &actor, id)).await?;
    commit(&state, tx, actor.organisation).await?;
    anew::write_due(&state.db, actor.organisation, now).await?;
    state.bell.ring(actor.organisation);
    state.post.sweep(&state.db).await.map_err(Problem::failure)?;
    retention::overwrite(&state.db).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets this person.
pub async fn forget(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    id: Uuid,
    now: Timestamp,
) -> Result<(), Problem> {
    let own = organisation.0;
    let roles = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(own))
        .filter(membership::Column::UserId.eq(id))
        .all(tx)
        .await?;
    let mut branches: Vec<BranchId> = roles.iter().map(|row| BranchId(row.branch_id)).collect();
    branches.sort_unstable();
    branches.dedup();
    forget_devices(tx, organisation, id).await?;
    passkey::Entity::delete_many()
        .filter(passkey::Column::OrganisationId.eq(own))
        .filter(passkey::Column::UserId.eq(id))
        .exec(tx)
        .await?;
    membership::Entity::delete_many()
        .filter(membership::Column::OrganisationId.eq(own))
        .filter(membership::Column::UserId.eq(id))
        .exec(tx)
        .await?;
    invitation::Entity::delete_many()
        .filter(invitation::Column::OrganisationId.eq(own))
        .filter(invitation::Column::UserId.eq(id))
        .exec(tx)
        .await?;
    mail::Entity::delete_many()
        .filter(mail::Column::OrganisationId.eq(own))
        .filter(mail::Column::UserId.eq(id))
        .exec(tx)
        .await?;
    mail_switch::Entity::delete_many()
        .filter(mail_switch::Column::OrganisationId.eq(own))
        .filter(mail_switch::Column::UserId.eq(id))
        .exec(tx)
        .await?;
    // The name goes out of what phones hold, and out of the history of it.
    let name =
        user::Entity::find_by_id((own, id)).one(tx).await?.map(|account| account.name).unwrap_or_default();
    no_help_any_more(tx, organisation, &name, &branches, now).await?;
    let teams = branches.iter().map(|branch| branch.team_document().0);
    let given = anew::rounds_of(tx, organisation, UserId(id)).await?;
    let own_parts: Vec<Uuid> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .filter(document::Column::OrganisationId.eq(own))
        .filter(document::Column::Id.is_in(given.iter().copied()))
        .filter(document::Column::Kind.eq(Whom::Volunteer.kind()))
        .filter(document::Column::Erased.eq(false))
        .into_tuple()
        .all(tx)
        .await?;
    erasing::surely(tx, organisation, Whom::Volunteer, &own_parts, now).await?;
    anew::note(tx, organisation, teams.chain(given), id).await?;
    user::Entity::update_many()
        .col_expr(user::Column::Name, Expr::value(""))
        .col_expr(user::Column::Email, Expr::value(""))
        .col_expr(user::Column::PasswordHash, Expr::value(""))
        .col_expr(user::Column::Totp, Expr::value(None::<Vec<u8>>))
        .col_expr(user::Column::TotpBegun, Expr::value(None::<Vec<u8>>))
        .filter(user::Column::OrganisationId.eq(own))
        .filter(user::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// What the devices of this person were called, what opened them and what went there.
async fn forget_devices(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<(), Problem> {
    let own = organisation.0;
    let devices = device::Entity::find()
        .filter(device::Column::OrganisationId.eq(own))
        .filter(device::Column::UserId.eq(id))
        .all(tx)
        .await?;
    receipt::Entity::delete_many()
        .filter(receipt::Column::OrganisationId.eq(own))
        .filter(receipt::Column::DeviceId.is_in(devices.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    retired_token::Entity::delete_many()
        .filter(retired_token::Column::OrganisationId.eq(own))
        .filter(retired_token::Column::DeviceId.is_in(devices.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    // A device stays as a number, for the log of what it brought; what it was called goes.
    device::Entity::update_many()
        .col_expr(device::Column::Name, Expr::value(""))
        .filter(device::Column::OrganisationId.eq(own))
        .filter(device::Column::UserId.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Where this person was the one to ask for help, nobody is until somebody else is named.
async fn no_help_any_more(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    name: &str,
    branches: &[BranchId],
    now: Timestamp,
) -> Result<(), Problem> {
    let mut told = Vec::new();
    for branch in branches {
        let id = branch.branch_document();
        let Ok(Ok(document)) = whole(tx, organisation, id).await else { continue };
        if let Some(Content::Branch(view)) = Content::read(&document)
            && !name.is_empty()
            && view.help_name == name
        {
            let described = DescribeBranch {
                branch: *branch,
                name: view.name,
                municipality: view.municipality,
                help_name: String::new(),
                phone: String::new(),
            };
            told.push((id, described.into()));
        }
    }
    let documents: Vec<Uuid> = told.iter().map(|(id, _)| id.0).collect();
    anew::note(tx, organisation, documents, Uuid::nil()).await?;
    let nobody = (UserId(Uuid::nil()), DeviceId(Uuid::nil()));
    house::tell(tx, organisation, nobody, branches, told, now).await
}
