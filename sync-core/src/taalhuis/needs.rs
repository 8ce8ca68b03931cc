//! From what is known of people to the two sides of a match.

use std::collections::BTreeSet;

use super::matching::{BuddyOffer, Home, LearnerNeed, Position, Set, USUAL_MINUTES};
use super::rows::{LearnerFileRow, LearnerRow, PairingRow};
use super::view::TaalhuisView;
use super::words::PairingState;
use crate::access::Role;
use crate::ids::{LearnerId, VolunteerId};
use crate::list::Listed;
use crate::questions::{self, Answers};
use crate::time::{LocalDate, days_after};
use crate::volunteers::availability::Week;
use crate::volunteers::view::{VolunteerFileRow, VolunteerView};
use crate::volunteers::{FirstLanguage, Gender, VogState};

/// What a volunteer gives a week where nothing was said, in minutes: room for one pairing.
const USUAL_ROOM: u16 = USUAL_MINUTES;

/// Within so many days two people who are proposed to each other meet for the first time.
const FIRST_WEEKS: i64 = 14;

fn set<T: Listed>(answers: &Answers, key: &str, parse: impl Fn(&str) -> Option<T>) -> Set<T> {
    Set::of(answers.words(key).filter_map(parse).collect::<Vec<_>>())
}

/// The languages that two people can share: that both speak another one says nothing.
fn languages(answers: &Answers, key: &str) -> BTreeSet<String> {
    answers.set(key).into_iter().filter(|code| code != "mis").collect()
}

fn home(answers: &Answers) -> Home {
    let position = questions::position(answers.get("position"))
        .map(|(latitude, longitude)| Position { latitude, longitude });
    Home { position, postcode: answers.get("postcode").to_owned() }
}

fn week(answers: &Answers) -> Week {
    answers.get("week").parse().unwrap_or_default()
}

/// What a learner needs who is without help since then.
#[must_use]
pub fn need(
    learner: LearnerId,
    row: &LearnerRow,
    file: &LearnerFileRow,
    waiting_since: Option<LocalDate>,
) -> LearnerNeed {
    LearnerNeed {
        learner,
        waiting_since,
        week: week(&row.answers),
        home: home(&file.answers),
        subjects: set(&row.answers, "subjects", crate::volunteers::Subject::parse),
        first_language: FirstLanguage::parse(file.answers.get("first_language")),
        beginner: file.is_beginner,
        languages: &languages(&row.answers, "languages") | &languages(&file.answers, "mother_tongue"),
        interests: row.answers.set("interests"),
        places: set(&row.answers, "places", crate::volunteers::Place::parse),
        gender_wish: Gender::parse(file.answers.get("gender_wish")),
        never: file.never.clone(),
        minutes_a_week: minutes_a_week(Some(file)),
    }
}

/// Whether a VOG that stands so counts on this day.
#[must_use]
pub fn vog_is_in_order(house: &TaalhuisView, file: Option<&VolunteerFileRow>, today: LocalDate) -> bool {
    if !house.asks_vog {
        return true;
    }
    let Some(file) = file else { return false };
    match file.vog {
        VogState::NotNeeded => true,
        VogState::Seen if house.vog_years == 0 => true,
        VogState::Seen => vog_lasts_until(house, file).is_some_and(|until| today <= until),
        _ => false,
    }
}

/// The last day on which a VOG that was seen counts; nothing where it counts for ever, or none was seen.
#[must_use]
pub fn vog_lasts_until(house: &TaalhuisView, file: &VolunteerFileRow) -> Option<LocalDate> {
    let years = i64::from(house.vog_years);
    let seen = file.vog_on.filter(|_| file.vog == VogState::Seen && years > 0)?;
    Some(days_after(seen, years * 365 + years / 4))
}

/// What is known of a volunteer.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The roles in this branch.
    pub roles: &'a [Role],
    /// The own part.
    pub own: Option<&'a VolunteerView>,
    /// The file.
    pub file: Option<&'a VolunteerFileRow>,
}

/// How many minutes a week one learner asks for: what the intake says, and the usual where it says nothing.
#[must_use]
pub fn minutes_a_week(file: Option<&LearnerFileRow>) -> u16 {
    let hours = file.map_or(0, |file| file.answers.number("hours_a_week"));
    if hours == 0 { USUAL_MINUTES } else { hours.saturating_mul(60) }
}

/// What a buddy offers, beside the own pairings there are: each with the minutes a week that its learner asks for.
#[must_use]
pub fn offer<'a>(
    volunteer: VolunteerId,
    known: Known<'_>,
    pairings: impl Iterator<Item = (&'a PairingRow, u16)>,
    house: &TaalhuisView,
    today: LocalDate,
) -> BuddyOffer {
    let nothing = Answers::default();
    let answers = known.own.map_or(&nothing, |own| &own.answers);
    let hours = answers.number("hours_a_week");
    let room = if hours == 0 { USUAL_ROOM } else { hours.saturating_mul(60) };
    let (mut taken, mut meets) = (0_u16, BTreeSet::new());
    for (pairing, minutes) in pairings.filter(|(pairing, _)| pairing.state() != PairingState::Ended) {
        taken = taken.saturating_add(minutes);
        meets.extend(pairing.learner);
    }
    BuddyOffer {
        volunteer,
        may_meet: known.roles.contains(&Role::Buddy),
        vog_in_order: vog_is_in_order(house, known.file, today),
        week: week(answers),
        home: home(answers),
        travels: u32::from(answers.number("travels_km")) * 1_000,
        subjects: set(answers, "subjects", crate::volunteers::Subject::parse),
        experience: set(answers, "experience", FirstLanguage::parse),
        trained: known.file.is_some_and(|file| file.is_trained),
        languages: languages(answers, "languages"),
        interests: answers.set("interests"),
        places: set(answers, "places", crate::volunteers::Place::parse),
        gender: Gender::parse(answers.get("gender")),
        minutes_free: room.saturating_sub(taken),
        paused_until: known.own.and_then(|own| own.away_within(today, days_after(today, FIRST_WEEKS))),
        never: BTreeSet::new(),
        meets,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mother_tongue_is_a_language_that_two_people_can_share() {
        let row = LearnerRow { answers: Answers::of([("languages", "fr mis")]), ..LearnerRow::default() };
        let file =
            LearnerFileRow { answers: Answers::of([("mother_tongue", "ar")]), ..LearnerFileRow::default() };
        let need = need(LearnerId(uuid::Uuid::nil()), &row, &file, None);
        assert_eq!(need.languages, ["ar".to_owned(), "fr".to_owned()].into());
    }
}
