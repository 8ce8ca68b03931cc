//! Volunteers (vrijwilligers): what is known of somebody who works here without pay, for every slice that works with them.
//!
//! A **volunteer** document is the volunteer's own part: contact, time, languages, wishes. The volunteer reads and changes it too. A
//! **file** (dossier) is what only coordinators have: how the VOG stands, training, talks. Domain 3.9.

pub(crate) mod access;
pub mod availability;
pub(crate) mod document;
mod file;
mod lists;
mod own;
pub mod questions;
pub mod team;
pub mod view;
mod words;

pub use file::{NoteTalk, NoteTraining, RecordVog};
pub use lists::{ContactBy, FirstLanguage, Gender, Interest, Place, Subject};
pub use own::{DescribeVolunteer, EraseVolunteer};
pub use words::{Training, VogState};

use crate::command::{Act, commands};
use crate::document::{Document, DocumentError, DocumentKind, Writer};
use crate::ids::BranchId;
use crate::problem::Refusal;
use crate::text::TypedText;

commands! {
    /// Notes what a volunteer offers and wishes.
    DescribeVolunteer = "describe_volunteer",
    /// Erases what is known of a volunteer, for good.
    EraseVolunteer = "erase_volunteer",
    /// Notes how the VOG of a volunteer stands.
    RecordVog = "record_vog",
    /// Notes that a volunteer was trained.
    NoteTraining = "note_training",
    /// Notes a talk with a volunteer.
    NoteTalk = "note_talk",
}

impl Command {
    pub(crate) const fn document_kind(&self) -> DocumentKind {
        match self {
            Self::DescribeVolunteer(_) | Self::EraseVolunteer(_) => DocumentKind::Volunteer,
            Self::RecordVog(_) | Self::NoteTraining(_) | Self::NoteTalk(_) => DocumentKind::VolunteerFile,
        }
    }

    pub(crate) const fn creates_in(&self) -> Option<BranchId> {
        match self {
            Self::DescribeVolunteer(body) => Some(body.branch),
            Self::EraseVolunteer(_) => None,
            Self::RecordVog(body) => Some(body.branch),
            Self::NoteTraining(body) => Some(body.branch),
            Self::NoteTalk(body) => Some(body.branch),
        }
    }

    pub(crate) fn texts(&self) -> Vec<TypedText<'_>> {
        match self {
            Self::DescribeVolunteer(body) => body.texts(),
            Self::EraseVolunteer(_) => Vec::new(),
            Self::RecordVog(body) => vec![TypedText::short("profile", &body.profile)],
            Self::NoteTraining(body) => vec![TypedText::short("by_whom", &body.by_whom)],
            Self::NoteTalk(body) => vec![TypedText::free("note", &body.note).required()],
        }
    }

    pub(crate) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        match self {
            Self::DescribeVolunteer(body) => body.check(document, act),
            Self::EraseVolunteer(_) => Ok(()),
            Self::RecordVog(body) => body.check(document, act),
            Self::NoteTraining(body) => file::check_past(body.on, act),
            Self::NoteTalk(body) => file::check_past(body.on, act),
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        match self {
            Self::DescribeVolunteer(body) => body.write(writer),
            Self::EraseVolunteer(_) => writer.put(&[], document::ERASED, true),
            Self::RecordVog(body) => body.write(writer, act),
            Self::NoteTraining(body) => body.write(writer, act),
            Self::NoteTalk(body) => body.write(writer, act),
        }
    }
}
