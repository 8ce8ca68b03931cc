//! What a screen shows of a volunteer: plain data, total, without Automerge.

use serde::{Deserialize, Serialize};

use super::document;
use super::words::{Training, VogState};
use crate::document::Document;
use crate::ids::{BranchId, EntryId, UserId};
use crate::questions::Answers;
use crate::time::{LocalDate, Timestamp};

/// The own part of a volunteer; also its row in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VolunteerView {
    /// The branch.
    pub branch: Option<BranchId>,
    /// Who.
    pub user: Option<UserId>,
    /// What was answered.
    pub answers: Answers,
}

impl VolunteerView {
    /// Reads it.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let root = document.root();
        Self { branch: root.id("branch"), user: root.id(document::USER), answers: Answers::read(document) }
    }

    /// The last day of a pause or holiday that has a day in this time. Without a first day it began already.
    #[must_use]
    pub fn away_within(&self, first: LocalDate, last: LocalDate) -> Option<LocalDate> {
        let until = self.answers.day("paused_until").filter(|until| *until >= first)?;
        let begins = self.answers.day("paused_from");
        begins.is_none_or(|from| from <= last).then_some(until)
    }
}

/// How a VOG stood at some moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VogView {
    /// How it stood.
    pub state: VogState,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// For which profile.
    pub profile: String,
    /// Who noted it.
    pub by: Option<UserId>,
    /// When that was.
    pub at: Timestamp,
}

/// A training that was followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrainingView {
    /// In what.
    pub training: Training,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// Who gave it.
    pub by_whom: String,
}

/// A talk with a volunteer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TalkView {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// What was said.
    pub note: String,
    /// Who noted it.
    pub by: Option<UserId>,
}

/// The file of a volunteer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VolunteerFileView {
    /// The branch.
    pub branch: Option<BranchId>,
    /// Who.
    pub user: Option<UserId>,
    /// How the VOG stood, oldest first.
    pub vog: Vec<VogView>,
    /// The trainings, oldest first.
    pub trainings: Vec<TrainingView>,
    /// The talks, oldest first.
    pub talks: Vec<TalkView>,
}

/// The row of the file of a volunteer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VolunteerFileRow {
    /// The branch.
    pub branch: Option<BranchId>,
    /// Who.
    pub user: Option<UserId>,
    /// How the VOG stands.
    pub vog: VogState,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub vog_on: Option<LocalDate>,
    /// Whether the basic training was followed.
    pub is_trained: bool,
}

impl VolunteerFileView {
    /// Reads it.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let root = document.root();
        let mut vog: Vec<(EntryId, VogView)> = root
            .entries(document::VOG)
            .into_iter()
            .map(|(id, map)| {
                let view = VogView {
                    state: VogState::parse(&map.string(document::STATE)).unwrap_or_default(),
                    on: map.date(document::ON),
                    profile: map.string(document::PROFILE),
                    by: map.id(document::BY),
                    at: map.timestamp(document::AT),
                };
                (id, view)
            })
            .collect();
        vog.sort_by_key(|(id, view)| (view.at, *id));
        let mut trainings: Vec<TrainingView> = root
            .entries::<EntryId>(document::TRAININGS)
            .into_iter()
            .filter_map(|(_, map)| {
                Some(TrainingView {
                    training: Training::parse(&map.string(document::TRAINING))?,
                    on: map.date(document::ON),
                    by_whom: map.string(document::BY_WHOM),
                })
            })
            .collect();
        trainings.sort_by_key(|one| one.on);
        let mut talks: Vec<TalkView> = root
            .entries::<EntryId>(document::TALKS)
            .into_iter()
            .map(|(_, map)| TalkView {
                on: map.date(document::ON),
                note: map.string(document::NOTE),
                by: map.id(document::BY),
            })
            .collect();
        talks.sort_by_key(|one| one.on);
        Self {
            branch: root.id("branch"),
            user: root.id(document::USER),
            vog: vog.into_iter().map(|(_, view)| view).collect(),
            trainings,
            talks,
        }
    }

    /// Its row in a list.
    #[must_use]
    pub fn row(&self) -> VolunteerFileRow {
        let last = self.vog.last();
        VolunteerFileRow {
            branch: self.branch,
            user: self.user,
            vog: last.map(|one| one.state).unwrap_or_default(),
            vog_on: last.and_then(|one| one.on),
            is_trained: self.trainings.iter().any(|one| one.training == Training::Basic),
        }
    }
}
