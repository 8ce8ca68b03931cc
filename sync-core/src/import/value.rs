//! What a cell says, as the answer that its question takes: dates as people type them, telephone numbers that a spreadsheet took the
//! first 0 from, answers in words.

use std::collections::BTreeMap;

use super::languages;
use crate::questions::{Kind, Question};
use crate::time::{LocalDate, typed_day};

/// The day from which spreadsheets count (a leap day of 1900 that never was included).
const SERIAL_START: Option<LocalDate> = LocalDate::from_ymd_opt(1899, 12, 30);
/// Numbers of days that a spreadsheet can mean: 1927 to 2064.
const SERIALS: core::ops::RangeInclusive<i64> = 10_000..=60_000;

/// What answers are called in words, folded, by the key of their question: `("frequency", "elke week")` is `weekly`.
#[derive(Clone, Debug, Default)]
pub struct Labels(BTreeMap<(&'static str, String), &'static str>);

impl Labels {
    /// These names of answers: key of the question, name, word of the answer.
    #[must_use]
    pub fn of(
        names: impl IntoIterator<Item = (&'static str, String, &'static str)>,
        fold: &dyn Fn(&str) -> String,
    ) -> Self {
        Self(names.into_iter().map(|(key, name, word)| ((key, fold(&name)), word)).collect())
    }

    fn word(&self, key: &'static str, folded: &str) -> Option<&'static str> {
        self.0.get(&(key, folded.to_owned())).copied()
    }
}

/// The word of an answer of which people use many: *m*, *v*, *x*.
fn short_word(key: &str, folded: &str) -> Option<&'static str> {
    match (key, folded) {
        ("gender", "m" | "man" | "male" | "dhr" | "meneer") => Some("man"),
        ("gender", "v" | "f" | "vrouw" | "female" | "mw" | "mevr" | "mevrouw") => Some("woman"),
        ("gender", "x" | "anders") => Some("other"),
        _ => None,
    }
}

/// Parts of a cell that holds several answers.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([',', ';', '/', '+', '&', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// A day as it stands in a spreadsheet: typed, with a time behind it, or as the number of days that is under it.
fn day(cell: &str) -> Option<LocalDate> {
    if let Ok(serial) = cell.parse::<i64>() {
        let days = u64::try_from(serial).ok().filter(|_| SERIALS.contains(&serial))?;
        return SERIAL_START?.checked_add_days(chrono::Days::new(days));
    }
    let date = cell.split(['T', 't']).next().filter(|date| date.len() == 10).unwrap_or(cell);
    typed_day(date).or_else(|| {
        let (date, time) = cell.rsplit_once(' ')?;
        time.contains(':').then(|| typed_day(date)).flatten()
    })
}

fn phone(cell: &str) -> String {
    let bare: String =
        cell.chars().map(|c| if matches!(c, '.' | '/' | '\u{a0}') { ' ' } else { c }).collect();
    let bare = bare.trim();
    // A number without its first 0: the spreadsheet took it for a sum.
    if bare.len() == 9 && bare.bytes().all(|byte| byte.is_ascii_digit()) && !bare.starts_with('0') {
        return format!("0{bare}");
    }
    bare.to_owned()
}

fn postcode(cell: &str) -> String {
    let bare: String = cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    match (bare.get(..4), bare.get(4..)) {
        (Some(digits), Some(letters)) if letters.len() == 2 => format!("{digits} {letters}"),
        _ => cell.to_owned(),
    }
}

/// The answer that a cell gives to a question: still to be checked like any other. What cannot be read stays as it was typed, and is
/// refused by that check.
pub(super) fn answer(field: &Question, cell: &str, labels: &Labels, fold: &dyn Fn(&str) -> String) -> String {
    let cell = cell.trim();
    let one = |part: &str, words: &[&'static str]| {
        let folded = fold(part);
        labels
            .word(field.key, &folded)
            .or_else(|| short_word(field.key, &folded).filter(|word| words.contains(word)))
            .or_else(|| words.iter().copied().find(|word| *word == part))
            .map_or_else(|| part.to_owned(), str::to_owned)
    };
    let all = |read: &dyn Fn(&str) -> String| parts(cell).map(read).collect::<Vec<_>>().join(" ");
    match field.kind {
        Kind::Short => cell.split_whitespace().collect::<Vec<_>>().join(" "),
        Kind::Phone => phone(cell),
        Kind::Email => cell.trim_start_matches("mailto:").to_lowercase(),
        Kind::Postcode => postcode(cell),
        Kind::PastDay | Kind::Day => day(cell).map_or_else(|| cell.to_owned(), |day| day.to_string()),
        Kind::Year => match day(cell) {
            Some(day) if cell.len() > 4 => chrono::Datelike::year(&day).to_string(),
            _ => cell.to_owned(),
        },
        Kind::YesNo => match fold(cell).as_str() {
            "ja" | "j" | "yes" | "y" | "x" | "1" | "waar" | "true" => "yes".to_owned(),
            "nee" | "n" | "no" | "0" | "onwaar" | "false" => "no".to_owned(),
            _ => cell.to_owned(),
        },
        Kind::One(words) => one(cell, words),
        Kind::Many(words) => all(&|part| one(part, words)),
        Kind::Languages => {
            all(&|part| languages::code(&fold(part)).map_or_else(|| part.to_owned(), str::to_owned))
        }
        Kind::Free | Kind::Number(_) | Kind::Week | Kind::Position => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, key: &'static str, cell: &str) -> String {
        let names = [("frequency", "Elke week".to_owned(), "weekly"), ("places", "Thuis".to_owned(), "home")];
        let fold = |text: &str| text.to_lowercase();
        answer(&Question::new("test", key, kind), cell, &Labels::of(names, &fold), &fold)
    }

    #[test]
    fn days_are_read_as_people_and_spreadsheets_write_them() {
        for cell in [
            "3-4-1947",
            "03/04/1947",
            "3 april 1947",
            "3 Apr. 1947",
            "1947-04-03",
            "1947-04-03T00:00:00",
            "1947-04-03 00:00:00",
            "17260",
        ] {
            assert_eq!(read(Kind::PastDay, "birth_date", cell), "1947-04-03", "{cell}");
        }
        // Nothing is guessed: two figures of a year, a month that is none, a year alone.
        for cell in ["3-4-47", "4/23/1947", "31-2-1947", "1947", "onbekend", "3-4"] {
            assert_eq!(read(Kind::PastDay, "birth_date", cell), cell, "{cell}");
        }
        assert_eq!(read(Kind::Year, "birth_year", "3-4-1947"), "1947");
        assert_eq!(read(Kind::Year, "birth_year", "1947"), "1947");
    }

    #[test]
    fn telephone_numbers_get_their_first_0_back() {
        assert_eq!(read(Kind::Phone, "phone", "600000012"), "0600000012");
        assert_eq!(read(Kind::Phone, "phone", "0592-00.00.12"), "0592-00 00 12");
        assert_eq!(read(Kind::Phone, "phone", "+31 6 00000012"), "+31 6 00000012");
    }

    #[test]
    fn answers_are_found_by_what_people_call_them() {
        assert_eq!(read(Kind::One(&["weekly", "monthly"]), "frequency", "elke week"), "weekly");
        assert_eq!(read(Kind::One(&["weekly", "monthly"]), "frequency", "monthly"), "monthly");
        assert_eq!(read(Kind::One(&["weekly"]), "frequency", "soms"), "soms");
        assert_eq!(read(Kind::One(&["man", "woman"]), "gender", "V"), "woman");
        assert_eq!(read(Kind::Many(&["home", "library"]), "places", "Thuis; library"), "home library");
        assert_eq!(read(Kind::Languages, "languages", "Arabisch, Tigrinya / en"), "ar ti en");
        assert_eq!(read(Kind::YesNo, "large_print", "J"), "yes");
        assert_eq!(read(Kind::YesNo, "large_print", "misschien"), "misschien");
    }

    #[test]
    fn postcodes_and_addresses_are_written_in_one_way() {
        assert_eq!(read(Kind::Postcode, "postcode", "9461ss"), "9461 SS");
        assert_eq!(read(Kind::Postcode, "postcode", "9461"), "9461");
        assert_eq!(read(Kind::Email, "email", "mailto:Jan@Voorbeeld.invalid"), "jan@voorbeeld.invalid");
        assert_eq!(read(Kind::Short, "name", "  Mevrouw \n Hilbrands "), "Mevrouw Hilbrands");
    }
}
