//! How readers, rounds and signals lie in their documents: the only file that says their keys.

use super::round::{Assignee, NewStop};
use crate::document::{Container, DocumentError, Writer};

// Reader.
pub(super) const STATUS: &str = "status";
pub(super) const PAUSED_UNTIL: &str = "paused_until";
pub(super) const REGISTERED_AT: &str = "registered_at";
pub(super) const ERASED: &str = "erased";
// Round.
pub(super) const NAME: &str = "name";
pub(super) const ON: &str = "on";
pub(super) const DAY_SEGMENT: &str = "day_segment";
pub(super) const CANCELLED: &str = "cancelled";
pub(super) const CANCEL_REASON: &str = "cancel_reason";
pub(super) const ASSIGNEES: &str = "assignees";
pub(super) const STOPS: &str = "stops";
pub(super) const PLAN_ORDER: &str = "plan_order";
pub(super) const LOGS: &str = "logs";
pub(super) const ORDER: &str = "order";
pub(super) const METRES: &str = "metres";
// Stop.
pub(super) const READER: &str = "reader";
pub(super) const BAG: &str = "bag";
pub(super) const BRING: &str = "bring";
pub(super) const FETCH: &str = "fetch";
pub(super) const REMOVED: &str = "removed";
// Log.
pub(super) const STOP: &str = "stop";
pub(super) const BY: &str = "by";
pub(super) const AT: &str = "at";
pub(super) const OUTCOME: &str = "outcome";
pub(super) const ITEMS_OUT: &str = "items_out";
pub(super) const ITEMS_IN: &str = "items_in";
pub(super) const WISH: &str = "wish";
pub(super) const NOTE: &str = "note";
pub(super) const CORRECTS: &str = "corrects";
pub(super) const WITHDRAWN: &str = "withdrawn";
// Signal.
pub(super) const SIGNAL_KIND: &str = "signal";
pub(super) const STATE: &str = "state";
pub(super) const ROUND_ID: &str = "round";
pub(super) const SETTLED_BY: &str = "settled_by";
pub(super) const SETTLED_AT: &str = "settled_at";
pub(super) const ANSWER: &str = "answer";

/// The skeleton of a reader.
pub(crate) const READER_SKELETON: &[(&str, Container)] = &[
    ("door_note", Container::Text),
    ("interests", Container::Text),
    ("avoid", Container::Text),
    ("mobility", Container::Text),
];
/// The skeleton of a round.
pub(crate) const ROUND: &[(&str, Container)] = &[
    (ASSIGNEES, Container::Map),
    (STOPS, Container::Map),
    (LOGS, Container::Map),
    (ORDER, Container::Map),
    (METRES, Container::Map),
];
/// The skeleton of a signal.
pub(crate) const SIGNAL: &[(&str, Container)] = &[(NOTE, Container::Text), (ANSWER, Container::Text)];

pub(super) fn write_assignees(writer: &mut Writer<'_>, assignees: &[Assignee]) -> Result<(), DocumentError> {
    for assignee in assignees {
        writer.put(&[ASSIGNEES], &assignee.user.to_string(), assignee.name.as_str())?;
    }
    Ok(())
}

pub(super) fn write_stop(writer: &mut Writer<'_>, stop: &NewStop) -> Result<(), DocumentError> {
    let id = stop.stop.to_string();
    writer.make_map(&[STOPS], &id)?;
    let path = [STOPS, id.as_str()];
    writer.put(&path, READER, stop.reader.to_string())?;
    writer.put(&path, BAG, stop.bag.as_str())?;
    writer.put(&path, BRING, stop.bring.as_str())?;
    writer.put(&path, FETCH, stop.fetch.as_str())
}

pub(super) fn write_erased(writer: &mut Writer<'_>) -> Result<(), DocumentError> {
    writer.put(&[], ERASED, true)
}
