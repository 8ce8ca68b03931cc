//! The figures of a Taalhuis in a period, from rows without names. A group of fewer than five people is not told: it could be somebody
//! (domain 2.1: small-cell suppression, age in bands).

use std::collections::BTreeMap;

use chrono::Datelike as _;
use serde::Serialize;
use sync_core::time::LocalDate;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{learner, learner_effect, learner_level, learning_session, pairing};

/// Fewer people than this in a group are not told.
pub(super) const SMALL: i64 = 5;

/// The bands in which ages are told (domain 3.2): the first age of each.
const BANDS: [(i32, &str); 7] =
    [(67, "67+"), (55, "55-66"), (45, "45-54"), (35, "35-44"), (27, "27-34"), (18, "18-26"), (0, "0-17")];

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Figure {
    /// The municipality; empty for all together.
    pub(super) municipality: String,
    /// What was counted.
    #[schema(example = "registered")]
    pub(super) measure: &'static str,
    /// In which group; empty for all.
    pub(super) group: String,
    /// How many; nothing for a group of fewer than five, or one that would give such a group away.
    pub(super) count: Option<i64>,
}

/// What is counted: everything of some branches.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) learners: Vec<learner::Model>,
    pub(super) pairings: Vec<pairing::Model>,
    pub(super) sessions: Vec<learning_session::Model>,
    pub(super) levels: Vec<learner_level::Model>,
    pub(super) effects: Vec<learner_effect::Model>,
}

/// The first and the last day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    pub(super) from: LocalDate,
    pub(super) until: LocalDate,
}

impl Period {
    fn has(self, day: Option<LocalDate>) -> bool {
        day.is_some_and(|day| self.from <= day && day <= self.until)
    }
}

fn band(learner: &learner::Model, on: LocalDate) -> Option<&'static str> {
    let age = on.year() - learner.birth_year?;
    BANDS.iter().find(|(from, _)| age >= *from).map(|(_, band)| *band)
}

/// A split of people into groups, with small ones left out; and when only one is, the next smallest too: else it could be found by
/// taking the others from the total.
fn split(municipality: &str, measure: &'static str, groups: BTreeMap<String, i64>) -> Vec<Figure> {
    let mut figures: Vec<Figure> = groups
        .into_iter()
        .map(|(group, count)| Figure {
            municipality: municipality.to_owned(),
            measure,
            group,
            count: (count >= SMALL).then_some(count),
        })
        .collect();
    let hidden = figures.iter().filter(|figure| figure.count.is_none()).count();
    if hidden == 1
        && let Some(next) =
            figures.iter_mut().filter(|figure| figure.count.is_some()).min_by_key(|one| one.count)
    {
        next.count = None;
    }
    figures
}

fn groups<'a, T>(rows: impl Iterator<Item = T>, of: impl Fn(&T) -> Option<&'a str>) -> BTreeMap<String, i64> {
    let mut groups = BTreeMap::new();
    for row in rows {
        *groups.entry(of(&row).unwrap_or("unknown").to_owned()).or_insert(0) += 1;
    }
    groups
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// How many people on some scale stand higher at their last level of the period than at their first one ever, how many the same, how
/// many lower; of those who were measured twice.
fn progress(rows: &Rows, period: Period) -> BTreeMap<String, i64> {
    let mut series: BTreeMap<(Uuid, &str, &str), Vec<&learner_level::Model>> = BTreeMap::new();
    for level in rows.levels.iter().filter(|level| level.measured_on.is_some_and(|on| on <= period.until)) {
        series.entry((level.file_id, &level.scale, &level.skill)).or_default().push(level);
    }
    let mut found = BTreeMap::new();
    for levels in series.values_mut() {
        levels.sort_by_key(|level| (level.measured_on, level.place));
        let (Some(first), Some(last)) = (levels.first(), levels.last()) else { continue };
        if levels.len() < 2 || !period.has(last.measured_on) {
            continue;
        }
        let word = match last.rank.cmp(&first.rank) {
            std::cmp::Ordering::Greater => "higher",
            std::cmp::Ordering::Equal => "equal",
            std::cmp::Ordering::Less => "lower",
        };
        *found.entry(word.to_owned()).or_insert(0) += 1;
    }
    found
}

/// How long people wait who have had their intake and no buddy yet, on the last day of the period.
fn waiting(rows: &Rows, on: LocalDate) -> BTreeMap<String, i64> {
    let helped = |id: Option<Uuid>| {
        rows.pairings.iter().any(|pairing| {
            pairing.learner_id == id
                && pairing.met_since.is_some_and(|since| since <= on)
                && pairing.ended_on.is_none_or(|end| end > on)
        })
    };
    let mut found = BTreeMap::new();
    for learner in &rows.learners {
        let Some(since) = learner.intake_on.filter(|since| *since <= on) else { continue };
        if learner.stage == "joined"
            || learner.ended_on.is_some_and(|end| end <= on)
            || helped(learner.learner_id)
        {
            continue;
        }
        let band = match (on - since).num_days() {
            ..=28 => "0-4 weken",
            29..=56 => "5-8 weken",
            57..=91 => "9-13 weken",
            92..=182 => "3-6 maanden",
            _ => "meer dan 6 maanden",
        };
        *found.entry(band.to_owned()).or_insert(0) += 1;
    }
    found
}

/// Every figure of these rows.
pub(super) fn figures(municipality: &str, rows: &Rows, period: Period) -> Vec<Figure> {
    let total = |measure: &'static str, count: i64| Figure {
        municipality: municipality.to_owned(),
        measure,
        group: String::new(),
        count: Some(count),
    };
    // Whoever is the same person as another one is counted there.
    let people: Vec<&learner::Model> = rows.learners.iter().filter(|row| row.stage != "joined").collect();
    let registered: Vec<&learner::Model> =
        people.iter().copied().filter(|row| period.has(row.registered_on)).collect();
    let ended: Vec<&learner::Model> = people.iter().copied().filter(|row| period.has(row.ended_on)).collect();
    let matched = rows.pairings.iter().filter(|row| period.has(row.met_since)).count();
    let runs = |row: &&pairing::Model| {
        row.met_since.is_some_and(|since| since <= period.until)
            && row.ended_on.is_none_or(|end| end > period.until)
    };
    let sessions: Vec<&learning_session::Model> =
        rows.sessions.iter().filter(|row| period.has(row.held_on)).collect();
    let minutes: i64 = sessions.iter().map(|row| i64::from(row.minutes)).sum();
    let contacts: i64 = sessions.iter().map(|row| i64::from(row.learners)).sum();
    let effects = || rows.effects.iter().filter(|row| period.has(row.asked_on));
    let used = effects().flat_map(|row| row.used.split(' ')).filter(|word| !word.is_empty());
    let mut all = vec![
        total("registered", number(registered.len())),
        total("intakes", number(people.iter().filter(|row| period.has(row.intake_on)).count())),
        total("matched", number(matched)),
        total("running", number(rows.pairings.iter().filter(runs).count())),
        total("ended", number(ended.len())),
        total("sessions", number(sessions.len())),
        total("session_hours", minutes / 60),
        total("learner_contacts", contacts),
    ];
    let until = period.until;
    let by = registered.iter().copied();
    for (measure, groups) in [
        ("registered_by_language", groups(by.clone(), |row| row.first_language.as_deref())),
        ("registered_by_gender", groups(by.clone(), |row| row.gender.as_deref())),
        ("registered_by_age", groups(by.clone(), |row| band(row, until))),
        ("registered_by_way", groups(by, |row| Some(&row.way))),
        ("ended_by_reason", groups(ended.iter().copied(), |row| row.end_reason.as_deref())),
        ("ended_by_outflow", groups(ended.iter().copied(), |row| row.outflow.as_deref())),
        ("waiting_by_time", waiting(rows, until)),
        ("levels_by_progress", progress(rows, period)),
        ("effects_by_answer", groups(effects(), |row| Some(&row.reached))),
        ("effects_by_use", groups(used, |word| Some(word))),
    ] {
        all.extend(split(municipality, measure, groups));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(groups: &[(&str, i64)]) -> Vec<(String, Option<i64>)> {
        let groups = groups.iter().map(|(group, count)| ((*group).to_owned(), *count)).collect();
        split("", "m", groups).into_iter().map(|figure| (figure.group, figure.count)).collect()
    }

    #[test]
    fn fewer_than_five_are_not_told_and_cannot_be_found_from_the_others() {
        let told = counts(&[("a", 20), ("b", 4), ("c", 7)]);
        assert_eq!(told, [("a".into(), Some(20)), ("b".into(), None), ("c".into(), None)]);
        let told = counts(&[("a", 20), ("b", 4), ("c", 3)]);
        assert_eq!(told, [("a".into(), Some(20)), ("b".into(), None), ("c".into(), None)]);
        assert_eq!(counts(&[("a", 5), ("b", 9)]), [("a".into(), Some(5)), ("b".into(), Some(9))]);
        assert_eq!(counts(&[("a", 2)]), [("a".into(), None)]);
    }

    #[test]
    fn ages_come_in_bands() {
        let born = |year: Option<i32>| learner::Model {
            organisation_id: Uuid::nil(),
            id: Uuid::nil(),
            learner_id: None,
            branch_id: None,
            stage: String::new(),
            way: String::new(),
            registered_on: None,
            intake_on: None,
            ended_on: None,
            end_reason: None,
            outflow: None,
            wait_reason: None,
            first_language: None,
            gender: None,
            birth_year: year,
            is_beginner: false,
        };
        let on = LocalDate::from_ymd_opt(2026, 11, 26).unwrap();
        assert_eq!(band(&born(Some(2010)), on), Some("0-17"));
        assert_eq!(band(&born(Some(1959)), on), Some("67+"));
        assert_eq!(band(&born(Some(1999)), on), Some("27-34"));
        assert_eq!(band(&born(None), on), None);
    }
}
