//! A branch and its team. People's accounts and roles live in the server's tables; these documents are the part
//! of it that phones need.

use serde::{Deserialize, Serialize};

use super::document;
use crate::access::Role;
use crate::document::{DocumentError, Writer};
use crate::ids::{BranchId, UserId};
use crate::text::TypedText;

/// Tells what a branch is called and how to reach it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DescribeBranch {
    /// Which branch.
    pub branch: BranchId,
    /// Its name, as people say it.
    pub name: String,
    /// The municipality it works for.
    pub municipality: String,
    /// Whom volunteers ask for help.
    pub help_name: String,
    /// The telephone number for help.
    pub phone: String,
}

impl DescribeBranch {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        vec![
            TypedText::short("name", &self.name).required(),
            TypedText::short("municipality", &self.municipality),
            TypedText::short("help_name", &self.help_name),
            TypedText::number("phone", &self.phone),
        ]
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        writer.put(&[], document::NAME, self.name.as_str())?;
        writer.put(&[], document::MUNICIPALITY, self.municipality.as_str())?;
        writer.put(&[], document::HELP_NAME, self.help_name.as_str())?;
        writer.put(&[], document::PHONE, self.phone.as_str())
    }
}

/// Notes that a person works for the branch. Repeating it changes name and roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnrolMember {
    /// Which branch.
    pub branch: BranchId,
    /// Who.
    pub user: UserId,
    /// What colleagues call this person.
    pub name: String,
    /// As what.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, example = json!(["deliverer"])))]
    pub roles: Vec<Role>,
}

impl EnrolMember {
    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        let user = self.user.to_string();
        let roles: Vec<&str> = self.roles.iter().map(|role| role.as_str()).collect();
        // Two short fields instead of a map a member: enrolling twice apart must not make a container twice.
        writer.put(&[document::NAMES], &user, self.name.as_str())?;
        writer.put(&[document::ROLES], &user, roles.join(" "))
    }
}

/// Notes that a person no longer works for the branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EndMember {
    /// Who.
    pub user: UserId,
}

impl EndMember {
    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        // The name stays: past rounds still say who brought the books.
        writer.put(&[document::ROLES], &self.user.to_string(), "")
    }
}
