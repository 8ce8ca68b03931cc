//! The phone's copy beside a server in a few lines: what is refused, tried again, dropped, and what the disk does not take.

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng as _;
use uuid::Uuid;

use super::{CommandState, Effect, Input, Replica, Stored, Writes};
use crate::access::{Membership, Person, Role};
use crate::command::{Act, Command};
use crate::deliveries::view::RoundView;
use crate::deliveries::{Assignee, DaySegment, LogDelivery, NewStop, Outcome, PlanRound};
use crate::document::{Document, DocumentKind};
use crate::ids::{BranchId, CommandId, DeviceId, DocumentId, LogId, ReaderId, StopId, UserId};
use crate::ledger::{self, Outcome as Replayed};
use crate::problem::ProblemKind;
use crate::summary::Summary;
use crate::sync::message::{CommandResult, Cursor, DocumentNews, Notice, SyncRequest, SyncResponse, Verdict};
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
        Self { round, refuses: false, only_verdicts: false, feed: 1 }
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
            resync: false,
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
            for effect in self.replica.handle(input, AT, &mut self.rng) {
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
