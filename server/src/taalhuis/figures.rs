//! The figures of a Taalhuis in a period, from rows without names. A group of fewer than five people is not told: it could be somebody
//! (domain 2.1: small-cell suppression, age in bands).

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use serde::Serialize;
use sync_core::time::LocalDate;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{
    learner, learner_effect, learner_level, learner_referral, learner_request, learning_session, pairing,
};

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
    /// For which of the seven norms of the certificate it is asked (domain 3.14, CBCT).
    #[schema(example = 5)]
    pub(super) norm: u8,
    /// What was counted.
    #[schema(example = "registered")]
    pub(super) measure: &'static str,
    /// The list of which the group is a word; left out when the group says it itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "first_language")]
    pub(super) list: Option<&'static str>,
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
    pub(super) requests: Vec<learner_request::Model>,
    pub(super) referrals: Vec<learner_referral::Model>,
    pub(super) buddies: Vec<Buddy>,
    /// Learners who consent to a buddy knowing them, by the branch.
    pub(super) consents: Vec<(Option<Uuid>, Uuid)>,
}

/// A volunteer of a Taalhuis, as far as the certificate asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buddy {
    pub(super) branch: Option<Uuid>,
    pub(super) has_vog: bool,
    pub(super) is_trained: bool,
}

/// What is counted: for which norm, what it is called, and the list of its groups.
type Measure = (u8, &'static str, Option<&'static str>);

/// Every measure, in the order of the norms of the certificate: policy, means, cooperation, people, products, results, law.
const MEASURES: [Measure; 30] = [
    (1, "alone", None),
    (1, "in_groups", None),
    (2, "referrals", None),
    (2, "referrals_by_arrival", Some("arrival")),
    (2, "days_to_intake", None),
    (2, "days_to_buddy", None),
    (2, "waiting_by_time", None),
    (3, "partners", None),
    (3, "registered_by_way", Some("way")),
    (4, "buddies", None),
    (4, "buddies_with_vog", None),
    (4, "buddies_trained", None),
    (5, "registered", None),
    (5, "intakes", None),
    (5, "matched", None),
    (5, "running", None),
    (5, "sessions", None),
    (5, "session_hours", None),
    (5, "learner_contacts", None),
    (5, "registered_by_language", Some("first_language")),
    (5, "registered_by_gender", Some("gender")),
    (5, "registered_by_age", None),
    (5, "requests_by_topic", Some("topic")),
    (6, "ended", None),
    (6, "ended_by_reason", Some("end_reason")),
    (6, "ended_by_outflow", Some("outflow")),
    (6, "levels_by_progress", Some("progress")),
    (6, "effects_by_answer", Some("reached")),
    (6, "effects_by_use", Some("used_in")),
    (7, "consents", None),
];

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

/// The figure of a measure.
fn figure(municipality: &str, measure: &str, group: String, count: Option<i64>) -> Option<Figure> {
    let (norm, measure, list) = MEASURES.into_iter().find(|(_, name, _)| *name == measure)?;
    Some(Figure { municipality: municipality.to_owned(), norm, measure, list, group, count })
}

/// So many people as may be told: nobody, or at least five.
fn people(count: usize) -> Option<i64> {
    Some(number(count)).filter(|count| *count == 0 || *count >= SMALL)
}

/// Hides one more where only one is hidden: else it could be found by taking the others from the total.
pub(super) fn hide_the_next<'a>(figures: impl Iterator<Item = &'a mut Figure>) {
    let (hidden, told): (Vec<_>, Vec<_>) = figures.partition(|figure| figure.count.is_none());
    if hidden.len() == 1
        && let Some(next) = told.into_iter().min_by_key(|figure| figure.count)
    {
        next.count = None;
    }
}

/// A split of people into groups, with small ones left out, and what would give them away.
fn split(municipality: &str, measure: &str, groups: BTreeMap<String, i64>) -> Vec<Figure> {
    let told = groups.into_iter().map(|(group, count)| (group, (count >= SMALL).then_some(count)));
    let mut figures: Vec<Figure> =
        told.filter_map(|(group, count)| figure(municipality, measure, group, count)).collect();
    hide_the_next(figures.iter_mut());
    figures
}

/// The middle one of these days, where there are enough people to tell of.
fn median(days: impl Iterator<Item = i64>) -> Option<i64> {
    let mut days: Vec<i64> = days.collect();
    days.sort_unstable();
    days.get(days.len() / 2).copied().filter(|_| number(days.len()) >= SMALL)
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

/// How many days passed between the intake of learners and the first meeting with a buddy of this period.
fn days_to_buddy(rows: &Rows, period: Period) -> impl Iterator<Item = i64> {
    let mut first: BTreeMap<Uuid, LocalDate> = BTreeMap::new();
    for pairing in &rows.pairings {
        let (Some(learner), Some(since)) = (pairing.learner_id, pairing.met_since) else { continue };
        let day = first.entry(learner).or_insert(since);
        *day = since.min(*day);
    }
    rows.learners.iter().filter_map(move |learner| {
        let met = *first.get(&learner.learner_id?)?;
        period.has(Some(met)).then_some((met - learner.intake_on?).num_days())
    })
}

/// The figures that are one number.
fn totals(rows: &Rows, all: &[&learner::Model], period: Period) -> Vec<(&'static str, Option<i64>)> {
    let until = period.until;
    let runs = |row: &&pairing::Model| {
        row.met_since.is_some_and(|since| since <= until) && row.ended_on.is_none_or(|end| end > until)
    };
    let went_on = |row: &&pairing::Model| {
        row.met_since.is_some_and(|since| since <= until) && row.ended_on.is_none_or(|end| end >= period.from)
    };
    let sessions: Vec<&learning_session::Model> =
        rows.sessions.iter().filter(|row| period.has(row.held_on)).collect();
    let groups: BTreeSet<Uuid> =
        sessions.iter().filter(|row| row.kind == "group").map(|row| row.source_id).collect();
    let minutes: i64 = sessions.iter().map(|row| i64::from(row.minutes)).sum();
    let contacts: i64 = sessions.iter().map(|row| i64::from(row.learners)).sum();
    let referrals = || rows.referrals.iter().filter(|row| period.has(row.sent_on));
    let partners: BTreeSet<&str> = referrals().map(|row| row.partner.as_str()).collect();
    let counted = |of: fn(&learner::Model) -> Option<LocalDate>| {
        people(all.iter().filter(|row| period.has(of(row))).count())
    };
    let to_intake = all.iter().filter(|row| period.has(row.intake_on));
    vec![
        ("alone", people(rows.pairings.iter().filter(went_on).count())),
        // Groups, not people: each has several.
        ("in_groups", Some(number(groups.len()))),
        ("referrals", people(referrals().count())),
        (
            "days_to_intake",
            median(to_intake.filter_map(|row| Some((row.intake_on? - row.registered_on?).num_days()))),
        ),
        ("days_to_buddy", median(days_to_buddy(rows, period))),
        ("partners", Some(number(partners.len()))),
        ("buddies", people(rows.buddies.len())),
        ("buddies_with_vog", people(rows.buddies.iter().filter(|buddy| buddy.has_vog).count())),
        ("buddies_trained", people(rows.buddies.iter().filter(|buddy| buddy.is_trained).count())),
        ("registered", counted(|row| row.registered_on)),
        ("intakes", counted(|row| row.intake_on)),
        ("matched", people(rows.pairings.iter().filter(|row| period.has(row.met_since)).count())),
        ("running", people(rows.pairings.iter().filter(runs).count())),
        ("sessions", Some(number(sessions.len()))),
        ("session_hours", Some(minutes / 60)),
        ("learner_contacts", Some(contacts)),
        ("ended", counted(|row| row.ended_on)),
        ("consents", people(rows.consents.len())),
    ]
}

/// The figures that are split into groups.
fn splits(
    rows: &Rows,
    all: &[&learner::Model],
    period: Period,
) -> Vec<(&'static str, BTreeMap<String, i64>)> {
    let registered = || all.iter().copied().filter(|row| period.has(row.registered_on));
    let ended = || all.iter().copied().filter(|row| period.has(row.ended_on));
    let effects = || rows.effects.iter().filter(|row| period.has(row.asked_on));
    let used = effects().flat_map(|row| row.used.split(' ')).filter(|word| !word.is_empty());
    let referrals = rows.referrals.iter().filter(|row| period.has(row.sent_on));
    let requests = rows.requests.iter().filter(|row| period.has(row.asked_on));
    let arrival = |row: &&learner_referral::Model| match row.has_arrived {
        Some(true) => Some("arrived"),
        Some(false) => Some("not_arrived"),
        None => None,
    };
    vec![
        ("referrals_by_arrival", groups(referrals, arrival)),
        ("waiting_by_time", waiting(rows, period.until)),
        ("registered_by_way", groups(registered(), |row| Some(&row.way))),
        ("registered_by_language", groups(registered(), |row| row.first_language.as_deref())),
        ("registered_by_gender", groups(registered(), |row| row.gender.as_deref())),
        ("registered_by_age", groups(registered(), |row| band(row, period.until))),
        ("requests_by_topic", groups(requests, |row| Some(&row.topic))),
        ("ended_by_reason", groups(ended(), |row| row.end_reason.as_deref())),
        ("ended_by_outflow", groups(ended(), |row| row.outflow.as_deref())),
        ("levels_by_progress", progress(rows, period)),
        ("effects_by_answer", groups(effects(), |row| Some(&row.reached))),
        ("effects_by_use", groups(used, |word| Some(word))),
    ]
}

/// Every figure of these rows, in the order of the norms.
pub(super) fn figures(municipality: &str, rows: &Rows, period: Period) -> Vec<Figure> {
    // Whoever is the same person as another one is counted there.
    let all: Vec<&learner::Model> = rows.learners.iter().filter(|row| row.stage != "joined").collect();
    let totals = totals(rows, &all, period);
    let mut found: Vec<Figure> = totals
        .into_iter()
        .filter_map(|(measure, count)| figure(municipality, measure, String::new(), count))
        .collect();
    for (measure, groups) in splits(rows, &all, period) {
        found.extend(split(municipality, measure, groups));
    }
    let place = |figure: &Figure| MEASURES.iter().position(|(_, name, _)| *name == figure.measure);
    found.sort_by_key(place);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(groups: &[(&str, i64)]) -> Vec<(String, Option<i64>)> {
        let groups = groups.iter().map(|(group, count)| ((*group).to_owned(), *count)).collect();
        split("", "registered_by_way", groups)
            .into_iter()
            .map(|figure| (figure.group, figure.count))
            .collect()
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
    fn every_measure_is_counted_and_nothing_else() {
        let every = Period { from: LocalDate::MIN, until: LocalDate::MAX };
        let (totals, splits) = (totals(&Rows::default(), &[], every), splits(&Rows::default(), &[], every));
        let mut counted: Vec<&str> = totals.iter().map(|(name, _)| *name).collect();
        counted.extend(splits.iter().map(|(name, _)| *name));
        let mut known: Vec<&str> = MEASURES.iter().map(|(_, name, _)| *name).collect();
        counted.sort_unstable();
        known.sort_unstable();
        assert_eq!(counted, known);
        assert_eq!(
            MEASURES.map(|(norm, ..)| norm).into_iter().collect::<BTreeSet<_>>().len(),
            7,
            "all norms"
        );
    }

    #[test]
    fn fewer_than_five_people_are_told_neither_as_a_number_nor_by_their_days() {
        assert_eq!((people(0), people(1), people(4), people(5)), (Some(0), None, None, Some(5)));
        assert_eq!(median([1, 2, 3, 4].into_iter()), None);
        assert_eq!(median([9, 1, 3, 2, 40].into_iter()), Some(3));
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
