//! Bibliotheek aan Huis: volunteers bring books to people who cannot come to the library.
//!
//! A **reader** (lezer) is served at home. A **round** (ronde) is a day on which one or more volunteers visit
//! readers: its **stops**. What happened at a stop is a **log**: a fact that is never edited, only corrected by
//! a new one. A worry about a reader is a **signal** that only coordinators read.
//! State diagrams: `docs/states/`.
//!
//! ```
//! use sync_core::deliveries::Outcome;
//!
//! assert!(Outcome::LeftAtPlace.succeeded());
//! assert_eq!(Outcome::parse("not_home"), Some(Outcome::NotHome));
//! ```

pub(crate) mod access;
pub(crate) mod document;
pub mod due;
pub mod forget;
mod log;
mod own;
#[cfg(test)]
mod properties;
mod reader;
mod round;
#[cfg(test)]
mod rules;
mod signal;
pub mod view;
mod words;

pub use log::{LogDelivery, WithdrawDeliveryLog};
pub use own::{OrderRound, RecordKilometres};
pub use reader::{ChangeReader, EraseReader, ReaderChanges, ReaderProfile, RegisterReader, SetReaderStatus};
pub use round::{
    AddStop, AssignRound, Assignee, CancelRound, ChangeStop, MoveRound, NewStop, PlanRound, RemoveStop,
};
pub use signal::{RaiseSignal, SettleSignal};
pub use words::{DaySegment, Frequency, Outcome, ReaderStatus, SignalKind, SignalState};

use crate::command::{Act, commands};
use crate::document::{Document, DocumentError, DocumentKind, Writer};
use crate::ids::BranchId;
use crate::problem::Refusal;
use crate::text::TypedText;

commands! {
    /// Notes a new reader.
    RegisterReader = "register_reader",
    /// Changes what is known of a reader.
    ChangeReader = "change_reader",
    /// Starts, pauses or ends the deliveries to a reader.
    SetReaderStatus = "set_reader_status",
    /// Erases a reader for good.
    EraseReader = "erase_reader",
    /// Plans a round.
    PlanRound = "plan_round",
    /// Gives a round to other volunteers.
    AssignRound = "assign_round",
    /// Moves a round to another day.
    MoveRound = "move_round",
    /// Cancels a round.
    CancelRound = "cancel_round",
    /// Adds an address to a round.
    AddStop = "add_stop",
    /// Changes what to bring or fetch.
    ChangeStop = "change_stop",
    /// Takes an address off a round.
    RemoveStop = "remove_stop",
    /// Tells how a visit went.
    LogDelivery = "log_delivery",
    /// Takes a log back.
    WithdrawDeliveryLog = "withdraw_delivery_log",
    /// Sets one's own order of the addresses.
    OrderRound = "order_round",
    /// Notes one's own kilometres of a round.
    RecordKilometres = "record_kilometres",
    /// Passes a worry on to the coordinator.
    RaiseSignal = "raise_signal",
    /// Notes what became of a signal.
    SettleSignal = "settle_signal",
}

impl Command {
    pub(crate) const fn document_kind(&self) -> DocumentKind {
        match self {
            Self::RegisterReader(_)
            | Self::ChangeReader(_)
            | Self::SetReaderStatus(_)
            | Self::EraseReader(_) => DocumentKind::Reader,
            Self::RaiseSignal(_) | Self::SettleSignal(_) => DocumentKind::Signal,
            Self::PlanRound(_)
            | Self::AssignRound(_)
            | Self::MoveRound(_)
            | Self::CancelRound(_)
            | Self::AddStop(_)
            | Self::ChangeStop(_)
            | Self::RemoveStop(_)
            | Self::LogDelivery(_)
            | Self::WithdrawDeliveryLog(_)
            | Self::OrderRound(_)
            | Self::RecordKilometres(_) => DocumentKind::Round,
        }
    }

    pub(crate) const fn creates_in(&self) -> Option<BranchId> {
        match self {
            Self::RegisterReader(body) => Some(body.branch),
            Self::PlanRound(body) => Some(body.branch),
            Self::RaiseSignal(body) => Some(body.branch),
            _ => None,
        }
    }

    pub(crate) fn texts(&self) -> Vec<TypedText<'_>> {
        match self {
            Self::RegisterReader(body) => body.profile.texts(),
            Self::ChangeReader(body) => body.changes.texts(),
            Self::PlanRound(body) => body.texts(),
            Self::AssignRound(body) => body.assignees.iter().map(Assignee::text).collect(),
            Self::CancelRound(body) => vec![TypedText::short("reason", &body.reason)],
            Self::AddStop(body) => body.stop.texts(),
            Self::ChangeStop(body) => body.texts(),
            Self::LogDelivery(body) => body.texts(),
            Self::RaiseSignal(body) => vec![TypedText::free("note", &body.note)],
            Self::SettleSignal(body) => vec![TypedText::free("note", &body.note)],
            Self::SetReaderStatus(_)
            | Self::EraseReader(_)
            | Self::MoveRound(_)
            | Self::RemoveStop(_)
            | Self::WithdrawDeliveryLog(_)
            | Self::OrderRound(_)
            | Self::RecordKilometres(_) => Vec::new(),
        }
    }

    pub(crate) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        match self {
            Self::RegisterReader(body) => body.profile.check(),
            Self::ChangeReader(body) => body.changes.check(),
            Self::SetReaderStatus(body) => body.check(document),
            Self::EraseReader(_) => Ok(()),
            Self::PlanRound(body) => body.check(act),
            Self::AssignRound(body) => body.check(document),
            Self::MoveRound(body) => body.check(document, act),
            Self::CancelRound(_) => round::check_open(document),
            Self::AddStop(body) => body.check(document),
            Self::ChangeStop(body) => body.check(document),
            Self::RemoveStop(body) => body.check(document),
            Self::LogDelivery(body) => body.check(document),
            Self::WithdrawDeliveryLog(body) => body.check(document),
            Self::OrderRound(body) => body.check(document),
            Self::RecordKilometres(body) => body.check(document),
            Self::RaiseSignal(body) => body.check(),
            Self::SettleSignal(body) => body.check(document),
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        match self {
            Self::RegisterReader(body) => body.write(writer, act),
            Self::ChangeReader(body) => body.changes.write(writer),
            Self::SetReaderStatus(body) => body.write(writer),
            Self::EraseReader(_) => document::write_erased(writer),
            Self::PlanRound(body) => body.write(writer),
            Self::AssignRound(body) => body.write(writer),
            Self::MoveRound(body) => body.write(writer),
            Self::CancelRound(body) => body.write(writer),
            Self::AddStop(body) => document::write_stop(writer, &body.stop),
            Self::ChangeStop(body) => body.write(writer),
            Self::RemoveStop(body) => body.write(writer),
            Self::LogDelivery(body) => body.write(writer, act),
            Self::WithdrawDeliveryLog(body) => body.write(writer, act),
            Self::OrderRound(body) => body.write(writer, act),
            Self::RecordKilometres(body) => body.write(writer, act),
            Self::RaiseSignal(body) => body.write(writer, act),
            Self::SettleSignal(body) => body.write(writer, act),
        }
    }
}
