//! Expand: series of bookings, and bookings that a centre made for somebody.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// What a booking says beside.
const OF_A_BOOKING: [&str; 2] = ["made_by", "series_id"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut series = table("booking_series");
        series
            .col(key())
            .col(must("version").integer())
            .col(must("center_id").uuid())
            .col(must("venue_id").uuid())
            .col(must("account_id").uuid())
            .col(may("made_by").uuid())
            .col(may("group_name").string_len(40))
            .col(must("purpose").string_len(200))
            .col(must("party_size").integer())
            .col(may("weekdays").small_integer())
            .col(may("every_weeks").small_integer())
            .col(may("month_day").small_integer())
            .col(must("first_date").date())
            .col(must("last_date").date())
            .col(must("from_minute").small_integer())
            .col(must("to_minute").small_integer())
            .col(must("created_at").timestamp_with_time_zone())
            .foreign_key(&mut references("center_id", "center"))
            .foreign_key(&mut references("venue_id", "venue"))
            .foreign_key(&mut references("account_id", "account"))
            .foreign_key(&mut references("made_by", "account"));
        manager.create_table(series).await?;
        // A centre's series, latest first; a person's.
        index(manager, "booking_series", &["center_id", "created_at", "id"]).await?;
        index(manager, "booking_series", &["account_id"]).await?;
        index(manager, "booking_series", &["venue_id"]).await?;
        index(manager, "booking_series", &["made_by"]).await?;
        let mut refusal = table("series_refusal");
        refusal
            .col(key())
            .col(must("series_id").uuid())
            .col(must("date").date())
            .col(may("booking_id").uuid())
            .col(must("code").string_len(32))
            .col(must("at").timestamp_with_time_zone())
            .foreign_key(&mut references("series_id", "booking_series"))
            .foreign_key(&mut references("booking_id", "booking"));
        manager.create_table(refusal).await?;
        index(manager, "series_refusal", &["series_id", "date"]).await?;
        // What stayed as it was says so once.
        unique(manager, "series_refusal", &["booking_id"]).await?;
        for name in OF_A_BOOKING {
            add(manager, "booking", may(name).uuid()).await?;
        }
        // The bookings of a series, in order of time.
        index(manager, "booking", &["series_id", "begins_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("booking_series_id_begins_at").table("booking").to_owned()).await?;
        for name in OF_A_BOOKING {
            manager.alter_table(Table::alter().table("booking").drop_column(name).to_owned()).await?;
        }
        drop_tables(manager, &["series_refusal", "booking_series"]).await
    }
}
