//! What the house itself tells phones of a branch: rights live in tables, which were asked and changed before, in the same transaction;
//! the documents only show it. By the same commands as everybody's.

use sea_orm::DatabaseTransaction;
use sync_core::access::{Membership, Person, Role};
use sync_core::command::Command;
use sync_core::ids::{BranchId, CommandId, DeviceId, DocumentId, OrganisationId, UserId};
use sync_core::sync::message::{Envelope, Verdict};
use sync_core::time::Timestamp;

use crate::auth::fresh_id;
use crate::problem::Problem;
use crate::sync::apply::{Batch, apply};

/// In whose name it is told: who and on which device; nil where nobody asked for it.
pub(super) type Teller = (UserId, DeviceId);

/// Tells it, as an administrator of these branches; an act that is refused is a problem.
pub(super) async fn tell(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    (user, device): Teller,
    branches: &[BranchId],
    acts: Vec<(DocumentId, Command)>,
    now: Timestamp,
) -> Result<(), Problem> {
    let mut commands = Vec::new();
    for (document, command) in acts {
        commands.push(Envelope::without_base(CommandId(fresh_id(now)?), document, &command, now));
    }
    let memberships =
        branches.iter().map(|branch| Membership { branch: *branch, role: Role::Administrator }).collect();
    let person = Person { user, memberships };
    let batch = Batch { organisation, person, device, commands, received_at: now };
    for result in apply(tx, &[batch]).await?.into_iter().flat_map(|applied| applied.results) {
        if let Verdict::Refused { problem, detail, .. } = result.verdict {
            return Err(Problem::new(problem).about(detail));
        }
    }
    Ok(())
}
