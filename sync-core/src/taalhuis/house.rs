//! How one Taalhuis works: what it asks, what weighs how much in a match, how long somebody may wait.

use serde::{Deserialize, Serialize};

use super::document;
use super::matching::{Part, Weights};
use super::questions::{FIXED, SECTIONS};
use crate::document::{DocumentError, Writer};
use crate::ids::BranchId;
use crate::problem::{ProblemKind, Refusal};
use crate::text::TypedText;

/// Sets how a Taalhuis works. The document has the id [`BranchId::taalhuis_document`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfigureTaalhuis {
    /// The branch of the Taalhuis.
    pub branch: BranchId,
    /// Sections of the intake that are not asked.
    #[cfg_attr(feature = "openapi", schema(example = json!(["course"])))]
    pub hidden: Vec<String>,
    /// What each part of a match weighs.
    pub weights: Weights,
    /// Within so many days after the intake a learner should have help.
    #[cfg_attr(feature = "openapi", schema(example = 42))]
    pub target_days: u16,
    /// Whether a buddy needs a VOG.
    pub asks_vog: bool,
    /// After so many years a VOG is asked for anew; 0 for never.
    pub vog_years: u16,
    /// Whether people can register on the public page.
    pub is_open: bool,
}

impl ConfigureTaalhuis {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        for section in &self.hidden {
            if !SECTIONS.contains(&section.as_str()) || FIXED.contains(&section.as_str()) {
                return Err(Refusal::new(ProblemKind::InvalidAnswer, "hidden"));
            }
        }
        if !(1..=730).contains(&self.target_days) || self.vog_years > 10 {
            return Err(Refusal::new(ProblemKind::NumberOutOfRange, "target_days, vog_years"));
        }
        self.weights.check()
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        for section in SECTIONS {
            writer.put(&[document::HIDDEN], section, self.hidden.iter().any(|hidden| hidden == section))?;
        }
        for part in Part::ALL {
            writer.put(&[document::WEIGHTS], part.as_str(), i64::from(self.weights.of(part)))?;
        }
        writer.put(&[], document::TARGET_DAYS, i64::from(self.target_days))?;
        writer.put(&[], document::ASKS_VOG, self.asks_vog)?;
        writer.put(&[], document::VOG_YEARS, i64::from(self.vog_years))?;
        writer.put(&[], document::OPEN, self.is_open)
    }
}

/// The norms of the certificate of Taalhuizen: seven, and what the framework of 2024-2027 adds (domain 3.14, CBCT).
pub const NORMS: core::ops::RangeInclusive<u8> = 1..=8;

/// Writes what a Taalhuis has to tell about a norm of the certificate, beside its figures: taken projects, evaluations with partners,
/// changed ambitions, plans to improve (domain 3.14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DescribeNorm {
    /// The branch of the Taalhuis.
    pub branch: BranchId,
    /// Which, from 1 to 8.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub norm: u8,
    /// In words; empty takes them away.
    pub text: String,
}

impl DescribeNorm {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        vec![TypedText::free("text", &self.text)]
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        if NORMS.contains(&self.norm) {
            Ok(())
        } else {
            Err(Refusal::new(ProblemKind::NumberOutOfRange, "norm"))
        }
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        writer.put(&[], &document::norm(self.norm), self.text.as_str())
    }
}
