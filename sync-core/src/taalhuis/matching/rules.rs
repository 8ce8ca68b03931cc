//! The hard rules: why a learner and a buddy cannot meet, each of them, so that a person can see what would help.

use super::people::{BuddyOffer, LearnerNeed};
use super::set::Set;
use crate::time::LocalDate;
use crate::volunteers::Place;

/// Why two people cannot meet now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blocker {
    /// The volunteer is no buddy here.
    NoBuddy,
    /// A VOG is asked for and was not seen, or is too old.
    NoVog,
    /// The buddy pauses or is away until this day.
    Away {
        /// The last day.
        until: LocalDate,
    },
    /// The buddy has so many minutes a week left, and the learner needs more.
    NoRoom {
        /// Minutes left.
        left: u16,
        /// Minutes needed.
        needed: u16,
    },
    /// The learner asked for a buddy of another gender.
    OtherGender,
    /// One of the two, or a coordinator, said: never these two.
    Never,
    /// They meet already.
    MeetAlready,
    /// No part of the week in which both have time.
    NoSharedTime,
    /// No place where both want to meet, or only by video with somebody who begins to read.
    NoSharedPlace,
    /// Further than the buddy travels, and not by video either.
    TooFar {
        /// How far, in metres.
        metres: u32,
    },
}

impl Blocker {
    /// Whether two people can settle it between them, so that a person may propose them all the same: a day that is moved, a way that is
    /// travelled. What keeps a learner safe, or was asked for, stays.
    #[must_use]
    pub const fn can_be_settled(self) -> bool {
        match self {
            Self::Away { .. }
            | Self::NoRoom { .. }
            | Self::NoSharedTime
            | Self::NoSharedPlace
            | Self::TooFar { .. } => true,
            Self::NoBuddy | Self::NoVog | Self::OtherGender | Self::Never | Self::MeetAlready => false,
        }
    }
}

/// Whether the two can meet by video.
fn by_video(need: &LearnerNeed, offer: &BuddyOffer) -> bool {
    !need.beginner && need.places.shared(offer.places).has(Place::Online)
}

/// The places where both want to meet and can.
pub(super) fn shared_places(need: &LearnerNeed, offer: &BuddyOffer) -> Set<Place> {
    let both = need.places.shared(offer.places);
    if need.beginner { both.without(Place::Online) } else { both }
}

fn no_shared_place(need: &LearnerNeed, offer: &BuddyOffer) -> bool {
    !need.places.is_empty() && !offer.places.is_empty() && shared_places(need, offer).is_empty()
}

/// Every reason why these two cannot meet on this day; none when they can.
#[must_use]
pub fn blockers(need: &LearnerNeed, offer: &BuddyOffer, today: LocalDate) -> Vec<Blocker> {
    let mut found = Vec::new();
    let mut block = |is: bool, blocker: Blocker| {
        if is {
            found.push(blocker);
        }
    };
    block(!offer.may_meet, Blocker::NoBuddy);
    block(!offer.vog_in_order, Blocker::NoVog);
    if let Some(until) = offer.paused_until {
        block(until >= today, Blocker::Away { until });
    }
    let (left, needed) = (offer.minutes_free, need.minutes());
    block(left < needed, Blocker::NoRoom { left, needed });
    block(need.gender_wish.is_some_and(|wish| offer.gender != Some(wish)), Blocker::OtherGender);
    block(need.never.contains(&offer.volunteer) || offer.never.contains(&need.learner), Blocker::Never);
    block(offer.meets.contains(&need.learner), Blocker::MeetAlready);
    let both_asked = !need.week.is_empty() && !offer.week.is_empty();
    block(both_asked && need.week.shared(offer.week).is_empty(), Blocker::NoSharedTime);
    block(no_shared_place(need, offer), Blocker::NoSharedPlace);
    if offer.travels > 0
        && !by_video(need, offer)
        && let Some(distance) = need.home.metres_to(&offer.home)
    {
        block(distance.metres > offer.travels, Blocker::TooFar { metres: distance.metres });
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::position::{Home, Position};
    use super::*;
    use crate::time::{Timestamp, days_after};
    use crate::volunteers::Gender;
    use crate::volunteers::availability::{Cell, DayPart, Week};

    fn today() -> LocalDate {
        Timestamp(1_795_507_200_000).local_date()
    }

    fn buddy() -> BuddyOffer {
        BuddyOffer { may_meet: true, vog_in_order: true, minutes_free: 60, ..BuddyOffer::default() }
    }

    fn blocked(need: &LearnerNeed, offer: &BuddyOffer) -> Vec<Blocker> {
        blockers(need, offer, today())
    }

    #[test]
    fn what_was_not_asked_blocks_nobody() {
        assert_eq!(blocked(&LearnerNeed::default(), &buddy()), []);
    }

    #[test]
    fn every_rule_is_told_at_once() {
        let need =
            LearnerNeed { minutes_a_week: 90, gender_wish: Some(Gender::Woman), ..LearnerNeed::default() };
        let offer = BuddyOffer {
            may_meet: false,
            vog_in_order: false,
            gender: Some(Gender::Man),
            never: BTreeSet::from([need.learner]),
            meets: BTreeSet::from([need.learner]),
            ..buddy()
        };
        let all = [
            Blocker::NoBuddy,
            Blocker::NoVog,
            Blocker::NoRoom { left: 60, needed: 90 },
            Blocker::OtherGender,
            Blocker::Never,
            Blocker::MeetAlready,
        ];
        assert_eq!(blocked(&need, &offer), all);
    }

    #[test]
    fn a_pause_ends_after_its_last_day() {
        let away = |days| BuddyOffer { paused_until: Some(days_after(today(), days)), ..buddy() };
        assert_eq!(blocked(&LearnerNeed::default(), &away(0)), [Blocker::Away { until: today() }]);
        assert_eq!(blocked(&LearnerNeed::default(), &away(-1)), []);
    }

    #[test]
    fn two_weeks_that_share_nothing_block() {
        let week = |day| Week::of(Cell::new(day, DayPart::Evening));
        let need = LearnerNeed { week: week(1), ..LearnerNeed::default() };
        assert_eq!(blocked(&need, &BuddyOffer { week: week(2), ..buddy() }), [Blocker::NoSharedTime]);
        assert_eq!(blocked(&need, &BuddyOffer { week: week(1), ..buddy() }), []);
        assert_eq!(blocked(&need, &buddy()), [], "the buddy was not asked yet");
    }

    #[test]
    fn who_begins_to_read_does_not_meet_by_video() {
        let online = Set::of([Place::Online]);
        let offer = BuddyOffer { places: online, ..buddy() };
        let need = LearnerNeed { places: online, ..LearnerNeed::default() };
        assert_eq!(blocked(&need, &offer), []);
        assert_eq!(blocked(&LearnerNeed { beginner: true, ..need }, &offer), [Blocker::NoSharedPlace]);
    }

    #[test]
    fn too_far_is_no_matter_by_video() {
        let at = |longitude| Home {
            position: Some(Position { latitude: 5_300_000, longitude }),
            postcode: String::new(),
        };
        let offer = BuddyOffer { home: at(650_000), travels: 5_000, ..buddy() };
        let need = LearnerNeed { home: at(665_000), ..LearnerNeed::default() };
        assert!(matches!(blocked(&need, &offer)[..], [Blocker::TooFar { metres: 9_900..10_200 }]));
        let online = Set::of([Place::Online, Place::Library]);
        let (need, offer) = (LearnerNeed { places: online, ..need }, BuddyOffer { places: online, ..offer });
        assert_eq!(blocked(&need, &offer), []);
    }
}
