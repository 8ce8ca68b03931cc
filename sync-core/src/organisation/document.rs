//! How a branch and a team lie in their documents: the only file that says their keys.

use super::view::{BranchView, Member, TeamView};
use crate::access::Role;
use crate::document::{Container, Document};
use crate::ids::UserId;

pub(super) const NAME: &str = "name";
pub(super) const MUNICIPALITY: &str = "municipality";
pub(super) const HELP_NAME: &str = "help_name";
pub(super) const PHONE: &str = "phone";
pub(super) const NAMES: &str = "names";
pub(super) const ROLES: &str = "roles";

pub(crate) const BRANCH: &[(&str, Container)] = &[];
pub(crate) const TEAM: &[(&str, Container)] = &[(NAMES, Container::Map), (ROLES, Container::Map)];

pub(crate) fn branch(document: &Document) -> BranchView {
    let root = document.root();
    BranchView {
        branch: root.id("branch"),
        name: root.string(NAME),
        municipality: root.string(MUNICIPALITY),
        help_name: root.string(HELP_NAME),
        phone: root.string(PHONE),
    }
}

pub(crate) fn team(document: &Document) -> TeamView {
    let root = document.root();
    let roles = root.map(ROLES);
    let members = root
        .fields::<UserId>(NAMES)
        .into_iter()
        .map(|(user, name)| {
            let roles = roles.as_ref().map(|map| map.string(&user.to_string())).unwrap_or_default();
            Member { user, name, roles: roles.split(' ').filter_map(Role::parse).collect() }
        })
        .collect();
    TeamView { branch: root.id("branch"), members }
}
