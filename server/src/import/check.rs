//! The dry run: every row as it would come in, or why not, and whom it looks like. Nothing is written.

use core::fmt;
use std::collections::BTreeSet;

use serde::Serialize;
use sync_core::access::Person;
use sync_core::command::Command;
use sync_core::document::Document;
use sync_core::doubles::{Crowd, Likeness};
use sync_core::ids::{BranchId, CommandId, DocumentId};
use sync_core::import::{Bad, Entry, Ids, Placed, Target, commands, entry};
use sync_core::ledger;
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::questions::{Answers, Question};
use sync_core::sync::message::Envelope;
use sync_core::time::Timestamp;
use unicode_normalization::UnicodeNormalization as _;
use utoipa::ToSchema;
use uuid::Uuid;

use super::labels::{self, fold};
use super::sheet::Row;

/// The most characters of a cell that a report repeats.
const REPEATED: usize = 60;

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It comes in.
    New,
    /// It looks like somebody who is there, and stays out.
    Double,
    /// A cell of it cannot be taken: it stays out.
    Refused,
}

/// A cell that cannot be taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Wrong {
    /// The column, from 0; left out when there is none for this field.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    /// Which field.
    #[schema(example = "birth_date")]
    field: &'static str,
    /// A slug of `x-problems`.
    #[schema(value_type = String, example = "date-out-of-range")]
    problem: ProblemKind,
    /// What stands in the cell, cut off; not when it is a number that must not be kept.
    #[serde(skip_serializing_if = "String::is_empty")]
    value: String,
}

/// Whom a row looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Like {
    /// A row of the same file.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<usize>,
    name: String,
}

impl Like {
    pub(super) fn known(name: &str) -> Self {
        Self { row: None, name: name.to_owned() }
    }
}

/// A row of the report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Line {
    /// The number of the row in the file, from 1.
    pub(super) row: usize,
    pub(super) state: State,
    /// What people call this person.
    name: String,
    /// What is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wrong: Vec<Wrong>,
    /// Whom the row looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    like: Option<Like>,
}

impl Line {
    /// Whether the row comes in.
    pub(super) const fn is_new(&self) -> bool {
        matches!(self.state, State::New)
    }
}

/// For a terminal: the row, and why it stays out.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}", self.row)?;
        if let Some(like) = self.like.as_ref().filter(|_| self.wrong.is_empty()) {
            match like.row {
                Some(row) => write!(f, ": looks like row {row}")?,
                None => write!(f, ": looks like somebody who is there")?,
            }
        }
        for wrong in &self.wrong {
            write!(f, ": {} {}", wrong.field, wrong.problem.slug())?;
        }
        Ok(())
    }
}

/// What an import is held against.
pub(super) struct Against {
    /// Who imports.
    pub(super) person: Person,
    pub(super) branch: BranchId,
    /// Which import.
    pub(super) import: Uuid,
    pub(super) now: Timestamp,
    /// Who is there already.
    pub(super) crowd: Crowd<Like>,
    /// Addresses of accounts that are there already.
    pub(super) addresses: BTreeSet<String>,
    /// Rows that come in although they look like somebody.
    pub(super) take: BTreeSet<usize>,
}

/// A row that was checked.
pub(super) struct Checked {
    pub(super) line: Line,
    /// The commands that it becomes; none when it stays out.
    pub(super) commands: Vec<(DocumentId, Command)>,
    pub(super) answers: Answers,
    pub(super) ids: Ids,
}

/// Runs the commands of a row on documents that do not exist yet, as the server would.
fn rehearse(acts: &[(DocumentId, Command)], ids: Ids, against: &Against) -> Result<(), Refusal> {
    let mut open: Vec<(DocumentId, Document)> = Vec::new();
    for (number, (id, command)) in acts.iter().enumerate() {
        let existed = open.iter().any(|(other, _)| other == id);
        if !existed {
            open.push((*id, Document::skeleton(command.document_kind())?));
        }
        let Some((_, document)) = open.iter_mut().find(|(other, _)| other == id) else { continue };
        let envelope = envelope(ids, number, *id, command, against.now);
        ledger::replay(document, existed, &envelope, command, &against.person)?;
    }
    Ok(())
}

/// A command of a row on its way: with an id that is the same whenever the import is sent.
pub(super) fn envelope(
    ids: Ids,
    number: usize,
    document: DocumentId,
    command: &Command,
    now: Timestamp,
) -> Envelope {
    Envelope::without_base(CommandId(ids.part(&format!("command/{number}"))), document, command, now)
}

fn wrong(bad: &Bad, cells: &[String]) -> Wrong {
    let cell =
        bad.column.and_then(|column| cells.get(column)).filter(|_| !bad.problem.is_of_a_number_never_kept());
    Wrong {
        column: bad.column,
        field: bad.field,
        problem: bad.problem,
        value: cell.map(|cell| cell.chars().take(REPEATED).collect()).unwrap_or_default(),
    }
}

/// Checks every row, in order: what comes later in the file is held against what came before.
pub(super) fn check(
    target: Target,
    columns: &[(usize, &Question)],
    rows: &[Row],
    mut against: Against,
) -> Vec<Checked> {
    let labels = labels::answers(target);
    let today = against.now.local_date();
    let mut all = Vec::new();
    for row in rows {
        let cells: Vec<String> = row.cells.iter().map(|cell| cell.nfc().collect()).collect();
        let mut entry = entry(target, columns, &cells, (&labels, &fold), today);
        let email = entry.answers.get("email").to_owned();
        if target == Target::Volunteers && against.addresses.contains(&email) {
            let column = columns.iter().find(|(_, field)| field.key == "email").map(|(column, _)| *column);
            entry.bad.push(Bad { column, field: "email", problem: ProblemKind::AddressInUse });
        }
        let ids = Ids::of(against.import, row.number);
        let placed = Placed { branch: against.branch, ids, today };
        let acts = commands(target, &entry.answers, placed);
        let likeness = Likeness::new(&entry.name(), entry.answers.get("phone"), entry.year(), fold);
        let like = against.crowd.find(&likeness).cloned();
        let stays_out = like.is_some() && !against.take.contains(&row.number);
        // What stays out anyway needs no rehearsal.
        if entry.bad.is_empty()
            && !stays_out
            && let Err(refusal) = rehearse(&acts, ids, &against)
        {
            entry.bad.push(refused(&refusal, columns));
        }
        let state = match (entry.bad.is_empty(), stays_out) {
            (false, _) => State::Refused,
            (true, true) => State::Double,
            (true, false) => State::New,
        };
        if state == State::New {
            against.addresses.extend((!email.is_empty()).then_some(email));
        }
        // A row that is refused counts too: put right in the file, it would come in beside the other.
        against.crowd.add(likeness, Like { row: Some(row.number), name: entry.name() });
        let told = line(row.number, state, &entry, &cells, like);
        let commands = if state == State::New { acts } else { Vec::new() };
        all.push(Checked { line: told, commands, answers: entry.answers, ids });
    }
    all
}

fn line(row: usize, state: State, entry: &Entry, cells: &[String], like: Option<Like>) -> Line {
    let wrong = entry.bad.iter().map(|bad| wrong(bad, cells)).collect();
    Line { row, state, name: entry.name(), wrong, like }
}

/// What a rule refused that no cell by itself breaks.
fn refused(refusal: &Refusal, columns: &[(usize, &Question)]) -> Bad {
    let about = columns.iter().find(|(_, field)| field.key == refusal.detail);
    Bad {
        column: about.map(|(column, _)| *column),
        field: about.map_or("", |(_, field)| field.key),
        problem: refusal.kind,
    }
}
