//! Who may read and do what in a Taalhuis. A buddy has what a buddy needs to know of a learner only while they meet and the learner
//! consents; who refers somebody writes and does not read.

use super::view::{GroupView, LearnerView, PairingView};
use super::words::{PairingState, Purpose};
use super::{Command, document};
use crate::access::{Audience, Grant, Person, Role, branch_of, need};
use crate::document::{Document, DocumentKind};
use crate::ids::{BranchId, DocumentId, UserId};
use crate::problem::{ProblemKind, Refusal};
use crate::summary::Summary;
use crate::time::{Timestamp, days_after};

const COORDINATORS: &[Role] = &[Role::TaalhuisCoordinator];
/// Who may bring somebody in.
const BRING_IN: &[Role] = &[
    Role::TaalhuisCoordinator,
    Role::Referrer,
    Role::BookStartCoach,
    Role::DeskStaff,
    Role::DeskCoordinator,
    Role::Host,
];
/// So many days a buddy keeps a pairing that ended: what was logged can still be put right.
const PAIRING_DAYS_AFTER: i64 = 62;

pub(crate) fn grants(id: DocumentId, document: &Document) -> Vec<Grant> {
    let Some(branch) = branch_of(document) else { return Vec::new() };
    let mut grants = vec![Grant::always(id, Audience::Team(branch, Role::TaalhuisCoordinator))];
    match document.kind() {
        Some(DocumentKind::Pairing) => grants.extend(pairing_grants(id, branch, document)),
        Some(DocumentKind::Group) => {
            let group = GroupView::read(document);
            let until = group.ended_on.map(|end| Timestamp::start_of(days_after(end, PAIRING_DAYS_AFTER)));
            grants.extend(group.buddies.iter().map(|(user, _)| Grant {
                document: id,
                audience: Audience::Worker(branch, Role::Buddy, *user),
                from: None,
                until,
            }));
        }
        _ => {}
    }
    grants
}

fn pairing_grants(id: DocumentId, branch: BranchId, document: &Document) -> Vec<Grant> {
    let pairing = PairingView::read(document);
    let Some(user) = pairing.user else { return Vec::new() };
    let audience = Audience::Worker(branch, Role::Buddy, user);
    let state = pairing.state();
    if state == PairingState::Proposed {
        // Nothing of a learner goes out before a person planned that they meet.
        return Vec::new();
    }
    let ended = (state == PairingState::Ended).then(|| pairing.since(PairingState::Ended)).flatten();
    let until = ended.map(|end| Timestamp::start_of(days_after(end, PAIRING_DAYS_AFTER)));
    let mut grants = vec![Grant { document: id, audience, from: None, until }];
    if state.shares()
        && let Some(learner) = pairing.learner
    {
        grants.push(Grant::always(learner.into(), audience));
    }
    grants
}

/// Whether a document keeps itself from everybody to whom another document gives it: a learner who does not consent.
pub(crate) fn is_withheld(document: &Document) -> bool {
    document.kind().is_some_and(may_withhold) && !LearnerView::read(document).consents_to(Purpose::Buddy)
}

/// Learners alone are asked for their consent.
pub(crate) const fn may_withhold(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::Learner)
}

/// The same as [`is_withheld`], by the row of a document.
pub(crate) fn withholds(kind: &str, summary: Option<&Summary>) -> bool {
    kind == DocumentKind::Learner.as_str() && !matches!(summary, Some(Summary::Learner(row)) if row.is_shared)
}

/// Refuses unless the person is the buddy of the pairing, or coordinates.
fn meets(person: &Person, document: &Document) -> Result<(), Refusal> {
    let branch = branch_of(document);
    let own = document.root().id::<UserId>(document::USER) == Some(person.user);
    if own && need(person, branch, &[Role::Buddy]).is_ok() {
        return Ok(());
    }
    need(person, branch, COORDINATORS)
}

/// Refuses unless the person is a buddy of the group, or coordinates.
fn leads(person: &Person, document: &Document) -> Result<(), Refusal> {
    let branch = branch_of(document);
    let own = GroupView::read(document).buddies.iter().any(|(user, _)| *user == person.user);
    if own && need(person, branch, &[Role::Buddy]).is_ok() {
        return Ok(());
    }
    need(person, branch, COORDINATORS)
}

pub(crate) fn may_run(person: &Person, command: &Command, document: &Document) -> Result<(), Refusal> {
    let (own, named) = (branch_of(document), command.creates_in());
    if named.is_some() && own.is_some() && named != own {
        return Err(Refusal::new(ProblemKind::NotAllowed, "the document belongs to another branch"));
    }
    let branch = own.or(named);
    match command {
        Command::RegisterLearner(_) | Command::OpenLearnerFile(_) => need(person, branch, BRING_IN),
        Command::LogSession(_) | Command::WithdrawSession(_) | Command::HandOver(_) => {
            meets(person, document)
        }
        Command::RecordMeeting(_) | Command::WithdrawMeeting(_) => leads(person, document),
        Command::ConfigureTaalhuis(_) => {
            need(person, branch, &[Role::TaalhuisCoordinator, Role::Administrator])
        }
        _ => need(person, branch, COORDINATORS),
    }
}
