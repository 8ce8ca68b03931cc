//! `application/problem+json` (RFC 9457), from the closed list of [`ProblemKind`]. Titles come from the word files;
//! nothing personal is ever in a problem.

use std::error::Error;
use std::fmt::Write as _;

use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sea_orm::DbErr;
use serde::Serialize;
use sync_core::problem::{ProblemKind, Refusal};
use utoipa::ToSchema;
use uuid::Uuid;
use words::Words;

/// The body of a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// `/problems/<slug>`; translate by this.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not-found")]
    pub kind: String,
    /// The problem in words, in the library's first language.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Which field, limit or rule; English; never personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Which second factors there are, when one is asked.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub second_factor: &'static [&'static str],
    /// A number by which the log can be searched; only for failures of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}

/// A request that ends in a problem.
#[derive(Debug)]
pub struct Problem {
    kind: ProblemKind,
    detail: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
    retry_after: Option<u64>,
}

/// The title of a problem in the library's first language.
#[must_use]
pub fn title(kind: ProblemKind) -> &'static str {
    Words::Dutch.by_key(&format!("problem-{}", kind.slug())).unwrap_or("")
}

/// `docs/problems.md`: every problem that the server can answer.
#[must_use]
pub fn table() -> String {
    let mut told = String::from(
        "# Problems\n\n\
         Every problem the server can answer, as `application/problem+json` (RFC 9457) or as the refusal of a command.\n\
         Written by `cargo xtask generate`; the list itself is `sync-core/src/problem.rs`.\n\n\
         | Type | Status | In words |\n|---|---|---|\n",
    );
    for kind in ProblemKind::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(told, "| `/problems/{}` | {} | {} |", kind.slug(), kind.status(), title(*kind));
    }
    told
}

impl Problem {
    /// A problem of this kind.
    #[must_use]
    pub const fn new(kind: ProblemKind) -> Self {
        Self { kind, detail: None, source: None, retry_after: None }
    }

    /// The same, saying what it is about.
    #[must_use]
    pub fn about(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same, saying after how many seconds to try again.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A failure of ours, with its cause for the log.
    #[must_use]
    pub fn failure(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..Self::new(ProblemKind::InternalError) }
    }

    /// What it is about.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// Which problem.
    #[must_use]
    pub const fn kind(&self) -> ProblemKind {
        self.kind
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.kind).about(refusal.detail)
    }
}

/// Database errors: a database that does not answer is no failure of ours, and nothing was accepted.
impl From<DbErr> for Problem {
    fn from(error: DbErr) -> Self {
        let kind = match error {
            DbErr::RecordNotFound(_) => ProblemKind::NotFound,
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) | DbErr::Exec(_) | DbErr::Query(_) => {
                ProblemKind::StorageUnavailable
            }
            _ => ProblemKind::InternalError,
        };
        Self { source: Some(Box::new(error)), ..Self::new(kind) }
    }
}

/// Whether an error says that a body was larger than allowed, however deep. `io::Error` hides its inner error from
/// `source()`, and the decompressor wraps in it.
fn over_limit(error: &(dyn Error + 'static)) -> bool {
    error.is::<http_body_util::LengthLimitError>()
        || error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .is_some_and(|inner| over_limit(inner))
        || error.source().is_some_and(over_limit)
}

/// The problem for a bare status, for what a layer answered.
#[must_use]
pub fn kind_of_status(status: StatusCode) -> ProblemKind {
    match status {
        StatusCode::UNAUTHORIZED => ProblemKind::NotSignedIn,
        StatusCode::FORBIDDEN => ProblemKind::NotAllowed,
        StatusCode::NOT_FOUND => ProblemKind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ProblemKind::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemKind::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemKind::UnsupportedMediaType,
        StatusCode::UNPROCESSABLE_ENTITY => ProblemKind::InvalidRequest,
        StatusCode::TOO_MANY_REQUESTS => ProblemKind::TooManyRequests,
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => ProblemKind::StorageUnavailable,
        status if status.is_client_error() => ProblemKind::MalformedRequest,
        _ => ProblemKind::InternalError,
    }
}

macro_rules! rejections {
    ($($rejection:ty),+) => {$(
        impl From<$rejection> for Problem {
            fn from(rejection: $rejection) -> Self {
                if over_limit(&rejection) {
                    return Self::new(ProblemKind::BodyTooLarge);
                }
                Self::new(kind_of_status(rejection.status())).about(rejection.body_text())
            }
        }
    )+};
}
rejections!(BytesRejection, JsonRejection, PathRejection, QueryRejection);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let slug = self.kind.slug();
        let instance = self.source.as_ref().map(|source| {
            let instance =
                Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{:?}", tracing::Span::current().id()).as_bytes());
            // The chain of causes says what went wrong; none of our errors holds personal data.
            tracing::error!(error = %source, problem = slug, %instance, "a request failed with {slug}");
            format!("urn:uuid:{instance}")
        });
        let status = StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = ProblemBody {
            kind: format!("/problems/{slug}"),
            title: title(self.kind),
            status: self.kind.status(),
            detail: self.detail,
            second_factor: if self.kind == ProblemKind::SecondFactorNeeded { &["totp"] } else { &[] },
            instance,
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_words_in_both_languages() {
        for kind in sync_core::command::Command::kinds() {
            for words in [Words::Dutch, Words::English] {
                let key = format!("act-{}", kind.replace('_', "-"));
                assert!(words.by_key(&key).is_some(), "{key} has no words in {}", words.code());
            }
        }
    }

    #[test]
    fn the_table_of_problems_is_current() {
        let told = include_str!("../../docs/problems.md");
        assert!(told == table(), "cargo xtask generate writes docs/problems.md");
    }

    #[test]
    fn every_problem_has_words_in_both_languages() {
        for kind in ProblemKind::ALL {
            for words in [Words::Dutch, Words::English] {
                let key = format!("problem-{}", kind.slug());
                assert!(words.by_key(&key).is_some(), "{key} has no words in {}", words.code());
            }
        }
    }
}
