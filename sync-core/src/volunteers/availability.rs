//! When somebody has time in a usual week: seven days of a morning, an afternoon and an evening (domain 3.1,
//! *Beschikbaarheid*). A week is one answer, kept as one field: of two people who change it apart, both answers stay to be seen.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// The parts of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayPart {
    /// Until noon.
    Morning,
    /// From noon to six.
    Afternoon,
    /// From six.
    Evening,
}

impl DayPart {
    /// All three, in order.
    pub const ALL: [Self; 3] = [Self::Morning, Self::Afternoon, Self::Evening];

    /// The word for it in storage and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }
}

/// Days in a week.
const DAYS: u8 = 7;
/// Parts in a week.
const CELLS: u8 = DAYS * 3;

/// One part of one day of the week: *Tuesday evening*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(u8);

impl Cell {
    /// The part of the day on this day of the week, 0 for Monday; nothing after Sunday.
    #[must_use]
    pub fn new(day: u8, part: DayPart) -> Option<Self> {
        let part = DayPart::ALL.iter().position(|one| *one == part)?;
        let cell = day.checked_mul(3)?.checked_add(u8::try_from(part).ok()?)?;
        (day < DAYS).then_some(Self(cell))
    }

    /// The day of the week, 0 for Monday.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.0 / 3
    }

    /// The part of that day.
    #[must_use]
    pub const fn part(self) -> DayPart {
        match self.0 % 3 {
            0 => DayPart::Morning,
            1 => DayPart::Afternoon,
            _ => DayPart::Evening,
        }
    }
}

/// A usual week. Empty means that nobody asked yet, not that there is no time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(u32);

impl Week {
    /// The week with these cells.
    #[must_use]
    pub fn of(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self(cells.into_iter().fold(0, |bits, cell| bits | 1 << cell.0))
    }

    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this cell is in it.
    #[must_use]
    pub const fn has(self, cell: Cell) -> bool {
        self.0 & (1 << cell.0) != 0
    }

    /// The week with this cell, or without it.
    #[must_use]
    pub const fn with(self, cell: Cell, wanted: bool) -> Self {
        if wanted { Self(self.0 | 1 << cell.0) } else { Self(self.0 & !(1 << cell.0)) }
    }

    /// What two people share.
    #[must_use]
    pub const fn shared(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// How many cells.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// The cells, from Monday morning on.
    pub fn cells(self) -> impl Iterator<Item = Cell> {
        (0..CELLS).map(Cell).filter(move |cell| self.has(*cell))
    }
}

impl fmt::Display for Week {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for cell in (0..CELLS).map(Cell) {
            formatter.write_str(if self.has(cell) { "1" } else { "0" })?;
        }
        Ok(())
    }
}

/// The text is no week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a week is 21 times 0 or 1")]
pub struct NotAWeek;

impl FromStr for Week {
    type Err = NotAWeek;

    fn from_str(text: &str) -> Result<Self, NotAWeek> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        if text.len() != usize::from(CELLS) {
            return Err(NotAWeek);
        }
        let mut week = Self::default();
        for (cell, letter) in (0..CELLS).map(Cell).zip(text.chars()) {
            week = match letter {
                '1' => week.with(cell, true),
                '0' => week,
                _ => return Err(NotAWeek),
            };
        }
        Ok(week)
    }
}

impl Serialize for Week {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Week {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(day: u8, part: DayPart) -> Cell {
        Cell::new(day, part).unwrap()
    }

    #[test]
    fn a_week_is_written_and_read_back() {
        let week = Week::of([cell(1, DayPart::Evening), cell(6, DayPart::Morning)]);
        assert_eq!(week.to_string(), "000001000000000000100");
        assert_eq!(week.to_string().parse(), Ok(week));
        assert_eq!("".parse(), Ok(Week::default()));
        for wrong in ["0", "00000100000000000010x", "0000010000000000001000"] {
            assert_eq!(wrong.parse::<Week>(), Err(NotAWeek), "{wrong}");
        }
        assert_eq!(Cell::new(7, DayPart::Morning), None);
    }

    #[test]
    fn shared_time_is_what_both_have() {
        let one = Week::of([cell(1, DayPart::Evening), cell(3, DayPart::Morning)]);
        let other = Week::of([cell(1, DayPart::Evening), cell(4, DayPart::Afternoon)]);
        let shared: Vec<(u8, DayPart)> =
            one.shared(other).cells().map(|cell| (cell.day(), cell.part())).collect();
        assert_eq!(shared, [(1, DayPart::Evening)]);
    }
}
