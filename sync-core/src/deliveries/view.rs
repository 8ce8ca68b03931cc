//! What a screen shows of readers, rounds and signals: plain data, total, without Automerge.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::document;
use super::reader::ReaderProfile;
use super::round::Assignee;
use super::words::{DaySegment, Outcome, ReaderStatus, SignalKind, SignalState};
use crate::document::{Document, Map};
use crate::ids::{BranchId, LogId, ReaderId, RoundId, StopId, UserId};
use crate::time::{LocalDate, Timestamp};

/// A reader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReaderView {
    /// The branch that serves this reader.
    pub branch: Option<BranchId>,
    /// What is known.
    pub profile: ReaderProfile,
    /// Where the reader stands.
    pub status: ReaderStatus,
    /// The last day of a pause.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub paused_until: Option<LocalDate>,
}

impl ReaderView {
    /// Reads a reader.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let root = document.root();
        Self {
            branch: root.id("branch"),
            profile: ReaderProfile::read(document),
            status: ReaderStatus::parse(&root.string(document::STATUS)).unwrap_or_default(),
            paused_until: root.date(document::PAUSED_UNTIL),
        }
    }
}

/// One fact about a stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogView {
    /// Which log.
    pub log: LogId,
    /// Of which stop.
    pub stop: StopId,
    /// Who wrote it.
    pub by: Option<UserId>,
    /// When, by the clock of that phone.
    pub at: Timestamp,
    /// How it went; nothing when the fact is that logs were taken back.
    pub outcome: Option<Outcome>,
    /// How many items went in the door.
    pub items_out: Option<u16>,
    /// How many items came back.
    pub items_in: Option<u16>,
    /// What the reader wishes for next time.
    pub wish: String,
    /// Anything else.
    pub note: String,
    /// The logs it replaces.
    pub corrects: Vec<LogId>,
}

/// How a stop stands. Diagram: `docs/states/stop.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StopState {
    /// Nothing was logged, or all of it was taken back.
    Planned,
    /// Logged, and everybody who logged agrees.
    Logged(Outcome),
    /// People logged different outcomes apart from each other: a person must choose.
    Disputed,
    /// Taken off the round.
    Removed,
}

/// An address on a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StopView {
    /// Which stop.
    pub stop: StopId,
    /// Whom to visit.
    pub reader: Option<ReaderId>,
    /// Which bag; a second answer is one that somebody else set apart.
    pub bag: Vec<String>,
    /// What to bring; likewise.
    pub bring: Vec<String>,
    /// What to fetch; likewise.
    pub fetch: Vec<String>,
    /// How it stands.
    pub state: StopState,
    /// The logs that count: not corrected and not taken back. More than one when people logged apart.
    pub logs: Vec<LogView>,
}

/// How a round stands. Diagram: `docs/states/round.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RoundState {
    /// Nothing was logged yet.
    Planned,
    /// Something was logged, something is left.
    UnderWay,
    /// Every address has its log.
    Done,
    /// Cancelled by a coordinator.
    Cancelled,
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundView {
    /// The branch it starts from.
    pub branch: Option<BranchId>,
    /// What people call it.
    pub name: String,
    /// The day; a second answer is one that somebody else set apart.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, example = json!(["2026-11-24"])))]
    pub on: Vec<LocalDate>,
    /// The part of the day.
    pub day_segment: DaySegment,
    /// How it stands.
    pub state: RoundState,
    /// Why it was cancelled.
    pub cancel_reason: String,
    /// Who brings.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<String>>))]
    pub assignees: Vec<(UserId, String)>,
    /// The addresses, in the order of the plan, without those taken off.
    pub stops: Vec<StopView>,
    /// Every fact, oldest first.
    pub history: Vec<LogView>,
    /// The own order of each volunteer.
    pub orders: BTreeMap<UserId, Vec<StopId>>,
    /// The metres of each volunteer.
    pub metres: BTreeMap<UserId, u32>,
}

fn ids<T: From<uuid::Uuid>>(words: &str) -> Vec<T> {
    words.split(' ').filter_map(|word| uuid::Uuid::parse_str(word).ok()).map(T::from).collect()
}

fn log_view(log: LogId, map: &Map<'_>) -> Option<LogView> {
    Some(LogView {
        log,
        stop: map.id(document::STOP)?,
        by: map.id(document::BY),
        at: map.timestamp(document::AT),
        outcome: if map.flag(document::WITHDRAWN) {
            None
        } else {
            // A word of a newer app counts as *anders*: the visit happened.
            Some(Outcome::parse(&map.string(document::OUTCOME)).unwrap_or(Outcome::Other))
        },
        items_out: map.small(document::ITEMS_OUT),
        items_in: map.small(document::ITEMS_IN),
        wish: map.string(document::WISH),
        note: map.string(document::NOTE),
        corrects: ids(&map.string(document::CORRECTS)),
    })
}

fn stop_state(logs: &[LogView]) -> StopState {
    let mut outcomes = logs.iter().filter_map(|log| log.outcome);
    match outcomes.next() {
        None => StopState::Planned,
        Some(first) if outcomes.all(|other| other == first) => StopState::Logged(first),
        Some(_) => StopState::Disputed,
    }
}

impl RoundView {
    /// Reads a round.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let root = document.root();
        let mut history: Vec<LogView> =
            root.entries(document::LOGS).iter().filter_map(|(log, map)| log_view(*log, map)).collect();
        history.sort_by_key(|log| (log.at, log.log));
        let corrected: Vec<LogId> = history.iter().flat_map(|log| log.corrects.iter().copied()).collect();
        let stops = Self::stops(&root, &history, &corrected);
        let state = Self::state(root.flag(document::CANCELLED), &stops);
        Self {
            branch: root.id("branch"),
            name: root.string(document::NAME),
            on: root.strings(document::ON).iter().filter_map(|date| date.parse().ok()).collect(),
            day_segment: DaySegment::parse(&root.string(document::DAY_SEGMENT)).unwrap_or_default(),
            state,
            cancel_reason: root.string(document::CANCEL_REASON),
            assignees: assignees(&root),
            stops,
            history,
            orders: root
                .fields(document::ORDER)
                .into_iter()
                .map(|(user, words)| (user, ids(&words)))
                .collect(),
            metres: root
                .map(document::METRES)
                .map(|map| {
                    let metres =
                        |user: &String| Some((user.parse().ok()?, u32::try_from(map.int(user)?).ok()?));
                    map.keys().iter().filter_map(metres).collect()
                })
                .unwrap_or_default(),
        }
    }

    fn stops(root: &Map<'_>, history: &[LogView], corrected: &[LogId]) -> Vec<StopView> {
        let plan: Vec<StopId> = ids(&root.string(document::PLAN_ORDER));
        let rank = |stop: StopId| plan.iter().position(|planned| *planned == stop).unwrap_or(usize::MAX);
        let mut stops: Vec<StopView> = root
            .entries::<StopId>(document::STOPS)
            .into_iter()
            .filter(|(_, map)| !map.flag(document::REMOVED))
            .map(|(stop, map)| {
                let logs: Vec<LogView> = history
                    .iter()
                    .filter(|log| log.stop == stop && log.outcome.is_some() && !corrected.contains(&log.log))
                    .cloned()
                    .collect();
                StopView {
                    stop,
                    reader: map.id(document::READER),
                    bag: map.strings(document::BAG),
                    bring: map.strings(document::BRING),
                    fetch: map.strings(document::FETCH),
                    state: stop_state(&logs),
                    logs,
                }
            })
            .collect();
        stops.sort_by_key(|stop| (rank(stop.stop), stop.stop));
        stops
    }

    fn state(cancelled: bool, stops: &[StopView]) -> RoundState {
        let open = stops.iter().filter(|stop| stop.state == StopState::Planned).count();
        if cancelled {
            RoundState::Cancelled
        } else if open == stops.len() {
            RoundState::Planned
        } else if open == 0 {
            RoundState::Done
        } else {
            RoundState::UnderWay
        }
    }

    /// The day of the round.
    #[must_use]
    pub fn day(&self) -> Option<LocalDate> {
        self.on.first().copied()
    }

    /// The addresses in this volunteer's own order.
    #[must_use]
    pub fn stops_for(&self, user: UserId) -> Vec<&StopView> {
        let own = self.orders.get(&user);
        let rank = |stop: StopId| {
            own.and_then(|order| order.iter().position(|own| *own == stop)).unwrap_or(usize::MAX)
        };
        let mut stops: Vec<&StopView> = self.stops.iter().collect();
        stops.sort_by_key(|stop| rank(stop.stop));
        stops
    }

    /// How many addresses have their log.
    #[must_use]
    pub fn done(&self) -> usize {
        self.stops.iter().filter(|stop| stop.state != StopState::Planned).count()
    }
}

fn assignees(root: &Map<'_>) -> Vec<(UserId, String)> {
    root.fields(document::ASSIGNEES).into_iter().filter(|(_, name)| !name.is_empty()).collect()
}

/// The volunteers of a round, as the grants need them.
pub(super) fn assigned(document: &Document) -> Vec<Assignee> {
    assignees(&document.root()).into_iter().map(|(user, name)| Assignee { user, name }).collect()
}

/// A signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignalView {
    /// The branch whose coordinators read it.
    pub branch: Option<BranchId>,
    /// About what.
    pub signal: SignalKind,
    /// What became of it.
    pub state: SignalState,
    /// Who raised it.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// On which round.
    pub round: Option<RoundId>,
    /// About whom.
    pub reader: Option<ReaderId>,
    /// What was seen.
    pub note: String,
    /// What was done.
    pub answer: String,
    /// When something was done.
    pub settled_at: Timestamp,
}

impl SignalView {
    /// Reads a signal.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let root = document.root();
        Self {
            branch: root.id("branch"),
            signal: SignalKind::parse(&root.string(document::SIGNAL_KIND)).unwrap_or_default(),
            state: SignalState::parse(&root.string(document::STATE)).unwrap_or_default(),
            by: root.id(document::BY),
            at: root.timestamp(document::AT),
            round: root.id(document::ROUND_ID),
            reader: root.id(document::READER),
            note: root.text(document::NOTE),
            answer: root.text(document::ANSWER),
            settled_at: root.timestamp(document::SETTLED_AT),
        }
    }
}
