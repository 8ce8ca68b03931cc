//! The only file that knows both sides: effects of the replica to the browser, answers of the browser to inputs.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use futures_channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rand_chacha::ChaCha20Rng;
use serde::Deserialize;
use sync_core::access::{Membership, Person, Role};
use sync_core::command::Command;
use sync_core::ids::{BranchId, CommandId, DeviceId, DocumentId, UserId};
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::replica::{Effect, Input, Reach, Replica, SaveId, Stored, SyncStatus, Writes};
use sync_core::sync::cbor;
use sync_core::sync::message::{SyncRequest, SyncResponse};
use sync_core::time::Timestamp;
use uuid::Uuid;

use crate::browser::channel::{Channel, Live};
use crate::browser::http::{self, Answer, NotReached};
use crate::browser::indexed_db::StoreError;
use crate::browser::{lock, machine, pwa};
use crate::store::Store;
use crate::tabs::Said;

const STORE: &str = "noaber";
const REQUEST_MS: u32 = 30_000;
/// Between two exchanges without a reason: five minutes.
const EVERY_MS: u32 = 300_000;

/// Whether a person can work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The store is being read.
    Starting,
    /// Nobody is signed in on this device.
    SignedOut,
    /// Somebody can work.
    Ready,
}

/// What an act came to.
pub(crate) type Acted = Result<(), Refusal>;

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
    waiting: BTreeMap<CommandId, oneshot::Sender<Acted>>,
    /// Acts of other tabs that this one leads.
    passed_on: BTreeSet<CommandId>,
    /// Held, never read: while it lives, this tab leads.
    lock: Option<lock::Lock>,
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
    /// Goes up when the server refused something.
    pub(crate) refusals: RwSignal<u64>,
}

/// What the server says at a sign-in.
#[derive(Deserialize)]
struct SignedIn {
    access_token: String,
    device_id: DeviceId,
    user: SignedInUser,
}

#[derive(Deserialize)]
struct SignedInUser {
    id: UserId,
    name: String,
    roles: Vec<SignedInRole>,
}

#[derive(Deserialize)]
struct SignedInRole {
    branch: BranchId,
    role: String,
}

#[derive(Deserialize)]
struct ProblemBody {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    detail: String,
}

#[derive(Deserialize)]
struct Ticket {
    ticket: String,
}

fn problem_of(answer: &Answer) -> Refusal {
    match serde_json::from_slice::<ProblemBody>(&answer.body) {
        Ok(body) => {
            let slug = body.kind.rsplit('/').next().unwrap_or_default();
            Refusal::new(ProblemKind::from_slug(slug).unwrap_or(ProblemKind::InternalError), body.detail)
        }
        Err(_) => Refusal::new(ProblemKind::StorageUnavailable, "the server answered something else"),
    }
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
            waiting: BTreeMap::new(),
            passed_on: BTreeSet::new(),
            lock: None,
        };
        let driver = Self {
            inner: StoredValue::new_local(Rc::new(RefCell::new(inner))),
            version: RwSignal::new(0),
            status: RwSignal::new(status),
            stage: RwSignal::new(Stage::Starting),
            sign_in_needed: RwSignal::new(None),
            store_trouble: RwSignal::new(None),
            durable: RwSignal::new(false),
            refusals: RwSignal::new(0),
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
        let leads = if lock::available() {
            let lock = lock::acquire(STORE, true).await;
            let leads = lock.is_some();
            self.with(|inner| inner.lock = lock);
            leads
        } else {
            true
        };
        self.with(|inner| inner.leading = leads);
        self.reload().await;
        machine::mark("noaber-restored");
        request_animation_frame(|| machine::mark("noaber-first-screen"));
        if leads {
            self.lead().await;
        } else {
            // When the leader goes, this tab takes over with what the store holds then.
            let lock = lock::acquire(STORE, false).await;
            self.with(|inner| {
                inner.lock = lock;
                inner.leading = true;
            });
            self.reload().await;
            self.lead().await;
        }
    }

    async fn reload(self) {
        let Some(store) = self.with(|inner| inner.store.clone()) else { return };
        match store.load().await {
            Ok(stored) => {
                self.with(|inner| {
                    let actor = sync_core::ids::fresh(machine::now(), &mut inner.rng);
                    inner.replica = Replica::restore(stored, actor);
                });
                self.changed();
                let signed_in = self.with(|inner| inner.replica.person().is_some());
                self.stage.set(if signed_in { Stage::Ready } else { Stage::SignedOut });
            }
            Err(error) => {
                self.store_trouble.set(Some(error));
                self.stage.set(Stage::SignedOut);
            }
        }
    }

    async fn lead(self) {
        self.sync();
        loop {
            gloo_timers::future::TimeoutFuture::new(EVERY_MS).await;
            self.sync();
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

    fn changed(self) {
        self.status.set(self.with(|inner| inner.replica.status()));
        self.version.update(|version| *version += 1);
    }

    /// There may be news or a network: exchange.
    pub(crate) fn sync(self) {
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
        let (answer, answered) = oneshot::channel();
        let leading = self.with(|inner| {
            inner.waiting.insert(id, answer);
            inner.leading
        });
        if leading {
            self.handle(Input::Act { id, document, command: Box::new(command) });
        } else {
            self.say(&Said::Act { id, document, kind: command.kind().to_owned(), body: command.body() });
        }
        answered.await.unwrap_or_else(|_| Err(Refusal::new(ProblemKind::NotSaved, "the app was closed")))
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
        let (answer, answered) = oneshot::channel();
        self.with(|inner| inner.waiting.insert(id, answer));
        self.handle(Input::Retry { refused, id });
        answered.await.unwrap_or_else(|_| Err(Refusal::new(ProblemKind::NotSaved, "the app was closed")))
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
            Effect::Exchange(request) => spawn_local(self.exchange(*request)),
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
            Effect::SignInNeeded(problem) => self.sign_in_needed.set(Some(problem)),
            Effect::WakeAfter(ms) => {
                let ms = u32::try_from(ms).unwrap_or(EVERY_MS);
                gloo_timers::callback::Timeout::new(ms, move || self.sync()).forget();
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
            let _ = waiting.send(acted);
        }
    }

    fn save(self, id: SaveId, mut writes: Writes) {
        let Some(store) = self.with(|inner| inner.store.clone()) else {
            self.handle(Input::SaveFailed(id));
            return;
        };
        if !self.with(|inner| inner.durable) {
            // Acts are kept in any case; documents, with their addresses, only where they are safe from being thrown
            // away and forgotten. Without them there is nothing to read on from.
            writes.documents.clear();
            if let Some(meta) = &mut writes.meta {
                meta.cursor = None;
            }
        }
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

    async fn exchange(self, request: SyncRequest) {
        let input = match self.try_exchange(&request).await {
            Ok(Ok(response)) => Input::Answered(Box::new(response)),
            Ok(Err(problem)) => Input::Rejected(problem),
            Err(NotReached) => Input::Unreachable,
        };
        let reached = matches!(input, Input::Answered(_));
        self.handle(input);
        if reached {
            self.sign_in_needed.set(None);
            self.open_live();
        }
    }

    async fn try_exchange(
        self,
        request: &SyncRequest,
    ) -> Result<Result<SyncResponse, ProblemKind>, NotReached> {
        let body = cbor::to_vec(request);
        let mut fresh = false;
        loop {
            if self.with(|inner| inner.token.is_none()) {
                if let Err(refusal) = self.fresh_token().await? {
                    return Ok(Err(refusal.kind));
                }
                fresh = true;
            }
            let token = self.with(|inner| inner.token.clone());
            let answer = http::send(
                "POST",
                "/api/sync",
                "application/cbor",
                token.as_deref(),
                Some(&body),
                REQUEST_MS,
            )
            .await?;
            if answer.status == 200 {
                return cbor::from_slice(&answer.body).map(Ok).map_err(|_| NotReached);
            }
            let refusal = problem_of(&answer);
            let stale = matches!(refusal.kind, ProblemKind::TokenExpired | ProblemKind::NotSignedIn);
            if stale && !fresh {
                self.with(|inner| inner.token = None);
                continue;
            }
            return Ok(Err(refusal.kind));
        }
    }

    /// A fresh access token from the cookie; with it come the roles of this moment.
    async fn fresh_token(self) -> Result<Result<(), Refusal>, NotReached> {
        let answer = http::send("POST", "/api/token", "application/json", None, None, REQUEST_MS).await?;
        if answer.status != 200 {
            return Ok(Err(problem_of(&answer)));
        }
        let signed_in: SignedIn = serde_json::from_slice(&answer.body).map_err(|_| NotReached)?;
        self.signed_in(signed_in);
        Ok(Ok(()))
    }

    fn signed_in(self, signed_in: SignedIn) {
        let person = Person {
            user: signed_in.user.id,
            memberships: signed_in
                .user
                .roles
                .into_iter()
                .filter_map(|own| Some(Membership { branch: own.branch, role: Role::parse(&own.role)? }))
                .collect(),
        };
        let unchanged = self.with(|inner| {
            inner.token = Some(signed_in.access_token);
            inner.replica.person() == Some(&person)
                && inner.replica.meta().device == Some(signed_in.device_id)
        });
        if !unchanged {
            self.handle(Input::SignedIn { device: signed_in.device_id, person, name: signed_in.user.name });
        }
        self.sign_in_needed.set(None);
        self.stage.set(Stage::Ready);
    }

    /// Signs in with e-mail and password. Needs the server.
    pub(crate) async fn sign_in(self, email: &str, password: &str, device_name: &str) -> Result<(), Refusal> {
        let body = serde_json::json!({ "email": email, "password": password, "device_name": device_name });
        let body = body.to_string();
        let answer =
            http::send("POST", "/api/sign-in", "application/json", None, Some(body.as_bytes()), REQUEST_MS)
                .await;
        match answer {
            Ok(answer) if answer.status == 200 => match serde_json::from_slice(&answer.body) {
                Ok(signed_in) => {
                    self.set_durable(pwa::installed() || pwa::persist().await);
                    self.signed_in(signed_in);
                    Ok(())
                }
                Err(_) => Err(Refusal::new(ProblemKind::InternalError, "the answer cannot be read")),
            },
            Ok(answer) => Err(problem_of(&answer)),
            Err(NotReached) => Err(Refusal::new(ProblemKind::StorageUnavailable, "unreachable")),
        }
    }

    /// Signs out: the documents go, what is not sent stays.
    pub(crate) async fn sign_out(self) {
        let _ = self.call("POST", "/api/sign-out", None).await;
        self.with(|inner| {
            inner.token = None;
            inner.live = None;
        });
        self.handle(Input::SignedOut);
        self.stage.set(Stage::SignedOut);
        self.say(&Said::Session);
    }

    /// A request to the server beside the exchange: only with a network. The body, or why not.
    pub(crate) async fn call(
        self,
        method: &str,
        path: &str,
        body: Option<&[u8]>,
    ) -> Result<Vec<u8>, Refusal> {
        let unreachable = |NotReached| Refusal::new(ProblemKind::StorageUnavailable, "unreachable");
        let kind = if path == "/api/sync/hand-in" { "application/octet-stream" } else { "application/json" };
        for _ in 0..2 {
            if self.with(|inner| inner.token.is_none()) {
                self.fresh_token().await.map_err(unreachable)??;
            }
            let token = self.with(|inner| inner.token.clone());
            let answer = http::send(method, path, kind, token.as_deref(), body, REQUEST_MS)
                .await
                .map_err(unreachable)?;
            if (200..300).contains(&answer.status) {
                return Ok(answer.body);
            }
            let refusal = problem_of(&answer);
            if !matches!(refusal.kind, ProblemKind::TokenExpired | ProblemKind::NotSignedIn) {
                return Err(refusal);
            }
            self.with(|inner| inner.token = None);
        }
        Err(Refusal::new(ProblemKind::NotSignedIn, "no fresh token"))
    }

    fn open_live(self) {
        if self.with(|inner| inner.live.is_some() || !inner.leading) {
            return;
        }
        spawn_local(async move {
            let Ok(body) = self.call("POST", "/api/sync/ticket", None).await else { return };
            let Ok(Ticket { ticket }) = serde_json::from_slice(&body) else { return };
            let path = format!("/api/sync/live?ticket={ticket}");
            let live = Live::open(
                &path,
                move || self.sync(),
                move || {
                    // Dropped a moment later: a socket may not be dropped within its own call.
                    gloo_timers::callback::Timeout::new(0, move || {
                        self.with(|inner| inner.live = None);
                        self.sync();
                    })
                    .forget();
                },
            );
            self.with(|inner| {
                if inner.live.is_none() {
                    inner.live = live.ok();
                }
            });
        });
    }

    fn say(self, said: &Said) {
        self.with(|inner| {
            if let Some(channel) = &inner.channel {
                channel.say(&said.to_bytes());
            }
        });
    }

    fn heard(self, bytes: &[u8]) {
        let Some(said) = Said::from_bytes(bytes) else { return };
        let leading = self.with(|inner| inner.leading);
        match said {
            Said::Changed if !leading => spawn_local(self.reload()),
            Said::Session => spawn_local(async move {
                self.with(|inner| inner.token = None);
                self.reload().await;
                self.sync();
            }),
            Said::Act { id, document, kind, body } if leading => match Command::read(&kind, &body) {
                Ok(command) => {
                    self.with(|inner| inner.passed_on.insert(id));
                    self.handle(Input::Act { id, document, command: Box::new(command) });
                }
                Err(refusal) => {
                    self.say(&Said::Acted {
                        id,
                        problem: Some((refusal.kind.slug().to_owned(), refusal.detail)),
                    });
                }
            },
            Said::Acted { id, problem } => {
                let acted = match problem {
                    None => Ok(()),
                    Some((slug, detail)) => {
                        let kind = ProblemKind::from_slug(&slug).unwrap_or(ProblemKind::InternalError);
                        Err(Refusal::new(kind, detail))
                    }
                };
                if let Some(waiting) = self.with(|inner| inner.waiting.remove(&id)) {
                    let _ = waiting.send(acted);
                }
            }
            Said::Sync if leading => self.handle(Input::Sync),
            Said::Forget(id) if leading => self.handle(Input::Forget(id)),
            _ => {}
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
