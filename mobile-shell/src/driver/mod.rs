//! The only file that knows both sides: effects of the replica to the browser, answers of the browser to inputs.

pub(crate) mod lock;
pub(crate) mod network;
mod tabs;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use futures_channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rand_chacha::ChaCha20Rng;
use sync_core::access::{Person, Role};
use sync_core::command::Command;
use sync_core::ids::{BranchId, CommandId, DocumentId};
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::replica::{Effect, Input, Reach, Replica, SaveId, Stored, SyncStatus, Writes};
use sync_core::summary::Summary;
use sync_core::time::Timestamp;
use uuid::Uuid;

use self::network::SignedIn;
use self::tabs::{Said, Waiting};
use crate::browser::channel::{Channel, Live};
use crate::browser::indexed_db::StoreError;
use crate::browser::{machine, pwa};
use crate::store::Store;
use crate::vault::{Left, Vault};

const STORE: &str = "noaber";
/// Between two exchanges without a reason: five minutes.
const EVERY_MS: u32 = 300_000;

/// Whether a person can work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The store is being read.
    Starting,
    /// Nobody is signed in on this device.
    SignedOut,
    /// Somebody came in and chooses a PIN, before anything is kept.
    NewPin,
    /// The data is locked: the PIN is asked.
    Closed,
    /// Somebody can work.
    Ready,
}

/// Somebody is asked to show anew who he is.
pub(crate) struct ProofAsked {
    /// Who waits for the answer.
    pub(crate) answered: oneshot::Sender<bool>,
    /// Whether the PIN is enough: without the server.
    pub(crate) by_pin: bool,
}

/// What an act came to.
pub(crate) type Acted = Result<(), Refusal>;

#[expect(clippy::struct_excessive_bools, reason = "each says one thing of its own")]
struct Inner {
    replica: Replica,
    rng: ChaCha20Rng,
    store: Option<Store>,
    /// Whether the browser promised to keep our data, or the app is installed: only then addresses lie on the disk.
    durable: bool,
    leading: bool,
    token: Option<String>,
    channel: Option<Channel>,
    live: Option<Live>,
    /// A connection ended a moment ago: it is not opened again at once, however often something is exchanged.
    live_rests: bool,
    /// When to try again, after a try that failed.
    wake: Option<gloo_timers::callback::Timeout>,
    waiting: BTreeMap<CommandId, Waiting>,
    /// The screens will follow in a moment.
    redraws: bool,
    /// Whether the leader reached the server: what a tab that follows tells.
    led_to: Reach,
    /// Acts of other tabs that this one leads.
    passed_on: BTreeSet<CommandId>,
    /// Held, never read: while it lives, this tab leads.
    lock: Option<crate::browser::lock::Lock>,
    /// The lock on the data; nothing before a PIN was chosen.
    vault: Option<Vault>,
    /// Who came in and has no PIN here yet.
    arriving: Option<SignedIn>,
    /// Whether choosing a PIN was put off.
    pin_put_off: lock::PutOff,
    /// What only an opened device knows, for a fresh token.
    secret: Option<String>,
    /// Goes up when the data is locked: what began before is not gone on with.
    opened: u64,
}

/// The driver. Copy, so that every screen can hold it.
#[derive(Clone, Copy)]
pub(crate) struct Driver {
    inner: StoredValue<Rc<RefCell<Inner>>, LocalStorage>,
    /// Goes up at every change; a view that reads it is drawn anew.
    pub(crate) version: RwSignal<u64>,
    /// What the sync chip tells.
    pub(crate) status: RwSignal<SyncStatus>,
    /// Whether a person can work.
    pub(crate) stage: RwSignal<Stage>,
    /// The server wants a sign-in before it takes anything.
    pub(crate) sign_in_needed: RwSignal<Option<ProblemKind>>,
    /// The store refused: there is no room, or the browser keeps nothing.
    pub(crate) store_trouble: RwSignal<Option<StoreError>>,
    /// Whether the browser promised to keep our data.
    pub(crate) durable: RwSignal<bool>,
    /// Why nobody works behind the newest lock any more.
    pub(crate) left: RwSignal<Option<Left>>,
    /// Since when nobody looks.
    hidden_at: RwSignal<Option<Timestamp>>,
    /// Goes up when the server refused something.
    pub(crate) refusals: RwSignal<u64>,
    /// Who is asked to show anew who he is, and is waited for.
    pub(crate) proof: RwSignal<Option<ProofAsked>, LocalStorage>,
}

impl Driver {
    /// Makes the driver and starts reading the store.
    pub(crate) fn provide() -> Self {
        let mut rng = machine::rng();
        let actor = sync_core::ids::fresh(machine::now(), &mut rng);
        let replica = Replica::restore(Stored::default(), actor);
        let status = replica.status();
        let inner = Inner {
            replica,
            rng,
            store: None,
            durable: false,
            leading: false,
            token: None,
            channel: None,
            live: None,
            live_rests: false,
            wake: None,
            waiting: BTreeMap::new(),
            redraws: false,
            led_to: Reach::Unknown,
            passed_on: BTreeSet::new(),
            lock: None,
            vault: None,
            arriving: None,
            pin_put_off: lock::PutOff::No,
            secret: None,
            opened: 0,
        };
        let driver = Self {
            inner: StoredValue::new_local(Rc::new(RefCell::new(inner))),
            version: RwSignal::new(0),
            status: RwSignal::new(status),
            stage: RwSignal::new(Stage::Starting),
            sign_in_needed: RwSignal::new(None),
            store_trouble: RwSignal::new(None),
            durable: RwSignal::new(false),
            left: RwSignal::new(None),
            hidden_at: RwSignal::new(None),
            refusals: RwSignal::new(0),
            proof: RwSignal::new_local(None),
        };
        DRIVER.set(Some(driver));
        spawn_local(driver.start());
        driver
    }

    fn with<T>(self, look: impl FnOnce(&mut Inner) -> T) -> T {
        let inner = self.inner.get_value();
        let mut inner = inner.borrow_mut();
        look(&mut inner)
    }

    /// Reads from the replica; the view is drawn anew when something changes.
    pub(crate) fn read<T>(self, look: impl FnOnce(&mut Replica) -> T) -> T {
        self.version.track();
        self.with(|inner| look(&mut inner.replica))
    }

    /// What people call a branch; empty when it is not on this device.
    pub(crate) fn branch_name(self, branch: BranchId) -> String {
        self.read(|replica| match replica.row(branch.branch_document()) {
            Some(Summary::Branch(row)) => row.name.clone(),
            _ => String::new(),
        })
    }

    /// Reads from the replica once.
    pub(crate) fn peek<T>(self, look: impl FnOnce(&mut Replica) -> T) -> T {
        self.with(|inner| look(&mut inner.replica))
    }

    /// A fresh id.
    pub(crate) fn fresh<T: From<Uuid>>(self) -> T {
        self.with(|inner| sync_core::ids::fresh(machine::now(), &mut inner.rng)).into()
    }

    async fn start(self) {
        let store = match Store::open(STORE).await {
            Ok(store) => store,
            Err(error) => {
                self.store_trouble.set(Some(error));
                self.stage.set(Stage::SignedOut);
                return;
            }
        };
        self.with(|inner| inner.store = Some(store));
        // Nothing is written here: what the store holds is not read yet.
        let durable = pwa::installed() || pwa::persisted().await;
        self.with(|inner| inner.durable = durable);
        self.durable.set(durable);
        let driver = self;
        let channel = Channel::open(STORE, move |bytes| driver.heard(&bytes)).ok();
        self.with(|inner| inner.channel = channel);
        self.open_at_start().await;
    }

    async fn reload(self) {
        let Some(store) = self.with(|inner| inner.store.clone()) else { return };
        if self.with(|inner| inner.vault.is_some()) && store.key().is_none() {
            return;
        }
        let opened = self.with(|inner| inner.opened);
        let loaded = store.load().await;
        let secret = store.secret().await;
        machine::mark("noaber-loaded");
        if self.with(|inner| inner.opened) != opened {
            return;
        }
        match loaded {
            Ok(stored) => {
                self.with(|inner| {
                    let actor = sync_core::ids::fresh(machine::now(), &mut inner.rng);
                    inner.replica = Replica::restore(stored, actor);
                    inner.secret = secret;
                });
                self.redraw();
                let signed_in = self.with(|inner| inner.replica.person().is_some());
                self.stage.set(if signed_in { Stage::Ready } else { Stage::SignedOut });
            }
            Err(error) => {
                self.store_trouble.set(Some(error));
                self.stage.set(Stage::SignedOut);
            }
        }
    }

    /// Keeps documents on the disk from now on, or not.
    pub(crate) fn set_durable(self, durable: bool) {
        let before = self.with(|inner| std::mem::replace(&mut inner.durable, durable));
        self.durable.set(durable);
        if durable && !before {
            let everything = self.with(|inner| inner.replica.everything());
            let Some(store) = self.with(|inner| inner.store.clone()) else { return };
            spawn_local(async move {
                if let Err(error) = store.write(&everything).await {
                    self.store_trouble.set(Some(error));
                }
            });
        }
    }

    /// Something changed: the screens follow, once for all that happens in one go, and after the picture that tells a
    /// person what came of a tap.
    fn changed(self) {
        if self.with(|inner| std::mem::replace(&mut inner.redraws, true)) {
            return;
        }
        spawn_local(async move {
            machine::after_paint().await;
            // Somebody waits for the word *bewaard*: the rest of the screen comes after it.
            if self.with(|inner| inner.waiting.is_empty()) {
                self.redraw();
            } else {
                self.with(|inner| inner.redraws = false);
            }
        });
    }

    fn redraw(self) {
        let mut status = self.with(|inner| {
            inner.redraws = false;
            inner.replica.status()
        });
        let before = self.status.get_untracked();
        if self.with(|inner| inner.leading) {
            if status.reach != before.reach && status.reach != Reach::Unknown {
                self.say(&Said::Reached(status.reach == Reach::Reached));
            }
        } else {
            status.reach = self.with(|inner| inner.led_to);
        }
        if status.update_needed && !before.update_needed {
            spawn_local(pwa::look_for_newer());
        }
        if status != before {
            self.status.set(status);
        }
        self.version.update(|version| *version += 1);
    }

    /// There may be news or a network: exchange.
    pub(crate) fn sync(self) {
        if self.with(|inner| inner.arriving.is_some()) {
            return;
        }
        if self.stage.get_untracked() == Stage::Closed {
            spawn_local(self.ask_if_shut_out());
            return;
        }
        if self.with(|inner| inner.leading) {
            self.handle(Input::Sync);
        } else {
            self.say(&Said::Sync);
        }
    }

    /// A person acts. Answers when the act is kept on this device, or why it is not.
    pub(crate) async fn act(self, document: impl Into<DocumentId>, command: impl Into<Command>) -> Acted {
        let (document, command) = (document.into(), command.into());
        let id: CommandId = self.fresh();
        if self.with(|inner| inner.leading) {
            let answered = self.wait_for(id, None);
            self.handle(Input::Act { id, document, command: Box::new(command) });
            answered.await
        } else {
            self.ask_leader(
                id,
                Said::Act { id, document, kind: command.kind().to_owned(), body: command.body() },
            )
            .await
        }
    }

    fn wait_for(self, id: CommandId, asked: Option<Said>) -> impl Future<Output = Acted> {
        let (answer, answered) = oneshot::channel();
        self.with(|inner| inner.waiting.insert(id, Waiting { answer, asked }));
        async {
            answered.await.unwrap_or_else(|_| Err(Refusal::new(ProblemKind::NotSaved, "the app was closed")))
        }
    }

    async fn ask_leader(self, id: CommandId, asked: Said) -> Acted {
        let answered = self.wait_for(id, Some(asked.clone()));
        self.say(&asked);
        answered.await
    }

    /// A person has dealt with a refused act.
    pub(crate) fn forget(self, id: CommandId) {
        if self.with(|inner| inner.leading) {
            self.handle(Input::Forget(id));
        } else {
            self.say(&Said::Forget(id));
        }
    }

    /// A person tries a refused act again.
    pub(crate) async fn retry(self, refused: CommandId) -> Acted {
        let id: CommandId = self.fresh();
        if self.with(|inner| inner.leading) {
            let answered = self.wait_for(id, None);
            self.handle(Input::Retry { refused, id });
            answered.await
        } else {
            self.ask_leader(id, Said::Retry { refused, id }).await
        }
    }

    fn handle(self, input: Input) {
        let effects = self.with(|inner| {
            let Inner { replica, rng, .. } = inner;
            replica.handle(input, machine::now(), rng)
        });
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(self, effect: Effect) {
        match effect {
            Effect::Save(id, writes) => self.save(id, *writes),
            // Only the leading tab speaks with the server; it reads what another tab wrote, and goes on from there.
            Effect::Exchange(_) if !self.with(|inner| inner.leading) => self.say(&Said::Session),
            Effect::Exchange(request) => {
                let opened = self.with(|inner| inner.opened);
                spawn_local(async move {
                    machine::after_paint().await;
                    self.exchange(*request, opened).await;
                });
            }
            Effect::Changed(_) => self.changed(),
            Effect::Kept(id) => {
                self.answer(id, Ok(()));
                self.say(&Said::Changed);
            }
            Effect::NotKept(id) => {
                self.answer(id, Err(Refusal::new(ProblemKind::NotSaved, "the store refused")));
            }
            Effect::Denied(id, refusal) => self.answer(id, Err(refusal)),
            Effect::Refused(_) => self.refusals.update(|count| *count += 1),
            Effect::SignInNeeded(problem) => {
                self.sign_in_needed.set(Some(problem));
                if self.with(|inner| inner.replica.person().is_none()) {
                    // Shut out: nothing of the screens behind may stay.
                    self.with(|inner| (inner.token, inner.live) = (None, None));
                    self.stage.set(Stage::SignedOut);
                    spawn_local(self.leave(Left::ShutOut));
                }
            }
            Effect::WakeAfter(ms) => {
                let ms = u32::try_from(ms).unwrap_or(EVERY_MS);
                let timer = gloo_timers::callback::Timeout::new(ms, move || self.sync());
                // In the place of the one before: many acts without a network must not each keep trying.
                self.with(|inner| inner.wake = Some(timer));
            }
        }
    }

    fn answer(self, id: CommandId, acted: Acted) {
        let (waiting, passed_on) =
            self.with(|inner| (inner.waiting.remove(&id), inner.passed_on.remove(&id)));
        if passed_on {
            let problem =
                acted.as_ref().err().map(|refusal| (refusal.kind.slug().to_owned(), refusal.detail.clone()));
            self.say(&Said::Acted { id, problem });
        }
        if let Some(waiting) = waiting {
            let _ = waiting.answer.send(acted);
            self.changed();
        }
    }

    fn save(self, id: SaveId, mut writes: Writes) {
        let Some(store) = self.with(|inner| inner.store.clone()) else {
            self.handle(Input::SaveFailed(id));
            return;
        };
        self.trim(&mut writes);
        spawn_local(async move {
            match store.write(&writes).await {
                Ok(()) => {
                    self.store_trouble.set(None);
                    self.handle(Input::Saved(id));
                    self.say(&Said::Changed);
                }
                Err(error) => {
                    self.store_trouble.set(Some(error));
                    self.handle(Input::SaveFailed(id));
                }
            }
        });
    }

    /// Acts are kept in any case; documents, with their addresses, only where they are safe from being thrown away and
    /// forgotten. Without them there is nothing to read on from.
    fn trim(self, writes: &mut Writes) {
        if !self.with(|inner| inner.durable) {
            writes.documents.clear();
            if let Some(meta) = &mut writes.meta {
                meta.cursor = None;
            }
        }
    }

    /// Who is signed in.
    pub(crate) fn person(self) -> Option<Person> {
        self.read(|replica| replica.person().cloned())
    }

    /// Whether the signed-in person has this role somewhere.
    pub(crate) fn is(self, role: Role) -> bool {
        self.read(|replica| replica.person().is_some_and(|person| person.is(role)))
    }

    /// Whether the data is locked because the device was too long without contact.
    pub(crate) fn locked(self) -> bool {
        self.read(|replica| replica.locked(machine::now()))
    }

    /// Whether the server could not be reached at the last try, or the browser says there is no network.
    pub(crate) fn offline(self) -> bool {
        self.status.get().reach == Reach::Unreachable || !machine::online()
    }

    /// Now.
    #[expect(clippy::unused_self, reason = "a screen asks the driver, which alone knows the machine")]
    pub(crate) fn now(self) -> Timestamp {
        machine::now()
    }
}

thread_local! {
    /// The one driver of this page. Leptos's context is gone after an await and in the handler of an event.
    static DRIVER: Cell<Option<Driver>> = const { Cell::new(None) };
}

/// The driver of this page.
pub(crate) fn driver() -> Driver {
    DRIVER.get().unwrap_or_else(Driver::provide)
}
