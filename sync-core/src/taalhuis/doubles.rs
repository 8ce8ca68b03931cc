//! Likely doubles among learners, and who turned out to be one person.

use std::collections::BTreeMap;

use super::rows::{LearnerFileRow, LearnerRow};
use crate::doubles::Likeness;
use crate::ids::LearnerId;

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

/// For everybody who was joined into somebody else: the learner under whom help goes on. `into` says for each who was joined into whom. Two
/// who were joined into each other, by two people apart, go on under the first of them, who is in no key of the answer.
#[must_use]
pub fn persons(into: &BTreeMap<LearnerId, LearnerId>) -> BTreeMap<LearnerId, LearnerId> {
    let person = |learner: LearnerId| {
        let mut way = vec![learner];
        let mut at = learner;
        while let Some(next) = into.get(&at) {
            if let Some(begin) = way.iter().position(|one| one == next) {
                // A circle: everybody on it comes to the same one.
                return way.iter().skip(begin).min().copied().unwrap_or(at);
            }
            way.push(*next);
            at = *next;
        }
        at
    };
    into.keys()
        .map(|learner| (*learner, person(*learner)))
        .filter(|(learner, person)| learner != person)
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn everybody_comes_to_one_person_also_when_two_joined_each_other() {
        let id = |number: u128| LearnerId(Uuid::from_u128(number));
        let of = |pairs: &[(u128, u128)]| {
            let into = pairs.iter().map(|(from, to)| (id(*from), id(*to))).collect();
            persons(&into).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(of(&[]), []);
        assert_eq!(of(&[(1, 2)]), [(id(1), id(2))]);
        assert_eq!(of(&[(1, 2), (2, 3)]), [(id(1), id(3)), (id(2), id(3))]);
        assert_eq!(of(&[(1, 2), (2, 1)]), [(id(2), id(1))]);
        assert_eq!(of(&[(5, 3), (3, 4), (4, 3)]), [(id(4), id(3)), (id(5), id(3))]);
        assert_eq!(of(&[(7, 7)]), []);
    }
}
