//! Expand: events, whom they are for, and who registered for them.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        events(manager).await?;
        audiences(manager).await?;
        registrations(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["event_guest", "event_registration", "event_organization", "event"]).await
    }
}

async fn events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut event = table("event");
    event
        .col(key())
        .col(must("version").integer())
        .col(must("kind").string_len(24))
        .col(must("audience").string_len(24))
        .col(must("state").string_len(24))
        .col(must("title").string_len(80))
        .col(must("summary").string_len(300))
        .col(must("body").text())
        .col(must("organizer").string_len(60))
        .col(must("tags").string_len(120))
        .col(must("area_id").uuid())
        .col(bytewise(manager, "area_path", 255))
        .col(may("organization_id").uuid())
        .col(by_bytes(manager, may("organization_path"), 255))
        .col(may("venue_id").uuid())
        .col(must("place").string_len(120))
        .col(may("longitude").double())
        .col(may("latitude").double())
        .col(must("begins_at").timestamp_with_time_zone())
        .col(must("ends_at").timestamp_with_time_zone())
        .col(must("takes_registrations").boolean())
        .col(may("signup_from").timestamp_with_time_zone())
        .col(must("signup_to").timestamp_with_time_zone())
        .col(must("withdraw_until").timestamp_with_time_zone())
        .col(may("capacity").integer())
        .col(must("seats_taken").integer())
        .col(may("waitlist_limit").integer())
        .col(must("most_seats").small_integer())
        .col(must("promotion").string_len(24))
        .col(must("is_for_residents").boolean())
        .col(must("questions").json())
        .col(must("agenda").json())
        .col(must("photos").json())
        .col(may("note").string_len(200))
        .col(must("created_by").uuid())
        .col(must("written_by").uuid())
        .col(may("submitted_by").uuid())
        .col(may("reviewed_by").uuid())
        .col(may("published_at").timestamp_with_time_zone())
        .col(may("ended_at").timestamp_with_time_zone())
        .col(may("due_at").timestamp_with_time_zone())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        // Nobody sits on a chair that is not there, whatever the product believes (design §4.12).
        .check(Expr::cust("seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity)"))
        .foreign_key(&mut references("area_id", "area"))
        .foreign_key(&mut references("organization_id", "party_organization"))
        .foreign_key(&mut references("venue_id", "venue"))
        .foreign_key(&mut references("created_by", "account"))
        .foreign_key(&mut references("written_by", "account"))
        .foreign_key(&mut references("submitted_by", "account"))
        .foreign_key(&mut references("reviewed_by", "account"));
    manager.create_table(event).await?;
    // What comes next, everywhere or of an area; what an organisation holds; a room's events; what the clock looks at.
    index(manager, "event", &["begins_at", "id"]).await?;
    index(manager, "event", &["area_path", "begins_at"]).await?;
    index(manager, "event", &["organization_path", "begins_at"]).await?;
    index(manager, "event", &["venue_id", "begins_at"]).await?;
    index(manager, "event", &["due_at"]).await?;
    for column in ["area_id", "organization_id", "created_by", "written_by", "submitted_by", "reviewed_by"] {
        index(manager, "event", &[column]).await?;
    }
    Ok(())
}

async fn audiences(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut audience = table("event_organization");
    audience
        .col(must("event_id").uuid())
        .col(must("organization_id").uuid())
        .primary_key(Index::create().col("event_id").col("organization_id"))
        .foreign_key(&mut references("event_id", "event"))
        .foreign_key(&mut references("organization_id", "party_organization"));
    manager.create_table(audience).await?;
    index(manager, "event_organization", &["organization_id"]).await
}

async fn registrations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut registration = table("event_registration");
    registration
        .col(key())
        .col(must("version").integer())
        .col(must("event_id").uuid())
        .col(must("account_id").uuid())
        .col(must("code").string_len(12))
        .col(must("seats").small_integer())
        .col(must("state").string_len(24))
        .col(must("answers").json())
        .col(may("note").string_len(200))
        .col(must("queued_at").timestamp_with_time_zone())
        .col(may("due_at").timestamp_with_time_zone())
        .col(may("ended_at").timestamp_with_time_zone())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        .foreign_key(&mut references("event_id", "event"))
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(registration).await?;
    // Nobody is registered twice for one event.
    unique(manager, "event_registration", &["event_id", "account_id"]).await?;
    unique(manager, "event_registration", &["code"]).await?;
    index(manager, "event_registration", &["event_id", "state", "queued_at"]).await?;
    index(manager, "event_registration", &["account_id", "created_at"]).await?;
    index(manager, "event_registration", &["due_at"]).await?;
    let mut guest = table("event_guest");
    guest
        .col(key())
        .col(must("registration_id").uuid())
        .col(must("place").small_integer())
        .col(may("dependant_id").uuid())
        .col(may("name_sealed").binary())
        .foreign_key(&mut references("registration_id", "event_registration"));
    manager.create_table(guest).await?;
    unique(manager, "event_guest", &["registration_id", "place"]).await
}
