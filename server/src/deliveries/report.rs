//! What coordinators read of home delivery beyond the documents on their own device.

use std::fmt::Write as _;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use sync_core::access::Role;
use sync_core::ids::BranchId;
use sync_core::time::LocalDate;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::entity::{delivery_log, round};
use crate::app_state::AppState;
use crate::auth::Actor;
use crate::problem::{Problem, ProblemBody};

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
