//! The audit chain: a line for each privileged act and each refusal of one, that nobody can change unseen.

use std::collections::BTreeSet;

use entity::audit_entry;
use entity::id::AuditEntryId;
use futures_util::future::join_all;
use identity::audit::{Anchor, Break};
use serde_json::{Value, json};

use crate::support::case::{complaint, new_key, with};
use crate::support::samples::Samples;
use crate::support::schema::Schema;
use crate::support::{Case, Crew, Engine, Person, Town, stories};

stories![
    a_privileged_act_leaves_one_line_done_or_refused,
    what_residents_do_for_themselves_leaves_none,
    every_other_mutation_of_the_schema_leaves_one_line,
    a_replay_leaves_no_second_line,
    only_audit_administrators_read_it_and_others_are_noted,
    it_is_filtered_and_paged,
    the_database_refuses_to_change_it,
    whoever_changes_it_is_found_out,
    acts_at_once_make_one_chain,
];

/// What the auditor sees, newest first.
async fn entries(auditor: &Person, arguments: &str) -> Vec<Value> {
    let fields = "id seq at actorId actor { displayName } roles address action subjectId outcome detail hash";
    let text = format!("{{ auditEntries({arguments}) {{ nodes {{ {fields} }} }} }}");
    auditor.asks(&text).await.list("/auditEntries/nodes")
}

async fn count(town: &Town) -> i64 {
    town.number("SELECT count(*) AS n FROM audit_entry").await
}

async fn verdict(town: &Town, anchor: Option<&Anchor>) -> Result<Anchor, Break> {
    identity::audit::verify(town.base(), anchor, |_| {}).await.expect("a database")
}

async fn a_privileged_act_leaves_one_line_done_or_refused(town: &Town) {
    let crew = Crew::of(town);
    let (dispatcher, auditor) = (crew.who("dispatcher").await, crew.who("auditor").await);
    let private = with(complaint(), json!({ "visibility": "PRIVATE" }));
    let case = town.resident().await.reports(&private).await;
    let before = count(town).await;
    let accepted = dispatcher.moves("acceptServiceRequest", &case, json!({})).await;
    dispatcher.tries("acceptServiceRequest", &case, json!({})).await.is_refused("CONFLICT");
    dispatcher.tries("acceptServiceRequest", &accepted, json!({})).await.is_refused("INVALID_TRANSITION");
    let handler = crew.who("lights.handler").await;
    handler.tries("acceptServiceRequest", &accepted, json!({})).await.is_refused("NOT_FOUND");
    let neighbour = town.resident().await;
    neighbour.tries("acceptServiceRequest", &accepted, json!({})).await;
    let lines = entries(&auditor, "first: 5").await;
    assert_eq!(count(town).await - before, 6, "five tries and the handler's sign-in: {lines:?}");
    let said = |line: &Value| -> Vec<String> {
        ["action", "outcome", "subjectId"].map(|name| line[name].as_str().unwrap_or("-").to_owned()).to_vec()
    };
    let tries: Vec<_> =
        entries(&auditor, "filter: { action: \"acceptServiceRequest\" }").await.iter().rev().map(said).collect();
    let outcomes = ["DONE", "CONFLICT", "INVALID_TRANSITION", "NOT_FOUND", "NOT_FOUND"];
    let expected = outcomes.map(|outcome| vec!["acceptServiceRequest".to_owned(), outcome.to_owned(), case.id.clone()]);
    assert_eq!(tries, expected);
    let first = entries(&auditor, "filter: { action: \"acceptServiceRequest\", outcome: \"DONE\" }").await.remove(0);
    assert_eq!(first["actorId"], dispatcher.id().await.unwrap());
    assert_eq!(first["roles"], json!(["DISPATCHER"]));
    assert_eq!(first["address"], dispatcher.address.to_string());
    assert_eq!(first["actor"]["displayName"], "派**");
    assert!(verdict(town, None).await.is_ok());
}

async fn what_residents_do_for_themselves_leaves_none(town: &Town) {
    let ann = town.resident().await;
    let before = count(town).await;
    let case = ann.reports(&complaint()).await;
    let case = ann.moves("supplementServiceRequest", &case, json!({ "text": "补充说明" })).await;
    ann.moves("withdrawServiceRequest", &case, json!({})).await;
    assert_eq!(count(town).await, before);
}

/// Deny by default: a new mutation is privileged until somebody says otherwise.
async fn every_other_mutation_of_the_schema_leaves_one_line(town: &Town) {
    let own: BTreeSet<&str> = [
        "acceptBookingOffer",
        "acceptEventOffer",
        "acceptProxy",
        "addDependant",
        "answerQuestion",
        "appealCredit",
        "applyForResidence",
        "bindPhone",
        "bookVenue",
        "cancelAccountDeletion",
        "cancelBooking",
        "cancelEventRegistration",
        "cancelServiceTicket",
        "checkInByCode",
        "checkInToEvent",
        "checkOutOfEvent",
        "confirmPartyMembership",
        "correctMyData",
        // Of a venue it leaves one: its own story tells.
        "createCalendarFeed",
        "endBooking",
        "endResidence",
        "followServiceRequest",
        "giveConsent",
        "grantProxy",
        "holdEventSeats",
        "holdSlot",
        "markNotificationsRead",
        "objectToRejection",
        "refreshSession",
        "registerForEvent",
        "releaseEventSeats",
        "releasePartyMembership",
        "releaseSlotHold",
        "removeDependant",
        "reopenServiceRequest",
        "reportContent",
        "requestDataExport",
        "requestEventLeave",
        "rescheduleBooking",
        "revokeAllSessions",
        "revokeCalendarFeed",
        "revokeSession",
        "sendVerificationCode",
        "signInWithCode",
        "signInWithWechat",
        "submitServiceRequest",
        "supplementServiceRequest",
        "surveyServiceRequest",
        "takeServiceTicket",
        "unfollowServiceRequest",
        "updateNotificationPreferences",
        "uploadAttachment",
        "urgeServiceRequest",
        "withdrawConsent",
        "withdrawServiceRequest",
    ]
    .into();
    let dispatcher = town.staff("dispatcher").await;
    let owner = town.resident().await;
    let schema = Schema::of(&dispatcher).await;
    let samples = Samples::of(town, &dispatcher, &owner).await;
    let mut known = 0;
    for mutation in schema.operations("mutation") {
        let before = count(town).await;
        let text = schema.text(&mutation);
        if own.contains(mutation.name.as_str()) {
            known += 1;
            continue;
        }
        let filled = schema.filled(&mutation, &samples);
        let answer = match schema.leaves(&mutation).into_iter().find(|leaf| leaf.kind == "Upload") {
            Some(leaf) => {
                let place = format!("variables{}", leaf.pointer.replace('/', "."));
                dispatcher.uploads(&text, &filled, &place, ("nonsense.csv", b"nonsense")).await
            }
            None => dispatcher.says(&text, &filled).await,
        };
        assert_eq!(count(town).await - before, 1, "{}: {answer:?}", mutation.name);
    }
    assert_eq!(known, own.len(), "some do not exist any more");
    assert!(verdict(town, None).await.is_ok());
}

async fn a_replay_leaves_no_second_line(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    let case = town.resident().await.reports(&complaint()).await;
    let input = json!({ "id": case.id, "expectedVersion": case.version, "idempotencyKey": new_key() });
    let before = count(town).await;
    for is_replay in [false, true] {
        let answer = dispatcher.does("acceptServiceRequest", &input, "isReplay userErrors { code }").await;
        assert_eq!(answer.get("/acceptServiceRequest/isReplay"), is_replay);
    }
    assert_eq!(count(town).await - before, 1);
}

async fn only_audit_administrators_read_it_and_others_are_noted(town: &Town) {
    let crew = Crew::of(town);
    for who in ["admin", "security", "dispatcher", "supervisor"] {
        let answer = crew.who(who).await.asks("{ auditEntries { nodes { id } } }").await;
        answer.is_refused("FORBIDDEN");
    }
    town.resident().await.asks("{ auditEntries { nodes { id } } }").await.is_refused("FORBIDDEN");
    town.stranger().asks("{ auditEntries { nodes { id } } }").await.is_refused("UNAUTHENTICATED");
    let auditor = crew.who("auditor").await;
    let noted = entries(&auditor, "filter: { action: \"auditEntries\" }").await;
    assert_eq!(noted.len(), 5, "{noted:?}");
    assert!(noted.iter().all(|line| line["outcome"] == "FORBIDDEN"));
    // Those who read what others did do nothing themselves.
    let case = town.resident().await.reports(&complaint()).await;
    auditor.tries("acceptServiceRequest", &case, json!({})).await.is_refused("NOT_FOUND");
}

async fn it_is_filtered_and_paged(town: &Town) {
    let crew = Crew::of(town);
    let (dispatcher, auditor) = (crew.who("dispatcher").await, crew.who("auditor").await);
    let reporter = town.resident().await;
    let mut cases: Vec<Case> = Vec::new();
    for _ in 0..3 {
        cases.push(dispatcher.moves("acceptServiceRequest", &reporter.reports(&complaint()).await, json!({})).await);
    }
    let id = dispatcher.id().await.unwrap();
    let mine = format!("filter: {{ actorId: \"{id}\", action: \"acceptServiceRequest\" }}");
    assert_eq!(entries(&auditor, &mine).await.len(), 3);
    let about = format!("filter: {{ subjectId: \"{}\" }}", cases[1].id);
    assert_eq!(entries(&auditor, &about).await.len(), 1);
    let now = town.now().to_rfc3339();
    assert_eq!(entries(&auditor, &format!("filter: {{ until: \"{now}\" }}")).await.len(), 0, "the clock stands still");
    let all = entries(&auditor, "first: 100").await;
    let seqs: Vec<i64> = all.iter().map(|line| line["seq"].as_str().unwrap().parse().unwrap()).collect();
    assert!(seqs.windows(2).all(|pair| pair[0] == pair[1] + 1), "the chain backwards, without a gap: {seqs:?}");
    let mut walked = Vec::new();
    let mut after = String::new();
    loop {
        let text =
            format!("{{ auditEntries(first: 2{after}) {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}");
        let page = auditor.asks(&text).await;
        walked.extend(page.list("/auditEntries/nodes"));
        if page.get("/auditEntries/pageInfo/hasNextPage") == false {
            break;
        }
        after = format!(", after: \"{}\"", page.text("/auditEntries/pageInfo/endCursor"));
    }
    let ids = |lines: &[Value]| -> Vec<Value> { lines.iter().map(|line| line["id"].clone()).collect() };
    assert_eq!(ids(&walked), ids(&all));
}

async fn the_database_refuses_to_change_it(town: &Town) {
    use sea_orm::ConnectionTrait as _;
    town.staff("dispatcher").await;
    let before = count(town).await;
    assert!(before > 0);
    let mut attempts = vec!["UPDATE audit_entry SET outcome = 'DONE'", "DELETE FROM audit_entry"];
    attempts.push(match town.ground.engine {
        Engine::Servers => "TRUNCATE audit_entry",
        Engine::Embedded => "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry LIMIT 1",
    });
    for attempt in attempts {
        let refused = town.database().execute_unprepared(attempt).await.expect_err(attempt);
        assert!(refused.to_string().contains("append-only"), "{attempt}: {refused}");
    }
    assert_eq!(count(town).await, before);
}

/// Somebody who owns the database and takes the guards away.
async fn whoever_changes_it_is_found_out(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    let reporter = town.resident().await;
    for _ in 0..4 {
        dispatcher.moves("acceptServiceRequest", &reporter.reports(&complaint()).await, json!({})).await;
    }
    let end = verdict(town, None).await.expect("a whole chain");
    assert_eq!(verdict(town, Some(&end)).await, Ok(end.clone()));
    let guards: &[&str] = match town.ground.engine {
        Engine::Embedded => &["DROP TRIGGER audit_entry_kept_as_is", "DROP TRIGGER audit_entry_kept"],
        Engine::Servers => &["DROP TRIGGER audit_entry_kept ON audit_entry"],
    };
    for guard in guards {
        town.tampers(guard).await;
    }
    let last = end.seq;
    let is =
        |column: &str, value: &str, seq: i64| format!("UPDATE audit_entry SET {column} = {value} WHERE seq = {seq}");
    for (column, value) in [
        ("outcome", "'FORBIDDEN'"),
        ("action", "'rejectServiceRequest'"),
        ("address", "'10.9.9.9'"),
        ("actor_id", "NULL"),
        ("subject", "'req_0'"),
        ("roles", "''"),
        ("detail", "'{}'"),
    ] {
        let kept = "CREATE TABLE kept AS SELECT * FROM audit_entry";
        town.tampers(kept).await;
        town.tampers(&is(column, value, last - 2)).await;
        assert_eq!(verdict(town, None).await, Err(Break::Changed(last - 2)), "{column}");
        let back = format!("(SELECT {column} FROM kept WHERE kept.seq = audit_entry.seq)");
        town.tampers(&is(column, &back, last - 2)).await;
        town.tampers("DROP TABLE kept").await;
        assert_eq!(verdict(town, None).await, Ok(end.clone()), "{column} is as it was");
    }
    forged_line(town, last).await;
    assert_eq!(verdict(town, None).await, Err(Break::Head(last + 1)), "a line added behind the head");
    town.tampers(&format!("DELETE FROM audit_entry WHERE seq = {}", last + 1)).await;
    town.tampers(&format!("DELETE FROM audit_entry WHERE seq = {last}")).await;
    assert_eq!(verdict(town, None).await, Err(Break::Head(last - 1)));
    // Who rewrites the head as well is found out by what was noted elsewhere.
    let head = format!("(SELECT hash FROM audit_entry WHERE seq = {})", last - 1);
    town.tampers(&format!("UPDATE audit_head SET seq = {}, hash = {head}", last - 1)).await;
    assert!(verdict(town, None).await.is_ok());
    assert_eq!(verdict(town, Some(&end)).await, Err(Break::NotAnchored(last)));
    town.tampers(&format!("DELETE FROM audit_entry WHERE seq = {}", last - 3)).await;
    assert_eq!(verdict(town, None).await, Err(Break::Missing(last - 2)));
}

/// A line that continues the chain as it should, but that no act wrote.
async fn forged_line(town: &Town, last: i64) {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};
    let real = audit_entry::Entity::find().filter(audit_entry::Column::Seq.eq(last));
    let mut forged = real.one(town.database()).await.unwrap().unwrap();
    forged.seq += 1;
    forged.id = AuditEntryId(uuid::Uuid::from_u128(u128::from(forged.seq.unsigned_abs())));
    forged.prev_hash = forged.hash.clone();
    forged.hash = kernel::audit::hash_of(&forged);
    audit_entry::Entity::insert(forged.into_active_model()).exec_without_returning(town.database()).await.unwrap();
}

async fn acts_at_once_make_one_chain(town: &Town) {
    let crew = Crew::of(town);
    let dispatchers = [crew.who("dispatcher").await, crew.who("dispatcher2").await];
    let reporters = join_all((0..6).map(|_| town.resident())).await;
    let cases = join_all(reporters.iter().map(async |reporter| {
        [reporter.reports(&complaint()).await, reporter.reports(&with(complaint(), json!({}))).await]
    }))
    .await
    .concat();
    let before = count(town).await;
    let tries = cases.iter().flat_map(|case| dispatchers.iter().map(move |who| (who, case)));
    join_all(tries.map(|(who, case)| who.tries("acceptServiceRequest", case, json!({})))).await;
    assert_eq!(count(town).await - before, 2 * i64::try_from(cases.len()).unwrap());
    assert!(verdict(town, None).await.is_ok());
}
