//! The phone's copy beside a server in a few lines: what is refused, tried again, dropped, and what the disk does not take.

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng as _;
use uuid::Uuid;

use super::{CommandState, Effect, Input, Reach, Replica, Stored, Writes};
use crate::access::{Membership, Person, Role};
use crate::command::{Act, Command};
use crate::deliveries::view::RoundView;
use crate::deliveries::{Assignee, DaySegment, LogDelivery, NewStop, Outcome, PlanRound};
use crate::document::{Document, DocumentKind};
use crate::ids::{BranchId, CommandId, DeviceId, DocumentId, LogId, ReaderId, StopId, UserId};
use crate::ledger::{self, Outcome as Replayed};
use crate::problem::ProblemKind;
use crate::summary::Summary;
use crate::sync::message::{
    COMMANDS_MAX, CommandResult, Cursor, DocumentNews, Notice, SyncRequest, SyncResponse, Verdict,
};
use crate::time::{DAY_MS, Timestamp};

const AT: Timestamp = Timestamp(1_795_507_200_000);
const ROUND: DocumentId = DocumentId(Uuid::from_u128(7));

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn person(n: u128, role: Role) -> Person {
    Person { user: UserId(id(n)), memberships: vec![Membership { branch: BranchId(id(1)), role }] }
}

fn log(n: u128) -> LogDelivery {
    LogDelivery {
        log: LogId(id(n)),
        stop: StopId(id(10)),
        outcome: Outcome::Delivered,
        items_out: None,
        items_in: None,
        wish: String::new(),
        note: String::new(),
        corrects: Vec::new(),
    }
}

/// A server with one round on it.
struct Server {
    round: Document,
    refuses: bool,
    /// It says nothing beside its verdicts, as to an app that is too old.
    only_verdicts: bool,
    /// It lives another life than before: a backup was put back.
    is_restored: bool,
    /// The most commands that came at once.
    largest: usize,
    feed: u64,
}

impl Server {
    fn new() -> Self {
        let planned = Command::from(PlanRound {
            branch: BranchId(id(1)),
            name: "Gieten-Zuid".to_owned(),
            on: AT.local_date(),
            day_segment: DaySegment::Afternoon,
            assignees: vec![Assignee { user: UserId(id(3)), name: "Anna".to_owned() }],
            stops: vec![NewStop {
                stop: StopId(id(10)),
                reader: ReaderId(id(110)),
                bag: String::new(),
                bring: String::new(),
                fetch: String::new(),
            }],
        });
        let by = person(2, Role::DeliveryCoordinator);
        let mut round = Document::skeleton(DocumentKind::Round).unwrap();
        planned.run(&mut round, id(6), &Act { id: CommandId(id(5)), by: &by, at: AT }).unwrap();
        Self { round, refuses: false, only_verdicts: false, is_restored: false, largest: 0, feed: 1 }
    }

    fn answers(&mut self, request: &SyncRequest) -> SyncResponse {
        let by = person(3, Role::Deliverer);
        let judge = |envelope: &crate::sync::message::Envelope, round: &mut Document| {
            let command = Command::read(&envelope.kind, &envelope.body).unwrap();
            match ledger::replay(round, true, envelope, &command, &by) {
                Ok(Replayed::Accepted(change) | Replayed::Erased(change)) => {
                    Verdict::Accepted { hash: change.hash }
                }
                Ok(Replayed::Replaced(change)) => Verdict::Replaced { hash: change.hash },
                Err(refusal) => {
                    Verdict::Refused { problem: refusal.kind, title: String::new(), detail: refusal.detail }
                }
            }
        };
        self.largest = self.largest.max(request.commands.len());
        let mut results = Vec::new();
        for envelope in &request.commands {
            let verdict = if self.refuses {
                Verdict::Refused {
                    problem: ProblemKind::NotYourRound,
                    title: String::new(),
                    detail: String::new(),
                }
            } else {
                judge(envelope, &mut self.round)
            };
            results.push(CommandResult { id: envelope.id, verdict });
        }
        self.feed += 1;
        let summary = Summary::of(&self.round).unwrap().pack();
        let news = DocumentNews {
            id: ROUND,
            kind: "round".to_owned(),
            summary,
            whole: true,
            bytes: self.round.save(),
            heads: self.round.heads(),
            #[cfg(feature = "json")]
            content: None,
        };
        SyncResponse {
            cursor: Cursor { generation: 1, feed: self.feed, caught_up: self.feed },
            more: false,
            resync: std::mem::take(&mut self.is_restored),
            results,
            documents: if self.only_verdicts { Vec::new() } else { vec![news] },
            dropped: Vec::new(),
            lease_days: 35,
            notices: if self.only_verdicts { vec![Notice::update_needed()] } else { Vec::new() },
        }
    }
}

/// A phone: its replica, and a disk that can be full.
struct Phone {
    replica: Replica,
    disk_takes: bool,
    kept: Vec<CommandId>,
    not_kept: Vec<CommandId>,
    written: Vec<Writes>,
    now: Timestamp,
    rng: ChaCha8Rng,
}

impl Phone {
    fn new(server: &mut Server) -> Self {
        let replica = Replica::restore(Stored::default(), id(30));
        let mut phone = Self {
            replica,
            disk_takes: true,
            kept: Vec::new(),
            not_kept: Vec::new(),
            written: Vec::new(),
            now: AT,
            rng: ChaCha8Rng::seed_from_u64(1),
        };
        let anna = person(3, Role::Deliverer);
        let signed_in = Input::SignedIn { device: DeviceId(id(40)), person: anna, name: "Anna".to_owned() };
        phone.takes(signed_in, Some(server));
        phone.takes(Input::Sync, Some(server));
        phone
    }

    /// Does everything that follows from this input; without a server nothing is reached.
    fn takes(&mut self, input: Input, mut server: Option<&mut Server>) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            for effect in self.replica.handle(input, self.now, &mut self.rng) {
                match effect {
                    Effect::Save(save, writes) if self.disk_takes => {
                        self.written.push(*writes);
                        inputs.push(Input::Saved(save));
                    }
                    Effect::Save(save, _) => inputs.push(Input::SaveFailed(save)),
                    Effect::Exchange(request) => inputs.push(match server.as_deref_mut() {
                        Some(server) => Input::Answered(Box::new(server.answers(&request))),
                        None => Input::Unreachable,
                    }),
                    Effect::Kept(id) => self.kept.push(id),
                    Effect::NotKept(id) => self.not_kept.push(id),
                    _ => {}
                }
            }
        }
    }

    fn logs(&mut self, n: u128, server: Option<&mut Server>) -> CommandId {
        let command = Box::new(Command::from(log(n)));
        self.takes(Input::Act { id: CommandId(id(n)), document: ROUND, command }, server);
        CommandId(id(n))
    }

    fn state(&self, id: CommandId) -> Option<CommandState> {
        self.replica
            .commands()
            .into_iter()
            .find(|command| command.envelope.id == id)
            .map(|command| command.state.clone())
    }

    fn history(&mut self) -> usize {
        match self.replica.content(ROUND) {
            Some(crate::summary::Content::Round(round)) => round.history.len(),
            _ => 0,
        }
    }
}

#[test]
fn a_refused_act_can_be_tried_again_and_counts_once() {
    let mut server = Server::new();
    let mut phone = Phone::new(&mut server);
    server.refuses = true;
    let first = phone.logs(50, Some(&mut server));
    assert!(matches!(
        phone.state(first),
        Some(CommandState::Refused { problem: ProblemKind::NotYourRound, .. })
    ));
    assert_eq!((phone.replica.status().refused, phone.history()), (1, 0));
    // The coordinator put it right; the person tries again.
    server.refuses = false;
    let second = CommandId(id(51));
    phone.takes(Input::Retry { refused: first, id: second }, Some(&mut server));
    assert!(matches!(phone.state(second), Some(CommandState::Acknowledged { .. })));
    assert_eq!(phone.state(first), None, "the new one stands in its place");
    assert_eq!((phone.replica.status().refused, phone.replica.status().unsent), (0, 0));
    assert_eq!((phone.history(), RoundView::read(&server.round).history.len()), (1, 1));
    // There is nothing to try again any more.
    phone.takes(Input::Retry { refused: first, id: CommandId(id(52)) }, Some(&mut server));
    assert_eq!(RoundView::read(&server.round).history.len(), 1);
}

#[test]
fn a_refused_act_that_is_refused_again_stays_to_be_looked_at() {
    let mut server = Server::new();
    let mut phone = Phone::new(&mut server);
    server.refuses = true;
    let first = phone.logs(50, Some(&mut server));
    let second = CommandId(id(51));
    phone.takes(Input::Retry { refused: first, id: second }, Some(&mut server));
    assert!(matches!(phone.state(second), Some(CommandState::Refused { .. })));
    assert_eq!(phone.replica.status().refused, 1);
    phone.takes(Input::Forget(second), Some(&mut server));
    assert_eq!(phone.replica.status().refused, 0, "a person has dealt with it");
}

#[test]
fn an_act_that_the_disk_does_not_take_did_not_happen() {
    let mut server = Server::new();
    let mut phone = Phone::new(&mut server);
    phone.disk_takes = false;
    let act = phone.logs(50, None);
    assert_eq!((phone.kept.len(), phone.not_kept.as_slice()), (0, &[act][..]));
    assert_eq!((phone.history(), phone.replica.status().unsent), (0, 0));
    phone.disk_takes = true;
    let act = phone.logs(51, None);
    assert_eq!(phone.kept, [act]);
    assert_eq!((phone.history(), phone.replica.status().unsent), (1, 1));
    phone.takes(Input::Sync, Some(&mut server));
    assert_eq!((phone.replica.status().unsent, RoundView::read(&server.round).history.len()), (0, 1));
}

#[test]
fn a_document_that_does_not_read_is_said_to_be_so_and_fetched_anew() {
    let mut server = Server::new();
    let mut phone = Phone::new(&mut server);
    // The disk gives back something else than was written.
    let mut stored = Stored {
        meta: phone.replica.meta().clone(),
        documents: phone.replica.everything().documents,
        commands: Vec::new(),
    };
    stored.documents[0].confirmed.truncate(40);
    phone.replica = Replica::restore(stored, id(31));
    let act = phone.logs(50, None);
    assert_eq!(phone.state(act), None, "nothing is kept of an act on what does not read");
    phone.takes(Input::Sync, Some(&mut server));
    let act = phone.logs(51, Some(&mut server));
    assert!(matches!(phone.state(act), Some(CommandState::Acknowledged { .. })));
}

#[test]
fn after_the_lease_nothing_is_shown_until_there_is_contact() {
    let mut server = Server::new();
    let phone = Phone::new(&mut server);
    assert!(!phone.replica.locked(AT.plus_millis(35 * DAY_MS)));
    assert!(phone.replica.locked(AT.plus_millis(35 * DAY_MS + 1)));
}

#[test]
fn an_app_that_is_too_old_still_shows_what_was_done_with_it() {
    let mut server = Server::new();
    let mut phone = Phone::new(&mut server);
    server.only_verdicts = true;
    let act = phone.logs(50, Some(&mut server));
    assert!(matches!(phone.state(act), Some(CommandState::Acknowledged { .. })));
    assert!(phone.replica.status().update_needed);
    assert_eq!((phone.history(), phone.replica.status().unsent), (1, 0));
    let row = phone.replica.row(ROUND).cloned();
    assert!(matches!(row, Some(Summary::Round(round)) if round.done() == 1));
    // After a new start too, and once the app is new the rest comes.
    let stored = Stored {
        meta: phone.replica.meta().clone(),
        documents: phone.replica.everything().documents,
        commands: Vec::new(),
    };
    phone.replica = Replica::restore(stored, id(31));
    assert_eq!(phone.history(), 1);
    server.only_verdicts = false;
    phone.takes(Input::Sync, Some(&mut server));
    assert!(!phone.replica.status().update_needed);
    assert_eq!(phone.history(), 1);
}

#[test]
fn what_arrived_is_kept_for_thirty_days_of_contact() {
    let mut server = Server::new();
    let mut phone = Phone::new(&mut server);
    let act = phone.logs(50, Some(&mut server));
    phone.now = AT.plus_millis(30 * DAY_MS);
    phone.takes(Input::Sync, Some(&mut server));
    assert!(matches!(phone.state(act), Some(CommandState::Acknowledged { .. })));
    phone.now = AT.plus_millis(30 * DAY_MS + 1);
    phone.takes(Input::Sync, None);
    assert!(phone.state(act).is_some(), "without contact nothing is forgotten");
    phone.takes(Input::Sync, Some(&mut server));
    assert_eq!(phone.state(act), None);
    assert_eq!(phone.history(), 1, "what it did stays");
}

#[test]
fn a_phone_that_hears_late_of_a_backup_sends_again_what_the_server_lost() {
    let mut server = Server::new();
    let backup = server.round.clone();
    let mut phone = Phone::new(&mut server);
    let act = phone.logs(50, Some(&mut server));
    assert_eq!(RoundView::read(&server.round).history.len(), 1);
    // Put back within the month, and the phone is away for longer than that.
    (server.round, server.is_restored) = (backup, true);
    phone.now = AT.plus_millis(45 * DAY_MS);
    phone.takes(Input::Sync, Some(&mut server));
    assert_eq!(RoundView::read(&server.round).history.len(), 1, "it was called arrived");
    assert!(matches!(phone.state(act), Some(CommandState::Acknowledged { .. })));
    assert_eq!(phone.history(), 1);
}

#[test]
fn what_is_too_large_for_the_server_is_not_called_kept() {
    let mut server = Server::new();
    let mut phone = Phone::new(&mut server);
    let long = LogDelivery { wish: "é".repeat(3_900), note: "é".repeat(3_900), ..log(50) };
    let id = CommandId(id(50));
    let command = Box::new(Command::from(long));
    phone.takes(Input::Act { id, document: ROUND, command }, Some(&mut server));
    assert!(phone.kept.contains(&id), "two long texts fit");
    // 4,000 characters of four bytes each are more than an act may weigh.
    let longer = LogDelivery { wish: "🚲".repeat(4_000), note: "🚲".repeat(4_000), ..log(51) };
    let id = CommandId(super::tests::id(51));
    let command = Box::new(Command::from(longer));
    phone.takes(Input::Act { id, document: ROUND, command }, Some(&mut server));
    assert!(!phone.kept.contains(&id) && phone.state(id).is_none());
    assert_eq!(phone.history(), 1);
}

#[test]
fn another_person_on_the_same_phone_sends_nothing_of_who_came_before() {
    let mut server = Server::new();
    let mut phone = Phone::new(&mut server);
    let act = phone.logs(50, None);
    phone.takes(Input::SignedOut, None);
    let bram = person(4, Role::Deliverer);
    let signed_in =
        |person, name: &str| Input::SignedIn { device: DeviceId(id(41)), person, name: name.to_owned() };
    phone.takes(signed_in(bram, "Bram"), Some(&mut server));
    phone.takes(Input::Sync, Some(&mut server));
    assert_eq!(phone.state(act), Some(CommandState::Pending), "it waits for its own person");
    assert_eq!(RoundView::read(&server.round).history.len(), 0);
    phone.takes(Input::SignedOut, None);
    phone.takes(signed_in(person(3, Role::Deliverer), "Anna"), Some(&mut server));
    phone.takes(Input::Sync, Some(&mut server));
    assert!(matches!(phone.state(act), Some(CommandState::Acknowledged { .. })));
    assert_eq!(RoundView::read(&server.round).history.len(), 1);
}

#[test]
fn an_app_that_is_not_understood_says_so_and_keeps_what_it_has() {
    let mut server = Server::new();
    let mut phone = Phone::new(&mut server);
    let act = phone.logs(50, None);
    let answers = |phone: &mut Phone, problem| {
        phone.replica.handle(Input::Sync, AT, &mut phone.rng);
        let effects = phone.replica.handle(Input::Rejected(problem), AT, &mut phone.rng);
        assert!(effects.iter().any(|effect| matches!(effect, Effect::WakeAfter(_))), "tried again later");
        phone.replica.status().reach
    };
    for problem in [ProblemKind::BodyTooLarge, ProblemKind::InvalidRequest, ProblemKind::TooManyCommands] {
        assert_eq!(answers(&mut phone, problem), Reach::Rejected(problem));
    }
    for problem in [ProblemKind::StorageUnavailable, ProblemKind::TooManyRequests, ProblemKind::InternalError]
    {
        assert_eq!(answers(&mut phone, problem), Reach::Busy);
    }
    assert_eq!(phone.state(act), Some(CommandState::Pending));
    phone.takes(Input::Sync, Some(&mut server));
    assert!(matches!(phone.state(act), Some(CommandState::Acknowledged { .. })));
    assert_eq!(phone.replica.status().reach, Reach::Reached);
}

#[test]
fn more_than_one_request_can_carry_goes_in_several() {
    let mut server = Server::new();
    let mut phone = Phone::new(&mut server);
    let acts: Vec<CommandId> = (1_000..1_520).map(|n| phone.logs(n, None)).collect();
    phone.takes(Input::Sync, Some(&mut server));
    assert!(server.largest <= COMMANDS_MAX, "{} at once", server.largest);
    let arrived = |act: &CommandId| matches!(phone.state(*act), Some(CommandState::Acknowledged { .. }));
    assert!(acts.iter().all(arrived));
    assert_eq!(RoundView::read(&server.round).history.len(), acts.len());
}
