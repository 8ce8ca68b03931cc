//! The live WebSocket: it only says that there is news up to a number; the data comes by the exchange. A browser cannot send
//! its token with a WebSocket, so it fetches a ticket that works once, within thirty seconds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use sea_orm::sqlx::postgres::PgListener;
use serde::{Deserialize, Serialize};
use sync_core::ids::{DeviceId, OrganisationId};
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;
use tokio::sync::watch;
use utoipa::{IntoParams, ToSchema};

use crate::app_state::AppState;
use crate::auth::{Actor, session, token};
use crate::problem::{Problem, ProblemBody};

/// The PostgreSQL channel on which nodes wake each other.
pub const CHANNEL: &str = "noaber_news";
const TICKET_MS: i64 = 30_000;
const TICKETS_MAX: usize = 10_000;
/// The most of them that one device may have.
const TICKETS_OF_A_DEVICE: usize = 5;
/// The most live connections of one device: a tab each.
const LIVE_OF_A_DEVICE: usize = 5;
const PING: Duration = Duration::from_secs(30);

/// Rings when an organisation has news.
#[derive(Clone, Debug, Default)]
pub struct Bell {
    rings: Arc<Mutex<BTreeMap<OrganisationId, watch::Sender<u64>>>>,
}

impl Bell {
    /// Says that there is news.
    pub fn ring(&self, organisation: OrganisationId) {
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        rings.entry(organisation).or_default().send_modify(|count| *count += 1);
    }

    /// Listens to one organisation.
    #[must_use]
    pub fn listen(&self, organisation: OrganisationId) -> watch::Receiver<u64> {
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        rings.entry(organisation).or_default().subscribe()
    }

    fn ring_all(&self) {
        let rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        for ring in rings.values() {
            ring.send_modify(|count| *count += 1);
        }
    }
}

/// Listens to the other nodes; ends when `stop` turns true.
pub async fn listen_to_nodes(pool: sea_orm::sqlx::PgPool, bell: Bell, mut stop: watch::Receiver<bool>) {
    loop {
        let listening = async {
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.listen(CHANNEL).await?;
            // While it was not listening something may have been missed.
            bell.ring_all();
            loop {
                match listener.try_recv().await? {
                    Some(notice) => match notice.payload().parse() {
                        Ok(organisation) => bell.ring(organisation),
                        Err(_) => bell.ring_all(),
                    },
                    None => bell.ring_all(),
                }
            }
            #[expect(unreachable_code, reason = "gives the block its type")]
            Ok::<(), sea_orm::sqlx::Error>(())
        };
        tokio::select! {
            ended = listening => {
                if let Err(error) = ended {
                    tracing::warn!(%error, "listening to the other nodes stopped; trying again");
                }
            }
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
    }
}

/// Who a ticket was given to and when, by the hash of the ticket.
type Given = BTreeMap<Vec<u8>, (Timestamp, Actor)>;

/// Tickets that were given and not used, and the connections that are open.
#[derive(Clone, Debug, Default)]
pub struct Tickets {
    open: Arc<Mutex<Given>>,
    live: Arc<Mutex<BTreeMap<DeviceId, usize>>>,
}

/// A live connection that counts as long as it is kept.
struct Seat {
    device: DeviceId,
    live: Arc<Mutex<BTreeMap<DeviceId, usize>>>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = live.get_mut(&self.device) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                live.remove(&self.device);
            }
        }
    }
}

impl Tickets {
    fn give(&self, actor: Actor, now: Timestamp) -> Result<String, Problem> {
        let (ticket, hash) = token::fresh_refresh_token().map_err(Problem::failure)?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, (given, _)| now.millis_since(*given) < TICKET_MS);
        let own = open.values().filter(|(_, other)| other.device == actor.device).count();
        if open.len() >= TICKETS_MAX || own >= TICKETS_OF_A_DEVICE {
            return Err(Problem::new(ProblemKind::TooManyRequests).retry_after(30));
        }
        open.insert(hash, (now, actor));
        Ok(ticket)
    }

    /// A place among the live connections of this device, unless it has the most already.
    fn sit(&self, device: DeviceId) -> Result<Seat, Problem> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let count = live.entry(device).or_insert(0);
        if *count >= LIVE_OF_A_DEVICE {
            return Err(Problem::new(ProblemKind::TooManyRequests).retry_after(30));
        }
        *count += 1;
        Ok(Seat { device, live: Arc::clone(&self.live) })
    }

    fn take(&self, ticket: &str, now: Timestamp) -> Option<Actor> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (given, actor) = open.remove(&token::refresh_hash(ticket))?;
        (now.millis_since(given) < TICKET_MS).then_some(actor)
    }
}

/// A ticket for the live connection.
#[derive(Serialize, ToSchema)]
pub(super) struct Ticket {
    /// For `/api/sync/live?ticket=…`; works once, for thirty seconds.
    ticket: String,
}

#[derive(Deserialize, IntoParams)]
pub(super) struct TicketQuery {
    /// From `POST /api/sync/ticket`.
    ticket: String,
}

/// A ticket for the live connection.
#[utoipa::path(post, path = "/api/sync/ticket", tag = "sync", security(("bearer" = [])),
    responses((status = 200, body = Ticket),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn ticket(State(state): State<AppState>, actor: Actor) -> Result<Json<Ticket>, Problem> {
    let ticket = state.tickets.give(actor, state.clock.now())?;
    Ok(Json(Ticket { ticket }))
}

/// A WebSocket that says `{"news": n}` when there is something new up to number n.
#[utoipa::path(get, path = "/api/sync/live", tag = "sync", params(TicketQuery),
    responses((status = 101, description = "the connection is open"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn live(
    State(state): State<AppState>,
    Query(query): Query<TicketQuery>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    session::own_origin(&state, &headers)?;
    let actor = state
        .tickets
        .take(&query.ticket, state.clock.now())
        .ok_or_else(|| Problem::new(ProblemKind::NotSignedIn))?;
    let seat = state.tickets.sit(actor.device)?;
    let tasks = state.tasks.clone();
    Ok(upgrade.max_message_size(1024).on_upgrade(move |socket| {
        tasks.track_future(async move {
            serve(socket, state, actor).await;
            drop(seat);
        })
    }))
}

async fn serve(mut socket: WebSocket, state: AppState, actor: Actor) {
    let mut news = state.bell.listen(actor.organisation);
    let mut stop = state.stop.clone();
    let mut ping = tokio::time::interval(PING);
    ping.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            // The guard that `wait_for` returns may not be held over an await.
            () = async { let _ = stop.wait_for(|stopped| *stopped).await; } => {
                let close = CloseFrame { code: close_code::RESTART, reason: "restart".into() };
                let _ = socket.send(Message::Close(Some(close))).await;
                return;
            }
            changed = news.changed() => {
                // A device that was shut out loses its connection at the bell of that change; what rights there are is asked at every
                // exchange.
                if changed.is_err() || still_welcome(&state, &actor).await.is_err() {
                    return;
                }
                let Ok(feed) = super::feed::state(&state.db.read, actor.organisation).await else { return };
                let text = format!("{{\"news\":{}}}", feed.feed);
                if socket.send(Message::text(text)).await.is_err() {
                    return;
                }
            }
            _ = ping.tick() => {
                // Or here, when the bell was not heard.
                if still_welcome(&state, &actor).await.is_err()
                    || socket.send(Message::Ping(axum::body::Bytes::new())).await.is_err()
                {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
        }
    }
}

async fn still_welcome(state: &AppState, actor: &Actor) -> Result<(), Problem> {
    use sea_orm::EntityTrait as _;
    let device = crate::auth::entity::device::Entity::find_by_id((actor.organisation.0, actor.device.0))
        .one(&state.db.read)
        .await?;
    match device {
        Some(device) if device.revoked_at.is_none() => Ok(()),
        _ => Err(Problem::new(ProblemKind::DeviceRevoked)),
    }
}
