//! Whoever asks for what is not his stands in the log: once a minute, however often it was asked (security promise 8).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;
use uuid::Uuid;

use crate::app_state::AppState;
use crate::{audit, auth};

/// So long the same person is not told of again.
const AGAIN_MS: i64 = 60_000;
/// The most people who are remembered for it.
const PEOPLE_MAX: usize = 10_000;

/// When each person was last told of.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    told: Arc<Mutex<BTreeMap<Uuid, Timestamp>>>,
}

impl Watch {
    fn is_due(&self, user: Uuid, now: Timestamp) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.get(&user).is_some_and(|at| now.millis_since(*at) < AGAIN_MS) {
            return false;
        }
        if told.len() >= PEOPLE_MAX {
            told.clear();
        }
        told.insert(user, now);
        true
    }
}

/// Notes a request that was refused for want of a right, or that asked for an id which is not there for this person.
pub(crate) async fn note(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let token = auth::bearer(request.headers()).map(str::to_owned);
    // Something that is named in the path: that a postcode is not found says nothing.
    let names_one = request.extensions().get::<MatchedPath>().is_some_and(|path| path.as_str().contains('{'));
    let answer = next.run(request).await;
    let problem = match answer.status() {
        StatusCode::FORBIDDEN => ProblemKind::NotAllowed,
        StatusCode::NOT_FOUND if names_one => ProblemKind::NotFound,
        _ => return answer,
    };
    let now = state.clock.now();
    let Some(claims) = token.and_then(|token| state.keys.check(&token, now).ok()) else { return answer };
    if state.watch.is_due(claims.sub, now) {
        let line = audit::Line {
            problem: Some(problem.slug()),
            ..audit::Line::of_device("refused_request", claims.sub, claims.dev)
        };
        if let Err(error) = audit::note(&state.db.write, claims.org, now, line).await {
            tracing::warn!(%error, "a refused request could not be noted");
        }
    }
    answer
}
