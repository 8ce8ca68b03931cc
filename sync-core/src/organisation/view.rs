//! What a screen shows of a branch and its team.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::ids::{BranchId, UserId};

/// A branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BranchView {
    /// Which.
    pub branch: Option<BranchId>,
    /// Its name.
    pub name: String,
    /// The municipality it works for.
    pub municipality: String,
    /// Whom to ask for help.
    pub help_name: String,
    /// The number for help.
    pub phone: String,
}

/// A member of a team; without roles once that person has left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// The roles.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, example = json!(["deliverer"])))]
    pub roles: Vec<Role>,
}

/// Who works for a branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamView {
    /// Which branch.
    pub branch: Option<BranchId>,
    /// Everybody, also who left.
    pub members: Vec<Member>,
}
