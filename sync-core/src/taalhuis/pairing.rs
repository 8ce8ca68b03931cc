//! The pairing (koppeling): a learner and a buddy who meet. Diagram: `docs/states/pairing.md`. The buddy has the pairing on the phone as
//! long as it lasts and a while after, and what a buddy needs to know of the learner only while they meet.

use serde::{Deserialize, Serialize};

use super::document;
use super::file::check_past;
use super::words::{CheckIn, EndReason, Mood, PairingState};
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::{BranchId, EntryId, LearnerId, UserId, VolunteerId};
use crate::problem::{ProblemKind, Refusal};
use crate::text::TypedText;
use crate::time::{LocalDate, days_after};
use crate::volunteers::{Place, Subject};

/// The least and the most minutes of a session.
const MINUTES: core::ops::RangeInclusive<u16> = 5..=480;
/// So many days ahead a first meeting can be planned.
const AHEAD_DAYS: i64 = 366;
/// After so many weeks it is asked how it goes (catalogue, issue 5: 2, 6 and 12).
pub const CHECK_WEEKS: [u16; 3] = [2, 6, 12];
/// So many days a trial takes.
pub const TRIAL_DAYS: i64 = 42;

/// Proposes a learner and a buddy to each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProposePairing {
    /// The branch of the Taalhuis.
    pub branch: BranchId,
    /// Who learns.
    pub learner: LearnerId,
    /// Who helps.
    pub volunteer: VolunteerId,
    /// The account of who helps.
    pub user: UserId,
    /// What the buddy before this one handed over: what works.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub works: String,
    /// Which material.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub material: String,
    /// Towards what goal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub goal: String,
}

impl ProposePairing {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        card(&self.works, &self.material, &self.goal)
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.volunteer != VolunteerId::of(self.branch, self.user) {
            return Err(Refusal::new(ProblemKind::InvalidCommand, "volunteer"));
        }
        Ok(())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        writer.put(&[], document::LEARNER, self.learner.to_string())?;
        writer.put(&[], document::VOLUNTEER, self.volunteer.to_string())?;
        writer.put(&[], document::USER, self.user.to_string())?;
        writer.put(&[], document::STATE, PairingState::Proposed.as_str())?;
        writer.put(&[], document::PROPOSED_ON, act.at.local_date().to_string())?;
        write_card(writer, &self.works, &self.material, &self.goal)
    }
}

fn card<'a>(works: &'a str, material: &'a str, goal: &'a str) -> Vec<TypedText<'a>> {
    vec![
        TypedText::free("works", works),
        TypedText::free("material", material),
        TypedText::free("goal", goal),
    ]
}

fn write_card(writer: &mut Writer<'_>, works: &str, material: &str, goal: &str) -> Result<(), DocumentError> {
    let fields = [(document::WORKS, works), (document::MATERIAL, material), (document::GOAL, goal)];
    document::write_said(writer, &[], &fields)
}

/// Takes a pairing to its next state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MovePairing {
    /// A fresh id.
    pub entry: EntryId,
    /// The new state.
    #[cfg_attr(feature = "openapi", schema(example = "trial"))]
    pub state: PairingState,
    /// From which day; for [`PairingState::IntroPlanned`] the day of the first meeting.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// Why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<EndReason>,
    /// Anything else, such as where the first meeting is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl MovePairing {
    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        let root = document.root();
        let now = PairingState::parse(&root.string(document::STATE)).unwrap_or_default();
        // Two coordinators who moved it apart: any of the two states may be chosen.
        let answers = root.strings(document::STATE);
        let chooses = answers.len() > 1 && answers.iter().any(|answer| answer == self.state.as_str());
        if !chooses && !now.may_become(self.state) {
            let told = format!("{} cannot become {}", now.as_str(), self.state.as_str());
            return Err(Refusal::new(ProblemKind::StateNotPossible, told));
        }
        if self.state == PairingState::Ended && self.reason.is_none() {
            return Err(Refusal::new(ProblemKind::FieldMissing, "reason"));
        }
        // Only a first meeting is planned; everything else happened.
        let ahead = if self.state == PairingState::IntroPlanned { AHEAD_DAYS } else { 0 };
        if self.on > days_after(act.at.local_date(), ahead) {
            return Err(Refusal::new(ProblemKind::DateOutOfRange, "on"));
        }
        document::check_fresh(document, document::STEPS, self.entry)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::STATE, self.state.as_str())?;
        let id = document::write_entry(writer, document::STEPS, self.entry, act)?;
        let on = self.on.to_string();
        let fields = [
            (document::STATE, self.state.as_str()),
            (document::ON, on.as_str()),
            (document::REASON, self.reason.map_or("", EndReason::as_str)),
            (document::NOTE, self.note.as_str()),
        ];
        document::write_said(writer, &[document::STEPS, &id], &fields)
    }
}

/// Refuses anything new on a pairing that has ended or not begun. Work of before its end is still taken.
fn check_meets(document: &Document, on: LocalDate) -> Result<(), Refusal> {
    let root = document.root();
    match PairingState::parse(&root.string(document::STATE)).unwrap_or_default() {
        PairingState::Ended => {
            let ended = root.entries::<EntryId>(document::STEPS).into_iter().filter_map(|(_, step)| {
                (step.string(document::STATE) == PairingState::Ended.as_str())
                    .then(|| step.date(document::ON))
            });
            // A buddy who was offline logs what was before the end.
            if ended.flatten().max().is_some_and(|end| on <= end) {
                Ok(())
            } else {
                Err(Refusal::new(ProblemKind::PairingEnded, "the pairing has ended"))
            }
        }
        PairingState::Proposed => {
            Err(Refusal::new(ProblemKind::StateNotPossible, "the pairing was only proposed"))
        }
        _ => Ok(()),
    }
}

/// Tells that they met. It counts once: as hours of the volunteer, as contact with the learner, and in the figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LogSession {
    /// A fresh id.
    pub entry: EntryId,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// How long, in minutes.
    #[cfg_attr(feature = "openapi", schema(example = 60))]
    pub minutes: u16,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// About what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// How it went.
    #[serde(default)]
    pub mood: Mood,
    /// Anything else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl LogSession {
    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        if !MINUTES.contains(&self.minutes) {
            return Err(Refusal::new(ProblemKind::NumberOutOfRange, "minutes"));
        }
        check_meets(document, self.on)?;
        document::check_fresh(document, document::SESSIONS, self.entry)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let id = document::write_entry(writer, document::SESSIONS, self.entry, act)?;
        let path = [document::SESSIONS, id.as_str()];
        writer.put(&path, document::MINUTES, i64::from(self.minutes))?;
        let on = self.on.to_string();
        let fields = [
            (document::ON, on.as_str()),
            (document::PLACE, self.place.map_or("", Place::as_str)),
            (document::TOPIC, self.subject.map_or("", Subject::as_str)),
            (document::MOOD, self.mood.as_str()),
            (document::NOTE, self.note.as_str()),
        ];
        document::write_said(writer, &path, &fields)
    }
}

/// Takes a session back: it does not count any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawSession {
    /// Which.
    pub session: EntryId,
}

impl WithdrawSession {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        document::check_known(document, document::SESSIONS, self.session)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[document::SESSIONS, &self.session.to_string()], document::WITHDRAWN, true)
    }
}

/// Notes how it goes, asked after two, six and twelve weeks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckPairing {
    /// A fresh id.
    pub entry: EntryId,
    /// After how many weeks: 2, 6 or 12.
    #[cfg_attr(feature = "openapi", schema(example = 2))]
    pub week: u16,
    /// How it goes.
    pub goes: CheckIn,
    /// On which day it was asked.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// What may be told to both: the buddy reads it too. What is for coordinators alone is a contact in the learner's file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl CheckPairing {
    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        if !CHECK_WEEKS.contains(&self.week) {
            return Err(Refusal::new(ProblemKind::NumberOutOfRange, "week"));
        }
        document::check_fresh(document, document::CHECKS, self.entry)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let id = document::write_entry(writer, document::CHECKS, self.entry, act)?;
        let path = [document::CHECKS, id.as_str()];
        writer.put(&path, document::WEEK, i64::from(self.week))?;
        let on = self.on.to_string();
        let fields = [
            (document::GOES, self.goes.as_str()),
            (document::ON, on.as_str()),
            (document::NOTE, self.note.as_str()),
        ];
        document::write_said(writer, &path, &fields)
    }
}

/// Writes the card for the next buddy: what works, which material, what goal. Without the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// What works.
    pub works: String,
    /// Which material.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub material: String,
    /// Towards what goal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub goal: String,
}

impl HandOver {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        card(&self.works, &self.material, &self.goal)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::HANDED, act.at.as_millis())?;
        for (key, text) in [
            (document::WORKS, &self.works),
            (document::MATERIAL, &self.material),
            (document::GOAL, &self.goal),
        ] {
            writer.put(&[], key, text.as_str())?;
        }
        Ok(())
    }
}
