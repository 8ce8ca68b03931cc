//! In which language mail to somebody is written.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use sync_core::problem::ProblemKind;
use utoipa::ToSchema;
use words::Words;

use crate::app_state::AppState;
use crate::auth::Actor;
use crate::auth::entity::user;
use crate::problem::{Problem, ProblemBody};

/// A language that this house speaks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Language {
    /// `nl` or `en`.
    #[schema(example = "en")]
    language: String,
}

/// Chooses the language of one's own mail; the app tells it when somebody chose another one there.
#[utoipa::path(post, path = "/api/me/language", tag = "people", security(("bearer" = [])), request_body = Language,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn choose(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Json<Language>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Json(Language { language }) = body?;
    let Some(words) = Words::parse(&language) else {
        return Err(Problem::new(ProblemKind::InvalidCommand).about("language"));
    };
    user::Entity::update_many()
        .col_expr(user::Column::Language, Expr::value(words.code()))
        .filter(user::Column::OrganisationId.eq(actor.organisation.0))
        .filter(user::Column::Id.eq(actor.person.user.0))
        .exec(&state.db.write)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
