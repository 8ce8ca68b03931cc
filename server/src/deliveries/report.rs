//! What coordinators read of home delivery beyond the documents on their own device.

use std::fmt::Write as _;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use sync_core::access::Role;
use sync_core::ids::{BranchId, CommandId, DocumentId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::time::LocalDate;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::entity::{delivery_log, round};
use crate::app_state::AppState;
use crate::auth::Actor;
use crate::auth::entity::user;
use crate::problem::{Problem, ProblemBody};
use crate::sync::entity::command;

const PAGE: u64 = 100;

/// An act of a volunteer that was refused.
#[derive(Serialize, ToSchema)]
pub(super) struct RefusedAct {
    /// Which act.
    id: CommandId,
    /// On which document.
    document: DocumentId,
    /// Which command.
    kind: String,
    /// Why: `/problems/<slug>`.
    problem: String,
    /// The reason in words.
    title: &'static str,
    /// Whose.
    user: UserId,
    /// The name of that person.
    name: String,
    /// When that person acted, in milliseconds.
    acted_at: i64,
    /// When it came in, in milliseconds.
    received_at: i64,
    /// Whether the clock of the phone was off by more than a day.
    clock_is_off: bool,
    /// What was to be done.
    body: Option<serde_json::Value>,
}

/// From where on to list refused acts: both of the last one on the page before.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct ActsAfter {
    /// When it came in, milliseconds UTC.
    received: Option<i64>,
    /// Its id.
    id: Option<Uuid>,
}

/// The acts of volunteers in one's branches that were refused and wait for a person, the oldest first; a hundred a page.
#[utoipa::path(get, path = "/api/deliveries/refused-acts", tag = "deliveries", security(("bearer" = [])), params(ActsAfter),
    responses((status = 200, body = Vec<RefusedAct>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn refused_acts(
    State(state): State<AppState>,
    actor: Actor,
    after: Result<Query<ActsAfter>, QueryRejection>,
) -> Result<Json<Vec<RefusedAct>>, Problem> {
    let branches = actor.need(Role::DeliveryCoordinator)?;
    let Query(after) = after?;
    let mut found = command::Entity::find()
        .filter(command::Column::OrganisationId.eq(actor.organisation.0))
        .filter(command::Column::BranchId.is_in(branches.iter().map(|branch| branch.0)))
        .filter(command::Column::Problem.is_not_null())
        .filter(command::Column::SettledAt.is_null())
        .order_by_asc(command::Column::ReceivedAt)
        .order_by_asc(command::Column::Id)
        .limit(PAGE);
    if let (Some(received), Some(id)) = (after.received, after.id) {
        let same =
            Condition::all().add(command::Column::ReceivedAt.eq(received)).add(command::Column::Id.gt(id));
        found = found.filter(Condition::any().add(command::Column::ReceivedAt.gt(received)).add(same));
    }
    let rows = found.all(&state.db.read).await?;
    let mut acts = Vec::new();
    for row in rows {
        let person =
            user::Entity::find_by_id((actor.organisation.0, row.user_id)).one(&state.db.read).await?;
        let problem = row.problem.unwrap_or_default();
        acts.push(RefusedAct {
            id: CommandId(row.id),
            document: DocumentId(row.document_id),
            kind: row.kind,
            title: crate::problem::title(
                ProblemKind::from_slug(&problem).unwrap_or(ProblemKind::InternalError),
            ),
            problem: format!("/problems/{problem}"),
            user: UserId(row.user_id),
            name: person.map(|person| person.name).unwrap_or_default(),
            acted_at: row.acted_at,
            received_at: row.received_at,
            clock_is_off: (row.received_at - row.acted_at).abs() > sync_core::time::DAY_MS * 40
                || row.acted_at > row.received_at + sync_core::time::DAY_MS,
            body: row.body.and_then(|bytes| sync_core::sync::cbor::from_slice(&bytes).ok()),
        });
    }
    Ok(Json(acts))
}

/// Which refused act.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Settle {
    /// Which.
    id: CommandId,
}

/// Notes that a refused act was dealt with.
#[utoipa::path(post, path = "/api/deliveries/refused-acts/settle", tag = "deliveries", security(("bearer" = [])),
    request_body = Settle,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn settle_refused_act(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Json<Settle>, axum::extract::rejection::JsonRejection>,
) -> Result<StatusCode, Problem> {
    let branches = actor.need(Role::DeliveryCoordinator)?;
    let Json(Settle { id }) = body?;
    let done = command::Entity::update_many()
        .col_expr(command::Column::SettledAt, Expr::value(Some(state.clock.now().as_millis())))
        .filter(command::Column::OrganisationId.eq(actor.organisation.0))
        .filter(command::Column::Id.eq(id.0))
        .filter(command::Column::BranchId.is_in(branches.iter().map(|branch| branch.0)))
        .filter(command::Column::Problem.is_not_null())
        .exec(&state.db.write)
        .await?;
    if done.rows_affected == 0 {
        Err(Problem::new(ProblemKind::NotFound))
    } else {
        Ok(StatusCode::NO_CONTENT)
    }
}

/// Which period, and in which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct VisitsQuery {
    /// The first day.
    #[param(value_type = String, format = Date, example = "2026-10-01")]
    from: LocalDate,
    /// The last day.
    #[param(value_type = String, format = Date, example = "2026-12-31")]
    until: LocalDate,
    /// `json` or `csv`.
    #[serde(default)]
    format: String,
}

/// Visits of a branch with one outcome.
#[derive(Debug, FromQueryResult, Serialize, ToSchema)]
pub(super) struct VisitCount {
    /// The branch.
    branch_id: Option<Uuid>,
    /// The outcome.
    outcome: Option<String>,
    /// How many visits.
    visits: i64,
    /// How many items went in the doors.
    items_out: Option<i64>,
    /// How many items came back.
    items_in: Option<i64>,
}

/// The visits of one's branches in a period, by outcome.
#[utoipa::path(get, path = "/api/deliveries/visits", tag = "deliveries", params(VisitsQuery), security(("bearer" = [])),
    responses((status = 200, body = Vec<VisitCount>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn visits(
    State(state): State<AppState>,
    actor: Actor,
    query: Result<Query<VisitsQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let branches = actor.need(Role::DeliveryCoordinator)?;
    let Query(query) = query?;
    let counts = count_visits(&state.db.read, &actor, &branches, &query).await?;
    if query.format != "csv" {
        return Ok(Json(counts).into_response());
    }
    // Only ids, words of our own and numbers: nothing a spreadsheet could take for a formula.
    let mut text = String::from("branch_id,outcome,visits,items_out,items_in\r\n");
    for row in counts {
        let number = |value: Option<i64>| value.unwrap_or(0).to_string();
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "{},{},{},{},{}\r\n",
            row.branch_id.unwrap_or_default(),
            row.outcome.unwrap_or_default(),
            row.visits,
            number(row.items_out),
            number(row.items_in)
        );
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"bezoeken.csv\""),
    ];
    Ok((headers, text).into_response())
}

async fn count_visits(
    db: &impl ConnectionTrait,
    actor: &Actor,
    branches: &[BranchId],
    query: &VisitsQuery,
) -> Result<Vec<VisitCount>, Problem> {
    use sea_orm::sea_query::{ExprTrait as _, Query};
    let mut select = Query::select();
    select
        .expr_as(Expr::col(("r", "branch_id")), "branch_id")
        .expr_as(Expr::col(("l", "outcome")), "outcome")
        .expr_as(Expr::col(("l", "id")).count(), "visits")
        .expr_as(Expr::col(("l", "items_out")).sum(), "items_out")
        .expr_as(Expr::col(("l", "items_in")).sum(), "items_in")
        .from_as(round::Entity, "r")
        .join_as(
            sea_orm::JoinType::InnerJoin,
            delivery_log::Entity,
            "l",
            Expr::col(("l", "organisation_id"))
                .eq(Expr::col(("r", "organisation_id")))
                .and(Expr::col(("l", "round_id")).eq(Expr::col(("r", "id")))),
        )
        .and_where(Expr::col(("r", "organisation_id")).eq(actor.organisation.0))
        .and_where(Expr::col(("r", "branch_id")).is_in(branches.iter().map(|branch| branch.0)))
        .and_where(Expr::col(("r", "planned_on")).gte(query.from))
        .and_where(Expr::col(("r", "planned_on")).lte(query.until))
        .and_where(Expr::col(("l", "counts")).eq(true))
        .group_by_columns([("r", "branch_id"), ("l", "outcome")])
        .order_by(("r", "branch_id"), sea_orm::Order::Asc)
        .order_by(("l", "outcome"), sea_orm::Order::Asc);
    let rows = db.query_all(&select).await?;
    rows.iter().map(|row| VisitCount::from_query_result(row, "").map_err(Problem::from)).collect()
}
