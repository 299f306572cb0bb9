//! The made-up town: the same wherever it is loaded, and true to its figures. Its two long loads begin early in the alphabet, so
//! that neither runs alone when all else is done.

mod numbers;

use std::collections::HashMap;

use entity::{fact, service_request};
use requests::{Fact, workflow};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, DatabaseConnection, EntityTrait as _, ModelTrait as _};
use sea_orm::{Iterable as _, QueryFilter as _, QueryOrder as _, Statement};
use zhilitong::seed::{self, Profile};

use crate::support::Engine;
use crate::support::engine::Ground;

async fn place(engine: Engine, profile: Profile) -> Ground {
    let ground = Ground::empty(engine).await;
    let config = ground.config();
    zhilitong::migrations::up(&config.database.url, |_| {}).await.unwrap();
    seed::load(&config, profile, &mut |_| {}).await.unwrap();
    ground
}

/// The whole street, loaded as `seed --profile full` loads it.
async fn whole_street(engine: Engine) -> Ground {
    place(engine, Profile::Full).await
}

async fn loaded(profile: Profile) -> (Ground, DatabaseConnection) {
    let ground = place(Engine::Embedded, profile).await;
    let database = ground.database().await;
    (ground, database)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_small_town_is_the_same_each_time() {
    let mut towns = Vec::new();
    for _ in 0..2 {
        let (ground, database) = loaded(Profile::Small).await;
        let facts = fact::Entity::find().order_by_asc(fact::Column::Id).all(&database).await.unwrap();
        let cases =
            service_request::Entity::find().order_by_asc(service_request::Column::Id).all(&database).await.unwrap();
        let cases: Vec<_> = cases.into_iter().map(|case| (case.id, case.case_no, case.updated_at)).collect();
        towns.push((facts, cases));
        database.close().await.unwrap();
        ground.clear().await;
    }
    assert!(towns[0].0.len() > 100, "{}", towns[0].0.len());
    assert!(towns[0] == towns[1], "two loads differ");
}

/// The one slow test: the whole street, loaded as `seed --profile full` loads it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_street_keeps_its_figures_to_the_digit() {
    let (ground, database) = loaded(Profile::Full).await;
    let hotline = "source = 'HOTLINE'";
    for (indicator, sql, figures) in [
        ("first contact", first_contact(), (2_931, 3_000)),
        ("on time", on_time(hotline), (2_988, 3_000)),
        ("on time, findings", on_time("source <> 'HOTLINE'"), (23_406, 23_500)),
        ("solved", answers("s.solved = 'YES'", "s.solved IS NOT NULL"), (2_764, 3_000)),
        ("satisfied", answers("s.satisfaction >= 3", "s.satisfaction BETWEEN 1 AND 5"), (2_100, 2_400)),
    ] {
        assert_eq!(share(&database, &sql).await, figures, "{indicator}");
    }
    for (source, cases) in [("PATROL", 21_573), ("AUTO", 2_112), ("HOTLINE", 3_000)] {
        let sql = format!(
            "SELECT count(DISTINCT case_no) AS n, count(*) AS d FROM service_request WHERE source = '{source}'"
        );
        assert_eq!(share(&database, &sql).await, (cases, cases), "{source}: as many numbers as cases");
    }
    let residents = "SELECT count(phone_index) AS n, count(*) AS d FROM account";
    assert_eq!(share(&database, residents).await.0, 7_700);
    let gapless = "SELECT max(seq) AS n, count(seq) AS d FROM fact";
    let (last, numbered) = share(&database, gapless).await;
    assert_eq!(last, numbered, "facts are numbered without a gap");
    assert!(numbered > 190_000, "{numbered}");
    every_queue_has_something(&database).await;
    every_grid_has_its_leader(&database).await;
    its_houses_are_used(&database).await;
    facts_fold_to_their_rows(&database).await;
    database.close().await.unwrap();
    numbers::keeps_its_figures(ground).await;
}

/// Orders that count: of hotline cases, neither returned nor void. Those of exempt cases have no contact due.
fn orders(of: &str) -> String {
    format!(
        "FROM assignment a JOIN service_request r ON r.id = a.request_id WHERE r.{of} AND a.state NOT IN ('RETURNED', 'VOIDED')"
    )
}

fn first_contact() -> String {
    format!(
        "SELECT count(*) FILTER (WHERE a.contacted_at <= a.contact_due_at) AS n, count(*) AS d {}
         AND a.contact_due_at >= $1 AND a.contact_due_at < $2",
        orders("source <> ''")
    )
}

fn on_time(of: &str) -> String {
    format!(
        "SELECT count(*) FILTER (WHERE a.handled_at <= a.due_at) AS n, count(*) AS d {} AND a.due_at >= $1 AND a.due_at < $2",
        orders(of)
    )
}

/// Answers of the period; a question, praise, and what a second person found unfounded count in no rate.
fn answers(counted: &str, among: &str) -> String {
    format!(
        "SELECT count(*) FILTER (WHERE {counted}) AS n, count(*) AS d
         FROM survey s JOIN service_request r ON r.id = s.request_id
         WHERE {among} AND s.at >= $1 AND s.at < $2 AND r.kind NOT IN ('CONSULT', 'PRAISE')
           AND (r.result IS NULL OR r.result NOT IN ('UNFOUNDED', 'UNREASONABLE'))"
    )
}

/// A share as counted and among how many, in the period of the indicators.
async fn share(database: &DatabaseConnection, sql: &str) -> (i64, i64) {
    let period = seed::period();
    let bounds = if sql.contains("$1") { vec![period.start.into(), period.end.into()] } else { Vec::new() };
    let statement = Statement::from_sql_and_values(database.get_database_backend(), sql, bounds);
    let row = database.query_one_raw(statement).await.expect(sql).expect(sql);
    (row.try_get("", "n").unwrap(), row.try_get("", "d").unwrap())
}

async fn every_queue_has_something(database: &DatabaseConnection) {
    let sql = "SELECT count(DISTINCT queue) AS n, count(queue) AS d FROM service_request";
    let (queues, open) = share(database, sql).await;
    assert_eq!(queues, 7);
    assert!((300..1_000).contains(&open), "{open} cases are open");
}

/// Ten thousand bookings of ten months, of which it is known what became; and what the houses offer.
async fn its_houses_are_used(database: &DatabaseConnection) {
    for (state, bookings) in
        [("COMPLETED", 8_600), ("NO_SHOW", 400), ("CANCELLED_BY_USER", 800), ("CANCELLED_BY_CENTER", 200)]
    {
        let sql =
            format!("SELECT count(*) FILTER (WHERE state = '{state}') AS n, count(DISTINCT code) AS d FROM booking");
        assert_eq!(share(database, &sql).await, (bookings, 10_000), "{state}");
    }
    let late = "SELECT count(*) AS n, count(DISTINCT account_id) AS d FROM booking WHERE is_late";
    assert_eq!(share(database, late).await.0, 100);
    for (kind, lines) in [("NO_SHOW", 400), ("LATE_CANCEL", 100), ("ON_TIME_USE", 8_600)] {
        let sql = format!("SELECT count(*) AS n, count(DISTINCT holder) AS d FROM credit_entry WHERE kind = '{kind}'");
        assert_eq!(share(database, &sql).await, (lines, lines), "{kind}");
    }
    let twice = "SELECT count(*) AS n, count(DISTINCT a.id) AS d FROM booking a JOIN booking b ON a.venue_id = b.venue_id \
                 AND a.id < b.id AND a.begins_at < b.ends_at AND b.begins_at < a.ends_at";
    assert_eq!(share(database, twice).await.0, 0, "no room is had twice");
    let untold = "SELECT count(*) AS n, count(*) AS d FROM booking b \
                  WHERE version <> (SELECT count(*) FROM fact f WHERE f.subject_id = b.id)";
    assert_eq!(share(database, untold).await.0, 0, "each has the facts that made it");
    let services = "SELECT count(*) AS n, count(DISTINCT category) AS d FROM service_item";
    assert_eq!(share(database, services).await, (107, 6));
    let rooms =
        "SELECT count(*) AS n, count(DISTINCT center_id) AS d FROM venue WHERE kind NOT IN ('EXPERT', 'COUNTER')";
    assert_eq!(share(database, rooms).await, (40, 5));
}

async fn every_grid_has_its_leader(database: &DatabaseConnection) {
    let sql = "SELECT count(DISTINCT g.scope_id) AS n, count(DISTINCT a.id) AS d FROM area a
               LEFT JOIN role_grant g ON g.scope_id = a.id AND g.role IN ('GRID_LEADER', 'MICRO_GRID_LEADER')
               WHERE a.level IN ('DISPOSAL', 'AUTONOMY', 'MICRO')";
    assert_eq!(share(database, sql).await, (180, 180));
}

/// Folds the facts of every tenth case and compares with its row; words, numbers to call and places are not facts.
async fn facts_fold_to_their_rows(database: &DatabaseConnection) {
    use service_request::Column as C;
    let rows = service_request::Entity::find().filter(C::CaseNo.ends_with("7")).all(database).await.unwrap();
    assert!(rows.len() > 2_000, "{}", rows.len());
    let mut facts: HashMap<uuid::Uuid, Vec<fact::Model>> = HashMap::new();
    for chunk in rows.chunks(500) {
        let ids = chunk.iter().map(|row| row.id.0);
        let of = fact::Entity::find().filter(fact::Column::SubjectId.is_in(ids)).order_by_asc(fact::Column::Version);
        for fact in of.all(database).await.unwrap() {
            facts.entry(fact.subject_id).or_default().push(fact);
        }
    }
    // The alarm is planned from the row; nothing that happened.
    let words = [C::Description, C::Address, C::Longitude, C::Latitude, C::Reply, C::AlarmAt];
    let sealed = [C::OnBehalfNameSealed, C::ContactPhoneSealed, C::ContactPhoneIndex];
    for row in rows {
        let mut told =
            facts[&row.id.0].iter().map(|fact| (fact.at, Fact::read(&fact.kind, fact.data.clone()).unwrap()));
        let Some((at, Fact::Submitted(submitted))) = told.next() else { panic!("{} does not begin", row.case_no) };
        let mut folded = workflow::begin(row.id, &submitted, at);
        told.for_each(|(at, fact)| workflow::evolve(&mut folded, &fact, at));
        for column in C::iter().filter(|column| !words.iter().chain(&sealed).any(|left_out| is_same(left_out, column)))
        {
            assert_eq!(folded.get(column), row.get(column), "{}: {column:?}", row.case_no);
        }
    }
}

/// SeaORM's columns are compared by name.
fn is_same(one: &entity::service_request::Column, other: &entity::service_request::Column) -> bool {
    format!("{one:?}") == format!("{other:?}")
}
