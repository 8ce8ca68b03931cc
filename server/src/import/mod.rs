//! Importing readers, learners and volunteers from a spreadsheet: look what is in it, check every row, and then bring it in as ordinary
//! commands, all of it or nothing. The file is never kept: whoever imports sends it with every step.

mod check;
pub mod entity;
mod known;
mod labels;
mod run;
mod sheet;
pub mod terminal;

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse as _, Response};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sync_core::access::Role;
use sync_core::ids::BranchId;
use sync_core::import::{FILE_MAX, Target, guess, heading_row};
use sync_core::problem::ProblemKind;
use sync_core::questions::Question;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use self::check::{Line, State as RowState};
use self::entity::heading;
use self::sheet::{Row, Sheet};
use crate::app_state::AppState;
use crate::auth::Actor;
use crate::auth::proof::Proven;
use crate::problem::{Problem, ProblemBody};

/// How many cells under a heading are shown.
const SAMPLES: usize = 3;
/// The most characters of a cell that are shown.
const SAMPLE_MAX: usize = 40;

/// The routes of importing.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(look))
        .routes(routes!(dry_run))
        .routes(routes!(bring_in))
        .layer(DefaultBodyLimit::max(BODY_MAX))
}

/// The most bytes of a request: the file, and what is to be done with it.
pub(crate) const BODY_MAX: usize = FILE_MAX + 256 * 1_024;

/// What is to be done with a file.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Plan {
    /// Which sheet, from 0.
    pub sheet: usize,
    /// The number of the row with the headings, from 1; looked for when left out.
    pub heading: Option<usize>,
    /// What the columns mean: the key of a field by the number of the column, from 0.
    pub columns: BTreeMap<usize, String>,
    /// Where the rows go.
    pub branch: BranchId,
    /// As what volunteers come in: `deliverer`, `buddy`, …
    #[schema(value_type = Option<String>, example = "buddy")]
    pub role: Option<Role>,
    /// A fresh id: sent again, an import has no second effect.
    pub import: Uuid,
    /// Rows that come in although they look like somebody.
    pub take: BTreeSet<usize>,
    /// How many rows come in according to the check.
    pub expect: usize,
}

/// A spreadsheet, and what is to be done with it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Upload {
    plan: Plan,
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A column of a file.
#[derive(Serialize, ToSchema)]
struct Column {
    /// Its number, from 0.
    number: usize,
    heading: String,
    /// Some cells under it.
    samples: Vec<String>,
    /// What it is taken for.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

/// A field that a column can mean.
#[derive(Serialize, ToSchema)]
struct FieldRow {
    #[schema(example = "birth_date")]
    key: &'static str,
    required: bool,
}

/// What is in a file.
#[derive(Serialize, ToSchema)]
struct Look {
    /// The names of the sheets.
    sheets: Vec<String>,
    /// The number of the row with the headings, from 1.
    heading: usize,
    /// How many rows stand under it.
    rows: usize,
    columns: Vec<Column>,
    fields: Vec<FieldRow>,
}

/// What came, or would come, of an import.
#[derive(Serialize, ToSchema)]
struct Report {
    /// Rows that come in, or came in.
    new: usize,
    /// Rows that look like somebody.
    doubles: usize,
    /// Rows that cannot be taken.
    refused: usize,
    /// Whether it was done.
    done: bool,
    /// Every row, in order.
    lines: Vec<Line>,
}

impl Report {
    fn of(lines: Vec<Line>, done: bool) -> Self {
        let count = |state: RowState| lines.iter().filter(|line| line.state == state).count();
        Self {
            new: count(RowState::New),
            doubles: count(RowState::Double),
            refused: count(RowState::Refused),
            done,
            lines,
        }
    }
}

/// What was sent.
struct Sent {
    plan: Plan,
    file: Vec<u8>,
}

async fn sent(body: Result<Multipart, MultipartRejection>) -> Result<Sent, Problem> {
    let malformed =
        || Problem::new(ProblemKind::MalformedRequest).about("multipart/form-data with plan and file");
    let mut body = body.map_err(|_| malformed())?;
    let (mut plan, mut file) = (None, None);
    while let Some(part) = body.next_field().await.map_err(|_| malformed())? {
        match part.name() {
            Some("plan") => {
                let bytes = part.bytes().await.map_err(|_| malformed())?;
                let read = serde_json::from_slice(&bytes);
                plan = Some(read.map_err(|_| Problem::new(ProblemKind::InvalidRequest).about("plan"))?);
            }
            Some("file") => {
                let bytes = part.bytes().await.map_err(|_| Problem::new(ProblemKind::BodyTooLarge))?;
                if bytes.len() > FILE_MAX {
                    return Err(Problem::new(ProblemKind::BodyTooLarge));
                }
                file = Some(bytes.to_vec());
            }
            _ => return Err(malformed()),
        }
    }
    let (Some(plan), Some(file)) = (plan, file) else { return Err(malformed()) };
    Ok(Sent { plan, file })
}

fn target(told: &str) -> Result<Target, Problem> {
    Target::parse(told).ok_or_else(|| Problem::new(ProblemKind::NotFound))
}

/// Refuses whoever imports this nowhere.
fn need(actor: &Actor, target: Target) -> Result<(), Problem> {
    let own = &actor.person.memberships;
    let may = own.iter().any(|own| target.importers().contains(&own.role));
    if may { Ok(()) } else { Err(Problem::new(ProblemKind::NotAllowed)) }
}

/// Reads a sheet aside: it may take a while.
async fn read(file: Vec<u8>, number: usize) -> Result<Sheet, Problem> {
    let reading = tokio::task::spawn_blocking(move || sheet::read(&file, number));
    reading.await.map_err(Problem::failure)?
}

fn folded(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell| labels::fold(cell)).collect()
}

/// Which of the rows has the headings.
fn heading(target: Target, rows: &[Row], wanted: Option<usize>) -> Result<usize, Problem> {
    if rows.is_empty() {
        return Err(Problem::new(ProblemKind::FileNotReadable).about("an empty sheet"));
    }
    let Some(number) = wanted else {
        let texts: Vec<Vec<String>> = rows.iter().take(40).map(folded).collect();
        return Ok(heading_row(target, &texts, &labels::fields(target)));
    };
    let found = rows.iter().position(|row| row.number == number);
    found.ok_or_else(|| Problem::new(ProblemKind::InvalidRequest).about("heading"))
}

/// Under what a heading is remembered: never readable, for a list without headings has a person in that row.
fn heading_key(actor: &Actor, target: Target, heading: &str) -> String {
    let whole = format!("{}/{}/{heading}", actor.organisation, target.as_str());
    format!("{:x}", Sha256::digest(whole))
}

/// What was said of these headings before.
async fn remembered(
    db: &impl ConnectionTrait,
    actor: &Actor,
    target: Target,
    headings: &[String],
) -> Result<BTreeMap<String, String>, Problem> {
    let keys: BTreeMap<String, &String> =
        headings.iter().map(|heading| (heading_key(actor, target, heading), heading)).collect();
    let rows = heading::Entity::find()
        .filter(heading::Column::OrganisationId.eq(actor.organisation.0))
        .filter(heading::Column::Target.eq(target.as_str()))
        .filter(heading::Column::Heading.is_in(keys.keys().map(String::as_str)))
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some(((*keys.get(&row.heading)?).clone(), row.field))).collect())
}

/// Looks what is in a spreadsheet (XLSX or CSV), and what its columns probably mean.
#[utoipa::path(post, path = "/api/import/{target}/look", tag = "import", security(("bearer" = [])),
    params(("target" = String, Path, description = "`readers`, `learners` or `volunteers`")),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, body = Look),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn look(
    State(state): State<AppState>,
    actor: Actor,
    Path(told): Path<String>,
    body: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let target = target(&told)?;
    need(&actor, target)?;
    let Sent { plan, file } = sent(body).await?;
    let sheet = read(file, plan.sheet).await?;
    let at = heading(target, &sheet.rows, plan.heading)?;
    let (head, below) = sheet.rows.split_at(at + 1);
    let Some(head) = head.last() else { return Err(Problem::new(ProblemKind::InvalidRequest)) };
    let headings = folded(head);
    let remembered = remembered(&state.db.read, &actor, target, &headings).await?;
    let guesses = guess(target, &headings, &remembered, &labels::fields(target));
    let columns = head.cells.iter().enumerate().map(|(column, heading)| {
        // Each once: a column of one place says nothing more the third time.
        let mut samples: Vec<String> = Vec::new();
        for cell in below.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !cell.is_empty()) {
            let sample = cell.chars().take(SAMPLE_MAX).collect();
            if samples.len() == SAMPLES {
                break;
            }
            if !samples.contains(&sample) {
                samples.push(sample);
            }
        }
        Column {
            number: column,
            heading: heading.clone(),
            samples,
            field: guesses.iter().find(|guess| guess.column == column).map(|guess| guess.field.to_owned()),
        }
    });
    let required = target.required();
    let fields = target
        .fields()
        .iter()
        .map(|field| FieldRow { key: field.key, required: required.contains(&field.key) })
        .collect();
    let look = Look {
        heading: head.number,
        rows: below.len(),
        // A column without a heading and without cells is only room.
        columns: columns.filter(|column| !column.heading.is_empty() || !column.samples.is_empty()).collect(),
        sheets: sheet.names,
        fields,
    };
    Ok(Json(look).into_response())
}

/// The columns with a meaning; a field that is not there, or twice, is refused.
fn meant<'a>(plan: &Plan, fields: &'a [Question]) -> Result<Vec<(usize, &'a Question)>, Problem> {
    let mut columns = Vec::new();
    let mut seen = BTreeSet::new();
    for (column, key) in plan.columns.iter().filter(|(_, key)| !key.is_empty()) {
        let field = fields.iter().find(|field| field.key == key);
        let field = field.filter(|field| seen.insert(field.key));
        columns.push((
            *column,
            field.ok_or_else(|| Problem::new(ProblemKind::InvalidRequest).about("columns"))?,
        ));
    }
    Ok(columns)
}

/// Checks every row without writing anything: what would come in, what looks like somebody, and what cannot be taken.
#[utoipa::path(post, path = "/api/import/{target}/check", tag = "import", security(("bearer" = [])),
    params(("target" = String, Path, description = "`readers`, `learners` or `volunteers`")),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, body = Report),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn dry_run(
    State(state): State<AppState>,
    actor: Actor,
    Path(told): Path<String>,
    body: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let target = target(&told)?;
    need(&actor, target)?;
    let Sent { plan, file } = sent(body).await?;
    let checked = run::checked(&state.db, &actor, target, (&plan, file), state.clock.now()).await?;
    let lines = checked.rows.into_iter().map(|row| row.line).collect();
    Ok(Json(Report::of(lines, false)).into_response())
}

/// Brings the rows in that the check found good: all of them, or nothing.
#[utoipa::path(post, path = "/api/import/{target}/run", tag = "import", security(("bearer" = [])),
    params(("target" = String, Path, description = "`readers`, `learners` or `volunteers`")),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, body = Report),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn bring_in(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(told): Path<String>,
    body: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let target = target(&told)?;
    need(&actor, target)?;
    let Sent { plan, file } = sent(body).await?;
    let report = run::run(&state.db, &actor, target, (&plan, file), state.clock.now()).await?;
    state.bell.ring(actor.organisation);
    Ok(Json(report).into_response())
}
