//! Invented people in any number, for benches here and on a phone.

use std::collections::BTreeSet;

use rand_core::RngCore;
use uuid::Uuid;

use super::people::{BuddyOffer, LearnerNeed};
use super::position::{Home, Position};
use super::set::Set;
use crate::ids::{LearnerId, VolunteerId};
use crate::list::Listed;
use crate::time::{LocalDate, days_after};
use crate::volunteers::availability::{Cell, DayPart, Week};
use crate::volunteers::{FirstLanguage, Gender, Place, Subject};

/// People who do not exist: the same for the same source of chance.
#[derive(Debug)]
pub struct Crowd<R> {
    rng: R,
    today: LocalDate,
    /// Whether people differ so little that many pairs are worth the same.
    alike: bool,
}

impl<R: RngCore> Crowd<R> {
    /// A crowd as it stands on this day; `alike`: people differ in their time only.
    #[must_use]
    pub const fn new(rng: R, today: LocalDate, alike: bool) -> Self {
        Self { rng, today, alike }
    }

    fn below(&mut self, end: u32) -> u32 {
        self.rng.next_u32() % end
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        let end = u32::try_from(list.len()).ok()?;
        list.get(usize::try_from(self.below(end)).ok()?).copied()
    }

    fn some_of<T: Listed>(&mut self, most: u32) -> Set<T> {
        Set::of((0..=self.below(most)).filter_map(|_| self.one_of(T::ALL)).collect::<Vec<_>>())
    }

    fn week(&mut self) -> Week {
        let cells: Vec<Cell> = (0..4 + self.below(6))
            .filter_map(|_| Cell::new(u8::try_from(self.below(6)).ok()?, self.one_of(&DayPart::ALL)?))
            .collect();
        Week::of(cells)
    }

    fn home(&mut self) -> Home {
        let (north, east) = (i32::try_from(self.below(40_000)), i32::try_from(self.below(60_000)));
        let position = north
            .ok()
            .zip(east.ok())
            .map(|(north, east)| Position { latitude: 5_280_000 + north, longitude: 630_000 + east });
        Home { position, postcode: String::new() }
    }

    fn words(&mut self, list: &[&str]) -> BTreeSet<String> {
        (0..=self.below(2)).filter_map(|_| self.one_of(list)).map(str::to_owned).collect()
    }

    /// So many learners who wait.
    pub fn needs(&mut self, count: u128) -> Vec<LearnerNeed> {
        (1..=count)
            .map(|id| {
                let learner = LearnerId(Uuid::from_u128(id));
                if self.alike {
                    return LearnerNeed { learner, week: self.week(), ..LearnerNeed::default() };
                }
                let waits = i64::from(self.below(400));
                LearnerNeed {
                    learner,
                    waiting_since: Some(days_after(self.today, -waits)),
                    week: self.week(),
                    home: self.home(),
                    subjects: self.some_of::<Subject>(2),
                    first_language: Some(if self.below(7) == 0 {
                        FirstLanguage::Dutch
                    } else {
                        FirstLanguage::Other
                    }),
                    beginner: self.below(4) == 0,
                    languages: self.words(&LANGUAGES),
                    interests: self.words(&INTERESTS),
                    places: self.some_of::<Place>(3),
                    gender_wish: (self.below(8) == 0).then_some(Gender::Woman),
                    ..LearnerNeed::default()
                }
            })
            .collect()
    }

    /// So many buddies who offer.
    pub fn offers(&mut self, count: u128) -> Vec<BuddyOffer> {
        (1..=count)
            .map(|id| {
                let minutes_free = if self.below(3) == 0 { 180 } else { 120 };
                let offer = BuddyOffer {
                    volunteer: VolunteerId(Uuid::from_u128(id)),
                    may_meet: true,
                    vog_in_order: true,
                    week: self.week(),
                    minutes_free,
                    ..BuddyOffer::default()
                };
                if self.alike {
                    return offer;
                }
                BuddyOffer {
                    home: self.home(),
                    travels: 5_000 * self.below(6),
                    subjects: self.some_of::<Subject>(4),
                    experience: self.some_of::<FirstLanguage>(2),
                    trained: self.below(2) == 0,
                    languages: self.words(&LANGUAGES),
                    interests: self.words(&INTERESTS),
                    places: self.some_of::<Place>(3),
                    gender: Some(if self.below(4) == 0 { Gender::Man } else { Gender::Woman }),
                    ..offer
                }
            })
            .collect()
    }
}

const LANGUAGES: [&str; 9] = ["ar", "ti", "uk", "pl", "tr", "fa", "en", "so", "nl"];
const INTERESTS: [&str; 8] = ["cooking", "garden", "music", "sport", "crafts", "nature", "family", "history"];
