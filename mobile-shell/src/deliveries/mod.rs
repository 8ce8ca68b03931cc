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
pub(crate) mod signal;
pub(crate) mod stop;
pub(crate) mod today;
#[cfg(feature = "office")]
pub(crate) mod worklist;

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use sync_core::command::Command;
use sync_core::deliveries::view::{ReaderView, RoundView};
use sync_core::deliveries::{self, LogDelivery, Outcome, WithdrawDeliveryLog};
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

/// Logs a visit and offers the way back. `live` are the logs of this stop that it takes the place of.
pub(crate) async fn log(round: RoundId, who: String, log: LogDelivery) -> bool {
    let driver = driver();
    let (stop, id, outcome) = (log.stop, log.log, log.outcome);
    match driver.act(round, log).await {
        Ok(()) => {
            let text = words().logged(outcome_text(outcome), who);
            notices().say_with_undo(text, Callback::new(move |()| take_back(round, stop, id)));
            true
        }
        Err(refusal) => {
            notices().wrong(problem_text(refusal.kind));
            false
        }
    }
}

fn take_back(round: RoundId, stop: StopId, log: LogId) {
    let driver = driver();
    leptos::task::spawn_local(async move {
        let withdrawn = WithdrawDeliveryLog { log: driver.fresh(), stop, corrects: vec![log] };
        match driver.act(round, withdrawn).await {
            Ok(()) => notices().say(words().taken_back()),
            Err(refusal) => notices().wrong(problem_text(refusal.kind)),
        }
    });
}

/// A plain log with this outcome, in the place of these logs.
pub(crate) fn plain_log(stop: StopId, outcome: Outcome, corrects: Vec<LogId>) -> LogDelivery {
    LogDelivery {
        log: driver().fresh(),
        stop,
        outcome,
        items_out: None,
        items_in: None,
        wish: String::new(),
        note: String::new(),
        corrects,
    }
}
