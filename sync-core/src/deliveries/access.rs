//! Who may read and do what in home delivery. An address is on a volunteer's phone only around the day of a round.

use super::view::{RoundView, assigned};
use super::{Command, document};
use crate::access::{Audience, Grant, Person, Role, branch_of, need};
use crate::document::{Document, DocumentKind};
use crate::ids::{BranchId, DocumentId};
use crate::problem::{ProblemKind, Refusal};
use crate::time::{Timestamp, days_after};

/// How many days before a round its addresses come to the phone.
pub(crate) const VISIBLE_DAYS_BEFORE: i64 = 3;
/// How many days after a round its addresses stay, for what is still to be put right.
pub(crate) const VISIBLE_DAYS_AFTER: i64 = 1;
/// How many days a volunteer keeps the round itself: it holds no address.
const ROUND_DAYS_AFTER: i64 = 62;

const COORDINATORS: &[Role] = &[Role::DeliveryCoordinator];

fn coordinators(branch: BranchId) -> Audience {
    Audience::Team(branch, Role::DeliveryCoordinator)
}

pub(crate) fn grants(id: DocumentId, document: &Document) -> Vec<Grant> {
    let Some(branch) = branch_of(document) else { return Vec::new() };
    let mut grants = vec![Grant::always(id, coordinators(branch))];
    // Whoever chooses books gets nothing yet: there is no screen for it, and a phone holds no address that nobody reads there.
    if document.kind() == Some(DocumentKind::Round) {
        grants.extend(round_grants(id, branch, document));
    }
    grants
}

fn round_grants(id: DocumentId, branch: BranchId, document: &Document) -> Vec<Grant> {
    let round = RoundView::read(document);
    let Some(on) = round.day() else { return Vec::new() };
    let cancelled = document.root().flag(document::CANCELLED);
    let from = Timestamp::start_of(days_after(on, -VISIBLE_DAYS_BEFORE));
    let until = Timestamp::start_of(days_after(on, VISIBLE_DAYS_AFTER + 1));
    let mut grants = Vec::new();
    for assignee in assigned(document) {
        let audience = Audience::Worker(branch, Role::Deliverer, assignee.user);
        grants.push(Grant {
            document: id,
            audience,
            from: None,
            until: Some(Timestamp::start_of(days_after(on, ROUND_DAYS_AFTER))),
        });
        if !cancelled {
            grants.extend(round.stops.iter().filter_map(|stop| stop.reader).map(|reader| Grant {
                document: reader.into(),
                audience,
                from: Some(from),
                until: Some(until),
            }));
        }
    }
    grants
}

/// Refuses unless the person is on the round, or coordinates it.
fn on_round(person: &Person, document: &Document) -> Result<(), Refusal> {
    let branch = branch_of(document);
    let assigned = assigned(document).iter().any(|assignee| assignee.user == person.user);
    // A volunteer who left the branch is no longer on its rounds.
    let delivers =
        branch.is_some_and(|branch| person.has(branch, &[Role::Deliverer, Role::DeliveryCoordinator]));
    if assigned && delivers || branch.is_some_and(|branch| person.has(branch, COORDINATORS)) {
        Ok(())
    } else {
        Err(Refusal::new(ProblemKind::NotYourRound, "this person is not on the round"))
    }
}

pub(crate) fn may_run(person: &Person, command: &Command, document: &Document) -> Result<(), Refusal> {
    let branch = branch_of(document).or_else(|| command.creates_in());
    match command {
        Command::RegisterReader(_)
        | Command::ChangeReader(_)
        | Command::SetReaderStatus(_)
        | Command::EraseReader(_)
        | Command::PlanRound(_)
        | Command::AssignRound(_)
        | Command::MoveRound(_)
        | Command::CancelRound(_)
        | Command::AddStop(_)
        | Command::ChangeStop(_)
        | Command::RemoveStop(_)
        | Command::SettleSignal(_) => need(person, branch, COORDINATORS),
        Command::RaiseSignal(_) => need(person, branch, &[Role::Deliverer, Role::DeliveryCoordinator]),
        Command::LogDelivery(_)
        | Command::WithdrawDeliveryLog(_)
        | Command::OrderRound(_)
        | Command::RecordKilometres(_) => on_round(person, document),
    }
}
