//! Each list is answered by an index in its order: no scan, no sorting.

use sea_orm::{DatabaseBackend, Statement};

use super::super::duplicates::{Likeness, like};
use super::*;
use crate::tests::House;

/// What SQLite does for a page of a query.
async fn plan(house: &House, query: Select<Entity>) -> String {
    let statement = query.build(DatabaseBackend::Sqlite);
    let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement };
    let steps = house.base.db.reader().query_all_raw(explain).await.unwrap();
    let steps: Vec<String> = steps.iter().map(|step| step.try_get::<String>("", "detail").unwrap()).collect();
    steps.join("; ")
}

fn answered_by(plan: &str, index: &str) {
    assert!(plan.contains(&format!("INDEX {index} (")), "{plan}\ndoes not use {index}");
    assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{plan}");
}

#[tokio::test]
async fn every_list_is_read_along_an_index() {
    let house = House::open().await;
    let after = kernel::page::Cursor { at: house.now(), id: uuid::Uuid::nil() }.text();
    let page = PageRequest::new(Some(20), Some(&after), None, None).unwrap();
    let db = house.base.db.reader();
    let queue = |actor, tab| first_due_first(waiting(db, actor, tab, house.now()), &page);
    let street = "service_request_street_queue_queue_due_at_id";
    for tab in [WorkQueueTab::ToAccept, WorkQueueTab::ToDispatch, WorkQueueTab::Returns, WorkQueueTab::ToVerify] {
        answered_by(&plan(&house, queue(&house.dispatcher, tab)).await, street);
    }
    answered_by(&plan(&house, queue(&house.agent, WorkQueueTab::ToCallback)).await, street);
    let unit = "service_request_lead_unit_id_queue_queue_due_at_id";
    answered_by(&plan(&house, queue(&house.handler, WorkQueueTab::ToSign)).await, unit);
    answered_by(&plan(&house, queue(&house.leader, WorkQueueTab::Handling)).await, unit);
    for tab in [WorkQueueTab::DueSoon, WorkQueueTab::Overdue] {
        let late = "service_request_street_queue_due_at_id";
        answered_by(&plan(&house, queue(&house.dispatcher, tab)).await, late);
        let late = "service_request_lead_unit_id_queue_due_at_id";
        answered_by(&plan(&house, queue(&house.handler, tab)).await, late);
    }
    let listed = plan(&house, newest_first(listed("310112008", None), &page)).await;
    answered_by(&listed, "service_request_street_is_listed_created_at_id");
    let own = plan(&house, newest_first(reported_by(house.ann.account().unwrap()), &page)).await;
    answered_by(&own, "service_request_reporter_id_created_at_id");
}

/// What is like a report is found by category and cell; the few that are found are put in order.
#[tokio::test]
async fn what_is_alike_is_found_along_an_index() {
    let house = House::open().await;
    let since = house.now() - chrono::TimeDelta::days(90);
    let category_code = "SANITATION.LITTER".to_owned();
    let of = Likeness { category_code, cells: vec![1, 2, 3], since, closed_since: since };
    let db = house.base.db.reader();
    for actor in [&house.dispatcher, &house.ann] {
        let sight = sight(actor, house.now());
        let plan = plan(&house, like(&of).filter(within(db, &sight)).limit(50)).await;
        assert!(plan.contains("INDEX service_request_category_code_cell_created_at"), "{plan}");
        assert!(!plan.contains("SCAN"), "{plan}");
    }
}
