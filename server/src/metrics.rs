//! Figures for who operates the server, as Prometheus reads them: how many requests and commands, and how long they took.
//! No address of a request is in them, and no id: only the pattern of the route.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use sync_core::problem::ProblemKind;
use sync_core::sync::message::{CommandResult, Verdict};

use crate::app_state::AppState;
use crate::problem::Problem;

/// Upper bounds of the times of requests, in seconds.
const SECONDS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct VerdictLabels {
    verdict: &'static str,
}

type Times = Family<RouteLabels, Histogram, fn() -> Histogram>;

/// What is counted. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    times: Times,
    commands: Family<VerdictLabels, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let requests = Family::default();
        let times = Times::new_with_constructor(|| Histogram::new(SECONDS));
        let commands = Family::default();
        let mut registry = Registry::with_prefix("noaber");
        registry.register("requests", "Requests that were answered", requests.clone());
        registry.register("request_seconds", "How long answers took", times.clone());
        registry.register("commands", "Commands that were judged", commands.clone());
        Self { registry: Arc::new(registry), requests, times, commands }
    }
}

impl Metrics {
    /// Counts what became of commands.
    pub fn judged(&self, results: &[CommandResult]) {
        for result in results {
            let verdict = match result.verdict {
                Verdict::Accepted { .. } => "accepted",
                Verdict::Replaced { .. } => "replaced",
                Verdict::Refused { .. } => "refused",
            };
            self.commands.get_or_create(&VerdictLabels { verdict }).inc();
        }
    }
}

/// Counts every request.
pub(crate) async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("app", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    let seconds = begun.elapsed().as_secs_f64();
    let metrics = &state.metrics;
    metrics.times.get_or_create(&RouteLabels { route: route.clone() }).observe(seconds);
    let labels = RequestLabels { method, route, status: response.status().as_u16() };
    metrics.requests.get_or_create(&labels).inc();
    response
}

/// Whether these figures are for whoever asks: a program on this machine, not through a proxy, or one that knows the word.
fn may_read(from: IpAddr, headers: &HeaderMap, token: &str) -> bool {
    let told = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let knows = !token.is_empty()
        && told.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|word| {
            // Compared as hashes: how long it takes says nothing about the word.
            use sha2::{Digest as _, Sha256};
            Sha256::digest(word) == Sha256::digest(token)
        });
    let forwarded =
        ["forwarded", "x-forwarded-for", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
    knows || (from.is_loopback() && !forwarded)
}

/// The figures.
pub(crate) async fn told(
    State(state): State<AppState>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !may_read(from.ip(), &headers, &state.config.metrics_token) {
        return Err(Problem::new(ProblemKind::NotFound));
    }
    let mut text = String::new();
    encode(&mut text, &state.metrics.registry).map_err(Problem::failure)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_this_machine_or_who_knows_the_word_reads_them() {
        let here = IpAddr::from([127, 0, 0, 1]);
        let there = IpAddr::from([192, 0, 2, 7]);
        let mut headers = HeaderMap::new();
        assert!(may_read(here, &headers, ""));
        assert!(!may_read(there, &headers, ""));
        headers.insert("x-forwarded-for", HeaderValue::from_static("192.0.2.7"));
        assert!(!may_read(here, &headers, ""), "a proxy on this machine speaks for somebody else");
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer geheim"));
        assert!(may_read(there, &headers, "geheim"));
        assert!(!may_read(there, &headers, "ander"));
        assert!(!may_read(there, &headers, ""));
    }
}
