//! The database: SQLite by default, PostgreSQL when it grows. One pool writes, one reads.

use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DatabaseTransaction, DbErr, EntityTrait, QueryFilter as _, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait as _, Value,
};
use sync_core::ids::OrganisationId;
use uuid::Uuid;

const READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;
const ACQUIRE: Duration = Duration::from_secs(10);
/// A connection that rested this long is asked whether it is still there before it is used.
const RESTED: Duration = Duration::from_secs(1);

/// How many values one `IN (…)` carries: SQLite stops at 32,766.
pub(crate) const CHUNK: usize = 5_000;
/// How many rows one statement writes; none of the tables written so has more than thirty columns.
const ROWS: usize = 1_000;

/// The two pools. On PostgreSQL, and in memory, they are one.
#[derive(Clone, Debug)]
pub struct Db {
    /// For transactions that write.
    pub write: DatabaseConnection,
    /// For reading.
    pub read: DatabaseConnection,
    /// Where it was opened.
    pub url: String,
}

impl Db {
    /// Opens the database at this address; an SQLite file is made when it is not there.
    pub async fn open(url: &str) -> Result<Self, DbErr> {
        let (write, read) = match url.strip_prefix("sqlite:") {
            Some(":memory:") => {
                // One connection: every new one to :memory: would be another empty database.
                let one = Database::connect(sqlite(url, 1, false)).await?;
                (one.clone(), one)
            }
            Some(path) => {
                if let Some(folder) = Path::new(path.trim_start_matches("//")).parent() {
                    std::fs::create_dir_all(folder).map_err(|error| DbErr::Custom(error.to_string()))?;
                }
                // The writer first: it makes the file and turns the write-ahead log on.
                let write = Database::connect(sqlite(url, 1, false)).await?;
                (write, Database::connect(sqlite(url, READERS, true)).await?)
            }
            None => {
                let mut options = ConnectOptions::new(url);
                options
                    .max_connections(POSTGRES_CONNECTIONS)
                    .acquire_timeout(ACQUIRE)
                    .sqlx_logging(false)
                    .set_application_name("noaber")
                    .test_before_acquire(false)
                    .map_sqlx_postgres_pool_opts(ask_after_rest);
                let one = Database::connect(options).await?;
                (one.clone(), one)
            }
        };
        Ok(Self { write, read, url: url.to_owned() })
    }

    /// Closes it: what an SQLite database has beside its file goes into the file.
    pub async fn close(self) -> Result<(), DbErr> {
        self.read.close().await?;
        self.write.close().await
    }

    /// Whether this is PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        !self.url.starts_with("sqlite:")
    }
}

/// Asks a connection whether it is there only when it rested: every question before a query is a round trip more. One that was lost a
/// moment ago fails its first query, and a phone asks again.
fn ask_after_rest(pool: PgPoolOptions) -> PgPoolOptions {
    pool.before_acquire(|connection, about| {
        Box::pin(async move {
            if about.idle_for >= RESTED {
                connection.ping().await?;
            }
            Ok(true)
        })
    })
}

/// Takes no connection that still counts a transaction. SQLite ends a transaction by itself when the disk is full, and then the count of
/// the connection stays behind: what comes next would be a savepoint that is never committed, and called arrived all the same. The pool
/// asks this after a ping, so that a transaction that was only just dropped has been taken back by then.
fn without_leftovers(pool: SqlitePoolOptions) -> SqlitePoolOptions {
    pool.before_acquire(|connection, _| {
        let is_clean = !connection.is_in_transaction();
        Box::pin(async move { Ok(is_clean) })
    })
}

fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    let memory = url.ends_with(":memory:");
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(false)
        // A file does not go away. The writer is asked all the same: see `without_leftovers`.
        .test_before_acquire(!read_only && !memory)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .create_if_missing(!read_only)
                .busy_timeout(Duration::from_secs(5))
                .statement_cache_capacity(200)
                .foreign_keys(true);
            if memory {
                return sqlite;
            }
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                // FULL: what was called *aangekomen* survives a power cut.
                .synchronous(SqliteSynchronous::Full)
                // What is erased is overwritten in the file.
                .pragma("secure_delete", "ON")
                .pragma("query_only", if read_only { "ON" } else { "OFF" })
        });
    if !memory {
        options.map_sqlx_sqlite_pool_opts(without_leftovers);
    }
    options
}

/// Begins a transaction that will write. On SQLite it takes the write lock at once: a deferred one that reads first can
/// fail with `SQLITE_BUSY` without waiting.
pub async fn begin_write(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    db.begin_with_options(TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    })
    .await
}

/// A statement with numbered values (`$1`), which both engines take.
pub fn statement<I: IntoIterator<Item = Value>>(
    db: &impl sea_orm::ConnectionTrait,
    sql: &str,
    values: I,
) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// Writes rows that are new, many in one statement.
pub(crate) async fn insert<A>(tx: &impl ConnectionTrait, mut rows: Vec<A>) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
{
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS));
        A::Entity::insert_many(rows).exec_without_returning(tx).await?;
        rows = rest;
    }
    Ok(())
}

/// Takes the rows of these ids out of one table of an organisation.
pub(crate) async fn delete<E: EntityTrait>(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    (of, id): (E::Column, E::Column),
    ids: &[Uuid],
) -> Result<(), DbErr> {
    for ids in ids.chunks(CHUNK) {
        E::delete_many().filter(of.eq(organisation.0)).filter(id.is_in(ids.iter().copied())).exec(tx).await?;
    }
    Ok(())
}
