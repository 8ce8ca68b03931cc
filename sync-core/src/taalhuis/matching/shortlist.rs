//! The shortlist of one learner: the buddies that suit best, and for everybody else why not.

use super::people::{BuddyOffer, LearnerNeed};
use super::rules::{Blocker, blockers};
use super::score::{Score, Weights, score};
use crate::ids::VolunteerId;
use crate::time::LocalDate;

/// How many buddies a person looks at.
pub const SHORTLIST: usize = 5;

/// One buddy for one learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub volunteer: VolunteerId,
    /// How well they suit.
    pub score: Score,
    /// Why they cannot meet now; empty for who can.
    pub blockers: Vec<Blocker>,
}

/// Every buddy for this learner: first who can meet, the best first; then who cannot, the fewest obstacles first. Among equals the
/// order of the ids: the same everywhere. The first [`SHORTLIST`] without blockers are the shortlist; of the rest *waarom niet deze?*
#[must_use]
pub fn shortlist(
    need: &LearnerNeed,
    offers: &[BuddyOffer],
    weights: &Weights,
    today: LocalDate,
) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = offers
        .iter()
        .map(|offer| Candidate {
            volunteer: offer.volunteer,
            score: score(need, offer, weights, today),
            blockers: blockers(need, offer, today),
        })
        .collect();
    all.sort_by_key(|one| (one.blockers.len(), core::cmp::Reverse(one.score.total), one.volunteer));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;
    use uuid::Uuid;

    fn offer(id: u128, minutes_free: u16, trained: bool) -> BuddyOffer {
        BuddyOffer {
            volunteer: VolunteerId(Uuid::from_u128(id)),
            may_meet: true,
            vog_in_order: true,
            minutes_free,
            trained,
            ..BuddyOffer::default()
        }
    }

    #[test]
    fn who_can_meet_comes_first_then_the_best_then_the_order_of_ids() {
        let need = LearnerNeed { beginner: true, ..LearnerNeed::default() };
        let offers = [offer(4, 0, true), offer(3, 60, false), offer(2, 60, true), offer(1, 60, false)];
        let today = Timestamp(1_795_507_200_000).local_date();
        let list = shortlist(&need, &offers, &Weights::default(), today);
        let order: Vec<u128> = list.iter().map(|one| one.volunteer.0.as_u128()).collect();
        assert_eq!(order, [2, 1, 3, 4]);
        assert_eq!(list[3].blockers, [Blocker::NoRoom { left: 0, needed: 60 }]);
    }
}
