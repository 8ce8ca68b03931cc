//! The file (dossier) of a learner: how the learner came in, the intake, and how far it is. Only coordinators have it.

use serde::{Deserialize, Serialize};

use super::document;
use super::questions::FILE;
use super::words::{EndReason, Outflow, WaitReason, WayIn};
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::{BranchId, LearnerId, VolunteerId};
use crate::problem::{ProblemKind, Refusal};
use crate::questions::Answers;
use crate::text::TypedText;
use crate::time::LocalDate;

/// Begins the file of a learner. It has the id [`LearnerId::file`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenLearnerFile {
    /// The branch of the Taalhuis.
    pub branch: BranchId,
    /// Whose.
    pub learner: LearnerId,
    /// How the learner came in.
    pub way: WayIn,
    /// What was answered.
    #[cfg_attr(feature = "openapi", schema(example = json!({"family_name": "Voorbeeld"})))]
    pub answers: Answers,
}

impl OpenLearnerFile {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        self.answers.texts(FILE)
    }

    pub(super) fn check(&self, act: &Act<'_>) -> Result<(), Refusal> {
        self.answers.check(FILE, act.at.local_date())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        writer.put(&[], document::LEARNER, self.learner.to_string())?;
        writer.put(&[], document::WAY, self.way.as_str())?;
        writer.put(&[], document::REGISTERED_ON, act.at.local_date().to_string())?;
        self.answers.write(writer)
    }
}

/// Notes answers of the intake that only coordinators have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerIntake {
    /// What was answered; what is left out stays as it is.
    #[cfg_attr(feature = "openapi", schema(example = json!({"first_language": "nt2"})))]
    pub answers: Answers,
}

impl AnswerIntake {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        self.answers.texts(FILE)
    }

    pub(super) fn check(&self, act: &Act<'_>) -> Result<(), Refusal> {
        self.answers.check(FILE, act.at.local_date())
    }
}

/// Notes that the intake was done: from now on the learner waits for help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FinishIntake {
    /// On which day it was done.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
}

impl FinishIntake {
    pub(super) fn check(&self, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::INTAKE_ON, self.on.to_string())
    }
}

/// Notes why a learner waits; nothing when there is no reason any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExplainWaiting {
    /// Why.
    pub reason: Option<WaitReason>,
}

impl ExplainWaiting {
    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::WAIT_REASON, self.reason.map_or("", WaitReason::as_str))
    }
}

/// Notes that a learner stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EndLearner {
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// Why.
    pub reason: EndReason,
    /// What the learner goes on to do.
    #[serde(default)]
    pub outflow: Outflow,
}

impl EndLearner {
    pub(super) fn check(&self, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::ENDED_ON, self.on.to_string())?;
        writer.put(&[], document::END_REASON, self.reason.as_str())?;
        writer.put(&[], document::OUTFLOW, self.outflow.as_str())
    }
}

/// Notes that a learner who stopped is back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResumeLearner {}

impl ResumeLearner {
    pub(super) fn check(document: &Document) -> Result<(), Refusal> {
        if document.root().date(document::ENDED_ON).is_none() {
            return Err(Refusal::new(ProblemKind::StateNotPossible, "not ended"));
        }
        Ok(())
    }

    pub(super) fn write(writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::ENDED_ON, "")?;
        writer.put(&[], document::END_REASON, "")
    }
}

/// Says that this learner is the same person as another one (a double registration), or not. Both histories stay: this one is from now
/// on read beside the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SettleDouble {
    /// The other one.
    pub other: LearnerId,
    /// The same person, or two people who look alike.
    pub is_same: bool,
}

impl SettleDouble {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        if document.root().id::<LearnerId>(document::LEARNER) == Some(self.other) {
            return Err(Refusal::new(ProblemKind::InvalidCommand, "not with itself"));
        }
        Ok(())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        let other = self.other.to_string();
        if self.is_same {
            writer.put(&[], document::JOINED_INTO, other)
        } else {
            // Also the way back from a mistake.
            writer.put(&[], document::JOINED_INTO, "")?;
            writer.put(&[document::APART], &other, true)
        }
    }
}

/// Says that this learner has several buddies on purpose, so that nobody has to choose between them; or not any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AllowSeveral {
    /// On purpose, or to be chosen between.
    pub is_allowed: bool,
}

impl AllowSeveral {
    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::SEVERAL, self.is_allowed)
    }
}

/// Says that this learner never meets this volunteer, or may again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BlockPair {
    /// Which volunteer.
    pub volunteer: VolunteerId,
    /// Never, or possible again.
    pub is_blocked: bool,
}

impl BlockPair {
    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[document::NEVER], &self.volunteer.to_string(), self.is_blocked)
    }
}

/// Refuses a day that is still to come.
pub(super) fn check_past(on: LocalDate, act: &Act<'_>) -> Result<(), Refusal> {
    if on > act.at.local_date() {
        return Err(Refusal::new(ProblemKind::DateOutOfRange, "on"));
    }
    Ok(())
}
