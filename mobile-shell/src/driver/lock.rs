//! The lock on the data: opening it with the PIN, choosing one, closing it, and what becomes of it when nobody works here any
//! more. See `docs/decisions/0013-data-locked-on-the-phone.md`.

use futures_util::future::join;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use sync_core::pin::{self, MOST_TRIES};
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::replica::{CommandState, Replica, Stored};
use sync_core::sync::sealed::SealedOutbox;
use sync_core::sync::wire_bytes;
use uuid::Uuid;

use super::network::SignedIn;
use super::tabs::Said;
use super::{Driver, EVERY_MS, STORE, Stage};
use crate::browser::crypto::{self, Cipher, Raw};
use crate::browser::{held, lock, machine};
use crate::components::notices;
use crate::settings::words;
use crate::store::{Relock, Store};
use crate::vault::{DataKey, Left, SealTo, Vault};

/// Somebody came in here and closed the app before choosing a PIN: the next start goes on there.
const ARRIVING: &str = "arriving";
/// Held while a PIN is tried, so that tabs do not try beside each other.
const TRIES: &str = "pin-tries";
/// In the background for so long, the data is locked.
const CLOSE_AFTER_MS: u32 = 5 * 60_000;

/// Whether choosing a PIN was put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PutOff {
    /// It is asked when somebody comes in.
    No,
    /// It is asked again when the app is opened the next time.
    UntilNextStart,
}

/// What a PIN came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// The lock is open.
    Open,
    /// Another PIN, with so many tries left.
    Wrong(usize),
    /// Too many in a row: wait so many seconds.
    Wait(usize),
    /// Too many altogether: this PIN opens nothing any more.
    Over,
}

/// The key of a lock of one's own, as the server gives it back.
#[derive(Deserialize)]
struct Unsealed {
    #[serde(with = "wire_bytes")]
    key: Vec<u8>,
}

fn not_kept(_: impl core::fmt::Debug) -> Refusal {
    Refusal::new(ProblemKind::NotSaved, "the store refused")
}

impl Driver {
    pub(super) async fn open_at_start(self) {
        let Some(store) = self.with(|inner| inner.store.clone()) else { return };
        held::when_wanted(move || {
            if let Some(key) = self.with(|inner| inner.store.as_ref().and_then(crate::store::Store::key)) {
                held::hold(Some((&key.vault.to_string(), key.cipher.handle())));
            }
        });
        // Asked at once: neither has to wait for the other.
        let (vaults, held) = join(store.vaults(), held::ask()).await;
        let vaults = match vaults {
            Ok(vaults) => vaults,
            Err(error) => {
                self.store_trouble.set(Some(error));
                self.stage.set(Stage::SignedOut);
                return;
            }
        };
        self.left.set(vaults.iter().rev().find_map(|vault| vault.left));
        let current = vaults.into_iter().find(|vault| vault.left.is_none());
        let Some(vault) = current else {
            store.unlock_plain();
            self.run().await;
            let nobody = self.stage.get_untracked() == Stage::SignedOut;
            if nobody && machine::setting(ARRIVING).is_some() {
                let _ = self.fresh_token().await;
            }
            return;
        };
        self.with(|inner| inner.vault = Some(vault.clone()));
        if let Some((_, handle)) = held.filter(|(name, _)| *name == vault.id.to_string()) {
            store.unlock(DataKey { vault: vault.id, cipher: Cipher::from_handle(handle) });
            self.run().await;
            self.finish_leaving().await;
        } else {
            self.stage.set(Stage::Closed);
            machine::mark("noaber-pin-asked");
            machine::after_paint().await;
            store.read_ahead().await;
            self.ask_if_shut_out().await;
        }
    }

    /// Behind the lock nobody works, but whether the library shut this device out is asked all the same: on a phone that somebody found
    /// nothing stays, also when no PIN is ever typed there again. Without the secret that lies behind the PIN the server says only
    /// that.
    pub(super) async fn ask_if_shut_out(self) {
        let Some((vault, store)) = self.with(|inner| Some((inner.vault.clone()?, inner.store.clone()?)))
        else {
            return;
        };
        if self.stage.get_untracked() == Stage::Closed && self.is_shut_out().await {
            // What waits is not known here, only that there is something: it stays sealed, for the library.
            let waiting = store.sealed_commands(vault.id).await.map_or(1, |sealed| sealed.len());
            self.leave_with(Left::ShutOut, waiting).await;
        }
    }

    /// Reads the store and goes to work, leading or following.
    async fn run(self) {
        let leads = if lock::available() {
            let lock = lock::acquire(STORE, true).await;
            let leads = lock.is_some();
            self.with(|inner| inner.lock = lock);
            leads
        } else {
            true
        };
        let opened = self.with(|inner| {
            inner.leading = leads;
            inner.opened += 1;
            inner.opened
        });
        self.reload().await;
        machine::mark("noaber-restored");
        request_animation_frame(|| machine::mark("noaber-first-screen"));
        spawn_local(async move {
            if leads {
                self.lead(opened).await;
                return;
            }
            self.sync();
            // When the leader goes, this tab takes over with what the store holds then.
            let lock = lock::acquire(STORE, false).await;
            if self.with(|inner| inner.opened) != opened {
                return;
            }
            self.with(|inner| {
                inner.lock = lock;
                inner.leading = true;
            });
            self.reload().await;
            self.take_over();
            self.lead(opened).await;
        });
    }

    async fn lead(self, opened: u64) {
        while self.with(|inner| inner.opened) == opened {
            self.sync();
            gloo_timers::future::TimeoutFuture::new(EVERY_MS).await;
        }
    }

    /// A person types the PIN.
    pub(crate) async fn open_with(self, pin: &str) -> Opened {
        machine::mark("noaber-pin-typed");
        match self.try_pin(pin).await {
            Ok((store, key)) => {
                self.go_in(&store, &key).await;
                Opened::Open
            }
            Err(opened) => opened,
        }
    }

    async fn go_in(self, store: &Store, key: &DataKey) {
        store.unlock(key.clone());
        held::hold(Some((&key.vault.to_string(), key.cipher.handle())));
        self.run().await;
        self.finish_leaving().await;
    }

    /// Whether the lock opens with a finger or face too.
    pub(crate) fn has_finger(self) -> bool {
        self.version.track();
        self.with(|inner| inner.vault.as_ref().is_some_and(|vault| vault.passkey.is_some()))
    }

    /// A person shows a finger or face; false when the device did not see it.
    pub(crate) async fn open_with_finger(self) -> bool {
        machine::mark("noaber-pin-typed");
        let found = self.with(|inner| Some((inner.vault.clone()?, inner.store.clone()?)));
        let Some((vault, store)) = found else { return false };
        let Some(key) = vault.open_with_passkey().await else { return false };
        machine::mark("noaber-key-open");
        // Whoever is seen by the device is no guesser: earlier slips of the PIN do not count any more.
        if vault.wrong > 0 {
            let vault = Vault { wrong: 0, ..vault };
            let _ = store.keep_vault(&vault).await;
            self.with(|inner| inner.vault = Some(vault));
        }
        self.go_in(&store, &key).await;
        true
    }

    /// From now on the lock opens with a finger or face as well; false when the device does not do it. A wrong PIN counts as a wrong try.
    pub(crate) async fn add_finger(self, pin: &str) -> Result<bool, Opened> {
        self.try_pin(pin).await?;
        let found = self.with(|inner| Some((inner.vault.clone()?, inner.store.clone()?)));
        let Some((vault, store)) = found else { return Err(Opened::Over) };
        let Some(vault) = vault.with_passkey(pin).await else { return Ok(false) };
        Ok(self.keep_lock(store, vault).await)
    }

    /// Only the PIN opens the lock from now on.
    pub(crate) async fn drop_finger(self) -> bool {
        let found = self.with(|inner| Some((inner.vault.clone()?, inner.store.clone()?)));
        let Some((vault, store)) = found else { return false };
        self.keep_lock(store, Vault { passkey: None, ..vault }).await
    }

    async fn keep_lock(self, store: Store, vault: Vault) -> bool {
        let kept = store.keep_vault(&vault).await.is_ok();
        if kept {
            self.with(|inner| inner.vault = Some(vault));
            self.redraw();
        }
        kept
    }

    /// A person shows anew that he knows the PIN; the lock is open already.
    pub(crate) async fn knows_pin(self, pin: &str) -> Opened {
        self.try_pin(pin).await.map_or_else(|opened| opened, |_| Opened::Open)
    }

    async fn try_pin(self, pin: &str) -> Result<(Store, DataKey), Opened> {
        let vault = self.with(|inner| Some((inner.vault.clone()?, inner.store.clone()?)));
        let Some((mut vault, store)) = vault else { return Err(Opened::Over) };
        // Another tab may have counted on: its tries count here too, one after the other.
        let _one_at_a_time = lock::acquire(TRIES, false).await;
        if let Ok(kept) = store.vaults().await
            && let Some(kept) = kept.into_iter().find(|kept| kept.id == vault.id)
        {
            vault = kept;
        }
        if vault.pin.is_none() {
            return Err(Opened::Over);
        }
        let now = machine::now();
        let since = now.millis_since(vault.wrong_at);
        // A clock that was put back: waited from now on, and not until that hour comes again.
        if since < 0 {
            vault.wrong_at = now;
        }
        let wait = pin::wait_ms(vault.wrong).saturating_sub(since.max(0));
        if wait > 0 {
            return Err(Opened::Wait(usize::try_from(wait.div_euclid(1_000)).unwrap_or_default() + 1));
        }
        // Counted before it is tried: closing the app in between gives no free try. On a disk that is full it is counted in
        // memory: nobody is kept from a round for that.
        vault.wrong += 1;
        vault.wrong_at = now;
        let _ = store.keep_vault(&vault).await;
        self.with(|inner| inner.vault = Some(vault.clone()));
        machine::after_paint().await;
        let Some(key) = vault.open(pin).await else {
            let wrong = vault.wrong;
            if wrong >= MOST_TRIES {
                self.give_up_pin().await;
                return Err(Opened::Over);
            }
            return Err(Opened::Wrong(MOST_TRIES - wrong));
        };
        machine::mark("noaber-key-open");
        vault.wrong = 0;
        self.with(|inner| inner.vault = Some(vault.clone()));
        let forgiven = store.clone();
        spawn_local(async move {
            // Nobody waits for it. If this is not kept, a later wrong try counts on from here: no harm.
            let _ = forgiven.keep_vault(&vault).await;
        });
        Ok((store, key))
    }

    /// Nobody looked for a while: the data is locked, and its key and all that was read are let go.
    pub(crate) fn close(self) {
        let locks = self.with(|inner| inner.vault.is_some());
        if !locks || self.stage.get_untracked() != Stage::Ready {
            return;
        }
        held::hold(None);
        self.stop();
        self.stage.set(Stage::Closed);
    }

    /// Stops working: nothing of the data stays in memory.
    fn stop(self) {
        self.with(|inner| {
            let actor = sync_core::ids::fresh(machine::now(), &mut inner.rng);
            inner.replica = Replica::restore(Stored::default(), actor);
            inner.opened += 1;
            inner.leading = false;
            (inner.lock, inner.token, inner.live, inner.secret) = (None, None, None, None);
            if let Some(store) = &inner.store {
                store.shut();
            }
        });
        self.redraw();
    }

    /// Closes when the app was in the background for too long. Timers sleep there, so the clock is asked as well.
    pub(crate) fn watch_background(self, hidden: bool) {
        if hidden {
            self.hidden_at.set(Some(machine::now()));
            gloo_timers::callback::Timeout::new(CLOSE_AFTER_MS, move || self.close_if_late()).forget();
        } else {
            self.close_if_late();
            self.hidden_at.set(None);
        }
    }

    fn close_if_late(self) {
        let since = self.hidden_at.get_untracked();
        let late = since.is_some_and(|since| machine::now().millis_since(since) >= i64::from(CLOSE_AFTER_MS));
        if late {
            self.close();
        }
    }

    /// The PIN is forgotten, or was wrong too often: it opens nothing any more. Whoever comes in anew gets all of it back.
    pub(crate) async fn give_up_pin(self) {
        let Some((vault, store)) = self.with(|inner| Some((inner.vault.clone()?, inner.store.clone()?)))
        else {
            return;
        };
        let vault = Vault { pin: None, passkey: None, left: Some(Left::Forgotten), ..vault };
        if let Err(error) = store.keep_vault(&vault).await {
            self.store_trouble.set(Some(error));
            return;
        }
        self.with(|inner| inner.vault = None);
        self.left.set(vault.left);
        store.unlock_plain();
        self.run().await;
    }

    /// Another PIN for the same lock. A wrong old one counts as a wrong try.
    pub(crate) async fn change_pin(self, old: &str, new: &str) -> Result<Opened, Refusal> {
        let digits = self.with(|inner| inner.vault.as_ref().map_or(0, |vault| vault.pin_digits));
        if new.len() < digits {
            return Err(Refusal::new(ProblemKind::NumberOutOfRange, digits.to_string()));
        }
        if let Err(opened) = self.try_pin(old).await {
            return Ok(opened);
        }
        let found = self.with(|inner| Some((inner.vault.clone()?, inner.store.clone()?)));
        let (vault, store) = found.ok_or_else(|| not_kept(()))?;
        let changed = vault.with_pin(old, new).await.ok_or_else(|| not_kept(()))?;
        store.keep_vault(&changed).await.map_err(not_kept)?;
        self.with(|inner| inner.vault = Some(changed));
        Ok(Opened::Open)
    }

    /// Whether a lock is on the data.
    pub(crate) fn has_pin(self) -> bool {
        self.version.track();
        self.with(|inner| inner.vault.is_some())
    }

    /// Somebody came in. On a device with a lock of this person all goes on; else a PIN is chosen first.
    pub(super) fn arrive(self, signed_in: SignedIn) {
        let known = self.with(|inner| match &inner.vault {
            Some(vault) => (vault.device, vault.user) == (signed_in.device_id, signed_in.user.id),
            None => inner.pin_put_off == PutOff::UntilNextStart,
        });
        if known {
            self.signed_in(signed_in);
            return;
        }
        machine::keep_setting(ARRIVING, "1");
        #[cfg(not(feature = "office"))]
        let office = signed_in.works_in_office() && !crate::office::did_not_start();
        self.with(|inner| {
            inner.token = Some(signed_in.access_token.clone());
            inner.arriving = Some(signed_in);
        });
        #[cfg(not(feature = "office"))]
        if office {
            // The other app goes on from here; without it this one does what it can.
            spawn_local(async move {
                crate::office::fetch().await;
                self.stage.set(Stage::NewPin);
            });
            return;
        }
        self.stage.set(Stage::NewPin);
    }

    /// Whether choosing a PIN can wait: for who works here already, with a store of the first version.
    pub(crate) fn pin_can_wait(self) -> bool {
        self.with(|inner| {
            let here = inner.replica.person().map(|person| person.user);
            inner.vault.is_none() && inner.arriving.as_ref().is_some_and(|new| Some(new.user.id) == here)
        })
    }

    /// Goes on without a PIN until the app is opened the next time.
    pub(crate) fn pin_later(self) {
        self.with(|inner| inner.pin_put_off = PutOff::UntilNextStart);
        if let Some(signed_in) = self.with(|inner| inner.arriving.take()) {
            self.signed_in(signed_in);
            self.sync();
        }
    }

    /// Chooses a PIN: everything on this device is put under a new lock. Needs the server, for the key of the organisation
    /// and for what waits behind an older lock of the same person.
    pub(crate) async fn choose_pin(self, pin: &str) -> Result<(), Refusal> {
        let found = self.with(|inner| {
            let arriving = inner.arriving.as_ref()?;
            Some((arriving.user.id, arriving.device_id, inner.store.clone()?))
        });
        let (user, device, store) = found.ok_or_else(|| not_kept(()))?;
        let half = || crypto::random().map(|bytes| Uuid::from_bytes(bytes).simple().to_string());
        let secret = half().map_err(not_kept)? + &half().map_err(not_kept)?;
        let answer = self.call("GET", "/api/devices/lock", None).await?;
        let seal_to: SealTo = serde_json::from_slice(&answer).map_err(not_kept)?;
        if pin.len() < seal_to.pin_digits {
            return Err(Refusal::new(ProblemKind::NumberOutOfRange, seal_to.pin_digits.to_string()));
        }
        let mut instead_of = Vec::new();
        for vault in store.vaults().await.map_err(not_kept)? {
            let own = vault.user == user && vault.left.is_some();
            // A device that was shut out with nothing unsent has nothing to take in.
            if own && (vault.left == Some(Left::ShutOut(0)) || self.recover(&vault).await?) {
                instead_of.push(vault.id);
            }
        }
        let id: Uuid = self.fresh();
        machine::after_paint().await;
        let (vault, key) = Vault::make(id, pin, user, device, &seal_to).await.map_err(not_kept)?;
        instead_of.extend(self.with(|inner| inner.vault.as_ref().map(|vault| vault.id)));
        let mut everything = self.with(|inner| inner.replica.everything());
        self.trim(&mut everything);
        let relock = Relock {
            vault: &vault,
            key: &key,
            secret: &secret,
            everything: &everything,
            instead_of: &instead_of,
        };
        store.relock(relock).await.map_err(not_kept)?;
        self.left.set(None);
        held::hold(Some((&id.to_string(), key.cipher.handle())));
        let body = serde_json::json!({ "secret": secret }).to_string();
        let arriving = self.with(|inner| {
            (inner.vault, inner.secret) = (Some(vault), Some(secret));
            inner.arriving.take()
        });
        // The disk has the secret: only now may the server ask for it. Without a network it goes with the next fresh token.
        let _ = self.call("POST", "/api/devices/lock", Some(body.as_bytes())).await;
        machine::forget_setting(ARRIVING);
        if let Some(signed_in) = arriving {
            self.signed_in(signed_in);
        }
        self.say(&Said::Session);
        self.sync();
        Ok(())
    }

    /// Takes in what waits behind an older lock of the same person; false when the server does not open it: that device was shut
    /// out, or nobody but a mailbox vouches for whoever came in.
    async fn recover(self, vault: &Vault) -> Result<bool, Refusal> {
        let Some(store) = self.with(|inner| inner.store.clone()) else { return Ok(false) };
        let body = serde_json::json!({ "device": vault.device, "vault": vault.id, "sealed": vault.sealed });
        let answer = match self.call("POST", "/api/devices/unseal", Some(body.to_string().as_bytes())).await {
            Ok(answer) => answer,
            Err(refusal) if refusal.kind == ProblemKind::NotFound => return Ok(false),
            Err(refusal) if refusal.kind == ProblemKind::ColleagueNeeded => {
                // It stays where it is, sealed, until the person is let in by a colleague.
                notices().wrong(words().colleague_needed_later());
                return Ok(false);
            }
            Err(refusal) => return Err(refusal),
        };
        let unsealed: Unsealed = serde_json::from_slice(&answer).map_err(not_kept)?;
        let raw = Raw::new(unsealed.key.try_into().map_err(not_kept)?);
        let key = DataKey::from_raw(vault.id, &raw).await.map_err(not_kept)?;
        let mut found = store.load_with(&key).await.map_err(not_kept)?;
        self.with(|inner| {
            let here = inner.replica.everything();
            found.documents.retain(|one| here.documents.iter().all(|other| other.id != one.id));
            found.documents.extend(here.documents);
            found
                .commands
                .retain(|one| here.commands.iter().all(|other| other.envelope.id != one.envelope.id));
            found.commands.extend(here.commands);
            let actor = sync_core::ids::fresh(machine::now(), &mut inner.rng);
            inner.replica = Replica::restore(found, actor);
        });
        Ok(true)
    }

    /// Nobody works here any more: all goes but what waits to be sent, under its lock.
    pub(super) async fn leave(self, why: fn(usize) -> Left) {
        let waiting = self.peek(|replica| {
            let waits = |state: &CommandState| !matches!(state, CommandState::Acknowledged { .. });
            replica.commands().iter().filter(|command| waits(&command.state)).count()
        });
        self.leave_with(why, waiting).await;
    }

    async fn leave_with(self, why: fn(usize) -> Left, waiting: usize) {
        let found = self.with(|inner| Some((inner.vault.take()?, inner.store.clone()?)));
        if let Some((vault, store)) = found {
            let left = (waiting > 0 || matches!(why(0), Left::ShutOut(_))).then(|| why(waiting));
            let done = match &left {
                // What stays is for the organisation alone: no PIN opens it any more.
                Some(left) => {
                    store.leave(&Vault { pin: None, passkey: None, left: Some(*left), ..vault }).await
                }
                None => store.leave_empty(vault.id).await,
            };
            if let Err(error) = done {
                self.store_trouble.set(Some(error));
            }
            self.left.set(left);
            held::hold(None);
            self.stop();
            // Whoever comes in next begins with what the first version kept: nothing, or its outbox.
            store.unlock_plain();
            self.run().await;
        }
        self.say(&Said::Session);
    }

    /// The app was closed between the word that nobody works here and the leaving: it is done now.
    async fn finish_leaving(self) {
        let (nobody, shut_out) = self.peek(|replica| (replica.person().is_none(), replica.meta().shut_out));
        if nobody && self.with(|inner| inner.vault.is_some()) {
            self.leave(if shut_out { Left::ShutOut } else { Left::SignedOut }).await;
        }
    }

    /// Another tab changed who works here, or the lock.
    pub(super) async fn session_changed(self) {
        let Some(store) = self.with(|inner| inner.store.clone()) else { return };
        let current =
            store.vaults().await.ok().and_then(|all| all.into_iter().find(|vault| vault.left.is_none()));
        let before = self.with(|inner| inner.vault.clone());
        let same = current.as_ref().map(|vault| vault.id) == before.as_ref().map(|vault| vault.id);
        if !same {
            // The same as a start: with a key that another tab holds, or the PIN.
            machine::load_again();
            return;
        }
        self.with(|inner| inner.token = None);
        self.reload().await;
        self.sync();
    }

    /// Files with what waits behind each lock on this device, for the organisation alone.
    pub(crate) async fn sealed_outboxes(self) -> Vec<SealedOutbox> {
        let Some(store) = self.with(|inner| inner.store.clone()) else { return Vec::new() };
        let mut files = Vec::new();
        for vault in store.vaults().await.unwrap_or_default() {
            let Ok(mut values) = store.sealed_commands(vault.id).await else { continue };
            if vault.left.is_none() {
                // Here it is known what waits; behind the other locks nobody can tell.
                let waits = self.peek(|replica| {
                    let pending = |state: &CommandState| matches!(state, CommandState::Pending);
                    let all = replica.commands();
                    all.iter()
                        .filter(|command| pending(&command.state))
                        .map(|command| command.envelope.id.to_string())
                        .collect::<Vec<_>>()
                });
                values.retain(|(name, _)| waits.contains(name));
            }
            if !values.is_empty() {
                files.push(SealedOutbox {
                    device: vault.device,
                    vault: vault.id,
                    sealed: vault.sealed,
                    values: values.into_iter().map(|(name, bytes)| (name, bytes.into())).collect(),
                });
            }
        }
        files
    }
}
