//! A phone without a screen: the same replica, a store in memory, and a person.

use std::io::Write as _;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use sync_core::access::{Membership, Person, Role};
use sync_core::command::Command;
use sync_core::ids::{CommandId, DeviceId, DocumentId, UserId};
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::replica::{Effect, Input, Replica, Stored, StoredCommand, Writes};
use sync_core::sync::cbor;
use sync_core::sync::message::{SyncRequest, SyncResponse};
use sync_core::time::Timestamp;

use crate::Outcome;
use crate::api::Program;

/// How the next writes of the store end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disk {
    /// It keeps them.
    Keeps,
    /// It refuses: full, or not allowed.
    Refuses,
    /// The app is killed before the answer; whether the disk had it is for chance to say.
    Dies {
        /// Whether it was on the disk.
        kept: bool,
    },
}

/// One phone.
#[derive(Debug)]
pub struct Phone {
    /// What people call it.
    pub name: String,
    /// The app.
    pub replica: Replica,
    /// What is on its disk.
    pub disk: Stored,
    /// Who holds it.
    pub person: Person,
    /// Which device it is.
    pub device: DeviceId,
    /// How far its clock is off, in milliseconds.
    pub clock_off: i64,
    /// Until when it has no contact.
    pub away_until: Timestamp,
    /// What its disk does next.
    pub next_disk: Disk,
    /// Everything that was ever called *bewaard*.
    pub kept: Vec<CommandId>,
    /// What a person dropped from the list of refused acts.
    pub forgotten: Vec<CommandId>,
    /// What the app wants to send.
    pub outgoing: Option<SyncRequest>,
    /// Refusals of acts on the phone itself.
    pub denied: Vec<Refusal>,
    /// A disk that only takes, for a bench: each write is locked and durable, as on a phone.
    pub locked_disk: Option<LockedDisk>,
    rng: ChaCha8Rng,
    dead: bool,
}

/// A disk that takes what a phone writes: every value locked under one key (AES-256-GCM, fresh nonce, bound to its place), all of one
/// write on the disk before it counts.
#[derive(Debug)]
pub struct LockedDisk {
    file: std::fs::File,
    key: [u8; 32],
    rng: ChaCha8Rng,
}

impl LockedDisk {
    /// On this file.
    #[must_use]
    pub fn on(file: std::fs::File) -> Self {
        Self { file, key: [7; 32], rng: ChaCha8Rng::seed_from_u64(7) }
    }

    /// Whether the disk has all of it.
    fn keep(&mut self, writes: &Writes) -> bool {
        let cipher = Aes256Gcm::new(&self.key.into());
        let mut all = Vec::new();
        let documents = writes.documents.iter().map(|row| (row.id.to_string(), cbor::to_vec(row)));
        let commands = writes.commands.iter().map(|row| (row.envelope.id.to_string(), cbor::to_vec(row)));
        let meta = writes.meta.iter().map(|row| ("meta".to_owned(), cbor::to_vec(row)));
        for (place, plain) in documents.chain(commands).chain(meta) {
            let mut nonce = [0_u8; 12];
            self.rng.fill_bytes(&mut nonce);
            let bound = Payload { msg: &plain, aad: place.as_bytes() };
            let Ok(locked) = cipher.encrypt(&nonce.into(), bound) else { return false };
            all.extend_from_slice(&nonce);
            all.extend(locked);
        }
        self.file.write_all(&all).and_then(|()| self.file.sync_data()).is_ok()
    }
}

impl Phone {
    /// A phone that somebody signs in on.
    #[must_use]
    pub fn new(name: &str, person: Person, device: DeviceId, seed: u64, now: Timestamp) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let actor = sync_core::ids::fresh(now, &mut rng);
        let mut phone = Self {
            name: name.to_owned(),
            replica: Replica::restore(Stored::default(), actor),
            disk: Stored::default(),
            person: person.clone(),
            device,
            clock_off: 0,
            away_until: Timestamp(0),
            next_disk: Disk::Keeps,
            kept: Vec::new(),
            forgotten: Vec::new(),
            outgoing: None,
            denied: Vec::new(),
            locked_disk: None,
            rng,
            dead: false,
        };
        phone.handle(Input::SignedIn { device, person, name: name.to_owned() }, now);
        phone
    }

    /// The phone of whoever signed in with this program.
    pub fn of(program: &Program, seed: u64, now: Timestamp) -> Outcome<Self> {
        let user = &program.signed_in["user"];
        let mut memberships = Vec::new();
        for role in user["roles"].as_array().into_iter().flatten() {
            let branch = role["branch"].as_str().unwrap_or_default().parse()?;
            let role = Role::parse(role["role"].as_str().unwrap_or_default()).ok_or("an unknown role")?;
            memberships.push(Membership { branch, role });
        }
        let person = Person { user: user["id"].as_str().unwrap_or_default().parse()?, memberships };
        Ok(Self::new("phone", person, program.device.into(), seed, now))
    }

    /// Exchanges over HTTP until nothing is left to ask or to send.
    pub async fn exchanges(&mut self, program: &Program, now: Timestamp) -> Outcome {
        let mut next = self.asks(now);
        while let Some(request) = next {
            let ask = program
                .request("POST", "/api/sync")
                .header("content-type", "application/cbor")
                .body(cbor::to_vec(&request));
            let answer = ask.send().await?.error_for_status()?;
            self.hears(cbor::from_slice(&answer.bytes().await?)?, now);
            next = self.outgoing.take();
        }
        Ok(())
    }

    /// What its clock says.
    #[must_use]
    pub const fn clock(&self, now: Timestamp) -> Timestamp {
        now.plus_millis(self.clock_off)
    }

    /// A fresh id.
    pub fn fresh<T: From<uuid::Uuid>>(&mut self, now: Timestamp) -> T {
        sync_core::ids::fresh(self.clock(now), &mut self.rng).into()
    }

    /// Something happens to the app; everything it does short of the network is done.
    pub fn handle(&mut self, input: Input, now: Timestamp) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let clock = self.clock(now);
            for effect in self.replica.handle(input, clock, &mut self.rng) {
                match effect {
                    Effect::Save(id, writes) => match std::mem::replace(&mut self.next_disk, Disk::Keeps) {
                        Disk::Keeps => {
                            let kept = if let Some(disk) = &mut self.locked_disk {
                                disk.keep(&writes)
                            } else {
                                self.disk.apply(&writes);
                                true
                            };
                            inputs.insert(0, if kept { Input::Saved(id) } else { Input::SaveFailed(id) });
                        }
                        Disk::Refuses => inputs.insert(0, Input::SaveFailed(id)),
                        Disk::Dies { kept } => {
                            self.dies_while_writing(&writes, kept);
                            return self.restart_if_dead(now);
                        }
                    },
                    Effect::Exchange(request) => self.outgoing = Some(*request),
                    Effect::Kept(id) => self.kept.push(id),
                    Effect::Denied(_, refusal) => self.denied.push(refusal),
                    Effect::NotKept(_) => {
                        self.denied.push(Refusal::new(ProblemKind::NotSaved, "the disk refused"));
                    }
                    Effect::Changed(_)
                    | Effect::Refused(_)
                    | Effect::SignInNeeded(_)
                    | Effect::WakeAfter(_) => {}
                }
            }
        }
    }

    fn dies_while_writing(&mut self, writes: &Writes, kept: bool) {
        if kept {
            self.disk.apply(writes);
        }
        self.dead = true;
    }

    fn restart_if_dead(&mut self, now: Timestamp) {
        if self.dead {
            self.dead = false;
            self.restart(now);
        }
    }

    /// The app is closed, or killed, and opened again.
    pub fn restart(&mut self, now: Timestamp) {
        let actor = sync_core::ids::fresh(self.clock(now), &mut self.rng);
        self.replica = Replica::restore(self.disk.clone(), actor);
        self.outgoing = None;
    }

    /// The person acts; whether the act was kept.
    pub fn acts(
        &mut self,
        document: DocumentId,
        command: impl Into<Command>,
        now: Timestamp,
    ) -> Option<CommandId> {
        let id: CommandId = self.fresh(now);
        self.handle(Input::Act { id, document, command: Box::new(command.into()) }, now);
        self.kept.contains(&id).then_some(id)
    }

    /// The request the app wants to send now.
    pub fn asks(&mut self, now: Timestamp) -> Option<SyncRequest> {
        if self.outgoing.is_none() {
            self.handle(Input::Sync, now);
        }
        self.outgoing.take()
    }

    /// The server answers.
    pub fn hears(&mut self, response: SyncResponse, now: Timestamp) {
        self.handle(Input::Answered(Box::new(response)), now);
    }

    /// The answer never comes.
    pub fn hears_nothing(&mut self, now: Timestamp) {
        self.handle(Input::Unreachable, now);
        self.outgoing = None;
    }

    /// The acts that wait, or were refused.
    #[must_use]
    pub fn commands(&self) -> Vec<&StoredCommand> {
        self.replica.commands()
    }

    /// The user.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.person.user
    }
}
