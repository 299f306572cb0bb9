//! Expand: copies of people's data, deletions of accounts, and what people were called before.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut exports = table("data_export");
        exports
            .col(key())
            .col(must("version").integer())
            .col(must("account_id").uuid())
            .col(must("state").string_len(24))
            .col(may("content_sealed").binary())
            .col(may("byte_size").big_integer())
            .col(may("ready_at").timestamp_with_time_zone())
            .col(may("expires_at").timestamp_with_time_zone())
            .col(must("created_at").timestamp_with_time_zone())
            .col(must("updated_at").timestamp_with_time_zone())
            .foreign_key(&mut references("account_id", "account"));
        manager.create_table(exports).await?;
        index(manager, "data_export", &["account_id", "created_at"]).await?;
        index(manager, "data_export", &["state", "expires_at"]).await?;
        let mut deletions = table("account_deletion");
        deletions
            .col(key())
            .col(must("version").integer())
            .col(must("account_id").uuid())
            .col(must("state").string_len(24))
            .col(must("due_at").timestamp_with_time_zone())
            .col(may("ended_at").timestamp_with_time_zone())
            .col(must("created_at").timestamp_with_time_zone())
            .col(must("updated_at").timestamp_with_time_zone())
            .foreign_key(&mut references("account_id", "account"));
        manager.create_table(deletions).await?;
        index(manager, "account_deletion", &["account_id", "created_at"]).await?;
        index(manager, "account_deletion", &["state", "due_at"]).await?;
        let mut former = table("former_trait");
        former
            .col(key())
            .col(must("account_id").uuid())
            .col(must("is_number").boolean())
            .col(must("value_sealed").binary())
            .col(must("created_at").timestamp_with_time_zone())
            .foreign_key(&mut references("account_id", "account"));
        manager.create_table(former).await?;
        index(manager, "former_trait", &["account_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["former_trait", "account_deletion", "data_export"]).await
    }
}
