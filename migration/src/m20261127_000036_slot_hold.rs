//! Expand: venues that are kept for somebody who fills in a form.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut hold = table("slot_hold");
        hold.col(key())
            .col(must("account_id").uuid())
            .col(must("center_id").uuid())
            .col(must("venue_id").uuid())
            .col(must("begins_at").timestamp_with_time_zone())
            .col(must("ends_at").timestamp_with_time_zone())
            .col(must("buffer_before").small_integer())
            .col(must("buffer_after").small_integer())
            .col(must("expires_at").timestamp_with_time_zone())
            .col(must("created_at").timestamp_with_time_zone())
            .foreign_key(&mut references("account_id", "account"))
            .foreign_key(&mut references("center_id", "center"))
            .foreign_key(&mut references("venue_id", "venue"));
        manager.create_table(hold).await?;
        // Those of a person; those whose time is over.
        index(manager, "slot_hold", &["account_id"]).await?;
        index(manager, "slot_hold", &["expires_at"]).await?;
        index(manager, "slot_hold", &["center_id"]).await?;
        index(manager, "slot_hold", &["venue_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["slot_hold"]).await
    }
}
