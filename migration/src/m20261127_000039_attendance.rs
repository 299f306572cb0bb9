//! Expand: who was at an event, its record and its votes; who sits on the committee of an organisation of the party.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "party_member", may("duty").string_len(24)).await?;
        attendance(manager).await?;
        registered(manager).await?;
        records(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut met = Query::select();
        met.column("id").from("event_attendance").and_where(Expr::col("status").ne("EXPECTED")).limit(1);
        refuse_if_any(manager, met, "attendance was taken, which would be lost").await?;
        let wrote = Query::select().column("id").from("event_record").limit(1).take();
        refuse_if_any(manager, wrote, "meetings were recorded, which would be lost").await?;
        drop_tables(manager, &["event_resolution", "event_record", "event_attendance"]).await?;
        drop(manager, "party_member", "duty").await
    }
}

async fn attendance(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut attendance = table("event_attendance");
    attendance
        .col(key())
        .col(must("version").integer())
        .col(must("event_id").uuid())
        .col(may("member_id").uuid())
        .col(may("account_id").uuid())
        .col(must("seats").small_integer())
        .col(must("has_vote").boolean())
        .col(must("status").string_len(24))
        .col(may("method").string_len(24))
        .col(may("arrived_at").timestamp_with_time_zone())
        .col(may("left_at").timestamp_with_time_zone())
        .col(may("minutes").integer())
        .col(may("leave_state").string_len(24))
        .col(may("reason_sealed").binary())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        // Somebody is expected as a member, or came as a person; never both, so that no row binds an account to a roster.
        .check(Expr::cust("(member_id IS NULL) <> (account_id IS NULL)"))
        .foreign_key(&mut references("event_id", "event"))
        .foreign_key(&mut references("member_id", "party_member"))
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(attendance).await?;
    // Nobody stands on the list of an event twice.
    unique(manager, "event_attendance", &["event_id", "member_id"]).await?;
    unique(manager, "event_attendance", &["event_id", "account_id"]).await?;
    index(manager, "event_attendance", &["event_id", "created_at", "id"]).await?;
    index(manager, "event_attendance", &["member_id"]).await?;
    index(manager, "event_attendance", &["account_id"]).await
}

/// Who is registered for what is not over is expected there.
async fn registered(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let copied = "INSERT INTO event_attendance (id, version, event_id, account_id, seats, has_vote, status, created_at, updated_at) \
                  SELECT r.id, 1, r.event_id, r.account_id, r.seats, FALSE, 'EXPECTED', r.created_at, r.updated_at \
                  FROM event_registration r JOIN event e ON e.id = r.event_id \
                  WHERE r.state = 'CONFIRMED' AND e.state = 'OPEN'";
    manager.get_connection().execute_unprepared(copied).await?;
    Ok(())
}

async fn records(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut record = table("event_record");
    record
        .col(key())
        .col(must("event_id").uuid())
        .col(must("version").integer())
        .col(must("chair_sealed").binary())
        .col(must("recorder_sealed").binary())
        .col(must("minutes_sealed").binary())
        .col(must("photos").json())
        .col(must("written_by").uuid())
        .col(may("checked_by").uuid())
        .col(may("checked_at").timestamp_with_time_zone())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        .foreign_key(&mut references("event_id", "event"))
        .foreign_key(&mut references("written_by", "account"))
        .foreign_key(&mut references("checked_by", "account"));
    manager.create_table(record).await?;
    let mut resolution = table("event_resolution");
    resolution
        .col(key())
        .col(must("event_id").uuid())
        .col(must("place").small_integer())
        .col(must("title_sealed").binary())
        .col(must("voters").integer())
        .col(must("present").integer())
        .col(must("votes_for").integer())
        .col(must("votes_against").integer())
        .col(must("abstained").integer())
        .col(must("is_passed").boolean())
        .col(must("recorded_by").uuid())
        .col(must("recorded_at").timestamp_with_time_zone())
        .foreign_key(&mut references("event_id", "event"))
        .foreign_key(&mut references("recorded_by", "account"));
    manager.create_table(resolution).await?;
    unique(manager, "event_record", &["event_id"]).await?;
    unique(manager, "event_resolution", &["event_id", "place"]).await?;
    index(manager, "event_record", &["written_by"]).await?;
    index(manager, "event_record", &["checked_by"]).await?;
    index(manager, "event_resolution", &["recorded_by"]).await
}
