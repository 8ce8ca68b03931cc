//! What a volunteer keeps for herself on a round: her own order of the addresses, and her kilometres.

use serde::{Deserialize, Serialize};

use super::document;
use super::round::{STOPS_MAX, check_open};
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::StopId;
use crate::problem::{ProblemKind, Refusal};

/// The most metres for one round: 500 km is more than Drenthe needs.
const METRES_MAX: u32 = 500_000;

/// Sets one's own order of the addresses, remembered for this round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrderRound {
    /// The stops, first one first. Stops that are left out come after these, in the order of the plan.
    pub order: Vec<StopId>,
}

impl OrderRound {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        check_open(document)?;
        if self.order.len() > STOPS_MAX {
            return Err(Refusal::new(ProblemKind::TooManyStops, format!("at most {STOPS_MAX}")));
        }
        Ok(())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let ids: Vec<String> = self.order.iter().map(ToString::to_string).collect();
        writer.put(&[document::ORDER], &act.by.user.to_string(), ids.join(" "))
    }
}

/// Notes one's own kilometres of a round. Noting them again replaces the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordKilometres {
    /// The distance in metres.
    pub metres: u32,
}

impl RecordKilometres {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        check_open(document)?;
        if self.metres > METRES_MAX {
            return Err(Refusal::new(ProblemKind::NumberOutOfRange, format!("at most {METRES_MAX} metres")));
        }
        Ok(())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        writer.put(&[document::METRES], &act.by.user.to_string(), i64::from(self.metres))
    }
}
