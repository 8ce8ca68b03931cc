//! What a screen shows of a branch and its team.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::ids::{BranchId, UserId};

/// A branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
pub struct Member {
    /// Who.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// The roles.
    pub roles: Vec<Role>,
}

/// Who works for a branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TeamView {
    /// Which branch.
    pub branch: Option<BranchId>,
    /// Everybody, also who left.
    pub members: Vec<Member>,
}
