//! Dates and times as people say them.

use sync_core::time::{LocalDate, Timestamp, days_after};
use words::Words;

use chrono::{Datelike as _, Timelike as _};

fn weekday(words: Words, date: LocalDate) -> &'static str {
    words.by_key(&format!("weekday-{}", date.weekday().num_days_from_monday() + 1)).unwrap_or_default()
}

fn month(words: Words, date: LocalDate) -> &'static str {
    words.by_key(&format!("month-{}", date.month())).unwrap_or_default()
}

/// *dinsdag 24 november*, with *vandaag* and *morgen* where they fit.
pub(crate) fn day(words: Words, date: LocalDate, today: LocalDate) -> String {
    if date == today {
        words.day_today().to_owned()
    } else if date == days_after(today, 1) {
        words.day_tomorrow().to_owned()
    } else {
        full_day(words, date)
    }
}

/// *dinsdag 24 november*.
pub(crate) fn full_day(words: Words, date: LocalDate) -> String {
    words.day_full(date.day(), month(words, date), weekday(words, date))
}

/// *24 november*.
pub(crate) fn short_day(words: Words, date: LocalDate) -> String {
    words.day_short(date.day(), month(words, date))
}

/// *24 november 2026*.
pub(crate) fn whole_day(words: Words, date: LocalDate) -> String {
    words.day_whole(date.day(), month(words, date), date.year())
}

/// *24 11 2026*, as the three fields of a date hold it.
pub(crate) fn typed_day(date: LocalDate) -> String {
    format!("{:02} {:02} {}", date.day(), date.month(), date.year())
}

/// *14.12*.
pub(crate) fn time(words: Words, at: Timestamp) -> String {
    let time = at.local_time();
    words.time_of_day(format!("{:02}", time.hour()), format!("{:02}", time.minute()))
}

/// *vandaag om 14.12 uur*, or *24 november om 14.12 uur*.
pub(crate) fn moment(words: Words, at: Timestamp, now: Timestamp) -> String {
    let date = at.local_date();
    let day = if date == now.local_date() { words.day_today().to_owned() } else { short_day(words, date) };
    words.moment(day, time(words, at))
}

/// *om 14.12 uur* for today, else *24 november*.
pub(crate) fn lately(words: Words, at: Timestamp, now: Timestamp) -> String {
    let date = at.local_date();
    if date == now.local_date() { words.at_time(time(words, at)) } else { short_day(words, date) }
}

/// Metres as kilometres with a comma: *12,5*.
pub(crate) fn kilometres(words: Words, metres: u32) -> String {
    let tenths = (metres + 50) / 100;
    let mark = if words == Words::Dutch { ',' } else { '.' };
    format!("{}{mark}{}", tenths / 10, tenths % 10)
}

/// Reads typed kilometres, with comma or point, as metres.
pub(crate) fn metres(typed: &str) -> Option<u32> {
    let typed = typed.trim().replace(',', ".");
    let (whole, part) = typed.split_once('.').unwrap_or((typed.as_str(), "0"));
    let digits = |text: &str| !text.is_empty() && text.len() <= 4 && text.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    Some(whole.parse::<u32>().ok()? * 1_000 + part.parse::<u32>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilometres_are_read_as_people_type_them() {
        assert_eq!(metres("12,5"), Some(12_500));
        assert_eq!(metres(" 7 "), Some(7_000));
        assert_eq!(metres("0.25"), Some(250));
        assert_eq!(metres("ver"), None);
        assert_eq!(metres("-3"), None);
        assert_eq!(kilometres(Words::Dutch, 12_540), "12,5");
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        let today = LocalDate::from_ymd_opt(2026, 11, 24).unwrap();
        assert_eq!(day(Words::Dutch, today, today), "vandaag");
        assert_eq!(full_day(Words::Dutch, today), "dinsdag 24 november");
        assert_eq!(full_day(Words::English, today), "Tuesday 24 November");
    }
}
