//! Coming in again without a colleague: a link by mail, for whoever has an address. Silent about who exists, slowed down by address
//! and account. The link is that of an invitation: it opens once, for an hour, and never around a second step.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde::Deserialize;
use sync_core::ids::{OrganisationId, UserId};
use sync_core::time::Timestamp;
use utoipa::ToSchema;

use super::entity::invitation;
use super::invite::{Way, secret_hash};
use crate::app_state::AppState;
use crate::auth::address::ClientAddress;
use crate::auth::entity::user;
use crate::auth::{fresh_id, session, token, tries};
use crate::db::begin_write;
use crate::problem::{Problem, ProblemBody};
use crate::{audit, mail};

/// How long the link works.
const LINK_MS: i64 = 3_600_000;
/// So many links of one person at most within that time.
const LINKS_OPEN: u64 = 3;

/// Who cannot come in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Recover {
    #[schema(example = "bezorger@voorbeeld.invalid")]
    email: String,
}

/// Asks for a link to come in again. The answer is the same for every address.
#[utoipa::path(post, path = "/api/recover", tag = "sign-in", request_body = Recover,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn recover(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: Result<Json<Recover>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    session::own_origin(&state, &headers)?;
    let Json(Recover { email }) = body?;
    let email = super::roster::tidy_email(&email)?;
    let now = state.clock.now();
    let db = &state.db.write;
    // Every asking counts: nobody asks for a list of addresses. Of one mailbox from one place strictly; of what others share loosely, so
    // that a stranger keeps nobody from the own link.
    let (by_both, by_address) = (
        tries::key("recover", &format!("{email} {address}")),
        tries::shared_key("recover-from", &address.to_string()),
    );
    tries::begin(db, &[&by_both, &by_address], now).await?;
    // Whether the address is known does not show in how long the answer takes: the rest comes after it.
    let tasks = state.tasks.clone();
    tasks.spawn(async move {
        if let Err(problem) = write_link(&state, &email, now).await {
            tracing::warn!(problem = problem.kind().slug(), "a link to come in again was not written");
        }
    });
    Ok(StatusCode::NO_CONTENT)
}

/// Writes the mail with the link, when somebody who works here has this address.
async fn write_link(state: &AppState, email: &str, now: Timestamp) -> Result<(), Problem> {
    let tx = begin_write(&state.db.write).await?;
    let account = user::Entity::find().filter(user::Column::Email.eq(email)).one(&tx).await?;
    let known = account.filter(|account| !account.email.is_empty() && account.ended_at.is_none());
    let Some(account) = known else { return Ok(()) };
    let open = invitation::Entity::find()
        .filter(invitation::Column::OrganisationId.eq(account.organisation_id))
        .filter(invitation::Column::UserId.eq(account.id))
        .filter(invitation::Column::ByUserId.eq(account.id))
        .filter(invitation::Column::ExpiresAt.gt(now.as_millis()))
        .count(&tx)
        .await?;
    if open >= LINKS_OPEN {
        // Nobody fills a mailbox, from however many places: the links of this hour still work.
        return Ok(());
    }
    let (secret, _) = token::fresh_refresh_token().map_err(Problem::failure)?;
    invitation::Entity::insert(invitation::ActiveModel {
        organisation_id: Set(account.organisation_id),
        id: Set(fresh_id(now)?),
        user_id: Set(account.id),
        by_user_id: Set(account.id),
        way: Set(Way::Link.as_str().to_owned()),
        secret_hash: Set(secret_hash(Way::Link, &secret)),
        created_at: Set(now.as_millis()),
        expires_at: Set(now.as_millis() + LINK_MS),
        ..Default::default()
    })
    .exec_without_returning(&tx)
    .await?;
    let link = format!("{}/uitnodiging#{secret}", state.config.public_address.trim_end_matches('/'));
    let words = account.words();
    let letter = mail::Letter {
        to: UserId(account.id),
        address: &account.email,
        kind: "recovery",
        subject: words.mail_recovery_subject(),
        body: &words.mail_recovery_body(&link, &account.name),
    };
    mail::write(&tx, OrganisationId(account.organisation_id), now, &letter).await?;
    let asked =
        audit::Line { act: "recover".to_owned(), document: Some(account.id), ..audit::Line::default() };
    audit::note(&tx, account.organisation_id, now, asked).await?;
    tx.commit().await?;
    state.hurry.notify_one();
    Ok(())
}
