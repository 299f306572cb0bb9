//! How PostgreSQL reads each list: along an index in its order, whatever the size of the table. What SQLite does is told
//! beside the statements, in the crate that writes them.
//!
//! The plans are those of the statements that the product sends, with its own values, written down by the server itself
//! (`auto_explain`) while they run over a year of cases.

use std::sync::{Arc, Mutex};

use kernel::db::DatabaseConfig;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::{TcpListener, TcpStream};

use super::quiet::QuietNode;
use crate::support::case::{new_key, texts};
use crate::support::{Crew, Engine, Person, Town};

/// Copies of each seeded case, many of them on the desks: more than a street has, so that sorting a desk would show.
const COPIES: u32 = 1_000;
const YEAR: &str = "INSERT INTO service_request SELECT copy.* FROM service_request r CROSS JOIN generate_series(1, {COPIES}) n, \
    LATERAL jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'case_no', \
    'XT' || lpad((n * 100 + right(r.case_no, 2)::int)::text, 14, '0'), 'created_at', r.created_at - n * interval '8 hours', \
    'queue', CASE WHEN n <= 600 THEN r.queue END, \
    'queue_due_at', CASE WHEN n <= 600 THEN r.queue_due_at + n * interval '1 hour' END, \
    'review_due_at', CASE WHEN n % 4 = 0 THEN r.created_at + n * interval '1 hour' END, \
    'is_city_object', n % 2 = 0, 'listed_in', CASE WHEN n % 2 = 0 THEN regexp_replace(r.area_path, '[^/]*/$', '') END, 'cell', r.cell + n % 40)) copy";

/// A wire to the server that keeps what the server says; notices stand in it as plain text.
pub struct Wire {
    pub port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Wire {
    /// A wire to a server.
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Self { port: listener.local_addr().unwrap().port(), heard: Arc::default() };
        let heard = Arc::clone(&wire.heard);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (heard, server) = (Arc::clone(&heard), TcpStream::connect(&server).await.unwrap());
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                tokio::spawn(async move { copy(&mut from_client, &mut to_server).await });
                tokio::spawn(async move {
                    let mut chunk = vec![0; 65_536];
                    while let Ok(n @ 1..) = from_server.read(&mut chunk).await {
                        heard.lock().unwrap().extend_from_slice(&chunk[..n]);
                        if to_client.write_all(&chunk[..n]).await.is_err() {
                            break;
                        }
                    }
                });
            }
        });
        wire
    }

    /// Plans of statements since the last look.
    pub fn heard(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.heard.lock().unwrap());
        let text = String::from_utf8_lossy(&bytes);
        let plans = text.split("duration: ").skip(1).map(|plan| plan.split('\0').next().unwrap_or_default());
        plans.map(str::to_owned).collect()
    }

    /// Those of statements that read pages of cases.
    fn plans(&self) -> Vec<String> {
        let is_page = |plan: &String| plan.contains("FROM \"service_request\"") && plan.contains("LIMIT");
        self.heard().into_iter().filter(is_page).collect()
    }
}

#[tokio::test]
async fn every_list_is_read_along_an_index() {
    let town = Town::open(Engine::Servers).await;
    // References of copies hold as those of their originals: to look each up again would take longer than all the rest.
    let year = YEAR.replace("{COPIES}", &COPIES.to_string());
    let load = format!("SET session_replication_role = replica; {year}; ANALYZE");
    town.ground.database().await.execute_unprepared(&load).await.expect("a year of cases");
    let problems = look(&town).await;
    assert!(town.close().await.is_empty());
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

/// Who asks for which list, and which index answers.
const LISTS: [(&str, &str, &str); 18] = [
    ("dispatcher", "workQueue(tab: TO_ACCEPT, ", "street_queue_queue_due_at_id"),
    ("dispatcher", "workQueue(tab: TO_DISPATCH, ", "street_queue_queue_due_at_id"),
    ("dispatcher", "workQueue(tab: RETURNS, ", "street_queue_queue_due_at_id"),
    ("chief", "workQueue(tab: RETURNS, ", "street_queue_queue_due_at_id"),
    ("dispatcher", "workQueue(tab: TO_VERIFY, ", "street_queue_queue_due_at_id"),
    ("inspector", "workQueue(tab: TO_VERIFY, ", "street_queue_queue_due_at_id"),
    ("callback", "workQueue(tab: TO_CALLBACK, ", "street_queue_queue_due_at_id"),
    ("dispatcher", "workQueue(tab: DUE_SOON, ", "street_queue_due_at_id"),
    ("supervisor", "workQueue(tab: OVERDUE, ", "street_queue_due_at_id"),
    ("safety.handler", "workQueue(tab: TO_SIGN, ", "lead_unit_id_queue_queue_due_at_id"),
    ("property.leader", "workQueue(tab: HANDLING, ", "lead_unit_id_queue_queue_due_at_id"),
    ("property.leader", "workQueue(tab: DUE_SOON, ", "lead_unit_id_queue_due_at_id"),
    ("property.handler", "workQueue(tab: OVERDUE, ", "lead_unit_id_queue_due_at_id"),
    ("stranger", "publicServiceRequests(", "street_is_listed_created_at_id"),
    ("stranger", "publicServiceRequests(filter: { street: \"310112008\" }, ", "street_is_listed_created_at_id"),
    ("reporter", "myServiceRequests(", "reporter_id_created_at_id"),
    ("reporter", "neighborhoodServiceRequests(", "listed_in_created_at_id"),
    ("dispatcher", "contentReviews(", "street_review_due_at_id"),
];

/// Has the server write down the plan of whatever it is asked over a connection.
pub async fn explain(connection: &DatabaseConnection) {
    for setting in [
        "LOAD 'auto_explain'",
        "SET auto_explain.log_min_duration = 0",
        "SET auto_explain.log_level = notice",
        "SET auto_explain.log_analyze = on",
        "SET auto_explain.log_timing = off",
    ] {
        connection.execute_unprepared(setting).await.unwrap();
    }
}

/// Asks for the first two pages of each list; gives back what is wrong with the plans.
async fn look(town: &Town) -> Vec<String> {
    let crew = Crew::of(town);
    let url = town.ground.database_url.clone();
    let (server, name) = url.trim_start_matches("postgres://postgres@").split_once('/').expect("host:port/name");
    let wire = Wire::to(server.to_owned()).await;
    let url = format!("postgres://postgres@127.0.0.1:{}/{name}", wire.port);
    // One connection, so that its settings hold for all that is asked.
    let node = QuietNode::beside(town, DatabaseConfig::at(url, 1)).await;
    explain(node.database()).await;
    let mut resident = town.stranger();
    resident.signs_in_with_code(town, "13900000002").await;
    let flat = json!({
        "areaCode": "310112008018", "compound": "爱博家园", "building": "3号楼", "room": "101", "relation": "OWNER",
        "idempotencyKey": new_key(),
    });
    resident.does("applyForResidence", &flat, "userErrors { code }").await.is_done();
    town.tampers("UPDATE residence SET state = 'VERIFIED'").await;
    let mut problems = Vec::new();
    for (who, list, index) in LISTS {
        let person = match who {
            "stranger" => town.stranger(),
            "reporter" => resident.clone(),
            staff => crew.who(staff).await,
        };
        problems.extend(check(&node, &person, list, index, &wire).await);
    }
    problems
}

async fn check(node: &QuietNode, person: &Person, list: &str, index: &str, wire: &Wire) -> Vec<String> {
    let mut problems = Vec::new();
    let mut after = String::new();
    for page in ["first", "second"] {
        wire.plans();
        let text = format!("{{ page: {list}first: 20{after}) {{ nodes {{ caseNo }} pageInfo {{ endCursor }} }} }}");
        let (answer, _) = node.asks(person, &text, &Value::Null).await;
        let rows = texts(answer.get("/page/nodes"), "/caseNo").len();
        let plans = wire.plans();
        assert_eq!(plans.len(), 1, "one statement reads the {page} page of {list}…)");
        let read = rows_read(&plans[0]);
        if !is_along(&plans[0], index) || read > MOST_READ {
            problems
                .push(format!("{page} page of {list}…), {rows} rows of {read} read, not along {index}:\n{}", plans[0]));
        }
        after = format!(", after: {}", answer.get("/page/pageInfo/endCursor"));
        if rows < 20 {
            break;
        }
    }
    problems
}

/// In the order of the index; or, where the planner takes what it will find for a handful, through it and sorted: then the rows
/// read show whether it is one.
fn is_along(plan: &str, index: &str) -> bool {
    let in_order = plan.contains(&format!("using service_request_{index} on service_request"));
    (in_order && !plan.contains("Sort Key")) || plan.contains(&format!("Bitmap Index Scan on service_request_{index}"))
}

/// Rows of a page, the one that tells whether more follow, and some that a filter may pass over.
const MOST_READ: u64 = 200;

/// How many rows of the table were looked at, those a filter threw away included.
fn rows_read(plan: &str) -> u64 {
    let mut lines = plan.lines().skip_while(|line| !line.contains(" on service_request "));
    let number = |line: &str, before: &str| {
        let (_, rest) = line.split_once(before)?;
        rest.split(|sign: char| !sign.is_ascii_digit()).next()?.parse::<u64>().ok()
    };
    let kept = lines.next().and_then(|line| number(line, "(actual rows=").or_else(|| number(line, "rows=")));
    let removed =
        lines.take_while(|line| !line.contains("->")).find_map(|line| number(line, "Rows Removed by Filter: "));
    kept.expect("a scan of the table") + removed.unwrap_or_default()
}
