//! Schema history (数据库迁移): one step per file, each with its way back.
//!
//! A step is written once for SQLite and PostgreSQL; what differs between them is in [`columns`]. Steps never import
//! `entity`: the past must not change when the present does. Running code and the next schema must coexist, so a step
//! expands, moves or contracts, and says which.

use sea_orm_migration::prelude::*;

pub mod columns;
mod m20261122_000001_ground;
mod m20261122_000002_people;
mod m20261122_000003_places;
mod m20261122_000004_units;
mod m20261122_000005_requests;
mod m20261122_000006_reference;
mod m20261122_000007_audit;
mod m20261122_000008_staff;
mod m20261122_000010_wechat;
mod m20261122_000012_residents;
mod m20261125_000013_maintenance;
mod m20261125_000014_credit_code;
mod m20261125_000015_consents;
mod m20261125_000016_rights;
mod m20261125_000017_party;
mod m20261125_000018_clocks;
mod m20261125_000019_notifications;
mod m20261125_000020_statistics;
mod m20261125_000021_duplicates;
mod m20261126_000022_sources;
mod m20261126_000023_reference;
mod m20261126_000024_talk;
mod m20261126_000025_retention;
mod m20261126_000026_conflicts;
mod m20261126_000027_grids;
mod m20261126_000028_content_states;
mod m20261126_000029_content_reports;
mod m20261126_000030_boards;
mod m20261126_000031_redactions;
mod m20261126_000032_bookings;
mod m20261126_000033_credit;
mod m20261127_000034_calendar_feed;
mod m20261127_000035_series;
mod m20261127_000036_slot_hold;
mod m20261127_000037_services;
mod m20261127_000038_events;
mod m20261127_000039_attendance;

/// The ordered list of steps.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_ground::Migration),
            Box::new(m20261122_000002_people::Migration),
            Box::new(m20261122_000003_places::Migration),
            Box::new(m20261122_000004_units::Migration),
            Box::new(m20261122_000005_requests::Migration),
            Box::new(m20261122_000006_reference::Migration),
            Box::new(m20261122_000007_audit::Migration),
            Box::new(m20261122_000008_staff::Migration),
            Box::new(m20261122_000010_wechat::Migration),
            Box::new(m20261122_000012_residents::Migration),
            Box::new(m20261125_000013_maintenance::Migration),
            Box::new(m20261125_000014_credit_code::Migration),
            Box::new(m20261125_000015_consents::Migration),
            Box::new(m20261125_000016_rights::Migration),
            Box::new(m20261125_000017_party::Migration),
            Box::new(m20261125_000018_clocks::Migration),
            Box::new(m20261125_000019_notifications::Migration),
            Box::new(m20261125_000020_statistics::Migration),
            Box::new(m20261125_000021_duplicates::Migration),
            Box::new(m20261126_000022_sources::Migration),
            Box::new(m20261126_000023_reference::Migration),
            Box::new(m20261126_000024_talk::Migration),
            Box::new(m20261126_000025_retention::Migration),
            Box::new(m20261126_000026_conflicts::Migration),
            Box::new(m20261126_000027_grids::Migration),
            Box::new(m20261126_000028_content_states::Migration),
            Box::new(m20261126_000029_content_reports::Migration),
            Box::new(m20261126_000030_boards::Migration),
            Box::new(m20261126_000031_redactions::Migration),
            Box::new(m20261126_000032_bookings::Migration),
            Box::new(m20261126_000033_credit::Migration),
            Box::new(m20261127_000034_calendar_feed::Migration),
            Box::new(m20261127_000035_series::Migration),
            Box::new(m20261127_000036_slot_hold::Migration),
            Box::new(m20261127_000037_services::Migration),
            Box::new(m20261127_000038_events::Migration),
            Box::new(m20261127_000039_attendance::Migration),
        ]
    }
}
