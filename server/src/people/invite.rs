//! Inviting somebody, or letting somebody in on a new phone: a link by mail (seven days), or a code that a colleague reads out
//! or shows (ten minutes), who then says which digits the new phone shows.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use sync_core::ids::{OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::time::{DAY_MS, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::invitation;
use super::{line, looked_after, outranks};
use crate::app_state::AppState;
use crate::auth::proof::Proven;
use crate::auth::{Actor, fresh_id, token};
use crate::db::begin_write;
use crate::problem::{Problem, ProblemBody};
use crate::qr::{self, Picture};
use crate::{audit, mail};

pub(super) const LINK_MS: i64 = 7 * DAY_MS;
const CODE_MS: i64 = 10 * 60_000;
/// Nine digits: read out in three groups of three.
pub(super) const CODES: u64 = 1_000_000_000;

/// How somebody comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Way {
    /// A link by mail.
    Link,
    /// A code that a colleague shows.
    Code,
    /// A code by mail, for the device that asked for it. Nobody invites by it.
    #[serde(skip)]
    Mailed,
}

impl Way {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Code => "code",
            Self::Mailed => "mailed",
        }
    }
}

/// How to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Invite {
    way: Way,
}

/// An invitation. The code is shown once; it is not kept.
#[derive(Serialize, ToSchema)]
pub(super) struct Invited {
    invitation: Uuid,
    /// Nine digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// The address with the code, for the camera of the new phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    qr: Option<Picture>,
    /// Seconds until it is over.
    expires_in: i64,
}

/// How far an invitation is.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitationState {
    /// `waiting`, `arrived` (a phone shows two digits), `joined` or `over`.
    state: &'static str,
    /// What the person calls the phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_name: Option<String>,
    /// One of these is what the phone shows.
    choices: Vec<i32>,
}

/// The digits that the new phone shows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirm {
    #[schema(example = 47)]
    digits: i32,
}

/// A number below this one, from the machine's own chance.
pub(super) fn chance(below: u64) -> Result<u64, Problem> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Problem::failure(error.to_string()))?;
    // Of 128 bits the unevenness of a remainder is not to be noticed.
    let number = u128::from_be_bytes(bytes) % u128::from(below);
    u64::try_from(number).map_err(Problem::failure)
}

/// The hash under which a link's token or a code is kept.
pub(super) fn secret_hash(way: Way, secret: &str) -> Vec<u8> {
    token::refresh_hash(&format!("{}:{secret}", way.as_str()))
}

/// Makes a way in for somebody whose work one looks after, and whose rights one may give.
#[utoipa::path(post, path = "/api/people/{user}/invitation", tag = "people", security(("bearer" = [])),
    params(("user" = Uuid, Path)), request_body = Invite,
    responses((status = 200, body = Invited),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn invite(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(id): Path<Uuid>,
    body: Result<Json<Invite>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(Invite { way }) = body?;
    let now = state.clock.now();
    let tx = begin_write(&state.db.write).await?;
    let account = looked_after(&tx, &actor, id).await?;
    outranks(&tx, &state, &actor, UserId(id)).await?;
    if way == Way::Link && account.email.is_empty() {
        return Err(Problem::new(ProblemKind::FieldMissing).about("email"));
    }
    // A newer one takes the place of those before it.
    close(&tx, actor.organisation, id, now).await?;
    let (secret, lasts) = match way {
        Way::Link => (token::fresh_refresh_token().map_err(Problem::failure)?.0, LINK_MS),
        Way::Code | Way::Mailed => (format!("{:09}", chance(CODES)?), CODE_MS),
    };
    let invitation = fresh_id(now)?;
    let row = invitation::ActiveModel {
        organisation_id: Set(actor.organisation.0),
        id: Set(invitation),
        user_id: Set(id),
        by_user_id: Set(actor.person.user.0),
        way: Set(way.as_str().to_owned()),
        secret_hash: Set(secret_hash(way, &secret)),
        created_at: Set(now.as_millis()),
        expires_at: Set(now.as_millis() + lasts),
        device_name: Set(None),
        join_hash: Set(None),
        digits: Set(None),
        confirmed_at: Set(None),
        used_at: Set(None),
    };
    invitation::Entity::insert(row).exec_without_returning(&tx).await?;
    // Behind the #: a browser sends that part to nobody, so that no log has it.
    let link = format!("{}/uitnodiging#{secret}", state.config.public_address.trim_end_matches('/'));
    if way == Way::Link {
        let words = account.words();
        let letter = mail::Letter {
            to: UserId(id),
            address: &account.email,
            kind: "invitation",
            subject: words.mail_invitation_subject(),
            body: &words.mail_invitation_body(&link, &account.name),
        };
        mail::write(&tx, actor.organisation, now, &letter).await?;
    }
    audit::note(&tx, actor.organisation.0, now, line("invite", &actor, id)).await?;
    tx.commit().await?;
    state.hurry.notify_one();
    let (code, qr) = if way == Way::Code { (Some(secret), qr::picture(&link)) } else { (None, None) };
    Ok(Json(Invited { invitation, code, qr, expires_in: lasts / 1_000 }).into_response())
}

/// Closes every way in of this person that still stands open.
pub(super) async fn close(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: Uuid,
    now: Timestamp,
) -> Result<(), Problem> {
    invitation::Entity::update_many()
        .col_expr(invitation::Column::ExpiresAt, Expr::value(now.as_millis()))
        .filter(invitation::Column::OrganisationId.eq(organisation.0))
        .filter(invitation::Column::UserId.eq(user))
        .filter(invitation::Column::ExpiresAt.gt(now.as_millis()))
        .exec(tx)
        .await?;
    Ok(())
}

async fn own(state: &AppState, actor: &Actor, id: Uuid) -> Result<invitation::Model, Problem> {
    invitation::Entity::find_by_id((actor.organisation.0, id))
        .one(&state.db.read)
        .await?
        .filter(|found| found.by_user_id == actor.person.user.0)
        .ok_or_else(|| Problem::new(ProblemKind::NotFound))
}

/// The right digits among two others that follow from the invitation, in order.
fn choices(found: &invitation::Model) -> Vec<i32> {
    let Some(digits) = found.digits else { return Vec::new() };
    let seed = found.id.as_u128();
    let mut all = vec![digits];
    for step in 1..100_u128 {
        let other = 10 + i32::try_from((seed + step * 37) % 90).unwrap_or_default();
        if !all.contains(&other) {
            all.push(other);
        }
        if all.len() == 3 {
            break;
        }
    }
    all.sort_unstable();
    all
}

/// How far one's own invitation is.
#[utoipa::path(get, path = "/api/invitations/{invitation}", tag = "people", security(("bearer" = [])),
    params(("invitation" = Uuid, Path)),
    responses((status = 200, body = InvitationState),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn state(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let found = own(&state, &actor, id).await?;
    let told = if found.used_at.is_some() {
        "joined"
    } else if found.expires_at <= state.clock.now().as_millis() {
        "over"
    } else if found.join_hash.is_some() && found.confirmed_at.is_none() {
        "arrived"
    } else {
        "waiting"
    };
    let choices = if told == "arrived" { choices(&found) } else { Vec::new() };
    Ok(Json(InvitationState { state: told, device_name: found.device_name, choices }).into_response())
}

/// Says which digits the new phone shows. The wrong ones end the invitation: then it is somebody else's phone.
#[utoipa::path(post, path = "/api/invitations/{invitation}/confirm", tag = "people", security(("bearer" = [])),
    params(("invitation" = Uuid, Path)), request_body = Confirm,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn confirm(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<Uuid>,
    body: Result<Json<Confirm>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(Confirm { digits }) = body?;
    let now = state.clock.now().as_millis();
    let found = own(&state, &actor, id).await?;
    let right = found.digits == Some(digits);
    let column = if right { invitation::Column::ConfirmedAt } else { invitation::Column::ExpiresAt };
    let changed = invitation::Entity::update_many()
        .col_expr(column, Expr::value(Some(now)))
        .filter(invitation::Column::OrganisationId.eq(actor.organisation.0))
        .filter(invitation::Column::Id.eq(id))
        .filter(invitation::Column::ExpiresAt.gt(now))
        .filter(invitation::Column::UsedAt.is_null())
        .exec(&state.db.write)
        .await?;
    if right && changed.rows_affected == 1 {
        Ok(axum::http::StatusCode::NO_CONTENT.into_response())
    } else {
        Err(Problem::new(ProblemKind::InvitationOver))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_digits_stand_among_two_others() {
        for id in 0..200_u128 {
            let found = invitation::Model {
                organisation_id: Uuid::nil(),
                id: Uuid::from_u128(id * 7_919),
                user_id: Uuid::nil(),
                by_user_id: Uuid::nil(),
                way: "code".to_owned(),
                secret_hash: Vec::new(),
                created_at: 0,
                expires_at: 0,
                device_name: None,
                join_hash: None,
                digits: Some(10 + i32::try_from(id % 90).unwrap()),
                confirmed_at: None,
                used_at: None,
            };
            let all = choices(&found);
            assert_eq!(all.len(), 3, "{all:?}");
            assert!(all.contains(&found.digits.unwrap()) && all.iter().all(|one| (10..100).contains(one)));
        }
    }
}
