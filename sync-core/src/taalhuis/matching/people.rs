//! The two sides of a match: what a learner needs, and what a buddy offers.

use std::collections::BTreeSet;

use super::position::Home;
use super::set::Set;
use crate::ids::{LearnerId, VolunteerId};
use crate::time::LocalDate;
use crate::volunteers::availability::Week;
use crate::volunteers::{FirstLanguage, Gender, Place, Subject};

/// What a learner who waits for a buddy needs. What is empty was not asked, and neither helps nor hinders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LearnerNeed {
    /// Who.
    pub learner: LearnerId,
    /// Since when the learner waits.
    pub waiting_since: Option<LocalDate>,
    /// When there is time.
    pub week: Week,
    /// Where the learner lives.
    pub home: Home,
    /// What is to be learned.
    pub subjects: Set<Subject>,
    /// NT1 or NT2.
    pub first_language: Option<FirstLanguage>,
    /// Whether reading and writing only begin (Alfa A–C, A0, Instroom): then it does not work by video (domain 3.8).
    pub beginner: bool,
    /// Languages the learner speaks, as ISO 639-1.
    pub languages: BTreeSet<String>,
    /// Interests, as the words of the list.
    pub interests: BTreeSet<String>,
    /// Where to meet.
    pub places: Set<Place>,
    /// A buddy of this gender only.
    pub gender_wish: Option<Gender>,
    /// Never with these.
    pub never: BTreeSet<VolunteerId>,
    /// What was agreed to meet, in minutes a week; 0 when nothing was.
    pub minutes_a_week: u16,
}

/// What a buddy offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuddyOffer {
    /// Who.
    pub volunteer: VolunteerId,
    /// Whether this volunteer is a buddy in this Taalhuis now.
    pub may_meet: bool,
    /// Whether the VOG that the role asks for was seen and is not too old; true where none is asked.
    pub vog_in_order: bool,
    /// When there is time.
    pub week: Week,
    /// Where the buddy lives.
    pub home: Home,
    /// How far the buddy travels, in metres; 0 when that was not asked.
    pub travels: u32,
    /// What the buddy helps with.
    pub subjects: Set<Subject>,
    /// With whom the buddy has experience.
    pub experience: Set<FirstLanguage>,
    /// Whether the buddy took the basic training for beginners.
    pub trained: bool,
    /// Languages the buddy speaks, as ISO 639-1.
    pub languages: BTreeSet<String>,
    /// Interests, as the words of the list.
    pub interests: BTreeSet<String>,
    /// Where to meet.
    pub places: Set<Place>,
    /// As registered.
    pub gender: Option<Gender>,
    /// Minutes a week that no pairing takes yet.
    pub minutes_free: u16,
    /// Until when the buddy pauses or is on holiday.
    pub paused_until: Option<LocalDate>,
    /// Never with these.
    pub never: BTreeSet<LearnerId>,
    /// With whom the buddy meets already.
    pub meets: BTreeSet<LearnerId>,
}

/// What a pairing takes a week where nothing else was agreed, in minutes (domain 3.8: about an hour).
pub const USUAL_MINUTES: u16 = 60;

impl LearnerNeed {
    /// What a pairing with this learner takes, in minutes a week.
    #[must_use]
    pub const fn minutes(&self) -> u16 {
        if self.minutes_a_week == 0 { USUAL_MINUTES } else { self.minutes_a_week }
    }

    /// How many days the learner has waited.
    #[must_use]
    pub fn waiting_days(&self, today: LocalDate) -> u32 {
        let since = self.waiting_since.unwrap_or(today);
        u32::try_from((today - since).num_days()).unwrap_or(0)
    }
}
