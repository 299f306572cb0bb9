//! Expand: addresses from which calendar apps read bookings.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut feed = table("calendar_feed");
        feed.col(key())
            .col(must("version").integer())
            .col(must("account_id").uuid())
            .col(may("venue_id").uuid())
            .col(must("secret_index").binary())
            .col(may("last_read_at").timestamp_with_time_zone())
            .col(must("created_at").timestamp_with_time_zone())
            .col(may("ended_at").timestamp_with_time_zone())
            .foreign_key(&mut references("account_id", "account"))
            .foreign_key(&mut references("venue_id", "venue"));
        manager.create_table(feed).await?;
        unique(manager, "calendar_feed", &["secret_index"]).await?;
        // A person's feeds; what is removed some time after its end.
        index(manager, "calendar_feed", &["account_id"]).await?;
        index(manager, "calendar_feed", &["venue_id"]).await?;
        index(manager, "calendar_feed", &["ended_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["calendar_feed"]).await
    }
}
