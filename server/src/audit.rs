//! Who did what: ids only, append-only, written in the transaction of what it tells about. A moment later each line gets a
//! number and a hash over itself and the line before: from then on a changed or missing line shows.

use base64::Engine as _;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use sha2::{Digest as _, Sha256};
use sync_core::ids::OrganisationId;
use sync_core::time::Timestamp;
use uuid::Uuid;

use crate::db::{Db, begin_write, statement};
use crate::sync::entity::audit;

/// How many lines get their number in one transaction.
const AT_ONCE: u64 = 1_000;

/// What a line tells.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// What.
    pub act: String,
    /// Who.
    pub user: Option<Uuid>,
    /// On which device.
    pub device: Option<Uuid>,
    /// On which document, or about which person or device.
    pub document: Option<Uuid>,
    /// By which command.
    pub command: Option<Uuid>,
    /// The slug of the problem, when it was refused.
    pub problem: Option<&'static str>,
}

impl Line {
    /// A line about a person and a device.
    #[must_use]
    pub fn of_device(act: &str, user: Uuid, device: Uuid) -> Self {
        Self { act: act.to_owned(), user: Some(user), device: Some(device), ..Self::default() }
    }
}

/// Makes the row of a line. Its id is made of what it tells, so a line of the same command is written once.
#[must_use]
pub fn row(organisation: Uuid, now: Timestamp, line: Line) -> audit::ActiveModel {
    // Two people who do the same in one millisecond are two lines.
    let name = format!(
        "{}:{:?}:{:?}:{:?}:{:?}:{}",
        line.act,
        line.command,
        line.user,
        line.device,
        line.document,
        now.as_millis()
    );
    audit::ActiveModel {
        organisation_id: Set(organisation),
        id: Set(Uuid::new_v5(&organisation, name.as_bytes())),
        at: Set(now.as_millis()),
        user_id: Set(line.user),
        device_id: Set(line.device),
        act: Set(line.act),
        document_id: Set(line.document),
        command_id: Set(line.command),
        problem: Set(line.problem.map(str::to_owned)),
        number: Set(None),
        hash: Set(None),
    }
}

/// Writes one line.
pub async fn note(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    now: Timestamp,
    line: Line,
) -> Result<(), DbErr> {
    audit::Entity::insert(row(organisation, now, line)).on_conflict_do_nothing().exec(db).await.map(drop)
}

/// The hash of a line: over the hash before, its number, and everything it says.
fn hash(before: &[u8], number: i64, line: &audit::Model) -> Vec<u8> {
    let mut hasher = Sha256::new();
    let mut add = |bytes: &[u8]| {
        // Each part with its length: no two lines have the same bytes.
        hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(bytes);
    };
    add(before);
    add(&number.to_be_bytes());
    add(line.organisation_id.as_bytes());
    add(line.id.as_bytes());
    add(&line.at.to_be_bytes());
    for id in [line.user_id, line.device_id, line.document_id, line.command_id] {
        add(id.as_ref().map_or(&[][..], |id| id.as_bytes()));
    }
    add(line.act.as_bytes());
    add(line.problem.as_deref().unwrap_or_default().as_bytes());
    hasher.finalize().to_vec()
}

async fn last(db: &impl ConnectionTrait, organisation: Uuid) -> Result<(i64, Vec<u8>), DbErr> {
    let found = audit::Entity::find()
        .filter(audit::Column::OrganisationId.eq(organisation))
        .filter(audit::Column::Number.is_not_null())
        .order_by_desc(audit::Column::Number)
        .one(db)
        .await?;
    Ok(found.and_then(|line| Some((line.number?, line.hash?))).unwrap_or_default())
}

/// Gives the lines of an organisation that have none their number and hash; how many there were.
pub async fn seal(db: &Db, organisation: OrganisationId) -> Result<usize, DbErr> {
    let tx = begin_write(&db.write).await?;
    // One node at a time: the chain has one end.
    if db.is_postgres() {
        let lock = statement(
            &tx,
            "SELECT pg_advisory_xact_lock(hashtext($1))",
            [format!("audit:{organisation}").into()],
        );
        tx.execute_raw(lock).await?;
    }
    let count = seal_within(&tx, organisation.0).await?;
    tx.commit().await?;
    Ok(count)
}

async fn seal_within(tx: &DatabaseTransaction, organisation: Uuid) -> Result<usize, DbErr> {
    let open = audit::Entity::find()
        .filter(audit::Column::OrganisationId.eq(organisation))
        .filter(audit::Column::Number.is_null())
        .order_by_asc(audit::Column::At)
        .order_by_asc(audit::Column::Id)
        .limit(AT_ONCE)
        .all(tx)
        .await?;
    let (mut number, mut before) = last(tx, organisation).await?;
    let count = open.len();
    for line in open {
        number += 1;
        before = hash(&before, number, &line);
        let sealed =
            audit::ActiveModel { number: Set(Some(number)), hash: Set(Some(before.clone())), ..line.into() };
        audit::Entity::update(sealed).exec(tx).await?;
    }
    Ok(count)
}

/// The end of the chain as text, to be kept elsewhere: whoever changes the log must change that too.
pub async fn head(db: &impl ConnectionTrait, organisation: Uuid) -> Result<String, DbErr> {
    let (number, hash) = last(db, organisation).await?;
    Ok(format!("{organisation} {number} {}", base64::engine::general_purpose::STANDARD.encode(hash)))
}

/// What checking the log found.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The database does not answer.
    #[error("the database refuses")]
    Database(#[from] DbErr),
    /// A line was changed, or stands in another's place.
    #[error("line {number} of organisation {organisation} was changed")]
    Changed {
        /// Whose log.
        organisation: Uuid,
        /// Which line.
        number: i64,
    },
    /// An end that was kept elsewhere does not read.
    #[error("\"{0}\" is no end of a log: three words, as in the daily mail")]
    NoHead(String),
    /// A line is not there.
    #[error("line {number} of organisation {organisation} is missing")]
    Missing {
        /// Whose log.
        organisation: Uuid,
        /// Which line.
        number: i64,
    },
}

/// Checks an end of the chain that was kept elsewhere: a log whose last lines were taken away, or that was made anew as a whole, holds
/// in itself but does not have that line.
pub async fn verify_head(db: &Db, head: &str) -> Result<(), Broken> {
    let no_head = || Broken::NoHead(head.to_owned());
    let mut words = head.split_whitespace();
    let (Some(organisation), Some(number), Some(hash), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(no_head());
    };
    let organisation: Uuid = organisation.parse().map_err(|_| no_head())?;
    let number: i64 = number.parse().map_err(|_| no_head())?;
    let hash = base64::engine::general_purpose::STANDARD.decode(hash).map_err(|_| no_head())?;
    if number == 0 {
        return Ok(());
    }
    let line = audit::Entity::find()
        .filter(audit::Column::OrganisationId.eq(organisation))
        .filter(audit::Column::Number.eq(number))
        .one(&db.read)
        .await?
        .ok_or(Broken::Missing { organisation, number })?;
    if line.hash == Some(hash) { Ok(()) } else { Err(Broken::Changed { organisation, number }) }
}

/// Checks the chain of an organisation from its first line; how many lines it has.
pub async fn verify(db: &Db, organisation: Uuid) -> Result<i64, Broken> {
    let (mut number, mut before) = (0, Vec::new());
    loop {
        let lines = audit::Entity::find()
            .filter(audit::Column::OrganisationId.eq(organisation))
            .filter(audit::Column::Number.gt(number))
            .order_by_asc(audit::Column::Number)
            .limit(AT_ONCE)
            .all(&db.read)
            .await?;
        if lines.is_empty() {
            return Ok(number);
        }
        for line in lines {
            number += 1;
            if line.number != Some(number) {
                return Err(Broken::Missing { organisation, number });
            }
            before = hash(&before, number, &line);
            if line.hash.as_deref() != Some(before.as_slice()) {
                return Err(Broken::Changed { organisation, number });
            }
        }
    }
}
