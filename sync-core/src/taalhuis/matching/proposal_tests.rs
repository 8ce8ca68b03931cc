//! The proposal against every possible assignment on thousands of small cases, and its promises as properties on larger ones.

use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::super::{FirstLanguage, Gender, Home, Position, Set};
use super::*;
use crate::list::Listed;
use crate::time::{Timestamp, days_after};
use crate::volunteers::availability::{Cell, DayPart, Week};

fn today() -> LocalDate {
    Timestamp(1_795_507_200_000).local_date()
}

fn some_of<T: Listed + std::fmt::Debug>() -> impl Strategy<Value = Set<T>> {
    prop::collection::vec(prop::sample::select(T::ALL), 0..4).prop_map(Set::of)
}

fn week() -> impl Strategy<Value = Week> {
    prop::collection::vec((0_u8..7, prop::sample::select(DayPart::ALL.to_vec())), 0..5)
        .prop_map(|cells| Week::of(cells.into_iter().filter_map(|(day, part)| Cell::new(day, part))))
}

fn home() -> impl Strategy<Value = Home> {
    prop::option::of((5_280_000..5_310_000, 620_000..700_000)).prop_map(|found| Home {
        position: found.map(|(latitude, longitude)| Position { latitude, longitude }),
        postcode: String::new(),
    })
}

fn words() -> impl Strategy<Value = std::collections::BTreeSet<String>> {
    prop::collection::btree_set(
        prop::sample::select(vec!["ar", "ti", "pl", "nl"]).prop_map(str::to_owned),
        0..3,
    )
}

prop_compose! {
    fn need()(
        (waits, week, home, subjects) in (0_i64..200, week(), home(), some_of()),
        (first_language, beginner, languages, places) in
            (prop::option::of(prop::sample::select(FirstLanguage::ALL)), any::<bool>(), words(), some_of()),
        (gender_wish, interests) in
            (prop::option::weighted(0.2, prop::sample::select(Gender::ALL)), words()),
        never in prop::collection::btree_set((1_001_u128..1_006).prop_map(|id| VolunteerId(Uuid::from_u128(id))), 0..2),
        minutes_a_week in prop::sample::select(vec![0, 30, 60, 90]),
    ) -> LearnerNeed {
        LearnerNeed {
            waiting_since: Some(days_after(today(), -waits)),
            week, home, subjects, first_language, beginner, languages, places, gender_wish, interests, never, minutes_a_week,
            ..LearnerNeed::default()
        }
    }
}

prop_compose! {
    fn offer()(
        (may_meet, vog_in_order, week, home) in (prop::bool::weighted(0.9), prop::bool::weighted(0.9), week(), home()),
        (travels, subjects, experience, trained) in
            (prop::sample::select(vec![0, 5_000, 20_000]), some_of(), some_of(), any::<bool>()),
        (languages, places) in (words(), some_of()),
        (gender, interests) in (prop::option::of(prop::sample::select(Gender::ALL)), words()),
        (away, meets) in (
            prop::option::weighted(0.15, -5_i64..30),
            prop::collection::btree_set((1_u128..6).prop_map(|id| LearnerId(Uuid::from_u128(id))), 0..2),
        ),
        minutes_free in prop::sample::select(vec![0, 60, 90, 120, 240]),
    ) -> BuddyOffer {
        BuddyOffer {
            may_meet, vog_in_order, week, home, travels, subjects, experience, trained, languages, places, gender,
            paused_until: away.map(|days| days_after(today(), days)), minutes_free, interests, meets,
            ..BuddyOffer::default()
        }
    }
}

/// A list of people with ids in their order.
fn people(
    learners: std::ops::Range<usize>,
    buddies: std::ops::Range<usize>,
) -> impl Strategy<Value = (Vec<LearnerNeed>, Vec<BuddyOffer>)> {
    (prop::collection::vec(need(), learners), prop::collection::vec(offer(), buddies)).prop_map(
        |(mut needs, mut offers)| {
            for (id, need) in (1..).zip(&mut needs) {
                need.learner = LearnerId(Uuid::from_u128(id));
            }
            for (id, offer) in (1_001..).zip(&mut offers) {
                offer.volunteer = VolunteerId(Uuid::from_u128(id));
            }
            (needs, offers)
        },
    )
}

/// The best there is, by trying everything: how many of the longest waiting are served (one bit each, the longest first), and then
/// the highest sum of scores.
fn by_force(possible: &[Vec<Option<u32>>], room: &mut [usize], from: usize) -> (Vec<bool>, u64) {
    let Some(row) = possible.get(from) else { return (Vec::new(), 0) };
    let (mut served, mut sum) = by_force(possible, room, from + 1);
    served.insert(0, false);
    let mut best = (served.iter().filter(|one| **one).count(), served, sum);
    for (offer, score) in row.iter().enumerate() {
        let Some(score) = score else { continue };
        if room[offer] == 0 {
            continue;
        }
        room[offer] -= 1;
        (served, sum) = by_force(possible, room, from + 1);
        room[offer] += 1;
        served.insert(0, true);
        let found = (served.iter().filter(|one| **one).count(), served, sum + u64::from(*score));
        best = best.max(found);
    }
    (best.1, best.2)
}

/// Whether all of these learners can have a seat at once: plain augmenting from nothing.
fn all_fit(learners: &[usize], possible: &[Vec<Option<u32>>], seats: &Seats) -> bool {
    fn seat(
        one: usize,
        possible: &[Vec<Option<u32>>],
        seats: &Seats,
        taken: &mut [Option<usize>],
        seen: &mut [bool],
    ) -> bool {
        for place in 0..taken.len() {
            if possible[one][seats.offer[place]].is_none() || std::mem::replace(&mut seen[place], true) {
                continue;
            }
            if taken[place].is_none_or(|sitting| seat(sitting, possible, seats, taken, seen)) {
                taken[place] = Some(one);
                return true;
            }
        }
        false
    }
    let mut taken = vec![None; seats.offer.len()];
    learners.iter().all(|one| seat(*one, possible, seats, &mut taken, &mut vec![false; seats.offer.len()]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn along_long_chains_the_longest_waiting_are_served(
        cells in prop::collection::vec(prop::collection::vec(prop::bool::weighted(0.2), 12), 0..16),
        room in prop::collection::vec(0_usize..3, 12),
    ) {
        let possible: Vec<Vec<Option<u32>>> =
            cells.iter().map(|row| row.iter().map(|can| can.then_some(1)).collect()).collect();
        let mut seats = Seats { offer: Vec::new(), first: vec![0] };
        for (offer, room) in room.into_iter().enumerate() {
            seats.offer.extend(std::iter::repeat_n(offer, room));
            seats.first.push(seats.offer.len());
        }
        let mut expected = Vec::new();
        for learner in 0..possible.len() {
            expected.push(learner);
            if !all_fit(&expected, &possible, &seats) {
                expected.pop();
            }
        }
        prop_assert_eq!(Taking::new(&possible, &seats).served(), expected);
    }
}

#[test]
fn a_buddy_gets_as_many_as_there_is_time_for_and_four_at_most() {
    let offer = |minutes_free| BuddyOffer {
        may_meet: true,
        vog_in_order: true,
        minutes_free,
        ..BuddyOffer::default()
    };
    let need = |id, minutes_a_week| LearnerNeed {
        learner: LearnerId(Uuid::from_u128(id)),
        minutes_a_week,
        ..LearnerNeed::default()
    };
    let served = |needs: &[LearnerNeed], minutes| {
        propose(needs, &[offer(minutes)], &Weights::default(), today()).pairs.len()
    };
    let hours: Vec<LearnerNeed> = (0..6).map(|id| need(id, 60)).collect();
    assert_eq!([0, 59, 60, 120, 180, 240, 600].map(|minutes| served(&hours, minutes)), [0, 0, 1, 2, 3, 4, 4]);
    // Counted by the longest there would be one seat; when the short ones are given, time is left for another.
    let mixed = [need(1, 30), need(2, 30), need(3, 90)];
    assert_eq!([30, 60, 90, 120, 150].map(|minutes| served(&mixed, minutes)), [1, 2, 2, 2, 3]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn on_small_lists_no_other_choice_is_better((needs, offers) in people(0..6, 0..5)) {
        let weights = Weights::default();
        let proposal = Assignment::new(&needs, &offers, &weights, today()).solve();
        let mut order: Vec<&LearnerNeed> = needs.iter().collect();
        order.sort_by_key(|need| (Reverse(need.waiting_days(today())), need.learner));
        let possible: Vec<Vec<Option<u32>>> = order
            .iter()
            .map(|need| {
                offers
                    .iter()
                    .map(|offer| {
                        let can = blockers(need, offer, today()).is_empty();
                        can.then(|| super::super::score(need, offer, &weights, today()).total)
                    })
                    .collect()
            })
            .collect();
        // As many as fit, one by one, when each takes as long as the longest of those who could come.
        let room = |offer: usize| {
            let could: Vec<u16> =
                order.iter().zip(&possible).filter(|(_, row)| row[offer].is_some()).map(|(need, _)| need.minutes()).collect();
            let longest = could.into_iter().max();
            (1..=4).take_while(|seats| longest.is_some_and(|one| seats * one <= offers[offer].minutes_free)).count()
        };
        let mut room: Vec<usize> = (0..offers.len()).map(room).collect();
        let (served, total) = by_force(&possible, &mut room, 0);
        let told: Vec<bool> =
            order.iter().map(|need| proposal.pairs.iter().any(|pair| pair.learner == need.learner)).collect();
        prop_assert_eq!(told, served);
        prop_assert_eq!(proposal.total(), total);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_proposal_keeps_its_promises((needs, offers) in people(0..60, 0..40)) {
        let proposal = propose(&needs, &offers, &Weights::default(), today());
        let need = |id| needs.iter().find(|need| need.learner == id).unwrap();
        let offer = |id| offers.iter().find(|offer| offer.volunteer == id).unwrap();
        let mut minutes: BTreeMap<VolunteerId, u16> = BTreeMap::new();
        for pair in &proposal.pairs {
            let (need, offer) = (need(pair.learner), offer(pair.volunteer));
            prop_assert_eq!(blockers(need, offer, today()), vec![], "a hard rule is broken");
            *minutes.entry(pair.volunteer).or_default() += need.minutes();
        }
        for (id, minutes) in minutes {
            prop_assert!(minutes <= offer(id).minutes_free, "a buddy without time");
        }
        // Nobody waits on beside a buddy with time and a seat left.
        for id in &proposal.waiting {
            for one in &offers {
                let pairs = proposal.pairs.iter().filter(|pair| pair.volunteer == one.volunteer);
                let taken: Vec<u16> = pairs.map(|pair| need(pair.learner).minutes()).collect();
                let left = BuddyOffer { minutes_free: one.minutes_free - taken.iter().sum::<u16>(), ..one.clone() };
                prop_assert!(taken.len() >= 4 || !blockers(need(*id), &left, today()).is_empty(), "time was left");
            }
        }
        let mut all: Vec<LearnerId> = proposal.pairs.iter().map(|pair| pair.learner).collect();
        all.extend(&proposal.waiting);
        all.sort_unstable();
        prop_assert_eq!(all, needs.iter().map(|need| need.learner).collect::<Vec<_>>(), "each learner once");
        // Nobody waits on while somebody who came later has a buddy that would do, in whose place nobody else would have to wait.
        for id in &proposal.waiting {
            let waits = need(*id);
            for pair in &proposal.pairs {
                let later = need(pair.learner).waiting_days(today()) < waits.waiting_days(today());
                let same_room = waits.minutes() <= need(pair.learner).minutes();
                prop_assert!(
                    !(later && same_room && blockers(waits, offer(pair.volunteer), today()).is_empty()),
                    "passed over"
                );
            }
        }
        // The same people in another order: the same proposal.
        let (mut needs, mut offers) = (needs.clone(), offers.clone());
        needs.reverse();
        offers.reverse();
        let again = propose(&needs, &offers, &Weights::default(), today());
        prop_assert_eq!(again.total(), proposal.total());
        prop_assert_eq!(again.waiting, proposal.waiting);
    }
}
