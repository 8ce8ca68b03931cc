//! What the documents of a branch tell about somebody who is to be forgotten.

use super::document;
use crate::document::{Document, Forgotten};
use crate::ids::UserId;

/// The name of a person among the people of a branch, for which something else stands from now on.
#[must_use]
pub fn member_of_team(team: &Document, user: UserId, instead: &str) -> Forgotten {
    let key = user.to_string();
    let named = team.root().map(document::NAMES).is_some_and(|names| !names.string(&key).is_empty());
    let path = vec![document::NAMES.to_owned(), key];
    let instead = named.then(|| (path, instead.to_owned())).into_iter().collect();
    Forgotten { instead, ..Forgotten::default() }
}
