//! How the two documents of a volunteer lie: the only file that says their keys.

use crate::document::Container;
use crate::questions::ANSWERS;

pub(super) const USER: &str = "user";
pub(super) const ERASED: &str = "erased";
// File.
pub(super) const VOG: &str = "vog";
pub(super) const TRAININGS: &str = "trainings";
pub(super) const TALKS: &str = "talks";
// An entry of one of these.
pub(super) const STATE: &str = "state";
pub(super) const PROFILE: &str = "profile";
pub(super) const TRAINING: &str = "training";
pub(super) const BY_WHOM: &str = "by_whom";
pub(super) const ON: &str = "on";
pub(super) const NOTE: &str = "note";
pub(super) const BY: &str = "by";
pub(super) const AT: &str = "at";

/// The skeleton of the own part.
pub(crate) const VOLUNTEER_SKELETON: &[(&str, Container)] = &[(ANSWERS, Container::Map)];
/// The skeleton of the file.
pub(crate) const FILE_SKELETON: &[(&str, Container)] =
    &[(VOG, Container::Map), (TRAININGS, Container::Map), (TALKS, Container::Map)];
