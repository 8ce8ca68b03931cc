//! People who come out of a spreadsheet: which column means what, what a cell says, and the commands that a row becomes. Everything here is
//! of texts; reading the file and running the commands is the server's.

mod columns;
mod languages;
mod rows;
mod value;

pub use self::columns::{Guess, guess, heading_row};
pub use self::rows::{Bad, Entry, Ids, Placed, commands, entry};
pub use self::value::Labels;

use crate::access::Role;
use crate::deliveries::{DaySegment, Frequency, ReaderStatus};
use crate::list::words;
use crate::questions::{Kind, Question};
use crate::taalhuis::WayIn;
use crate::{taalhuis, volunteers};

words! {
    /// Whom the rows of a spreadsheet are about.
    Target {
        /// Readers at home.
        Readers = "readers",
        /// Learners of a Taalhuis.
        Learners = "learners",
        /// Volunteers, with an account.
        Volunteers = "volunteers",
    }
}

/// The largest file that is taken, in bytes.
pub const FILE_MAX: usize = 8 * 1_024 * 1_024;
/// Street and house number in one cell.
pub const ADDRESS: &str = "address_line";
/// On which day the intake was done.
pub const INTAKE_ON: &str = "intake_on";
/// How a learner came in.
pub const WAY: &str = "way";
/// How it stands with a reader.
pub const STATUS: &str = "status";

/// What a row about a reader can tell.
const READER: &[Question] = &[
    Question::new("reader", "name", Kind::Short),
    Question::new("reader", "phone", Kind::Phone),
    Question::new("reader", ADDRESS, Kind::Short),
    Question::new("reader", "street", Kind::Short),
    Question::new("reader", "house_number", Kind::Short),
    Question::new("reader", "postcode", Kind::Postcode),
    Question::new("reader", "place", Kind::Short),
    Question::new("reader", "contact_name", Kind::Short),
    Question::new("reader", "contact_phone", Kind::Phone),
    Question::new("reader", STATUS, Kind::One(ReaderStatus::WORDS)),
    Question::new("reader", "frequency", Kind::One(Frequency::WORDS)),
    Question::new("reader", "day_segment", Kind::One(DaySegment::WORDS)),
    Question::new("reader", "weekday", Kind::Short),
    Question::new("reader", "max_items", Kind::Number(50)),
    Question::new("reader", "needed_until", Kind::Day),
    Question::new("reader", "item_kinds", Kind::Short),
    Question::new("reader", "large_print", Kind::YesNo),
    Question::new("reader", "audiobook", Kind::YesNo),
    Question::new("reader", "door_note", Kind::Free),
    Question::new("reader", "interests", Kind::Free),
    Question::new("reader", "avoid", Kind::Free),
    Question::new("reader", "mobility", Kind::Free),
];

/// What a row about a learner can tell beside the questions of the intake.
const LEARNER_TOO: &[Question] = &[
    Question::new("learner", ADDRESS, Kind::Short),
    Question::new("learner", WAY, Kind::One(WayIn::WORDS)),
    Question::new("learner", INTAKE_ON, Kind::PastDay),
];

impl Target {
    /// Everything a column can mean, in the order in which people read it.
    #[must_use]
    pub fn fields(self) -> Vec<Question> {
        let all: Vec<Question> = match self {
            Self::Readers => READER.to_vec(),
            Self::Learners => {
                let asked = [taalhuis::questions::LEARNER, taalhuis::questions::FILE, LEARNER_TOO];
                asked.into_iter().flatten().copied().collect()
            }
            Self::Volunteers => volunteers::questions::QUESTIONS.to_vec(),
        };
        // A week of 21 parts and a spot on the map are no words in a cell.
        all.into_iter().filter(|field| !matches!(field.kind, Kind::Week | Kind::Position)).collect()
    }

    /// The roles that import these people: who looks after them.
    #[must_use]
    pub const fn importers(self) -> &'static [Role] {
        match self {
            Self::Readers => &[Role::DeliveryCoordinator],
            Self::Learners => &[Role::TaalhuisCoordinator],
            Self::Volunteers => &[Role::VolunteerCoordinator, Role::TaalhuisCoordinator],
        }
    }

    /// What a row cannot do without; for an address one of two ways to write it counts.
    #[must_use]
    pub const fn required(self) -> &'static [&'static str] {
        match self {
            Self::Readers => &["name", "street", "house_number", "postcode", "place"],
            // A name alone is enough: everything else can be asked.
            Self::Learners => &["call_name"],
            Self::Volunteers => &["name"],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_field_stands_once_in_its_list() {
        for target in Target::ALL {
            let fields = target.fields();
            let keys: BTreeSet<&str> = fields.iter().map(|field| field.key).collect();
            assert_eq!(keys.len(), fields.len(), "{target:?}");
            for key in target.required() {
                assert!(keys.contains(key), "{target:?} {key}");
            }
        }
    }
}
