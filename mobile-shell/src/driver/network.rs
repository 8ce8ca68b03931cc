//! What the driver says to the server: tokens, the exchange, sign-in, and news that comes by itself.

use leptos::prelude::Set as _;
use leptos::task::spawn_local;
use serde::Deserialize;
use sync_core::access::{Membership, Person, Role};
use sync_core::ids::{BranchId, DeviceId, UserId};
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::replica::Input;
use sync_core::sync::cbor;
use sync_core::sync::message::{SyncRequest, SyncResponse};

use super::tabs::Said;
use super::{Driver, Stage};
use crate::browser::channel::Live;
use crate::browser::http::{self, Answer, NotReached};
use crate::browser::pwa;

const REQUEST_MS: u32 = 30_000;

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
    pub(super) async fn exchange(self, request: SyncRequest) {
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
}
