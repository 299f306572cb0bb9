//! Each question is answered along an index, whatever the size of the tables: no scan of a table, and pages are not sorted.

use entity::enums::Source;
use entity::id::UnitId;
use kernel::db::{DatabaseConfig, Db};
use kernel::page::{Cursor, PageRequest};
use sea_orm::{DatabaseBackend, DatabaseConnection, EntityTrait, QueryTrait as _, Select, Statement};
use sea_orm_migration::MigratorTrait as _;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use super::points::behind as points_behind;
use super::sums::{counted, open, settled};
use super::*;
use crate::command::{Asked, Group, Part};
use crate::definition::Metric;
use crate::period::Period;
use crate::route::{Route, route};

const STREET: &str = "/310112008/";
const GRID: &str = "/310112008/310112008-D1/310112008001/";

fn asked(area: Option<&str>, unit: Option<u128>, filter: Filter, group: Group) -> Asked {
    let areas = area.into_iter().map(str::to_owned).collect();
    let units = unit.into_iter().map(|unit| UnitId(Uuid::from_u128(unit))).collect();
    let period = Period { from: "2026-11-01".parse().unwrap(), to: "2026-12-01".parse().unwrap() };
    Asked { metrics: vec![Metric::OnTimeRate], period, sight: Sight { areas, units }, filter, group }
}

fn none() -> Filter {
    Filter::default()
}

fn hotline() -> Filter {
    Filter { source: Some(Source::Hotline), ..none() }
}

async fn plan<E: EntityTrait>(db: &DatabaseConnection, query: Select<E>) -> String {
    let statement = query.build(DatabaseBackend::Sqlite);
    let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement };
    let steps = db.query_all_raw(explain).await.unwrap();
    steps.iter().map(|step| step.try_get::<String>("", "detail").unwrap()).collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn answered_by(plan: &str, index: &str) {
    assert!(plan.contains(index), "{plan}\ndoes not use {index}");
    assert!(!plan.contains("SCAN"), "{plan}");
}

#[tokio::test]
async fn every_question_is_answered_along_an_index() {
    let file = std::env::temp_dir().join(format!("stats-plans-{}.db", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let url = format!("sqlite:{}", file.display());
    migration::Migrator::up(&Db::connect_for_migration(&url).await.unwrap(), None).await.unwrap();
    let db = Db::connect(&DatabaseConfig::at(url, 2)).await.unwrap();
    let now = "2026-11-23T01:00:00Z".parse().unwrap();
    for (area, unit, filter, group) in [
        (Some(STREET), None, none(), Group::None),
        (Some(STREET), None, none(), Group::Grid),
        (Some(STREET), None, none(), Group::Month),
        (Some(STREET), None, hotline(), Group::None),
        (Some(GRID), None, none(), Group::Day),
        (None, Some(7), none(), Group::None),
        (Some(GRID), None, none(), Group::Category),
        (Some(STREET), Some(7), none(), Group::Category),
        (None, Some(7), hotline(), Group::Grid),
    ] {
        let asked = asked(area, unit, filter, group);
        // One indicator, and all that a report asks for at once: the planner does not treat them alike.
        for measures in [&[Measure::Due][..], &Measure::iter().collect::<Vec<_>>()] {
            let period = asked.period;
            match route(&asked) {
                Route::Cells(dimension) => {
                    let sums = plan(db.reader(), settled(&asked, dimension, measures, period)).await;
                    // By its key where there is one, else all keys of the days; never beyond the days.
                    answered_by(&sums, "measure=? AND day>? AND day<?)");
                    let few = plan(db.reader(), open(db.reader(), &asked, measures, period, now)).await;
                    answered_by(&few, "_is_open_measure_at (");
                }
                Route::Points => {
                    let points = plan(db.reader(), counted(db.reader(), &asked, measures, period, now)).await;
                    answered_by(&points, "_measure_at_subject_id (");
                }
            }
        }
        let after = Cursor { at: now, id: Uuid::nil() }.text();
        let page = PageRequest::new(Some(20), Some(&after), None, None).unwrap();
        for part in [Part::Numerator, Part::Missed, Part::Denominator] {
            use kpi_point::Column as C;
            let query = page.apply(points_behind(db.reader(), &asked, part, now), C::At, C::SubjectId, true);
            let page = plan(db.reader(), query).await;
            answered_by(&page, "_measure_at_subject_id (");
            assert!(!page.contains("TEMP B-TREE"), "{page}");
        }
    }
    db.close().await.unwrap();
    let _ = std::fs::remove_file(&file);
}
