//! Each fact is told once: by many at once, after a stop, in a fixed number of statements.

use chrono::TimeDelta;
use futures_util::future::join_all;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use serde_json::json;

use super::{gives_the_lease_back, holds_the_lease, lines_about};
use crate::support::case::complaint;
use crate::support::{Crew, Engine, Town, stories, tell};

stories![
    projectors_at_once_make_one_line,
    one_that_dies_half_way_leaves_nothing_and_another_goes_on,
    a_cursor_that_was_set_back_makes_no_doubles,
    a_fact_nobody_can_read_holds_back_no_other,
    a_batch_takes_the_same_statements_whomever_it_tells,
    what_is_old_is_swept,
];

async fn projectors_at_once_make_one_line(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let mut case = ann.reports(&complaint()).await;
    for state in ["ACCEPTED", "DISPATCHED", "IN_PROGRESS", "HANDLED", "VERIFIED"] {
        case = crew.takes(&case, "property", state).await;
        let others = (0..4).map(|_| zhilitong::notifier::project_pending(town.base()));
        assert!(join_all(others).await.iter().all(|told| !matches!(told, Err(Error::Fault(_)))));
    }
    town.notifies().await;
    // Four to the reporter, and the order to both people of the unit.
    assert_eq!(lines_about(town, &case).await, 6);
}

/// Nodes share the database and Redis; an embedded Redis is for one node only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_make_one_line() {
    tell(Town::open(Engine::Servers).await, |town| Box::pin(two_nodes(town))).await;
}

async fn two_nodes(town: &Town) {
    let other = town.second_node().await;
    projectors_at_once_make_one_line(town).await;
    other.stops().await;
}

/// All of a batch, then a death before the commit.
async fn projects_and_dies(tx: &mut Tx) -> Result<()> {
    let projected = notifications::project(tx).await?;
    assert!(projected.facts > 0 && !projected.accounts.is_empty());
    Err(Error::NotFound)
}

async fn one_that_dies_half_way_leaves_nothing_and_another_goes_on(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    holds_the_lease(town).await;
    let case = crew.takes(&case, "property", "DISPATCHED").await;
    town.relays().await;
    let cursor = "SELECT seq AS n FROM reader_cursor WHERE name = 'notifications'";
    let before = town.number(cursor).await;
    let died = town.base().write(&Actor::System, &(), |tx, ()| Box::pin(projects_and_dies(tx))).await;
    assert!(matches!(died, Err(Error::NotFound)));
    assert_eq!((lines_about(town, &case).await, town.number(cursor).await), (0, before));
    assert_eq!(ann.unread().await, 0);
    gives_the_lease_back(town).await;
    assert_eq!(ann.titles(town).await, ["Request sent to a unit", "Request accepted"]);
    assert_eq!(lines_about(town, &case).await, 4);
}

async fn a_cursor_that_was_set_back_makes_no_doubles(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "DISPATCHED").await;
    town.notifies().await;
    let before = lines_about(town, &case).await;
    assert_eq!(town.tampers("UPDATE reader_cursor SET seq = seq - 3 WHERE name = 'notifications'").await, 1);
    town.notifies().await;
    assert_eq!((lines_about(town, &case).await, before), (4, 4));
}

async fn a_fact_nobody_can_read_holds_back_no_other(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    holds_the_lease(town).await;
    let case = crew.takes(&case, "property", "ACCEPTED").await;
    let strange = "UPDATE fact SET kind = 'request.blessed' WHERE kind = 'request.accepted' AND subject_id = \
                   (SELECT id FROM service_request WHERE case_no = '{}')";
    assert_eq!(town.tampers(&strange.replace("{}", &case.no)).await, 1);
    crew.takes(&case, "property", "DISPATCHED").await;
    gives_the_lease_back(town).await;
    assert_eq!(ann.titles(town).await, ["Request sent to a unit"]);
    // The timeline of the case cannot be read either: made good for the town's own checks.
    town.tampers("UPDATE fact SET kind = 'request.accepted' WHERE kind = 'request.blessed'").await;
}

/// The statements of one batch, by a base of its own, so that nobody else's are counted.
async fn statements(base: &Base) -> (usize, u64) {
    let before = base.db.statements();
    let projected =
        base.write(&Actor::System, &(), |tx, ()| Box::pin(notifications::project(tx))).await.expect("a batch");
    (projected.accounts.len(), base.db.statements() - before)
}

async fn a_batch_takes_the_same_statements_whomever_it_tells(town: &Town) {
    let base = town.a_base_of_its_own().await;
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let (one, many) = (ann.reports(&complaint()).await, ann.reports(&complaint()).await);
    let one = crew.takes(&one, "property", "FILED").await;
    holds_the_lease(town).await;
    crew.takes(&one, "property", "DISPATCHED").await;
    town.relays().await;
    let (few, taken) = statements(&base).await;
    for _ in 0..20 {
        town.newcomer().await;
    }
    let colleagues = "INSERT INTO unit_member (id, unit_id, account_id, duty, valid_from) SELECT a.id, u.id, a.id, 'HANDLER', \
                      u.updated_at FROM account a CROSS JOIN unit u WHERE u.name = '爱博项目部' AND a.created_at >= \
                      (SELECT max(created_at) FROM account) AND a.id <> (SELECT submitted_by FROM service_request \
                      ORDER BY created_at DESC LIMIT 1)";
    assert_eq!(town.tampers(colleagues).await, 20);
    crew.takes(&many, "property", "IN_PROGRESS").await;
    town.relays().await;
    let (all, same) = statements(&base).await;
    assert_eq!((few, all), (3, 23));
    assert_eq!(taken, same);
    // Cursor, facts, cases; agents, co-reporters, followers, members; accounts, wishes, plans; lines, cursor.
    assert_eq!(taken, 12);
    base.db.clone().close().await.expect("a closed database");
    gives_the_lease_back(town).await;
}

async fn what_is_old_is_swept(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    crew.takes(&ann.reports(&complaint()).await, "property", "HANDLED").await;
    let inbox = ann.inbox(town).await;
    ann.reads(json!({ "ids": [inbox[0]["id"]] })).await.is_done();
    let kept = async || {
        let swept =
            town.base().write(&Actor::System, &(), |tx, ()| Box::pin(async move { notifications::sweep(tx).await }));
        swept.await.expect("a sweep");
        let mine = "SELECT count(*) AS n FROM notification n JOIN service_request r ON r.reporter_id = n.account_id \
                    AND r.id = n.subject_id WHERE r.state = 'HANDLED' AND r.created_at = (SELECT max(created_at) FROM service_request)";
        town.number(mine).await
    };
    assert_eq!(kept().await, 3);
    town.later(TimeDelta::days(180));
    assert_eq!(kept().await, 3);
    town.later(TimeDelta::seconds(1));
    assert_eq!(kept().await, 2, "what was read goes after half a year");
    town.later(TimeDelta::days(186));
    assert_eq!(kept().await, 0, "and the rest after a year");
}
