//! What of a learner is compared to find likely doubles.

use super::rows::{LearnerFileRow, LearnerRow};
use crate::doubles::Likeness;

/// The likeness of a learner; `fold` takes accents and capitals away.
#[must_use]
pub fn likeness(
    learner: &LearnerRow,
    file: Option<&LearnerFileRow>,
    fold: impl Fn(&str) -> String,
) -> Likeness {
    let told = |key: &str| file.map_or("", |file| file.answers.get(key));
    let born = told("birth_date");
    let year = if born.is_empty() { told("birth_year") } else { born.get(..4).unwrap_or_default() };
    let name = format!("{} {}", learner.answers.get("call_name"), told("family_name"));
    Likeness::new(&name, learner.answers.get("phone"), year, fold)
}
