//! The wall around the party, walked by the schema (domain §D): whoever administers the street tries every query, every edge of what comes
//! back, every id, every address that is handed out and every subscription, and nothing of a roster, a membership, or an event for members is in
//! any answer. What belongs to the party is marked with a sign that nothing else has; a new field is walked without a new test.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use chrono::TimeDelta;
use entity::enums::{Role, ScopeKind};
use futures_util::future::join_all;
use kernel::actor::Actor;
use serde_json::{Value, json};

use crate::bookings::at;
use crate::events::Thing;
use crate::events::attendance::Branch;
use crate::support::case::{new_key, with};
use crate::support::samples::Samples;
use crate::support::schema::{Operation, Schema};
use crate::support::socket::Socket;
use crate::support::{Engine, Person, Town, raw};

/// The sign.
const SIGN: char = '鱻';
/// How deep answers are asked.
const DEPTH: usize = 3;
/// How long subscriptions are listened to.
const LISTENS: Duration = Duration::from_millis(2_500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_embedded() {
    check(Engine::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_redis() {
    check(Engine::Servers).await;
}

/// What must not be seen: ids of what belongs to the party, by what they stand for.
struct Hidden {
    ids: Vec<(&'static str, String)>,
    event: Thing,
    /// An event with a seat.
    class: String,
    branch: Branch,
}

impl Hidden {
    /// A branch that met: with leave, minutes, votes, a seat in a class, and a draft.
    async fn of(town: &Town) -> Self {
        let mut branch = Branch::named(town, &SIGN.to_string(), 9, 2).await;
        let sign = |words: &str| format!("{SIGN}{words}");
        let words = json!({
            "title": sign("会"), "summary": sign("要"), "body": sign("文"), "organizer": sign("办"), "tags": [sign("签")], "address": sign("室"),
            "agenda": [{ "startsAt": at(town, 0, "09:30"), "title": sign("程") }],
        });
        let meeting = branch.meets(town, with(words.clone(), json!({ "kind": "BRANCH_MEETING" }))).await;
        let seats = json!({
            "registration": { "capacity": 5 }, "startsAt": at(town, 0, "12:00"), "endsAt": at(town, 0, "13:00"), "agenda": [],
        });
        let class = branch.meets(town, with(words.clone(), seats)).await;
        let theme = json!({ "kind": "THEME_DAY", "audience": "ALL_MEMBERS" });
        let draft = Thing::of(&branch.secretary.tries_to_plan(&branch.event(town, with(words, theme))).await);
        let submitted = branch.secretary.does_with_event("submitEvent", &draft, json!({})).await;
        let approved = branch.above.does_with_event("approveEvent", &submitted, json!({})).await;
        let theme = branch.secretary.does_with_event("publishEvent", &approved, json!({})).await;
        let [ann, bob] = &branch.members[..] else { panic!("two members") };
        let seat = ann.registers(&class).await;
        let ask = json!({ "eventId": meeting.id, "reason": sign("病"), "idempotencyKey": new_key() });
        bob.does("requestEventLeave", &ask, "userErrors { code }").await.is_done();
        let code = branch.secretary.shows_code(&meeting).await;
        ann.tries_to_come(&meeting, json!({ "code": code })).await.is_done();
        let classes = [class.id.clone(), theme.id];
        town.later(TimeDelta::minutes(31));
        branch.secretary = branch.secretary.refreshed().await;
        let record = json!({
            "eventId": meeting.id, "chair": sign("主"), "recorder": sign("记"), "minutes": sign("录"), "idempotencyKey": new_key(),
        });
        branch.secretary.does("saveEventRecord", &record, "userErrors { code }").await.is_done();
        let lines = branch.secretary.lines_of(&meeting).await;
        let roster = branch.secretary.reads_roster(&branch.id).await.list("/partyRoster/nodes");
        let text = |value: &Value| value["id"].as_str().expect("an id").to_owned();
        let mut ids = vec![
            ("event", meeting.id.clone()),
            ("eventRegistration", seat.id),
            ("partyOrganization", branch.id.clone()),
            ("partyOrganization", branch.above_id.clone()),
        ];
        ids.extend(classes.into_iter().map(|id| ("event", id)));
        ids.extend(lines.iter().map(|line| ("eventAttendance", text(line))));
        ids.extend(roster.iter().map(|line| ("partyMember", text(line))));
        Self { ids, event: meeting, class: class.id, branch }
    }

    /// What of it is in an answer.
    fn seen_in(&self, answer: &str, asked: &str) -> Option<String> {
        if let Some(at) = answer.find(SIGN) {
            let near: String = answer[at..].chars().take(12).collect();
            return Some(near);
        }
        // An id that somebody sent may come back, e.g. in an error.
        let seen = self.ids.iter().find(|(_, id)| answer.contains(id.as_str()) && !asked.contains(id.as_str()));
        seen.map(|(of, id)| format!("{of} {id}"))
    }

    /// Samples in which all that can be one of the party's is.
    fn samples(&self, samples: &Samples) -> Samples {
        let mut ids = samples.ids.clone();
        for (of, id) in self.ids.iter().rev() {
            ids.insert(of, id.clone());
        }
        Samples { ids, now: samples.now.clone(), soon: samples.soon.clone() }
    }
}

/// One who walks, and what was found.
struct Walk<'w> {
    who: &'w str,
    person: &'w Person,
    schema: &'w Schema,
    samples: &'w Samples,
    hidden: &'w Hidden,
    /// Answers that were read.
    read: usize,
    addresses: BTreeSet<String>,
    leaks: String,
}

impl Walk<'_> {
    /// Asks an operation for all that its type has, and each of its objects the same, as deep as is walked. What costs too much at once is asked
    /// object by object.
    async fn operation(&mut self, operation: &Operation) {
        let filled = self.schema.filled(operation, self.samples);
        let barely = self.schema.barely(operation, &filled);
        for variables in if barely == filled { vec![filled] } else { vec![barely, filled] } {
            self.asks(operation, &variables).await;
        }
    }

    async fn asks(&mut self, operation: &Operation, variables: &Value) {
        let mut waits = vec![(Vec::<String>::new(), operation.result.clone(), DEPTH)];
        while let Some((path, result, depth)) = waits.pop() {
            let (plain, deeper) = self.schema.everything(&result, self.samples);
            let is_something = self.asks_for(operation, variables, &path, &plain).await;
            if is_something && depth > 0 {
                // What lies in itself shows no more the second time.
                let deeper = deeper.into_iter().filter(|(field, _)| !path.contains(field));
                waits.extend(deeper.map(|(field, kind)| ([path.clone(), vec![field]].concat(), kind, depth - 1)));
            }
        }
    }

    /// Asks for fields at the end of a path, and whether there is anything; a few at a time where all of them cost too much.
    async fn asks_for(&mut self, operation: &Operation, variables: &Value, path: &[String], plain: &[String]) -> bool {
        let mut is_something = false;
        let mut waits = vec![plain];
        while let Some(fields) = waits.pop() {
            let document = self.schema.asked(operation, path, fields);
            let answer = self.person.says(&document, variables).await;
            if answer.codes() == ["LIMIT"] {
                // What costs too much by itself nobody can ask there; it stands elsewhere.
                let (some, others) = fields.split_at(fields.len() / 2);
                waits.extend([some, others].into_iter().filter(|part| !part.is_empty() && part.len() < fields.len()));
                continue;
            }
            self.looks(&answer.json, &document, variables);
            is_something |= reached(&answer.json["data"][&operation.name], path.len());
        }
        is_something
    }

    fn looks(&mut self, answer: &Value, document: &str, variables: &Value) {
        self.read += 1;
        // A document that is not valid, or costs too much, would show nothing to anybody.
        let refused = answer["errors"][0].get("path").is_none() && answer["errors"][0].is_object();
        assert!(!refused, "{document} with {variables} is no question: {answer}");
        let text = answer.to_string();
        if let Some(seen) = self.hidden.seen_in(&text, &variables.to_string()) {
            writeln!(self.leaks, "{}: {seen} in the answer to {document}", self.who).unwrap();
        }
        gather(answer, &mut self.addresses);
    }

    /// Asks for each hidden id by itself and by many.
    async fn ids(&mut self) {
        let ids: Vec<&String> = self.hidden.ids.iter().map(|(_, id)| id).collect();
        let some = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
        let nodes = self.person.says(some, &json!({ "ids": ids })).await.list("/nodes");
        for (id, node) in ids.iter().zip(&nodes) {
            let one =
                self.person.says("query($id: ID!) { node(id: $id) { __typename id } }", &json!({ "id": id })).await;
            if [one.get("/node"), node].iter().any(|node| !node.is_null()) {
                writeln!(self.leaks, "{}: {id} is there", self.who).unwrap();
            }
        }
        assert_eq!(nodes.len(), ids.len());
    }

    /// Opens what the answers point to: tables, sheets, copies, photos.
    async fn opens(&mut self, town: &Town) {
        for address in std::mem::take(&mut self.addresses) {
            let reply = raw::get(town.address, &address).await;
            if let Some(seen) = self.hidden.seen_in(&reply.body, &address) {
                writeln!(self.leaks, "{}: {seen} at {address}", self.who).unwrap();
            }
        }
    }
}

/// Whether something stands at the end of a path of an answer.
fn reached(value: &Value, depth: usize) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter().any(|item| reached(item, depth)),
        Value::Object(members) if depth > 0 => members.values().any(|inner| reached(inner, depth - 1)),
        _ => true,
    }
}

/// Addresses of ours in an answer.
fn gather(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let path = text
                .strip_prefix("http")
                .and_then(|rest| rest.split_once("://"))
                .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
            let own = path.or_else(|| text.starts_with('/').then_some(text.as_str()));
            into.extend(own.filter(|path| path.contains('?') || path.contains("/f/")).map(str::to_owned));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, into)),
        Value::Object(members) => members.values().for_each(|member| gather(member, into)),
        _ => {}
    }
}

/// Somebody with every role of the street that is not the party's, but for those who administer the product.
async fn street_administrator(town: &Town) -> Person {
    use Role as R;
    let left_out =
        [R::PartyMember, R::PartySecretary, R::PartyOrgAdmin, R::SystemAdmin, R::SecurityAdmin, R::AuditAdmin];
    let person = town.official(Role::DutyChief, "310112008").await;
    let phone = identity::phone::Phone::parse("phone", &person.phone()).unwrap();
    let mut held = 0;
    for role in <Role as sea_orm::Iterable>::iter().filter(|role| !left_out.contains(role) && *role != R::DutyChief) {
        let grant = (phone.clone(), role);
        let granted = town.base().write(&Actor::System, &grant, |tx, (phone, role)| {
            Box::pin(async move {
                let account = identity::open_account(tx, phone, None).await?.0.id;
                let area = areas::store::by_code(tx.db(), "310112008").await?.expect("the street");
                identity::grant(tx, account, *role, (ScopeKind::Area, area.id.0), None).await
            })
        });
        // Roles of units and of organisations are held there.
        held += usize::from(granted.await.is_ok());
    }
    assert!(held >= 5, "{held} roles more are held in the street: too few to walk as everybody");
    let (phone, mut person) = (person.phone(), person.holding(None));
    town.later(TimeDelta::seconds(61));
    person.signs_in_with_code(town, &phone).await;
    person
}

async fn check(engine: Engine) {
    let town = Town::with(engine, |config| {
        config.limits.anonymous_per_minute = 100_000;
        config.limits.mutations_per_minute = 100_000;
        config.limits.account_per_minute = 100_000;
    })
    .await;
    let schema = Schema::of(&town.resident().await).await;
    let hidden = Hidden::of(&town).await;
    let street = street_administrator(&town).await;
    let owner = town.resident().await;
    let samples = hidden.samples(&Samples::of(&town, &owner, &owner).await);
    town.notifies().await;
    let walkers = [
        ("street administrator", street),
        ("dispatcher", town.staff("dispatcher").await),
        ("system administrator", town.staff("admin").await),
    ];
    let queries = schema.operations("query");
    for (who, person) in &walkers {
        person.consents().await;
        let mut walk = Walk {
            who,
            person,
            schema: &schema,
            samples: &samples,
            hidden: &hidden,
            read: 0,
            addresses: BTreeSet::new(),
            leaks: String::new(),
        };
        let mut sockets = listens(&schema, &samples, person).await;
        walk.ids().await;
        for operation in &queries {
            walk.operation(operation).await;
        }
        let copy = person.has_copy().await;
        walk.addresses.insert(copy);
        walk.opens(&town).await;
        // Something happens behind the wall while they listen.
        let lines = hidden.branch.secretary.lines_of(&hidden.event).await;
        let line = lines.iter().find(|line| line["status"] == "EXPECTED").expect("somebody who is expected");
        hidden
            .branch
            .secretary
            .tries_with_line("markEventAttendance", line, json!({ "status": "PRESENT" }))
            .await
            .is_done();
        town.notifies().await;
        let listening = sockets.iter_mut().map(async |(name, socket)| (name.clone(), socket.hears_for(LISTENS).await));
        for (name, messages) in join_all(listening).await {
            for message in messages {
                walk.looks(&message, &name, &json!(samples.ids));
            }
        }
        assert!(walk.leaks.is_empty(), "{}", walk.leaks);
        assert!(walk.read > 200, "{who} read {} answers only", walk.read);
    }
    // What is looked for can be found: by who holds it.
    let secretary = &hidden.branch.secretary;
    let mut own = Walk {
        who: "secretary",
        person: secretary,
        schema: &schema,
        samples: &samples,
        hidden: &hidden,
        read: 0,
        addresses: BTreeSet::new(),
        leaks: String::new(),
    };
    own.ids().await;
    let mut of_class = hidden.samples(&samples);
    of_class.ids.insert("event", hidden.class.clone());
    assert!(!own.leaks.is_empty(), "the walk finds no id, where there are some");
    for name in [
        "eventAttendance",
        "eventFile",
        "eventRegistrations",
        "organizationLifeReport",
        "partyOrganizations",
        "partyRoster",
    ] {
        let operation = queries.iter().find(|operation| operation.name == name).expect("a query");
        own.samples = if name == "eventRegistrations" { &of_class } else { &samples };
        let before = own.leaks.len();
        own.operation(operation).await;
        assert!(own.leaks.len() > before, "the walk finds nothing in {name}, where there is something");
    }
    assert!(town.close().await.is_empty());
}

/// Every subscription of the schema, asked of what is hidden.
async fn listens(schema: &Schema, samples: &Samples, person: &Person) -> Vec<(String, Socket)> {
    let mut sockets = Vec::new();
    for operation in schema.operations("subscription") {
        let (plain, _) = schema.everything(&operation.result, samples);
        let document = schema.asked(&operation, &[], &plain);
        let mut socket = person.connects().await;
        socket.subscribes_with("1", &document, &schema.filled(&operation, samples)).await;
        sockets.push((document, socket));
    }
    sockets
}
