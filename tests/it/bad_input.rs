//! Every field of every operation, filled with nonsense by one table: each gets a stable code and a plain sentence, nobody
//! gets a stack trace, and nothing is half written. A new operation is covered without a new test.

mod fields;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::samples::Samples;
use crate::support::schema::{Leaf, Operation, Schema, put};
use crate::support::{Answer, Engine, Person, Town};

/// Codes of top-level errors; append-only, documented in design §4.6.
pub const TOP_CODES: [&str; 11] = [
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "NOT_FOUND",
    "BAD_REQUEST",
    "LIMIT",
    "RATE_LIMITED",
    "PERSISTED_QUERY_NOT_FOUND",
    "UNAVAILABLE",
    "INTERNAL",
    "CLIENT_OUTDATED",
    "MAINTENANCE",
];

/// What nonsense must not be answered with: our machinery.
const LEAKS: [&str; 12] = [
    "sqlx",
    "sea_orm",
    "DbErr",
    "panicked",
    ".rs:",
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "constraint",
    "SQLITE",
    "anyhow",
    "redis::",
];

/// Whether a value may be taken for a good one.
#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    /// It must be refused.
    Refused,
    /// It may be refused, ignored or taken.
    Stable,
}

/// The table: nonsense by type of field.
fn nonsense(leaf: &Leaf, samples: &Foreign) -> Vec<(Value, Verdict)> {
    use Verdict::{Refused, Stable};
    let everywhere = [(json!({ "x": 1 }), Stable), (json!([[[1]]]), Stable)];
    let by_kind: Vec<(Value, Verdict)> = match leaf.kind.as_str() {
        "ID" => vec![
            (json!(""), Stable),
            (json!("nonsense"), Stable),
            (json!(samples.unknown), Stable),
            (json!(samples.person), Stable),
            (json!(samples.area), Stable),
            (json!(samples.session), Stable),
            (json!(2_147_483_647), Stable),
            (json!("x".repeat(20_000)), Refused),
            (json!("a\u{0}b"), Refused),
            (json!("'; DROP TABLE account; --"), Stable),
        ],
        "Int" => [0, -1, i64::from(i32::MAX), i64::from(i32::MIN), i64::from(i32::MAX) + 1, i64::MIN]
            .map(|number| (json!(number), Stable))
            .into_iter()
            .chain([(json!("7"), Stable), (json!(1.5), Stable)])
            .collect(),
        "Float" => [1e308, -1e308, 0.0, 1e-308].map(|number| (json!(number), Stable)).to_vec(),
        "Boolean" => vec![(json!("yes"), Stable), (json!(1), Stable)],
        "ENUM" => vec![(json!("NO_SUCH_VALUE"), Refused), (json!(""), Refused), (json!(7), Refused)],
        "[]" => vec![(json!([]), Stable), (Value::Array(vec![Value::Null; 1000]), Stable), (json!(7), Stable)],
        "DateTime" | "NaiveDate" | "Date" => ["x", "0000-00-00", "2026-02-30T00:00:00Z", "+262142-12-31T23:59:59Z"]
            .map(|text| (json!(text), Stable))
            .to_vec(),
        _ => vec![
            (json!(""), Stable),
            (json!(" \u{3000}\t "), Stable),
            (json!("长".repeat(20_000)), Refused),
            (json!("a\u{0}b"), Refused),
            (json!("bell\u{7}"), Refused),
            (json!("\u{202e}txt.exe"), Stable),
            (json!("%_\\' \" ; DROP TABLE account; --"), Stable),
            (json!("🧧👨‍👩‍👧‍👦e\u{301}"), Stable),
            (json!(7), Stable),
        ],
    };
    by_kind.into_iter().chain(everywhere).chain([(Value::Null, Stable)]).collect()
}

/// Ids of things that exist, and of nothing.
struct Foreign {
    unknown: String,
    person: String,
    area: String,
    session: String,
}

impl Foreign {
    async fn of(person: &Person) -> Self {
        let answer = person.asks("{ viewer { user { id } sessions { id } } areas { id } }").await;
        let area = answer.text("/areas/0/id");
        let unknown: String = area.chars().rev().take(8).collect();
        let unknown = format!("{}{unknown}", &area[..area.len() - 8]);
        assert_ne!(unknown, area);
        let session = answer.text("/viewer/sessions/0/id");
        Self { unknown, area, session, person: answer.text("/viewer/user/id") }
    }
}

/// Somebody who keeps coming back: nonsense may sign a person out.
struct Walker<'t> {
    town: &'t Town,
    username: Option<&'static str>,
    person: Person,
    sign_ins: u32,
    /// Counts the rows of every table that holds what people said or did.
    count: String,
}

/// Tables of the house itself, those that refusals are noted in, and inboxes and sums, which are written beside the requests.
const OWN_TABLES: [&str; 9] = [
    "audit_entry",
    "audit_head",
    "kpi_point",
    "kpi_rollup",
    "lease",
    "notification",
    "reader_cursor",
    "seaql_migrations",
    "stats_cursor",
];

impl<'t> Walker<'t> {
    async fn new(town: &'t Town, username: Option<&'static str>) -> Self {
        let tables = town.tables().await;
        let told = tables.iter().filter(|table| !OWN_TABLES.contains(&table.as_str()));
        let counts: Vec<String> = told.map(|table| format!("(SELECT count(*) FROM \"{table}\")")).collect();
        let count = format!("SELECT {} AS n", counts.join(" + "));
        Self { town, username, person: sign_in(town, username).await, sign_ins: 1, count }
    }

    /// How many rows there are.
    async fn rows(&self) -> i64 {
        self.town.number(&self.count).await
    }

    /// Says something from an address of its own, so that limits per address do not hide the answer behind.
    async fn says(&mut self, operation: &Operation, text: &str, variables: &Value) -> Answer {
        self.person.address = self.town.stranger().address;
        let answer = self.person.says(text, variables).await;
        if answer.top_codes() != ["UNAUTHENTICATED"] || operation.name == "refreshSession" {
            return answer;
        }
        self.sign_ins += 1;
        self.person = sign_in(self.town, self.username).await;
        self.person.says(text, variables).await
    }
}

async fn sign_in(town: &Town, username: Option<&str>) -> Person {
    match username {
        Some(username) => town.staff(username).await,
        None => town.resident().await,
    }
}

async fn walk(engine: Engine, username: Option<&'static str>) {
    let town = Town::with(engine, |config| {
        // The walk is one person in a hurry; what is tested here are values.
        config.limits.account_per_minute = 1_000_000;
        config.limits.mutations_per_minute = 1_000_000;
    })
    .await;
    let mut walker = Walker::new(&town, username).await;
    let schema = Schema::of(&walker.person).await;
    let foreign = Foreign::of(&walker.person).await;
    // A resident's own case; staff get one that waits for them.
    let owner = if username.is_some() { town.resident().await } else { walker.person.clone() };
    let samples = Samples::of(&town, &walker.person, &owner).await;
    let user_codes: BTreeSet<String> = schema.values("UserErrorCode").into_iter().map(|(code, _)| code).collect();
    let mut problems = Vec::new();
    let mut tried = 0;
    // Counting takes longer than answering: what a refusal left is what the next case begins with.
    let mut known: Option<i64> = None;
    for operation in [schema.operations("mutation"), schema.operations("query")].concat() {
        let text = schema.text(&operation);
        let good = schema.filled(&operation, &samples);
        let mut cases = vec![(good.clone(), Verdict::Stable, "as it should be".to_owned())];
        for leaf in schema.leaves(&operation).iter().filter(|leaf| leaf.kind != "Upload") {
            for (value, verdict) in nonsense(leaf, &foreign) {
                let shown: String = value.to_string().chars().take(60).collect();
                cases.push((put(&good, &leaf.pointer, value), verdict, format!("{} = {shown}", leaf.pointer)));
            }
        }
        // Those that are refused in any case come last: what they leave is counted once.
        cases.sort_by_key(|(_, verdict, _)| *verdict == Verdict::Refused);
        tried += cases.len();
        for (variables, verdict, place) in cases {
            let before = match known.take() {
                Some(rows) => rows,
                None => walker.rows().await,
            };
            let sign_ins = walker.sign_ins;
            let answer = walker.says(&operation, &text, &variables).await;
            let problem = judge(&answer, verdict, &user_codes);
            // Who had to sign in again has written rows meanwhile.
            let is_refused = !answer.codes().is_empty() && walker.sign_ins == sign_ins;
            known = match verdict {
                Verdict::Refused => is_refused.then_some(before),
                Verdict::Stable if is_refused => Some(walker.rows().await),
                Verdict::Stable => None,
            };
            let is_half_written = known.is_some_and(|after| after != before);
            let problem = problem.or_else(|| is_half_written.then(|| format!("refused, yet rows changed: {answer:?}")));
            problems.extend(problem.map(|problem| format!("{} {place}: {problem}", operation.name)));
        }
        if let Some(before) = known {
            let after = walker.rows().await;
            if after != before {
                problems.push(format!("{}: one of its values was refused, yet rows changed", operation.name));
            }
            known = Some(after);
        }
    }
    println!("{tried} pieces of nonsense");
    assert!(tried > 100, "the walk found nothing to walk");
    let faults = town.close().await;
    assert!(problems.is_empty() && faults.is_empty(), "{}\n{}", problems.join("\n"), faults.join("\n"));
}

/// What is wrong with an answer, if anything.
fn judge(answer: &Answer, verdict: Verdict, user_codes: &BTreeSet<String>) -> Option<String> {
    let text = answer.json.to_string();
    let (top, user) = (answer.top_codes(), answer.user_codes());
    let unknown = top.iter().find(|code| !TOP_CODES.contains(&code.as_str()));
    let unknown = unknown.or_else(|| user.iter().find(|code| !user_codes.contains(*code)));
    let problem = if answer.status >= 500 || top.iter().any(|code| code == "INTERNAL" || code == "UNAVAILABLE") {
        "our fault".to_owned()
    } else if let Some(code) = unknown {
        format!("{code} is not a code of ours")
    } else if let Some(leak) = LEAKS.iter().find(|leak| text.contains(**leak)) {
        format!("it tells of {leak}")
    } else if verdict == Verdict::Refused && top.is_empty() && user.is_empty() && !is_nothing(&answer.json["data"]) {
        "it was taken".to_owned()
    } else {
        return None;
    };
    Some(format!("{problem}: {} {}", answer.status, text.chars().take(300).collect::<String>()))
}

/// Whether nothing was found: as good an answer to a question as a refusal.
fn is_nothing(data: &Value) -> bool {
    match data {
        Value::Object(members) => members.values().all(is_nothing),
        Value::Array(items) => items.iter().all(is_nothing),
        value => value.is_null(),
    }
}

macro_rules! walks {
    ($($name:ident: $engine:ident, $username:expr;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            walk(Engine::$engine, $username).await;
        }
    )*};
}

walks! {
    nonsense_of_a_resident_sqlite_embedded: Embedded, None;
    nonsense_of_a_resident_postgres_redis: Servers, None;
    // Walks are long: of the staff one walks on each engine.
    nonsense_of_a_dispatcher_sqlite_embedded: Embedded, Some("dispatcher");
    nonsense_of_an_administrator_postgres_redis: Servers, Some("admin");
}
