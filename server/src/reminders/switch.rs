//! The link under a mail that comes by itself: a page that tells whether one gets this kind, with a button for the other. Opening
//! it changes nothing, because programs that look through mail open every link.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::{DOCTYPE, html};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use sync_core::ids::{OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::Words;

use super::Kind;
use super::entity::mail_switch;
use crate::app_state::AppState;
use crate::auth::entity::user;
use crate::auth::master_key::MasterKey;
use crate::auth::token;
use crate::problem::{Problem, ProblemBody};

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(page, turn))
}

/// What the link holds: the same in every mail of a kind to one person, so that an old mail still works.
pub(super) fn secret(
    master: &MasterKey,
    organisation: OrganisationId,
    user: UserId,
    kind: Kind,
) -> Result<String, Problem> {
    let purpose = format!("mail-switch {organisation} {user} {}", kind.as_str());
    Ok(URL_SAFE_NO_PAD.encode(master.derive(purpose.as_bytes())?))
}

/// Whether this person wants none of this kind. The switch is there from the first mail on.
pub(super) async fn is_off(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: UserId,
    kind: Kind,
    secret: &str,
) -> Result<bool, Problem> {
    let key = (organisation.0, user.0, kind.as_str().to_owned());
    if let Some(row) = mail_switch::Entity::find_by_id(key).one(tx).await? {
        let hash = token::refresh_hash(secret);
        if row.secret_hash != hash {
            // The key that it was derived from was forgotten: from now on the link of today turns it.
            mail_switch::Entity::update_many()
                .col_expr(mail_switch::Column::SecretHash, Expr::value(hash))
                .filter(mail_switch::Column::OrganisationId.eq(organisation.0))
                .filter(mail_switch::Column::UserId.eq(user.0))
                .filter(mail_switch::Column::Kind.eq(kind.as_str()))
                .exec(tx)
                .await?;
        }
        return Ok(row.off_at.is_some());
    }
    let row = mail_switch::ActiveModel {
        organisation_id: Set(organisation.0),
        user_id: Set(user.0),
        kind: Set(kind.as_str().to_owned()),
        secret_hash: Set(token::refresh_hash(secret)),
        off_at: Set(None),
    };
    mail_switch::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(tx).await?;
    Ok(false)
}

/// Which switch.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Link {
    /// From the mail.
    secret: String,
}

/// The other way.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Turned {
    secret: String,
    /// Whether the mail is wanted.
    on: bool,
}

async fn found(state: &AppState, secret: &str) -> Result<(mail_switch::Model, Kind), Problem> {
    let row = mail_switch::Entity::find()
        .filter(mail_switch::Column::SecretHash.eq(token::refresh_hash(secret)))
        .one(&state.db.write)
        .await?;
    let kind = row.as_ref().and_then(|row| Kind::parse(&row.kind));
    row.zip(kind).ok_or_else(|| Problem::new(ProblemKind::NotFound))
}

/// The language of whoever has this switch.
async fn words_of(state: &AppState, row: &mail_switch::Model) -> Result<Words, Problem> {
    let account = user::Entity::find_by_id((row.organisation_id, row.user_id)).one(&state.db.read).await?;
    Ok(account.map(|account| account.words()).unwrap_or_default())
}

fn shown(words: Words, kind: Kind, on: bool, secret: &str) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang=(words.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (words.mail_switch_title()) }
                link rel="stylesheet" href="/api/docs.css";
            }
            body {
                main {
                    h1 { (kind.name(words)) }
                    p role="status" { @if on { (words.mail_switch_is_on()) } @else { (words.mail_switch_is_off()) } }
                    form method="post" action="/api/mail-switch" {
                        input type="hidden" name="secret" value=(secret);
                        input type="hidden" name="on" value=(!on);
                        button type="submit" { @if on { (words.mail_switch_off()) } @else { (words.mail_switch_on()) } }
                    }
                }
            }
        }
    };
    Html(page.into_string())
}

/// A page that tells whether one gets this kind of mail.
#[utoipa::path(get, path = "/api/mail-switch", tag = "people", params(Link),
    responses((status = 200, description = "a page"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn page(
    State(state): State<AppState>,
    query: Result<Query<Link>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Link { secret }) = query?;
    let (row, kind) = found(&state, &secret).await?;
    let words = words_of(&state, &row).await?;
    Ok(shown(words, kind, row.off_at.is_none(), &secret).into_response())
}

/// Turns a kind of mail off or on.
#[utoipa::path(post, path = "/api/mail-switch", tag = "people",
    request_body(content = Turned, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "the page"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn turn(
    State(state): State<AppState>,
    form: Result<Form<Turned>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(Turned { secret, on }) = form.map_err(|error| {
        let kind = if error.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            ProblemKind::UnsupportedMediaType
        } else {
            ProblemKind::MalformedRequest
        };
        Problem::new(kind).about(error.body_text())
    })?;
    let (row, kind) = found(&state, &secret).await?;
    let words = words_of(&state, &row).await?;
    let off_at = (!on).then(|| state.clock.now().as_millis());
    mail_switch::Entity::update_many()
        .col_expr(mail_switch::Column::OffAt, Expr::value(off_at))
        .filter(mail_switch::Column::OrganisationId.eq(row.organisation_id))
        .filter(mail_switch::Column::UserId.eq(row.user_id))
        .filter(mail_switch::Column::Kind.eq(row.kind))
        .exec(&state.db.write)
        .await?;
    Ok(shown(words, kind, on, &secret).into_response())
}
