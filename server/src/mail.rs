//! Outgoing mail: written in the transaction of what it is about, sent afterwards, tried again with growing waits, and given up
//! where somebody sees it. No subject says anything about a person.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lettre::message::Mailbox;
use lettre::transport::smtp::client::TlsParameters;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use sync_core::ids::{OrganisationId, UserId};
use sync_core::time::Timestamp;
use uuid::Uuid;

use crate::auth::fresh_id;
use crate::config::Config;
use crate::db::Db;
use crate::people::entity::mail;
use crate::problem::Problem;

/// How many mails go out in one go.
const AT_ONCE: u64 = 50;
/// After so many tries (about two days) a mail is given up.
const TRIES_MAX: i32 = 14;
const FIRST_WAIT_MS: i64 = 60_000;
const LONGEST_WAIT_MS: i64 = 6 * 3_600_000;
/// So long a mail server may take for one step.
const SERVER_PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// After so many failures in a row the others wait for the next turn: a server that hangs must not stop the clock.
const FAILURES_IN_A_ROW: u32 = 3;

/// A mail to write.
#[derive(Clone, Copy)]
pub struct Letter<'a> {
    /// To whom.
    pub to: UserId,
    /// To which address.
    pub address: &'a str,
    /// What it is about, for the list of mails.
    pub kind: &'static str,
    /// Its subject: nothing about people.
    pub subject: &'a str,
    /// Its text.
    pub body: &'a str,
}

impl std::fmt::Debug for Letter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Puts a mail in the outbox, in this transaction.
pub async fn write(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    now: Timestamp,
    letter: &Letter<'_>,
) -> Result<(), Problem> {
    let row = mail::ActiveModel {
        organisation_id: Set(organisation.0),
        id: Set(fresh_id(now)?),
        user_id: Set(Some(letter.to.0)),
        address: Set(letter.address.to_owned()),
        kind: Set(letter.kind.to_owned()),
        subject: Set(letter.subject.to_owned()),
        body: Set(letter.body.to_owned()),
        created_at: Set(now.as_millis()),
        next_try_at: Set(now.as_millis()),
        tries: Set(0),
        sent_at: Set(None),
        dead_at: Set(None),
    };
    mail::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Files(PathBuf),
}

/// Where mail goes: a mail server, or files in the data folder.
#[derive(Clone)]
pub struct Post {
    way: Arc<Way>,
    from: Mailbox,
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").finish_non_exhaustive()
    }
}

/// Why mail cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The address of the mail server does not read.
    #[error("mail_server is no address such as smtps://user:password@mail.example.org")]
    Server(#[source] lettre::transport::smtp::Error),
    /// The address of the sender does not read.
    #[error("mail_from is no address such as Bibliotheek <noaber@example.org>")]
    From(#[source] lettre::address::AddressError),
    /// The folder for mail cannot be made, read or written.
    #[error("the folder for mail cannot be made, read or written")]
    Folder(#[from] std::io::Error),
    /// The database does not answer.
    #[error("the database refuses")]
    Database(#[from] sea_orm::DbErr),
}

impl Post {
    /// Sets it up as the configuration says.
    pub fn new(config: &Config) -> Result<Self, PostError> {
        let from = config.mail_from.parse().map_err(PostError::From)?;
        let way = if config.mail_server.is_empty() {
            let folder = config.data.join("mail");
            std::fs::create_dir_all(&folder)?;
            Way::Files(folder)
        } else {
            let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.mail_server);
            let smtp = smtp.map_err(PostError::Server)?.timeout(Some(SERVER_PATIENCE));
            Way::Smtp(trusting(smtp, config)?.build())
        };
        Ok(Self { way: Arc::new(way), from })
    }

    /// Takes the files of mails away that the table does not know any more: they were forgotten, or kept long enough.
    pub async fn sweep(&self, db: &Db) -> Result<(), PostError> {
        let Way::Files(folder) = &*self.way else { return Ok(()) };
        let mut files = tokio::fs::read_dir(folder).await?;
        while let Some(file) = files.next_entry().await? {
            let path = file.path();
            let id =
                path.file_stem().and_then(|name| name.to_str()).and_then(|name| name.parse::<Uuid>().ok());
            let Some(id) = id else { continue };
            let known = mail::Entity::find().filter(mail::Column::Id.eq(id)).count(&db.read).await?;
            if known == 0 {
                tokio::fs::remove_file(path).await?;
            }
        }
        Ok(())
    }

    async fn send(&self, mail: &mail::Model) -> Result<(), String> {
        let to: Mailbox = mail.address.parse().map_err(|_| "the address does not read".to_owned())?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&mail.subject)
            .header(lettre::message::header::ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(|error| error.to_string())?;
        match &*self.way {
            Way::Smtp(smtp) => smtp.send(message).await.map(drop).map_err(|error| error.to_string()),
            Way::Files(folder) => {
                tokio::fs::write(folder.join(format!("{}.eml", mail.id)), message.formatted())
                    .await
                    .map_err(|error| error.to_string())
            }
        }
    }
}

/// Trusts a certificate of one's own beside the well-known ones, for a mail server inside the house.
fn trusting(
    builder: lettre::transport::smtp::AsyncSmtpTransportBuilder,
    config: &Config,
) -> Result<lettre::transport::smtp::AsyncSmtpTransportBuilder, PostError> {
    use lettre::transport::smtp::client::{Certificate, Tls};
    if config.mail_certificate.is_empty() {
        return Ok(builder);
    }
    let pem = std::fs::read(Path::new(&config.mail_certificate))?;
    let host = url_host(&config.mail_server);
    let certificate = Certificate::from_pem(&pem).map_err(PostError::Server)?;
    let parameters = TlsParameters::builder(host.to_owned())
        .add_root_certificate(certificate)
        .build_rustls()
        .map_err(PostError::Server)?;
    let tls = if config.mail_server.starts_with("smtps:") {
        Tls::Wrapper(parameters)
    } else {
        Tls::Required(parameters)
    };
    Ok(builder.tls(tls))
}

/// The host in `smtp://user:password@host:port?…`.
fn url_host(address: &str) -> &str {
    let after = address.split_once("://").map_or(address, |(_, after)| after);
    let host = after.rsplit_once('@').map_or(after, |(_, host)| host);
    host.split([':', '/', '?']).next().unwrap_or_default()
}

/// Whether mail may be given to this server: links that let people in go over TLS, or do not leave this machine. Empty, for files, is
/// right too.
pub(crate) fn is_server(address: &str) -> bool {
    let here = matches!(url_host(address), "localhost" | "127.0.0.1");
    let safe = address.starts_with("smtps://") || address.contains("tls=required") || here;
    address.is_empty() || safe && AsyncSmtpTransport::<Tokio1Executor>::from_url(address).is_ok()
}

fn wait_ms(tries: i32) -> i64 {
    FIRST_WAIT_MS.saturating_mul(1 << u32::try_from(tries).unwrap_or_default().min(16)).min(LONGEST_WAIT_MS)
}

/// Sends what is due; how many went out. A mail that several nodes try at once may go out twice: better twice than never.
pub async fn send_due(db: &Db, post: &Post, now: Timestamp) -> Result<usize, Problem> {
    let due = mail::Entity::find()
        .filter(mail::Column::SentAt.is_null())
        .filter(mail::Column::DeadAt.is_null())
        .filter(mail::Column::NextTryAt.lte(now.as_millis()))
        .order_by_asc(mail::Column::NextTryAt)
        .limit(AT_ONCE)
        .all(&db.write)
        .await?;
    let (mut sent, mut failed) = (0, 0);
    for found in due {
        let answer = post.send(&found).await;
        failed = if answer.is_ok() { 0 } else { failed + 1 };
        match answer {
            Ok(()) => {
                sent += 1;
                settle(db, &found, now).await?;
            }
            Err(reason) if found.tries + 1 >= TRIES_MAX => {
                tracing::warn!(mail = %found.id, kind = found.kind, %reason, "a mail is given up");
                mail::Entity::update_many()
                    .col_expr(mail::Column::DeadAt, Expr::value(Some(now.as_millis())))
                    .filter(mail::Column::OrganisationId.eq(found.organisation_id))
                    .filter(mail::Column::Id.eq(found.id))
                    .exec(&db.write)
                    .await?;
            }
            Err(reason) => {
                tracing::info!(mail = %found.id, kind = found.kind, %reason, "a mail waits");
                let next = now.as_millis() + wait_ms(found.tries);
                mail::Entity::update_many()
                    .col_expr(mail::Column::Tries, Expr::value(found.tries + 1))
                    .col_expr(mail::Column::NextTryAt, Expr::value(next))
                    .filter(mail::Column::OrganisationId.eq(found.organisation_id))
                    .filter(mail::Column::Id.eq(found.id))
                    .exec(&db.write)
                    .await?;
            }
        }
        if failed >= FAILURES_IN_A_ROW {
            break;
        }
    }
    Ok(sent)
}

/// A mail is out: its text and address go, that it was there stays.
async fn settle(db: &Db, found: &mail::Model, now: Timestamp) -> Result<(), Problem> {
    mail::Entity::update_many()
        .col_expr(mail::Column::SentAt, Expr::value(Some(now.as_millis())))
        .col_expr(mail::Column::Tries, Expr::value(found.tries + 1))
        .col_expr(mail::Column::Body, Expr::value(""))
        .col_expr(mail::Column::Address, Expr::value(""))
        .filter(mail::Column::OrganisationId.eq(found.organisation_id))
        .filter(mail::Column::Id.eq(found.id))
        .exec(&db.write)
        .await?;
    Ok(())
}

/// Mails that wait or were given up, newest first: for the administrator.
pub async fn queue(db: &Db, organisation: Uuid, most: u64) -> Result<Vec<mail::Model>, Problem> {
    Ok(mail::Entity::find()
        .filter(mail::Column::OrganisationId.eq(organisation))
        .filter(mail::Column::SentAt.is_null())
        .order_by_desc(mail::Column::CreatedAt)
        .limit(most)
        .all(&db.read)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_the_host_is_found() {
        assert_eq!(wait_ms(0), 60_000);
        assert_eq!(wait_ms(1), 120_000);
        assert_eq!(wait_ms(TRIES_MAX), LONGEST_WAIT_MS);
        assert_eq!(url_host("smtps://user:pass@mail.example.org:465?tls=required"), "mail.example.org");
        assert_eq!(url_host("smtp://127.0.0.1:2525"), "127.0.0.1");
    }
}
