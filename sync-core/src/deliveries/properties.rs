//! Properties of rounds, named after what is promised.

use proptest::prelude::*;
use uuid::Uuid;

use super::view::{RoundView, StopState};
use super::{Assignee, DaySegment, LogDelivery, NewStop, Outcome, PlanRound};
use crate::access::{Membership, Person, Role};
use crate::command::{Act, Command};
use crate::document::{Document, DocumentKind};
use crate::hash::Hash;
use crate::ids::{BranchId, CommandId, DocumentId, LogId, ReaderId, StopId, UserId};
use crate::ledger::{self, Outcome as Replayed};
use crate::replica::outbox_file::OutboxFile;
use crate::sync::cbor;
use crate::sync::message::{Envelope, SyncRequest, SyncResponse};
use crate::sync::packed::Packed;
use crate::time::Timestamp;

const AT: Timestamp = Timestamp(1_795_507_200_000);

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn person(n: u128, role: Role) -> Person {
    Person { user: UserId(id(n)), memberships: vec![Membership { branch: BranchId(id(1)), role }] }
}

/// A round with three stops and two volunteers.
fn round() -> Document {
    let coordinator = person(2, Role::DeliveryCoordinator);
    let planned = Command::from(PlanRound {
        branch: BranchId(id(1)),
        name: "Gieten-Zuid".to_owned(),
        on: AT.local_date(),
        day_segment: DaySegment::Afternoon,
        assignees: [3, 4].map(|n| Assignee { user: UserId(id(n)), name: format!("Anna {n}") }).to_vec(),
        stops: [10, 11, 12]
            .map(|n| NewStop {
                stop: StopId(id(n)),
                reader: ReaderId(id(n + 100)),
                bag: String::new(),
                bring: String::new(),
                fetch: String::new(),
            })
            .to_vec(),
    });
    let act = Act { id: CommandId(id(5)), by: &coordinator, at: AT };
    let mut document = Document::skeleton(DocumentKind::Round).unwrap();
    planned.check(&document, false, &act).unwrap();
    planned.run(&mut document, id(6), &act).unwrap();
    document
}

fn log(n: u128, stop: u128, outcome: Outcome, corrects: Vec<LogId>) -> Command {
    Command::from(LogDelivery {
        log: LogId(id(n)),
        stop: StopId(id(stop)),
        outcome,
        items_out: Some(3),
        items_in: None,
        wish: format!("wens {n}"),
        note: "anders".to_owned(),
        corrects,
    })
}

/// What a phone sends when it runs this command on its copy.
fn envelope(
    document: &mut Document,
    command: &Command,
    by: &Person,
    actor: Uuid,
    n: u128,
) -> (Envelope, Vec<u8>) {
    let act = Act { id: CommandId(id(n)), by, at: AT.plus_millis(i64::try_from(n).unwrap()) };
    let (base, seq) = (document.heads(), document.next_seq(actor));
    command.check(document, true, &act).unwrap();
    let change = command.run(document, actor, &act).unwrap();
    let envelope = Envelope {
        id: act.id,
        document: DocumentId(id(7)),
        kind: command.kind().to_owned(),
        base_heads: Some(base),
        after: None,
        actor: Some(actor),
        seq: Some(seq),
        at: act.at,
        expected_hash: Some(change.hash),
        body: command.body(),
    };
    (envelope, change.bytes)
}

#[test]
fn two_phones_that_log_offline_both_keep_their_log() {
    let mut server = round();
    let (anna, bram) = (person(3, Role::Deliverer), person(4, Role::Deliverer));
    let (mut hers, mut his) = (server.clone(), server.clone());
    let delivered = log(20, 10, Outcome::Delivered, Vec::new());
    let not_home = log(21, 10, Outcome::NotHome, Vec::new());
    let (first, _) = envelope(&mut hers, &delivered, &anna, id(30), 40);
    let (second, _) = envelope(&mut his, &not_home, &bram, id(31), 41);
    // The server makes the very changes of both phones, the second on a base that it has moved on from.
    assert!(matches!(
        ledger::replay(&mut server, true, &first, &delivered, &anna),
        Ok(Replayed::Accepted(_))
    ));
    assert!(matches!(
        ledger::replay(&mut server, true, &second, &not_home, &bram),
        Ok(Replayed::Accepted(_))
    ));
    let view = RoundView::read(&server);
    assert_eq!(view.stops[0].logs.len(), 2);
    assert_eq!(view.stops[0].state, StopState::Disputed);
    // A person chooses, and both facts stay in the history.
    let corrects = view.stops[0].logs.iter().map(|log| log.log).collect();
    let chosen = log(22, 10, Outcome::NotHome, corrects);
    envelope(&mut server, &chosen, &anna, id(30), 42);
    let view = RoundView::read(&server);
    assert_eq!(view.stops[0].state, StopState::Logged(Outcome::NotHome));
    assert_eq!(view.history.len(), 3);
}

#[test]
fn a_command_on_a_base_the_server_never_had_is_answered_with_a_change_of_the_server() {
    let mut server = round();
    let anna = person(3, Role::Deliverer);
    let mut hers = server.clone();
    let lost = log(20, 10, Outcome::Delivered, Vec::new());
    envelope(&mut hers, &lost, &anna, id(30), 40);
    let next = log(21, 11, Outcome::Delivered, Vec::new());
    let (sent, _) = envelope(&mut hers, &next, &anna, id(30), 41);
    assert!(matches!(ledger::replay(&mut server, true, &sent, &next, &anna), Ok(Replayed::Replaced(_))));
    assert_eq!(RoundView::read(&server).done(), 1);
}

proptest! {
    /// Three phones log apart; their changes arrive in any order, some twice: every copy ends equal.
    #[test]
    fn any_order_and_doubling_of_changes_ends_equal(
        acts in prop::collection::vec((0..3_u128, 10..13_u128, 0..Outcome::ALL.len()), 1..12),
        order in prop::collection::vec(any::<prop::sample::Index>(), 24),
    ) {
        let start = round();
        let mut phones = vec![start.clone(); 3];
        let mut changes: Vec<Vec<u8>> = Vec::new();
        let anna = person(3, Role::Deliverer);
        for (n, (phone, stop, outcome)) in (0_u128..).zip(acts) {
            let command = log(50 + n, stop, Outcome::ALL[outcome], Vec::new());
            let phone_index = usize::try_from(phone).unwrap();
            let (_, bytes) = envelope(&mut phones[phone_index], &command, &anna, id(30 + phone), 60 + n);
            changes.push(bytes);
        }
        let mut in_turn = start.clone();
        for change in &changes {
            in_turn.extend(change).unwrap();
        }
        let mut shuffled = start;
        for index in &order {
            shuffled.extend(&changes[index.index(changes.len())]).unwrap();
        }
        for change in changes.iter().rev() {
            shuffled.extend(change).unwrap();
        }
        prop_assert_eq!(in_turn.heads(), shuffled.heads());
        prop_assert_eq!(RoundView::read(&in_turn), RoundView::read(&shuffled));
        prop_assert_eq!(Document::load(&shuffled.save()).unwrap().heads(), in_turn.heads());
    }

    #[test]
    fn bytes_from_outside_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = cbor::from_slice::<SyncRequest>(&bytes);
        let _ = cbor::from_slice::<SyncResponse>(&bytes);
        let _ = OutboxFile::from_bytes(&bytes);
        let _ = Document::load(&bytes);
        let mut document = round();
        let _ = document.extend(&bytes);
        for kind in Command::kinds() {
            let _ = Command::read(kind, &Packed::Cbor(bytes.clone()));
        }
    }

    /// A stored document in which a byte fell over is an error or is read as it was, never a panic.
    #[test]
    fn a_damaged_document_never_panics(at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut bytes = round().save();
        let place = at.index(bytes.len());
        bytes[place] ^= 1 << bit;
        let _ = Document::load(&bytes);
    }

    /// Base heads, actors and numbers that nobody could have sent honestly are refused or answered otherwise.
    #[test]
    fn commands_from_outside_never_panic(
        base in prop::collection::vec(any::<[u8; 32]>(), 0..4),
        actor in any::<u128>(),
        seq in any::<u64>(),
        hash in any::<[u8; 32]>(),
        at in any::<i64>(),
        own_base in any::<bool>(),
    ) {
        let mut server = round();
        let anna = person(3, Role::Deliverer);
        let command = log(20, 10, Outcome::Delivered, Vec::new());
        let base = if own_base { server.heads() } else { base.into_iter().map(Hash).collect() };
        let sent = Envelope {
            id: CommandId(id(40)),
            document: DocumentId(id(7)),
            kind: command.kind().to_owned(),
            base_heads: Some(base),
            after: None,
            actor: Some(id(actor)),
            seq: Some(seq),
            at: Timestamp(at),
            expected_hash: Some(Hash(hash)),
            body: command.body(),
        };
        if ledger::replay(&mut server, true, &sent, &command, &anna).is_ok() {
            prop_assert_eq!(RoundView::read(&server).done(), 1);
            prop_assert!(Document::load(&server.save()).is_ok());
        }
    }
}
