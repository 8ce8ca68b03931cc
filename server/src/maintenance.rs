//! What an operator does with the database: migrate, back up, restore, check, draw the tables anew.

use migrations::Migrator;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QuerySelect as _, TransactionTrait as _,
};
use sea_orm_migration::MigratorTrait as _;
use sync_core::access::{Audience, Role};
use sync_core::document::Document;
use sync_core::hash::Hash;
use sync_core::ids::{BranchId, DocumentId, OrganisationId, UserId};
use sync_core::sync::cbor;
use uuid::Uuid;

use crate::db::{Db, begin_write};
use crate::sync::entity::{document, grant, organisation};
use crate::{audit, project};

/// What can go wrong with a backup.
#[derive(Debug, thiserror::Error)]
pub enum MaintenanceError {
    /// The database refuses.
    #[error("the database refuses")]
    Database(#[from] DbErr),
    /// A file cannot be read or written.
    #[error("a file cannot be read or written")]
    File(#[from] std::io::Error),
    /// There is a file already.
    #[error("{0} exists already; give another name")]
    Exists(String),
    /// A backup is locked, and no key was given, or not the right one.
    #[error("the backup cannot be opened: {0}")]
    Locked(String),
    /// A key does not read.
    #[error("{0}")]
    Key(String),
    /// What was forgotten cannot be forgotten again.
    #[error("what was forgotten before the restore could not be forgotten again: {0}")]
    Forgotten(String),
    /// Backups of PostgreSQL are made with its own tools.
    #[error("PostgreSQL is backed up with pg_dump and restored with pg_restore; then run noaber new-life")]
    Postgres,
    /// Which library is meant does not show.
    #[error("{0}")]
    Library(&'static str),
    /// The audit log is not what it was.
    #[error("the audit log is not what it was")]
    Audit(#[from] audit::Broken),
    /// A document does not read, or does not have the heads it should have.
    #[error("document {id} {what}")]
    Document {
        /// Which.
        id: Uuid,
        /// What is wrong.
        what: String,
    },
}

/// Brings the schema up to date.
pub async fn migrate(db: &Db) -> Result<(), DbErr> {
    // Several nodes may start at once: one of them migrates, the others wait.
    if db.is_postgres() {
        let tx = db.write.begin().await?;
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(7206112)").await?;
        step(db).await?;
        return tx.commit().await;
    }
    step(db).await
}

/// Goes to the newest schema. Tables that are drawn from documents may have got columns or neighbours: they are drawn anew.
async fn step(db: &Db) -> Result<(), DbErr> {
    let pending = Migrator::get_pending_migrations(&db.write).await?.len();
    Migrator::up(&db.write, None).await?;
    regrant(db).await?;
    if pending > 0 {
        rebuild(db).await.map_err(|error| DbErr::Custom(error.to_string()))?;
    }
    Ok(())
}

/// Grants of before 2026-11-26 are for a person, whatever became of that person's role. From then on they are for the same person as a
/// deliverer of the branch of the round: the same rows, so that it is still known who ever had an address. Phones whose person has
/// the role no more drop what they hold by it at their next contact, since their audiences changed.
async fn regrant(db: &Db) -> Result<(), DbErr> {
    let old =
        grant::Entity::find().filter(grant::Column::Audience.starts_with("user:")).all(&db.read).await?;
    if old.is_empty() {
        return Ok(());
    }
    let tx = begin_write(&db.write).await?;
    for row in old {
        let source = document::Entity::find_by_id((row.organisation_id, row.source_id)).one(&tx).await?;
        let user = row.audience.strip_prefix("user:").and_then(|user| user.parse().ok()).map(UserId);
        let gone = (row.organisation_id, row.document_id, row.audience.clone(), row.source_id);
        grant::Entity::delete_by_id(gone).exec(&tx).await?;
        if let (Some(branch), Some(user)) = (source.and_then(|source| source.branch_id), user) {
            let audience = Audience::Worker(BranchId(branch), Role::Deliverer, user).to_string();
            let row = grant::Model { audience, ..row }.into_active_model().reset_all();
            grant::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(&tx).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Begins a new life of the database: cursors of the life before mean nothing any more.
pub async fn new_life(db: &Db) -> Result<(), MaintenanceError> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|error| DbErr::Custom(error.to_string()))?;
    organisation::Entity::update_many()
        .col_expr(organisation::Column::Generation, Expr::value(i64::from_be_bytes(bytes)))
        .exec(&db.write)
        .await?;
    Ok(())
}

async fn documents(db: &Db) -> Result<Vec<(Uuid, Uuid)>, DbErr> {
    document::Entity::find()
        .select_only()
        .column(document::Column::OrganisationId)
        .column(document::Column::Id)
        .into_tuple()
        .all(&db.read)
        .await
}

pub(crate) async fn load(
    db: &Db,
    organisation: Uuid,
    id: Uuid,
) -> Result<Option<(document::Model, Document)>, MaintenanceError> {
    let row = document::Entity::find_by_id((organisation, id)).one(&db.read).await?;
    let Some(row) = row.filter(|row| !row.erased) else { return Ok(None) };
    let bad = |what: String| MaintenanceError::Document { id, what };
    let document = crate::sync::whole(&db.read, OrganisationId(organisation), DocumentId(id))
        .await
        .map_err(|_| bad("cannot be read from the database".to_owned()))?
        .map_err(|error| bad(error.to_string()))?;
    Ok(Some((row, document)))
}

/// Reads every document and compares its heads with those that devices are told; how many were read.
pub async fn check(db: &Db) -> Result<usize, MaintenanceError> {
    let mut count = 0;
    for (organisation, id) in documents(db).await? {
        let Some((row, document)) = load(db, organisation, id).await? else { continue };
        let told: Vec<Hash> = cbor::from_slice(&row.heads)
            .map_err(|error| MaintenanceError::Document { id, what: error.to_string() })?;
        if document.heads() != told {
            let what = "has other heads than devices are told".to_owned();
            return Err(MaintenanceError::Document { id, what });
        }
        count += 1;
    }
    Ok(count)
}

/// Draws all rows anew from the documents; how many documents were drawn.
pub async fn rebuild(db: &Db) -> Result<usize, MaintenanceError> {
    let mut count = 0;
    for (organisation, id) in documents(db).await? {
        let loaded = load(db, organisation, id).await?;
        let tx = crate::db::begin_write(&db.write).await?;
        match loaded {
            Some((_, document)) => {
                project::project(&tx, OrganisationId(organisation), &[(id, &document)]).await?;
                count += 1;
            }
            None => project::forget(&tx, OrganisationId(organisation), id).await?,
        }
        tx.commit().await?;
    }
    Ok(count)
}

/// Numbers the newest lines of every audit log and checks the chains; the end of each, to be kept elsewhere.
pub async fn verify_audit(db: &Db, kept: &[String]) -> Result<Vec<String>, MaintenanceError> {
    let mut heads = Vec::new();
    for row in organisation::Entity::find().all(&db.read).await? {
        while audit::seal(db, OrganisationId(row.id)).await? > 0 {}
        audit::verify(db, row.id).await?;
        heads.push(audit::head(&db.read, row.id).await?);
    }
    for head in kept {
        audit::verify_head(db, head).await?;
    }
    Ok(heads)
}
