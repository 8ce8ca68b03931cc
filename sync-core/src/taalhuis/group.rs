//! The group: a Taalcafé, a course. Learners, several buddies, and meetings with a roll call. Call names stand in the group itself, so
//! that a buddy can call the roll without having anything else of the learners.

use serde::{Deserialize, Serialize};

use super::document;
use super::file::check_past;
use super::words::GroupKind;
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::{BranchId, EntryId, LearnerId, UserId};
use crate::problem::{ProblemKind, Refusal};
use crate::text::TypedText;
use crate::time::LocalDate;

/// The most learners in one group.
const MEMBERS_MAX: usize = 60;
/// The most buddies at one meeting.
const BUDDIES_MAX: usize = 20;

/// Begins a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanGroup {
    /// The branch of the Taalhuis.
    pub branch: BranchId,
    /// What people call it.
    pub name: String,
    /// When and where it meets, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// What kind.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub kind: GroupKind,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it so")]
fn is_usual(kind: &GroupKind) -> bool {
    *kind == GroupKind::default()
}

impl PlanGroup {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        vec![TypedText::short("name", &self.name).required(), TypedText::short("when", &self.when)]
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        writer.put(&[], document::NAME, self.name.as_str())?;
        writer.put(&[], document::WHEN, self.when.as_str())?;
        if is_usual(&self.kind) {
            // As phones do it that know no kinds: the same change.
            return Ok(());
        }
        writer.put(&[], document::GROUP_KIND, self.kind.as_str())
    }
}

/// Says anew what a group is called, when it meets and what kind it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeGroup {
    /// What people call it.
    pub name: String,
    /// When and where it meets, in words.
    pub when: String,
    /// What kind.
    pub kind: GroupKind,
}

impl ChangeGroup {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        vec![TypedText::short("name", &self.name).required(), TypedText::short("when", &self.when)]
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::NAME, self.name.as_str())?;
        writer.put(&[], document::WHEN, self.when.as_str())?;
        writer.put(&[], document::GROUP_KIND, self.kind.as_str())
    }
}

/// Takes a learner into a group, or out of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetGroupMember {
    /// Who.
    pub learner: LearnerId,
    /// What the learner is called; empty takes the learner out.
    pub name: String,
}

impl SetGroupMember {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        let members = document.root().fields::<LearnerId>(document::MEMBERS);
        let there = members.iter().filter(|(id, name)| !name.is_empty() && *id != self.learner).count();
        if there >= MEMBERS_MAX {
            return Err(Refusal::new(ProblemKind::DocumentFull, format!("at most {MEMBERS_MAX} learners")));
        }
        Ok(())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[document::MEMBERS], &self.learner.to_string(), self.name.as_str())
    }
}

/// Gives a group a buddy, or takes the group from a buddy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetGroupBuddy {
    /// Who.
    pub user: UserId,
    /// The name; empty takes the group away.
    pub name: String,
}

impl SetGroupBuddy {
    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[document::BUDDIES], &self.user.to_string(), self.name.as_str())
    }
}

/// Tells that a group met, who was there and who helped. Told again under the same id, it is put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordMeeting {
    /// A fresh id, or that of the meeting which is put right.
    pub entry: EntryId,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// How long, in minutes.
    #[cfg_attr(feature = "openapi", schema(example = 90))]
    pub minutes: u16,
    /// Who was there.
    pub present: Vec<LearnerId>,
    /// Who helped: the hours count for each of them. When nobody is named, for whoever tells it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub helped: Vec<UserId>,
    /// Anything else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl RecordMeeting {
    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        if !(5..=480).contains(&self.minutes) {
            return Err(Refusal::new(ProblemKind::NumberOutOfRange, "minutes"));
        }
        if self.present.len() > MEMBERS_MAX || self.helped.len() > BUDDIES_MAX {
            return Err(Refusal::new(ProblemKind::NumberOutOfRange, "present"));
        }
        let ended = document.root().date(document::ENDED_ON);
        if ended.is_some_and(|end| self.on > end) {
            return Err(Refusal::new(ProblemKind::StateNotPossible, "the group has ended"));
        }
        match document::check_fresh(document, document::MEETINGS, self.entry) {
            Err(refusal) if refusal.kind == ProblemKind::EntryExists => Ok(()),
            answer => answer,
        }
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        // Whole and new, also when it is put right: nothing of the first telling stays behind.
        let id = document::write_entry(writer, document::MEETINGS, self.entry, act)?;
        let path = [document::MEETINGS, id.as_str()];
        writer.put(&path, document::MINUTES, i64::from(self.minutes))?;
        let on = self.on.to_string();
        let (present, helped) = (ids(&self.present), ids(&self.helped));
        let fields = [
            (document::ON, on.as_str()),
            (document::PRESENT, present.as_str()),
            (document::HELPED, helped.as_str()),
            (document::NOTE, self.note.as_str()),
        ];
        document::write_said(writer, &path, &fields)
    }
}

fn ids<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Takes a meeting back: it does not count any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawMeeting {
    /// Which.
    pub meeting: EntryId,
}

impl WithdrawMeeting {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        document::check_known(document, document::MEETINGS, self.meeting)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[document::MEETINGS, &self.meeting.to_string()], document::WITHDRAWN, true)
    }
}

/// Ends a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EndGroup {
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
}

impl EndGroup {
    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::ENDED_ON, self.on.to_string())
    }
}
