//! How people keep to what was agreed: lines of credit, and appeals against them; what was left broken.

use sea_orm_migration::prelude::*;

use crate::columns::{drop_tables, index, key, may, must, references, table, unique};

/// What a booking says beside.
const FLAGS: [&str; 2] = ["is_damaged", "is_moved"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in FLAGS {
            let mut flag = must(name);
            flag.boolean().default(false);
            manager.alter_table(Table::alter().table("booking").add_column(flag).to_owned()).await?;
        }
        let mut entry = table("credit_entry");
        entry
            .col(key())
            .col(must("account_id").uuid())
            .col(must("kind").string_len(24))
            .col(must("holder").uuid())
            .col(may("reverses").uuid())
            .col(may("said_by").uuid())
            .col(must("at").timestamp_with_time_zone())
            .foreign_key(&mut references("account_id", "account"))
            .foreign_key(&mut references("reverses", "credit_entry"))
            .foreign_key(&mut references("said_by", "account"));
        manager.create_table(entry).await?;
        index(manager, "credit_entry", &["account_id", "at", "id"]).await?;
        unique(manager, "credit_entry", &["reverses"]).await?;
        index(manager, "credit_entry", &["said_by"]).await?;
        let mut appeal = table("credit_appeal");
        appeal
            .col(key())
            .col(must("version").integer())
            .col(must("entry_id").uuid())
            .col(must("account_id").uuid())
            .col(must("booking_id").uuid())
            .col(must("center_id").uuid())
            .col(must("reason").string_len(500))
            .col(must("state").string_len(24))
            .col(may("answer").string_len(200))
            .col(may("decided_by").uuid())
            .col(may("decided_at").timestamp_with_time_zone())
            .col(must("created_at").timestamp_with_time_zone())
            .foreign_key(&mut references("entry_id", "credit_entry"))
            .foreign_key(&mut references("account_id", "account"))
            .foreign_key(&mut references("booking_id", "booking"))
            .foreign_key(&mut references("center_id", "center"))
            .foreign_key(&mut references("decided_by", "account"));
        manager.create_table(appeal).await?;
        unique(manager, "credit_appeal", &["entry_id"]).await?;
        // What a centre has to decide, oldest first.
        index(manager, "credit_appeal", &["center_id", "state", "created_at", "id"]).await?;
        index(manager, "credit_appeal", &["account_id"]).await?;
        index(manager, "credit_appeal", &["booking_id"]).await?;
        index(manager, "credit_appeal", &["decided_by"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["credit_appeal", "credit_entry"]).await?;
        for name in FLAGS {
            manager.alter_table(Table::alter().table("booking").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
