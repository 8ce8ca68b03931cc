//! `POST /api/sync`: one request carries everything in both directions, as CBOR for the app and JSON for programs.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, IsolationLevel, QueryFilter as _,
    TransactionOptions, TransactionTrait as _,
};
use serde::de::DeserializeOwned;
use sync_core::document::Document;
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::summary::{Content, Summary};
use sync_core::sync::cbor;
use sync_core::sync::message::{
    COMMANDS_MAX, CommandResult, DOCUMENTS_MAX, DocumentNews, Envelope, Notice, SyncRequest, SyncResponse,
};
use sync_core::sync::packed::Packed;

use super::apply::{self, Applied, Batch};
use super::feed::{self, Wish};
use super::grants;
use super::receipts;
use crate::app_state::AppState;
use crate::auth::entity::device;
use crate::auth::{Actor, proof};
use crate::deliveries::fetched;
use crate::problem::{Problem, ProblemBody};
use crate::settings::Settings;

/// How often a device's last contact is written, in milliseconds.
const CONTACT_MS: i64 = 60_000;
/// The most documents a device may ask whole at once.
const REFETCH_MAX: usize = 100;

/// The two ways in which the exchange is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Cbor,
    Json,
}

impl Format {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let kind =
            headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match kind.split(';').next().unwrap_or_default().trim() {
            "application/cbor" => Ok(Self::Cbor),
            "application/json" => Ok(Self::Json),
            _ => Err(Problem::new(ProblemKind::UnsupportedMediaType)),
        }
    }

    fn read<T: DeserializeOwned>(self, body: &[u8]) -> Result<T, Problem> {
        let malformed = |detail: String| Problem::new(ProblemKind::MalformedRequest).about(detail);
        match self {
            Self::Cbor => cbor::from_slice(body).map_err(|error| malformed(error.to_string())),
            Self::Json => serde_json::from_slice(body).map_err(|error| malformed(error.to_string())),
        }
    }

    fn write<T: serde::Serialize>(self, value: &T) -> Result<Response, Problem> {
        Ok(match self {
            Self::Cbor => ([(header::CONTENT_TYPE, "application/cbor")], cbor::to_vec(value)).into_response(),
            Self::Json => {
                let text = serde_json::to_vec(value).map_err(Problem::failure)?;
                ([(header::CONTENT_TYPE, "application/json")], text).into_response()
            }
        })
    }
}

/// Sends what was done on the device and fetches what is new for it.
#[utoipa::path(post, path = "/api/sync", tag = "sync", security(("bearer" = [])),
    request_body(content(
        (crate::openapi::SyncRequestSchema = "application/json"),
        (crate::openapi::SyncRequestSchema = "application/cbor"))),
    responses((status = 200, body = crate::openapi::SyncResponseSchema),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn sync(
    State(state): State<AppState>,
    actor: Actor,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    state.requests.count(actor.device, state.clock.now(), state.config.requests_per_minute)?;
    let format = Format::of(&headers)?;
    let mut request: SyncRequest = format.read(&body?)?;
    let unproven = unproven(&state, &actor, &headers, &mut request).await?;
    let mut response = exchange(&state, &actor, request).await?;
    response.results.extend(unproven);
    if format == Format::Json {
        spell_out(&state, &actor, &mut response).await?;
    }
    format.write(&response)
}

/// Takes out what erases and may not now, each with its refusal. Nothing of it is kept: the same command may be sent again with a proof.
async fn unproven(
    state: &AppState,
    actor: &Actor,
    headers: &HeaderMap,
    request: &mut SyncRequest,
) -> Result<Vec<CommandResult>, Problem> {
    if !request.commands.iter().any(Envelope::erases) || proof::may_erase(state, actor, headers).await? {
        return Ok(Vec::new());
    }
    let (erasing, others) =
        core::mem::take(&mut request.commands).into_iter().partition::<Vec<_>, _>(Envelope::erases);
    request.commands = others;
    let refused = |envelope: Envelope| CommandResult {
        id: envelope.id,
        verdict: apply::refused(Refusal::new(ProblemKind::ProofNeeded, "erasing")),
    };
    Ok(erasing.into_iter().map(refused).collect())
}

/// The exchange itself: what tests without a socket call.
pub async fn exchange(
    state: &AppState,
    actor: &Actor,
    request: SyncRequest,
) -> Result<SyncResponse, Problem> {
    check(actor, &request)?;
    let now = state.clock.now();
    let organisation = actor.organisation;
    // Without commands that is seen below, in the picture of the answer.
    let outdated = match request.cursor {
        Some(cursor) if !request.commands.is_empty() => {
            feed::state(&state.db.read, organisation).await?.numbers_of(&actor.person, cursor).is_none()
        }
        _ => false,
    };
    let applied = if request.commands.is_empty() || outdated {
        // A device of another life of the database first hears so: then it sends again, in order, also what this life
        // of the database has never seen.
        Applied::default()
    } else {
        let batch = Batch {
            organisation,
            person: actor.person.clone(),
            device: actor.device,
            commands: request.commands,
            received_at: now,
        };
        let applied = state.writer.apply(batch).await?;
        state.metrics.judged(&applied.results);
        applied
    };
    if grants::any_due(&state.db.read, organisation, now).await? {
        state.writer.turn_clock(organisation).await?;
    }
    let snapshot = one_picture(state).await?;
    let feed = feed::state(&snapshot, organisation).await?;
    let numbers = request.cursor.and_then(|cursor| feed.numbers_of(&actor.person, cursor));
    let since = numbers.map(|(since, _)| since);
    let caught_up = numbers.map_or(0, |(_, caught_up)| caught_up);
    let resync = outdated || request.cursor.is_some() && since.is_none();
    let refetch: BTreeSet<_> = request.refetch.iter().copied().collect();
    let wish = Wish {
        organisation,
        person: &actor.person,
        since,
        caught_up,
        want: u64::from(request.want.min(DOCUMENTS_MAX)),
        touched: &applied.touched,
        refetch: &refetch,
        own: &applied.own,
        created: &applied.created,
    };
    let too_old = request.protocol < state.config.minimum_protocol;
    let news = if too_old {
        feed::dropped_only(&snapshot, &wish, feed.feed).await?
    } else {
        feed::news(&snapshot, &wish, feed.feed).await?
    };
    snapshot.commit().await?;
    // Before the answer: what may be on a phone is always told of.
    let made = applied.created.iter().copied();
    receipts::note(&state.db.write, organisation, actor.device, &news, made, now).await?;
    note_contact(state, actor).await?;
    let lease_days = Settings::of(&state.db.read, &state.config, organisation).await?.lease_of(&actor.person);
    let caught_up = if news.more || too_old { caught_up } else { news.feed };
    let notices = notices(state, actor, &news.documents, too_old).await?;
    Ok(SyncResponse {
        cursor: feed.cursor(&actor.person, news.feed, caught_up),
        more: news.more,
        resync,
        results: applied.results,
        documents: news.documents,
        dropped: news.dropped,
        lease_days,
        notices,
    })
}

/// What the answer tells beside its documents.
async fn notices(
    state: &AppState,
    actor: &Actor,
    documents: &[DocumentNews],
    too_old: bool,
) -> Result<Vec<Notice>, DbErr> {
    if too_old {
        return Ok(vec![Notice::update_needed()]);
    }
    fetched::notices(&state.db.read, actor, documents, state.clock.now()).await
}

/// One picture of the database for a whole answer.
async fn one_picture(state: &AppState) -> Result<DatabaseTransaction, DbErr> {
    state
        .db
        .read
        .begin_with_options(TransactionOptions {
            isolation_level: state.db.is_postgres().then_some(IsolationLevel::RepeatableRead),
            ..TransactionOptions::default()
        })
        .await
}

/// Limits, before any work.
fn check(actor: &Actor, request: &SyncRequest) -> Result<(), Problem> {
    if request.device_id != actor.device {
        return Err(
            Problem::new(ProblemKind::InvalidRequest).about("device_id is not the device of the token")
        );
    }
    if request.commands.len() > COMMANDS_MAX {
        return Err(Problem::new(ProblemKind::TooManyCommands).about(format!("at most {COMMANDS_MAX}")));
    }
    if request.refetch.len() > REFETCH_MAX {
        return Err(
            Problem::new(ProblemKind::InvalidRequest).about(format!("refetch: at most {REFETCH_MAX}"))
        );
    }
    Ok(())
}

/// For programs: summaries as JSON, and the content of each document beside its bytes.
async fn spell_out(state: &AppState, actor: &Actor, response: &mut SyncResponse) -> Result<(), Problem> {
    for news in &mut response.documents {
        if let Some(summary) = Summary::unpack(&news.kind, &news.summary) {
            news.summary = Packed::Json(summary_json(&summary)?);
        }
        news.content = content(state, actor, news).await?;
    }
    Ok(())
}

fn summary_json(summary: &Summary) -> Result<serde_json::Value, Problem> {
    match summary {
        Summary::Branch(row) => serde_json::to_value(row),
        Summary::Team(row) => serde_json::to_value(row),
        Summary::Reader(row) => serde_json::to_value(row),
        Summary::Round(row) => serde_json::to_value(row),
        Summary::Signal(row) => serde_json::to_value(row),
        Summary::Volunteer(row) => serde_json::to_value(row),
        Summary::VolunteerFile(row) => serde_json::to_value(row),
        Summary::Learner(row) => serde_json::to_value(row),
        Summary::LearnerFile(row) => serde_json::to_value(row),
        Summary::Pairing(row) => serde_json::to_value(row),
        Summary::Group(row) => serde_json::to_value(row),
        Summary::Taalhuis(row) => serde_json::to_value(row),
    }
    .map_err(Problem::failure)
}

async fn content(
    state: &AppState,
    actor: &Actor,
    news: &DocumentNews,
) -> Result<Option<serde_json::Value>, Problem> {
    let loaded = if news.whole {
        Document::load(&news.bytes)
    } else {
        // Only what is new travels; the content is of the whole.
        super::whole(&state.db.read, actor.organisation, news.id).await?
    };
    let document = loaded.map_err(Problem::failure)?;
    Content::read(&document)
        .map(|content| serde_json::to_value(content).map_err(Problem::failure))
        .transpose()
}

/// When a device was last heard of; written at most once a minute, so that an exchange without news writes nothing.
async fn note_contact(state: &AppState, actor: &Actor) -> Result<(), Problem> {
    let now = state.clock.now().as_millis();
    if !state.requests.contact_is_old(actor.device, now, CONTACT_MS) {
        return Ok(());
    }
    device::Entity::update_many()
        .col_expr(device::Column::LastContactAt, Expr::value(now))
        .filter(device::Column::OrganisationId.eq(actor.organisation.0))
        .filter(device::Column::Id.eq(actor.device.0))
        .exec(&state.db.write)
        .await?;
    Ok(())
}
