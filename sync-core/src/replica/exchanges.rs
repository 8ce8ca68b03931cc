//! A property of whole exchanges: however requests and answers are lost, doubled and late, what was kept arrives once, and every copy ends
//! equal to the server's. The simulation asks the same of the real server; here a counterexample is made small.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng as _;
use uuid::Uuid;

use super::{Effect, Input, Replica, Stored};
use crate::access::{Membership, Person, Role};
use crate::command::{Act, Command};
use crate::deliveries::view::RoundView;
use crate::deliveries::{Assignee, DaySegment, LogDelivery, NewStop, Outcome, PlanRound};
use crate::document::{Document, DocumentKind};
use crate::ids::{BranchId, CommandId, DeviceId, DocumentId, LogId, ReaderId, StopId, UserId};
use crate::ledger::{self, Outcome as Replayed};
use crate::summary::{Content, Summary};
use crate::sync::message::{
    CommandResult, Cursor, DocumentNews, Envelope, SyncRequest, SyncResponse, Verdict,
};
use crate::time::Timestamp;

const AT: Timestamp = Timestamp(1_795_507_200_000);
const ROUND: DocumentId = DocumentId(Uuid::from_u128(7));
const PHONES: usize = 3;
const STOPS: usize = 3;
/// Between two events, in milliseconds: longer than a phone waits before it asks again.
const STEP_MS: i64 = 20 * 60_000;

fn id(n: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(n).unwrap())
}

fn person(n: usize, role: Role) -> Person {
    Person { user: UserId(id(n)), memberships: vec![Membership { branch: BranchId(id(1)), role }] }
}

/// The server: a round, and what was answered to which command.
struct Server {
    round: Document,
    answered: BTreeMap<CommandId, Verdict>,
    feed: u64,
}

impl Server {
    fn new() -> Self {
        let planned = Command::from(PlanRound {
            branch: BranchId(id(1)),
            name: "Gieten-Zuid".to_owned(),
            on: AT.local_date(),
            day_segment: DaySegment::Afternoon,
            assignees: (0..PHONES)
                .map(|n| Assignee { user: UserId(id(100 + n)), name: format!("Anna {n}") })
                .collect(),
            stops: (0..STOPS)
                .map(|n| NewStop {
                    stop: StopId(id(10 + n)),
                    reader: ReaderId(id(50 + n)),
                    bag: String::new(),
                    bring: String::new(),
                    fetch: String::new(),
                })
                .collect(),
        });
        let by = person(2, Role::DeliveryCoordinator);
        let mut round = Document::skeleton(DocumentKind::Round).unwrap();
        planned.run(&mut round, id(6), &Act { id: CommandId(id(5)), by: &by, at: AT }).unwrap();
        Self { round, answered: BTreeMap::new(), feed: 1 }
    }

    fn judge(&mut self, envelope: &Envelope, by: &Person) -> Verdict {
        if let Some(known) = self.answered.get(&envelope.id) {
            return known.clone();
        }
        let command = Command::read(&envelope.kind, &envelope.body).unwrap();
        let verdict = match ledger::replay(&mut self.round, true, envelope, &command, by) {
            Ok(Replayed::Accepted(change) | Replayed::Erased(change)) => {
                Verdict::Accepted { hash: change.hash }
            }
            Ok(Replayed::Replaced(change)) => Verdict::Replaced { hash: change.hash },
            Err(refusal) => {
                Verdict::Refused { problem: refusal.kind, title: String::new(), detail: refusal.detail }
            }
        };
        self.answered.insert(envelope.id, verdict.clone());
        self.feed += 1;
        verdict
    }

    fn answers(&mut self, by: &Person, request: &SyncRequest) -> SyncResponse {
        let results = request
            .commands
            .iter()
            .map(|envelope| CommandResult { id: envelope.id, verdict: self.judge(envelope, by) })
            .collect();
        let news = DocumentNews {
            id: ROUND,
            kind: "round".to_owned(),
            summary: Summary::of(&self.round).unwrap().pack(),
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
            documents: vec![news],
            dropped: Vec::new(),
            lease_days: 35,
            notices: Vec::new(),
        }
    }
}

struct Phone {
    person: Person,
    replica: Replica,
    rng: ChaCha8Rng,
    /// What it asked and has no answer to.
    asks: Option<SyncRequest>,
    kept: Vec<CommandId>,
}

impl Phone {
    fn new(n: usize) -> Self {
        let person = person(100 + n, Role::Deliverer);
        let mut phone = Self {
            person: person.clone(),
            replica: Replica::restore(Stored::default(), id(200 + n)),
            rng: ChaCha8Rng::seed_from_u64(u64::try_from(n).unwrap()),
            asks: None,
            kept: Vec::new(),
        };
        let name = format!("Anna {n}");
        phone.takes(Input::SignedIn { device: DeviceId(id(300 + n)), person, name }, AT);
        phone
    }

    fn takes(&mut self, input: Input, now: Timestamp) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            for effect in self.replica.handle(input, now, &mut self.rng) {
                match effect {
                    Effect::Save(save, _) => inputs.push(Input::Saved(save)),
                    Effect::Exchange(request) => self.asks = Some(*request),
                    Effect::Kept(id) => self.kept.push(id),
                    _ => {}
                }
            }
        }
    }

    /// What it sends now, if it has anything to ask.
    fn sends(&mut self, now: Timestamp) -> Option<SyncRequest> {
        if self.asks.is_none() {
            self.takes(Input::Sync, now);
        }
        self.asks.take()
    }
}

/// What happens to a phone or to what it sent.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A visit is told; of a stop that was told before as a correction, or as an answer beside it.
    Log { stop: usize, outcome: usize, corrects: bool },
    /// A request and its answer arrive.
    Exchange,
    /// The request goes astray.
    LostRequest,
    /// The answer goes astray.
    LostAnswer,
    /// The request arrives twice.
    Doubled,
    /// Requests that went astray arrive after all, and nobody hears their answers.
    LateRequests,
    /// An answer that went astray arrives after all.
    LateAnswer,
}

fn events() -> impl Strategy<Value = Vec<(usize, Event)>> {
    let event = prop_oneof![
        4 => (0..STOPS, 0..Outcome::ALL.len() - 1, any::<bool>())
            .prop_map(|(stop, outcome, corrects)| Event::Log { stop, outcome, corrects }),
        3 => Just(Event::Exchange),
        1 => Just(Event::LostRequest),
        1 => Just(Event::LostAnswer),
        1 => Just(Event::Doubled),
        1 => Just(Event::LateRequests),
        1 => Just(Event::LateAnswer),
    ];
    prop::collection::vec((0..PHONES, event), 1..40)
}

/// The phones, the server, and what is on its way between them.
struct Wire {
    server: Server,
    phones: Vec<Phone>,
    requests: Vec<(usize, SyncRequest)>,
    answers: Vec<(usize, SyncResponse)>,
    now: Timestamp,
    count: usize,
}

impl Wire {
    fn new() -> Self {
        let phones = (0..PHONES).map(Phone::new).collect();
        let mut wire = Self {
            server: Server::new(),
            phones,
            requests: Vec::new(),
            answers: Vec::new(),
            now: AT,
            count: 0,
        };
        for n in 0..PHONES {
            wire.happens(n, Event::Exchange);
        }
        wire
    }

    fn logs(&mut self, n: usize, (stop, outcome, corrects): (usize, usize, bool)) {
        self.count += 1;
        let phone = &mut self.phones[n];
        let told = match phone.replica.content(ROUND) {
            Some(Content::Round(round)) => round.stops[stop].logs.iter().map(|log| log.log).collect(),
            _ => Vec::new(),
        };
        let log = LogDelivery {
            log: LogId(id(1_000 + self.count)),
            stop: StopId(id(10 + stop)),
            outcome: Outcome::ALL[outcome],
            items_out: None,
            items_in: None,
            wish: String::new(),
            note: String::new(),
            corrects: if corrects { told } else { Vec::new() },
        };
        let (command, id) = (Box::new(Command::from(log)), CommandId(id(1_000 + self.count)));
        phone.takes(Input::Act { id, document: ROUND, command }, self.now);
    }

    fn happens(&mut self, n: usize, event: Event) {
        self.now = self.now.plus_millis(STEP_MS);
        let now = self.now;
        match event {
            Event::Log { stop, outcome, corrects } => return self.logs(n, (stop, outcome, corrects)),
            Event::LateRequests => {
                for (n, request) in core::mem::take(&mut self.requests) {
                    self.server.answers(&self.phones[n].person, &request);
                }
                return;
            }
            Event::LateAnswer => {
                if let Some((n, answer)) = self.answers.pop() {
                    self.phones[n].takes(Input::Answered(Box::new(answer)), now);
                }
                return;
            }
            Event::Exchange | Event::LostRequest | Event::LostAnswer | Event::Doubled => {}
        }
        let phone = &mut self.phones[n];
        let Some(request) = phone.sends(now) else { return };
        if matches!(event, Event::LostRequest) {
            self.requests.push((n, request));
            return phone.takes(Input::Unreachable, now);
        }
        if matches!(event, Event::Doubled) {
            self.server.answers(&phone.person, &request);
        }
        let answer = self.server.answers(&phone.person, &request);
        if matches!(event, Event::LostAnswer) {
            self.answers.push((n, answer));
            phone.takes(Input::Unreachable, now);
        } else {
            phone.takes(Input::Answered(Box::new(answer)), now);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn however_messages_go_astray_every_log_counts_once_and_all_copies_end_equal(events in events()) {
        let mut wire = Wire::new();
        for (n, event) in events {
            wire.happens(n, event);
        }
        // Everybody has a network, for as long as it takes: what they send, what others sent, and once more.
        for _ in 0..3 {
            for n in 0..PHONES {
                wire.happens(n, Event::Exchange);
            }
        }
        let server = RoundView::read(&wire.server.round);
        let kept: usize = wire.phones.iter().map(|phone| phone.kept.len()).sum();
        prop_assert_eq!(kept, wire.count, "nothing was refused on a phone");
        let refused = wire.server.answered.values().filter(|one| matches!(one, Verdict::Refused { .. })).count();
        prop_assert_eq!(server.history.len(), kept - refused, "each once");
        for phone in &mut wire.phones {
            let status = phone.replica.status();
            prop_assert_eq!(status.unsent, 0);
            let own = phone.replica.confirmed(ROUND).unwrap();
            prop_assert_eq!(own.heads(), wire.server.round.heads());
            let shown = phone.replica.content(ROUND);
            let Some(Content::Round(shown)) = shown else { return Err(TestCaseError::fail("no round")) };
            prop_assert_eq!(&shown, &server, "what is shown is what the server has");
        }
    }
}
