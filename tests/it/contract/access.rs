//! Who reaches what, over HTTP: every operation of the schema and every kind of id, by everybody, on what belongs to one resident
//! of one neighbourhood. `access.txt` is reviewed; it is made of the schema, so that an operation without a line fails.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use entity::enums::Role;
use expect_test::expect_file;
use serde_json::{Value, json};

use crate::residents::{BESIDE, HERE};
use crate::support::case::new_key;
use crate::support::samples::Samples;
use crate::support::schema::{Operation, Schema, put};
use crate::support::{Answer, Engine, Person, Town};

const LEGEND: &str = "\
# Everything below is asked about what belongs to the owner, with versions nobody has.
# x: gets through policy, or sees something. What the rules say after that is another question.
# .: nothing: UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, null or an empty list.
";

/// Who asks: the column, and how to become that.
#[derive(Clone, Copy)]
enum Who {
    Visitor,
    Owner,
    Resident,
    Official(Role, &'static str),
    Staff(&'static str),
}

const EVERYBODY: [(&str, Who); 17] = [
    ("visitor", Who::Visitor),
    ("owner", Who::Owner),
    ("other resident", Who::Resident),
    ("committee there", Who::Official(Role::NeighborhoodStaff, HERE)),
    ("committee elsewhere", Who::Official(Role::NeighborhoodStaff, BESIDE)),
    ("property manager", Who::Staff("property.leader")),
    ("another unit", Who::Staff("lights.handler")),
    ("dispatcher", Who::Staff("dispatcher")),
    ("supervisor", Who::Staff("supervisor")),
    ("system admin", Who::Staff("admin")),
    ("audit admin", Who::Staff("auditor")),
    ("call-back agent", Who::Staff("callback")),
    ("party secretary", Who::Staff("party.secretary")),
    ("party staff", Who::Staff("party.admin")),
    ("centre staff", Who::Staff("center")),
    ("content editor", Who::Staff("editor")),
    // Last, as what it revokes is gone for others.
    ("security admin", Who::Staff("security")),
];

/// What nobody reaches here, and why: other tests tell who does.
const SHUT: [(&str, &str); 64] = [
    ("node of a calendarFeed", "no Node: shown within its owner"),
    ("node of a closure", "no Node: shown within its centre"),
    ("node of a creditAppeal", "nobody appealed"),
    ("node of a creditEntry", "no Node: shown within the own credit"),
    ("node of a dependant", "no Node: shown within its owner"),
    ("node of a document", "no Node: listed"),
    ("node of a eventAttendance", "no Node: shown within its event"),
    ("node of a fact", "no Node: shown within its case"),
    ("node of a grant", "no Node: shown within its account"),
    ("node of a gridChange", "no Node: listed"),
    ("node of a hotlineBatch", "no Node: asked for by itself"),
    ("node of a hotlineImport", "no Node: asked for by itself"),
    ("node of a partyMember", "no Node: shown within its roster"),
    ("node of a partyOrganization", "no Node: listed"),
    ("node of a person", "no Node: people are shown within what they did"),
    ("node of a photo", "no Node: shown within its subject"),
    ("node of a session", "no Node: shown within its owner"),
    ("node of a slotHold", "no Node: shown within its owner"),
    ("query contentReviews", "nothing waits to be looked at"),
    ("query firstFreeSlots", "it is asked of a week that is over"),
    ("query followedServiceRequests", "nobody follows the case"),
    ("query forbiddenWords", "nobody here is the chief on duty"),
    ("query gridChanges", "no grid was ever drawn anew"),
    ("query hotlineBatch", "nothing was sent back"),
    ("query hotlineImport", "no file came in"),
    ("query kpiCases", "no case of the unit is counted"),
    ("query neighborhoodServiceRequests", "nothing is accepted yet that a grid may see"),
    ("query proxiedServiceRequests", "nobody accepted a proxy"),
    ("query replyTemplates", "there are no templates yet"),
    ("query requestCategory", "no category has that code"),
    ("query routingRules", "no rules are set yet"),
    ("query serviceRequest", "no case has that number"),
    ("query simulateRouting", "nobody here is the chief on duty"),
    ("mutation acceptProxy", "the invited number is nobody's"),
    ("mutation appealCredit", "nobody has a line"),
    ("mutation askReporter", "the case is not in progress"),
    ("mutation cancelGridChange", "nothing is planned"),
    ("mutation conferServiceRequest", "nobody here is the chief on duty"),
    ("mutation decideCreditAppeal", "nobody appealed"),
    ("mutation followServiceRequest", "what was just reported is not public"),
    ("mutation grantProxyAtCounter", "the owner has an account"),
    ("mutation handOverServiceRequests", "nobody here leads the unit"),
    ("mutation recordContact", "the case is with no unit"),
    ("mutation refreshSession", "the token is made up"),
    ("mutation releaseSlotHold", "nothing is held"),
    ("mutation reportContent", "what was just reported is not public"),
    ("mutation reopenCenter", "nothing is closed"),
    ("mutation requestExtension", "the case is with no unit"),
    ("mutation requestReturn", "the case is with no unit"),
    ("mutation requestSuspension", "the case is with no unit"),
    ("mutation resumeServiceRequest", "the case is with no unit"),
    ("mutation retireReplyTemplate", "nobody here is the chief on duty"),
    ("mutation retireRequestCategory", "nobody here is the chief on duty"),
    ("mutation saveReplyTemplate", "nobody here is the chief on duty"),
    ("mutation saveRequestCategory", "nobody here is the chief on duty"),
    ("mutation setForbiddenWords", "nobody here is the chief on duty"),
    ("mutation setPriorityRules", "nobody here is the chief on duty"),
    ("mutation setRetentionPolicy", "nobody here is the chief on duty"),
    ("mutation setRoutingRules", "nobody here is the chief on duty"),
    ("mutation setSlaPolicy", "nobody here is the chief on duty"),
    ("mutation setWarningLadder", "nobody here is the chief on duty"),
    ("mutation signServiceRequest", "the case is with no unit"),
    ("mutation submitHandling", "the case is with no unit"),
    ("mutation unfollowServiceRequest", "nobody follows the case"),
];

impl Who {
    async fn appears(self, town: &Town, owner: &Person) -> Person {
        match self {
            Self::Visitor => town.stranger(),
            Self::Owner => owner.clone(),
            Self::Resident => town.resident().await,
            Self::Official(role, area) => town.official(role, area).await,
            Self::Staff(username) => town.staff(username).await,
        }
    }

    /// The same person again, after an operation that signed the person out.
    async fn comes_back(self, town: &Town, person: &mut Person) {
        if matches!(self, Self::Visitor) || person.knocks().await.is_empty() {
            return;
        }
        town.later(chrono::TimeDelta::seconds(61));
        *person = person.holding(None);
        match self {
            Self::Staff(username) => {
                person.signs_in_with_password(username, zhilitong::seed::PASSWORD).await;
            }
            _ => {
                let phone = person.phone();
                person.signs_in_with_code(town, &phone).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_embedded() {
    check(Engine::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_redis() {
    check(Engine::Servers).await;
}

async fn check(engine: Engine) {
    // Everybody tries everything within minutes.
    let town = Town::with(engine, |config| {
        config.limits.anonymous_per_minute = 100_000;
        config.limits.mutations_per_minute = 100_000;
        config.limits.account_per_minute = 100_000;
    })
    .await;
    let schema = Schema::of(&town.resident().await).await;
    let mut operations = [schema.operations("query"), schema.operations("mutation")].concat();
    // Last, as it ends what others are asked about.
    operations.sort_by_key(|operation| operation.name == "revokeAllSessions");
    let mut rows: Vec<(String, String)> = Vec::new();
    for (column, (_, who)) in EVERYBODY.into_iter().enumerate() {
        let owner = town.resident().await;
        let samples = Samples::of(&town, &owner, &owner).await;
        let mut person = who.appears(&town, &owner).await;
        let mut cells = Vec::new();
        for (kind, id) in &samples.ids {
            let answer = person.says("query($id: ID!) { node(id: $id) { id } }", &json!({ "id": id })).await;
            cells.push((format!("node of a {kind}"), mark(&answer, "node")));
        }
        for operation in &operations {
            let variables = unseen(operation, &schema.filled(operation, &samples));
            let answer = asks(&person, &schema, operation, &variables).await;
            cells.push((format!("{} {}", operation.kind, operation.name), mark(&answer, &operation.name)));
            who.comes_back(&town, &mut person).await;
        }
        for (number, (name, cell)) in cells.into_iter().enumerate() {
            if column == 0 {
                rows.push((name, String::new()));
            }
            rows[number].1.push(cell);
        }
    }
    let shut: BTreeSet<&str> =
        rows.iter().filter(|(_, cells)| !cells.contains('x')).map(|(name, _)| name.as_str()).collect();
    let known: BTreeSet<&str> = SHUT.iter().map(|(name, _)| *name).collect();
    assert_eq!(shut, known, "what nobody reaches shows nothing: SHUT says why");
    expect_file!["access.txt"].assert_eq(&table(&rows));
    assert!(town.close().await.is_empty());
}

/// What one person sends at once, where samples fill every field: of which operation, or of all; where; what.
fn choices(of: &str) -> Vec<(&'static str, Value)> {
    let mut choices = vec![
        ("/last", Value::Null),
        ("/before", Value::Null),
        ("/input/idempotencyKey", json!(new_key())),
        ("/input/expectedVersion", json!(1_000_000)),
    ];
    match of {
        "submitServiceRequest" => choices.extend([
            ("/input/onBehalfOf", Value::Null),
            ("/input/attachmentIds", json!([])),
            ("/input/areaCode", Value::Null),
            ("/input/channel", json!("APP")),
            ("/input/kind", json!("COMPLAINT")),
        ]),
        "auditEntries" | "events" => choices.push(("/filter", json!({}))),
        "eventRegistrations" => choices.push(("/filter/state", Value::Null)),
        "grantRole" => choices.extend([
            ("/input/organizationId", Value::Null),
            ("/input/unitId", Value::Null),
            ("/input/role", json!("DISPATCHER")),
            ("/input/validFrom", Value::Null),
            ("/input/validTo", Value::Null),
        ]),
        _ => {}
    }
    choices
}

/// With a key nobody used, and a version nobody has.
fn unseen(operation: &Operation, variables: &Value) -> Value {
    let mut variables = variables.clone();
    for (place, value) in choices(&operation.name) {
        if variables.pointer(place).is_some() {
            variables = put(&variables, place, value);
        }
    }
    variables
}

async fn asks(person: &Person, schema: &Schema, operation: &Operation, variables: &Value) -> Answer {
    let text = schema.text(operation);
    match schema.leaves(operation).into_iter().find(|leaf| leaf.kind == "Upload") {
        Some(leaf) => {
            let place = format!("variables{}", leaf.pointer.replace('/', "."));
            person.uploads(&text, variables, &place, ("a.png", b"not a picture")).await
        }
        None => person.says(&text, variables).await,
    }
}

fn mark(answer: &Answer, field: &str) -> char {
    const NOTHING: [&str; 3] = ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"];
    let codes = answer.codes();
    if codes.iter().any(|code| NOTHING.contains(&code.as_str())) {
        return '.';
    }
    let shown = &answer.json["data"][field];
    let is_empty = shown.is_null() || shown.as_array().or(shown["nodes"].as_array()).is_some_and(Vec::is_empty);
    if codes.is_empty() && is_empty { '.' } else { 'x' }
}

fn table(rows: &[(String, String)]) -> String {
    let mut text = LEGEND.to_owned();
    for (number, (name, _)) in EVERYBODY.iter().enumerate() {
        writeln!(text, "{}{name}", "|".repeat(number)).unwrap();
    }
    for (name, cells) in rows {
        writeln!(text, "{cells}  {name}").unwrap();
    }
    text
}
