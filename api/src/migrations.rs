//! Moving the schema (迁移), with progress, one node at a time.

use anyhow::Context as _;
use kernel::config::mask_password;
use kernel::db::Db;
use migration::Migrator;
use sea_orm::{ConnectionTrait as _, DatabaseBackend, DatabaseConnection};
use sea_orm_migration::MigratorTrait as _;

/// PostgreSQL advisory lock that migrating nodes take; any constant of our own.
const LOCK: i64 = 0x5A48_494C_4954;

/// Where the schema stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Steps done.
    pub applied: Vec<String>,
    /// Steps to come.
    pub pending: Vec<String>,
}

/// Where the schema stands.
///
/// # Errors
/// When the database cannot be reached.
pub async fn status(url: &str) -> anyhow::Result<Status> {
    let connection = Db::connect_for_migration(url).await?;
    let applied = Migrator::get_applied_migrations(&connection).await?;
    let pending = Migrator::get_pending_migrations(&connection).await?;
    connection.close().await?;
    let names = |steps: Vec<sea_orm_migration::Migration>| steps.iter().map(|step| step.name().to_owned()).collect();
    Ok(Status { applied: names(applied), pending: names(pending) })
}

/// Applies every pending step; calls `progress` with the name of each before it runs.
///
/// # Errors
/// When a step fails.
pub async fn up(url: &str, progress: impl FnMut(&str)) -> anyhow::Result<usize> {
    locked(url, Direction::Up, progress).await
}

/// Takes back the last step.
///
/// # Errors
/// When the step fails.
pub async fn down(url: &str, progress: impl FnMut(&str)) -> anyhow::Result<usize> {
    locked(url, Direction::Down, progress).await
}

/// Takes back every step and applies all anew: every row is lost.
///
/// # Errors
/// When a step fails.
pub async fn fresh(url: &str, mut progress: impl FnMut(&str)) -> anyhow::Result<usize> {
    while locked(url, Direction::Down, &mut progress).await? > 0 {}
    up(url, progress).await
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

async fn locked(url: &str, direction: Direction, progress: impl FnMut(&str)) -> anyhow::Result<usize> {
    let connection = Db::connect_for_migration(url).await?;
    let is_postgres = connection.get_database_backend() == DatabaseBackend::Postgres;
    if is_postgres {
        // Held by this one connection; gone with it, however it ends. Waiting for another node may take longer than a statement.
        connection.execute_unprepared("SET statement_timeout = 0").await?;
        connection.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    }
    let moved = steps(&connection, direction, progress).await;
    if is_postgres {
        connection.execute_unprepared(&format!("SELECT pg_advisory_unlock({LOCK})")).await?;
    }
    connection.close().await?;
    moved.with_context(|| format!("the schema of {} could not be moved", mask_password(url)))
}

async fn steps(
    connection: &DatabaseConnection,
    direction: Direction,
    mut progress: impl FnMut(&str),
) -> anyhow::Result<usize> {
    let steps = match direction {
        Direction::Up => Migrator::get_pending_migrations(connection).await?,
        Direction::Down => Migrator::get_applied_migrations(connection).await?.into_iter().rev().take(1).collect(),
    };
    for step in &steps {
        progress(step.name());
        match direction {
            Direction::Up => Migrator::up(connection, Some(1)).await?,
            Direction::Down => Migrator::down(connection, Some(1)).await?,
        }
    }
    Ok(steps.len())
}
