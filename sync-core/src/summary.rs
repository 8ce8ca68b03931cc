//! The row of a document in a list: enough to show thousands without loading one. Made by the server for what it
//! sends, and by the phone for what it changed itself: the same function.

use serde::{Deserialize, Serialize};

use crate::deliveries::view::{ReaderView, RoundView, SignalView, StopState};
use crate::deliveries::{DaySegment, Frequency, Outcome, ReaderStatus, SignalKind, SignalState};
use crate::document::{Document, DocumentKind};
use crate::ids::{BranchId, ReaderId, RoundId, StopId, UserId};
use crate::organisation;
use crate::organisation::view::{BranchView, TeamView};
use crate::sync::packed::Packed;
use crate::taalhuis::rows::{GroupRow, LearnerFileRow, LearnerRow, PairingRow};
use crate::taalhuis::view::{GroupView, LearnerFileView, LearnerView, PairingView, TaalhuisView};
use crate::time::{LocalDate, Timestamp};
use crate::volunteers::view::{VolunteerFileRow, VolunteerFileView, VolunteerView};

/// A reader in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReaderRow {
    /// The branch.
    pub branch: Option<BranchId>,
    /// The name.
    pub name: String,
    /// Street and number.
    pub address: String,
    /// The postcode.
    pub postcode: String,
    /// The place.
    pub place: String,
    /// The telephone number.
    pub phone: String,
    /// Where the reader stands.
    pub status: ReaderStatus,
    /// The last day of a pause.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub paused_until: Option<LocalDate>,
    /// How often books are brought.
    pub frequency: Frequency,
    /// The part of the day that suits.
    pub day_segment: DaySegment,
    /// Whether large print is asked.
    pub large_print: bool,
    /// The most books in one bag.
    pub max_items: u16,
    /// The date after which deliveries are no longer needed.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub needed_until: Option<LocalDate>,
}

/// How far a stop is, for a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StopProgress {
    /// Nothing was logged.
    #[default]
    Open,
    /// Books changed hands.
    Succeeded,
    /// A visit that did not succeed.
    Failed,
    /// Two answers: a person must choose.
    Disputed,
}

/// A stop in the row of its round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StopRow {
    /// Which stop.
    pub stop: Option<StopId>,
    /// Whom to visit.
    pub reader: Option<ReaderId>,
    /// How far it is.
    pub progress: StopProgress,
    /// The outcome, when there is one.
    pub outcome: Option<Outcome>,
}

/// A round in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundRow {
    /// The branch.
    pub branch: Option<BranchId>,
    /// What people call it.
    pub name: String,
    /// The day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// The part of the day.
    pub day_segment: DaySegment,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Who brings.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<String>>))]
    pub assignees: Vec<(UserId, String)>,
    /// The addresses.
    pub stops: Vec<StopRow>,
}

impl RoundRow {
    /// How many addresses have a log.
    #[must_use]
    pub fn done(&self) -> usize {
        self.stops.iter().filter(|stop| stop.progress != StopProgress::Open).count()
    }
}

/// A signal in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignalRow {
    /// The branch.
    pub branch: Option<BranchId>,
    /// About what.
    pub signal: SignalKind,
    /// What became of it.
    pub state: SignalState,
    /// When it was raised.
    pub at: Timestamp,
    /// Who raised it.
    pub by: Option<UserId>,
    /// About whom.
    pub reader: Option<ReaderId>,
    /// On which round.
    pub round: Option<RoundId>,
}

/// The row of any document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Summary {
    /// Of a branch.
    Branch(BranchView),
    /// Of a team.
    Team(TeamView),
    /// Of a reader.
    Reader(ReaderRow),
    /// Of a round.
    Round(RoundRow),
    /// Of a signal.
    Signal(SignalRow),
    /// Of a volunteer.
    Volunteer(VolunteerView),
    /// Of the file of a volunteer.
    VolunteerFile(VolunteerFileRow),
    /// Of a learner.
    Learner(LearnerRow),
    /// Of the file of a learner.
    LearnerFile(LearnerFileRow),
    /// Of a pairing.
    Pairing(PairingRow),
    /// Of a group.
    Group(GroupRow),
    /// Of how a Taalhuis works.
    Taalhuis(TaalhuisView),
}

/// Everything in a document, as plain data for a program that speaks JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// Of a branch.
    Branch(BranchView),
    /// Of a team.
    Team(TeamView),
    /// Of a reader.
    Reader(ReaderView),
    /// Of a round.
    Round(RoundView),
    /// Of a signal.
    Signal(SignalView),
    /// Of a volunteer.
    Volunteer(VolunteerView),
    /// Of the file of a volunteer.
    VolunteerFile(VolunteerFileView),
    /// Of a learner.
    Learner(LearnerView),
    /// Of the file of a learner.
    LearnerFile(LearnerFileView),
    /// Of a pairing.
    Pairing(PairingView),
    /// Of a group.
    Group(GroupView),
    /// Of how a Taalhuis works.
    Taalhuis(TaalhuisView),
}

impl Content {
    /// Reads a document; nothing for a kind of a newer app.
    #[must_use]
    pub fn read(document: &Document) -> Option<Self> {
        Some(match document.kind()? {
            DocumentKind::Branch => Self::Branch(organisation::document::branch(document)),
            DocumentKind::Team => Self::Team(organisation::document::team(document)),
            DocumentKind::Reader => Self::Reader(ReaderView::read(document)),
            DocumentKind::Round => Self::Round(RoundView::read(document)),
            DocumentKind::Signal => Self::Signal(SignalView::read(document)),
            DocumentKind::Volunteer => Self::Volunteer(VolunteerView::read(document)),
            DocumentKind::VolunteerFile => Self::VolunteerFile(VolunteerFileView::read(document)),
            DocumentKind::Learner => Self::Learner(LearnerView::read(document)),
            DocumentKind::LearnerFile => Self::LearnerFile(LearnerFileView::read(document)),
            DocumentKind::Pairing => Self::Pairing(PairingView::read(document)),
            DocumentKind::Group => Self::Group(GroupView::read(document)),
            DocumentKind::Taalhuis => Self::Taalhuis(TaalhuisView::read(document)),
        })
    }
}

impl Summary {
    /// Makes the row of a document; nothing for a kind of a newer app.
    #[must_use]
    pub fn of(document: &Document) -> Option<Self> {
        Content::read(document).map(Self::from)
    }

    /// Packs it for the wire and the store.
    #[must_use]
    pub fn pack(&self) -> Packed {
        match self {
            Self::Branch(row) => Packed::cbor(row),
            Self::Team(row) => Packed::cbor(row),
            Self::Reader(row) => Packed::cbor(row),
            Self::Round(row) => Packed::cbor(row),
            Self::Signal(row) => Packed::cbor(row),
            Self::Volunteer(row) => Packed::cbor(row),
            Self::VolunteerFile(row) => Packed::cbor(row),
            Self::Learner(row) => Packed::cbor(row),
            Self::LearnerFile(row) => Packed::cbor(row),
            Self::Pairing(row) => Packed::cbor(row),
            Self::Group(row) => Packed::cbor(row),
            Self::Taalhuis(row) => Packed::cbor(row),
        }
    }

    /// Reads a packed row of a kind; nothing when this app does not know the kind or cannot read the row.
    #[must_use]
    pub fn unpack(kind: &str, packed: &Packed) -> Option<Self> {
        Some(match DocumentKind::parse(kind)? {
            DocumentKind::Branch => Self::Branch(packed.read().ok()?),
            DocumentKind::Team => Self::Team(packed.read().ok()?),
            DocumentKind::Reader => Self::Reader(packed.read().ok()?),
            DocumentKind::Round => Self::Round(packed.read().ok()?),
            DocumentKind::Signal => Self::Signal(packed.read().ok()?),
            DocumentKind::Volunteer => Self::Volunteer(packed.read().ok()?),
            DocumentKind::VolunteerFile => Self::VolunteerFile(packed.read().ok()?),
            DocumentKind::Learner => Self::Learner(packed.read().ok()?),
            DocumentKind::LearnerFile => Self::LearnerFile(packed.read().ok()?),
            DocumentKind::Pairing => Self::Pairing(packed.read().ok()?),
            DocumentKind::Group => Self::Group(packed.read().ok()?),
            DocumentKind::Taalhuis => Self::Taalhuis(packed.read().ok()?),
        })
    }
}

impl From<Content> for Summary {
    fn from(content: Content) -> Self {
        match content {
            Content::Branch(view) => Self::Branch(view),
            Content::Team(view) => Self::Team(view),
            Content::Reader(view) => Self::Reader(reader_row(view)),
            Content::Round(view) => Self::Round(round_row(view)),
            Content::Signal(view) => Self::Signal(signal_row(&view)),
            Content::Volunteer(view) => Self::Volunteer(view),
            Content::VolunteerFile(view) => Self::VolunteerFile(view.row()),
            Content::Learner(view) => Self::Learner(view.into()),
            Content::LearnerFile(view) => Self::LearnerFile(view.into()),
            Content::Pairing(view) => Self::Pairing(view.into()),
            Content::Group(view) => Self::Group(view.into()),
            Content::Taalhuis(view) => Self::Taalhuis(view),
        }
    }
}

fn reader_row(view: ReaderView) -> ReaderRow {
    let profile = view.profile;
    ReaderRow {
        branch: view.branch,
        name: profile.name,
        address: format!("{} {}", profile.street, profile.house_number),
        postcode: profile.postcode,
        place: profile.place,
        phone: profile.phone,
        status: view.status,
        paused_until: view.paused_until,
        frequency: profile.frequency,
        day_segment: profile.day_segment,
        large_print: profile.large_print,
        max_items: profile.max_items,
        needed_until: profile.needed_until,
    }
}

fn round_row(view: RoundView) -> RoundRow {
    let stops = view
        .stops
        .iter()
        .map(|stop| {
            let (progress, outcome) = match stop.state {
                StopState::Planned | StopState::Removed => (StopProgress::Open, None),
                StopState::Logged(outcome) if outcome.succeeded() => (StopProgress::Succeeded, Some(outcome)),
                StopState::Logged(outcome) => (StopProgress::Failed, Some(outcome)),
                StopState::Disputed => (StopProgress::Disputed, None),
            };
            StopRow { stop: Some(stop.stop), reader: stop.reader, progress, outcome }
        })
        .collect();
    RoundRow {
        branch: view.branch,
        on: view.day(),
        name: view.name,
        day_segment: view.day_segment,
        cancelled: view.state == crate::deliveries::view::RoundState::Cancelled,
        assignees: view.assignees,
        stops,
    }
}

fn signal_row(view: &SignalView) -> SignalRow {
    SignalRow {
        branch: view.branch,
        signal: view.signal,
        state: view.state,
        at: view.at,
        by: view.by,
        reader: view.reader,
        round: view.round,
    }
}
