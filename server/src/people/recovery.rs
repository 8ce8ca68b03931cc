//! Coming in again without a colleague: a link by mail, for whoever has an address, and beside it a code that is typed where it was asked
//! for: on an iPhone a link opens in the browser and not in the app on the home screen. Silent about who exists, slowed down by address
//! and account. Both are those of an invitation: they open once, for an hour, and never around a second step.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use sync_core::ids::{OrganisationId, UserId};
use sync_core::time::Timestamp;
use utoipa::ToSchema;

use super::entity::invitation;
use super::invite::{CODES, Way, chance, secret_hash};
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

/// What the device that asked waits with.
#[derive(Serialize, ToSchema)]
pub(super) struct Asked {
    /// Beside this the code of the mail opens; without it that code is nothing.
    asked: String,
}

/// Asks for a link and a code to come in again. The answer is the same for every address.
#[utoipa::path(post, path = "/api/recover", tag = "sign-in", request_body = Recover,
    responses((status = 200, body = Asked), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn recover(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: Result<Json<Recover>, JsonRejection>,
) -> Result<Json<Asked>, Problem> {
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
    let (asked, _) = token::fresh_refresh_token().map_err(Problem::failure)?;
    let tasks = state.tasks.clone();
    let waits_with = asked.clone();
    tasks.spawn(async move {
        if let Err(problem) = write_link(&state, &email, &waits_with, now).await {
            tracing::warn!(problem = problem.kind().slug(), "a link to come in again was not written");
        }
    });
    Ok(Json(Asked { asked }))
}

/// Under what the code of a mail is kept: with what the device that asked waits with.
pub(super) fn mailed_hash(asked: &str, code: &str) -> Vec<u8> {
    secret_hash(Way::Mailed, &format!("{asked}:{code}"))
}

/// Writes the mail with the link and the code, when somebody who works here has this address.
async fn write_link(state: &AppState, email: &str, asked: &str, now: Timestamp) -> Result<(), Problem> {
    let tx = begin_write(&state.db.write).await?;
    let account = user::Entity::find().filter(user::Column::Email.eq(email)).one(&tx).await?;
    let known = account.filter(|account| !account.email.is_empty() && account.ended_at.is_none());
    let Some(account) = known else { return Ok(()) };
    let open = invitation::Entity::find()
        .filter(invitation::Column::OrganisationId.eq(account.organisation_id))
        .filter(invitation::Column::UserId.eq(account.id))
        .filter(invitation::Column::ByUserId.eq(account.id))
        .filter(invitation::Column::Way.eq(Way::Link.as_str()))
        .filter(invitation::Column::ExpiresAt.gt(now.as_millis()))
        .count(&tx)
        .await?;
    if open >= LINKS_OPEN {
        // Nobody fills a mailbox, from however many places: the links of this hour still work.
        return Ok(());
    }
    let (secret, _) = token::fresh_refresh_token().map_err(Problem::failure)?;
    let code = format!("{:09}", chance(CODES)?);
    let way_in = |way: Way, hash: Vec<u8>| -> Result<invitation::ActiveModel, Problem> {
        Ok(invitation::ActiveModel {
            organisation_id: Set(account.organisation_id),
            id: Set(fresh_id(now)?),
            user_id: Set(account.id),
            by_user_id: Set(account.id),
            way: Set(way.as_str().to_owned()),
            secret_hash: Set(hash),
            created_at: Set(now.as_millis()),
            expires_at: Set(now.as_millis() + LINK_MS),
            ..Default::default()
        })
    };
    let ways = [
        way_in(Way::Link, secret_hash(Way::Link, &secret))?,
        way_in(Way::Mailed, mailed_hash(asked, &code))?,
    ];
    invitation::Entity::insert_many(ways).exec_without_returning(&tx).await?;
    let link = format!("{}/uitnodiging#{secret}", state.config.public_address.trim_end_matches('/'));
    let words = account.words();
    let letter = mail::Letter {
        to: UserId(account.id),
        address: &account.email,
        kind: "recovery",
        subject: words.mail_recovery_subject(),
        body: &words.mail_recovery_body(in_threes(&code), &link, &account.name),
    };
    mail::write(&tx, OrganisationId(account.organisation_id), now, &letter).await?;
    let asked =
        audit::Line { act: "recover".to_owned(), document: Some(account.id), ..audit::Line::default() };
    audit::note(&tx, account.organisation_id, now, asked).await?;
    tx.commit().await?;
    state.hurry.notify_one();
    Ok(())
}

/// As it is read and typed: nine digits in groups of three.
fn in_threes(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    digits.chunks(3).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
