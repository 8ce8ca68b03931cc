//! Erasing by nobody: the same acts as those of coordinators, done because a term is over, because somebody asked, or again after a
//! restore.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use sync_core::access::{Membership, Person, Role};
use sync_core::command::Command;
use sync_core::deliveries::EraseReader;
use sync_core::ids::{BranchId, CommandId, DeviceId, DocumentId, OrganisationId, UserId};
use sync_core::sync::message::{Envelope, Verdict};
use sync_core::taalhuis::EraseLearner;
use sync_core::time::Timestamp;
use sync_core::volunteers::EraseVolunteer;
use uuid::Uuid;

use crate::auth::fresh_id;
use crate::problem::Problem;
use crate::sync::apply::{Batch, apply};
use crate::sync::entity::document;

/// Who is erased.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whom {
    Reader,
    Learner,
    Volunteer,
}

impl Whom {
    pub(crate) const ALL: [Self; 3] = [Self::Reader, Self::Learner, Self::Volunteer];

    /// The kind of the document that is erased; what belongs to it goes with it.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Learner => "learner",
            Self::Volunteer => "volunteer",
        }
    }

    fn command(self) -> Command {
        match self {
            Self::Reader => EraseReader {}.into(),
            Self::Learner => EraseLearner {}.into(),
            Self::Volunteer => EraseVolunteer {}.into(),
        }
    }

    /// Whose act it is otherwise.
    const fn role(self) -> Role {
        match self {
            Self::Reader => Role::DeliveryCoordinator,
            Self::Learner => Role::TaalhuisCoordinator,
            Self::Volunteer => Role::VolunteerCoordinator,
        }
    }
}

/// The acts by which these are erased.
pub(crate) async fn acts(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    whom: Whom,
    ids: &[Uuid],
    now: Timestamp,
) -> Result<Batch, Problem> {
    let command = whom.command();
    let mut commands = Vec::new();
    for id in ids {
        commands.push(Envelope::without_base(CommandId(fresh_id(now)?), DocumentId(*id), &command, now));
    }
    let mut branches = Vec::new();
    for ids in ids.chunks(500) {
        let found: Vec<Uuid> = document::Entity::find()
            .select_only()
            .column(document::Column::BranchId)
            .distinct()
            .filter(document::Column::OrganisationId.eq(organisation.0))
            .filter(document::Column::Id.is_in(ids.to_vec()))
            .filter(document::Column::BranchId.is_not_null())
            .into_tuple()
            .all(db)
            .await?;
        branches.extend(found);
    }
    let memberships = branches
        .into_iter()
        .map(|branch| Membership { branch: BranchId(branch), role: whom.role() })
        .collect();
    Ok(Batch {
        organisation,
        person: Person { user: UserId(Uuid::nil()), memberships },
        device: DeviceId(Uuid::nil()),
        commands,
        received_at: now,
    })
}

/// Erases these; an error when one cannot be.
pub(crate) async fn surely(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    whom: Whom,
    ids: &[Uuid],
    now: Timestamp,
) -> Result<(), Problem> {
    let batch = acts(tx, organisation, whom, ids, now).await?;
    for result in apply(tx, &[batch]).await?.into_iter().flat_map(|applied| applied.results) {
        if let Verdict::Refused { problem, detail, .. } = result.verdict {
            return Err(Problem::new(problem).about(detail));
        }
    }
    Ok(())
}
