//! Expand: neighbourhood centres, their venues, when these are open, and who has them when.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        centers(manager).await?;
        openings(manager).await?;
        bookings(manager).await?;
        occupancies(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = ["commitment", "occupancy", "booking", "closure", "opening_rule", "venue", "center"];
        drop_tables(manager, &tables).await
    }
}

async fn centers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut center = table("center");
    center
        .col(key())
        .col(must("version").integer())
        .col(must("code").string_len(16))
        .col(must("name").string_len(64))
        .col(must("area_id").uuid())
        .col(bytewise(manager, "area_path", 255))
        .col(must("address").string_len(120))
        .col(may("longitude").double())
        .col(may("latitude").double())
        .col(may("phone").string_len(20))
        .col(must("state").string_len(24))
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        .foreign_key(&mut references("area_id", "area"));
    manager.create_table(center).await?;
    unique(manager, "center", &["code"]).await?;
    let mut venue = table("venue");
    venue
        .col(key())
        .col(must("version").integer())
        .col(must("center_id").uuid())
        .col(may("within_id").uuid())
        .col(must("name").string_len(64))
        .col(must("kind").string_len(24))
        .col(must("capacity").integer())
        .col(must("is_accessible").boolean())
        .col(must("equipment").json())
        .col(may("rules").text())
        .col(may("fee").string_len(200))
        .col(may("min_age").small_integer())
        .col(must("approval").string_len(24))
        .col(must("start_interval").small_integer())
        .col(must("min_minutes").small_integer())
        .col(must("max_minutes").small_integer())
        .col(must("group_max_minutes").small_integer())
        .col(must("buffer_before").small_integer())
        .col(must("buffer_after").small_integer())
        .col(must("days_ahead").small_integer())
        .col(must("opens_minute").small_integer())
        .col(must("is_bookable").boolean())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        .foreign_key(&mut references("center_id", "center"))
        .foreign_key(&mut references("within_id", "venue"));
    manager.create_table(venue).await?;
    unique(manager, "venue", &["center_id", "name"]).await?;
    index(manager, "venue", &["within_id"]).await
}

async fn openings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut rule = table("opening_rule");
    rule.col(key())
        .col(must("venue_id").uuid())
        .col(must("days").string_len(24))
        .col(may("weekdays").small_integer())
        .col(may("from_minute").small_integer())
        .col(may("to_minute").small_integer())
        .col(must("session").string_len(24))
        .col(may("duty_id").uuid())
        .col(must("valid_from").date())
        .col(may("valid_to").date())
        .foreign_key(&mut references("venue_id", "venue"))
        .foreign_key(&mut references("duty_id", "account"));
    manager.create_table(rule).await?;
    index(manager, "opening_rule", &["venue_id"]).await?;
    index(manager, "opening_rule", &["duty_id"]).await?;
    let mut closure = table("closure");
    closure
        .col(key())
        .col(must("version").integer())
        .col(must("center_id").uuid())
        .col(may("venue_id").uuid())
        .col(must("begins_at").timestamp_with_time_zone())
        .col(must("ends_at").timestamp_with_time_zone())
        .col(must("reason").string_len(24))
        .col(may("note").string_len(200))
        .col(may("closed_by").uuid())
        .col(may("lifted_at").timestamp_with_time_zone())
        .col(must("created_at").timestamp_with_time_zone())
        .foreign_key(&mut references("center_id", "center"))
        .foreign_key(&mut references("venue_id", "venue"))
        .foreign_key(&mut references("closed_by", "account"));
    manager.create_table(closure).await?;
    index(manager, "closure", &["center_id", "ends_at"]).await?;
    index(manager, "closure", &["venue_id"]).await?;
    index(manager, "closure", &["closed_by"]).await
}

async fn bookings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut booking = table("booking");
    booking
        .col(key())
        .col(must("version").integer())
        .col(must("code").string_len(12))
        .col(must("center_id").uuid())
        .col(must("venue_id").uuid())
        .col(must("account_id").uuid())
        .col(may("group_name").string_len(40))
        .col(must("purpose").string_len(200))
        .col(must("party_size").integer())
        .col(must("begins_at").timestamp_with_time_zone())
        .col(must("ends_at").timestamp_with_time_zone())
        .col(must("buffer_before").small_integer())
        .col(must("buffer_after").small_integer())
        .col(must("state").string_len(24))
        .col(may("due_at").timestamp_with_time_zone())
        .col(must("is_late").boolean())
        .col(may("reject_reason").string_len(24))
        .col(may("cancel_reason").string_len(24))
        .col(may("note").string_len(200))
        .col(may("decided_by").uuid())
        .col(may("checked_in_at").timestamp_with_time_zone())
        .col(may("ended_at").timestamp_with_time_zone())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        .foreign_key(&mut references("center_id", "center"))
        .foreign_key(&mut references("venue_id", "venue"))
        .foreign_key(&mut references("account_id", "account"))
        .foreign_key(&mut references("decided_by", "account"));
    manager.create_table(booking).await?;
    unique(manager, "booking", &["code"]).await?;
    // A centre's day; a venue's waitlist; a person's bookings; what the clock looks at.
    index(manager, "booking", &["center_id", "begins_at", "id"]).await?;
    index(manager, "booking", &["venue_id", "state", "begins_at"]).await?;
    index(manager, "booking", &["account_id", "begins_at", "id"]).await?;
    index(manager, "booking", &["due_at"]).await?;
    index(manager, "booking", &["decided_by"]).await
}

/// The keys are what keeps two from having the same, and people from being in two places.
async fn occupancies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut occupancy = table("occupancy");
    occupancy
        .col(must("leaf").uuid())
        .col(must("unit").integer())
        .col(must("granule").integer())
        .col(must("holder").uuid())
        .primary_key(Index::create().col("leaf").col("unit").col("granule"));
    manager.create_table(occupancy).await?;
    index(manager, "occupancy", &["holder"]).await?;
    index(manager, "occupancy", &["granule"]).await?;
    let mut commitment = table("commitment");
    commitment
        .col(must("account_id").uuid())
        .col(must("granule").integer())
        .col(must("holder").uuid())
        .primary_key(Index::create().col("account_id").col("granule"))
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(commitment).await?;
    index(manager, "commitment", &["holder"]).await?;
    index(manager, "commitment", &["granule"]).await
}
