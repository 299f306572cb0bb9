//! A centre's day is one page, whatever the size of the house and of its past: sixty rooms or six, three thousand bookings or three
//! hundred thousand, it takes the same statements. How PostgreSQL reads them is written down by the server; what SQLite does is told
//! beside the statements, in the crates that write them.

use std::time::Instant;

use entity::id::{CenterId, Id as _, OpeningRuleId, VenueId};
use entity::{booking, center, opening_rule, venue};
use kernel::db::DatabaseConfig;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryResult, Statement,
};
use serde_json::Value;
use uuid::Uuid;

use crate::contract::plans::{Wire, explain};
use crate::contract::quiet::QuietNode;
use crate::support::{Engine, Person, Town};

/// Houses by their numbers, with their rooms: a large one, a small one, and others that fill the table.
const HOUSES: [(u64, u64); 6] = [(1, 60), (2, 6), (3, 10), (4, 10), (5, 10), (6, 10)];
const LARGE: u64 = 1;
const SMALL: u64 = 2;
/// Bookings of a day, in all houses: each room is had four times, the last rooms of the last house less often.
const A_DAY: i64 = 410;
/// Days of a new town, before and after today; and those of two years.
const WEEK: (i64, i64) = (-3, 3);
const YEARS: (i64, i64) = (-701, 30);
/// The day after today.
const DATE: &str = "2026-11-24";
/// What the staff see of each booking.
const DAY: &str = "id code state startsAt endsAt partySize purpose groupName viewerActions venue { name kind within { name } } \
                   booker { displayName } center { name }";

#[tokio::test]
async fn sqlite_embedded() {
    check(Engine::Embedded).await;
}

#[tokio::test]
async fn postgres_redis() {
    check(Engine::Servers).await;
}

/// On one thread, as a worker of the service is: rows of a page are asked for their edges in one go.
async fn check(engine: Engine) {
    let town = Town::open(engine).await;
    builds(&town).await;
    let node = QuietNode::beside(&town, town.ground.config().database).await;
    let staff = town.staff("center").await;
    books(&town, WEEK.0..=WEEK.1).await;
    let new = [looks(&node, &staff, SMALL).await, looks(&node, &staff, LARGE).await];
    let filled = Instant::now();
    books(&town, YEARS.0..=WEEK.0 - 1).await;
    books(&town, WEEK.1 + 1..=YEARS.1).await;
    let rows = booking::Entity::find().count(town.database()).await.unwrap();
    assert!(rows >= 300_000, "{rows}");
    println!("{engine:?}: {rows} bookings after {:?}", filled.elapsed());
    let old = [looks(&node, &staff, SMALL).await, looks(&node, &staff, LARGE).await];
    // The large house has more in a day than a page holds.
    assert_eq!(
        new.each_ref().map(|seen| (seen.bookings, seen.rooms, seen.has_more)),
        [(24, 6, false), (100, 60, true)]
    );
    for seen in new.iter().chain(&old) {
        assert_eq!((&seen.statements, seen.bookings, seen.rooms), (&new[0].statements, seen.bookings, seen.rooms));
    }
    for (new, old) in new.iter().zip(&old) {
        assert_eq!(new.answers, old.answers, "the past changes nothing");
    }
    // The limits, which are not asked inside the process, let both through.
    for text in [day_of(LARGE, ""), slots_of(LARGE)] {
        staff.asks(&text).await.is_done();
    }
    if engine == Engine::Servers {
        along_an_index(&town, &staff).await;
    }
    assert!(town.close().await.is_empty());
}

/// What a look at a house's day gave.
struct Look {
    /// For a page, and for the slots.
    statements: [u64; 2],
    bookings: usize,
    has_more: bool,
    rooms: usize,
    answers: [Value; 2],
}

async fn looks(node: &QuietNode, staff: &Person, house: u64) -> Look {
    let begun = Instant::now();
    let (first, one) = node.asks(staff, &day_of(house, ""), &Value::Null).await;
    let paged = begun.elapsed();
    let has_more = first.get("/node/bookings/pageInfo/hasNextPage") == &Value::Bool(true);
    if has_more {
        let after = format!(", after: {}", first.get("/node/bookings/pageInfo/endCursor"));
        let (second, two) = node.asks(staff, &day_of(house, &after), &Value::Null).await;
        assert_eq!((second.list("/node/bookings/nodes").len(), two), (100, one));
    }
    let begun = Instant::now();
    let (slots, two) = node.asks(staff, &slots_of(house), &Value::Null).await;
    println!("house {house}: {one} statements for a page in {paged:?}, {two} for the slots in {:?}", begun.elapsed());
    let venues = slots.list("/node/venues");
    for venue in &venues {
        let slots = venue["slots"].as_array().unwrap();
        let open: Vec<_> = slots
            .iter()
            .filter(|slot| slot["state"] == "OPEN")
            .map(|slot| slot["startsAt"].as_str().unwrap())
            .collect();
        // Between 10:15 and 11:30, and between 12:45 and 14:00, with a quarter to clean.
        assert_eq!(
            (slots.len(), open),
            (16, vec!["2026-11-24T02:30:00+00:00", "2026-11-24T05:00:00+00:00"]),
            "{venue}"
        );
    }
    let nodes = first.list("/node/bookings/nodes");
    assert!(nodes.iter().all(|node| node["venue"]["name"].is_string() && node["viewerActions"].is_array()));
    Look {
        statements: [one, two],
        bookings: nodes.len(),
        has_more,
        rooms: venues.len(),
        answers: [first.json, slots.json],
    }
}

fn day_of(house: u64, after: &str) -> String {
    let id = CenterId(numbered(house, 0)).text();
    format!(
        "{{ node(id: \"{id}\") {{ ... on Center {{ bookings(on: \"{DATE}\", first: 100{after}) {{ nodes {{ {DAY} }} pageInfo \
         {{ hasNextPage endCursor }} }} }} }} }}"
    )
}

fn slots_of(house: u64) -> String {
    let id = CenterId(numbered(house, 0)).text();
    format!(
        "{{ node(id: \"{id}\") {{ ... on Center {{ venues {{ name kind slots(from: \"{DATE}\", minutes: 30) {{ startsAt endsAt state }} }} }} }} }}"
    )
}

/// A house, or its rooms from 1 on.
fn numbered(house: u64, number: u64) -> Uuid {
    Uuid::from_u64_pair(house, number)
}

/// Makes the houses after one of the demo town, each room as its dance room is.
async fn builds(town: &Town) {
    let db = town.database();
    let house = center::Entity::find().filter(center::Column::Code.eq("XH-01")).one(db).await.unwrap().unwrap();
    let room = venue::Entity::find().filter(venue::Column::CenterId.eq(house.id));
    let room = room.filter(venue::Column::Name.eq(super::DANCE)).one(db).await.unwrap().unwrap();
    let rules = opening_rule::Entity::find().filter(opening_rule::Column::VenueId.eq(room.id)).all(db).await.unwrap();
    // The day's hours are enough.
    let rule = rules.into_iter().min_by_key(|rule| rule.from_minute).unwrap();
    for (number, rooms) in HOUSES {
        let id = CenterId(numbered(number, 0));
        let copy = center::Model { id, code: format!("T-{number}"), ..house.clone() };
        center::Entity::insert(copy.into_active_model()).exec_without_returning(db).await.unwrap();
        let copies = (1..=rooms).map(|at| {
            let place = VenueId(numbered(number, at));
            venue::Model { id: place, center_id: id, name: format!("活动室 {at:02}"), ..room.clone() }
                .into_active_model()
        });
        venue::Entity::insert_many(copies).exec_without_returning(db).await.unwrap();
        let copies = (1..=rooms).map(|at| {
            let (place, of_it) = (VenueId(numbered(number, at)), OpeningRuleId(numbered(number, at)));
            let days = entity::enums::OpeningDays::Working;
            opening_rule::Model { id: of_it, venue_id: place, days, ..rule.clone() }.into_active_model()
        });
        opening_rule::Entity::insert_many(copies).exec_without_returning(db).await.unwrap();
    }
}

/// Books all houses on some days from today on, behind the product's back; what is ahead, with its pieces.
async fn books(town: &Town, days: std::ops::RangeInclusive<i64>) {
    let (first, last) = (days.start(), days.end());
    let dialect = Dialect::of(town.ground.engine);
    let (id, center, venue) = (
        (dialect.uuid)("176", "(day + 1000) * 410 + k"),
        (dialect.uuid)("house", "0"),
        (dialect.uuid)("house", "room + 1"),
    );
    // At nine, half past eleven, two and four; an hour each.
    let [begins, due, ends] =
        [0, 15, 60].map(|more| (dialect.time)("day", &format!("slot * 150 - slot / 3 * 30 + {more}")));
    let fill = format!(
        "WITH RECURSIVE days(n) AS ({days}), numbers(n) AS ({numbers}), \
         who AS (SELECT id AS account, row_number() OVER (ORDER BY id) - 1 AS place FROM account ORDER BY id LIMIT 12), \
         numbered AS (SELECT days.n AS day, numbers.n AS k FROM days CROSS JOIN numbers), \
         housed AS (SELECT day, k, CASE WHEN k < 240 THEN 1 WHEN k < 264 THEN 2 ELSE 3 + (k - 264) / 40 END AS house, \
            CASE WHEN k < 240 THEN k WHEN k < 264 THEN k - 240 ELSE (k - 264) % 40 END AS place, \
            CASE WHEN k < 240 THEN 60 WHEN k < 264 THEN 6 ELSE 10 END AS rooms FROM numbered), \
         placed AS (SELECT day, k, house, place % rooms AS room, place / rooms AS slot FROM housed) \
         INSERT INTO booking (id, version, code, center_id, venue_id, account_id, purpose, party_size, begins_at, ends_at, \
            buffer_before, buffer_after, state, due_at, is_late, ended_at, created_at, updated_at) \
         SELECT {id}, 1, 'T' || ((day + 1000) * 410 + k), {center}, {venue}, account, '排练', 6, {begins}, {ends}, 0, 15, \
            CASE WHEN day >= 0 THEN 'CONFIRMED' WHEN k % 9 = 0 THEN 'CANCELLED_BY_USER' ELSE 'COMPLETED' END, \
            CASE WHEN day >= 0 THEN {due} END, {no}, CASE WHEN day < 0 THEN {ends} END, {begins}, {begins} \
         FROM placed JOIN who ON who.place = k % 12 ORDER BY day, k",
        days = (dialect.between)("days", *first, *last),
        numbers = (dialect.between)("numbers", 0, A_DAY - 1),
        no = dialect.no,
    );
    let pieces = format!(
        "WITH RECURSIVE pieces(n) AS ({pieces}) INSERT INTO occupancy (leaf, unit, granule, holder) \
         SELECT venue_id, 0, {quarter} + pieces.n, id FROM booking CROSS JOIN pieces WHERE state = 'CONFIRMED' AND begins_at >= {from} \
         AND begins_at < {to}",
        pieces = (dialect.between)("pieces", 0, 4),
        quarter = dialect.quarter,
        from = (dialect.time)(&first.to_string(), "0"),
        to = (dialect.time)(&(last + 1).to_string(), "0"),
    );
    let db = town.ground.database().await;
    let backend = db.get_database_backend();
    let indexes = db.query_all_raw(Statement::from_string(backend, dialect.indexes)).await.unwrap();
    let text = |row: &QueryResult, name: &str| row.try_get::<String>("", name).unwrap();
    let drops = indexes.iter().map(|row| format!("DROP INDEX {}", text(row, "name")));
    let makes = indexes.iter().map(|row| text(row, "sql"));
    let before = dialect.before.iter().copied().map(str::to_owned);
    let last = [pieces, "ANALYZE".to_owned()];
    for sql in before.chain(drops).chain([fill]).chain(makes).chain(last) {
        db.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }
    db.close().await.unwrap();
}

/// What the two engines say differently.
struct Dialect {
    before: &'static [&'static str],
    /// The indexes of the bookings beside the key: a full table is given them faster than a growing one.
    indexes: &'static str,
    no: &'static str,
    /// The quarter in which `begins_at` lies.
    quarter: &'static str,
    /// Numbers from one to another, as the body of a table `t(n)`.
    between: fn(&str, i64, i64) -> String,
    /// As [`numbered`], of two expressions.
    uuid: fn(&str, &str) -> String,
    /// So many minutes after nine of a day from today on.
    time: fn(&str, &str) -> String,
}

impl Dialect {
    fn of(engine: Engine) -> Self {
        match engine {
            // What the fill refers to was made before it: to look each up again would take longer than all the rest.
            Engine::Servers => Self {
                before: &[
                    "SET session_replication_role = replica",
                    "SET synchronous_commit = off",
                    "ALTER TABLE credit_appeal SET UNLOGGED",
                    "ALTER TABLE series_refusal SET UNLOGGED",
                    "ALTER TABLE booking SET UNLOGGED",
                ],
                indexes: "SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE tablename = 'booking' AND indexname NOT \
                          LIKE '%pkey'",
                no: "false",
                quarter: "(extract(epoch FROM begins_at)::bigint / 900)::int",
                between: |_, from, to| format!("SELECT generate_series({from}, {to})"),
                uuid: |house, number| {
                    format!(
                        "(lpad(to_hex(({house})::bigint), 16, '0') || lpad(to_hex(({number})::bigint), 16, '0'))::uuid"
                    )
                },
                time: |day, minutes| {
                    format!(
                        "(timestamptz '2026-11-23 01:00:00+00' + ({day}) * interval '1 day' + ({minutes}) * interval '1 minute')"
                    )
                },
            },
            Engine::Embedded => Self {
                before: &["PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -200000"],
                indexes: "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'booking' AND sql IS NOT NULL",
                no: "0",
                quarter: "CAST(strftime('%s', begins_at) AS INTEGER) / 900",
                between: |table, from, to| format!("SELECT {from} UNION ALL SELECT n + 1 FROM {table} WHERE n < {to}"),
                uuid: |house, number| format!("unhex(printf('%016x%016x', {house}, {number}))"),
                time: |day, minutes| {
                    format!(
                        "strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-11-23 01:00:00', ({day}) || ' days', ({minutes}) || ' minutes')"
                    )
                },
            },
        }
    }
}

/// Each list of bookings and pieces is read along an index, and no more than what is shown.
async fn along_an_index(town: &Town, staff: &Person) {
    let url = town.ground.database_url.clone();
    let (server, name) = url.trim_start_matches("postgres://postgres@").split_once('/').expect("host:port/name");
    let wire = Wire::to(server.to_owned()).await;
    let url = format!("postgres://postgres@127.0.0.1:{}/{name}", wire.port);
    // One connection, so that its settings hold for all that is asked.
    let node = QuietNode::beside(town, DatabaseConfig::at(url, 1)).await;
    explain(node.database()).await;
    for (text, table, index) in
        [(day_of(LARGE, ""), "booking", "booking_center_id_begins_at_id"), (slots_of(LARGE), "occupancy", "occupancy_")]
    {
        wire.heard();
        node.asks(staff, &text, &Value::Null).await.0.is_done();
        let plans = wire.heard();
        assert!(plans.iter().all(|plan| !plan.contains(&format!("Seq Scan on {table} "))), "{}", plans.join("\n"));
        let reads: Vec<_> = plans.iter().filter(|plan| plan.contains(&format!("FROM \"{table}\""))).collect();
        assert!(reads.len() == 1 && reads[0].contains(index), "{}", plans.join("\n"));
        assert!(!reads[0].contains("Sort Key"), "{}", reads[0]);
    }
}
