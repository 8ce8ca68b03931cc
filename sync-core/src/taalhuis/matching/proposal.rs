//! The proposal for everybody who waits: as many learners as can be served, whoever waits longest first, and then the pairs that suit
//! best together.
//!
//! Two steps, each exact. **Who is served**: learners in the order of their waiting take a seat, moving others to another seat where
//! that helps, so nobody who can be served is left out for somebody who came later, and no other choice serves more (the sets that can
//! be served are a transversal matroid, of which greed finds the best base). **With whom**: the assignment with the highest sum of
//! scores among those ([`super::assign`]).

use core::cmp::Reverse;

use super::assign::{COST_MAX, IMPOSSIBLE, assign};
use super::people::{BuddyOffer, LearnerNeed};
use super::rules::blockers;
use super::score::{Weights, total};
use crate::ids::{LearnerId, VolunteerId};
use crate::time::LocalDate;

/// The most learners that one proposal gives one buddy: more is no longer one to one.
const SEATS_MAX: u16 = 4;
/// The score of a pair, of this; see [`super::Score::total`].
const SCORE_MAX: u32 = 1_000;

/// A pair that is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// The learner.
    pub learner: LearnerId,
    /// The buddy.
    pub volunteer: VolunteerId,
    /// How well they suit, of a thousand.
    pub score: u32,
}

/// What is proposed for everybody at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The pairs, whoever waits longest first.
    pub pairs: Vec<Proposed>,
    /// Who waits on: for these no buddy is left who could meet them. Whoever waits longest first.
    pub waiting: Vec<LearnerId>,
}

impl Proposal {
    /// The sum of the scores.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.pairs.iter().map(|pair| u64::from(pair.score)).sum()
    }
}

/// The seats of all buddies: of which offer each is, and where those of an offer begin.
#[derive(Clone, Debug)]
struct Seats {
    /// The offer of each seat.
    offer: Vec<usize>,
    /// The first seat of each offer, and behind the last one the end.
    first: Vec<usize>,
}

impl Seats {
    /// As many as fit when each pairing takes as long as the longest that this buddy could get: never more than there is time for. `given`
    /// is how many each has already.
    fn new(
        possible: &[Vec<Option<u32>>],
        needs: &[&LearnerNeed],
        offers: &[BuddyOffer],
        given: &[u16],
    ) -> Self {
        let (mut offer, mut first) = (Vec::new(), vec![0]);
        for (place, one) in offers.iter().enumerate() {
            let theirs =
                needs.iter().zip(possible).filter(|(_, row)| row.get(place).copied().flatten().is_some());
            let longest = theirs.map(|(need, _)| need.minutes()).max();
            let most = SEATS_MAX.saturating_sub(given.get(place).copied().unwrap_or_default());
            let seats = longest.map_or(0, |longest| (one.minutes_free / longest.max(1)).min(most));
            offer.extend(core::iter::repeat_n(place, seats.into()));
            first.push(offer.len());
        }
        Self { offer, first }
    }

    fn of(&self, offer: usize) -> core::ops::Range<usize> {
        match (self.first.get(offer), self.first.get(offer + 1)) {
            (Some(from), Some(until)) => *from..*until,
            _ => 0..0,
        }
    }
}

/// Who sits where, while learners take their seats.
struct Taking<'a> {
    possible: &'a [Vec<Option<u32>>],
    seats: &'a Seats,
    /// Who sits on each seat.
    taken: Vec<Option<usize>>,
    /// The seat of each learner.
    sits: Vec<Option<usize>>,
    /// From which learner each offer was reached. A search that found nothing leaves its marks: whoever sits there can only move
    /// among the same offers, so no later search gets out of them either.
    reached: Vec<Option<usize>>,
}

impl Taking<'_> {
    /// Finds a seat for this learner, moving others where that helps; without recursion, for the chain can be as long as the list.
    fn seat(&mut self, learner: usize) -> bool {
        let mut marked = Vec::new();
        let mut open = vec![learner];
        while let Some(one) = open.pop() {
            let row = self.possible.get(one).map(Vec::as_slice).unwrap_or_default();
            for (offer, mark) in self.reached.iter_mut().enumerate() {
                if mark.is_some() || row.get(offer).copied().flatten().is_none() {
                    continue;
                }
                *mark = Some(one);
                marked.push(offer);
                let own = self.seats.of(offer);
                let sitting = self.taken.get(own.clone()).unwrap_or_default();
                if let Some(free) = sitting.iter().position(Option::is_none) {
                    self.move_up(own.start + free, one);
                    for offer in marked {
                        self.reached[offer] = None;
                    }
                    return true;
                }
                open.extend(sitting.iter().flatten());
            }
        }
        false
    }

    /// Along the way by which the free seat was reached, everybody moves up one seat.
    fn move_up(&mut self, mut free: usize, mut learner: usize) {
        loop {
            let left = self.sits[learner].replace(free);
            self.taken[free] = Some(learner);
            let Some(left) = left else { return };
            self.taken[left] = None;
            let Some(before) = self.reached[self.seats.offer[left]] else { return };
            (free, learner) = (left, before);
        }
    }
}

impl<'a> Taking<'a> {
    fn new(possible: &'a [Vec<Option<u32>>], seats: &'a Seats) -> Self {
        Self {
            possible,
            seats,
            taken: vec![None; seats.offer.len()],
            sits: vec![None; possible.len()],
            reached: vec![None; seats.first.len() - 1],
        }
    }

    /// Everybody who can be served, whoever comes first in the list first.
    fn served(mut self) -> Vec<usize> {
        (0..self.possible.len()).filter(|learner| self.seat(*learner)).collect()
    }
}

/// Who will be served, and what each of them and each seat would bring together: what is left is to pick the best.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Everybody who waits, the longest waiting first.
    learners: Vec<LearnerId>,
    /// Everybody who offers.
    volunteers: Vec<VolunteerId>,
    /// The score of every learner and every offer that can meet.
    possible: Vec<Vec<Option<u32>>>,
    seats: Seats,
    /// Which of the learners are served.
    served: Vec<usize>,
    /// A row for each learner that is served, a column for each offer, what a pair lacks of the highest score.
    costs: Vec<i32>,
}

impl Assignment {
    /// Weighs everybody who waits against everybody who offers on this day.
    #[must_use]
    pub fn new(needs: &[LearnerNeed], offers: &[BuddyOffer], weights: &Weights, today: LocalDate) -> Self {
        Self::beside(&[], needs, offers, weights, today)
    }

    /// The same, where buddies have so many seats of this proposal already.
    fn beside(
        given: &[u16],
        needs: &[LearnerNeed],
        offers: &[BuddyOffer],
        weights: &Weights,
        today: LocalDate,
    ) -> Self {
        let mut needs: Vec<&LearnerNeed> = needs.iter().collect();
        needs.sort_by_key(|need| (Reverse(need.waiting_days(today)), need.learner));
        let possible: Vec<Vec<Option<u32>>> = needs
            .iter()
            .map(|need| {
                let score = |offer| {
                    blockers(need, offer, today).is_empty().then(|| total(need, offer, weights, today))
                };
                offers.iter().map(score).collect()
            })
            .collect();
        let seats = Seats::new(&possible, &needs, offers, given);
        let served = Taking::new(&possible, &seats).served();
        let mut costs = Vec::with_capacity(served.len() * offers.len());
        for learner in &served {
            let row = possible.get(*learner).map(Vec::as_slice).unwrap_or_default();
            let lacks = |score: u32| i32::try_from(SCORE_MAX.saturating_sub(score)).unwrap_or(COST_MAX);
            costs.extend(row.iter().map(|score| score.map_or(IMPOSSIBLE, lacks)));
        }
        Self {
            learners: needs.iter().map(|need| need.learner).collect(),
            volunteers: offers.iter().map(|offer| offer.volunteer).collect(),
            possible,
            seats,
            served,
            costs,
        }
    }

    /// Rows, columns and costs row by row, as solvers want them that know a seat for one: for another one to be asked. A pair is worth its
    /// score, as a negative cost, and so much more that one pair more outweighs every score; a pair that cannot be is worth nothing.
    #[must_use]
    pub fn costs_of_seats(&self) -> (usize, usize, Vec<f64>) {
        let most = f64::from(SCORE_MAX + 1) * f64::from(u32::try_from(self.served.len()).unwrap_or(u32::MAX));
        let weigh = |learner: &usize| {
            let row = self.possible.get(*learner).map(Vec::as_slice).unwrap_or_default();
            self.seats.offer.iter().map(move |offer| {
                row.get(*offer).copied().flatten().map_or(0.0, |score| -most - f64::from(score))
            })
        };
        (self.served.len(), self.seats.offer.len(), self.served.iter().flat_map(weigh).collect())
    }

    /// The pairs with the highest sum of scores.
    #[must_use]
    pub fn solve(&self) -> Proposal {
        let room: Vec<usize> = (0..self.volunteers.len()).map(|offer| self.seats.of(offer).len()).collect();
        let chosen = assign(&self.costs, &room);
        let pair = |(learner, offer): (&usize, Option<usize>)| {
            let offer = offer?;
            let score = self.possible.get(*learner)?.get(offer).copied().flatten()?;
            Some(Proposed {
                learner: *self.learners.get(*learner)?,
                volunteer: *self.volunteers.get(offer)?,
                score,
            })
        };
        let waits = |(place, learner): (usize, &LearnerId)| {
            self.served.binary_search(&place).is_err().then_some(*learner)
        };
        Proposal {
            pairs: self.served.iter().zip(chosen).filter_map(pair).collect(),
            waiting: self.learners.iter().enumerate().filter_map(waits).collect(),
        }
    }
}

/// Proposes a buddy for everybody who can be served on this day. Seats are counted by the longest pairing that a buddy could get; when the
/// short ones are given, time may be left, and who still waits is looked at again with that, until nobody is added.
#[must_use]
pub fn propose(
    needs: &[LearnerNeed],
    offers: &[BuddyOffer],
    weights: &Weights,
    today: LocalDate,
) -> Proposal {
    let mut left = offers.to_vec();
    // Of several that are equally good the same one, in whichever order people were handed in: what is left over hangs on it.
    left.sort_by_key(|offer| offer.volunteer);
    let mut whole = Assignment::new(needs, &left, weights, today).solve();
    let mut given = vec![0_u16; offers.len()];
    let mut added = whole.pairs.clone();
    while !added.is_empty() && !whole.waiting.is_empty() {
        for pair in &added {
            let place = left.iter().position(|offer| offer.volunteer == pair.volunteer);
            let need = needs.iter().find(|need| need.learner == pair.learner);
            if let (Some(place), Some(need)) = (place, need) {
                left[place].minutes_free = left[place].minutes_free.saturating_sub(need.minutes());
                given[place] += 1;
            }
        }
        let waiting: Vec<LearnerNeed> =
            needs.iter().filter(|need| whole.waiting.contains(&need.learner)).cloned().collect();
        let more = Assignment::beside(&given, &waiting, &left, weights, today).solve();
        added.clone_from(&more.pairs);
        whole.pairs.extend(more.pairs);
        whole.waiting = more.waiting;
    }
    let since =
        |learner| needs.iter().find(|need| need.learner == learner).map(|need| need.waiting_days(today));
    whole.pairs.sort_by_cached_key(|pair| (Reverse(since(pair.learner)), pair.learner));
    whole
}

#[cfg(test)]
#[path = "proposal_tests.rs"]
mod tests;
