//! Bibliotheek aan Huis on the screen.

pub(crate) mod distance;
pub(crate) mod hours;
pub(crate) mod order;
pub(crate) mod outcome;
#[cfg(feature = "office")]
pub(crate) mod overview;
#[cfg(feature = "office")]
pub(crate) mod plan_form;
#[cfg(feature = "office")]
pub(crate) mod planning;
#[cfg(feature = "office")]
pub(crate) mod reader_form;
#[cfg(feature = "office")]
pub(crate) mod readers;
#[cfg(feature = "office")]
pub(crate) mod round_list;
pub(crate) mod signal;
pub(crate) mod stop;
pub(crate) mod today;
#[cfg(feature = "office")]
pub(crate) mod worklist;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use sync_core::command::Command;
use sync_core::deliveries::view::{LogView, ReaderView, RoundView};
use sync_core::deliveries::{self, LogDelivery, Outcome, ReaderProfile, WithdrawDeliveryLog};
use sync_core::ids::{LogId, ReaderId, RoundId, StopId, UserId};
use sync_core::replica::{CommandState, StoredCommand};
use sync_core::summary::{Content, RoundRow, Summary};

use crate::components::notices;
use crate::driver::driver;
use crate::session::problem_text;
use crate::settings::words;

/// A round with everything on it.
pub(crate) fn round(id: RoundId) -> Option<RoundView> {
    match driver().read(|replica| replica.content(id.into())) {
        Some(Content::Round(round)) => Some(round),
        _ => None,
    }
}

/// A round with the readers on it: what a screen of a round is drawn from. Drawn anew only when this differs, so that a
/// button never vanishes under a finger because something else was synced.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    /// The round.
    pub(crate) round: RoundView,
    /// Its readers, as far as this device may know them.
    pub(crate) readers: BTreeMap<ReaderId, ReaderView>,
    /// Whether something on it has not arrived yet.
    pub(crate) unsent: bool,
    /// The logs on it that have not.
    pub(crate) unsent_logs: BTreeSet<LogId>,
    /// The language it is told in.
    pub(crate) language: words::Words,
}

/// The picture of a round.
pub(crate) fn picture(id: RoundId) -> Option<Picture> {
    let round = round(id)?;
    let readers =
        round.stops.iter().filter_map(|stop| stop.reader).filter_map(|id| Some((id, reader(id)?))).collect();
    let unsent = driver().read(|replica| replica.has_unsent(id.into()));
    Some(Picture { round, readers, unsent, unsent_logs: unsent_logs(id), language: words() })
}

/// The logs of a round that wait to be sent.
pub(crate) fn unsent_logs(id: RoundId) -> BTreeSet<LogId> {
    let waits = |command: &&StoredCommand| {
        command.state == CommandState::Pending && command.envelope.document == id.into()
    };
    driver().read(|replica| {
        let commands = replica.commands();
        let read =
            |command: &StoredCommand| match Command::read(&command.envelope.kind, &command.envelope.body) {
                Ok(Command::Deliveries(deliveries::Command::LogDelivery(log))) => Some(log.log),
                _ => None,
            };
        commands.into_iter().filter(waits).filter_map(read).collect()
    })
}

/// A reader with everything known.
pub(crate) fn reader(id: ReaderId) -> Option<ReaderView> {
    match driver().read(|replica| replica.content(id.into())) {
        Some(Content::Reader(reader)) => Some(reader),
        _ => None,
    }
}

/// The rounds on this device, by day.
pub(crate) fn round_rows() -> Vec<(RoundId, RoundRow)> {
    let mut rows: Vec<(RoundId, RoundRow)> = driver().read(|replica| {
        replica
            .rows()
            .filter_map(|(id, row)| match row {
                Summary::Round(round) => Some((RoundId::from(id), round.clone())),
                _ => None,
            })
            .collect()
    });
    rows.sort_by(|(_, one), (_, other)| (one.on, &one.name).cmp(&(other.on, &other.name)));
    rows
}

/// The rounds of the person who is signed in.
pub(crate) fn own_rounds() -> Vec<(RoundId, RoundRow)> {
    let Some(person) = driver().person() else { return Vec::new() };
    round_rows()
        .into_iter()
        .filter(|(_, round)| round.assignees.iter().any(|(user, _)| *user == person.user))
        .collect()
}

/// In what form somebody reads.
pub(crate) fn letters(profile: &ReaderProfile) -> &'static str {
    match (profile.large_print, profile.audiobook) {
        (true, true) => words().large_print_and_audio(),
        (true, false) => words().large_print(),
        (false, true) => words().audiobook(),
        (false, false) => "",
    }
}

/// The name of a reader, if this device may know it.
pub(crate) fn reader_name(id: Option<ReaderId>) -> String {
    id.and_then(reader).map_or_else(|| words().reader_unknown().to_owned(), |reader| reader.profile.name)
}

/// A reader's name within a sentence: *de heer Enting*, where alone it is *De heer Enting*.
pub(crate) fn in_sentence(name: &str) -> String {
    let titled = ["De heer ", "Meneer ", "Mevrouw ", "Familie "].iter().any(|title| name.starts_with(title));
    match name.chars().next() {
        Some(first) if titled => first.to_lowercase().chain(name.chars().skip(1)).collect(),
        _ => name.to_owned(),
    }
}

/// The name of a colleague, as far as this device knows it.
pub(crate) fn colleague(user: UserId) -> String {
    let name = driver().read(|replica| {
        replica.rows().find_map(|(_, row)| match row {
            Summary::Team(team) => {
                team.members.iter().find(|member| member.user == user).map(|member| member.name.clone())
            }
            Summary::Round(round) => {
                round.assignees.iter().find(|(assignee, _)| *assignee == user).map(|(_, name)| name.clone())
            }
            _ => None,
        })
    });
    name.unwrap_or_else(|| words().somebody().to_owned())
}

/// The word for an outcome.
pub(crate) fn outcome_text(outcome: Outcome) -> &'static str {
    words().by_key(&format!("outcome-{}", outcome.as_str().replace('_', "-"))).unwrap_or_default()
}

/// So long after a visit the next *Bezorgd* takes no tap: a finger that comes down twice would tell of the next address too.
const REST_MS: u32 = 500;

thread_local! {
    /// A visit is being kept: a second tap before the word *bewaard* is the same tap.
    static KEEPING: Cell<bool> = const { Cell::new(false) };
    static RESTING: ArcRwSignal<bool> = ArcRwSignal::new(false);
}

/// Whether a visit was told only just now.
pub(crate) fn rests() -> ArcRwSignal<bool> {
    RESTING.with(ArcRwSignal::clone)
}

/// Logs a visit and offers the way back, to what stood there before.
pub(crate) async fn log(round: RoundId, who: String, log: LogDelivery) -> bool {
    if KEEPING.replace(true) {
        return false;
    }
    let driver = driver();
    let (stop, id, outcome) = (log.stop, log.log, log.outcome);
    let before = standing(round, &log.corrects);
    rests().set(true);
    let kept = driver.act(round, log).await;
    KEEPING.set(false);
    gloo_timers::callback::Timeout::new(REST_MS, || rests().set(false)).forget();
    match kept {
        Ok(()) => {
            let text = words().logged(outcome_text(outcome), who);
            notices().say_with_undo(text, move || take_back(round, stop, id, before.clone()));
            true
        }
        Err(refusal) => {
            notices().wrong(problem_text(refusal.kind));
            false
        }
    }
}

/// These logs of a round, as they stand.
fn standing(id: RoundId, logs: &[LogId]) -> Vec<LogView> {
    let live = round(id).into_iter().flat_map(|round| round.stops).flat_map(|stop| stop.logs);
    live.filter(|log| logs.contains(&log.log)).collect()
}

/// Takes a log back: what it took the place of stands there again.
fn take_back(round: RoundId, stop: StopId, log: LogId, before: Vec<LogView>) {
    let driver = driver();
    leptos::task::spawn_local(async move {
        let mut acts: Vec<Command> = before.iter().map(|old| again(stop, log, old).into()).collect();
        if acts.is_empty() {
            acts.push(WithdrawDeliveryLog { log: driver.fresh(), stop, corrects: vec![log] }.into());
        }
        for act in acts {
            if let Err(refusal) = driver.act(round, act).await {
                return notices().wrong(problem_text(refusal.kind));
            }
        }
        notices().say(words().taken_back());
    });
}

/// The same log anew, in the place of this one.
fn again(stop: StopId, instead_of: LogId, old: &LogView) -> LogDelivery {
    LogDelivery {
        log: driver().fresh(),
        stop,
        outcome: old.outcome.unwrap_or(Outcome::Other),
        items_out: old.items_out,
        items_in: old.items_in,
        wish: old.wish.clone(),
        note: old.note.clone(),
        corrects: vec![instead_of],
    }
}

/// A log with this outcome, in the place of these logs: the wish, the note and the books that were told go along.
pub(crate) fn log_of(stop: StopId, outcome: Outcome, seen: &[LogView]) -> LogDelivery {
    let told = seen.iter().find(|log| log.outcome == Some(outcome)).or_else(|| seen.first());
    let brought = outcome.succeeded();
    LogDelivery {
        log: driver().fresh(),
        stop,
        outcome,
        items_out: told.filter(|_| brought).and_then(|log| log.items_out),
        items_in: told.filter(|_| brought).and_then(|log| log.items_in),
        wish: told.map(|log| log.wish.clone()).unwrap_or_default(),
        note: told.map(|log| log.note.clone()).unwrap_or_default(),
        corrects: seen.iter().map(|log| log.log).collect(),
    }
}
