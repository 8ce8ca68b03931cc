//! Acts that were refused and wait for a person: each desk sees those of its own slice, since what was to be done can tell what only that
//! desk may know.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use sync_core::access::Role;
use sync_core::ids::{CommandId, DocumentId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::{deliveries, organisation, taalhuis, volunteers};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::app_state::AppState;
use crate::auth::Actor;
use crate::auth::entity::user;
use crate::problem::{Problem, ProblemBody};
use crate::sync::apply::UNKNOWN;
use crate::sync::entity::command;

/// Who looks after which acts.
#[derive(Clone, Copy)]
pub(crate) enum Desk {
    Deliveries,
    Taalhuis,
}

impl Desk {
    const fn role(self) -> Role {
        match self {
            Self::Deliveries => Role::DeliveryCoordinator,
            Self::Taalhuis => Role::TaalhuisCoordinator,
        }
    }

    /// The words of the acts that this desk looks after.
    pub(crate) fn kinds(self) -> Vec<&'static str> {
        match self {
            Self::Deliveries => {
                [deliveries::Command::KINDS, organisation::Command::KINDS, &[UNKNOWN]].concat()
            }
            Self::Taalhuis => [taalhuis::Command::KINDS, volunteers::Command::KINDS].concat(),
        }
    }
}

const PAGE: u64 = 100;

/// An act of a volunteer that was refused.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefusedAct {
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
pub(crate) struct ActsAfter {
    /// When it came in, milliseconds UTC.
    received: Option<i64>,
    /// Its id.
    id: Option<Uuid>,
}

/// The acts of volunteers that this desk looks after, refused and waiting for a person: the oldest first, a hundred a page.
async fn list(
    state: &AppState,
    actor: &Actor,
    desk: Desk,
    after: Result<Query<ActsAfter>, QueryRejection>,
) -> Result<Json<Vec<RefusedAct>>, Problem> {
    let branches = actor.need(desk.role())?;
    let Query(after) = after?;
    let mut found = command::Entity::find()
        .filter(command::Column::OrganisationId.eq(actor.organisation.0))
        .filter(command::Column::BranchId.is_in(branches.iter().map(|branch| branch.0)))
        .filter(command::Column::Kind.is_in(desk.kinds()))
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
        // Of an act that this server does not know nobody can say whose business its content is.
        let body = row.body.filter(|_| row.kind != UNKNOWN);
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
            body: body.and_then(|bytes| sync_core::sync::cbor::from_slice(&bytes).ok()),
        });
    }
    Ok(Json(acts))
}

/// Which refused act.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settle {
    /// Which.
    id: CommandId,
}

/// Notes that a refused act was dealt with.
async fn settle(
    state: &AppState,
    actor: &Actor,
    desk: Desk,
    body: Result<Json<Settle>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let branches = actor.need(desk.role())?;
    let Json(Settle { id }) = body?;
    let done = command::Entity::update_many()
        .col_expr(command::Column::SettledAt, Expr::value(Some(state.clock.now().as_millis())))
        .filter(command::Column::OrganisationId.eq(actor.organisation.0))
        .filter(command::Column::Id.eq(id.0))
        .filter(command::Column::BranchId.is_in(branches.iter().map(|branch| branch.0)))
        .filter(command::Column::Kind.is_in(desk.kinds()))
        .filter(command::Column::Problem.is_not_null())
        .exec(&state.db.write)
        .await?;
    if done.rows_affected == 0 {
        Err(Problem::new(ProblemKind::NotFound))
    } else {
        Ok(StatusCode::NO_CONTENT)
    }
}

/// The acts of volunteers in one's branches that were refused and wait for a person, the oldest first; a hundred a page.
#[utoipa::path(get, path = "/api/deliveries/refused-acts", tag = "deliveries", security(("bearer" = [])), params(ActsAfter),
    responses((status = 200, body = Vec<RefusedAct>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn of_deliveries(
    State(state): State<AppState>,
    actor: Actor,
    after: Result<Query<ActsAfter>, QueryRejection>,
) -> Result<Json<Vec<RefusedAct>>, Problem> {
    list(&state, &actor, Desk::Deliveries, after).await
}

/// Notes that a refused act was dealt with.
#[utoipa::path(post, path = "/api/deliveries/refused-acts/settle", tag = "deliveries", security(("bearer" = [])),
    request_body = Settle,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn settle_of_deliveries(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Json<Settle>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    settle(&state, &actor, Desk::Deliveries, body).await
}

/// The acts of volunteers in one's Taalhuizen that were refused and wait for a person, the oldest first; a hundred a page.
#[utoipa::path(get, path = "/api/taalhuis/refused-acts", tag = "taalhuis", security(("bearer" = [])), params(ActsAfter),
    responses((status = 200, body = Vec<RefusedAct>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn of_taalhuis(
    State(state): State<AppState>,
    actor: Actor,
    after: Result<Query<ActsAfter>, QueryRejection>,
) -> Result<Json<Vec<RefusedAct>>, Problem> {
    list(&state, &actor, Desk::Taalhuis, after).await
}

/// Notes that a refused act was dealt with.
#[utoipa::path(post, path = "/api/taalhuis/refused-acts/settle", tag = "taalhuis", security(("bearer" = [])),
    request_body = Settle,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn settle_of_taalhuis(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Json<Settle>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    settle(&state, &actor, Desk::Taalhuis, body).await
}
