//! Expand: what a centre offers beside its rooms, who stands in line for it, what a venue asks and shows, how many have it at once, and
//! times that are kept for some people.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// What a venue says beside.
const OF_A_VENUE: [&str; 4] = ["introduction", "units", "photos", "questions"];
/// What a booking says beside.
const OF_A_BOOKING: [&str; 3] = ["answers", "service_id", "service_version"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "venue", may("introduction").text()).await?;
        add(manager, "venue", must("units").small_integer().default(1)).await?;
        add(manager, "venue", must("photos").json().default("[]")).await?;
        add(manager, "venue", must("questions").json().default("[]")).await?;
        add(manager, "booking", must("answers").json().default("[]")).await?;
        add(manager, "booking", may("service_id").uuid()).await?;
        add(manager, "booking", may("service_version").integer()).await?;
        add(manager, "closure", must("is_reserved").boolean().default(false)).await?;
        guests(manager).await?;
        services(manager).await?;
        tickets(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["service_ticket", "service_venue", "service_item", "closure_guest"]).await?;
        drop(manager, "closure", "is_reserved").await?;
        for name in OF_A_BOOKING {
            drop(manager, "booking", name).await?;
        }
        for name in OF_A_VENUE {
            drop(manager, "venue", name).await?;
        }
        Ok(())
    }
}

/// Who may book while a venue is kept for some.
async fn guests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut guest = table("closure_guest");
    guest
        .col(must("closure_id").uuid())
        .col(must("account_id").uuid())
        .primary_key(Index::create().col("closure_id").col("account_id"))
        .foreign_key(&mut references("closure_id", "closure"))
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(guest).await?;
    index(manager, "closure_guest", &["account_id"]).await
}

async fn services(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut item = table("service_item");
    item.col(key())
        .col(must("version").integer())
        .col(must("center_id").uuid())
        .col(must("code").string_len(16))
        .col(must("name").string_len(64))
        .col(must("category").string_len(24))
        .col(may("description").text())
        .col(may("audience").string_len(120))
        .col(must("materials").json())
        .col(may("fee").string_len(200))
        .col(may("minutes").small_integer())
        .col(may("tickets_per_day").small_integer())
        .col(must("state").string_len(24))
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        .foreign_key(&mut references("center_id", "center"));
    manager.create_table(item).await?;
    unique(manager, "service_item", &["center_id", "code"]).await?;
    index(manager, "service_item", &["category"]).await?;
    let mut place = table("service_venue");
    place
        .col(must("service_id").uuid())
        .col(must("venue_id").uuid())
        .primary_key(Index::create().col("service_id").col("venue_id"))
        .foreign_key(&mut references("service_id", "service_item"))
        .foreign_key(&mut references("venue_id", "venue"));
    manager.create_table(place).await?;
    index(manager, "service_venue", &["venue_id"]).await
}

async fn tickets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut ticket = table("service_ticket");
    ticket
        .col(key())
        .col(must("version").integer())
        .col(must("center_id").uuid())
        .col(must("service_id").uuid())
        .col(must("service_version").integer())
        .col(may("account_id").uuid())
        .col(must("on_date").date())
        .col(must("number").integer())
        .col(must("state").string_len(24))
        .col(may("counter").string_len(20))
        .col(may("called_at").timestamp_with_time_zone())
        .col(may("called_by").uuid())
        .col(may("ended_at").timestamp_with_time_zone())
        .col(must("created_at").timestamp_with_time_zone())
        .foreign_key(&mut references("center_id", "center"))
        .foreign_key(&mut references("service_id", "service_item"))
        .foreign_key(&mut references("account_id", "account"))
        .foreign_key(&mut references("called_by", "account"));
    manager.create_table(ticket).await?;
    // No number is given twice on a day; who waits, in order; a person's; those of days that are over.
    unique(manager, "service_ticket", &["service_id", "on_date", "number"]).await?;
    index(manager, "service_ticket", &["account_id", "on_date"]).await?;
    index(manager, "service_ticket", &["state", "on_date"]).await?;
    index(manager, "service_ticket", &["center_id"]).await?;
    index(manager, "service_ticket", &["called_by"]).await
}
