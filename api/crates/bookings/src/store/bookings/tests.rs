//! Each list is answered by an index, whatever the size of the table: no scan, and a centre's day is not sorted.

use kernel::db::{DatabaseConfig, Db};
use kernel::page::Cursor;
use migration::Migrator;
use sea_orm::{DatabaseBackend, DatabaseConnection, QueryTrait as _, Statement};
use sea_orm_migration::MigratorTrait as _;
use uuid::Uuid;

use super::*;

/// What SQLite does for a query.
async fn plan(db: &DatabaseConnection, query: Select<Entity>) -> String {
    let statement = query.build(DatabaseBackend::Sqlite);
    let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement };
    let steps = db.query_all_raw(explain).await.unwrap();
    steps.iter().map(|step| step.try_get::<String>("", "detail").unwrap()).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn a_centres_day_and_what_overlaps_are_read_along_an_index() {
    let file = std::env::temp_dir().join(format!("bookings-plans-{}.db", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let url = format!("sqlite:{}", file.display());
    Migrator::up(&Db::connect_for_migration(&url).await.unwrap(), None).await.unwrap();
    let db = Db::connect(&DatabaseConfig::at(url, 2)).await.unwrap();
    let day = Hours::between(0, 24 * 60).unwrap().on("2026-11-24".parse().unwrap()).unwrap();
    let after = Cursor { at: day.begins(), id: Uuid::nil() }.text();
    for after in [None, Some(after.as_str())] {
        let page = PageRequest::new(Some(100), after, None, None).unwrap();
        let there = page.apply(begun_within(CenterId(Uuid::nil()), day), Column::BeginsAt, Column::Id, false);
        let plan = plan(db.reader(), there).await;
        assert!(plan.contains("INDEX booking_center_id_begins_at_id (center_id=? AND begins_at>"), "{plan}");
        assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
    let venues = [VenueId(Uuid::nil()), VenueId(Uuid::max())];
    for state in [&LIVE[..], &[BookingState::Waitlisted]] {
        let there = overlapping(db.reader(), &venues, day).filter(Column::State.is_in(state.iter().copied()));
        let plan = plan(db.reader(), there).await;
        assert!(
            plan.contains("INDEX booking_venue_id_state_begins_at (venue_id=? AND state=? AND begins_at<?)"),
            "{plan}"
        );
        assert!(!plan.contains("SCAN"), "{plan}");
    }
    std::fs::remove_file(file).unwrap();
}
