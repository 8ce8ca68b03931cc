//! Coming in by a link or a code. Silent about who exists, slowed down by address.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use sync_core::ids::{OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use utoipa::ToSchema;

use super::entity::invitation;
use super::invite::{Way, chance, secret_hash};
use super::recovery::mailed_hash;
use crate::app_state::AppState;
use crate::auth::address::ClientAddress;
use crate::auth::entity::user;
use crate::auth::session::Entry;
use crate::auth::{self, password, second_factor, session, token, tries};
use crate::db::begin_write;
use crate::mail;
use crate::problem::{Problem, ProblemBody};

/// A link or a code, and the device it is used on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Join {
    /// The part of the link behind the `#`, or the nine digits.
    secret: String,
    /// With digits of a mail: what `/api/recover` gave to the device that asked for them.
    #[serde(default)]
    asked: String,
    #[schema(example = "Telefoon van Mieke")]
    device_name: String,
    /// Whoever is more than a volunteer chooses a password.
    #[serde(default)]
    password: String,
    /// The code of the second factor, of who has one: a new password does not get around it.
    #[serde(default)]
    code: String,
}

/// What a new phone waits with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Waits {
    join: String,
    /// The code of the second factor, of who has one: a colleague vouches for a face, not for that.
    #[serde(default)]
    code: String,
}

/// Not in yet.
#[derive(Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum JoinState {
    /// A password must be chosen: send the same again with one.
    PasswordNeeded,
    /// Show these digits, and ask `/api/join/finish` until a colleague confirmed them.
    Waiting {
        /// What to ask with.
        #[serde(skip_serializing_if = "Option::is_none")]
        join: Option<String>,
        /// What to show.
        #[serde(skip_serializing_if = "Option::is_none")]
        digits: Option<i32>,
    },
}

/// Comes in by a link or a code. By a link the answer is that of a sign-in; by a code a colleague must confirm first.
#[utoipa::path(post, path = "/api/join", tag = "sign-in", request_body = Join,
    responses((status = 200, body = JoinState, description = "or the answer of a sign-in"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn join(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: Result<Json<Join>, JsonRejection>,
) -> Result<Response, Problem> {
    session::own_origin(&state, &headers)?;
    let Json(Join { secret, asked, device_name, password, code }) = body?;
    let secret: String = secret.chars().filter(|c| !c.is_whitespace()).collect();
    if secret.len() > 128 || asked.len() > 128 || device_name.chars().count() > 80 {
        return Err(Problem::new(ProblemKind::InvitationOver));
    }
    let now = state.clock.now();
    let db = &state.db.write;
    let found = invited(&state, &secret, &asked, &address.to_string()).await?;
    if found.way == Way::Code.as_str() {
        let (join, join_hash) = token::fresh_refresh_token().map_err(Problem::failure)?;
        let digits = 10 + i32::try_from(chance(90)?).map_err(Problem::failure)?;
        let arrived = invitation::Entity::update_many()
            .col_expr(invitation::Column::JoinHash, Expr::value(Some(join_hash)))
            .col_expr(invitation::Column::Digits, Expr::value(Some(digits)))
            .col_expr(invitation::Column::DeviceName, Expr::value(Some(device_name)))
            .filter(invitation::Column::OrganisationId.eq(found.organisation_id))
            .filter(invitation::Column::Id.eq(found.id))
            .filter(invitation::Column::JoinHash.is_null())
            .exec(db)
            .await?;
        if arrived.rows_affected != 1 {
            return Err(Problem::new(ProblemKind::InvitationOver));
        }
        return Ok(Json(JoinState::Waiting { join: Some(join), digits: Some(digits) }).into_response());
    }
    let account = account(&state, &found).await?;
    let organisation = OrganisationId(found.organisation_id);
    let person = auth::person(db, organisation, UserId(account.id), now.local_date()).await?;
    let staff = person.memberships.iter().any(|own| !own.role.is_of_volunteers());
    if staff && password.is_empty() {
        return Ok(Json(JoinState::PasswordNeeded).into_response());
    }
    let password = if staff {
        password::strong_enough(&password, &[&account.name, &account.email])?;
        Some(state.passwords.hash(password).await?)
    } else {
        None
    };
    let entry = second_factor::ask_for_any(&state, &account, &code).await?;
    if !use_up(&state, &found).await? {
        return Err(Problem::new(ProblemKind::InvitationOver));
    }
    if found.by_user_id == found.user_id {
        // Of a mail: its link and its code are one way in.
        super::invite::close(db, organisation, found.user_id, now).await?;
    }
    let account = match password {
        Some(hash) => choose_password(&state, &account, hash).await?,
        None => account,
    };
    session::let_in(&state, &account, device_name, entry, session::is_program(&headers)).await
}

/// The invitation that these open; every knock is counted until they do.
async fn invited(
    state: &AppState,
    secret: &str,
    asked: &str,
    address: &str,
) -> Result<invitation::Model, Problem> {
    let now = state.clock.now();
    let db = &state.db.write;
    let by_address = tries::shared_key("join", address);
    // Whoever asked for a mail knows half of what opens: the other half is guessed a few times only, from wherever.
    let by_asked = (!asked.is_empty()).then(|| tries::key("join-asked", asked));
    let keys: Vec<&tries::Key> = [&by_address].into_iter().chain(&by_asked).collect();
    tries::begin(db, &keys, now).await?;
    let hash = if asked.is_empty() {
        Condition::any()
            .add(invitation::Column::SecretHash.eq(secret_hash(Way::Link, secret)))
            .add(invitation::Column::SecretHash.eq(secret_hash(Way::Code, secret)))
    } else {
        Condition::all().add(invitation::Column::SecretHash.eq(mailed_hash(asked, secret)))
    };
    let found = invitation::Entity::find()
        .filter(hash)
        .filter(invitation::Column::ExpiresAt.gt(now.as_millis()))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::JoinHash.is_null())
        .one(db)
        .await?;
    let found = found.ok_or_else(|| Problem::new(ProblemKind::InvitationOver))?;
    for key in keys {
        tries::give_back(db, key).await?;
    }
    Ok(found)
}

/// Keeps the password that somebody chose; the account as it stands from now on. Whoever chooses another one may do so because somebody
/// knows the old one: where that opened a browser, it does no more. A phone behind a PIN stays: the password never opened it.
async fn choose_password(
    state: &AppState,
    account: &user::Model,
    hash: String,
) -> Result<user::Model, Problem> {
    let organisation = OrganisationId(account.organisation_id);
    let tx = begin_write(&state.db.write).await?;
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(hash))
        .filter(user::Column::OrganisationId.eq(account.organisation_id))
        .filter(user::Column::Id.eq(account.id))
        .exec(&tx)
        .await?;
    auth::end_browsers(&tx, organisation, account.id, None, state.clock.now()).await?;
    let now = user::Entity::find_by_id((account.organisation_id, account.id)).one(&tx).await?;
    tx.commit().await?;
    now.ok_or_else(|| Problem::new(ProblemKind::InvitationOver))
}

async fn account(state: &AppState, found: &invitation::Model) -> Result<user::Model, Problem> {
    user::Entity::find_by_id((found.organisation_id, found.user_id))
        .one(&state.db.write)
        .await?
        .filter(|account| account.ended_at.is_none())
        .ok_or_else(|| Problem::new(ProblemKind::InvitationOver))
}

/// Marks an invitation as used; false when somebody else was first.
async fn use_up(state: &AppState, found: &invitation::Model) -> Result<bool, Problem> {
    let used = invitation::Entity::update_many()
        .col_expr(invitation::Column::UsedAt, Expr::value(Some(state.clock.now().as_millis())))
        .filter(invitation::Column::OrganisationId.eq(found.organisation_id))
        .filter(invitation::Column::Id.eq(found.id))
        .filter(invitation::Column::UsedAt.is_null())
        .exec(&state.db.write)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Tells somebody that a colleague let a device in under that name: whoever has an address hears of it, also when it was somebody else.
async fn tell_of_device(state: &AppState, account: &user::Model, device: &str) -> Result<(), Problem> {
    if account.email.is_empty() {
        return Ok(());
    }
    let words = account.words();
    let letter = mail::Letter {
        to: UserId(account.id),
        address: &account.email,
        kind: "new_device",
        subject: words.mail_new_device_subject(),
        body: &words.mail_new_device_body(device, &account.name),
    };
    let organisation = OrganisationId(account.organisation_id);
    mail::write(&state.db.write, organisation, state.clock.now(), &letter).await?;
    state.hurry.notify_one();
    Ok(())
}

/// Asks whether a colleague confirmed the digits; then the answer is that of a sign-in.
#[utoipa::path(post, path = "/api/join/finish", tag = "sign-in", request_body = Waits,
    responses((status = 200, body = JoinState, description = "or the answer of a sign-in"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn finish(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Json<Waits>, JsonRejection>,
) -> Result<Response, Problem> {
    session::own_origin(&state, &headers)?;
    let Json(Waits { join, code }) = body?;
    let found = invitation::Entity::find()
        .filter(invitation::Column::JoinHash.eq(token::refresh_hash(&join)))
        .filter(invitation::Column::ExpiresAt.gt(state.clock.now().as_millis()))
        .filter(invitation::Column::UsedAt.is_null())
        .one(&state.db.write)
        .await?
        .ok_or_else(|| Problem::new(ProblemKind::InvitationOver))?;
    if found.confirmed_at.is_none() {
        return Ok(Json(JoinState::Waiting { join: None, digits: None }).into_response());
    }
    let account = account(&state, &found).await?;
    second_factor::ask_beside_a_colleague(&state, &account, &code).await?;
    if !use_up(&state, &found).await? {
        return Err(Problem::new(ProblemKind::InvitationOver));
    }
    let name = found.device_name.clone().unwrap_or_default();
    tell_of_device(&state, &account, &name).await?;
    session::let_in(&state, &account, name, Entry::Vouched, session::is_program(&headers)).await
}
