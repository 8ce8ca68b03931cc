//! What every answer to a request for one's own data (AVG, article 15) has in common: a page to read, or JSON for a program.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use sync_core::time::Timestamp;
use utoipa::IntoParams;
use words::Words;

use crate::problem::Problem;

/// How it is written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct Format {
    /// `html` or `json`.
    pub(crate) format: String,
}

/// The answer, as a file to keep.
pub(crate) fn file(
    format: &str,
    all: &impl Serialize,
    page: impl FnOnce() -> String,
) -> Result<Response, Problem> {
    // The name of the file names nobody.
    let (kind, name, body) = if format == "html" {
        ("text/html; charset=utf-8", "attachment; filename=\"inzage.html\"", page().into_bytes())
    } else {
        let body = serde_json::to_vec_pretty(all).map_err(Problem::failure)?;
        ("application/json", "attachment; filename=\"inzage.json\"", body)
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], body).into_response())
}

/// The word for a value of ours; the value itself when there is none.
pub(crate) fn word(list: &str, value: &str) -> String {
    let key = format!("{list}-{}", value.replace('_', "-"));
    Words::Dutch.by_key(&key).unwrap_or(value).to_owned()
}

/// A command, or what else the log tells.
pub(crate) fn deed_word(act: &str) -> String {
    let command = word("act", act);
    if command == act { word("audit", act) } else { command }
}

/// The day of a moment, as people write it.
pub(crate) fn day(at: i64) -> String {
    Timestamp(at).local_date().format("%d-%m-%Y").to_string()
}
