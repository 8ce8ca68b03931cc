//! The round (ronde): a day on which volunteers visit readers. Planned by a coordinator. Whether it is under way or
//! done follows from the logs of its stops; only *cancelled* is said. Diagram: `docs/states/round.md`.

use serde::{Deserialize, Serialize};

use super::document;
use super::words::DaySegment;
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::{BranchId, ReaderId, StopId, UserId};
use crate::problem::{ProblemKind, Refusal};
use crate::text::TypedText;
use crate::time::{LocalDate, days_after};

/// The most addresses on one round.
pub(super) const STOPS_MAX: usize = 60;
/// The most volunteers on one round.
const ASSIGNEES_MAX: usize = 6;
/// How far from the day of the act a round may be planned, in days, either way.
const HORIZON_DAYS: i64 = 400;

/// Refuses when the round was cancelled.
pub(super) fn check_open(document: &Document) -> Result<(), Refusal> {
    if document.root().flag(document::CANCELLED) {
        return Err(Refusal::new(ProblemKind::RoundCancelled, "the round was cancelled"));
    }
    Ok(())
}

/// Refuses unless the stop is on the round.
pub(super) fn check_stop(document: &Document, stop: StopId) -> Result<(), Refusal> {
    let found = document.root().map(document::STOPS).and_then(|stops| stops.map(&stop.to_string()));
    match found {
        None => Err(Refusal::new(ProblemKind::UnknownStop, format!("stop {stop} is not on this round"))),
        Some(stop) if stop.flag(document::REMOVED) => {
            Err(Refusal::new(ProblemKind::StopRemoved, "the stop was taken off the round"))
        }
        Some(_) => Ok(()),
    }
}

fn check_date(on: LocalDate, act: &Act<'_>) -> Result<(), Refusal> {
    let today = act.at.local_date();
    if on < days_after(today, -HORIZON_DAYS) || on > days_after(today, HORIZON_DAYS) {
        return Err(Refusal::new(ProblemKind::DateOutOfRange, "on"));
    }
    Ok(())
}

fn check_assignees(assignees: &[Assignee]) -> Result<(), Refusal> {
    match assignees.len() {
        0 => Err(Refusal::new(ProblemKind::NoAssignee, "a round needs a volunteer")),
        1..=ASSIGNEES_MAX => Ok(()),
        _ => Err(Refusal::new(ProblemKind::NumberOutOfRange, "assignees")),
    }
}

/// A volunteer on a round, with the name colleagues see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assignee {
    /// Who.
    pub user: UserId,
    /// The name.
    pub name: String,
}

impl Assignee {
    pub(super) fn text(&self) -> TypedText<'_> {
        TypedText::short("name", &self.name)
    }
}

/// An address to put on a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewStop {
    /// A fresh id.
    pub stop: StopId,
    /// Whom to visit.
    pub reader: ReaderId,
    /// Which bag.
    #[serde(default)]
    pub bag: String,
    /// What to bring.
    #[serde(default)]
    pub bring: String,
    /// What to fetch.
    #[serde(default)]
    pub fetch: String,
}

impl NewStop {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        vec![
            TypedText::short("bag", &self.bag),
            TypedText::short("bring", &self.bring),
            TypedText::short("fetch", &self.fetch),
        ]
    }
}

/// Plans a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanRound {
    /// The branch it starts from.
    pub branch: BranchId,
    /// What people call it, such as *Gieten-Zuid*.
    pub name: String,
    /// The day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// The part of the day.
    #[serde(default)]
    pub day_segment: DaySegment,
    /// Who brings.
    pub assignees: Vec<Assignee>,
    /// The addresses, in the order of the plan.
    pub stops: Vec<NewStop>,
}

impl PlanRound {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        let mut texts = vec![TypedText::short("name", &self.name).required()];
        texts.extend(self.assignees.iter().map(Assignee::text));
        texts.extend(self.stops.iter().flat_map(NewStop::texts));
        texts
    }

    pub(super) fn check(&self, act: &Act<'_>) -> Result<(), Refusal> {
        check_date(self.on, act)?;
        check_assignees(&self.assignees)?;
        match self.stops.len() {
            0 => return Err(Refusal::new(ProblemKind::NoStops, "a round needs an address")),
            1..=STOPS_MAX => {}
            _ => return Err(Refusal::new(ProblemKind::TooManyStops, format!("at most {STOPS_MAX}"))),
        }
        let mut ids: Vec<StopId> = self.stops.iter().map(|stop| stop.stop).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() != self.stops.len() {
            return Err(Refusal::new(ProblemKind::StopExists, "two stops have one id"));
        }
        Ok(())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        writer.put(&[], document::NAME, self.name.as_str())?;
        writer.put(&[], document::ON, self.on.to_string())?;
        writer.put(&[], document::DAY_SEGMENT, self.day_segment.as_str())?;
        document::write_assignees(writer, &self.assignees)?;
        for stop in &self.stops {
            document::write_stop(writer, stop)?;
        }
        let order: Vec<String> = self.stops.iter().map(|stop| stop.stop.to_string()).collect();
        writer.put(&[], document::PLAN_ORDER, order.join(" "))
    }
}

/// Gives a round to other volunteers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignRound {
    /// Everybody who brings from now on.
    pub assignees: Vec<Assignee>,
    /// Who no longer brings.
    #[serde(default)]
    pub released: Vec<UserId>,
}

impl AssignRound {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        check_open(document)?;
        check_assignees(&self.assignees)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        for user in &self.released {
            // Kept with an empty name instead of deleted: a volunteer added apart by somebody else stays.
            writer.put(&[document::ASSIGNEES], &user.to_string(), "")?;
        }
        document::write_assignees(writer, &self.assignees)
    }
}

/// Moves a round to another day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveRound {
    /// The new day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// The part of the day.
    pub day_segment: DaySegment,
}

impl MoveRound {
    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_open(document)?;
        check_date(self.on, act)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::ON, self.on.to_string())?;
        writer.put(&[], document::DAY_SEGMENT, self.day_segment.as_str())
    }
}

/// Cancels a round. What was logged on it stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CancelRound {
    /// Why, in a few words.
    #[serde(default)]
    pub reason: String,
}

impl CancelRound {
    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::CANCELLED, true)?;
        writer.put(&[], document::CANCEL_REASON, self.reason.as_str())
    }
}

/// Adds an address to a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddStop {
    /// The address.
    pub stop: NewStop,
}

impl AddStop {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        check_open(document)?;
        let stops = document.root().map(document::STOPS).map(|stops| stops.keys()).unwrap_or_default();
        if stops.contains(&self.stop.stop.to_string()) {
            return Err(Refusal::new(ProblemKind::StopExists, "the stop stands on the round already"));
        }
        if stops.len() >= STOPS_MAX {
            return Err(Refusal::new(ProblemKind::TooManyStops, format!("at most {STOPS_MAX}")));
        }
        Ok(())
    }
}

/// Changes what to bring or fetch at a stop; what is left out stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeStop {
    /// Which stop.
    pub stop: StopId,
    /// Which bag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bag: Option<String>,
    /// What to bring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bring: Option<String>,
    /// What to fetch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch: Option<String>,
}

impl ChangeStop {
    fn fields(&self) -> [(&'static str, Option<&str>); 3] {
        [
            (document::BAG, self.bag.as_deref()),
            (document::BRING, self.bring.as_deref()),
            (document::FETCH, self.fetch.as_deref()),
        ]
    }

    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        self.fields().into_iter().filter_map(|(field, text)| Some(TypedText::short(field, text?))).collect()
    }

    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        check_open(document)?;
        check_stop(document, self.stop)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        let stop = self.stop.to_string();
        for (field, text) in self.fields() {
            if let Some(text) = text {
                writer.put(&[document::STOPS, &stop], field, text)?;
            }
        }
        Ok(())
    }
}

/// Takes an address off a round. What was logged there stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveStop {
    /// Which stop.
    pub stop: StopId,
}

impl RemoveStop {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        check_open(document)?;
        check_stop(document, self.stop)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[document::STOPS, &self.stop.to_string()], document::REMOVED, true)
    }
}
