//! Taking back what was noted of a learner by mistake: it does not count and is not shown any more.

use serde::{Deserialize, Serialize};

use super::document;
use super::words::FactKind;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::EntryId;
use crate::problem::Refusal;

/// Takes a fact of a learner's file back, or lets it stand again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawFact {
    /// What kind of fact.
    pub fact: FactKind,
    /// Which.
    pub entry: EntryId,
    /// Taken back, or standing again.
    pub is_withdrawn: bool,
}

impl WithdrawFact {
    const fn list(&self) -> &'static str {
        match self.fact {
            FactKind::Level => document::LEVELS,
            FactKind::Request => document::REQUESTS,
            FactKind::Evaluation => document::EVALUATIONS,
            FactKind::Contact => document::CONTACTS,
            FactKind::Referral => document::REFERRALS,
        }
    }

    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        document::check_known(document, self.list(), self.entry)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        let entry = self.entry.to_string();
        writer.put(&[self.list(), &entry], document::WITHDRAWN, self.is_withdrawn)
    }
}
