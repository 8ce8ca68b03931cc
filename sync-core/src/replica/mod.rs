//! The phone's one door. Everything that happens to a phone comes in as an [`Input`] and everything it must do
//! comes out as an [`Effect`]; in between there is no clock, no chance and no disk.
//!
//! A document here has a **confirmed** part, written by the server, and **pending** commands with the changes they
//! made on this phone. A refusal takes its change out again and runs the later ones anew.

mod act;
mod answer;
mod entry;
#[cfg(test)]
mod exchanges;
pub mod outbox_file;
mod stored;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rand_core::RngCore;
use uuid::Uuid;

pub use self::stored::{CommandState, Stored, StoredCommand, StoredDocument, StoredMeta, Writes};

use self::entry::Entry;
use crate::access::Person;
use crate::command::Command;
use crate::document::Document;
use crate::hash::Hash;
use crate::ids::{CommandId, DeviceId, DocumentId, RoundId};
use crate::problem::{ProblemKind, Refusal};
use crate::summary::{Content, Summary};
use crate::sync::backoff::Backoff;
use crate::sync::message::{BODY_MAX, COMMANDS_MAX, DOCUMENTS_MAX, PROTOCOL, SyncRequest, SyncResponse};
use crate::time::{DAY_MS, Timestamp};

/// How many days an acknowledged command is kept, for a server that is restored from a backup.
pub const KEEP_ACKNOWLEDGED_DAYS: i64 = 30;
/// How many loaded documents are kept in memory.
const LOADED_MAX: usize = 48;
/// How much of the largest request the commands may fill; the rest is for what goes around them.
const COMMANDS_BYTES_MAX: usize = BODY_MAX * 3 / 4;

/// Which write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SaveId(pub u64);

/// Everything that can happen to a phone.
#[derive(Clone, Debug)]
pub enum Input {
    /// A person acts.
    Act {
        /// A fresh id.
        id: CommandId,
        /// On which document; a fresh id if the command makes one.
        document: DocumentId,
        /// What.
        command: Box<Command>,
    },
    /// The store kept a write.
    Saved(SaveId),
    /// The store refused a write, or is full.
    SaveFailed(SaveId),
    /// There may be news, or a network: exchange now.
    Sync,
    /// The server answered.
    Answered(Box<SyncResponse>),
    /// The server could not be reached.
    Unreachable,
    /// The server answered the whole request with a problem.
    Rejected(ProblemKind),
    /// Somebody signed in.
    SignedIn {
        /// This device.
        device: DeviceId,
        /// Who.
        person: Person,
        /// What the app calls this person.
        name: String,
    },
    /// The person signed out: documents go, the outbox stays.
    SignedOut,
    /// A person has dealt with a refused act.
    Forget(CommandId),
    /// A person tries a refused act again, as a new one.
    Retry {
        /// The refused act.
        refused: CommandId,
        /// A fresh id.
        id: CommandId,
    },
}

/// Everything a phone must do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Write this, in one transaction, and say [`Input::Saved`] or [`Input::SaveFailed`].
    Save(SaveId, Box<Writes>),
    /// Send this, and say what came of it.
    Exchange(Box<SyncRequest>),
    /// A document changed; nothing names the list of documents as a whole.
    Changed(Option<DocumentId>),
    /// The act is kept: *bewaard op deze telefoon*.
    Kept(CommandId),
    /// The act could not be kept; it did not happen.
    NotKept(CommandId),
    /// The act is not allowed; it did not happen.
    Denied(CommandId, Refusal),
    /// The server refused acts: there is something to look at.
    Refused(Vec<CommandId>),
    /// Nobody is signed in any more, as the server sees it.
    SignInNeeded(ProblemKind),
    /// Say [`Input::Sync`] after so many milliseconds.
    WakeAfter(i64),
}

/// Whether the server was reached, as far as this phone knows since its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Not tried yet.
    Unknown,
    /// The last try succeeded.
    Reached,
    /// The last try failed.
    Unreachable,
    /// The server answered that it cannot take anything now: it is full, too busy, or something went wrong there.
    Busy,
    /// The server does not take what this app sends: waiting does not help, a newer app or a person does.
    Rejected(ProblemKind),
}

/// What the sync chip tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncStatus {
    /// Acts kept here and not yet answered.
    pub unsent: usize,
    /// Acts that were refused and wait for a person.
    pub refused: usize,
    /// Whether the server was reached.
    pub reach: Reach,
    /// Whether an act is on its way to the disk: neither kept nor arrived.
    pub saving: bool,
    /// Whether the server wants a newer app before it gives anything; what was done here it takes.
    pub update_needed: bool,
    /// When the server last answered.
    pub last_contact: Timestamp,
}

#[derive(Clone, Debug)]
struct Held {
    stored: StoredCommand,
    saved: bool,
}

#[derive(Clone, Debug)]
enum Purpose {
    /// An act, with the refused one it stands for.
    Act(CommandId),
    /// An answer.
    Answer {
        /// Whether there is more to ask for.
        more: bool,
    },
    /// Nothing waits for it.
    Other,
}

/// The phone's copy of everything it may hold, with what it did itself.
#[derive(Clone, Debug)]
pub struct Replica {
    actor: Uuid,
    meta: StoredMeta,
    entries: BTreeMap<DocumentId, Entry>,
    commands: BTreeMap<CommandId, Held>,
    saves: BTreeMap<SaveId, Purpose>,
    next_save: u64,
    /// The disk lacks something that memory has: the next write writes everything.
    behind: bool,
    /// The server wants a newer app before it gives anything.
    update_needed: bool,
    /// Rounds of which somebody has no device with all of it, as the last answer told.
    not_fetched: Vec<RoundId>,
    /// The write that writes everything.
    catching_up: Option<SaveId>,
    /// The commands that are on their way, with the hashes that were sent.
    in_flight: Option<Vec<(CommandId, Option<Hash>)>>,
    sync_again: bool,
    refetch: Vec<DocumentId>,
    /// What was asked for anew in the request that is under way.
    refetching: Vec<DocumentId>,
    reach: Reach,
    backoff: Backoff,
    /// Documents with a loaded copy, oldest use first.
    loaded: Vec<DocumentId>,
}

impl Replica {
    /// Starts from what the store held. `actor` is fresh for every start of the app.
    #[must_use]
    pub fn restore(stored: Stored, actor: Uuid) -> Self {
        let mut entries: BTreeMap<DocumentId, Entry> =
            stored.documents.into_iter().map(|document| (document.id, Entry::new(document))).collect();
        let mut commands = stored.commands;
        commands.sort_by_key(|command| command.place);
        let mut meta = stored.meta;
        // An act is kept without the rest: its place tells where the next one stands.
        let after_last = commands.last().map_or(0, |command| command.place.saturating_add(1));
        meta.next_place = meta.next_place.max(after_last);
        for command in &commands {
            if let (CommandState::Pending, Some(entry)) =
                (&command.state, entries.get_mut(&command.envelope.document))
            {
                entry.pending.push(command.envelope.id);
            }
        }
        let mut replica = Self {
            actor,
            meta,
            entries,
            commands: commands
                .into_iter()
                .map(|stored| (stored.envelope.id, Held { stored, saved: true }))
                .collect(),
            saves: BTreeMap::new(),
            next_save: 0,
            behind: false,
            update_needed: false,
            not_fetched: Vec::new(),
            catching_up: None,
            in_flight: None,
            sync_again: false,
            refetch: Vec::new(),
            refetching: Vec::new(),
            reach: Reach::Unknown,
            backoff: Backoff::default(),
            loaded: Vec::new(),
        };
        replica.revive_created();
        replica
    }

    /// Everything there is to keep: for a store that did not keep documents until now.
    #[must_use]
    pub fn everything(&self) -> Writes {
        Writes {
            documents: self.entries.values().map(|entry| entry.stored.clone()).collect(),
            commands: self
                .commands
                .values()
                .filter(|held| held.saved)
                .map(|held| held.stored.clone())
                .collect(),
            meta: Some(self.meta.clone()),
            ..Writes::default()
        }
    }

    /// Takes one input and says what must be done.
    pub fn handle(&mut self, input: Input, now: Timestamp, rng: &mut impl RngCore) -> Vec<Effect> {
        match input {
            Input::Act { id, document, command } => self.act(id, document, &command, now, None),
            Input::Saved(save) => self.saved(save),
            Input::SaveFailed(save) => self.save_failed(save),
            Input::Sync => self.exchange(),
            Input::Answered(response) => self.answered(*response, now),
            Input::Unreachable => {
                self.not_answered();
                self.reach = Reach::Unreachable;
                vec![Effect::Changed(None), Effect::WakeAfter(self.backoff.fail(rng))]
            }
            Input::Rejected(problem) => self.rejected(problem, rng),
            Input::SignedIn { device, person, name } => self.signed_in(device, person, name),
            Input::SignedOut => self.signed_out(),
            Input::Forget(id) => self.forget(id),
            Input::Retry { refused, id } => self.retry(refused, id, now),
        }
    }

    /// Who is signed in.
    #[must_use]
    pub const fn person(&self) -> Option<&Person> {
        self.meta.person.as_ref()
    }

    /// What is kept beside documents and commands.
    #[must_use]
    pub const fn meta(&self) -> &StoredMeta {
        &self.meta
    }

    /// The rounds of today, and late in the day of tomorrow, that are on no phone of somebody who rides them: as the server told last.
    #[must_use]
    pub fn not_fetched(&self) -> &[RoundId] {
        &self.not_fetched
    }

    /// What the sync chip tells.
    #[must_use]
    pub fn status(&self) -> SyncStatus {
        let count = |wanted: fn(&CommandState) -> bool| {
            self.commands.values().filter(|held| held.saved && wanted(&held.stored.state)).count()
        };
        SyncStatus {
            unsent: count(|state| matches!(state, CommandState::Pending)),
            refused: count(|state| matches!(state, CommandState::Refused { .. })),
            reach: self.reach,
            saving: self.commands.values().any(|held| !held.saved),
            update_needed: self.update_needed,
            last_contact: self.meta.last_contact,
        }
    }

    /// Whether the phone was too long without contact: its data is not shown until it has.
    #[must_use]
    pub fn locked(&self, now: Timestamp) -> bool {
        let lease = i64::from(self.meta.lease_days).saturating_mul(DAY_MS);
        self.meta.person.is_some() && lease > 0 && now.millis_since(self.meta.last_contact) > lease
    }

    /// In how many days the data closes for want of contact, today counted as one; nothing when it never does.
    #[must_use]
    pub fn lease_days_left(&self, now: Timestamp) -> Option<usize> {
        let lease = i64::from(self.meta.lease_days);
        let passed = now.millis_since(self.meta.last_contact).div_euclid(DAY_MS);
        (self.meta.person.is_some() && lease > 0).then(|| usize::try_from(lease - passed).unwrap_or(0))
    }

    /// The rows of every document that this app knows, by id.
    pub fn rows(&self) -> impl Iterator<Item = (DocumentId, &Summary)> {
        self.entries
            .iter()
            .filter(|(_, entry)| !entry.erased)
            .filter_map(|(id, entry)| Some((*id, entry.row.as_ref()?)))
    }

    /// The row of one document.
    #[must_use]
    pub fn row(&self, id: DocumentId) -> Option<&Summary> {
        self.entries.get(&id).filter(|entry| !entry.erased)?.row.as_ref()
    }

    /// The content of one document, with what was done on this phone.
    pub fn content(&mut self, id: DocumentId) -> Option<Content> {
        self.working(id).ok().and_then(|document| Content::read(document))
    }

    /// How a document stands on the server, as far as this phone knows: for tests and for *wat staat er op deze
    /// telefoon*.
    #[must_use]
    pub fn confirmed(&self, id: DocumentId) -> Option<Document> {
        let entry = self.entries.get(&id)?;
        Document::load(&entry.stored.confirmed).ok()
    }

    /// Every document on this phone.
    pub fn documents(&self) -> impl Iterator<Item = &StoredDocument> {
        self.entries.values().map(|entry| &entry.stored)
    }

    /// Every act on this phone, in the order in which it was done.
    #[must_use]
    pub fn commands(&self) -> Vec<&StoredCommand> {
        let mut all: Vec<&StoredCommand> =
            self.commands.values().filter(|held| held.saved).map(|held| &held.stored).collect();
        all.sort_by_key(|command| command.place);
        all
    }

    /// Whether something on this document has not arrived yet.
    #[must_use]
    pub fn has_unsent(&self, id: DocumentId) -> bool {
        self.entries.get(&id).is_some_and(|entry| !entry.pending.is_empty())
    }

    /// Whether this person may run this command on this document now: for hiding buttons.
    pub fn may(&mut self, id: DocumentId, command: &Command) -> bool {
        let Some(person) = self.meta.person.clone() else { return false };
        match self.working(id) {
            Ok(document) => crate::access::may_run(&person, command, document).is_ok(),
            Err(_) => false,
        }
    }

    fn save(&mut self, purpose: Purpose, mut writes: Writes) -> Effect {
        self.next_save += 1;
        let id = SaveId(self.next_save);
        if core::mem::take(&mut self.behind) {
            self.catching_up = Some(id);
            let everything = self.everything();
            writes.clear_documents = true;
            writes.dropped.clear();
            writes.documents = everything.documents;
            let written: Vec<CommandId> = writes.commands.iter().map(|command| command.envelope.id).collect();
            let rest =
                everything.commands.into_iter().filter(|command| !written.contains(&command.envelope.id));
            writes.commands.extend(rest);
            writes.meta = everything.meta;
        }
        self.saves.insert(id, purpose);
        Effect::Save(id, Box::new(writes))
    }

    /// The pending commands of the signed-in person that may be sent, in order.
    fn sendable(&self) -> Vec<&StoredCommand> {
        let person = self.meta.person.as_ref().map(|person| person.user);
        let mut pending: Vec<&StoredCommand> = self
            .commands
            .values()
            .filter(|held| held.saved && held.stored.state == CommandState::Pending)
            .map(|held| &held.stored)
            .filter(|stored| Some(stored.by) == person)
            .collect();
        pending.sort_by_key(|stored| stored.place);
        pending
    }

    fn exchange(&mut self) -> Vec<Effect> {
        let Some(device) = self.meta.device.filter(|_| self.meta.person.is_some()) else { return Vec::new() };
        let answer_not_kept = self.saves.values().any(|purpose| matches!(purpose, Purpose::Answer { .. }));
        if self.in_flight.is_some() || answer_not_kept {
            // One exchange at a time; an answer is kept before the next question.
            self.sync_again = true;
            return Vec::new();
        }
        self.sync_again = false;
        let mut bytes = 0;
        let commands: Vec<_> = self
            .sendable()
            .into_iter()
            .take(COMMANDS_MAX)
            .take_while(|stored| {
                bytes += stored.envelope.body.size() + 400;
                bytes <= COMMANDS_BYTES_MAX
            })
            .map(|stored| stored.envelope.clone())
            .collect();
        self.refetching = core::mem::take(&mut self.refetch);
        self.in_flight =
            Some(commands.iter().map(|envelope| (envelope.id, envelope.expected_hash)).collect());
        vec![
            Effect::Exchange(Box::new(SyncRequest {
                protocol: PROTOCOL,
                device_id: device,
                cursor: self.meta.cursor,
                commands,
                refetch: self.refetching.clone(),
                want: DOCUMENTS_MAX,
            })),
            Effect::Changed(None),
        ]
    }

    fn saved(&mut self, save: SaveId) -> Vec<Effect> {
        if self.catching_up == Some(save) {
            self.catching_up = None;
        }
        match self.saves.remove(&save) {
            Some(Purpose::Act(id)) => {
                if let Some(held) = self.commands.get_mut(&id) {
                    held.saved = true;
                }
                let mut effects = vec![Effect::Kept(id), Effect::Changed(None)];
                effects.extend(self.exchange());
                effects
            }
            Some(Purpose::Answer { more, .. }) if more || self.sync_again || !self.refetch.is_empty() => {
                self.exchange()
            }
            _ => Vec::new(),
        }
    }

    fn save_failed(&mut self, save: SaveId) -> Vec<Effect> {
        if self.catching_up == Some(save) {
            self.catching_up = None;
            self.behind = true;
        }
        match self.saves.remove(&save) {
            Some(Purpose::Act(id)) => self.take_back(id),
            Some(Purpose::Answer { .. } | Purpose::Other) => {
                // What an answer settled cannot be taken back: the disk catches up with the next write.
                self.behind = true;
                vec![Effect::Changed(None)]
            }
            None => Vec::new(),
        }
    }

    /// The request that was under way has no answer: what it asked for anew is asked for the next time.
    fn not_answered(&mut self) {
        self.in_flight = None;
        for id in core::mem::take(&mut self.refetching) {
            if !self.refetch.contains(&id) {
                self.refetch.push(id);
            }
        }
    }

    fn rejected(&mut self, problem: ProblemKind, rng: &mut impl RngCore) -> Vec<Effect> {
        self.not_answered();
        match problem {
            // Shut out: a lost phone, or somebody who left. The documents go at once; the outbox can still be handed in.
            ProblemKind::DeviceRevoked => {
                // Whoever has signed out here was not shut out: that answer was still on its way.
                self.meta.shut_out |= self.meta.person.is_some();
                let mut effects = self.signed_out();
                self.reach = Reach::Reached;
                effects.push(Effect::SignInNeeded(problem));
                effects
            }
            ProblemKind::NotSignedIn
            | ProblemKind::TokenExpired
            | ProblemKind::WrongCredentials
            | ProblemKind::SecondStepMissing => {
                self.reach = Reach::Reached;
                vec![Effect::SignInNeeded(problem), Effect::Changed(None)]
            }
            _ => {
                self.reach = match problem {
                    ProblemKind::MalformedRequest
                    | ProblemKind::InvalidRequest
                    | ProblemKind::ForeignOrigin
                    | ProblemKind::NotFound
                    | ProblemKind::MethodNotAllowed
                    | ProblemKind::BodyTooLarge
                    | ProblemKind::UnsupportedMediaType
                    | ProblemKind::TooManyCommands => Reach::Rejected(problem),
                    _ => Reach::Busy,
                };
                // Tried again all the same: what stands in the way may be put right on the other side.
                vec![Effect::Changed(None), Effect::WakeAfter(self.backoff.fail(rng))]
            }
        }
    }

    fn signed_in(&mut self, device: DeviceId, person: Person, name: String) -> Vec<Effect> {
        let same = self.meta.person.as_ref().is_none_or(|before| before.user == person.user);
        let mut writes = Writes::default();
        if !same {
            writes.clear_documents = true;
            self.clear_documents();
        }
        self.meta.shut_out = false;
        self.meta.device = Some(device);
        self.meta.person = Some(person);
        self.meta.name = name;
        writes.meta = Some(self.meta.clone());
        let mut effects = vec![self.save(Purpose::Other, writes), Effect::Changed(None)];
        effects.extend(self.exchange());
        effects
    }

    fn signed_out(&mut self) -> Vec<Effect> {
        self.clear_documents();
        self.meta.device = None;
        self.meta.person = None;
        self.meta.name = String::new();
        self.in_flight = None;
        let writes = Writes { clear_documents: true, meta: Some(self.meta.clone()), ..Writes::default() };
        vec![self.save(Purpose::Other, writes), Effect::Changed(None)]
    }

    fn clear_documents(&mut self) {
        self.entries.clear();
        self.loaded.clear();
        self.meta.cursor = None;
    }

    fn forget(&mut self, id: CommandId) -> Vec<Effect> {
        let refused = self
            .commands
            .get(&id)
            .is_some_and(|held| matches!(held.stored.state, CommandState::Refused { .. }));
        if !refused {
            return Vec::new();
        }
        self.commands.remove(&id);
        let writes = Writes { forgotten: vec![id], ..Writes::default() };
        vec![self.save(Purpose::Other, writes), Effect::Changed(None)]
    }
}
