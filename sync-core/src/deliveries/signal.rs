//! The signal (signaal): a worry about a reader, or about one's own safety. The volunteer who raises it does not
//! keep it: once it has arrived, only coordinators can read it. Diagram: `docs/states/signal.md`.

use serde::{Deserialize, Serialize};

use super::document;
use super::words::{SignalKind, SignalState};
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::{BranchId, ReaderId, RoundId};
use crate::problem::{ProblemKind, Refusal};
use crate::text::TypedText;

/// Passes a worry on to the coordinator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RaiseSignal {
    /// The branch whose coordinators read it.
    pub branch: BranchId,
    /// About what.
    pub signal: SignalKind,
    /// On which round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundId>,
    /// About whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<ReaderId>,
    /// What was seen, in a few words; needed with [`SignalKind::Worry`].
    #[serde(default)]
    pub note: String,
}

impl RaiseSignal {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        match self.signal {
            SignalKind::Worry => TypedText::free("note", &self.note).required().check(),
            SignalKind::Unsafe => Ok(()),
        }
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        writer.put(&[], document::SIGNAL_KIND, self.signal.as_str())?;
        writer.put(&[], document::STATE, SignalState::Open.as_str())?;
        writer.put(&[], document::BY, act.by.user.to_string())?;
        writer.put(&[], document::AT, act.at.as_millis())?;
        if let Some(round) = self.round {
            writer.put(&[], document::ROUND_ID, round.to_string())?;
        }
        if let Some(reader) = self.reader {
            writer.put(&[], document::READER, reader.to_string())?;
        }
        writer.write_text(document::NOTE, &self.note)
    }
}

/// Notes what became of a signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SettleSignal {
    /// The new state: taken up, or settled.
    pub state: SignalState,
    /// What was done.
    #[serde(default)]
    pub note: String,
}

impl SettleSignal {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        let now = SignalState::parse(&document.root().string(document::STATE)).unwrap_or_default();
        if self.state == SignalState::Open || now == SignalState::Settled {
            return Err(Refusal::new(
                ProblemKind::StateNotPossible,
                format!("{} cannot become {}", now.as_str(), self.state.as_str()),
            ));
        }
        Ok(())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::STATE, self.state.as_str())?;
        writer.put(&[], document::SETTLED_BY, act.by.user.to_string())?;
        writer.put(&[], document::SETTLED_AT, act.at.as_millis())?;
        writer.write_text(document::ANSWER, &self.note)
    }
}
