//! The log of a visit: a fact, never edited. A correction is a new log that names the ones it corrects; taking a
//! log back is one too. Two volunteers who log one stop apart both keep their log, and the screen shows both
//! until a person chooses.

use serde::{Deserialize, Serialize};

use super::document;
use super::round::{check_open, check_stop};
use super::words::Outcome;
use crate::command::Act;
use crate::document::{Document, DocumentError, Map, Writer};
use crate::ids::{LogId, StopId};
use crate::problem::{ProblemKind, Refusal};
use crate::sync::message::ENTRIES_MAX;
use crate::text::TypedText;

/// The most books that one visit can bring or fetch.
const ITEMS_MAX: u16 = 99;
/// The most logs that one log can correct.
const CORRECTS_MAX: usize = 20;

/// Tells how a visit went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LogDelivery {
    /// A fresh id.
    pub log: LogId,
    /// Which stop.
    pub stop: StopId,
    /// How it went.
    pub outcome: Outcome,
    /// How many items went in the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items_out: Option<u16>,
    /// How many items came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items_in: Option<u16>,
    /// What the reader wishes for next time.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub wish: String,
    /// Anything else; needed with [`Outcome::Other`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The logs of this stop that this one replaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrects: Vec<LogId>,
}

impl LogDelivery {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        let note = TypedText::free("note", &self.note);
        let note = if self.outcome == Outcome::Other { note.required() } else { note };
        vec![TypedText::free("wish", &self.wish), note]
    }

    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        check_open(document)?;
        check_stop(document, self.stop)?;
        for (field, count) in [("items_out", self.items_out), ("items_in", self.items_in)] {
            if count.is_some_and(|count| count > ITEMS_MAX) {
                return Err(Refusal::new(ProblemKind::NumberOutOfRange, field));
            }
        }
        check_entry(document, self.log, self.stop, &self.corrects)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let log = write_entry(writer, self.log, self.stop, &self.corrects, act)?;
        let path = [document::LOGS, log.as_str()];
        writer.put(&path, document::OUTCOME, self.outcome.as_str())?;
        for (key, count) in [(document::ITEMS_OUT, self.items_out), (document::ITEMS_IN, self.items_in)] {
            if let Some(count) = count {
                writer.put(&path, key, i64::from(count))?;
            }
        }
        for (key, text) in [(document::WISH, &self.wish), (document::NOTE, &self.note)] {
            if !text.is_empty() {
                writer.put(&path, key, text.as_str())?;
            }
        }
        Ok(())
    }
}

/// Takes a log back: the stop stands open again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawDeliveryLog {
    /// A fresh id for this fact.
    pub log: LogId,
    /// Which stop.
    pub stop: StopId,
    /// The logs that are taken back.
    pub corrects: Vec<LogId>,
}

impl WithdrawDeliveryLog {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        check_open(document)?;
        check_stop(document, self.stop)?;
        if self.corrects.is_empty() {
            return Err(Refusal::new(ProblemKind::UnknownLog, "nothing is taken back"));
        }
        check_entry(document, self.log, self.stop, &self.corrects)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let log = write_entry(writer, self.log, self.stop, &self.corrects, act)?;
        writer.put(&[document::LOGS, &log], document::WITHDRAWN, true)
    }
}

fn check_entry(document: &Document, log: LogId, stop: StopId, corrects: &[LogId]) -> Result<(), Refusal> {
    let logs = document.root().map(document::LOGS);
    let known = logs.as_ref().map(Map::keys).unwrap_or_default();
    if known.contains(&log.to_string()) {
        return Err(Refusal::new(ProblemKind::LogExists, "a log with this id exists"));
    }
    if known.len() >= ENTRIES_MAX {
        return Err(Refusal::new(ProblemKind::DocumentFull, format!("at most {ENTRIES_MAX} logs")));
    }
    if corrects.len() > CORRECTS_MAX {
        return Err(Refusal::new(ProblemKind::NumberOutOfRange, "corrects"));
    }
    let of_this_stop = |id: &LogId| {
        logs.as_ref()
            .and_then(|logs| logs.map(&id.to_string()))
            .is_some_and(|log| log.id(document::STOP) == Some(stop))
    };
    if corrects.iter().all(of_this_stop) {
        Ok(())
    } else {
        Err(Refusal::new(ProblemKind::UnknownLog, "a corrected log is not of this stop"))
    }
}

fn write_entry(
    writer: &mut Writer<'_>,
    log: LogId,
    stop: StopId,
    corrects: &[LogId],
    act: &Act<'_>,
) -> Result<String, DocumentError> {
    let log = log.to_string();
    writer.make_map(&[document::LOGS], &log)?;
    let path = [document::LOGS, log.as_str()];
    writer.put(&path, document::STOP, stop.to_string())?;
    writer.put(&path, document::BY, act.by.user.to_string())?;
    writer.put(&path, document::AT, act.at.as_millis())?;
    if !corrects.is_empty() {
        let ids: Vec<String> = corrects.iter().map(ToString::to_string).collect();
        writer.put(&path, document::CORRECTS, ids.join(" "))?;
    }
    Ok(log)
}
