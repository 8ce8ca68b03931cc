//! The request (leervraag): what a learner wants to be able to do, in the learner's own words, and whether it works (domain 3.2). It is
//! asked again after three, six and twelve months.

use serde::{Deserialize, Serialize};

use super::document;
use super::file::check_past;
use super::words::{Application, Difference, Next, Reached, Topic};
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::EntryId;
use crate::list::words;
use crate::problem::{ProblemKind, Refusal};
use crate::text::TypedText;
use crate::time::LocalDate;

words! {
    /// Where what was learned is used: the end of the chain from wish to effect.
    UsedIn {
        /// In the family.
        Family = "family",
        /// At work.
        Work = "work",
        /// With a doctor or in care.
        Care = "care",
        /// With school of the children.
        School = "school",
        /// With letters and the government.
        Government = "government",
        /// Among people.
        People = "people",
        /// With money.
        Money = "money",
    }
}

/// Notes a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddRequest {
    /// A fresh id.
    pub entry: EntryId,
    /// What it is about.
    pub topic: Topic,
    /// Where it is to be used.
    pub application: Application,
    /// The level aimed at, on NLQF; empty when that was not talked about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", schema(example = "1"))]
    pub level: String,
    /// The wish in the learner's own words.
    pub wish: String,
    /// What the learner can do when the goal is reached.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub goal: String,
    /// What help the learner asks for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub desired: String,
    /// What help is advised.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub advised: String,
    /// Why these two differ.
    #[serde(default)]
    pub difference: Difference,
    /// What was agreed about it, such as how often and where.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub agreed: String,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
}

impl AddRequest {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        vec![
            TypedText::free("wish", &self.wish).required(),
            TypedText::free("goal", &self.goal),
            TypedText::short("desired", &self.desired),
            TypedText::short("advised", &self.advised),
            TypedText::free("agreed", &self.agreed),
        ]
    }

    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        if !self.level.is_empty() && super::level::Scale::Nlqf.rank(&self.level).is_none() {
            return Err(Refusal::new(ProblemKind::InvalidAnswer, "level"));
        }
        document::check_fresh(document, document::REQUESTS, self.entry)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let id = document::write_entry(writer, document::REQUESTS, self.entry, act)?;
        let on = self.on.to_string();
        let fields = [
            (document::TOPIC, self.topic.as_str()),
            (document::APPLICATION, self.application.as_str()),
            (document::LEVEL, self.level.as_str()),
            (document::WISH, self.wish.as_str()),
            (document::GOAL, self.goal.as_str()),
            (document::DESIRED, self.desired.as_str()),
            (document::ADVISED, self.advised.as_str()),
            (document::DIFFERENCE, self.difference.as_str()),
            (document::AGREED, self.agreed.as_str()),
            (document::ON, on.as_str()),
        ];
        document::write_said(writer, &[document::REQUESTS, &id], &fields)
    }
}

/// Notes the answer to *lukt het nu?*
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EvaluateRequest {
    /// A fresh id.
    pub entry: EntryId,
    /// Which request.
    pub request: EntryId,
    /// Whether it works.
    pub reached: Reached,
    /// Where it is used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<UsedIn>,
    /// What comes next.
    #[serde(default)]
    pub next: Next,
    /// In the learner's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// When it was asked.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
}

impl EvaluateRequest {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        vec![TypedText::free("note", &self.note)]
    }

    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        if self.used.len() > UsedIn::ALL.len() {
            return Err(Refusal::new(ProblemKind::InvalidAnswer, "used"));
        }
        document::check_known(document, document::REQUESTS, self.request)?;
        document::check_fresh(document, document::EVALUATIONS, self.entry)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let id = document::write_entry(writer, document::EVALUATIONS, self.entry, act)?;
        let (request, on) = (self.request.to_string(), self.on.to_string());
        let used: Vec<&str> = self.used.iter().map(|one| one.as_str()).collect();
        let used = used.join(" ");
        let fields = [
            (document::REQUEST, request.as_str()),
            (document::REACHED, self.reached.as_str()),
            (document::USED, used.as_str()),
            (document::NEXT, self.next.as_str()),
            (document::NOTE, self.note.as_str()),
            (document::ON, on.as_str()),
        ];
        document::write_said(writer, &[document::EVALUATIONS, &id], &fields)
    }
}
