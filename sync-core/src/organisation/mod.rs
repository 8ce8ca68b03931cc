//! Branches and who works there: what a phone must know of its own library to work without a network.

pub(crate) mod access;
mod branch;
pub(crate) mod document;
pub mod forget;
pub mod view;

pub use branch::{DescribeBranch, EndMember, EnrolMember};

use crate::command::{Act, commands};
use crate::document::{Document, DocumentError, DocumentKind, Writer};
use crate::ids::BranchId;
use crate::problem::Refusal;
use crate::text::{self, TypedText};

commands! {
    /// Tells what a branch is called and how to reach it.
    DescribeBranch = "describe_branch",
    /// Notes that a person works for the branch.
    EnrolMember = "enrol_member",
    /// Notes that a person no longer works for the branch.
    EndMember = "end_member",
}

impl Command {
    pub(crate) const fn document_kind(&self) -> DocumentKind {
        match self {
            Self::DescribeBranch(_) => DocumentKind::Branch,
            Self::EnrolMember(_) | Self::EndMember(_) => DocumentKind::Team,
        }
    }

    pub(crate) const fn creates_in(&self) -> Option<BranchId> {
        match self {
            Self::DescribeBranch(body) => Some(body.branch),
            Self::EnrolMember(body) => Some(body.branch),
            Self::EndMember(_) => None,
        }
    }

    pub(crate) fn texts(&self) -> Vec<TypedText<'_>> {
        match self {
            Self::DescribeBranch(body) => body.texts(),
            Self::EnrolMember(body) => vec![TypedText::short("name", &body.name).required()],
            Self::EndMember(_) => Vec::new(),
        }
    }

    pub(crate) fn check(&self, _: &Document, _: &Act<'_>) -> Result<(), Refusal> {
        match self {
            Self::DescribeBranch(body) => text::check_phone("phone", &body.phone),
            Self::EnrolMember(_) | Self::EndMember(_) => Ok(()),
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>, _: &Act<'_>) -> Result<(), DocumentError> {
        match self {
            Self::DescribeBranch(body) => body.write(writer),
            Self::EnrolMember(body) => body.write(writer),
            Self::EndMember(body) => body.write(writer),
        }
    }
}
