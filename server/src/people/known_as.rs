//! What somebody is called and where mail goes: put right by who looks after that person, or by oneself where one looks after others (the
//! right of rectification, AVG article 16).

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use sync_core::ids::{BranchId, OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::text::TypedText;
use sync_core::time::Timestamp;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::mail as mail_row;
use super::{commit, invite, line, looked_after, outranks, roster, tell_team};
use crate::app_state::AppState;
use crate::auth::entity::user;
use crate::auth::proof::Proven;
use crate::auth::{self, end_tokens};
use crate::db::begin_write;
use crate::problem::{Problem, ProblemBody};
use crate::{audit, mail};

/// What somebody is called from now on, and where mail goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownAs {
    #[schema(example = "Mieke Naber")]
    name: String,
    /// Empty for who comes in by a code only.
    #[serde(default)]
    #[schema(example = "mieke@voorbeeld.invalid")]
    email: String,
}

/// Puts a name or an address right. With another address every open way in ends and all sign in anew; the old address is told.
#[utoipa::path(post, path = "/api/people/{user}", tag = "people", security(("bearer" = [])),
    params(("user" = Uuid, Path)), request_body = KnownAs,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn change(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(id): Path<Uuid>,
    body: Result<Json<KnownAs>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let now = state.clock.now();
    let tx = begin_write(&state.db.write).await?;
    let before = looked_after(&tx, &actor, id).await?;
    if actor.person.user != UserId(id) {
        // Whoever changes the address gets the next link to come in.
        outranks(&tx, &state, &actor, UserId(id)).await?;
    }
    let Json(new) = body?;
    let name = new.name.trim().to_owned();
    TypedText::short("name", &name).required().check()?;
    let email = roster::tidy_email(&new.email)?;
    if email.is_empty() && !before.password_hash.is_empty() {
        return Err(Problem::new(ProblemKind::FieldMissing).about("email"));
    }
    if email != before.email {
        turn_mail(&tx, &before, &email, now).await?;
    }
    user::Entity::update_many()
        .col_expr(user::Column::Name, Expr::value(name.clone()))
        .col_expr(user::Column::Email, Expr::value(email))
        .filter(user::Column::OrganisationId.eq(actor.organisation.0))
        .filter(user::Column::Id.eq(id))
        .exec(&tx)
        .await?;
    if name != before.name {
        let person = auth::person_and_coming(&tx, actor.organisation, UserId(id), now.local_date()).await?;
        let mut branches: Vec<BranchId> = person.memberships.iter().map(|own| own.branch).collect();
        branches.dedup();
        let account = user::Model { name, ..before };
        tell_team(&tx, &state, &actor, &account, &branches).await?;
    }
    audit::note(&tx, actor.organisation.0, now, line("rename_person", &actor, id)).await?;
    commit(&state, tx, actor.organisation).await?;
    state.hurry.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

/// Ends what was on its way to the old address, and says there that it is so.
async fn turn_mail(
    tx: &DatabaseTransaction,
    before: &user::Model,
    email: &str,
    now: Timestamp,
) -> Result<(), Problem> {
    if !email.is_empty() {
        let taken = user::Entity::find()
            .filter(user::Column::Email.eq(email))
            .filter(user::Column::Id.ne(before.id))
            .one(tx)
            .await?;
        if taken.is_some() {
            return Err(Problem::new(ProblemKind::AddressInUse).about("email"));
        }
    }
    let organisation = OrganisationId(before.organisation_id);
    invite::close(tx, organisation, before.id, now).await?;
    end_tokens(tx, organisation, before.id).await?;
    mail_row::Entity::delete_many()
        .filter(mail_row::Column::OrganisationId.eq(before.organisation_id))
        .filter(mail_row::Column::UserId.eq(before.id))
        .filter(mail_row::Column::SentAt.is_null())
        .exec(tx)
        .await?;
    if before.email.is_empty() {
        return Ok(());
    }
    let words = before.words();
    let letter = mail::Letter {
        to: UserId(before.id),
        address: &before.email,
        kind: "address_changed",
        subject: words.mail_address_changed_subject(),
        body: &words.mail_address_changed_body(&before.name),
    };
    mail::write(tx, organisation, now, &letter).await
}
