//! Expand: who found what is public of a request amiss, and why.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = table("content_report");
        table
            .col(key())
            .col(must("request_id").uuid())
            .col(may("account_id").uuid())
            .col(must("reason").string_len(24))
            .col(may("note").text())
            .col(must("at").timestamp_with_time_zone())
            .col(must("due_at").timestamp_with_time_zone())
            .col(may("decided_at").timestamp_with_time_zone())
            .foreign_key(&mut references("request_id", "service_request"))
            .foreign_key(&mut references("account_id", "account"));
        manager.create_table(table).await?;
        unique(manager, "content_report", &["request_id", "account_id"]).await?;
        index(manager, "content_report", &["account_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["content_report"]).await
    }
}
