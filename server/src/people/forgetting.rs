//! Forgetting somebody who left: name, address and everything that opened the account go. What that person did stays counted, under
//! a number that says nothing any more.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;
use sync_core::access::Role;
use sync_core::ids::{BranchId, DeviceId, OrganisationId, UserId};
use sync_core::organisation::EnrolMember;
use sync_core::time::Timestamp;
use utoipa::ToSchema;
use uuid::Uuid;
use words::Words;

use super::entity::{invitation, mail};
use super::house;
use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::auth::entity::{device, membership, passkey, retired_token, user};
use crate::problem::{Problem, ProblemBody};
use crate::reminders::entity::mail_switch;
use crate::retention::{self, Terms};
use crate::sync::entity::receipt;

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
    /// Refused acts that were dealt with, of which the content goes.
    refused_acts: u64,
}

/// What goes in the coming night: a look ahead, while a term can still be changed.
#[utoipa::path(get, path = "/api/retention", tag = "people", security(("bearer" = [])),
    responses((status = 200, body = DueNow),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn due(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    actor.need(Role::Administrator)?;
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
    };
    Ok(Json(due).into_response())
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
    rename_in_teams(tx, organisation, id, &branches, now).await?;
    let line = audit::Line { act: "forget_person".to_owned(), document: Some(id), ..audit::Line::default() };
    audit::note(tx, own, now, line).await?;
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

/// In the lists of teams that phones hold, the person is a former colleague like any other.
async fn rename_in_teams(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    id: Uuid,
    branches: &[BranchId],
    now: Timestamp,
) -> Result<(), Problem> {
    let renamed = branches.iter().map(|branch| {
        let enrolled = EnrolMember {
            branch: *branch,
            user: UserId(id),
            name: Words::Dutch.former_colleague().to_owned(),
            roles: Vec::new(),
        };
        (branch.team_document(), enrolled.into())
    });
    let nobody = (UserId(Uuid::nil()), DeviceId(Uuid::nil()));
    house::tell(tx, organisation, nobody, branches, renamed.collect(), now).await
}
