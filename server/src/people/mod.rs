//! People and their devices: who works here as what, how they come in, and what is shut out. Rights live in tables; what
//! phones must know of them is told in the documents of the slice `organisation`, in the same transaction.

mod about;
mod branches;
mod devices;
pub mod entity;
mod forgetting;
pub mod founding;
mod held;
mod house;
mod invite;
mod join;
mod known_as;
mod language;
mod log;
mod quiet;
mod recovery;
mod roster;

pub use self::forgetting::forget;
pub(crate) use self::roster::{Newcomer, enrol};
pub use self::roster::{leave_again, note_left};

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
};
use sync_core::ids::{BranchId, OrganisationId, UserId};
use sync_core::organisation::EnrolMember;
use sync_core::problem::ProblemKind;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app_state::AppState;
use crate::audit;
use crate::auth::entity::{membership, user};
use crate::auth::{self, Actor};
use crate::problem::Problem;

/// The routes of people and devices.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(roster::people))
        .routes(routes!(roster::add))
        .routes(routes!(known_as::change))
        .routes(routes!(roster::change_roles))
        .routes(routes!(roster::end))
        .routes(routes!(branches::branches, branches::add))
        .routes(routes!(branches::change))
        .routes(routes!(quiet::quiet))
        .routes(routes!(about::own))
        .routes(routes!(about::of_person))
        .routes(routes!(roster::remove_second_factor))
        .routes(routes!(invite::invite))
        .routes(routes!(invite::state))
        .routes(routes!(invite::confirm))
        .routes(routes!(join::join))
        .routes(routes!(recovery::recover))
        .routes(routes!(join::finish))
        .routes(routes!(log::log))
        .routes(routes!(log::choices))
        .routes(routes!(log::mails))
        .routes(routes!(log::retry_mail))
        .routes(routes!(devices::own))
        .routes(routes!(devices::all))
        .routes(routes!(forgetting::due))
        .routes(routes!(forgetting::forget_now))
        .routes(routes!(devices::of_person))
        .routes(routes!(devices::revoke))
        .routes(routes!(held::held))
        .routes(routes!(language::choose))
}

/// The branches in which this person gives some role.
fn gives_in(actor: &Actor) -> Vec<BranchId> {
    let mut branches: Vec<BranchId> = actor
        .person
        .memberships
        .iter()
        .filter(|own| !own.role.gives().is_empty())
        .map(|own| own.branch)
        .collect();
    branches.sort_unstable();
    branches.dedup();
    branches
}

/// The roles whose holders this actor looks after: those he gives, each in its branch.
fn looks_after(actor: &Actor) -> Condition {
    let mut any = Condition::any();
    for own in &actor.person.memberships {
        let gives = own.role.gives();
        if !gives.is_empty() {
            any = any.add(
                Condition::all()
                    .add(membership::Column::BranchId.eq(own.branch.0))
                    .add(membership::Column::Role.is_in(gives.iter().map(|role| role.as_str()))),
            );
        }
    }
    any
}

/// The account of somebody this actor looks after: with a role that he gives, now or once. Anybody else is not there.
async fn looked_after(db: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<user::Model, Problem> {
    if gives_in(actor).is_empty() {
        return Err(Problem::new(ProblemKind::NotAllowed));
    }
    let role = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(actor.organisation.0))
        .filter(membership::Column::UserId.eq(id))
        .filter(looks_after(actor))
        .one(db)
        .await?;
    let found = user::Entity::find_by_id((actor.organisation.0, id)).one(db).await?;
    found.filter(|_| role.is_some()).ok_or_else(|| Problem::new(ProblemKind::NotFound))
}

/// Whether everything this person may do, now or from a coming day on, this actor may give: only then may he let that person in anew, or shut a device
/// out. Otherwise a coordinator could sign in as his administrator.
async fn outranks(
    db: &impl ConnectionTrait,
    state: &AppState,
    actor: &Actor,
    other: UserId,
) -> Result<(), Problem> {
    let today = state.clock.now().local_date();
    let person = auth::person_and_coming(db, actor.organisation, other, today).await?;
    for own in person.memberships {
        sync_core::access::may_give(&actor.person, other, own.branch, own.role)?;
    }
    Ok(())
}

/// Tells in the documents of the branches what this person does there now. The tables were asked and changed before, in the
/// same transaction; the documents only show it, so they are written in the name of the house.
async fn tell_team(
    tx: &DatabaseTransaction,
    state: &AppState,
    actor: &Actor,
    account: &user::Model,
    branches: &[BranchId],
) -> Result<(), Problem> {
    let now = state.clock.now();
    let person = auth::person(tx, actor.organisation, UserId(account.id), now.local_date()).await?;
    let enrolled = branches.iter().map(|branch| {
        let own = person.memberships.iter().filter(|own| own.branch == *branch);
        let enrolled = EnrolMember {
            branch: *branch,
            user: UserId(account.id),
            name: account.name.clone(),
            roles: own.map(|own| own.role).collect(),
        };
        (branch.team_document(), enrolled.into())
    });
    let teller = (actor.person.user, actor.device);
    house::tell(tx, actor.organisation, teller, branches, enrolled.collect(), now).await
}

/// Commits, and wakes the phones and the other nodes.
async fn commit(
    state: &AppState,
    tx: DatabaseTransaction,
    organisation: OrganisationId,
) -> Result<(), Problem> {
    crate::sync::writer::announce(&state.db, &tx, organisation).await?;
    tx.commit().await?;
    state.bell.ring(organisation);
    Ok(())
}

/// A line in the audit log about what this actor did with somebody.
fn line(act: &str, actor: &Actor, about: Uuid) -> audit::Line {
    audit::Line { document: Some(about), ..audit::Line::of_device(act, actor.person.user.0, actor.device.0) }
}
