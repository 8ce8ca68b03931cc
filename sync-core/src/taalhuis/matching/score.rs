//! How well a learner and a buddy suit: a score in parts, each with its reason in words a person can check. Whole numbers only.

use serde::{Deserialize, Serialize};

use super::people::{BuddyOffer, LearnerNeed};
use super::position::Distance;
use super::rules::shared_places;
use super::set::Set;
use crate::problem::{ProblemKind, Refusal};
use crate::time::LocalDate;
use crate::volunteers::availability::Week;
use crate::volunteers::{FirstLanguage, Place, Subject};

/// The parts of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Time that both have.
    Time,
    /// How far apart they live.
    Distance,
    /// Whether the buddy helps with what the learner wants, and knows the target group.
    Level,
    /// Whether they have a language in common besides Dutch.
    Language,
    /// What both like.
    Interests,
    /// Where both want to meet.
    Place,
    /// How long the learner waits: the same for every buddy, it counts when learners are compared.
    Waiting,
}

impl Part {
    /// All of them, in the order in which people read them.
    pub const ALL: [Self; 7] = [
        Self::Time,
        Self::Distance,
        Self::Level,
        Self::Language,
        Self::Interests,
        Self::Place,
        Self::Waiting,
    ];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Distance => "distance",
            Self::Level => "level",
            Self::Language => "language",
            Self::Interests => "interests",
            Self::Place => "place",
            Self::Waiting => "waiting",
        }
    }
}

/// The most that one part can weigh.
const WEIGHT_MAX: u16 = 10;
/// A part is told in hundredths of what it could be.
const FULL: u32 = 100;
/// What a part is worth when nothing is known: neither for nor against.
const UNKNOWN: u32 = 50;
/// Further than this is worth nothing, in metres, where the buddy did not say how far he travels.
const FAR: u32 = 15_000;
/// Who waits this many days has waited as long as counts: half a year.
const LONG_DAYS: u32 = 182;

/// What each part weighs in one Taalhuis, from 0 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// See [`Part::Time`].
    pub time: u16,
    /// See [`Part::Distance`].
    pub distance: u16,
    /// See [`Part::Level`].
    pub level: u16,
    /// See [`Part::Language`].
    pub language: u16,
    /// See [`Part::Interests`].
    pub interests: u16,
    /// See [`Part::Place`].
    pub place: u16,
    /// See [`Part::Waiting`].
    pub waiting: u16,
}

impl Default for Weights {
    /// Time and the way there make or break a weekly hour; the rest makes it pleasant.
    fn default() -> Self {
        Self { time: 8, distance: 6, level: 6, language: 3, interests: 3, place: 4, waiting: 4 }
    }
}

impl Weights {
    /// What this part weighs.
    #[must_use]
    pub const fn of(&self, part: Part) -> u16 {
        match part {
            Part::Time => self.time,
            Part::Distance => self.distance,
            Part::Level => self.level,
            Part::Language => self.language,
            Part::Interests => self.interests,
            Part::Place => self.place,
            Part::Waiting => self.waiting,
        }
    }

    /// Whether a Taalhuis may set these: each at most ten, and not all of them nothing.
    pub fn check(&self) -> Result<(), Refusal> {
        let weights = Part::ALL.map(|part| self.of(part));
        if weights.iter().any(|weight| *weight > WEIGHT_MAX) || weights.iter().all(|weight| *weight == 0) {
            return Err(Refusal::new(ProblemKind::NumberOutOfRange, format!("weights: 0 to {WEIGHT_MAX}")));
        }
        Ok(())
    }
}

/// Why a part is worth what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Time that both have.
    SharedTime(Week),
    /// When one of them has time was not asked yet.
    TimeNotAsked,
    /// How far apart they live.
    Apart(Distance),
    /// Where one of them lives is not known.
    HomeNotKnown,
    /// They meet by video: how far apart does not matter.
    ByVideo,
    /// The buddy helps with these subjects of the learner's; has experience with the target group or not; is trained for beginners
    /// or not.
    Helps {
        /// Subjects in common.
        subjects: Set<Subject>,
        /// The target group that the buddy knows.
        knows: Option<FirstLanguage>,
        /// Whether a beginner gets a trained buddy; nothing when the learner is no beginner.
        trained: Option<bool>,
    },
    /// Languages in common besides Dutch, as ISO 639-1.
    Languages(Vec<String>),
    /// Who grew up with Dutch needs no other language.
    DutchIsEnough,
    /// Which languages one of them speaks was not asked yet.
    LanguagesNotAsked,
    /// Interests in common.
    Interests(Vec<String>),
    /// The interests of one of them were not asked yet.
    InterestsNotAsked,
    /// Places where both want to meet.
    Places(Set<Place>),
    /// So many days since the learner registered.
    Waits(u32),
}

/// One part of a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// Which part.
    pub part: Part,
    /// What it is worth, of a hundred.
    pub worth: u32,
    /// Why.
    pub reason: Reason,
}

/// How well two people suit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// All parts together by their weights, of a thousand.
    pub total: u32,
    /// The parts.
    pub parts: Vec<Scored>,
}

/// More in common is worth more, but the first counts most.
const fn in_common(count: u32) -> u32 {
    match count {
        0 => 0,
        1 => 60,
        2 => 85,
        _ => FULL,
    }
}

fn time(need: &LearnerNeed, offer: &BuddyOffer) -> u32 {
    if need.week.is_empty() || offer.week.is_empty() {
        return UNKNOWN;
    }
    in_common(need.week.shared(offer.week).count())
}

fn distance(need: &LearnerNeed, offer: &BuddyOffer) -> u32 {
    if only_by_video(need, offer) {
        return FULL;
    }
    let Some(apart) = need.home.metres_to(&offer.home) else { return UNKNOWN };
    let far = if offer.travels > 0 { offer.travels } else { FAR };
    let near = u64::from(far.saturating_sub(apart.metres));
    u32::try_from(near * u64::from(FULL) / u64::from(far)).unwrap_or(FULL)
}

fn only_by_video(need: &LearnerNeed, offer: &BuddyOffer) -> bool {
    shared_places(need, offer) == Set::of([Place::Online])
}

fn level(need: &LearnerNeed, offer: &BuddyOffer) -> u32 {
    let part = |asked: bool, met: u32| if asked { met } else { UNKNOWN };
    let subjects = need.subjects.shared(offer.subjects).len();
    let by_subject = part(
        !need.subjects.is_empty() && !offer.subjects.is_empty(),
        FULL * subjects / need.subjects.len().max(1),
    );
    let knows = need.first_language.is_some_and(|own| offer.experience.has(own));
    let by_experience = part(need.first_language.is_some(), if knows { FULL } else { 0 });
    let by_training = part(need.beginner, if offer.trained { FULL } else { 0 });
    (2 * by_subject + by_experience + by_training) / 4
}

/// Languages in common besides Dutch.
fn languages<'a>(need: &'a LearnerNeed, offer: &'a BuddyOffer) -> impl Iterator<Item = &'a String> {
    need.languages.intersection(&offer.languages).filter(|language| *language != "nl")
}

/// Whether there is nothing to say of languages, and why.
fn no_languages(need: &LearnerNeed, offer: &BuddyOffer) -> Option<Reason> {
    if need.first_language == Some(FirstLanguage::Dutch) {
        return Some(Reason::DutchIsEnough);
    }
    (need.languages.is_empty() || offer.languages.is_empty()).then_some(Reason::LanguagesNotAsked)
}

fn language(need: &LearnerNeed, offer: &BuddyOffer) -> u32 {
    if no_languages(need, offer).is_some() {
        return UNKNOWN;
    }
    if languages(need, offer).next().is_some() { FULL } else { 0 }
}

fn interests(need: &LearnerNeed, offer: &BuddyOffer) -> u32 {
    if need.interests.is_empty() || offer.interests.is_empty() {
        return UNKNOWN;
    }
    in_common(u32::try_from(need.interests.intersection(&offer.interests).take(3).count()).unwrap_or(3))
}

fn place(need: &LearnerNeed, offer: &BuddyOffer) -> u32 {
    if need.places.is_empty() || offer.places.is_empty() {
        return UNKNOWN;
    }
    in_common(shared_places(need, offer).len())
}

fn waiting(need: &LearnerNeed, today: LocalDate) -> u32 {
    need.waiting_days(today).min(LONG_DAYS) * FULL / LONG_DAYS
}

/// What one part is worth, of a hundred.
fn worth(part: Part, need: &LearnerNeed, offer: &BuddyOffer, today: LocalDate) -> u32 {
    match part {
        Part::Time => time(need, offer),
        Part::Distance => distance(need, offer),
        Part::Level => level(need, offer),
        Part::Language => language(need, offer),
        Part::Interests => interests(need, offer),
        Part::Place => place(need, offer),
        Part::Waiting => waiting(need, today),
    }
}

/// What a person is told about one part.
fn reason(part: Part, need: &LearnerNeed, offer: &BuddyOffer, today: LocalDate) -> Reason {
    match part {
        Part::Time if need.week.is_empty() || offer.week.is_empty() => Reason::TimeNotAsked,
        Part::Time => Reason::SharedTime(need.week.shared(offer.week)),
        Part::Distance if only_by_video(need, offer) => Reason::ByVideo,
        Part::Distance => need.home.metres_to(&offer.home).map_or(Reason::HomeNotKnown, Reason::Apart),
        Part::Level => Reason::Helps {
            subjects: need.subjects.shared(offer.subjects),
            knows: need.first_language.filter(|own| offer.experience.has(*own)),
            trained: need.beginner.then_some(offer.trained),
        },
        Part::Language => no_languages(need, offer)
            .unwrap_or_else(|| Reason::Languages(languages(need, offer).cloned().collect())),
        Part::Interests if need.interests.is_empty() || offer.interests.is_empty() => {
            Reason::InterestsNotAsked
        }
        Part::Interests => {
            Reason::Interests(need.interests.intersection(&offer.interests).cloned().collect())
        }
        Part::Place => Reason::Places(shared_places(need, offer)),
        Part::Waiting => Reason::Waits(need.waiting_days(today)),
    }
}

/// How well these two suit on this day, of a thousand: the score without its reasons, for comparing thousands.
pub(super) fn total(need: &LearnerNeed, offer: &BuddyOffer, weights: &Weights, today: LocalDate) -> u32 {
    let (mut weight, mut points) = (0, 0);
    for part in Part::ALL {
        let own = u32::from(weights.of(part));
        if own > 0 {
            weight += own;
            points += own * worth(part, need, offer, today);
        }
    }
    points * 10 / weight.max(1)
}

/// How well these two suit on this day. Ask [`super::blockers`] too: a score says nothing of what is not possible.
#[must_use]
pub fn score(need: &LearnerNeed, offer: &BuddyOffer, weights: &Weights, today: LocalDate) -> Score {
    let parts = Part::ALL.map(|part| Scored {
        part,
        worth: worth(part, need, offer, today),
        reason: reason(part, need, offer, today),
    });
    Score { total: total(need, offer, weights, today), parts: parts.into() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::position::{Home, Position};
    use super::*;
    use crate::time::{Timestamp, days_after};
    use crate::volunteers::availability::{Cell, DayPart};

    fn today() -> LocalDate {
        Timestamp(1_795_507_200_000).local_date()
    }

    fn worth(need: &LearnerNeed, offer: &BuddyOffer, part: Part) -> u32 {
        let score = score(need, offer, &Weights::default(), today());
        score.parts.iter().find(|scored| scored.part == part).unwrap().worth
    }

    fn words(list: &[&str]) -> BTreeSet<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn of_nobody_anything_is_known_and_nothing_speaks_for_or_against() {
        let score = score(&LearnerNeed::default(), &BuddyOffer::default(), &Weights::default(), today());
        for scored in &score.parts {
            let expected = if scored.part == Part::Waiting { 0 } else { UNKNOWN };
            assert_eq!(scored.worth, expected, "{:?}", scored.part);
        }
    }

    #[test]
    fn the_perfect_buddy_has_a_thousand_and_the_worst_none() {
        let evening = |day| Cell::new(day, DayPart::Evening);
        let home = |longitude| Home {
            position: Some(Position { latitude: 5_300_000, longitude }),
            ..Home::default()
        };
        let need = LearnerNeed {
            waiting_since: Some(days_after(today(), -400)),
            week: Week::of((0..3).filter_map(evening)),
            home: home(650_000),
            subjects: Set::of([Subject::Reading]),
            first_language: Some(FirstLanguage::Other),
            beginner: true,
            languages: words(&["ti", "ar"]),
            interests: words(&["cooking", "garden", "music"]),
            places: Set::of([Place::Home, Place::Library, Place::VillageHall]),
            ..LearnerNeed::default()
        };
        let best = BuddyOffer {
            week: need.week,
            home: need.home.clone(),
            subjects: need.subjects,
            experience: Set::of([FirstLanguage::Other]),
            trained: true,
            languages: words(&["ar"]),
            interests: need.interests.clone(),
            places: need.places,
            ..BuddyOffer::default()
        };
        assert_eq!(score(&need, &best, &Weights::default(), today()).total, 1_000);
        let worst = BuddyOffer {
            week: Week::of(evening(5)),
            home: home(750_000),
            subjects: Set::of([Subject::Digital]),
            languages: words(&["pl"]),
            interests: words(&["football"]),
            places: Set::of([Place::Online]),
            ..BuddyOffer::default()
        };
        let fresh = LearnerNeed { waiting_since: Some(today()), ..need };
        assert_eq!(score(&fresh, &worst, &Weights::default(), today()).total, 0);
    }

    #[test]
    fn dutch_is_no_language_in_common() {
        let need = LearnerNeed { languages: words(&["nl", "pl"]), ..LearnerNeed::default() };
        assert_eq!(
            worth(&need, &BuddyOffer { languages: words(&["nl"]), ..BuddyOffer::default() }, Part::Language),
            0
        );
        let native = LearnerNeed { first_language: Some(FirstLanguage::Dutch), ..need };
        assert_eq!(worth(&native, &BuddyOffer::default(), Part::Language), UNKNOWN);
    }

    #[test]
    fn what_was_not_asked_is_told_as_that_and_not_as_nothing_in_common() {
        let told = |need: &LearnerNeed, offer: &BuddyOffer| {
            let score = score(need, offer, &Weights::default(), today());
            let of = |part| score.parts.iter().find(|one| one.part == part).unwrap().reason.clone();
            (of(Part::Time), of(Part::Distance), of(Part::Language), of(Part::Interests))
        };
        let nobody = told(&LearnerNeed::default(), &BuddyOffer::default());
        let unknown = (
            Reason::TimeNotAsked,
            Reason::HomeNotKnown,
            Reason::LanguagesNotAsked,
            Reason::InterestsNotAsked,
        );
        assert_eq!(nobody, unknown);
        let need =
            LearnerNeed { languages: words(&["ti"]), interests: words(&["music"]), ..LearnerNeed::default() };
        let offer =
            BuddyOffer { languages: words(&["pl"]), interests: words(&["garden"]), ..BuddyOffer::default() };
        let (.., language, interests) = told(&need, &offer);
        assert_eq!((language, interests), (Reason::Languages(vec![]), Reason::Interests(vec![])));
        let native = LearnerNeed { first_language: Some(FirstLanguage::Dutch), ..need };
        assert_eq!(told(&native, &offer).2, Reason::DutchIsEnough);
    }

    #[test]
    fn by_video_only_the_way_does_not_count() {
        let online = Set::of([Place::Online]);
        let home = |postcode: &str| Home { position: None, postcode: postcode.to_owned() };
        let need = LearnerNeed { places: online, home: home("9461 AB"), ..LearnerNeed::default() };
        let offer = BuddyOffer { places: online, home: home("9401 AB"), ..BuddyOffer::default() };
        assert_eq!(worth(&need, &offer, Part::Distance), FULL);
        let beginner = LearnerNeed { beginner: true, ..need };
        assert_eq!(worth(&beginner, &offer, Part::Distance), 0);
    }

    #[test]
    fn a_weight_of_nothing_takes_a_part_away_and_all_nothing_is_refused() {
        let none =
            Weights { time: 0, distance: 0, level: 0, language: 0, interests: 0, place: 0, waiting: 0 };
        assert!(none.check().is_err());
        assert!(Weights { time: 11, ..none }.check().is_err());
        let only_waiting = Weights { waiting: 1, ..none };
        assert!(only_waiting.check().is_ok());
        let need = LearnerNeed { waiting_since: Some(days_after(today(), -91)), ..LearnerNeed::default() };
        assert_eq!(score(&need, &BuddyOffer::default(), &only_waiting, today()).total, 500);
    }
}
