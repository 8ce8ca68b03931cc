//! Questions and answers: what is asked of a person, as data. A form draws itself from a table of these, a command is checked by
//! it, and an answer that an old app does not know is kept. Every answer is one field, so two people who answer one question apart
//! both keep their answer.

use core::fmt::Write as _;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::document::{Document, DocumentError, Map, Writer};
use crate::problem::{ProblemKind, Refusal};
use crate::text::{FREE_TEXT_MAX, TypedText, check_phone, check_postcode};
use crate::time::LocalDate;

/// The key of the map that holds answers in a document.
pub const ANSWERS: &str = "answers";
/// The most answers in one command.
const ANSWERS_MAX: usize = 120;
/// The first year that a date of birth or an arrival can have.
const FIRST_YEAR: i32 = 1_900;

/// What can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Short,
    /// More lines.
    Free,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A postcode.
    Postcode,
    /// A day that is over, such as a date of birth: `YYYY-MM-DD`.
    PastDay,
    /// Any day.
    Day,
    /// A year that is over.
    Year,
    /// A whole number up to this one.
    Number(u16),
    /// `yes` or `no`.
    YesNo,
    /// One of these words.
    One(&'static [&'static str]),
    /// Any of these words, with spaces between.
    Many(&'static [&'static str]),
    /// A usual week: see [`crate::volunteers::availability::Week`].
    Week,
    /// Languages as ISO 639-1, with spaces between.
    Languages,
    /// A place on the map: latitude and longitude in hundred-thousandths of a degree, with a comma between.
    Position,
}

/// One question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The key under which the answer stands; also of its words (`question-<key>`).
    pub key: &'static str,
    /// The block of questions it belongs to.
    pub section: &'static str,
    /// What can be answered.
    pub kind: Kind,
    /// Asked only when this other question has this answer.
    pub when: Option<(&'static str, &'static str)>,
}

impl Question {
    /// A question that is always asked.
    #[must_use]
    pub const fn new(section: &'static str, key: &'static str, kind: Kind) -> Self {
        Self { key, section, kind, when: None }
    }

    /// The same question, asked only when that other one has this answer.
    #[must_use]
    pub const fn when(self, other: &'static str, answer: &'static str) -> Self {
        Self { when: Some((other, answer)), ..self }
    }

    /// Whether this question is asked of somebody who gave these answers.
    #[must_use]
    pub fn is_asked(&self, answers: &Answers) -> bool {
        self.when.is_none_or(|(other, answer)| answers.get(other).split(' ').any(|word| word == answer))
    }

    fn check(&self, answer: &str, today: LocalDate) -> Result<(), Refusal> {
        let invalid = || Err(Refusal::new(ProblemKind::InvalidAnswer, self.key));
        let good = match self.kind {
            _ if answer.is_empty() => true,
            Kind::Short | Kind::Free => true,
            Kind::Phone => return check_phone(self.key, answer),
            Kind::Postcode => return check_postcode(answer),
            Kind::Email => {
                answer.split_once('@').is_some_and(|(name, host)| {
                    !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
                }) && !answer.contains(char::is_whitespace)
            }
            Kind::PastDay => {
                let first = LocalDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or_default();
                let day: Option<LocalDate> = answer.parse().ok();
                if !day.is_some_and(|day| first <= day && day <= today) {
                    return Err(Refusal::new(ProblemKind::DateOutOfRange, self.key));
                }
                true
            }
            Kind::Day => answer.parse::<LocalDate>().is_ok(),
            Kind::Year => {
                let year: Option<i32> = answer.parse().ok();
                if !year.is_some_and(|year| FIRST_YEAR <= year && year <= chrono::Datelike::year(&today)) {
                    return Err(Refusal::new(ProblemKind::DateOutOfRange, self.key));
                }
                true
            }
            Kind::Number(most) => {
                if !answer.parse::<u16>().is_ok_and(|number| number <= most) {
                    return Err(Refusal::new(ProblemKind::NumberOutOfRange, self.key));
                }
                true
            }
            Kind::YesNo => ["yes", "no"].contains(&answer),
            Kind::One(words) => words.contains(&answer),
            Kind::Many(words) => answer.split(' ').all(|word| words.contains(&word)),
            Kind::Week => answer.parse::<crate::volunteers::availability::Week>().is_ok(),
            Kind::Languages => answer.split(' ').all(|word| {
                matches!(word.len(), 2 | 3) && word.bytes().all(|byte| byte.is_ascii_lowercase())
            }),
            Kind::Position => position(answer).is_some(),
        };
        if good { Ok(()) } else { invalid() }
    }

    /// Whether an answer may be kept: what it says, and what must never be written down.
    pub(crate) fn check_all(&self, answer: &str, today: LocalDate) -> Result<(), Refusal> {
        self.check(answer, today)?;
        self.text(answer).check()
    }

    fn text<'a>(&self, answer: &'a str) -> TypedText<'a> {
        match self.kind {
            Kind::Free => TypedText::free(self.key, answer),
            Kind::Phone | Kind::Postcode | Kind::Position => TypedText::number(self.key, answer),
            // Words of our own, which are longer together than a line.
            Kind::Many(_) | Kind::Languages => {
                TypedText { max: FREE_TEXT_MAX, ..TypedText::short(self.key, answer) }
            }
            // Digits by its nature.
            Kind::Week => TypedText { free: false, ..TypedText::short(self.key, answer) },
            _ => TypedText::short(self.key, answer),
        }
    }
}

/// Latitude and longitude of an answer of [`Kind::Position`].
#[must_use]
pub fn position(answer: &str) -> Option<(i32, i32)> {
    let (latitude, longitude) = answer.split_once(',')?;
    let within =
        |text: &str, most: i32| text.parse::<i32>().ok().filter(|angle| (-most..=most).contains(angle));
    Some((within(latitude, 9_000_000)?, within(longitude, 18_000_000)?))
}

/// Answers by the key of their question. An empty answer takes an earlier one away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, String>, example = json!({"languages": "nl ar"})))]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, String>);

impl Answers {
    /// These answers.
    #[must_use]
    pub fn of<const N: usize>(answers: [(&str, &str); N]) -> Self {
        Self(answers.into_iter().map(|(key, answer)| (key.to_owned(), answer.to_owned())).collect())
    }

    /// The answer to a question; empty when there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// The words of an answer.
    pub fn words(&self, key: &str) -> impl Iterator<Item = &str> {
        self.get(key).split(' ').filter(|word| !word.is_empty())
    }

    /// The words of an answer, each once and in order.
    #[must_use]
    pub fn set(&self, key: &str) -> BTreeSet<String> {
        self.words(key).map(str::to_owned).collect()
    }

    /// A number that was answered.
    #[must_use]
    pub fn number(&self, key: &str) -> u16 {
        self.get(key).parse().unwrap_or_default()
    }

    /// A day that was answered.
    #[must_use]
    pub fn day(&self, key: &str) -> Option<LocalDate> {
        self.get(key).parse().ok()
    }

    /// Every text, for the checks of [`crate::text`]. What no question asks for is refused by [`Self::check`].
    pub(crate) fn texts(&self, questions: &[Question]) -> Vec<TypedText<'_>> {
        let asked = questions.iter().filter_map(|question| Some((question, self.0.get(question.key)?)));
        asked.map(|(question, answer)| question.text(answer)).collect()
    }

    /// Whether each of them answers a question of this list.
    pub(crate) fn check(&self, questions: &[Question], today: LocalDate) -> Result<(), Refusal> {
        if self.0.len() > ANSWERS_MAX {
            return Err(Refusal::new(ProblemKind::InvalidAnswer, format!("at most {ANSWERS_MAX} answers")));
        }
        for (key, answer) in &self.0 {
            let Some(question) = questions.iter().find(|question| question.key == key) else {
                // The key is somebody's typing: it is not repeated.
                return Err(Refusal::new(ProblemKind::InvalidAnswer, "no such question"));
            };
            question.check(answer, today)?;
        }
        Ok(())
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        for (key, answer) in &self.0 {
            writer.put(&[ANSWERS], key, answer.as_str())?;
        }
        Ok(())
    }

    /// The answers in a document.
    pub(crate) fn read(document: &Document) -> Self {
        let map = document.root().map(ANSWERS);
        let Some(map) = map else { return Self::default() };
        let answers = map.keys().into_iter().map(|key| (key.clone(), map.string(&key)));
        Self(answers.filter(|(_, answer)| !answer.is_empty()).collect())
    }

    /// The answers that somebody else gave apart to the same questions, with a line between them.
    pub(crate) fn others(document: &Document) -> BTreeMap<String, String> {
        let Some(map) = document.root().map(ANSWERS) else { return BTreeMap::new() };
        let other = |map: &Map<'_>, key: &str| {
            let mut told = String::new();
            for answer in map.strings(key).into_iter().skip(1).filter(|answer| !answer.is_empty()) {
                // Writing to a String cannot fail.
                let _ = write!(told, "{}{answer}", if told.is_empty() { "" } else { "\n" });
            }
            told
        };
        let others = map.keys().into_iter().map(|key| (key.clone(), other(&map, &key)));
        others.filter(|(_, told)| !told.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    const ASKED: &[Question] = &[
        Question::new("a", "name", Kind::Short),
        Question::new("a", "born", Kind::PastDay),
        Question::new("a", "since", Kind::Year).when("first", "nt2"),
        Question::new("a", "first", Kind::One(&["nt1", "nt2"])),
        Question::new("a", "places", Kind::Many(&["home", "library"])),
        Question::new("a", "mail", Kind::Email),
        Question::new("a", "phone", Kind::Phone),
        Question::new("a", "children", Kind::Number(20)),
        Question::new("a", "languages", Kind::Languages),
        Question::new("a", "position", Kind::Position),
        Question::new("a", "week", Kind::Week),
    ];

    fn check(key: &str, answer: &str) -> Result<(), ProblemKind> {
        let today = Timestamp(1_795_507_200_000).local_date();
        Answers::of([(key, answer)]).check(ASKED, today).map_err(|refusal| refusal.kind)
    }

    #[test]
    fn answers_that_make_sense_are_taken() {
        for (key, answer) in [
            ("name", "Amina"),
            ("born", "1987-02-28"),
            ("born", ""),
            ("since", "2019"),
            ("first", "nt2"),
            ("places", "home library"),
            ("mail", "amina@voorbeeld.invalid"),
            ("phone", "06 00 00 00 00"),
            ("children", "3"),
            ("languages", "ar ti"),
            ("position", "5300400,676300"),
            ("week", "010000000000000000000"),
        ] {
            assert_eq!(check(key, answer), Ok(()), "{key} {answer}");
        }
    }

    #[test]
    fn answers_that_make_no_sense_are_refused_with_their_reason() {
        for (key, answer, problem) in [
            ("born", "2027-01-01", ProblemKind::DateOutOfRange),
            ("born", "1899-12-31", ProblemKind::DateOutOfRange),
            ("born", "31-12-1980", ProblemKind::DateOutOfRange),
            ("since", "2027", ProblemKind::DateOutOfRange),
            ("first", "nt3", ProblemKind::InvalidAnswer),
            ("places", "home  library", ProblemKind::InvalidAnswer),
            ("mail", "amina", ProblemKind::InvalidAnswer),
            ("phone", "12", ProblemKind::InvalidPhone),
            ("children", "21", ProblemKind::NumberOutOfRange),
            ("children", "-1", ProblemKind::NumberOutOfRange),
            ("languages", "Arabisch", ProblemKind::InvalidAnswer),
            ("position", "53,999999999", ProblemKind::InvalidAnswer),
            ("week", "2", ProblemKind::InvalidAnswer),
            ("bsn", "1", ProblemKind::InvalidAnswer),
        ] {
            assert_eq!(check(key, answer), Err(problem), "{key} {answer}");
        }
    }

    #[test]
    fn a_question_waits_for_the_answer_it_hangs_on() {
        let since = ASKED.iter().find(|question| question.key == "since").unwrap();
        assert!(!since.is_asked(&Answers::default()));
        assert!(!since.is_asked(&Answers::of([("first", "nt1")])));
        assert!(since.is_asked(&Answers::of([("first", "nt2")])));
    }
}
