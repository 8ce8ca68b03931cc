//! What an administrator looks back at: the audit log, and mail that waits or was given up.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::{Deserialize, Serialize};
use sync_core::problem::ProblemKind;
use sync_core::time::{LocalDate, Timestamp, days_after};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::entity::mail as mail_row;
use super::line;
use crate::app_state::AppState;
use crate::auth::entity::user;
use crate::auth::{Actor, proof};
use crate::problem::{Problem, ProblemBody};
use crate::sync::entity::audit as audit_row;
use crate::{audit, mail};

/// Lines in one answer.
const PAGE: u64 = 100;
/// Lines in one file.
const FILE: u64 = 100_000;
/// Mails in the list.
const MAILS: u64 = 200;

/// What to look back at. All of it may be left out.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct LogQuery {
    /// Only this act.
    #[param(example = "revoke_device")]
    act: Option<String>,
    /// Only what this person did.
    user: Option<Uuid>,
    /// Only what was refused.
    refused: bool,
    /// Only from this day on, in Amsterdam.
    #[param(value_type = Option<String>, format = Date, example = "2026-11-01")]
    from: Option<LocalDate>,
    /// Only up to and with this day.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<LocalDate>,
    /// Only lines before this number: the next page.
    before: Option<i64>,
    /// `json` or `csv`.
    format: String,
}

/// One line of the log.
#[derive(Serialize, ToSchema)]
pub(super) struct LogLine {
    number: i64,
    /// When, milliseconds UTC.
    at: i64,
    act: String,
    user: Option<Uuid>,
    /// What colleagues call this person, as far as the account is there.
    name: String,
    device: Option<Uuid>,
    /// On which document, or about which person or device.
    about: Option<Uuid>,
    problem: Option<String>,
}

/// The audit log, newest first.
#[utoipa::path(get, path = "/api/audit", tag = "people", params(LogQuery), security(("bearer" = [])),
    responses((status = 200, body = Vec<LogLine>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn log(
    State(state): State<AppState>,
    actor: Actor,
    query: Result<Query<LogQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    actor.need_house_or_guard(&state.db.read).await?;
    let Query(query) = query?;
    let csv = query.format == "csv";
    if csv {
        proof::fresh(&state, &actor).await?;
    }
    // What was done a moment ago has no number yet.
    while audit::seal(&state.db, actor.organisation).await? > 0 {}
    let db = &state.db.read;
    let mut found = audit_row::Entity::find()
        .filter(audit_row::Column::OrganisationId.eq(actor.organisation.0))
        .filter(audit_row::Column::Number.is_not_null())
        .order_by_desc(audit_row::Column::Number)
        .limit(if csv { FILE } else { PAGE });
    if let Some(act) = query.act {
        found = found.filter(audit_row::Column::Act.eq(act));
    }
    if let Some(user) = query.user {
        found = found.filter(audit_row::Column::UserId.eq(user));
    }
    if query.refused {
        found = found.filter(audit_row::Column::Problem.is_not_null());
    }
    if let Some(from) = query.from {
        found = found.filter(audit_row::Column::At.gte(Timestamp::start_of(from).as_millis()));
    }
    if let Some(until) = query.until {
        found = found.filter(audit_row::Column::At.lt(Timestamp::start_of(days_after(until, 1)).as_millis()));
    }
    if let Some(before) = query.before {
        found = found.filter(audit_row::Column::Number.lt(before));
    }
    let rows = found.all(db).await?;
    let accounts =
        user::Entity::find().filter(user::Column::OrganisationId.eq(actor.organisation.0)).all(db).await?;
    let names: BTreeMap<Uuid, String> =
        accounts.into_iter().map(|account| (account.id, account.name)).collect();
    let lines: Vec<LogLine> = rows
        .into_iter()
        .map(|row| LogLine {
            number: row.number.unwrap_or_default(),
            at: row.at,
            act: row.act,
            name: row.user_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            user: row.user_id,
            device: row.device_id,
            about: row.document_id,
            problem: row.problem,
        })
        .collect();
    if !csv {
        return Ok(Json(lines).into_response());
    }
    // A report with whose acts they were is itself an act.
    let now = state.clock.now();
    let noted = line("export_audit", &actor, actor.person.user.0);
    audit::note(&state.db.write, actor.organisation.0, now, noted).await?;
    let text = as_csv(lines);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"logboek.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// What the log can be asked for.
#[derive(Serialize, ToSchema)]
pub(super) struct LogChoices {
    /// Every act that stands in it.
    acts: Vec<String>,
    /// Everybody who did something, as far as the account is there.
    people: Vec<LogPerson>,
}

/// Somebody who did something.
#[derive(Serialize, ToSchema)]
pub(super) struct LogPerson {
    user: Uuid,
    name: String,
}

/// What the audit log can be asked for: every act and everybody in it, also of what no page shows yet.
#[utoipa::path(get, path = "/api/audit/choices", tag = "people", security(("bearer" = [])),
    responses((status = 200, body = LogChoices),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn choices(
    State(state): State<AppState>,
    actor: Actor,
) -> Result<Json<LogChoices>, Problem> {
    actor.need_house_or_guard(&state.db.read).await?;
    let db = &state.db.read;
    let own = || {
        audit_row::Entity::find()
            .select_only()
            .distinct()
            .filter(audit_row::Column::OrganisationId.eq(actor.organisation.0))
    };
    let acts = own().column(audit_row::Column::Act).order_by_asc(audit_row::Column::Act);
    let acts: Vec<String> = acts.into_tuple().all(db).await?;
    let users: Vec<Option<Uuid>> = own().column(audit_row::Column::UserId).into_tuple().all(db).await?;
    let accounts = user::Entity::find()
        .filter(user::Column::OrganisationId.eq(actor.organisation.0))
        .filter(user::Column::Name.ne(""))
        .order_by_asc(user::Column::Name)
        .all(db)
        .await?;
    let people = accounts.into_iter().filter(|account| users.contains(&Some(account.id)));
    let people = people.map(|account| LogPerson { user: account.id, name: account.name }).collect();
    Ok(Json(LogChoices { acts, people }))
}

/// The lines as a file: only ids, numbers and words of our own are in it.
fn as_csv(lines: Vec<LogLine>) -> String {
    let mut text = String::from("number,at,act,user,device,about,problem\r\n");
    for line in lines {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let at =
            chrono::DateTime::from_timestamp_millis(line.at).map(|at| at.to_rfc3339()).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "{},{at},{},{},{},{},{}\r\n",
            line.number,
            line.act,
            id(line.user),
            id(line.device),
            id(line.about),
            line.problem.unwrap_or_default()
        );
    }
    text
}

/// A mail that waits or was given up.
#[derive(Serialize, ToSchema)]
pub(super) struct MailRow {
    mail: Uuid,
    kind: String,
    created_at: i64,
    next_try_at: i64,
    tries: i32,
    /// When it was given up.
    dead_at: Option<i64>,
}

/// Mail that waits or was given up, newest first; nothing of its text.
#[utoipa::path(get, path = "/api/mails", tag = "people", security(("bearer" = [])),
    responses((status = 200, body = Vec<MailRow>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn mails(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    actor.need_house(&state.db.read).await?;
    let rows = mail::queue(&state.db, actor.organisation.0, MAILS).await?;
    let all: Vec<MailRow> = rows
        .into_iter()
        .map(|row| MailRow {
            mail: row.id,
            kind: row.kind,
            created_at: row.created_at,
            next_try_at: row.next_try_at,
            tries: row.tries,
            dead_at: row.dead_at,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// Tries a mail again that waits or was given up.
#[utoipa::path(post, path = "/api/mails/{mail}/retry", tag = "people", security(("bearer" = [])),
    params(("mail" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn retry_mail(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    actor.need_house(&state.db.read).await?;
    let now = state.clock.now().as_millis();
    let changed = mail_row::Entity::update_many()
        .col_expr(mail_row::Column::NextTryAt, Expr::value(now))
        .col_expr(mail_row::Column::Tries, Expr::value(0))
        .col_expr(mail_row::Column::DeadAt, Expr::value(Option::<i64>::None))
        .filter(mail_row::Column::OrganisationId.eq(actor.organisation.0))
        .filter(mail_row::Column::Id.eq(id))
        .filter(mail_row::Column::SentAt.is_null())
        .exec(&state.db.write)
        .await?;
    if changed.rows_affected == 1 {
        Ok(axum::http::StatusCode::NO_CONTENT.into_response())
    } else {
        Err(Problem::new(ProblemKind::NotFound))
    }
}
