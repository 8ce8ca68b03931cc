//! Instants and dates, without a clock: whoever needs "now" is given it.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Europe::Amsterdam;
use serde::{Deserialize, Serialize};

/// A date on the calendar of the library, `YYYY-MM-DD` wherever it is stored or sent.
pub type LocalDate = NaiveDate;

/// A day in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// An instant: milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Milliseconds since 1970.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This instant plus so many milliseconds; stays at the edge instead of overflowing.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant; negative when `earlier` is later.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The date in Amsterdam at this instant. An instant no calendar knows gives 1970-01-01.
    #[must_use]
    pub fn local_date(self) -> LocalDate {
        DateTime::<Utc>::from_timestamp_millis(self.0)
            .unwrap_or_default()
            .with_timezone(&Amsterdam)
            .date_naive()
    }

    /// Hour and minute in Amsterdam at this instant.
    #[must_use]
    pub fn local_time(self) -> NaiveTime {
        DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default().with_timezone(&Amsterdam).time()
    }

    /// The first instant of a date in Amsterdam.
    #[must_use]
    pub fn start_of(date: LocalDate) -> Self {
        let midnight = date.and_time(NaiveTime::MIN);
        // Amsterdam never changes its clock at midnight, so there is always one answer; UTC is the way out.
        let instant = Amsterdam
            .from_local_datetime(&midnight)
            .earliest()
            .map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc));
        Self(instant.timestamp_millis())
    }
}

/// A date so many days later (or earlier); stays put at the end of the calendar.
#[must_use]
pub fn days_after(date: LocalDate, days: i64) -> LocalDate {
    let count = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(count) } else { date.checked_add_days(count) };
    moved.unwrap_or(date)
}

/// The number of a month by its number or its first letters, Dutch or English.
fn month(typed: &str) -> Option<u32> {
    const NAMES: [&[&str]; 12] = [
        &["januari", "january"],
        &["februari", "february"],
        &["maart", "march", "mrt"],
        &["april"],
        &["mei", "may"],
        &["juni", "june"],
        &["juli", "july"],
        &["augustus", "august"],
        &["september"],
        &["oktober", "october"],
        &["november"],
        &["december"],
    ];
    if let Ok(number) = typed.parse() {
        return Some(number);
    }
    let typed = typed.to_lowercase();
    let names = NAMES.iter().position(|names| {
        typed.chars().count() >= 3 && names.iter().any(|name| name.starts_with(typed.as_str()))
    })?;
    u32::try_from(names + 1).ok()
}

/// A day as people type it: *24-11-2026*, *24 11 2026*, *24 nov 2026*, *2026-11-24*. A year has four digits: of *24-11-26* nobody can
/// say whether it is a child or somebody of a hundred.
#[must_use]
pub fn typed_day(typed: &str) -> Option<LocalDate> {
    let parts: Vec<&str> = typed.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let [first, middle, last] = parts.as_slice() else { return None };
    let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
    if year.len() != 4 {
        return None;
    }
    LocalDate::from_ymd_opt(year.parse().ok()?, month(middle)?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_starts_at_midnight_in_amsterdam_in_summer_and_winter() {
        let summer = LocalDate::from_ymd_opt(2026, 7, 1).unwrap();
        let winter = LocalDate::from_ymd_opt(2026, 12, 1).unwrap();
        assert_eq!(Timestamp::start_of(summer).as_millis() % DAY_MS, DAY_MS - 2 * 3_600_000);
        assert_eq!(Timestamp::start_of(winter).as_millis() % DAY_MS, DAY_MS - 3_600_000);
        assert_eq!(Timestamp::start_of(summer).local_date(), summer);
        assert_eq!(Timestamp::start_of(winter).plus_millis(-1).local_date(), days_after(winter, -1));
    }

    #[test]
    fn dates_are_read_as_people_type_them() {
        let day = LocalDate::from_ymd_opt(2026, 11, 4);
        for typed in ["4-11-2026", "04 11 2026", "4/11/2026", "4.11.2026", "4 november 2026", "4 Nov 2026"] {
            assert_eq!(typed_day(typed), day, "{typed}");
        }
        assert_eq!(typed_day("2026-11-04"), day);
        assert_eq!(typed_day("4-11-26"), None, "a year has four figures");
        assert_eq!(typed_day("31-2-2026"), None);
        assert_eq!(typed_day("4 no 2026"), None);
        assert_eq!(typed_day("morgen"), None);
    }
}
