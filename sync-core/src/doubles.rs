//! Likely doubles: two entries that look like one person. They are shown side by side; a person joins them or keeps them apart. Nothing is
//! ever dropped for it.

use std::collections::{BTreeMap, BTreeSet};

use rapidfuzz::distance::jaro_winkler;

/// What is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    /// The whole name, in small letters without accents.
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
/// From this one on they can be meant the same, when the telephone number is.
const NAMES_AKIN: f64 = 0.7;
/// So many letters of a name are looked up first.
const LETTERS: usize = 3;

impl Likeness {
    /// Of somebody with this name, telephone number and year of birth; `fold` takes accents and capitals away.
    #[must_use]
    pub fn new(name: &str, phone: &str, year: &str, fold: impl Fn(&str) -> String) -> Self {
        let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
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
        (same_phone && names >= NAMES_AKIN) || (same_year && names >= NAMES_ALIKE) || names >= NAMES_EQUAL
    }

    /// Under what somebody who is like this one can be found.
    fn keys(&self) -> BTreeSet<(u8, String)> {
        let beginning = |word: &str| word.chars().take(LETTERS).collect::<String>();
        let words = self.name.split(' ').filter(|word| word.chars().count() >= LETTERS);
        let mut keys: BTreeSet<(u8, String)> = words.map(|word| (0, beginning(word))).collect();
        if self.phone.len() == 9 {
            keys.insert((1, self.phone.clone()));
        }
        if !self.year.is_empty() {
            keys.insert((2, self.year.clone()));
        }
        keys
    }
}

/// Many people, of whom those that are like somebody are found without comparing with everybody.
#[derive(Clone, Debug)]
pub struct Crowd<T> {
    all: Vec<(Likeness, T)>,
    by_key: BTreeMap<(u8, String), Vec<usize>>,
}

impl<T> Default for Crowd<T> {
    fn default() -> Self {
        Self { all: Vec::new(), by_key: BTreeMap::new() }
    }
}

impl<T> Crowd<T> {
    /// One more.
    pub fn add(&mut self, likeness: Likeness, who: T) {
        for key in likeness.keys() {
            self.by_key.entry(key).or_default().push(self.all.len());
        }
        self.all.push((likeness, who));
    }

    /// Those of them who are like this one, in the order in which they came.
    pub fn find_all(&self, likeness: &Likeness) -> impl Iterator<Item = &T> {
        let near: BTreeSet<usize> =
            likeness.keys().iter().filter_map(|key| self.by_key.get(key)).flatten().copied().collect();
        let near = near.into_iter().filter_map(|at| self.all.get(at));
        near.filter(|(other, _)| likeness.is_like(other)).map(|(_, who)| who)
    }

    /// The first of them who is like this one.
    #[must_use]
    pub fn find(&self, likeness: &Likeness) -> Option<&T> {
        self.find_all(likeness).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(name: &str, phone: &str, year: &str) -> Likeness {
        Likeness::new(name, phone, year, str::to_lowercase)
    }

    #[test]
    fn a_slip_of_the_pen_still_finds_the_same_person() {
        let one = likeness("Fatima El Amrani", "06 00 00 00 12", "1985");
        assert!(one.is_like(&likeness("Fatma el Amrani", "+31 6 00 00 00 12", "1985")));
        assert!(one.is_like(&likeness("Fatima El-Amrani", "", "")));
        assert!(one.is_like(&likeness("Fatima Elamrani", "", "1985")));
        assert!(one.is_like(&likeness("Fatima El Amrani", "06 00 00 00 12", "1958")), "a year turned round");
    }

    #[test]
    fn a_family_is_not_one_person() {
        let one = likeness("Fatima El Amrani", "06 00 00 00 12", "1985");
        assert!(!one.is_like(&likeness("Yousef El Amrani", "06 00 00 00 12", "1980")));
        assert!(!one.is_like(&likeness("Fatima El Amrani", "06 00 00 00 99", "1999")), "another year");
        assert!(!one.is_like(&likeness("Jan Kamps", "06 00 00 00 55", "")));
    }

    #[test]
    fn in_a_crowd_the_same_people_are_found_as_by_comparing_with_everybody() {
        let names = [
            "Amina Haile",
            "Amina Hayle",
            "Jan Kamps",
            "Jan Kempers",
            "Greet Hilbrands",
            "Grietje Hilbrands",
        ];
        let mut all = Vec::new();
        for (number, name) in names.iter().enumerate() {
            for year in ["", "1950", "1987"] {
                for phone in ["", "0600000012"] {
                    all.push(likeness(name, phone, year));
                }
                all.push(likeness(name, &format!("060000{number:04}"), year));
            }
        }
        let mut crowd = Crowd::default();
        for (at, one) in all.iter().enumerate() {
            let first = all.iter().take(at).position(|other| one.is_like(other));
            assert_eq!(crowd.find(one).copied(), first, "{one:?}");
            let before = || all.iter().take(at).enumerate();
            let every: Vec<usize> =
                before().filter(|(_, other)| one.is_like(other)).map(|(at, _)| at).collect();
            assert_eq!(crowd.find_all(one).copied().collect::<Vec<_>>(), every, "{one:?}");
            crowd.add(one.clone(), at);
        }
    }
}
