//! A world that lives from a seed: a server with a real database in memory, and phones that go offline, crash, run out of
//! room, lose and double messages, and have wrong clocks. The same seed gives the same life.

mod founding;
mod hardship;
mod taalhuis;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, Statement};
use server::app_state::AppState;
use server::auth::Actor;
use server::clock::Clock;
use server::db::Db;
use server::sync::entity::document;
use server::sync::exchange::exchange;
use server::{after_restore, backup, maintenance};
use sync_core::command::Command;
use sync_core::deliveries::view::StopState;
use sync_core::deliveries::{
    AddStop, AssignRound, Assignee, CancelRound, ChangeReader, ChangeStop, DaySegment, EraseReader,
    LogDelivery, MoveRound, NewStop, OrderRound, Outcome as Visit, PlanRound, RaiseSignal, ReaderChanges,
    ReaderProfile, ReaderStatus, RecordKilometres, RegisterReader, RemoveStop, SetReaderStatus, SettleSignal,
    SignalKind, SignalState, WithdrawDeliveryLog,
};
use sync_core::ids::{BranchId, DocumentId, OrganisationId, ReaderId, RoundId, SignalId};
use sync_core::replica::{CommandState, KEEP_ACKNOWLEDGED_DAYS};
use sync_core::summary::{Content, Summary};
use sync_core::sync::message::{Envelope, PROTOCOL, SyncRequest, Verdict};
use sync_core::time::{DAY_MS, LocalDate, Timestamp, days_after};
use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;

use crate::may_read::Library;
use crate::phone::{Disk, Phone};
use crate::recorded;
use crate::server::{MORNING, config};
use crate::{Kind, Outcome};

/// How many volunteers and coordinators there are.
const VOLUNTEERS: usize = 16;
const COORDINATORS: usize = 4;
/// How many documents an answer holds at the most.
const PAGE: u32 = 20;
/// In a shared installation: tries to reach the other library, in a thousand events.
const INTRUSIONS: usize = 60;
/// In a long life: how many times the usual time passes between two events, and how often somebody leaves, in a thousand of the own events.
const LONG_STEP: i64 = 4;
const LEAVES: usize = 60;
/// Of so many answers one is compared with what its person may read at that moment.
const LOOKED_AT: u64 = 40;
/// How many rounds of exchanges it takes at the most until nothing moves: a phone's clock that is off makes it wait some.
const ROUNDS_TO_REST: usize = 40;
/// What every learner of a group is called in it, before a number.
pub const NAMED: &str = "Naam";
/// How many events are told when something breaks.
const TOLD: usize = 50;

/// How rough life is: chances in a thousand.
#[derive(Clone, Copy, Debug)]
pub struct Roughness {
    /// A request is lost on its way.
    pub lost_request: usize,
    /// An answer is lost after the commit.
    pub lost_answer: usize,
    /// A request arrives twice.
    pub doubled: usize,
    /// A phone's disk refuses.
    pub full_disk: usize,
    /// A phone is killed while it writes.
    pub killed: usize,
}

impl Default for Roughness {
    fn default() -> Self {
        Self { lost_request: 80, lost_answer: 80, doubled: 60, full_disk: 15, killed: 25 }
    }
}

/// A server, phones, and what happened.
pub struct World {
    /// What the server's requests can reach.
    pub state: AppState,
    /// The phones.
    pub phones: Vec<Phone>,
    /// Now.
    pub now: Timestamp,
    /// Its organisations: of one or two libraries on one installation. The phones belong to them in turn.
    pub organisations: Vec<OrganisationId>,
    /// The seed it lives from.
    pub seed: u64,
    roughness: Roughness,
    rng: ChaCha8Rng,
    branches: Vec<BranchId>,
    events: Vec<String>,
    /// The last backup, and when it was made.
    backup: Option<(std::path::PathBuf, Timestamp)>,
    backups: usize,
    /// Documents that were written anew, without their history.
    pub anew: BTreeSet<Uuid>,
    /// What phones did and the server took as it was; in lives that are recorded.
    pub acts: Mutex<Vec<recorded::Act>>,
    is_recorded: bool,
    flavour: Flavour,
    luggage: hardship::Luggage,
    /// How many requests were answered.
    answered: AtomicU64,
    folder: TempDir,
    stop: watch::Sender<bool>,
}

/// What kind of life it is, and where.
#[derive(Clone, Debug)]
struct Flavour {
    /// Whether there is a Taalhuis in it.
    teaches: bool,
    /// Whether what is rare happens too.
    is_hard: bool,
    /// Whether people stay away for weeks.
    is_long: bool,
    /// A database on PostgreSQL; an SQLite file of its own when there is none.
    database: Option<String>,
}

/// How often something rare happens where it does, in a thousand events.
const HARDSHIPS: usize = 150;

fn fixed(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
}

impl World {
    /// A world from a seed: two branches and twenty people, nothing planned yet.
    pub async fn new(kind: Kind, seed: u64, database: Option<String>) -> Outcome<Self> {
        let libraries = if kind == Kind::Shared { 2 } else { 1 };
        let organisations = (1..=libraries).map(|number| OrganisationId(fixed(number))).collect();
        let flavour = Flavour {
            teaches: kind == Kind::Taalhuis,
            // Every second life of a Taalhuis has in it what is rare too.
            is_hard: kind == Kind::Hard || kind == Kind::Taalhuis && seed % 2 == 1,
            is_long: kind == Kind::Away,
            database,
        };
        Self::with(seed, organisations, flavour).await
    }

    async fn with(seed: u64, organisations: Vec<OrganisationId>, flavour: Flavour) -> Outcome<Self> {
        let folder = founding::folder()?;
        let clock = Clock::set(MORNING);
        let own = || format!("sqlite:{}", folder.path().join("noaber.db").display());
        let url = flavour.database.clone().unwrap_or_else(own);
        let db = Db::open(&url).await?;
        maintenance::migrate(&db).await?;
        let (stop, stopping) = watch::channel(false);
        let branches = vec![BranchId(fixed(11)), BranchId(fixed(12))];
        founding::libraries(&db, &organisations, &branches).await?;
        let people = founding::people(&db, &organisations, &branches, flavour.teaches).await?;
        let state = AppState::start(config(folder.path(), &url, "http://localhost:1")?, db, clock, stopping)?;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut phones = Vec::new();
        for (index, (name, person, device)) in people.into_iter().enumerate() {
            let mut phone = Phone::new(&name, person, device, rng.next_u64(), MORNING);
            // One phone in ten has a clock that is days or years off.
            if index % 10 == 7 {
                phone.clock_off =
                    [-3 * DAY_MS, 400 * DAY_MS, -3_650 * DAY_MS][usize::try_from(rng.next_u32() % 3)?];
            }
            // Ten years ahead as well, in lives that are long anyway: those of before stay what they were.
            if flavour.is_long && index % 10 == 3 {
                phone.clock_off = 3_650 * DAY_MS;
            }
            phones.push(phone);
        }
        Ok(Self {
            state,
            phones,
            now: MORNING,
            organisations,
            seed,
            roughness: Roughness::default(),
            rng,
            branches,
            events: Vec::new(),
            backup: None,
            backups: 0,
            anew: BTreeSet::new(),
            acts: Mutex::default(),
            is_recorded: false,
            flavour,
            luggage: hardship::Luggage::default(),
            answered: AtomicU64::new(0),
            folder,
            stop,
        })
    }

    /// Notes from now on what phones do.
    pub const fn records(&mut self) {
        self.is_recorded = true;
    }

    /// The library of a phone.
    #[must_use]
    pub fn organisation_of(&self, index: usize) -> OrganisationId {
        self.organisations[index % self.organisations.len()]
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.rng.next_u32()).unwrap_or_default() % limit.max(1)
    }

    fn happens(&mut self, of_thousand: usize) -> bool {
        self.below(1_000) < of_thousand
    }

    fn tell(&mut self, event: impl Into<String>) {
        let mut line = String::new();
        let _ = write!(line, "{} {}", self.now.as_millis(), event.into());
        self.events.push(line);
    }

    /// The last events, for a broken promise.
    #[must_use]
    pub fn last_events(&self) -> String {
        self.events[self.events.len().saturating_sub(TOLD)..].join("\n")
    }

    /// Everything that happened, and how all documents ended: equal for equal seeds.
    pub async fn story(&self) -> Outcome<String> {
        let mut story = self.events.join("\n");
        if self.state.db.is_postgres() {
            return Ok(story);
        }
        let sql = "SELECT hex(id) || ' ' || feed || ' ' || hex(heads) AS line FROM documents ORDER BY id";
        let backend = self.state.db.read.get_database_backend();
        for row in self.state.db.read.query_all_raw(Statement::from_string(backend, sql)).await? {
            let line: String = row.try_get("", "line")?;
            let _ = write!(story, "\n{line}");
        }
        Ok(story)
    }

    fn is_volunteer(index: usize) -> bool {
        index < VOLUNTEERS
    }

    /// Life for so many days.
    pub async fn lives(&mut self, days: i64) -> Outcome {
        for index in VOLUNTEERS..VOLUNTEERS + COORDINATORS {
            for _ in 0..4 {
                self.registers_reader(index);
            }
            if self.flavour.teaches {
                self.begins_taalhuis(index);
            }
            self.exchanges(index).await?;
        }
        let end = self.now.plus_millis(days * DAY_MS);
        while self.now < end {
            let minutes = 4 + i64::try_from(self.below(36))?;
            // Of a long life less is told of each day.
            let minutes = if self.flavour.is_long { minutes * LONG_STEP } else { minutes };
            self.now = self.now.plus_millis(minutes * 60_000);
            self.state.clock.move_to(self.now);
            let index = self.below(self.phones.len());
            if self.flavour.is_long && self.is_away(index) {
                if self.phones[index].replica.locked(self.now) {
                    self.tell(format!("{}: too long without contact", self.phones[index].name));
                }
                self.acts(index);
                continue;
            }
            // Only where there is another library: the lives of one library stay what they were.
            if self.organisations.len() > 1 && self.happens(INTRUSIONS) {
                self.intrudes(index).await?;
            }
            if self.flavour.is_hard && self.happens(HARDSHIPS) {
                self.hardship(index).await?;
                continue;
            }
            match self.below(100) {
                0..45 => self.acts(index),
                45..92 => {
                    self.exchanges(index).await?;
                }
                92..96 => {
                    self.tell(format!("{} restarts", self.phones[index].name));
                    let now = self.now;
                    self.phones[index].restart(now);
                }
                96..98 => self.deals_with_refusal(index),
                98 => self.backs_up().await?,
                _ => Box::pin(self.restores()).await?,
            }
        }
        Ok(())
    }

    /// Whether this phone has no contact now; now and then somebody leaves for one to seven weeks, and works on without.
    fn is_away(&mut self, index: usize) -> bool {
        if self.happens(LEAVES) && self.phones[index].away_until <= self.now {
            let days = 7 + i64::try_from(self.below(43)).unwrap_or_default();
            self.phones[index].away_until = self.now.plus_millis(days * DAY_MS);
            self.tell(format!("{} is away for {days} days", self.phones[index].name));
        }
        self.now < self.phones[index].away_until
    }

    /// Everybody has a network, and exchanges until nothing moves; where there is a Taalhuis also after the nights in which documents are
    /// written anew.
    pub async fn settles(&mut self) -> Outcome {
        self.tell("all is quiet");
        self.come_to_rest().await?;
        if self.flavour.teaches {
            self.night_passes(0).await?;
            self.come_to_rest().await?;
        }
        Ok(())
    }

    async fn come_to_rest(&mut self) -> Outcome {
        self.roughness = Roughness { lost_request: 0, lost_answer: 0, doubled: 0, full_disk: 0, killed: 0 };
        // A phone that hears nothing new may still have to hear what the next one sends: quiet is a whole round of nothing.
        for _ in 0..ROUNDS_TO_REST {
            let mut moved = false;
            for index in 0..self.phones.len() {
                while self.exchanges(index).await? {
                    moved = true;
                }
            }
            let busy = self
                .phones
                .iter()
                .any(|phone| phone.commands().iter().any(|command| command.state == CommandState::Pending));
            if !moved && !busy {
                return Ok(());
            }
        }
        Err("the phones never come to rest".into())
    }

    /// A phone tries to exchange; the network does what it does. Whether anything moved.
    pub async fn exchanges(&mut self, index: usize) -> Outcome<bool> {
        let now = self.now;
        if self.happens(self.roughness.full_disk) {
            self.phones[index].next_disk = Disk::Refuses;
        } else if self.happens(self.roughness.killed) {
            let kept = self.below(2) == 0;
            self.phones[index].next_disk = Disk::Dies { kept };
        }
        let Some(request) = self.phones[index].asks(now) else { return Ok(false) };
        let name = self.phones[index].name.clone();
        if self.happens(self.roughness.lost_request) {
            self.tell(format!("{name}: request lost"));
            self.phones[index].hears_nothing(now);
            return Ok(true);
        }
        if self.happens(self.roughness.doubled) {
            self.tell(format!("{name}: request doubled"));
            self.answers(index, request.clone()).await?;
        }
        let commands = request.commands.len();
        let response = self.answers(index, request).await?;
        if self.happens(self.roughness.lost_answer) {
            self.tell(format!("{name}: answer lost after {commands} commands"));
            self.phones[index].hears_nothing(now);
            return Ok(true);
        }
        self.tell(format!(
            "{name}: {commands} commands, {} documents, {} dropped, feed {}{}",
            response.documents.len(),
            response.dropped.len(),
            response.cursor.feed,
            if response.resync { ", anew" } else { "" }
        ));
        let news = !response.documents.is_empty() || !response.dropped.is_empty();
        let moved = commands > 0 || news || response.more || response.resync;
        self.phones[index].hears(response, now);
        Ok(moved)
    }

    async fn answers(
        &self,
        index: usize,
        mut request: SyncRequest,
    ) -> Outcome<sync_core::sync::message::SyncResponse> {
        // Small pages, so that a first sync is interrupted by what others do meanwhile.
        request.want = PAGE;
        let actor = self.actor(index);
        let sent = if self.is_recorded { request.commands.clone() } else { Vec::new() };
        let answer =
            exchange(&self.state, &actor, request).await.map_err(|problem| format!("{problem:?}"))?;
        recorded::note(&self.acts, &actor.person, sent, &answer.results);
        let nth = self.answered.fetch_add(1, Ordering::Relaxed);
        if (self.flavour.is_long || self.flavour.is_hard) && nth.is_multiple_of(LOOKED_AT) {
            let may = Library::open(self, actor.organisation).await?.of(actor.person.user);
            if let Some(news) = answer.documents.iter().find(|news| !may.contains_key(&news.id)) {
                let name = &self.phones[index].name;
                return Err(format!("{name} was given {} and may not read it", news.id).into());
            }
        }
        Ok(answer)
    }

    fn actor(&self, index: usize) -> Actor {
        let phone = &self.phones[index];
        Actor {
            organisation: self.organisation_of(index),
            person: phone.person.clone(),
            device: phone.device,
        }
    }

    /// Somebody who learnt an id of the other library tries everything with it; nothing may come of it.
    pub async fn intrudes(&mut self, index: usize) -> Outcome {
        let now = self.now;
        // A neighbour, volunteer or coordinator, is of the other library.
        let other = VOLUNTEERS + (index + 1) % 2;
        let theirs: Vec<DocumentId> = self.phones[other].replica.documents().map(|one| one.id).collect();
        let Some(target) = theirs.get(self.below(theirs.len())).copied() else { return Ok(()) };
        let foreign = self.branches[(index + 1) % 2];
        let phone = &mut self.phones[index];
        let profile = ReaderProfile { name: "Indringer".to_owned(), ..ReaderProfile::default() };
        let changes = ReaderChanges { mobility: Some("Indringer".to_owned()), ..ReaderChanges::default() };
        let tries: Vec<(DocumentId, Command)> = vec![
            (target, RecordKilometres { metres: 1 }.into()),
            (target, CancelRound { reason: "Indringer".to_owned() }.into()),
            (target, ChangeReader { changes }.into()),
            (target, EraseReader {}.into()),
            (target, SettleSignal { state: SignalState::TakenUp, note: "Indringer".to_owned() }.into()),
            (phone.fresh(now), RegisterReader { branch: foreign, profile }.into()),
        ];
        let commands = tries
            .into_iter()
            .map(|(document, command)| Envelope::without_base(phone.fresh(now), document, &command, now))
            .collect();
        let request = SyncRequest {
            protocol: PROTOCOL,
            device_id: phone.device,
            cursor: None,
            commands,
            refetch: vec![target],
            want: PAGE,
        };
        let name = phone.name.clone();
        let answer = exchange(&self.state, &self.actor(index), request)
            .await
            .map_err(|problem| format!("{problem:?}"))?;
        self.tell(format!("{name}: intrudes, and gets {} answers", answer.results.len()));
        if answer.documents.iter().any(|news| news.id == target) {
            return Err(format!("{name} was given {target} of another library").into());
        }
        match answer.results.iter().find(|result| !matches!(result.verdict, Verdict::Refused { .. })) {
            Some(result) => Err(format!("{name} acted in another library: {result:?}").into()),
            None => Ok(()),
        }
    }

    fn acts(&mut self, index: usize) {
        if self.happens(self.roughness.full_disk) {
            self.phones[index].next_disk = Disk::Refuses;
        } else if self.happens(self.roughness.killed) {
            let kept = self.below(2) == 0;
            self.phones[index].next_disk = Disk::Dies { kept };
        }
        // Only where there is a Taalhuis: the lives without one stay what they were.
        if self.flavour.teaches && self.below(3) > 0 {
            self.taalhuis_acts(index);
        } else if Self::is_volunteer(index) {
            self.volunteer_acts(index);
        } else {
            self.coordinator_acts(index);
        }
        self.phones[index].next_disk = Disk::Keeps;
    }

    fn rows<T>(&self, index: usize, wanted: impl Fn(DocumentId, &Summary) -> Option<T>) -> Vec<T> {
        self.phones[index].replica.rows().filter_map(|(id, row)| wanted(id, row)).collect()
    }

    fn round(&mut self, index: usize) -> Option<(RoundId, sync_core::deliveries::view::RoundView)> {
        let rounds =
            self.rows(index, |id, row| matches!(row, Summary::Round(_)).then_some(RoundId::from(id)));
        let id = *rounds.get(self.below(rounds.len()))?;
        match self.phones[index].replica.content(id.into()) {
            Some(Content::Round(round)) => Some((id, round)),
            _ => None,
        }
    }

    fn volunteer_acts(&mut self, index: usize) {
        let now = self.now;
        let Some((round, view)) = self.round(index) else { return };
        let pick = self.below(view.stops.len());
        let Some(stop) = view.stops.get(pick).cloned() else { return };
        let choice = self.below(20);
        let log_id = self.phones[index].fresh(now);
        let outcome = Visit::ALL[self.below(Visit::ALL.len() - 1)];
        let text = format!("wens {}", self.below(100));
        let count = u16::try_from(self.below(9)).ok();
        let phone = &mut self.phones[index];
        let acted = match choice {
            0..10 => {
                let corrects = if stop.state == StopState::Planned {
                    Vec::new()
                } else {
                    stop.logs.iter().map(|log| log.log).collect()
                };
                let log = LogDelivery {
                    log: log_id,
                    stop: stop.stop,
                    outcome,
                    items_out: count,
                    items_in: count,
                    wish: text,
                    note: String::new(),
                    corrects,
                };
                phone.acts(round.into(), log, now)
            }
            10..13 if !stop.logs.is_empty() => {
                let corrects = vec![stop.logs[0].log];
                phone.acts(round.into(), WithdrawDeliveryLog { log: log_id, stop: stop.stop, corrects }, now)
            }
            13..16 => {
                let mut order: Vec<_> = view.stops.iter().map(|stop| stop.stop).collect();
                order.rotate_left(pick);
                phone.acts(round.into(), OrderRound { order }, now)
            }
            16..18 => phone.acts(
                round.into(),
                RecordKilometres { metres: 9_000 + u32::from(count.unwrap_or(1)) * 500 },
                now,
            ),
            _ => {
                let signal: SignalId = phone.fresh(now);
                let Some(branch) = view.branch else { return };
                let raised = RaiseSignal {
                    branch,
                    signal: SignalKind::Worry,
                    round: Some(round),
                    reader: stop.reader,
                    note: text,
                };
                phone.acts(signal.into(), raised, now)
            }
        };
        let name = phone.name.clone();
        self.tell(format!("{name}: acts {choice}, kept {}", acted.is_some()));
    }

    fn registers_reader(&mut self, index: usize) {
        let now = self.now;
        let branch = self.branches[index % 2];
        let number = self.below(90) + 1;
        let phone = &mut self.phones[index];
        let reader: ReaderId = phone.fresh(now);
        let profile = ReaderProfile {
            name: format!("Lezer {number}"),
            street: "Bladwijzerlaan".to_owned(),
            house_number: number.to_string(),
            postcode: "9461 SS".to_owned(),
            place: "Gieten".to_owned(),
            ..ReaderProfile::default()
        };
        phone.acts(reader.into(), RegisterReader { branch, profile }, now);
        let status = SetReaderStatus { status: ReaderStatus::Active, paused_until: None };
        phone.acts(reader.into(), status, now);
    }

    fn plans_round(&mut self, index: usize) {
        let now = self.now;
        let branch = self.branches[index % 2];
        let readers =
            self.rows(index, |id, row| matches!(row, Summary::Reader(_)).then_some(ReaderId::from(id)));
        if readers.is_empty() {
            return;
        }
        let (first, second) =
            (self.below(VOLUNTEERS / 2) * 2 + index % 2, self.below(VOLUNTEERS / 2) * 2 + index % 2);
        let mut assignees: Vec<Assignee> = [first, second]
            .iter()
            .map(|volunteer| Assignee {
                user: self.phones[*volunteer].user(),
                name: self.phones[*volunteer].name.clone(),
            })
            .collect();
        assignees.dedup_by_key(|assignee| assignee.user);
        let on = days_after(now.local_date(), i64::try_from(self.below(6)).unwrap_or(1));
        let count = 1 + self.below(5);
        let start = self.below(readers.len());
        let phone = &mut self.phones[index];
        let stops = (0..count)
            .map(|offset| NewStop {
                stop: phone.fresh(now),
                reader: readers[(start + offset) % readers.len()],
                bag: format!("Tas {offset}"),
                bring: "4 boeken".to_owned(),
                fetch: String::new(),
            })
            .collect();
        let round: RoundId = phone.fresh(now);
        let planned = PlanRound {
            branch,
            name: format!("Ronde {on}"),
            on,
            day_segment: DaySegment::Afternoon,
            assignees,
            stops,
        };
        phone.acts(round.into(), planned, now);
    }

    fn coordinator_acts(&mut self, index: usize) {
        let now = self.now;
        let choice = self.below(30);
        let name = self.phones[index].name.clone();
        self.tell(format!("{name}: coordinates {choice}"));
        match choice {
            0..3 => self.registers_reader(index),
            3..12 => self.plans_round(index),
            12..16 => self.changes_reader(index, choice),
            16..28 => self.changes_round(index, choice),
            _ => {
                let signals = self.rows(index, |id, row| {
                    matches!(row, Summary::Signal(signal) if signal.state != SignalState::Settled)
                        .then_some(id)
                });
                let pick = self.below(signals.len());
                if let Some(signal) = signals.get(pick) {
                    let state = if choice == 28 { SignalState::TakenUp } else { SignalState::Settled };
                    self.phones[index].acts(*signal, SettleSignal { state, note: "gebeld".to_owned() }, now);
                }
            }
        }
    }

    fn changes_reader(&mut self, index: usize, choice: usize) {
        let now = self.now;
        let readers = self.rows(index, |id, row| matches!(row, Summary::Reader(_)).then_some(id));
        let pick = self.below(readers.len());
        let Some(reader) = readers.get(pick).copied() else { return };
        let note = format!("Bel {} keer", self.below(5));
        let rare = self.below(4) == 0;
        let phone = &mut self.phones[index];
        if choice == 15 && rare {
            phone.acts(reader, EraseReader {}, now);
        } else if choice == 14 {
            let paused = SetReaderStatus { status: ReaderStatus::Paused, paused_until: None };
            phone.acts(reader, paused, now);
        } else {
            let changes = ReaderChanges { door_note: Some(note), ..ReaderChanges::default() };
            phone.acts(reader, ChangeReader { changes }, now);
        }
    }

    fn changes_round(&mut self, index: usize, choice: usize) {
        let now = self.now;
        let Some((round, view)) = self.round(index) else { return };
        let pick = self.below(view.stops.len());
        let stop = view.stops.get(pick).map(|stop| stop.stop);
        let number = self.below(9);
        let volunteer = self.below(VOLUNTEERS / 2) * 2 + index % 2;
        let (user, name) = (self.phones[volunteer].user(), self.phones[volunteer].name.clone());
        let readers =
            self.rows(index, |id, row| matches!(row, Summary::Reader(_)).then_some(ReaderId::from(id)));
        let reader = readers.get(self.below(readers.len())).copied();
        let phone = &mut self.phones[index];
        match (choice, stop, reader) {
            (16..20, Some(stop), _) => {
                let bring = Some(format!("{number} boeken"));
                phone.acts(round.into(), ChangeStop { stop, bag: None, bring, fetch: None }, now);
            }
            (20..22, _, Some(reader)) => {
                let stop = NewStop {
                    stop: phone.fresh(now),
                    reader,
                    bag: String::new(),
                    bring: String::new(),
                    fetch: String::new(),
                };
                phone.acts(round.into(), AddStop { stop }, now);
            }
            (22, Some(stop), _) => drop(phone.acts(round.into(), RemoveStop { stop }, now)),
            (23..25, _, _) => {
                let released =
                    view.assignees.iter().map(|(user, _)| *user).filter(|other| *other != user).collect();
                phone.acts(
                    round.into(),
                    AssignRound { assignees: vec![Assignee { user, name }], released },
                    now,
                );
            }
            (25, _, _) => {
                let on: LocalDate = days_after(now.local_date(), i64::try_from(number).unwrap_or(1));
                phone.acts(round.into(), MoveRound { on, day_segment: DaySegment::Morning }, now);
            }
            (26, _, _) => drop(phone.acts(round.into(), CancelRound { reason: "sneeuw".to_owned() }, now)),
            _ => {}
        }
    }

    fn deals_with_refusal(&mut self, index: usize) {
        let now = self.now;
        let refused = self.phones[index]
            .commands()
            .iter()
            .find(|command| matches!(command.state, CommandState::Refused { .. }))
            .map(|command| command.envelope.id);
        if let Some(id) = refused {
            self.phones[index].forgotten.push(id);
            self.phones[index].handle(sync_core::replica::Input::Forget(id), now);
            let name = self.phones[index].name.clone();
            self.tell(format!("{name}: drops a refused act"));
        }
    }

    async fn backs_up(&mut self) -> Outcome {
        // How PostgreSQL is backed up and put back is its own business, and no code of ours.
        if self.state.db.is_postgres() {
            return Ok(());
        }
        self.backups += 1;
        let file = self.folder.path().join(format!("backup-{}.db", self.backups));
        let wanted = backup::Wanted { target: file.clone(), recipient: None, keep_days: None };
        backup::backup(&self.state.db, &wanted, self.now).await?;
        self.backup = Some((file, self.now));
        self.tell("the server is backed up");
        Ok(())
    }

    /// The database is lost, and the last backup takes its place: what was called *aangekomen* since comes from the phones.
    async fn restores(&mut self) -> Outcome {
        // What phones send again reaches back a month: an older backup is not put back.
        let usable = |(_, at): &(_, Timestamp)| self.now.millis_since(*at) <= KEEP_ACKNOWLEDGED_DAYS * DAY_MS;
        let Some((file, _)) = self.backup.take().filter(usable) else { return Ok(()) };
        self.tell("the server is restored from its backup");
        // Who was erased stays so, whatever the backup says.
        let noted = after_restore::note(&self.state.db, self.folder.path(), &mut None).await;
        noted.map_err(|problem| problem.kind().slug())?;
        self.stop.send_replace(true);
        self.state.tasks.close();
        self.state.tasks.wait().await;
        let url = self.state.db.url.clone();
        self.state.db.write.clone().close().await?;
        self.state.db.read.clone().close().await?;
        backup::restore(&url, self.folder.path(), &file, None, self.now).await?;
        let db = Db::open(&url).await?;
        let (stop, stopping) = watch::channel(false);
        let clock = self.state.clock.clone();
        let settings = config(self.folder.path(), &url, "http://localhost:1")?;
        self.state = AppState::start(settings, db, clock, stopping)?;
        self.stop = stop;
        self.sees_what_was_written_anew().await?;
        self.has_the_roles_of_before().await
    }

    /// Who got or lost a role since the backup has those of before: the database says so, as it does at every request.
    async fn has_the_roles_of_before(&mut self) -> Outcome {
        for index in 0..self.phones.len() {
            let (organisation, user) = (self.organisation_of(index), self.phones[index].user());
            let before = server::auth::person(&self.state.db.read, organisation, user, self.now.local_date())
                .await
                .map_err(|problem| format!("{problem:?}"))?;
            if before.audiences() != self.phones[index].person.audiences() {
                self.phones[index].person = before;
                self.signs_in(index);
            }
        }
        Ok(())
    }

    /// Notes which documents have lost their history on purpose.
    async fn sees_what_was_written_anew(&mut self) -> Outcome {
        for row in document::Entity::find().all(&self.state.db.read).await? {
            if row.tail_from > row.snapshot_feed && !row.erased {
                self.anew.insert(row.id);
            }
        }
        Ok(())
    }
}
