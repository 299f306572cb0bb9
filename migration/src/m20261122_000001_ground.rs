//! Expand: what every slice stands on — facts, idempotency keys, leases, counters.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        fact(manager).await?;
        idempotency(manager).await?;
        lease(manager).await?;
        sequence(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["sequence", "lease", "idempotency", "fact"]).await
    }
}

async fn fact(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("fact");
    table
        .col(key())
        .col(may("seq").big_integer())
        .col(must("subject_kind").string_len(32))
        .col(must("subject_id").uuid())
        .col(must("version").integer())
        .col(must("kind").string_len(64))
        .col(may("actor_id").uuid())
        .col(must("at").timestamp_with_time_zone())
        .col(must("data").json());
    manager.create_table(table).await?;
    unique(manager, "fact", &["seq"]).await?;
    unique(manager, "fact", &["subject_id", "version"]).await?;
    index(manager, "fact", &["seq", "at", "id"]).await?;
    Ok(())
}

async fn idempotency(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("idempotency");
    table
        .col(must("actor").string_len(64))
        .col(must("key").string_len(64))
        .col(must("fingerprint").binary())
        .col(must("subject_id").uuid())
        .col(must("at").timestamp_with_time_zone())
        .primary_key(Index::create().col("actor").col("key"));
    manager.create_table(table).await?;
    index(manager, "idempotency", &["at"]).await?;
    Ok(())
}

async fn lease(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("lease");
    table
        .col(must("name").string_len(64))
        .col(must("holder").uuid())
        .col(must("until").timestamp_with_time_zone())
        .primary_key(Index::create().col("name"));
    manager.create_table(table).await?;
    Ok(())
}

async fn sequence(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("sequence");
    table.col(must("name").string_len(64)).col(must("value").big_integer()).primary_key(Index::create().col("name"));
    manager.create_table(table).await?;
    Ok(())
}
