//! The volunteer's own part: made the first time that something is noted, by the volunteer or by a coordinator.

use serde::{Deserialize, Serialize};

use super::document;
use super::questions::QUESTIONS;
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::{BranchId, UserId};
use crate::problem::{ProblemKind, Refusal};
use crate::questions::Answers;
use crate::text::TypedText;

/// Notes what a volunteer offers and wishes. The document has the id [`crate::ids::VolunteerId::of`] branch and user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DescribeVolunteer {
    /// Where this person is a volunteer.
    pub branch: BranchId,
    /// Who.
    pub user: UserId,
    /// What was answered.
    pub answers: Answers,
}

impl DescribeVolunteer {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        self.answers.texts(QUESTIONS)
    }

    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_same(document, self.user)?;
        self.answers.check(QUESTIONS, act.at.local_date())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        writer.put(&[], document::USER, self.user.to_string())?;
        self.answers.write(writer)
    }
}

/// Erases what is known of a volunteer for good, with the file: of somebody who left and is forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EraseVolunteer {}

/// Refuses when the document is about somebody else.
pub(super) fn check_same(document: &Document, user: UserId) -> Result<(), Refusal> {
    match document.root().id::<UserId>(document::USER) {
        Some(other) if other != user => Err(Refusal::new(ProblemKind::WrongDocument, "another volunteer")),
        _ => Ok(()),
    }
}
