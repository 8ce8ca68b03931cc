//! What the driver says to the server: tokens, the exchange, sign-in, and news that comes by itself.

use futures_channel::oneshot;
use leptos::prelude::Set as _;
use leptos::task::spawn_local;
use serde::Deserialize;
use sync_core::access::{Membership, Person, Role};
use sync_core::ids::{BranchId, DeviceId, UserId};
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::replica::Input;
use sync_core::sync::cbor;
use sync_core::sync::message::{Envelope, SyncRequest, SyncResponse};
use wasm_bindgen::JsValue;
use words::Words;

use super::{Driver, ProofAsked, Stage};
use crate::browser::channel::Live;
use crate::browser::http::{self, Answer, NotReached, Shown};
use crate::browser::{lock, machine, passkeys, pwa};
use crate::people::BUDDY_WORD;
use crate::settings::words;
use crate::vault::Left;

const REQUEST_MS: u32 = 30_000;
/// The same for a spreadsheet of thousands of rows.
const IMPORT_MS: u32 = 600_000;
/// The language that the library knows, as far as this device told it.
const LANGUAGE_TOLD: &str = "language-told";
/// After a live connection ended, so long nothing is tried: what always breaks must not be opened all the time.
const REST_MS: u32 = 5_000;
const TOKEN_LOCK: &str = "noaber-token";

/// What the server says at a sign-in.
#[derive(Deserialize)]
pub(crate) struct SignedIn {
    pub(super) access_token: String,
    pub(super) device_id: DeviceId,
    pub(super) user: SignedInUser,
    #[serde(default)]
    buddy_word: String,
}

/// What somebody knocks with.
#[derive(Clone, Copy)]
pub(crate) struct WayIn<'a> {
    /// The secret of a link, or nine digits.
    pub(crate) secret: &'a str,
    /// With the digits of a mail: what this device was given when it asked for them; else empty.
    pub(crate) asked: &'a str,
}

/// What knocking with a code or link came to.
pub(crate) enum Joined {
    /// Signed in.
    In,
    /// A password must be chosen first.
    PasswordNeeded,
    /// A colleague must see these digits first.
    Waiting {
        /// What to ask with.
        join: String,
        /// What to show.
        digits: i32,
    },
}

/// Not in yet, as the server says it.
#[derive(Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum JoinState {
    PasswordNeeded,
    Waiting { join: Option<String>, digits: Option<i32> },
}

impl SignedIn {
    /// Whether some role of this person works with the screens of the office.
    #[cfg(not(feature = "office"))]
    pub(super) fn works_in_office(&self) -> bool {
        let mut roles = self.user.roles.iter();
        roles.any(|own| Role::parse(&own.role).is_some_and(crate::office::works_there))
    }
}

#[derive(Deserialize)]
pub(crate) struct SignedInUser {
    pub(super) id: UserId,
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

fn unreadable(error: &serde_json::Error) -> Refusal {
    Refusal::new(ProblemKind::InternalError, error.to_string())
}

/// The person closed the question of the browser, or the browser has no passkey for this place.
fn not_shown(_: JsValue) -> Refusal {
    Refusal::new(ProblemKind::PasskeyWrong, "not shown")
}

impl Driver {
    /// `opened` says under which opening of the lock it began: once that is over, its answer is for nobody.
    pub(super) async fn exchange(self, request: SyncRequest, opened: u64) {
        let input = match self.try_exchange(&request).await {
            Ok(Ok(response)) => Input::Answered(Box::new(response)),
            Ok(Err(problem)) => Input::Rejected(problem),
            Err(NotReached) => Input::Unreachable,
        };
        if self.with(|inner| inner.opened) != opened {
            return;
        }
        let reached = matches!(input, Input::Answered(_));
        self.handle(input);
        if reached {
            self.sign_in_needed.set(None);
            self.open_live();
            spawn_local(self.tell_language());
        }
    }

    /// In which language mail to this person is written: that of the app, once somebody chose another one here.
    async fn tell_language(self) {
        let chosen = words().code();
        let told = machine::setting(LANGUAGE_TOLD);
        if told.as_deref().unwrap_or(Words::default().code()) == chosen {
            return;
        }
        let body = serde_json::json!({ "language": chosen }).to_string();
        if self.call("POST", "/api/me/language", Some(body.as_bytes())).await.is_ok() {
            machine::keep_setting(LANGUAGE_TOLD, chosen);
        }
    }

    async fn try_exchange(
        self,
        request: &SyncRequest,
    ) -> Result<Result<SyncResponse, ProblemKind>, NotReached> {
        let body = cbor::to_vec(request);
        // The PIN was asked for before such an act, perhaps without a network: this is what shows it.
        let erases = request.commands.iter().any(Envelope::erases);
        let secret = self.device_secret().filter(|_| erases);
        let mut fresh = false;
        loop {
            if self.with(|inner| inner.token.is_none()) {
                if let Err(refusal) = self.fresh_token().await? {
                    return Ok(Err(refusal.kind));
                }
                fresh = true;
                // Somebody else came in: what was asked for is not his.
                if self.with(|inner| inner.arriving.is_some()) {
                    return Err(NotReached);
                }
            }
            let token = self.with(|inner| inner.token.clone());
            let shown = Shown { token: token.as_deref(), secret: secret.as_deref() };
            let answer =
                http::send("POST", "/api/sync", "application/cbor", shown, Some(&body), REQUEST_MS).await?;
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

    /// A fresh access token from the cookie; with it come the roles of this moment. One at a time over all tabs: the cookie
    /// turns with each, and of two at once the answer that comes last need not be the one that the server made last.
    pub(super) async fn fresh_token(self) -> Result<Result<(), Refusal>, NotReached> {
        let _turn = if lock::available() { lock::acquire(TOKEN_LOCK, false).await } else { None };
        if self.with(|inner| inner.token.is_some()) {
            return Ok(Ok(()));
        }
        let secret = self.with(|inner| inner.secret.clone());
        let body = secret.map(|secret| serde_json::json!({ "device_secret": secret }).to_string());
        let body = body.as_ref().map(String::as_bytes);
        let answer =
            http::send("POST", "/api/token", "application/json", Shown::default(), body, REQUEST_MS).await?;
        if answer.status != 200 {
            return Ok(Err(problem_of(&answer)));
        }
        let signed_in: SignedIn = serde_json::from_slice(&answer.body).map_err(|_| NotReached)?;
        self.arrive(signed_in);
        Ok(Ok(()))
    }

    /// Whether the library shut this device out: asked with the cookie alone.
    pub(super) async fn is_shut_out(self) -> bool {
        // Of two tabs one turns the cookie at a time.
        let _turn = if lock::available() { lock::acquire(TOKEN_LOCK, false).await } else { None };
        let answer =
            http::send("POST", "/api/token", "application/json", Shown::default(), None, REQUEST_MS).await;
        answer.is_ok_and(|answer| {
            answer.status != 200 && problem_of(&answer).kind == ProblemKind::DeviceRevoked
        })
    }

    pub(super) fn signed_in(self, signed_in: SignedIn) {
        machine::keep_setting(BUDDY_WORD, &signed_in.buddy_word);
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
            machine::forget_setting(LANGUAGE_TOLD);
            self.handle(Input::SignedIn { device: signed_in.device_id, person, name: signed_in.user.name });
        }
        self.sign_in_needed.set(None);
        self.stage.set(Stage::Ready);
    }

    /// What may be done changed: the next request asks for a fresh token first.
    pub(crate) fn forget_token(self) {
        self.with(|inner| inner.token = None);
    }

    /// A request of somebody who is not in.
    pub(crate) async fn call_open(self, path: &str, body: &serde_json::Value) -> Result<Answer, Refusal> {
        let body = body.to_string();
        let sent =
            http::send("POST", path, "application/json", Shown::default(), Some(body.as_bytes()), REQUEST_MS);
        let answer =
            sent.await.map_err(|NotReached| Refusal::new(ProblemKind::StorageUnavailable, "unreachable"))?;
        if (200..300).contains(&answer.status) { Ok(answer) } else { Err(problem_of(&answer)) }
    }

    /// What a door of the server answered: in, or what is still to do.
    async fn knock(self, path: &str, body: serde_json::Value) -> Result<Joined, Refusal> {
        let answer = self.call_open(path, &body).await?;
        if let Ok(state) = serde_json::from_slice::<JoinState>(&answer.body) {
            return Ok(match state {
                JoinState::PasswordNeeded => Joined::PasswordNeeded,
                JoinState::Waiting { join, digits } => {
                    Joined::Waiting { join: join.unwrap_or_default(), digits: digits.unwrap_or_default() }
                }
            });
        }
        match serde_json::from_slice(&answer.body) {
            Ok(signed_in) => {
                self.set_durable(pwa::installed() || pwa::persist().await);
                self.arrive(signed_in);
                Ok(Joined::In)
            }
            Err(error) => Err(unreadable(&error)),
        }
    }

    /// Knocks with a code or the secret of a link.
    pub(crate) async fn join(
        self,
        way: WayIn<'_>,
        device_name: &str,
        password: &str,
        code: &str,
    ) -> Result<Joined, Refusal> {
        let WayIn { secret, asked } = way;
        let body = serde_json::json!({ "secret": secret, "asked": asked, "device_name": device_name, "password": password, "code": code });
        self.knock("/api/join", body).await
    }

    /// Whether a colleague has seen the digits: then this device is in.
    /// `code` is that of the second factor; empty until it is asked.
    pub(crate) async fn finish_joining(self, join: &str, code: &str) -> Result<bool, Refusal> {
        let body = serde_json::json!({ "join": join, "code": code });
        let joined = self.knock("/api/join/finish", body).await?;
        Ok(matches!(joined, Joined::In))
    }

    /// Signs in with e-mail and password. Needs the server.
    /// `code` is that of the second factor; empty until it is asked.
    pub(crate) async fn sign_in(
        self,
        email: &str,
        password: &str,
        code: &str,
        device_name: &str,
    ) -> Result<(), Refusal> {
        let body = serde_json::json!({ "email": email, "password": password, "code": code, "device_name": device_name });
        self.knock("/api/sign-in", body).await.map(drop)
    }

    /// Signs out: the documents go, what is not sent stays.
    pub(crate) async fn sign_out(self) {
        let _ = self.call("POST", "/api/sign-out", None).await;
        self.with(|inner| {
            inner.token = None;
            inner.live = None;
        });
        self.stage.set(Stage::SignedOut);
        self.handle(Input::SignedOut);
        self.leave(Left::SignedOut).await;
    }

    /// A request to the server beside the exchange: only with a network. The body, or why not.
    pub(crate) async fn call(
        self,
        method: &str,
        path: &str,
        body: Option<&[u8]>,
    ) -> Result<Vec<u8>, Refusal> {
        let kind = if path.starts_with("/api/sync/hand-in") {
            "application/octet-stream"
        } else {
            "application/json"
        };
        self.call_with(method, path, kind, body).await
    }

    /// The same, with a body of this kind.
    pub(crate) async fn call_with(
        self,
        method: &str,
        path: &str,
        kind: &str,
        body: Option<&[u8]>,
    ) -> Result<Vec<u8>, Refusal> {
        let unreachable = |NotReached| Refusal::new(ProblemKind::StorageUnavailable, "unreachable");
        for _ in 0..2 {
            if self.with(|inner| inner.token.is_none()) {
                self.fresh_token().await.map_err(unreachable)??;
            }
            let token = self.with(|inner| inner.token.clone());
            let limit = if path.starts_with("/api/import/") { IMPORT_MS } else { REQUEST_MS };
            let shown = Shown::token(token.as_deref());
            let answer = http::send(method, path, kind, shown, body, limit).await.map_err(unreachable)?;
            if (200..300).contains(&answer.status) {
                return Ok(answer.body);
            }
            let refusal = problem_of(&answer);
            match refusal.kind {
                ProblemKind::TokenExpired | ProblemKind::NotSignedIn => self.with(|inner| inner.token = None),
                // Asked once: whoever closes the question hears that it is needed.
                ProblemKind::ProofNeeded if self.is_proven().await => {}
                _ => return Err(refusal),
            }
        }
        Err(Refusal::new(ProblemKind::NotSignedIn, "no fresh token"))
    }

    /// Asks the person to show the server anew who he is; false when he does not.
    async fn is_proven(self) -> bool {
        self.asks_for_proof(false).await
    }

    /// Asks once more who it is, before what cannot be undone: for the PIN, also without a network, and where there is none with the server.
    pub(crate) async fn is_proven_here(self) -> bool {
        self.asks_for_proof(self.has_pin()).await
    }

    async fn asks_for_proof(self, by_pin: bool) -> bool {
        let (answered, answer) = oneshot::channel();
        self.proof.set(Some(ProofAsked { answered, by_pin }));
        answer.await.unwrap_or_default()
    }

    /// Shows the server that this is the person: with the password, a passkey, or what lies behind the PIN.
    pub(crate) async fn prove(self, proof: &serde_json::Value) -> Result<(), Refusal> {
        self.call("POST", "/api/prove", Some(proof.to_string().as_bytes())).await.map(drop)
    }

    /// What only an opened device knows.
    pub(crate) fn device_secret(self) -> Option<String> {
        self.with(|inner| inner.secret.clone())
    }

    /// Lets the person choose a passkey of this device, for whatever asks for it.
    pub(crate) async fn show_passkey(self) -> Result<serde_json::Value, Refusal> {
        let answer = self.call_open("/api/sign-in/passkey/begin", &serde_json::Value::Null).await?;
        let asked: passkeys::Asked =
            serde_json::from_slice(&answer.body).map_err(|error| unreadable(&error))?;
        let credential = passkeys::get(&asked.options).await.map_err(not_shown)?;
        Ok(serde_json::json!({ "ceremony": asked.ceremony, "credential": credential }))
    }

    /// Signs in with a passkey.
    pub(crate) async fn sign_in_with_passkey(self, device_name: &str) -> Result<(), Refusal> {
        let mut shown = self.show_passkey().await?;
        shown["device_name"] = device_name.into();
        self.knock("/api/sign-in/passkey", shown).await.map(drop)
    }

    fn open_live(self) {
        if self.with(|inner| inner.live.is_some() || inner.live_rests || !inner.leading) {
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
                        self.with(|inner| (inner.live, inner.live_rests) = (None, true));
                        self.sync();
                    })
                    .forget();
                    gloo_timers::callback::Timeout::new(REST_MS, move || {
                        self.with(|inner| inner.live_rests = false);
                        if self.with(|inner| inner.token.is_some()) {
                            self.open_live();
                        }
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
}
