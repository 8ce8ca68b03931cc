//! Likely doubles: two registrations that look like one person. They are shown side by side; a person joins them or keeps them apart.
//! Nothing is ever dropped for it.

use rapidfuzz::distance::jaro_winkler;

use super::rows::{LearnerFileRow, LearnerRow};

/// What is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    /// Both names, in small letters without accents.
    name: String,
    /// The last nine digits of the telephone number.
    phone: String,
    /// The year of birth.
    year: String,
}

/// From this likeness on, of one, two names are probably the same, give or take a slip of the pen.
const NAMES_ALIKE: f64 = 0.88;
/// From this one on they are almost certainly.
const NAMES_EQUAL: f64 = 0.96;

impl Likeness {
    /// Of a learner; `fold` takes accents and capitals away.
    #[must_use]
    pub fn of(learner: &LearnerRow, file: Option<&LearnerFileRow>, fold: impl Fn(&str) -> String) -> Self {
        let told = |key: &str| file.map_or("", |file| file.answers.get(key));
        let name = format!("{} {}", learner.answers.get("call_name"), told("family_name"));
        let digits: Vec<char> = learner.answers.get("phone").chars().filter(char::is_ascii_digit).collect();
        let born = told("birth_date");
        let year = if born.is_empty() { told("birth_year") } else { born.get(..4).unwrap_or_default() };
        Self {
            name: fold(name.trim()),
            phone: digits.iter().skip(digits.len().saturating_sub(9)).collect(),
            year: year.to_owned(),
        }
    }

    /// Whether these two are probably one person: alike in name, and nothing that says otherwise; or one telephone number and names that
    /// could be meant the same.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let names = jaro_winkler::similarity(self.name.chars(), other.name.chars());
        let same_phone = self.phone.len() == 9 && self.phone == other.phone;
        let both_years = !self.year.is_empty() && !other.year.is_empty();
        if both_years && self.year != other.year {
            // A family shares a telephone; a wrong year with the same name and number is a slip.
            return same_phone && names >= NAMES_EQUAL;
        }
        let same_year = both_years && self.year == other.year;
        (same_phone && names >= 0.7) || (same_year && names >= NAMES_ALIKE) || names >= NAMES_EQUAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questions::Answers;

    fn likeness(name: &str, family: &str, phone: &str, born: &str) -> Likeness {
        let learner = LearnerRow {
            answers: Answers::of([("call_name", name), ("phone", phone)]),
            ..LearnerRow::default()
        };
        let file = LearnerFileRow {
            answers: Answers::of([("family_name", family), ("birth_date", born)]),
            ..LearnerFileRow::default()
        };
        Likeness::of(&learner, Some(&file), str::to_lowercase)
    }

    #[test]
    fn a_slip_of_the_pen_still_finds_the_same_person() {
        let one = likeness("Fatima", "El Amrani", "06 00 00 00 12", "1985-03-01");
        assert!(one.is_like(&likeness("Fatma", "el Amrani", "+31 6 00 00 00 12", "1985-03-01")));
        assert!(one.is_like(&likeness("Fatima", "El-Amrani", "", "")));
        assert!(one.is_like(&likeness("Fatima", "Elamrani", "", "1985-01-01")));
        assert!(
            one.is_like(&likeness("Fatima", "El Amrani", "06 00 00 00 12", "1958-03-01")),
            "a year turned round"
        );
    }

    #[test]
    fn a_family_is_not_one_person() {
        let one = likeness("Fatima", "El Amrani", "06 00 00 00 12", "1985-03-01");
        assert!(!one.is_like(&likeness("Yousef", "El Amrani", "06 00 00 00 12", "1980-03-01")));
        assert!(
            !one.is_like(&likeness("Fatima", "El Amrani", "06 00 00 00 99", "1999-03-01")),
            "another year"
        );
        assert!(!one.is_like(&likeness("Jan", "Kamps", "06 00 00 00 55", "")));
    }
}
