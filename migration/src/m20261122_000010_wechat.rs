//! Expand: ways in which accounts are recognised, and messages on their way to somebody outside.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        identity(manager).await?;
        delivery(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["delivery", "identity"]).await
    }
}

async fn identity(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("identity");
    table
        .col(key())
        .col(must("account_id").uuid())
        .col(must("kind").string_len(24))
        .col(must("value_index").binary())
        .col(must("value_sealed").binary())
        .col(must("bound_at").timestamp_with_time_zone())
        .col(must("last_used_at").timestamp_with_time_zone())
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(table).await?;
    unique(manager, "identity", &["kind", "value_index"]).await?;
    index(manager, "identity", &["account_id"]).await
}

async fn delivery(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("delivery");
    table
        .col(key())
        .col(must("kind").string_len(24))
        .col(must("state").string_len(24))
        .col(may("payload_sealed").binary())
        .col(must("attempts").integer())
        .col(must("next_at").timestamp_with_time_zone())
        .col(must("expires_at").timestamp_with_time_zone())
        .col(may("last_error").string_len(64))
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone());
    manager.create_table(table).await?;
    index(manager, "delivery", &["state", "next_at"]).await?;
    index(manager, "delivery", &["state", "updated_at"]).await
}
