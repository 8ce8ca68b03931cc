//! Matching a learner with a buddy: a pure function that a person can follow. It proposes; a person decides.
//!
//! **Hard rules** ([`blockers`]) say why two people cannot meet. A **score** ([`score`]) says how well they suit, in parts that can be
//! read one by one, each with its reason. A **shortlist** ([`shortlist`]) lists the best for one learner, and answers *waarom niet deze?*
//! for everybody else. A **proposal** ([`propose`]) serves all waiting learners at once. Criteria: domain 3.8.
//!
//! ```
//! use sync_core::taalhuis::matching::{BuddyOffer, LearnerNeed, Weights, shortlist};
//! use sync_core::time::Timestamp;
//!
//! let today = Timestamp(1_795_507_200_000).local_date();
//! let need = LearnerNeed::default();
//! let buddy = BuddyOffer { may_meet: true, vog_in_order: true, minutes_free: 60, ..BuddyOffer::default() };
//! let list = shortlist(&need, &[buddy], &Weights::default(), today);
//! assert!(list[0].blockers.is_empty());
//! ```

mod assign;
pub mod crowd;
mod people;
mod position;
mod proposal;
mod rules;
mod score;
mod set;
mod shortlist;

pub use crate::volunteers::{FirstLanguage, Gender, Place, Subject};
pub use people::{BuddyOffer, LearnerNeed, USUAL_MINUTES};
pub use position::{Distance, Home, Position};
pub use proposal::{Assignment, Proposal, Proposed, propose};
pub use rules::{Blocker, blockers};
pub use score::{Part, Reason, Score, Scored, Weights, score};
pub use set::Set;
pub use shortlist::{Candidate, SHORTLIST, shortlist};
