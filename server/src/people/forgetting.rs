//! Forgetting somebody who left: name, address and everything that opened the account go. What that person did stays counted, under
//! a number that says nothing any more.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use sync_core::ids::{BranchId, DeviceId, OrganisationId, UserId};
use sync_core::organisation::EnrolMember;
use sync_core::time::Timestamp;
use uuid::Uuid;
use words::Words;

use super::entity::{invitation, mail};
use super::house;
use crate::audit;
use crate::auth::entity::{device, membership, passkey, retired_token, user};
use crate::problem::Problem;
use crate::reminders::entity::mail_switch;

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
    let devices = device::Entity::find()
        .filter(device::Column::OrganisationId.eq(own))
        .filter(device::Column::UserId.eq(id))
        .all(tx)
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
