//! Expand: what was counted, its sums by day, how far the facts are counted, and tables as files.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        kpi_point(manager).await?;
        kpi_rollup(manager).await?;
        let mut cursor = table("stats_cursor");
        cursor.col(must("name").string_len(32)).col(must("seq").big_integer()).primary_key(Index::create().col("name"));
        manager.create_table(cursor).await?;
        let mut exports = table("kpi_export");
        exports
            .col(key())
            .col(must("account_id").uuid())
            .col(must("format").string_len(8))
            .col(must("content").binary())
            .col(must("rows").integer())
            .col(must("expires_at").timestamp_with_time_zone())
            .col(must("created_at").timestamp_with_time_zone())
            .foreign_key(&mut references("account_id", "account"));
        manager.create_table(exports).await?;
        index(manager, "kpi_export", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["kpi_export", "stats_cursor", "kpi_rollup", "kpi_point"]).await
    }
}

async fn kpi_point(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("kpi_point");
    table
        .col(must("measure").string_len(16))
        .col(must("subject_id").uuid())
        .col(must("request_id").uuid())
        .col(must("at").timestamp_with_time_zone())
        .col(must("day").date())
        .col(must("is_open").boolean())
        .col(must("street").string_len(12))
        .col(bytewise(manager, "area_path", 255))
        .col(bytewise(manager, "grid_path", 255))
        .col(may("unit_id").uuid())
        .col(must("category_code").string_len(32))
        .col(must("channel").string_len(24))
        .col(must("source").string_len(24))
        .col(must("kind").string_len(24))
        .col(may("cell").big_integer());
    values(&mut table);
    table
        .foreign_key(&mut references("request_id", "service_request"))
        .primary_key(Index::create().col("measure").col("subject_id"));
    manager.create_table(table).await?;
    index(manager, "kpi_point", &["request_id"]).await?;
    // Lists and cross filters read a street's or a unit's points in order of time; what is open is few, and read apart.
    index(manager, "kpi_point", &["street", "measure", "at", "subject_id"]).await?;
    index(manager, "kpi_point", &["unit_id", "measure", "at", "subject_id"]).await?;
    index(manager, "kpi_point", &["street", "is_open", "measure", "at"]).await?;
    index(manager, "kpi_point", &["unit_id", "is_open", "measure", "at"]).await
}

async fn kpi_rollup(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("kpi_rollup");
    table
        .col(must("street").string_len(12))
        .col(must("dimension").string_len(16))
        .col(must("measure").string_len(16))
        .col(must("day").date())
        .col(bytewise(manager, "key", 255));
    values(&mut table);
    table.primary_key(Index::create().col("street").col("dimension").col("measure").col("day").col("key"));
    manager.create_table(table).await?;
    // A unit's work lies in any street.
    index(manager, "kpi_rollup", &["dimension", "key", "measure", "day"]).await
}

fn values(table: &mut TableCreateStatement) {
    for name in ["value1", "value2", "value3", "value4", "value5", "value6", "value7"] {
        table.col(must(name).integer());
    }
}
