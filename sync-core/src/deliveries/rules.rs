//! Every rule of home delivery, asked with what it must refuse.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::view::{RoundView, StopState};
use super::{
    AddStop, AssignRound, Assignee, CancelRound, ChangeReader, ChangeStop, DaySegment, EraseReader,
    LogDelivery, MoveRound, NewStop, OrderRound, Outcome, PlanRound, RaiseSignal, ReaderChanges,
    ReaderProfile, ReaderStatus, RecordKilometres, RegisterReader, RemoveStop, SetReaderStatus, SettleSignal,
    SignalKind, SignalState, WithdrawDeliveryLog,
};
use crate::access::{Membership, Person, Role};
use crate::command::{Act, Command};
use crate::document::{Document, DocumentKind};
use crate::ids::{BranchId, CommandId, LogId, ReaderId, StopId, UserId};
use crate::problem::ProblemKind::{self, *};
use crate::time::{Timestamp, days_after};

const AT: Timestamp = Timestamp(1_795_507_200_000);

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn person(n: u128, role: Role) -> Person {
    Person { user: UserId(id(n)), memberships: vec![Membership { branch: BranchId(id(1)), role }] }
}

/// Runs a command as this person; the problem, when it is refused.
fn runs(document: &mut Document, by: &Person, command: impl Into<Command>) -> Result<(), ProblemKind> {
    let command = command.into();
    let act = Act { id: CommandId(id(900)), by, at: AT };
    let existed = document.heads() != Document::skeleton(document.kind().unwrap()).unwrap().heads();
    command.check(document, existed, &act).map_err(|refusal| refusal.kind)?;
    command.run(document, id(901), &act).unwrap();
    Ok(())
}

fn stop(n: u128) -> NewStop {
    let empty = String::new;
    NewStop {
        stop: StopId(id(n)),
        reader: ReaderId(id(n + 100)),
        bag: empty(),
        bring: empty(),
        fetch: empty(),
    }
}

fn plan() -> PlanRound {
    PlanRound {
        branch: BranchId(id(1)),
        name: "Gieten-Zuid".to_owned(),
        on: AT.local_date(),
        day_segment: DaySegment::Afternoon,
        assignees: vec![Assignee { user: UserId(id(3)), name: "Anna".to_owned() }],
        stops: vec![stop(10), stop(11)],
    }
}

fn coordinator() -> Person {
    person(2, Role::DeliveryCoordinator)
}

fn anna() -> Person {
    person(3, Role::Deliverer)
}

fn round() -> Document {
    let mut document = Document::skeleton(DocumentKind::Round).unwrap();
    runs(&mut document, &coordinator(), plan()).unwrap();
    document
}

fn log(n: u128, stop: u128, outcome: Outcome, corrects: &[u128]) -> LogDelivery {
    LogDelivery {
        log: LogId(id(n)),
        stop: StopId(id(stop)),
        outcome,
        items_out: None,
        items_in: None,
        wish: String::new(),
        note: String::new(),
        corrects: corrects.iter().map(|n| LogId(id(*n))).collect(),
    }
}

fn reader() -> Document {
    let profile = ReaderProfile {
        name: "Mevrouw Proef".to_owned(),
        street: "Kaftstraat".to_owned(),
        house_number: "1".to_owned(),
        postcode: "9461 SS".to_owned(),
        place: "Gieten".to_owned(),
        ..ReaderProfile::default()
    };
    let mut document = Document::skeleton(DocumentKind::Reader).unwrap();
    runs(&mut document, &coordinator(), RegisterReader { branch: BranchId(id(1)), profile }).unwrap();
    document
}

#[test]
fn a_round_is_planned_with_somebody_to_somebody_on_a_day_that_can_be_meant() {
    let refused = |plan: PlanRound| {
        let mut document = Document::skeleton(DocumentKind::Round).unwrap();
        runs(&mut document, &coordinator(), plan)
    };
    assert_eq!(refused(PlanRound { stops: vec![], ..plan() }), Err(NoStops));
    assert_eq!(refused(PlanRound { assignees: vec![], ..plan() }), Err(NoAssignee));
    assert_eq!(refused(PlanRound { stops: vec![stop(10), stop(10)], ..plan() }), Err(StopExists));
    assert_eq!(refused(PlanRound { stops: (0..200).map(stop).collect(), ..plan() }), Err(TooManyStops));
    assert_eq!(refused(PlanRound { on: days_after(AT.local_date(), 4_000), ..plan() }), Err(DateOutOfRange));
    assert_eq!(refused(PlanRound { name: " ".to_owned(), ..plan() }), Err(FieldMissing));
    assert_eq!(refused(PlanRound { name: "a\u{7}".to_owned(), ..plan() }), Err(TextNotReadable));
    assert_eq!(refused(plan()), Ok(()));
}

#[test]
fn what_is_done_to_a_stop_needs_that_stop() {
    let mut document = round();
    let by = coordinator();
    assert_eq!(runs(&mut document, &by, AddStop { stop: stop(10) }), Err(StopExists));
    assert_eq!(runs(&mut document, &by, AddStop { stop: stop(12) }), Ok(()));
    let change = |n: u128| ChangeStop {
        stop: StopId(id(n)),
        bag: None,
        bring: Some("3 boeken".to_owned()),
        fetch: None,
    };
    assert_eq!(runs(&mut document, &by, change(99)), Err(UnknownStop));
    assert_eq!(runs(&mut document, &by, RemoveStop { stop: StopId(id(12)) }), Ok(()));
    assert_eq!(runs(&mut document, &by, change(12)), Err(StopRemoved));
    assert_eq!(runs(&mut document, &anna(), log(20, 12, Outcome::Delivered, &[])), Err(StopRemoved));
    let full = (20..200).map(|n| runs(&mut document, &by, AddStop { stop: stop(n) })).find(Result::is_err);
    assert_eq!(full, Some(Err(TooManyStops)));
}

#[test]
fn a_log_is_a_fact_of_its_own_stop_and_a_correction_names_what_it_corrects() {
    let mut document = round();
    let by = anna();
    assert_eq!(runs(&mut document, &by, log(20, 10, Outcome::Delivered, &[])), Ok(()));
    assert_eq!(runs(&mut document, &by, log(20, 10, Outcome::NotHome, &[])), Err(LogExists));
    assert_eq!(
        runs(&mut document, &by, log(21, 11, Outcome::NotHome, &[20])),
        Err(UnknownLog),
        "of another stop"
    );
    assert_eq!(runs(&mut document, &by, log(21, 10, Outcome::NotHome, &[77])), Err(UnknownLog));
    assert_eq!(runs(&mut document, &by, log(21, 10, Outcome::Other, &[20])), Err(FieldMissing), "what else?");
    for (out, back) in [(Some(100), None), (None, Some(100))] {
        let many = LogDelivery { items_out: out, items_in: back, ..log(21, 10, Outcome::Delivered, &[20]) };
        assert_eq!(runs(&mut document, &by, many), Err(NumberOutOfRange));
    }
    let nothing = WithdrawDeliveryLog { log: LogId(id(22)), stop: StopId(id(10)), corrects: vec![] };
    assert_eq!(runs(&mut document, &by, nothing), Err(UnknownLog));
    let stranger = person(8, Role::Deliverer);
    assert_eq!(runs(&mut document, &stranger, log(23, 10, Outcome::Delivered, &[])), Err(NotYourRound));
    let elsewhere =
        Person { memberships: vec![Membership { branch: BranchId(id(9)), role: Role::Deliverer }], ..anna() };
    assert_eq!(runs(&mut document, &elsewhere, log(23, 10, Outcome::Delivered, &[])), Err(NotYourRound));
}

#[test]
fn on_a_cancelled_round_nothing_happens_any_more() {
    let mut document = round();
    assert_eq!(runs(&mut document, &coordinator(), CancelRound { reason: "IJzel".to_owned() }), Ok(()));
    assert_eq!(runs(&mut document, &anna(), log(20, 10, Outcome::Delivered, &[])), Err(RoundCancelled));
    assert_eq!(runs(&mut document, &anna(), RecordKilometres { metres: 7_000 }), Err(RoundCancelled));
    assert_eq!(runs(&mut document, &anna(), OrderRound { order: vec![StopId(id(10))] }), Err(RoundCancelled));
    let by = coordinator();
    assert_eq!(runs(&mut document, &by, AddStop { stop: stop(12) }), Err(RoundCancelled));
    assert_eq!(runs(&mut document, &by, CancelRound { reason: String::new() }), Err(RoundCancelled));
    let moved = MoveRound { on: AT.local_date(), day_segment: DaySegment::Morning };
    assert_eq!(runs(&mut document, &by, moved), Err(RoundCancelled));
    let assigned = AssignRound { assignees: plan().assignees, released: vec![] };
    assert_eq!(runs(&mut document, &by, assigned), Err(RoundCancelled));
}

#[test]
fn nobody_but_a_coordinator_plans_and_nobody_else_reads_worries() {
    let mut document = round();
    for command in [
        Command::from(RemoveStop { stop: StopId(id(10)) }),
        Command::from(CancelRound { reason: String::new() }),
        Command::from(AddStop { stop: stop(12) }),
    ] {
        assert_eq!(runs(&mut document, &anna(), command), Err(NotAllowed));
    }
    let raised = |kind, note: &str| RaiseSignal {
        branch: BranchId(id(1)),
        signal: kind,
        round: None,
        reader: None,
        note: note.to_owned(),
    };
    let signal = || Document::skeleton(DocumentKind::Signal).unwrap();
    assert_eq!(
        runs(&mut signal(), &anna(), raised(SignalKind::Worry, "")),
        Err(FieldMissing),
        "what was seen?"
    );
    assert_eq!(runs(&mut signal(), &anna(), raised(SignalKind::Unsafe, "")), Ok(()), "no words are asked");
    let mut document = signal();
    runs(&mut document, &anna(), raised(SignalKind::Worry, "Post op de mat")).unwrap();
    let settle = |state| SettleSignal { state, note: String::new() };
    assert_eq!(runs(&mut document, &anna(), settle(SignalState::Settled)), Err(NotAllowed));
    let by = coordinator();
    assert_eq!(runs(&mut document, &by, settle(SignalState::Open)), Err(StateNotPossible));
    assert_eq!(runs(&mut document, &by, settle(SignalState::TakenUp)), Ok(()));
    assert_eq!(runs(&mut document, &by, settle(SignalState::Settled)), Ok(()));
    assert_eq!(runs(&mut document, &by, settle(SignalState::TakenUp)), Err(StateNotPossible));
}

#[test]
fn a_command_runs_on_its_own_kind_of_document_once() {
    let (mut reader, mut round) = (reader(), round());
    let by = coordinator();
    assert_eq!(runs(&mut reader, &by, CancelRound { reason: String::new() }), Err(WrongDocument));
    assert_eq!(runs(&mut round, &by, EraseReader {}), Err(WrongDocument));
    assert_eq!(runs(&mut round, &by, plan()), Err(AlreadyExists));
    let mut nothing = Document::skeleton(DocumentKind::Reader).unwrap();
    assert_eq!(runs(&mut nothing, &by, EraseReader {}), Err(NotFound));
}

#[test]
fn a_profile_keeps_what_is_needed_at_the_door_and_no_more() {
    let mut document = reader();
    let by = coordinator();
    let mut change = |changes: ReaderChanges| runs(&mut document, &by, ChangeReader { changes });
    let some = |text: &str| Some(text.to_owned());
    let none = ReaderChanges::default;
    assert_eq!(change(ReaderChanges { name: some(""), ..none() }), Err(FieldMissing));
    assert_eq!(change(ReaderChanges { postcode: some("0461 SS"), ..none() }), Err(InvalidPostcode));
    assert_eq!(change(ReaderChanges { phone: some("bel maar"), ..none() }), Err(InvalidPhone));
    assert_eq!(change(ReaderChanges { max_items: Some(51), ..none() }), Err(NumberOutOfRange));
    assert_eq!(change(ReaderChanges { needed_until: some("morgen"), ..none() }), Err(DateOutOfRange));
    assert_eq!(change(ReaderChanges { door_note: some("BSN 111222333"), ..none() }), Err(LooksLikeBsn));
    assert_eq!(change(ReaderChanges { avoid: some("NL91 ABNA 0417 1643 00"), ..none() }), Err(LooksLikeIban));
    assert_eq!(change(ReaderChanges { interests: some(&"x".repeat(4_001)), ..none() }), Err(TextTooLong));
    assert_eq!(change(ReaderChanges { needed_until: some("2026-12-24"), ..none() }), Ok(()));
    assert_eq!(ReaderProfile::read(&document).needed_until.unwrap().to_string(), "2026-12-24");
}

#[test]
fn a_pause_alone_has_a_last_day() {
    let mut document = reader();
    let by = coordinator();
    let set = |status, paused_until| SetReaderStatus { status, paused_until };
    let day = Some(AT.local_date());
    assert_eq!(runs(&mut document, &by, set(ReaderStatus::Active, day)), Err(InvalidCommand));
    assert_eq!(runs(&mut document, &by, set(ReaderStatus::Paused, day)), Ok(()));
    assert_eq!(runs(&mut document, &by, set(ReaderStatus::IntroductionPlanned, None)), Err(StateNotPossible));
}

/// The arrows of a diagram in `docs/states/`.
fn arrows(diagram: &str) -> BTreeSet<(String, String)> {
    let read = |line: &str| {
        let (from, rest) = line.trim().split_once(" --> ")?;
        Some((from.to_owned(), rest.split(':').next()?.trim().to_owned()))
    };
    diagram.lines().filter_map(read).filter(|(from, _)| from != "[*]").collect()
}

#[test]
fn the_diagram_of_a_reader_is_the_rule() {
    let drawn = arrows(include_str!("../../../docs/states/reader.md"));
    let name = |status: ReaderStatus| match status {
        ReaderStatus::StoppedKeepContact | ReaderStatus::StoppedNoContact => "stopped".to_owned(),
        other => other.as_str().to_owned(),
    };
    for from in ReaderStatus::ALL {
        for to in ReaderStatus::ALL.iter().filter(|to| name(**to) != name(*from)) {
            let may = drawn.contains(&(name(*from), name(*to)));
            assert_eq!(from.may_become(*to), may, "{} --> {}", from.as_str(), to.as_str());
        }
    }
}

#[test]
fn the_diagram_of_a_stop_is_what_logs_do() {
    let drawn = arrows(include_str!("../../../docs/states/stop.md"));
    let state = |document: &Document| match RoundView::read(document)
        .stops
        .iter()
        .find(|stop| stop.stop == StopId(id(10)))
    {
        None => "removed",
        Some(stop) => match stop.state {
            StopState::Planned => "planned",
            StopState::Logged(_) => "logged",
            StopState::Disputed => "disputed",
            StopState::Removed => "removed",
        },
    };
    // Every state as it comes about, and every act from there.
    let planned = round();
    let mut logged = round();
    runs(&mut logged, &anna(), log(20, 10, Outcome::Delivered, &[])).unwrap();
    let mut disputed = logged.clone();
    runs(&mut disputed, &coordinator(), log(21, 10, Outcome::NotHome, &[])).unwrap();
    let mut seen = BTreeSet::new();
    for before in [&planned, &logged, &disputed] {
        for command in [
            Command::from(log(30, 10, Outcome::Delivered, &[])),
            Command::from(log(31, 10, Outcome::NotHome, &[20])),
            Command::from(log(32, 10, Outcome::NotHome, &[20, 21])),
            Command::from(log(33, 10, Outcome::NotHome, &[])),
            Command::from(WithdrawDeliveryLog {
                log: LogId(id(34)),
                stop: StopId(id(10)),
                corrects: RoundView::read(before).stops[0].logs.iter().map(|log| log.log).collect(),
            }),
            Command::from(RemoveStop { stop: StopId(id(10)) }),
        ] {
            let mut after = before.clone();
            if runs(&mut after, &coordinator(), command).is_ok() && state(before) != state(&after) {
                seen.insert((state(before).to_owned(), state(&after).to_owned()));
            }
        }
    }
    assert_eq!(seen, drawn);
}
