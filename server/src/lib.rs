//! The library's side of Noaber. Writing goes through the exchange ([`sync`]); everything else reads.

pub mod after_restore;
pub mod app_state;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod clock;
pub mod config;
pub mod db;
pub mod deliveries;
mod erasing;
pub mod export;
pub mod import;
pub mod mail;
pub mod maintenance;
pub mod metrics;
pub mod openapi;
pub mod people;
pub mod problem;
pub mod project;
mod qr;
mod refused;
mod refused_requests;
pub mod reminders;
pub mod retention;
pub mod sample;
pub mod settings;
mod side_by_side;
mod subject_access;
pub mod sync;
pub mod taalhuis;
pub mod tls;
mod web;

use std::any::Any;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Router, serve};
use http_body_util::Limited;
use sync_core::problem::ProblemKind;
use sync_core::sync::message::BODY_MAX;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::trace::TraceLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use crate::app_state::AppState;
use crate::problem::{Problem, kind_of_status};

/// Of every program in which the server runs, tests and benches too: an exchange makes and drops thousands of small values
/// (`docs/decisions/0032-side-by-side.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long a request may take.
const REQUEST: Duration = Duration::from_secs(30);
/// The same for a spreadsheet of thousands of rows.
const IMPORT: Duration = Duration::from_mins(10);
/// How long the server waits for what is under way when it stops.
const STOPPING: Duration = Duration::from_secs(20);

/// All routes of the server.
pub fn router(state: AppState) -> Router {
    let (routes, openapi) = OpenApiRouter::with_openapi(openapi::ApiDoc::openapi())
        .merge(auth::session::routes())
        .merge(auth::vault::routes())
        .merge(auth::second_factor::routes())
        .merge(auth::passkey::routes())
        .merge(auth::proof::routes())
        .merge(sync::routes())
        .merge(deliveries::routes())
        .merge(taalhuis::routes())
        .merge(people::routes())
        .merge(settings::routes())
        .merge(reminders::switch::routes())
        .merge(import::routes())
        .split_for_parts();
    let document = openapi::document(&openapi).unwrap_or_default();
    let page = openapi::page(&document);
    let secure = state.config.is_secure();
    routes
        .route("/api/openapi.json", get(move || async move { openapi::json(&document) }))
        .route("/api/docs", get(move || async move { page.clone() }))
        .route(
            "/api/docs.css",
            get(|| async { ([(header::CONTENT_TYPE, "text/css")], include_str!("../docs.css")) }),
        )
        .route("/aanmelden.css", get(|| async { taalhuis::register::file(false) }))
        .route("/aanmelden.js", get(|| async { taalhuis::register::file(true) }))
        .route("/health/live", get(|| async { "alive" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics::told))
        .route("/.well-known/security.txt", get(web::security_txt))
        .fallback(web::app)
        .method_not_allowed_fallback(|| async { Problem::new(ProblemKind::MethodNotAllowed) })
        // From the inside out: the limit after unpacking, unpacking, the limit before unpacking.
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(RequestDecompressionLayer::new().gzip(true).pass_through_unaccepted(false))
        .layer(middleware::from_fn_with_state(state.clone(), refused_requests::note))
        .layer(middleware::from_fn(limit_packed))
        .layer(middleware::from_fn(only_problems))
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| {
            Problem::failure("a request made the server panic").into_response()
        }))
        .layer(CompressionLayer::new().gzip(true).br(true).quality(CompressionLevel::Fastest))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn(move |request, next| headers(secure, request, next)))
        .layer(middleware::from_fn_with_state(state.clone(), auth::address::only_through_the_proxy))
        .layer(middleware::from_fn_with_state(state.clone(), metrics::count))
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request| {
            // The path without its query: a ticket is nobody's business.
            tracing::info_span!("request", method = %request.method(), path = request.uri().path(),
                user = tracing::field::Empty)
        }))
        .with_state(state)
}

async fn ready(State(state): State<AppState>) -> Result<&'static str, Problem> {
    // A table of ours, not just any answer: a database without them does no work.
    crate::retention::organisations(&state.db.read).await?;
    Ok("ready")
}

/// Whether a request is a step of an import: larger, and longer, than anything else.
fn is_import(request: &Request) -> bool {
    request.uri().path().starts_with("/api/import/")
}

/// Gives up a request that takes too long: what it had not committed is undone.
async fn in_time(request: Request, next: Next) -> Response {
    let most = if is_import(&request) { IMPORT } else { REQUEST };
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(ProblemKind::StorageUnavailable).retry_after(5).into_response(),
    }
}

/// Refuses what is too large before it is unpacked: a spreadsheet may be more than anything else.
async fn limit_packed(request: Request, next: Next) -> Response {
    let most = if is_import(&request) { import::BODY_MAX } else { BODY_MAX };
    let told =
        request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if told.is_some_and(|length: usize| length > most) {
        return Problem::new(ProblemKind::BodyTooLarge).into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, most)))).await
}

async fn headers(secure: bool, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    for (name, value) in web::security_headers(secure) {
        response.headers_mut().insert(name, value);
    }
    if api {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Bare errors of layers become problems too.
async fn only_problems(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let status = response.status();
    let bare = api
        && (status.is_client_error() || status.is_server_error())
        && response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !bare || status == axum::http::StatusCode::UPGRADE_REQUIRED {
        return response;
    }
    let mut problem = Problem::new(kind_of_status(status)).into_response();
    for name in [header::ALLOW, header::ACCEPT_ENCODING, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            problem.headers_mut().insert(name, value.clone());
        }
    }
    problem
}

/// Serves until `stop` turns true; then what is under way is finished, and everything handed in is committed.
pub async fn run(
    listener: TcpListener,
    state: AppState,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let tasks = state.tasks.clone();
    tasks.spawn(state.clone().run_clock());
    let files = tls::Files::of(&state.config);
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    if let Some(files) = files {
        tls::serve(listener, files, service, stop).await?;
    } else {
        serve(listener, service)
            .with_graceful_shutdown(async move {
                let _ = stop.wait_for(|stopped| *stopped).await;
            })
            .await?;
    }
    // Neither the writer nor upgraded sockets are waited for by axum.
    tasks.close();
    let _ = tokio::time::timeout(STOPPING, tasks.wait()).await;
    Ok(())
}
