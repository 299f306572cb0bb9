//! What is published of a case: what a list of words or people find amiss is looked at, and a moderator decides (domain §E3).

use chrono::TimeDelta;
use futures_util::future::join;
use serde_json::{Value, json};

use super::facts::replays;
use super::retention::{back, passes as passes_time};
use crate::flows::all_forgotten;
use crate::identity::is_stored;
use crate::residents::{HERE, clerk, flat};
use crate::support::case::{answer, complaint, done, new_key, street_light, texts, with};
use crate::support::{Answer, Case, Crew, Person, Town, raw, stories};

stories![
    what_the_list_names_is_published_once_somebody_looked,
    what_is_found_amiss_later_is_hidden_and_its_author_told,
    a_grid_sees_no_more_than_the_public,
    news_are_looked_at_one_by_one,
    a_reply_is_read_by_whom_it_is_for_unless_it_is_amiss,
    a_photo_is_hidden_by_itself,
    three_reports_hold_a_case_back_until_somebody_looked,
    a_report_is_due_within_a_day_and_counts_once,
    who_reported_is_told_to_nobody,
    the_author_and_the_staff_report_nothing,
    what_nobody_reads_needs_no_look,
    of_two_moderators_one_is_told_to_look_again,
    what_is_public_no_more_needs_no_decision,
    who_reported_may_be_forgotten_and_the_report_stays,
    what_never_comes_before_anybody_is_not_decided,
    what_is_sent_wrong_is_refused,
];

const CANARY: &str = "墙上喷了代开发票的小广告";

fn passes() -> Value {
    json!({ "isPassed": true })
}

fn hides(reason: &str) -> Value {
    json!({ "isPassed": false, "reason": reason })
}

/// A complaint of a resident's that everybody sees.
async fn in_public(town: &Town) -> (Person, Crew<'_>, Case) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "IN_PROGRESS").await;
    (ann, crew, case)
}

/// Whether somebody finds it by its id, its number and the public list.
async fn finds(person: &Person, case: &Case) -> [bool; 3] {
    let text = format!(
        "{{ serviceRequest(caseNo: \"{}\") {{ id }} publicServiceRequests(first: 50) {{ nodes {{ caseNo }} }} }}",
        case.no
    );
    let found = person.asks(&text).await;
    let listed = texts(found.get("/publicServiceRequests/nodes"), "/caseNo").contains(&case.no);
    [!person.sees(case, "id").await.is_null(), !found.get("/serviceRequest").is_null(), listed]
}

/// The numbers of the cases that wait for a moderator.
async fn waiting(moderator: &Person) -> Vec<String> {
    let queue = moderator.asks("{ contentReviews(first: 50) { nodes { caseNo } } }").await;
    texts(queue.get("/contentReviews/nodes"), "/caseNo")
}

/// The words somebody reads in the timeline.
async fn reads(person: &Person, case: &Case) -> Vec<String> {
    let seen = person.sees(case, "timeline { notes { text } }").await;
    let entries = seen["timeline"].as_array().expect("a timeline").clone();
    entries.iter().flat_map(|entry| texts(&entry["notes"], "/text")).collect()
}

/// The step with which words were said.
async fn step(person: &Person, case: &Case, words: &str) -> String {
    let seen = person.sees(case, "timeline { id notes { text } }").await;
    let entries = seen["timeline"].as_array().expect("a timeline").clone();
    let said = entries.iter().find(|entry| entry["notes"][0]["text"] == words);
    said.unwrap_or_else(|| panic!("nobody said {words}"))["id"].as_str().unwrap().to_owned()
}

async fn reports(person: &Person, case: &Case, reason: &str) -> Answer {
    let input = json!({ "id": case.id, "reason": reason, "note": "请核实", "idempotencyKey": new_key() });
    let selection =
        "isReplay contentReport { id reason note createdAt dueAt decidedAt isOverdue } userErrors { code field }";
    person.does("reportContent", &input, selection).await
}

async fn what_the_list_names_is_published_once_somebody_looked(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(street_light(), json!({ "description": CANARY }))).await;
    let case = crew.takes(&case, "lights", "DISPATCHED").await;
    let stranger = town.stranger();
    assert_eq!(finds(&stranger, &case).await, [false; 3]);
    let own = ann.sees(&case, "description contentState contentReview { dueAt }").await;
    assert_eq!(own, json!({ "description": CANARY, "contentState": "REVIEW", "contentReview": null }));
    let (dispatcher, supervisor) = (crew.who("dispatcher").await, crew.who("supervisor").await);
    for moderator in [&dispatcher, &supervisor] {
        assert_eq!(waiting(moderator).await, [case.no.as_str()]);
    }
    for who in ["inspector", "lights.leader", "callback"] {
        let person = crew.who(who).await;
        assert!(waiting(&person).await.is_empty(), "{who}");
        person.tries("reviewContent", &case, passes()).await.is_refused("FORBIDDEN");
    }
    stranger.asks("{ contentReviews { nodes { id } } }").await.is_refused("UNAUTHENTICATED");
    let case = supervisor.moves("reviewContent", &case, passes()).await;
    assert_eq!(case.state, "DISPATCHED", "it moves nothing");
    assert_eq!(finds(&stranger, &case).await, [true; 3]);
    assert!(waiting(&dispatcher).await.is_empty());
    replays(town, &case.no).await;
}

async fn what_is_found_amiss_later_is_hidden_and_its_author_told(town: &Town) {
    let (ann, crew, case) = in_public(town).await;
    let (ben, stranger) = (town.resident().await, town.stranger());
    assert_eq!(finds(&stranger, &case).await, [true; 3]);
    let supervisor = crew.who("supervisor").await;
    let decision = with(hides("PERSONAL_DATA"), json!({ "note": "写了邻居的门牌" }));
    let case = supervisor.moves("reviewContent", &case, decision).await;
    for person in [&stranger, &ben] {
        assert_eq!(finds(person, &case).await, [false; 3]);
    }
    let own = ann.sees(&case, "description contentState timeline { kind contentReason notes { text } }").await;
    assert_eq!((&own["description"], &own["contentState"]), (&json!("单元门禁坏了一周"), &json!("RISKY")));
    let last = own["timeline"].as_array().unwrap().last().unwrap().clone();
    let told = json!({ "kind": "request.content_reviewed", "contentReason": "PERSONAL_DATA", "notes": [] });
    assert_eq!(last, told, "why, and not what the moderators noted");
    assert_eq!(ann.titles(town).await[0], "Not shown to others");
    let handler = crew.who("property.handler").await;
    assert!(reads(&handler, &case).await.contains(&"写了邻居的门牌".to_owned()));
    let case = crew.who("dispatcher").await.moves("reviewContent", &case, passes()).await;
    assert_eq!(finds(&stranger, &case).await, [true; 3]);
    replays(town, &case.no).await;
}

async fn a_grid_sees_no_more_than_the_public(town: &Town) {
    let (crew, clerk) = (Crew::of(town), clerk(town).await);
    let neighbour = town.resident().await;
    let home = neighbour.applies(&flat(HERE)).await;
    clerk.decides("verifyResidence", &home, json!({})).await;
    let there = json!({ "visibility": "GRID", "place": null, "areaCode": "310112008001-01" });
    let case = town.resident().await.reports(&with(complaint(), there)).await;
    let case = crew.takes(&case, "property", "ACCEPTED").await;
    assert!(!neighbour.sees(&case, "id").await.is_null());
    let case = crew.who("dispatcher").await.moves("reviewContent", &case, hides("ABUSE")).await;
    assert!(neighbour.sees(&case, "id").await.is_null());
    let list = neighbour.asks("{ neighborhoodServiceRequests { nodes { id } } }").await;
    assert!(list.list("/neighborhoodServiceRequests/nodes").is_empty());
    let case = crew.who("dispatcher").await.moves("reviewContent", &case, passes()).await;
    reports(&neighbour, &case, "ABUSE").await.is_done();
}

async fn news_are_looked_at_one_by_one(town: &Town) {
    let (ann, crew, case) = in_public(town).await;
    let leader = crew.who("property.leader").await;
    let case = leader.moves("publishUpdate", &case, json!({ "text": "已清除代开发票广告" })).await;
    let case = leader.moves("publishUpdate", &case, json!({ "text": "门禁配件已到货" })).await;
    let case = leader.moves("publishUpdate", &case, json!({ "text": "又有人代开发票" })).await;
    let stranger = town.stranger();
    assert_eq!(reads(&stranger, &case).await, ["门禁配件已到货"]);
    assert_eq!(reads(&ann, &case).await, ["门禁配件已到货"]);
    let dispatcher = crew.who("dispatcher").await;
    assert_eq!(waiting(&dispatcher).await, [case.no.as_str()]);
    let news = step(&dispatcher, &case, "已清除代开发票广告").await;
    let case = dispatcher.moves("reviewContent", &case, with(passes(), json!({ "timelineEntryId": news }))).await;
    assert_eq!(reads(&stranger, &case).await, ["已清除代开发票广告", "门禁配件已到货"]);
    assert_eq!(waiting(&dispatcher).await, [case.no.as_str()], "the other one waits still");
    let added = step(&dispatcher, &case, "又有人代开发票").await;
    let hidden = with(hides("ADVERTISING"), json!({ "timelineEntryId": added }));
    let case = dispatcher.moves("reviewContent", &case, hidden).await;
    assert!(waiting(&dispatcher).await.is_empty());
    assert_eq!(finds(&stranger, &case).await, [true; 3], "of the case nothing else is hidden");
    assert!(!reads(&ann, &case).await.contains(&"又有人代开发票".to_owned()));
    replays(town, &case.no).await;
}

async fn a_reply_is_read_by_whom_it_is_for_unless_it_is_amiss(town: &Town) {
    let (ann, crew, case) = in_public(town).await;
    let handler = crew.who("property.handler").await;
    let reached = json!({ "method": "PHONE", "outcome": "REACHED" });
    let case = handler.moves("recordContact", &case, reached).await;
    let words = "门禁已修好，顺手清除了代开发票的广告。";
    let case = handler.moves("submitHandling", &case, with(done(&[]), json!({ "reply": words }))).await;
    let case = crew.takes(&case, "property", "VERIFIED").await;
    let stranger = town.stranger();
    let reply = async |person: &Person, case: &Case| person.sees(case, "reply").await["reply"].clone();
    assert_eq!((reply(&stranger, &case).await, reply(&ann, &case).await), (Value::Null, json!(words)));
    let dispatcher = crew.who("dispatcher").await;
    let entry = json!({ "timelineEntryId": step(&dispatcher, &case, words).await });
    let case = dispatcher.moves("reviewContent", &case, with(passes(), entry.clone())).await;
    assert_eq!(reply(&stranger, &case).await, json!(words));
    assert!(reads(&stranger, &case).await.contains(&words.to_owned()));
    let case = dispatcher.moves("reviewContent", &case, with(hides("ADVERTISING"), entry)).await;
    for person in [&stranger, &ann] {
        assert_eq!(reply(person, &case).await, Value::Null);
        assert!(!reads(person, &case).await.contains(&words.to_owned()));
    }
    assert_eq!(reply(&handler, &case).await, json!(words));
    assert_eq!(handler.titles(town).await[0], "Not shown to others");
    let copy = raw::get(town.address, &ann.has_copy().await).await.json();
    assert_eq!(copy["serviceRequests"][0]["reply"], Value::Null);
    assert!(!copy.to_string().contains("代开发票"), "nor in the copy");
    ann.moves("surveyServiceRequest", &case, answer("YES", 5)).await;
    replays(town, &case.no).await;
}

async fn a_photo_is_hidden_by_itself(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let photos = [ann.photo().await, ann.photo().await];
    let case = ann.reports(&with(complaint(), json!({ "attachmentIds": photos }))).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    let handler = crew.who("property.handler").await;
    let case = handler.moves("recordContact", &case, json!({ "method": "PHONE", "outcome": "REACHED" })).await;
    let after = handler.photo().await;
    let case = handler.moves("submitHandling", &case, done(std::slice::from_ref(&after))).await;
    let case = crew.takes(&case, "property", "VERIFIED").await;
    let shown = async |person: &Person, case: &Case| {
        let seen = person.sees(case, "attachments { id }").await;
        let mut ids = texts(&seen["attachments"], "/id");
        ids.sort();
        ids
    };
    let sorted = |ids: &[&String]| {
        let mut ids: Vec<String> = ids.iter().map(|id| (*id).clone()).collect();
        ids.sort();
        ids
    };
    let stranger = town.stranger();
    assert_eq!(shown(&stranger, &case).await, sorted(&[&photos[0], &photos[1], &after]));
    let dispatcher = crew.who("dispatcher").await;
    let of = |photo: &String| with(hides("PERSONAL_DATA"), json!({ "attachmentId": photo }));
    let case = dispatcher.moves("reviewContent", &case, of(&photos[0])).await;
    let case = dispatcher.moves("reviewContent", &case, of(&after)).await;
    assert_eq!(shown(&stranger, &case).await, sorted(&[&photos[1]]));
    assert_eq!(shown(&ann, &case).await, sorted(&[&photos[0], &photos[1]]), "whoever took it sees it");
    assert_eq!(shown(&handler, &case).await, sorted(&[&photos[0], &photos[1], &after]));
    let own = ann.sees(&case, "attachments { id contentState }").await;
    assert!(own["attachments"].as_array().unwrap().contains(&json!({ "id": photos[0], "contentState": "RISKY" })));
    let case = dispatcher.moves("reviewContent", &case, with(passes(), json!({ "attachmentId": after }))).await;
    assert_eq!(shown(&stranger, &case).await, sorted(&[&photos[1], &after]));
}

async fn three_reports_hold_a_case_back_until_somebody_looked(town: &Town) {
    let (ann, crew, case) = in_public(town).await;
    let people = [town.resident().await, town.resident().await, town.resident().await];
    for (person, reason) in people.iter().zip(["ABUSE", "FALSE", "PERSONAL_DATA"]) {
        assert_eq!(finds(&town.stranger(), &case).await, [true; 3]);
        reports(person, &case, reason).await.is_done();
    }
    assert_eq!(finds(&town.stranger(), &case).await, [false; 3]);
    assert_eq!(ann.sees(&case, "contentState").await["contentState"], "REVIEW");
    let dispatcher = crew.who("dispatcher").await;
    let seen = dispatcher.sees(&case, "version contentReview { isOverdue reports { reason note } }").await;
    let review = &seen["contentReview"];
    let mut reasons = texts(&review["reports"], "/reason");
    reasons.sort();
    assert_eq!(reasons, ["ABUSE", "FALSE", "PERSONAL_DATA"]);
    let titles = dispatcher.titles(town).await;
    assert_eq!(titles.iter().filter(|title| *title == "Content to review").count(), 2, "{titles:?}");
    let now = dispatcher.looks_at(&case).await;
    let case = dispatcher.moves("reviewContent", &now, passes()).await;
    assert_eq!(finds(&town.stranger(), &case).await, [true; 3]);
    assert!(waiting(&dispatcher).await.is_empty());
    for person in &people {
        assert_eq!(person.titles(town).await, ["Your report was looked at"]);
        let again = reports(person, &case, "ABUSE").await;
        assert_eq!(again.get("/reportContent/isReplay"), &json!(true));
        assert!(again.get("/reportContent/contentReport/decidedAt").is_string());
    }
    assert!(waiting(&dispatcher).await.is_empty(), "what was decided is decided");
    assert!(!ann.titles(town).await.contains(&"Your report was looked at".to_owned()));
    replays(town, &case.no).await;
}

async fn a_report_is_due_within_a_day_and_counts_once(town: &Town) {
    let (_, crew, case) = in_public(town).await;
    let (ben, dispatcher) = (town.resident().await, crew.who("dispatcher").await);
    let first = reports(&ben, &case, "ABUSE").await;
    first.is_done();
    let due = (town.now() + TimeDelta::hours(24)).to_rfc3339();
    assert_eq!(first.get("/reportContent/contentReport/dueAt"), &json!(due));
    let again = reports(&ben, &case, "FALSE").await;
    assert_eq!(again.get("/reportContent/isReplay"), &json!(true));
    assert_eq!(again.get("/reportContent/contentReport/reason"), "ABUSE", "as it was reported");
    let review = "contentReview { dueAt isOverdue reports { isOverdue } }";
    let seen = dispatcher.sees(&case, review).await;
    let waits = json!({ "dueAt": due, "isOverdue": false, "reports": [{ "isOverdue": false }] });
    assert_eq!(seen["contentReview"], waits);
    town.later(TimeDelta::hours(24) + TimeDelta::seconds(1));
    let dispatcher = town.staff("dispatcher").await;
    let late = json!({ "dueAt": due, "isOverdue": true, "reports": [{ "isOverdue": true }] });
    assert_eq!(dispatcher.sees(&case, review).await["contentReview"], late);
    let now = dispatcher.looks_at(&case).await;
    dispatcher.moves("reviewContent", &now, hides("ABUSE")).await;
    assert!(waiting(&dispatcher).await.is_empty());
}

async fn who_reported_is_told_to_nobody(town: &Town) {
    let (ann, crew, case) = in_public(town).await;
    let ben = town.resident().await;
    reports(&ben, &case, "ABUSE").await.is_done();
    assert!(
        !texts(&ann.sees(&case, "timeline { kind }").await["timeline"], "/kind")
            .contains(&"request.content_reported".to_owned())
    );
    for who in ["dispatcher", "supervisor", "property.leader"] {
        let seen = crew.who(who).await.sees(&case, "timeline { kind actor { id } contentReason }").await;
        let entry =
            seen["timeline"].as_array().unwrap().iter().find(|entry| entry["kind"] == "request.content_reported");
        let told = json!({ "kind": "request.content_reported", "actor": null, "contentReason": "ABUSE" });
        assert_eq!(entry, Some(&told), "{who}");
    }
    assert!(crew.who("property.leader").await.sees(&case, "contentReview { dueAt }").await["contentReview"].is_null());
    assert!(ann.inbox(town).await.iter().all(|line| line["kind"] != "DEADLINE"));
}

async fn the_author_and_the_staff_report_nothing(town: &Town) {
    let (ann, crew, case) = in_public(town).await;
    reports(&ann, &case, "ABUSE").await.is_refused("FORBIDDEN");
    reports(&crew.who("property.handler").await, &case, "ABUSE").await.is_refused("FORBIDDEN");
    reports(&crew.who("dispatcher").await, &case, "ABUSE").await.is_refused("FORBIDDEN");
    reports(&town.stranger(), &case, "ABUSE").await.is_refused("UNAUTHENTICATED");
    let ben = town.resident().await;
    let private = ben.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    reports(&ann, &private, "ABUSE").await.is_refused("NOT_FOUND");
    let callback = crew.who("callback").await;
    let before = town.number("SELECT count(*) AS n FROM audit_entry").await;
    reports(&ben, &case, "ABUSE").await.is_done();
    assert_eq!(town.number("SELECT count(*) AS n FROM audit_entry").await, before, "it is a resident's own matter");
    let refused = callback.tries("reviewContent", &case, passes()).await;
    refused.is_refused("FORBIDDEN");
    assert_eq!(town.number("SELECT count(*) AS n FROM audit_entry").await, before + 1);
}

async fn what_nobody_reads_needs_no_look(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    for more in [json!({ "visibility": "PRIVATE" }), json!({ "isConfidential": true })] {
        let case = ann.reports(&with(with(complaint(), json!({ "description": CANARY })), more)).await;
        crew.takes(&case, "property", "IN_PROGRESS").await;
    }
    assert!(waiting(&crew.who("dispatcher").await).await.is_empty());
}

async fn what_is_public_no_more_needs_no_decision(town: &Town) {
    let (ann, ben, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "ACCEPTED").await;
    reports(&ben, &case, "ABUSE").await.is_done();
    let dispatcher = crew.who("dispatcher").await;
    assert_eq!(waiting(&dispatcher).await, [case.no.as_str()]);
    ann.moves("withdrawServiceRequest", &ann.looks_at(&case).await, json!({})).await;
    assert!(waiting(&dispatcher).await.is_empty());
    assert_eq!(town.number("SELECT count(*) AS n FROM content_report WHERE decided_at IS NULL").await, 0);
    replays(town, &case.no).await;
}

async fn who_reported_may_be_forgotten_and_the_report_stays(town: &Town) {
    let (.., case) = in_public(town).await;
    let (ben, eve) = (town.resident().await, town.resident().await);
    let note = format!("{}打来骂人", eve.phone());
    let input = json!({ "id": case.id, "reason": "ABUSE", "note": note, "idempotencyKey": new_key() });
    ben.does("reportContent", &input, "userErrors { code }").await.is_done();
    assert!(is_stored(town, &eve.phone()).await);
    let shown = "contentReview { reports { reason note } }";
    for (leaver, left) in [(eve.clone(), json!("＊＊＊打来骂人")), (ben, Value::Null)] {
        // Codes are sent a minute apart.
        town.later(TimeDelta::seconds(61));
        let leaver = back(town, &leaver).await;
        town.later(TimeDelta::seconds(61));
        leaver.asks_to_be_forgotten(town, Some(&leaver.phone())).await.is_done();
        passes_time(town, TimeDelta::days(7)).await;
        all_forgotten(town).await;
        let seen = town.staff("supervisor").await.sees(&case, shown).await;
        assert_eq!(seen["contentReview"]["reports"], json!([{ "reason": "ABUSE", "note": left }]));
    }
    assert!(!is_stored(town, &eve.phone()).await);
    assert_eq!(waiting(&town.staff("dispatcher").await).await, [case.no.as_str()], "somebody looks all the same");
    let supervisor = town.staff("supervisor").await;
    supervisor.moves("reviewContent", &supervisor.looks_at(&case).await, passes()).await;
}

async fn of_two_moderators_one_is_told_to_look_again(town: &Town) {
    let (_, crew, case) = in_public(town).await;
    let (dispatcher, supervisor) = (crew.who("dispatcher").await, crew.who("supervisor").await);
    let (one, other) = join(
        dispatcher.tries("reviewContent", &case, hides("ABUSE")),
        supervisor.tries("reviewContent", &case, hides("FALSE")),
    )
    .await;
    let mut codes = [one.codes(), other.codes()].concat();
    codes.sort();
    assert_eq!(codes, ["CONFLICT"]);
    let lost = if one.codes().is_empty() { &other } else { &one };
    assert_eq!(Case::shown(lost).version, case.version + 1, "the loser is shown what holds");
}

async fn what_never_comes_before_anybody_is_not_decided(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let dispatcher = crew.who("dispatcher").await;
    let withdrawn = ann.reports(&complaint()).await;
    let withdrawn = ann.moves("withdrawServiceRequest", &withdrawn, json!({})).await;
    dispatcher.tries("reviewContent", &withdrawn, hides("ABUSE")).await.is_refused("INVALID_TRANSITION");
    let (one, other) = (ann.reports(&street_light()).await, ann.reports(&street_light()).await);
    let into = json!({ "intoId": other.id, "intoExpectedVersion": other.version });
    let merged = dispatcher.moves("mergeServiceRequest", &one, into).await;
    dispatcher.tries("reviewContent", &merged, hides("ABUSE")).await.is_refused("INVALID_TRANSITION");
    let closed = crew.takes(&ann.reports(&complaint()).await, "property", "VERIFIED").await;
    let closed = ann.moves("surveyServiceRequest", &closed, answer("YES", 5)).await;
    let hidden = dispatcher.moves("reviewContent", &closed, hides("ABUSE")).await;
    let mut closed = dispatcher.moves("reviewContent", &hidden, passes()).await;
    // What stands in the archive is read by everybody, so it is watched there too.
    for column in ["archived_at", "anonymised_at"] {
        let over = format!("UPDATE service_request SET {column} = updated_at WHERE case_no = '{}'", closed.no);
        assert_eq!(town.tampers(&over).await, 1);
        reports(&town.resident().await, &closed, "ABUSE").await.is_done();
        assert_eq!(waiting(&dispatcher).await, [closed.no.as_str()]);
        let hidden = dispatcher.moves("reviewContent", &dispatcher.looks_at(&closed).await, hides("ABUSE")).await;
        assert_eq!(finds(&town.stranger(), &hidden).await, [false; 3]);
        closed = dispatcher.moves("reviewContent", &hidden, passes()).await;
    }
}

async fn what_is_sent_wrong_is_refused(town: &Town) {
    let (ann, crew, case) = in_public(town).await;
    let dispatcher = crew.who("dispatcher").await;
    let refuses = async |more: Value, code: &str, field: &str| {
        dispatcher.tries("reviewContent", &case, more).await.is_refused(code).at(field);
    };
    refuses(passes(), "INVALID", "isPassed").await;
    refuses(json!({ "isPassed": false }), "REQUIRED", "reason").await;
    refuses(with(hides("ABUSE"), json!({ "note": "长".repeat(501) })), "TOO_LONG", "note").await;
    let (photo, entry) = (ann.photo().await, step(&dispatcher, &other(town, &crew).await, "明天上午上门").await);
    refuses(with(hides("ABUSE"), json!({ "attachmentId": photo })), "INVALID", "attachmentId").await;
    refuses(with(hides("ABUSE"), json!({ "timelineEntryId": entry })), "INVALID", "timelineEntryId").await;
    let both = json!({ "attachmentId": photo, "timelineEntryId": entry });
    refuses(with(hides("ABUSE"), both), "INVALID", "attachmentId").await;
    // What the staff says to itself or to the reporter is published to nobody.
    let case = crew.who("property.handler").await.moves("messageReporter", &case, json!({ "text": "明早来" })).await;
    let message = json!({ "timelineEntryId": step(&dispatcher, &case, "明早来").await });
    let refused = dispatcher.tries("reviewContent", &case, with(hides("ABUSE"), message)).await;
    refused.is_refused("INVALID").at("timelineEntryId");
    let ben = town.resident().await;
    let bare = json!({ "id": case.id, "reason": "OTHER", "idempotencyKey": new_key() });
    ben.does("reportContent", &bare, "userErrors { code field }").await.is_refused("REQUIRED").at("note");
    let long = with(bare.clone(), json!({ "note": "长".repeat(501), "idempotencyKey": new_key() }));
    ben.does("reportContent", &long, "userErrors { code field }").await.is_refused("TOO_LONG").at("note");
}

/// Another case, in which something was told to everybody.
async fn other(town: &Town, crew: &Crew<'_>) -> Case {
    let case = crew.takes(&town.resident().await.reports(&complaint()).await, "property", "IN_PROGRESS").await;
    crew.who("property.leader").await.moves("publishUpdate", &case, json!({ "text": "明天上午上门" })).await
}
