//! Whose turn it is: the readers a coordinator puts on the next round, most overdue first.

use std::collections::BTreeMap;

use super::words::ReaderStatus;
use crate::ids::ReaderId;
use crate::summary::{ReaderRow, RoundRow, StopProgress};
use crate::time::{LocalDate, days_after};

/// A reader and when books are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Who.
    pub reader: ReaderId,
    /// The last day on which books came; nothing if never.
    pub last_on: Option<LocalDate>,
    /// The day on which books are due; nothing on call.
    pub due_on: Option<LocalDate>,
    /// The day of the round on which this reader already stands.
    pub planned_on: Option<LocalDate>,
}

/// Who may be put on a round, most overdue first; on call and already planned come last.
#[must_use]
pub fn due<'a>(
    readers: impl IntoIterator<Item = (ReaderId, &'a ReaderRow)>,
    rounds: impl IntoIterator<Item = &'a RoundRow>,
    today: LocalDate,
) -> Vec<Due> {
    let mut last: BTreeMap<ReaderId, LocalDate> = BTreeMap::new();
    let mut planned: BTreeMap<ReaderId, LocalDate> = BTreeMap::new();
    for round in rounds {
        let (Some(on), false) = (round.on, round.cancelled) else { continue };
        for stop in &round.stops {
            let Some(reader) = stop.reader else { continue };
            match stop.progress {
                StopProgress::Succeeded => {
                    let newest = last.entry(reader).or_insert(on);
                    *newest = on.max(*newest);
                }
                StopProgress::Open if on >= today => {
                    let soonest = planned.entry(reader).or_insert(on);
                    *soonest = on.min(*soonest);
                }
                _ => {}
            }
        }
    }
    let mut dues: Vec<Due> = readers
        .into_iter()
        .filter(|(_, row)| row.needed_until.is_none_or(|until| until >= today))
        .filter(|(_, row)| match row.status {
            ReaderStatus::Active => true,
            ReaderStatus::Paused => row.paused_until.is_some_and(|until| until < today),
            _ => false,
        })
        .map(|(reader, row)| {
            let last_on = last.get(&reader).copied();
            let due_on = row.frequency.days().map(|days| last_on.map_or(today, |on| days_after(on, days)));
            Due { reader, last_on, due_on, planned_on: planned.get(&reader).copied() }
        })
        .collect();
    dues.sort_by_key(|due| (due.planned_on.is_some(), due.due_on.is_none(), due.due_on, due.reader));
    dues
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::deliveries::Frequency;
    use crate::summary::StopRow;

    fn reader(n: u128) -> ReaderId {
        ReaderId(Uuid::from_u128(n))
    }

    fn day(n: u32) -> LocalDate {
        LocalDate::from_ymd_opt(2026, 11, n).unwrap()
    }

    fn round(on: LocalDate, n: u128, progress: StopProgress) -> RoundRow {
        RoundRow {
            on: Some(on),
            stops: vec![StopRow { reader: Some(reader(n)), progress, ..StopRow::default() }],
            ..RoundRow::default()
        }
    }

    #[test]
    fn the_most_overdue_comes_first_and_who_is_planned_last() {
        let active =
            |frequency| ReaderRow { status: ReaderStatus::Active, frequency, ..ReaderRow::default() };
        let rows = [
            (reader(1), active(Frequency::ThreeWeekly)),
            (reader(2), active(Frequency::Weekly)),
            (reader(3), active(Frequency::OnCall)),
            (reader(4), active(Frequency::Weekly)),
            (reader(5), ReaderRow { status: ReaderStatus::Deceased, ..ReaderRow::default() }),
        ];
        let rounds = [
            round(day(10), 1, StopProgress::Succeeded),
            round(day(10), 2, StopProgress::Succeeded),
            round(day(3), 2, StopProgress::Succeeded),
            round(day(26), 4, StopProgress::Open),
        ];
        let dues = due(rows.iter().map(|(id, row)| (*id, row)), &rounds, day(24));
        let order: Vec<ReaderId> = dues.iter().map(|due| due.reader).collect();
        assert_eq!(order, [reader(2), reader(1), reader(3), reader(4)]);
        assert_eq!(dues[0].due_on, Some(day(17)));
        assert_eq!(dues[1].due_on, Some(days_after(day(10), 21)));
    }
}
