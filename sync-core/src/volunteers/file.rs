//! The file (dossier) of a volunteer: facts, of which the newest counts and none is edited. Only coordinators have it.

use serde::{Deserialize, Serialize};

use super::document;
use super::own::check_same;
use super::words::{Training, VogState};
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::{BranchId, EntryId, UserId};
use crate::problem::{ProblemKind, Refusal};
use crate::time::LocalDate;

/// Notes how the VOG stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordVog {
    /// Where this person is a volunteer.
    pub branch: BranchId,
    /// Who.
    pub user: UserId,
    /// A fresh id.
    pub entry: EntryId,
    /// How it stands now.
    pub state: VogState,
    /// Since when; for [`VogState::Seen`] the day on which the original was seen.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// The profile it was given for, such as 84 and 85.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub profile: String,
}

/// Refuses a day that is still to come.
pub(super) fn check_past(on: LocalDate, act: &Act<'_>) -> Result<(), Refusal> {
    if on > act.at.local_date() {
        return Err(Refusal::new(ProblemKind::DateOutOfRange, "on"));
    }
    Ok(())
}

fn write_entry(
    writer: &mut Writer<'_>,
    (branch, user): (BranchId, UserId),
    within: &str,
    (entry, on): (EntryId, LocalDate),
    act: &Act<'_>,
) -> Result<String, DocumentError> {
    writer.put(&[], "branch", branch.to_string())?;
    writer.put(&[], document::USER, user.to_string())?;
    let id = entry.to_string();
    writer.make_map(&[within], &id)?;
    let path = [within, id.as_str()];
    writer.put(&path, document::ON, on.to_string())?;
    writer.put(&path, document::BY, act.by.user.to_string())?;
    writer.put(&path, document::AT, act.at.as_millis())?;
    Ok(id)
}

impl RecordVog {
    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_same(document, self.user)?;
        check_past(self.on, act)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let whose = (self.branch, self.user);
        let id = write_entry(writer, whose, document::VOG, (self.entry, self.on), act)?;
        let path = [document::VOG, id.as_str()];
        writer.put(&path, document::PROFILE, self.profile.as_str())?;
        writer.put(&path, document::STATE, self.state.as_str())
    }
}

/// Notes that a volunteer was trained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoteTraining {
    /// Where this person is a volunteer.
    pub branch: BranchId,
    /// Who.
    pub user: UserId,
    /// A fresh id.
    pub entry: EntryId,
    /// In what.
    pub training: Training,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// Who gave it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by_whom: String,
}

impl NoteTraining {
    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let whose = (self.branch, self.user);
        let id = write_entry(writer, whose, document::TRAININGS, (self.entry, self.on), act)?;
        let path = [document::TRAININGS, id.as_str()];
        writer.put(&path, document::BY_WHOM, self.by_whom.as_str())?;
        writer.put(&path, document::TRAINING, self.training.as_str())
    }
}

/// Notes a talk with a volunteer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoteTalk {
    /// Where this person is a volunteer.
    pub branch: BranchId,
    /// Who.
    pub user: UserId,
    /// A fresh id.
    pub entry: EntryId,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// What was said.
    pub note: String,
}

impl NoteTalk {
    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let whose = (self.branch, self.user);
        let id = write_entry(writer, whose, document::TALKS, (self.entry, self.on), act)?;
        writer.put(&[document::TALKS, id.as_str()], document::NOTE, self.note.as_str())
    }
}
