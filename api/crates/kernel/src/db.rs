//! The only place that knows how SQLite and PostgreSQL differ (数据库).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use entity::id::Id;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction,
    DbErr, RuntimeErr, SqlErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;

/// How to reach the database.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Connections of this node; 2–3 per core of the database server over all nodes.
    pub max_connections: u32,
    /// How long PostgreSQL works on one statement at most, in seconds, and a second more than anybody waits for a connection, or
    /// for SQLite's writer; what runs into it is `UNAVAILABLE`.
    pub statement_seconds: u32,
}

impl DatabaseConfig {
    /// A database as it is reached unless somebody says otherwise.
    #[must_use]
    pub fn at(url: String, max_connections: u32) -> Self {
        Self { url, max_connections, statement_seconds: 5 }
    }
}

/// The database (数据库): a pool for reads and, on SQLite, a single connection for writes, so that writers queue instead of
/// failing. On PostgreSQL both are one pool.
#[derive(Clone)]
pub struct Db {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Db {
    /// Connects; makes the SQLite file when it is missing.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn connect(config: &DatabaseConfig) -> anyhow::Result<Self> {
        let statements = Arc::new(AtomicU64::new(0));
        let is_sqlite = config.url.starts_with("sqlite:");
        let mut reader = open(config).await?;
        let mut writer = if is_sqlite {
            open(&DatabaseConfig { max_connections: 1, ..config.clone() }).await?
        } else {
            reader.clone()
        };
        count_statements(&mut reader, &statements);
        if is_sqlite {
            count_statements(&mut writer, &statements);
        } else {
            writer = reader.clone();
        }
        Ok(Self { reader, writer, statements })
    }

    /// Connects once, for migrations: on a pool, switching foreign keys off and on may hit two connections.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn connect_for_migration(url: &str) -> anyhow::Result<DatabaseConnection> {
        open(&DatabaseConfig::at(url.to_owned(), 1)).await
    }

    /// For reads.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Begins a write. Nothing else in the house may begin a transaction: on SQLite a transaction that reads before it
    /// writes must hold the write lock from the start.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin_write(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writer.begin_with_options(options).await
    }

    /// How many statements were sent since the start.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Whether it is SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.reader.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// Makes sure that the database's files hold nothing any more that was erased or sealed anew (落盘): on SQLite the log of
    /// changes goes into the file, which overwrites what it frees, and is emptied. `false` while a reader still needs the old;
    /// then try again later. PostgreSQL settles by itself: its autovacuum and its own log, as configured there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle(&self) -> Result<bool, DbErr> {
        if !self.is_sqlite() {
            return Ok(true);
        }
        let emptied = Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
        let emptied = self.writer.query_one_raw(emptied).await?;
        Ok(emptied.map(|row| row.try_get::<i32>("", "busy")).transpose()? == Some(0))
    }

    /// As [`Db::settle`], after words were erased: on SQLite the file is written anew, since what moved between its pages may have
    /// left copies behind. Others who write wait meanwhile: about a second for each hundred megabytes.
    ///
    /// # Errors
    /// When the database does not answer, or somebody else writes all the while.
    pub async fn purge(&self) -> Result<bool, DbErr> {
        if self.is_sqlite() {
            self.writer.execute_unprepared("VACUUM").await?;
        }
        self.settle().await
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// When a connection does not close.
    pub async fn close(self) -> Result<(), DbErr> {
        if self.is_sqlite() {
            self.writer.close().await?;
        }
        self.reader.close().await
    }
}

fn count_statements(connection: &mut DatabaseConnection, statements: &Arc<AtomicU64>) {
    let statements = Arc::clone(statements);
    connection.set_metric_callback(move |_| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
}

async fn open(config: &DatabaseConfig) -> anyhow::Result<DatabaseConnection> {
    let url = config.url.as_str();
    let is_sqlite = url.starts_with("sqlite:");
    // Every SQLite URL means "make the file when it is missing".
    let url = if is_sqlite && !url.contains('?') { format!("{url}?mode=rwc") } else { url.to_owned() };
    // Who waits for a connection that long is told so, before the statement's own time would be over.
    let wait = Duration::from_secs(u64::from(config.statement_seconds.saturating_sub(1).max(1)));
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(config.max_connections)
        .min_connections(0)
        .acquire_timeout(wait)
        .connect_timeout(wait)
        .sqlx_logging(false);
    if is_sqlite {
        options.map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("busy_timeout", wait.as_millis().to_string())
                .pragma("foreign_keys", "ON")
                // What was erased or sealed anew is overwritten, not only left out.
                .pragma("secure_delete", "ON")
                .statement_cache_capacity(300)
        });
    } else {
        options
            .test_before_acquire(false)
            .test_before_acquire_if_idle_for(Duration::from_secs(30))
            .statement_timeout(Duration::from_secs(config.statement_seconds.into()))
            .map_sqlx_postgres_opts(|postgres| {
                // A node that froze within a transaction must not keep its locks.
                postgres.statement_cache_capacity(300).options([("idle_in_transaction_session_timeout", "10s")])
            });
    }
    Database::connect(options).await.context("the database cannot be reached; check `database.url`")
}

/// `column IN (keys)` with as few texts of the statement as possible: one array on PostgreSQL; on SQLite a list filled up to
/// the next power of two by repeating the last key.
pub fn in_keys<K: Id>(connection: &impl ConnectionTrait, column: impl ColumnTrait, keys: &[K]) -> SimpleExpr {
    let mut keys: Vec<Uuid> = keys.iter().map(|key| (*key).into()).collect();
    let Some(last) = keys.last().copied() else {
        return Expr::value(false);
    };
    // One key is no list: PostgreSQL before 17 sorts what it reads along an index by `= ANY`, even of one.
    if keys.len() == 1 {
        return column.eq(last);
    }
    if connection.get_database_backend() == DatabaseBackend::Postgres {
        return column.eq_any(keys);
    }
    keys.resize(keys.len().next_power_of_two(), last);
    column.is_in(keys)
}

/// `column` is any of these values, of which there are few: blind indexes of the same words by each key of the ring. One value
/// is no list, as in [`in_keys`].
pub fn is_any(column: impl ColumnTrait, values: Vec<Vec<u8>>) -> SimpleExpr {
    match <[Vec<u8>; 1]>::try_from(values) {
        Ok([only]) => column.eq(only),
        Err(several) => column.is_in(several),
    }
}

/// Waits until no other transaction holds the same words, by their blind indexes; then others wait for this one. With one key in
/// the ring the unique index of a table keeps two from taking the same words; with several, two nodes could take them under two
/// keys. SQLite has one writer anyway.
///
/// # Errors
/// When the database does not answer.
pub async fn hold(connection: &DatabaseTransaction, indexes: &[Vec<u8>]) -> Result<(), DbErr> {
    let is_needed = indexes.len() > 1 && connection.get_database_backend() == DatabaseBackend::Postgres;
    // The least is the same on all nodes, whichever key is in force there.
    let least = indexes.iter().filter_map(|index| index.first_chunk()).min().filter(|_| is_needed);
    if let Some(least) = least {
        let number = [i64::from_be_bytes(*least).into()];
        let lock = "SELECT pg_advisory_xact_lock($1)";
        connection.execute_raw(Statement::from_sql_and_values(DatabaseBackend::Postgres, lock, number)).await?;
    }
    Ok(())
}

/// Whether an error is a unique key of a table taken. SQLite names the columns, PostgreSQL the index, which migrations name
/// after table and columns (or `…_pkey`).
#[must_use]
pub fn is_taken(error: &DbErr, table: &str, columns: &[&str]) -> bool {
    let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() else {
        return false;
    };
    let sqlite = columns.iter().map(|column| format!("{table}.{column}")).collect::<Vec<_>>().join(", ");
    let index = format!("\"{table}_{}\"", columns.join("_"));
    message.contains(&sqlite) || message.contains(&index) || message.contains(&format!("\"{table}_pkey\""))
}

/// Whether the same transaction, begun anew, may succeed: the database was busy, or two transactions crossed.
#[must_use]
pub fn is_transient(error: &DbErr) -> bool {
    match code_of(error).as_deref() {
        // SQLite: BUSY and its kinds, LOCKED. PostgreSQL: serialization failure, deadlock.
        Some(code) => matches!(code, "5" | "6" | "261" | "517" | "773" | "40001" | "40P01"),
        None => false,
    }
}

/// Whether the database could not be asked at all, so that nothing was done.
#[must_use]
pub fn is_unreachable(error: &DbErr) -> bool {
    // 57014: the statement ran into its time limit; 57P01–57P03: the server is going down or coming up.
    let ended = code_of(error).is_some_and(|code| code.starts_with("57P0") || code == "57014" || code == "53300");
    ended
        || matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
        || matches!(
            runtime(error),
            Some(sea_orm::sqlx::Error::Io(_) | sea_orm::sqlx::Error::PoolTimedOut | sea_orm::sqlx::Error::PoolClosed)
        )
}

fn runtime(error: &DbErr) -> Option<&sea_orm::sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

fn code_of(error: &DbErr) -> Option<String> {
    runtime(error)?.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if is_transient(&error) {
            return Self::Crossed(error);
        }
        if is_unreachable(&error) {
            tracing::warn!(%error, "the database is out of reach");
            return Self::Unavailable("database");
        }
        // PostgreSQL keeps no NUL in text, so nothing it holds can match one; SQLite finds nothing by itself.
        if code_of(&error).as_deref() == Some("22021") {
            return Self::BadRequest("text holds a NUL character");
        }
        Self::Fault(error.into())
    }
}
