//! The figures of a Taalhuis in a period, from rows without names. A group of fewer than five people is not told: it could be somebody
//! (domain 2.1: small-cell suppression, age in bands).

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use serde::Serialize;
use sync_core::taalhuis::Scale;
use sync_core::time::LocalDate;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{
    learner, learner_effect, learner_level, learner_referral, learner_request, learning_session, pairing,
};
use super::projection::HELPER;

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
    /// For which of the seven norms of the certificate it is asked (domain 3.14, CBCT); 8 is what the framework of 2024–2027 adds,
    /// the voice of who learns.
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
    /// How many really: to know what could be found from the others. Never told.
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) real: i64,
}

impl Figure {
    /// Whether it counts, so that the parts add up to the whole; days do not.
    pub(super) fn adds_up(&self) -> bool {
        !self.measure.starts_with("days_")
    }
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
    /// Learners who learn in a course that goes on.
    pub(super) in_courses: BTreeSet<Uuid>,
    /// Until when learners were in a course that ended, or that they left.
    pub(super) course_until: BTreeMap<Uuid, LocalDate>,
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

/// Every measure, in the order of the norms of the certificate: policy, means, cooperation, people, products, results, law,
/// the voice of who learns.
const MEASURES: [Measure; 45] = [
    (1, "alone", None),
    (1, "in_groups", None),
    (2, "referrals", None),
    (2, "referrals_by_arrival", Some("arrival")),
    (2, "days_to_intake", None),
    (2, "days_to_buddy", None),
    (2, "waiting_by_time", Some("waiting")),
    (2, "waiting_by_reason", Some("wait")),
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
    (5, "participations", None),
    (5, "participations_formal", None),
    (5, "participations_by_offer", Some("offer")),
    (6, "ended", None),
    (6, "ended_by_reason", Some("end_reason")),
    (6, "ended_by_outflow", Some("outflow")),
    (6, "pairings_by_end", Some("end_reason")),
    (6, "participations_by_end", Some("end_reason")),
    (6, "certificates", None),
    (6, "levels_by_progress", Some("progress")),
    (6, "levels_nt1", Some("level")),
    (6, "levels_cefr", Some("level")),
    (6, "levels_alfa", Some("level")),
    (6, "levels_digital", Some("level")),
    (6, "levels_nlqf", Some("level")),
    (6, "levels_ladder", Some("level")),
    (6, "effects_by_answer", Some("reached")),
    (6, "effects_by_use", Some("used_in")),
    (7, "consents", None),
    (8, "learners_with_request", None),
    (8, "learners_asked", None),
];

/// The first and the last day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    pub(super) from: LocalDate,
    pub(super) until: LocalDate,
}

impl Period {
    /// Whether it begins with a first day and ends with a last day of a month.
    pub(super) fn is_of_months(self) -> bool {
        self.from.day() == 1 && self.until.succ_opt().is_none_or(|next| next.day() == 1)
    }

    fn has(self, day: Option<LocalDate>) -> bool {
        day.is_some_and(|day| self.from <= day && day <= self.until)
    }
}

fn band(learner: &learner::Model, on: LocalDate) -> Option<&'static str> {
    let to_come = learner.birth_month.is_some_and(|month| i64::from(month) > i64::from(on.month()));
    let age = on.year() - learner.birth_year? - i32::from(to_come);
    BANDS.iter().find(|(from, _)| age >= *from).map(|(_, band)| *band)
}

/// The figure of a measure.
fn figure(municipality: &str, measure: &str, group: String, count: Count) -> Option<Figure> {
    let (norm, measure, list) = MEASURES.into_iter().find(|(_, name, _)| *name == measure)?;
    let (real, told) = (count.real, count.is_told);
    let municipality = municipality.to_owned();
    Some(Figure { municipality, norm, measure, list, group, count: told.then_some(real), real })
}

/// How many, and whether it may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    real: i64,
    is_told: bool,
}

impl Count {
    /// Of things, not of people.
    const fn things(real: i64) -> Self {
        Self { real, is_told: true }
    }

    /// Of people: nobody, or at least five, may be told.
    fn people(count: usize) -> Self {
        let real = number(count);
        Self { real, is_told: real == 0 || real >= SMALL }
    }
}

/// Hides so many more that what is hidden cannot be found by taking the others from the whole: at least two, of together at least five.
/// Whether anything was hidden.
pub(super) fn close<'a>(parts: impl Iterator<Item = &'a mut Figure>) -> bool {
    let (hidden, mut told): (Vec<_>, Vec<_>) = parts.partition(|figure| figure.count.is_none());
    if hidden.is_empty() {
        return false;
    }
    let (mut count, mut sum) = (hidden.len(), hidden.iter().map(|figure| figure.real).sum::<i64>());
    told.sort_by_key(|figure| figure.real);
    let mut changed = false;
    for next in told {
        if count >= 2 && sum >= SMALL {
            break;
        }
        next.count = None;
        (count, sum, changed) = (count + 1, sum + next.real, true);
    }
    changed
}

/// A split of people into groups, with small ones left out, and what would give them away.
fn split(municipality: &str, measure: &str, groups: BTreeMap<String, i64>) -> Vec<Figure> {
    let told = groups.into_iter().map(|(group, real)| (group, Count { real, is_told: real >= SMALL }));
    let mut figures: Vec<Figure> =
        told.filter_map(|(group, count)| figure(municipality, measure, group, count)).collect();
    close(figures.iter_mut());
    figures
}

/// The middle one of these days, where there are enough people to tell of.
fn median(days: impl Iterator<Item = i64>) -> Count {
    let mut days: Vec<i64> = days.collect();
    days.sort_unstable();
    let real = days.get(days.len() / 2).copied().unwrap_or_default();
    Count { real, is_told: number(days.len()) >= SMALL }
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

/// On which level people stand, by what was measured last of each skill in the period, on each scale.
fn levels(rows: &Rows, period: Period) -> Vec<(&'static str, BTreeMap<String, i64>)> {
    let mut last: BTreeMap<(Uuid, &str, &str), &learner_level::Model> = BTreeMap::new();
    for level in rows.levels.iter().filter(|level| period.has(level.measured_on)) {
        let newest = last.entry((level.file_id, &level.scale, &level.skill)).or_insert(level);
        if (newest.measured_on, newest.place) <= (level.measured_on, level.place) {
            *newest = level;
        }
    }
    let on = |scale: Scale| {
        groups(last.values().filter(|level| level.scale == scale.as_str()), |level| Some(&level.level))
    };
    SCALES.into_iter().map(|(scale, measure)| (measure, on(scale))).collect()
}

/// The scales of levels, with the figure of each.
const SCALES: [(Scale, &str); 6] = [
    (Scale::Nt1, "levels_nt1"),
    (Scale::Cefr, "levels_cefr"),
    (Scale::Alfa, "levels_alfa"),
    (Scale::Digital, "levels_digital"),
    (Scale::Nlqf, "levels_nlqf"),
    (Scale::Ladder, "levels_ladder"),
];

/// The bands of waiting, by the weeks after which each begins.
const WAITS: [(i64, &str); 4] = [(0, "waits_4"), (4, "waits_8"), (8, "waits_13"), (13, "waits_more")];

/// Who has had the intake and has no help, on this day.
fn waits(rows: &Rows, on: LocalDate) -> impl Iterator<Item = &learner::Model> {
    let helped = move |id: Option<Uuid>| {
        rows.pairings.iter().any(|pairing| {
            pairing.learner_id == id
                && pairing.met_since.is_some_and(|since| since <= on)
                && pairing.ended_on.is_none_or(|end| end > on)
        })
    };
    rows.learners.iter().filter(move |learner| {
        let in_course = learner.learner_id.is_some_and(|id| rows.in_courses.contains(&id));
        learner.intake_on.is_some_and(|since| since <= on)
            && learner.stage != "joined"
            && learner.ended_on.is_none_or(|end| end > on)
            && !in_course
            && !helped(learner.learner_id)
    })
}

/// Since when somebody is without help on this day: since the intake, or since the last help ended.
fn waits_since(rows: &Rows, learner: &learner::Model, on: LocalDate) -> Option<LocalDate> {
    let id = learner.learner_id?;
    let helped = rows.pairings.iter().filter(|row| row.learner_id == Some(id) && row.met_since.is_some());
    let ended = helped.filter_map(|row| row.ended_on).chain(rows.course_until.get(&id).copied());
    ended.filter(|end| *end <= on).chain(learner.intake_on).max()
}

/// How long people wait who have had their intake and no help now, on the last day of the period.
fn waiting(rows: &Rows, on: LocalDate) -> BTreeMap<String, i64> {
    groups(waits(rows, on), |learner| {
        let weeks = waits_since(rows, learner, on).map_or(0, |since| (on - since).num_days() / 7);
        WAITS.iter().rev().find(|(from, _)| weeks >= *from).map(|(_, band)| *band)
    })
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
fn totals(rows: &Rows, all: &[&learner::Model], period: Period) -> Vec<(&'static str, Count)> {
    let until = period.until;
    let runs = |row: &&pairing::Model| {
        row.met_since.is_some_and(|since| since <= until) && row.ended_on.is_none_or(|end| end > until)
    };
    let went_on = |row: &&pairing::Model| {
        row.met_since.is_some_and(|since| since <= until) && row.ended_on.is_none_or(|end| end >= period.from)
    };
    let held = || rows.sessions.iter().filter(|row| period.has(row.held_on));
    let sessions: Vec<&learning_session::Model> = held().filter(|row| row.kind != HELPER).collect();
    let groups: BTreeSet<Uuid> =
        sessions.iter().filter(|row| row.kind == "group").map(|row| row.source_id).collect();
    let minutes: i64 = held().map(|row| i64::from(row.minutes)).sum();
    let contacts: i64 = sessions.iter().map(|row| i64::from(row.learners)).sum();
    let referrals = || rows.referrals.iter().filter(|row| period.has(row.sent_on));
    let began = || rows.referrals.iter().filter(|row| period.has(row.began_on));
    let certified = rows.referrals.iter().filter(|row| period.has(row.finished_on));
    let partners: BTreeSet<&str> = referrals().map(|row| row.partner.as_str()).collect();
    let counted = |of: fn(&learner::Model) -> Option<LocalDate>| {
        Count::people(all.iter().filter(|row| period.has(of(row))).count())
    };
    // Who told what to learn, and whom it was asked whether that works: each once, however often.
    let requests = rows.requests.iter().filter(|row| row.asked_on.is_some_and(|on| on <= period.until));
    let wished: BTreeSet<Uuid> = requests.map(|row| row.file_id).collect();
    let effects = rows.effects.iter().filter(|row| period.has(row.asked_on));
    let asked: BTreeSet<Uuid> = effects.map(|row| row.file_id).collect();
    let to_intake = all.iter().filter(|row| period.has(row.intake_on));
    vec![
        ("alone", Count::people(rows.pairings.iter().filter(went_on).count())),
        // Groups, not people: each has several.
        ("in_groups", Count::things(number(groups.len()))),
        ("referrals", Count::people(referrals().count())),
        (
            "days_to_intake",
            median(to_intake.filter_map(|row| Some((row.intake_on? - row.registered_on?).num_days()))),
        ),
        ("days_to_buddy", median(days_to_buddy(rows, period))),
        ("partners", Count::things(number(partners.len()))),
        ("buddies", Count::people(rows.buddies.len())),
        ("buddies_with_vog", Count::people(rows.buddies.iter().filter(|buddy| buddy.has_vog).count())),
        ("buddies_trained", Count::people(rows.buddies.iter().filter(|buddy| buddy.is_trained).count())),
        ("registered", counted(|row| row.registered_on)),
        ("intakes", counted(|row| row.intake_on)),
        ("matched", Count::people(rows.pairings.iter().filter(|row| period.has(row.met_since)).count())),
        ("running", Count::people(rows.pairings.iter().filter(runs).count())),
        ("sessions", Count::things(number(sessions.len()))),
        ("session_hours", Count::things(minutes / 60)),
        ("learner_contacts", Count::things(contacts)),
        ("participations", Count::people(began().count())),
        ("participations_formal", Count::people(began().filter(|row| row.is_formal == Some(true)).count())),
        ("certificates", Count::people(certified.filter(|row| row.has_certificate == Some(true)).count())),
        ("ended", counted(|row| row.ended_on)),
        ("consents", Count::people(rows.consents.len())),
        ("learners_with_request", Count::people(wished.len())),
        ("learners_asked", Count::people(asked.len())),
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
    let began = rows.referrals.iter().filter(|row| period.has(row.began_on));
    let finished = rows.referrals.iter().filter(|row| period.has(row.finished_on));
    let mut found = levels(rows, period);
    found.extend([
        ("referrals_by_arrival", groups(referrals, arrival)),
        ("waiting_by_time", waiting(rows, period.until)),
        ("waiting_by_reason", groups(waits(rows, period.until), |row| row.wait_reason.as_deref())),
        ("registered_by_way", groups(registered(), |row| Some(&row.way))),
        ("registered_by_language", groups(registered(), |row| row.first_language.as_deref())),
        ("registered_by_gender", groups(registered(), |row| row.gender.as_deref())),
        ("registered_by_age", groups(registered(), |row| band(row, period.until))),
        ("requests_by_topic", groups(requests, |row| Some(&row.topic))),
        ("ended_by_reason", groups(ended(), |row| row.end_reason.as_deref())),
        ("ended_by_outflow", groups(ended(), |row| row.outflow.as_deref())),
        (
            "pairings_by_end",
            groups(rows.pairings.iter().filter(|row| period.has(row.ended_on)), |row| {
                row.end_reason.as_deref()
            }),
        ),
        ("levels_by_progress", progress(rows, period)),
        ("effects_by_answer", groups(effects(), |row| Some(&row.reached))),
        ("effects_by_use", groups(used, |word| Some(word))),
        ("participations_by_offer", groups(began, |row| row.offer.as_deref())),
        ("participations_by_end", groups(finished, |row| row.end_reason.as_deref())),
    ]);
    found
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
    let place = |figure: &Figure| {
        let measure = MEASURES.iter().position(|(_, name, _)| *name == figure.measure);
        (measure, WAITS.iter().position(|(_, band)| *band == figure.group))
    };
    found.sort_by_key(place);
    found
}

#[cfg(test)]
#[path = "figures_tests.rs"]
mod by_hand;

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
        // Two of one each: with all others told, everybody would know that it is one and one.
        let told = counts(&[("a", 20), ("b", 1), ("c", 1), ("d", 6)]);
        assert_eq!(told.iter().filter(|(_, count)| count.is_some()).count(), 1);
        assert_eq!(told[0], ("a".into(), Some(20)));
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
            8,
            "all norms"
        );
    }

    #[test]
    fn fewer_than_five_people_are_told_neither_as_a_number_nor_by_their_days() {
        assert_eq!([0, 1, 4, 5].map(|count| Count::people(count).is_told), [true, false, false, true]);
        assert!(!median([1, 2, 3, 4].into_iter()).is_told);
        assert_eq!(median([9, 1, 3, 2, 40].into_iter()), Count { real: 3, is_told: true });
    }

    #[test]
    fn ages_come_in_bands() {
        let born = |year: Option<i32>, month: Option<i32>| learner::Model {
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
            birth_month: month,
            joined_into: None,
            is_beginner: false,
        };
        let on = LocalDate::from_ymd_opt(2026, 11, 26).unwrap();
        assert_eq!(band(&born(Some(2010), None), on), Some("0-17"));
        assert_eq!(band(&born(Some(1959), None), on), Some("67+"));
        assert_eq!(band(&born(Some(1999), None), on), Some("27-34"));
        assert_eq!(band(&born(None, None), on), None);
        // Eighteen next month.
        assert_eq!(band(&born(Some(2008), Some(12)), on), Some("0-17"));
        assert_eq!(band(&born(Some(2008), Some(11)), on), Some("18-26"));
    }
}
