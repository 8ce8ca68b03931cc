//! The part of a learner that a buddy gets too: how to be reached, when there is time, what is wished, and for what there is consent.

use serde::{Deserialize, Serialize};

use super::document;
use super::questions::LEARNER;
use super::words::Purpose;
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::{BranchId, EntryId};
use crate::problem::{ProblemKind, Refusal};
use crate::questions::Answers;
use crate::text::TypedText;
use crate::time::LocalDate;

/// Notes somebody who wants to learn. A name is enough to begin with, and a telephone number to be called back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterLearner {
    /// The branch of the Taalhuis.
    pub branch: BranchId,
    /// What was answered; `call_name` must be there.
    #[cfg_attr(feature = "openapi", schema(example = json!({"call_name": "Amina", "phone": "06 00 00 00 00"})))]
    pub answers: Answers,
}

impl RegisterLearner {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        self.answers.texts(LEARNER)
    }

    pub(super) fn check(&self, act: &Act<'_>) -> Result<(), Refusal> {
        check_called(&self.answers, true)?;
        self.answers.check(LEARNER, act.at.local_date())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        self.answers.write(writer)
    }
}

/// Refuses to leave somebody without a name.
fn check_called(answers: &Answers, must: bool) -> Result<(), Refusal> {
    let told = answers.0.contains_key("call_name");
    if (must || told) && answers.get("call_name").trim().is_empty() {
        return Err(Refusal::new(ProblemKind::FieldMissing, "call_name"));
    }
    Ok(())
}

/// Notes answers of a learner, in the part that a buddy gets too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerLearner {
    /// What was answered; what is left out stays as it is.
    pub answers: Answers,
}

impl AnswerLearner {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        self.answers.texts(LEARNER)
    }

    pub(super) fn check(&self, act: &Act<'_>) -> Result<(), Refusal> {
        check_called(&self.answers, false)?;
        self.answers.check(LEARNER, act.at.local_date())
    }
}

/// Notes that a learner gave consent, or took it back. A fact of its own: the newest of a purpose counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordConsent {
    /// A fresh id.
    pub entry: EntryId,
    /// For what.
    pub purpose: Purpose,
    /// Given, or taken back.
    pub given: bool,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// Which version of the text was read or read aloud.
    pub text_version: String,
}

impl RecordConsent {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        vec![TypedText::short("text_version", &self.text_version).required()]
    }

    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        if self.on > act.at.local_date() {
            return Err(Refusal::new(ProblemKind::DateOutOfRange, "on"));
        }
        document::check_fresh(document, document::CONSENTS, self.entry)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let id = document::write_entry(writer, document::CONSENTS, self.entry, act)?;
        let path = [document::CONSENTS, id.as_str()];
        writer.put(&path, document::PURPOSE, self.purpose.as_str())?;
        writer.put(&path, document::GIVEN, self.given)?;
        writer.put(&path, document::ON, self.on.to_string())?;
        writer.put(&path, document::TEXT_VERSION, self.text_version.as_str())
    }
}

/// Erases a learner for good, with the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EraseLearner {}

pub(super) fn write_erased(writer: &mut Writer<'_>) -> Result<(), DocumentError> {
    writer.put(&[], document::ERASED, true)
}
