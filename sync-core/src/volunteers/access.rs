//! Who may read and do what with volunteers. The own part is the volunteer's too; the file is of coordinators alone.

use super::{Command, document};
use crate::access::{Audience, Grant, Person, Role, branch_of, need};
use crate::document::{Document, DocumentKind};
use crate::ids::{DocumentId, UserId};
use crate::problem::{ProblemKind, Refusal};

/// Who coordinates volunteers of any kind in a branch.
const COORDINATORS: &[Role] = &[Role::VolunteerCoordinator, Role::TaalhuisCoordinator];

pub(crate) fn grants(id: DocumentId, document: &Document) -> Vec<Grant> {
    let Some(branch) = branch_of(document) else { return Vec::new() };
    let teams = COORDINATORS.iter().map(|role| Grant::always(id, Audience::Team(branch, *role)));
    let mut grants: Vec<Grant> = teams.collect();
    if document.kind() == Some(DocumentKind::Volunteer)
        && let Some(user) = document.root().id::<UserId>(document::USER)
    {
        let own = Role::ALL.iter().filter(|role| role.is_of_volunteers());
        grants.extend(own.map(|role| Grant::always(id, Audience::Worker(branch, *role, user))));
    }
    grants
}

pub(crate) fn may_run(person: &Person, command: &Command, document: &Document) -> Result<(), Refusal> {
    let (own, named) = (branch_of(document), command.creates_in());
    if named.is_some() && own.is_some() && named != own {
        return Err(Refusal::new(ProblemKind::NotAllowed, "the document belongs to another branch"));
    }
    let branch = own.or(named);
    match command {
        Command::DescribeVolunteer(body) if body.user == person.user => {
            let own: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.is_of_volunteers()).collect();
            need(person, branch, &own).or_else(|_| need(person, branch, COORDINATORS))
        }
        Command::DescribeVolunteer(_)
        | Command::EraseVolunteer(_)
        | Command::RecordVog(_)
        | Command::NoteTraining(_)
        | Command::NoteTalk(_) => need(person, branch, COORDINATORS),
    }
}
