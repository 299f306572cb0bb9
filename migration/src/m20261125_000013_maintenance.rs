//! Expand: that the API is closed for a while, and what people are told.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = table("maintenance");
        table
            .col(must("id").integer())
            .col(must("began_at").timestamp_with_time_zone())
            .col(must("until").timestamp_with_time_zone())
            .col(may("note_zh").string_len(255))
            .col(may("note_en").string_len(255))
            .primary_key(Index::create().col("id"));
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["maintenance"]).await
    }
}
