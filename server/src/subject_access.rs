//! What every answer to a request for one's own data (AVG, article 15) has in common: a page to read, or JSON for a program.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::problem::ProblemKind;
use sync_core::questions::{Answers, Kind, Question};
use sync_core::summary::Content;
use sync_core::time::{LocalDate, Timestamp};
use utoipa::IntoParams;
use words::Words;

use crate::app_state::AppState;
use crate::problem::Problem;
use crate::sync::whole;

/// How it is written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct Format {
    /// `html` or `json`.
    pub(crate) format: String,
    /// `nl` or `en`: the language of the page. Left out: that of the person it is about, and else Dutch.
    #[param(example = "en")]
    pub(crate) language: String,
}

impl Format {
    /// The texts of the page, for somebody with this language of their own.
    pub(crate) fn words(&self, own: Words) -> Words {
        Words::parse(&self.language).unwrap_or(own)
    }
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
pub(crate) fn word(words: Words, list: &str, value: &str) -> String {
    let key = format!("{list}-{}", value.replace('_', "-"));
    words.by_key(&key).unwrap_or(value).to_owned()
}

/// A command, or what else the log tells.
pub(crate) fn deed_word(words: Words, act: &str) -> String {
    let command = word(words, "act", act);
    if command == act { word(words, "audit", act) } else { command }
}

/// The answers to these questions, as a person reads them.
pub(crate) fn answered<'a>(
    words: Words,
    questions: &'a [Question],
    answers: &'a Answers,
) -> impl Iterator<Item = (&'static str, String)> + 'a {
    questions.iter().filter(|question| !answers.get(question.key).is_empty()).map(move |question| {
        let told: Vec<String> = answers
            .words(question.key)
            .map(|one| {
                let list = if question.kind == Kind::Languages { "lang" } else { question.key };
                let told = words.answer(list, one);
                if told.is_empty() { one.to_owned() } else { told.to_owned() }
            })
            .collect();
        // What people typed stands as they typed it.
        let typed = told.iter().map(String::as_str).eq(answers.words(question.key));
        let told = if typed { answers.get(question.key).to_owned() } else { told.join(", ") };
        (words.question(question.key), told)
    })
}

/// What a document says; nothing when it is not there.
pub(crate) async fn content(
    state: &AppState,
    organisation: OrganisationId,
    id: DocumentId,
) -> Result<Option<Content>, Problem> {
    match whole(&state.db.read, organisation, id).await {
        Ok(document) => Ok(Content::read(&document.map_err(Problem::failure)?)),
        Err(problem) if problem.kind() == ProblemKind::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// A day, as people write it.
pub(crate) fn date(on: Option<LocalDate>) -> String {
    on.map(|on| on.format("%d-%m-%Y").to_string()).unwrap_or_default()
}

/// The day of a moment, as people write it.
pub(crate) fn day(at: i64) -> String {
    Timestamp(at).local_date().format("%d-%m-%Y").to_string()
}
