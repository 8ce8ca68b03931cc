//! Who may read and change what a branch tells about itself.

use super::Command;
use crate::access::{Audience, Grant, Person, Role, branch_of, need};
use crate::document::{Document, DocumentKind};
use crate::ids::DocumentId;
use crate::problem::{ProblemKind, Refusal};

/// Who may see the team of a branch.
const TEAM_READERS: &[Role] =
    &[Role::DeliveryCoordinator, Role::TaalhuisCoordinator, Role::VolunteerCoordinator, Role::Administrator];

pub(crate) fn grants(id: DocumentId, document: &Document) -> Vec<Grant> {
    let Some(branch) = branch_of(document) else { return Vec::new() };
    if document.kind() == Some(DocumentKind::Branch) {
        vec![Grant::always(id, Audience::Branch(branch))]
    } else {
        TEAM_READERS.iter().map(|role| Grant::always(id, Audience::Team(branch, *role))).collect()
    }
}

pub(crate) fn may_run(person: &Person, command: &Command, document: &Document) -> Result<(), Refusal> {
    let named = command.creates_in();
    let own = branch_of(document);
    if named.is_some() && own.is_some() && named != own {
        return Err(Refusal::new(ProblemKind::NotAllowed, "the document belongs to another branch"));
    }
    need(person, own.or(named), &[Role::Administrator])
}
