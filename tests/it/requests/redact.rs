//! Taking something out of what a case says or shows: everybody sees what is left, and what it was is kept for audited looks.

use chrono::TimeDelta;
use futures_util::future::join;
use serde_json::{Value, json};

use super::facts::replays;
use super::retention::{closed, days, passes, waits_to_be_forgotten};
use crate::flows::all_forgotten;
use crate::support::case::{complaint, new_key, street_light, texts, with};
use crate::support::{Answer, Case, Crew, Person, Town, raw, stories};

stories![
    other_words_stand_in_place_of_those_that_tell,
    what_it_said_first_is_seen_with_a_reason_and_kept_however_often,
    every_address_of_a_photo_shows_it_painted_over,
    the_first_picture_is_kept_however_often_it_is_painted_on,
    rectangles_lie_inside_and_hide_something,
    of_two_who_paint_at_once_one_is_told_to_look_again,
    what_is_elsewhere_or_nobodys_is_not_touched,
    the_author_has_the_own_words_in_the_copy,
    originals_go_with_their_reporter,
    originals_go_with_the_case,
    of_what_is_held_originals_stay_until_it_is_released,
    a_number_that_was_taken_out_is_forgotten_with_its_owner,
];

const CANARY: &str = "三号楼金丝雀家门口的门禁坏了一周";
const LEFT: &str = "单元门禁坏了一周";

fn words() -> Value {
    json!({ "description": LEFT, "address": "申滨路88弄", "reason": "PERSONAL_DATA" })
}

fn parts(photo: &str, rectangles: Value) -> Value {
    json!({ "attachmentId": photo, "rectangles": rectangles, "reason": "PERSONAL_DATA" })
}

fn corner() -> Value {
    json!([{ "x": 0, "y": 0, "width": 200, "height": 200 }])
}

async fn reveals(person: &Person, case: &Case, reason: &str) -> Answer {
    let input = json!({ "id": case.id, "reason": reason });
    let shown = "description address visibleUntil originalPhotos { attachmentId url } userErrors { code field }";
    person.does("revealOriginal", &input, shown).await
}

/// A case that tells too much, with a photo, that everybody sees.
async fn telling(town: &Town) -> (Person, Crew<'_>, Case, String) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let photo = ann.photo().await;
    let more = json!({ "description": CANARY, "attachmentIds": [photo] });
    let case = crew.takes(&ann.reports(&with(complaint(), more)).await, "property", "IN_PROGRESS").await;
    (ann, crew, case, photo)
}

async fn found(person: &Person, text: &str) -> Vec<String> {
    let query = "query($t: String!) { searchServiceRequests(text: $t, first: 100) { nodes { caseNo } } }";
    texts(person.says(query, &json!({ "t": text })).await.get("/searchServiceRequests/nodes"), "/caseNo")
}

/// How many originals are kept: of words, and of photos.
async fn kept(town: &Town) -> [i64; 2] {
    let words = town.number("SELECT count(*) AS n FROM request_original").await;
    [words, town.number("SELECT count(*) AS n FROM attachment WHERE original_id IS NOT NULL").await]
}

/// The bytes behind the addresses of a case's one photo, full and small.
async fn pictures(town: &Town, addresses: &Value) -> [String; 2] {
    let mut bytes = Vec::new();
    for variant in ["url", "thumbnail"] {
        let reply = raw::get(town.address, addresses[variant].as_str().unwrap()).await;
        assert_eq!(reply.status, 200);
        bytes.push(reply.body);
    }
    bytes.try_into().unwrap()
}

async fn addresses(person: &Person, case: &Case) -> Value {
    let seen = person.sees(case, "attachments { url thumbnail: url(variant: THUMBNAIL) }").await;
    seen["attachments"][0].clone()
}

async fn other_words_stand_in_place_of_those_that_tell(town: &Town) {
    let (ann, crew, case, _) = telling(town).await;
    let supervisor = crew.who("supervisor").await;
    assert_eq!(found(&supervisor, "金丝雀").await, [case.no.as_str()]);
    let more = json!({ "note": "写了邻居的姓" });
    let case = supervisor.moves("redactServiceRequest", &case, with(words(), more)).await;
    let handler = crew.who("property.handler").await;
    for person in [&ann, &handler, &supervisor] {
        let seen = person.sees(&case, "description address").await;
        assert_eq!(seen, json!({ "description": LEFT, "address": "申滨路88弄" }));
    }
    assert_eq!(town.stranger().sees(&case, "description").await["description"], LEFT);
    assert!(found(&supervisor, "金丝雀").await.is_empty(), "nor is it found by what it said");
    assert!(found(&supervisor, "门禁").await.contains(&case.no));
    let own = ann.sees(&case, "timeline { kind contentReason notes { text } }").await;
    let last = own["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last, json!({ "kind": "request.redacted", "contentReason": "PERSONAL_DATA", "notes": [] }));
    assert!(!town.stranger().sees(&case, "timeline { kind }").await.to_string().contains("redacted"));
    for (table, column) in [("service_request", "description"), ("request_original", "description_sealed")] {
        let clear = format!("SELECT count(*) AS n FROM {table} WHERE CAST({column} AS TEXT) LIKE '%金丝雀%'");
        assert_eq!(town.number(&clear).await, 0, "{table}");
    }
    replays(town, &case.no).await;
}

async fn what_it_said_first_is_seen_with_a_reason_and_kept_however_often(town: &Town) {
    let (ann, crew, case, _) = telling(town).await;
    let dispatcher = crew.who("dispatcher").await;
    reveals(&dispatcher, &case, "核对原文").await.is_refused("INVALID").at("id");
    let case = dispatcher.moves("redactServiceRequest", &case, words()).await;
    let again = json!({ "description": "门禁坏了", "reason": "OTHER" });
    let case = dispatcher.moves("redactServiceRequest", &case, again).await;
    for who in ["property.handler", "property.leader", "callback", "chief", "inspector"] {
        reveals(&crew.who(who).await, &case, "想看一下").await.is_refused("FORBIDDEN");
    }
    reveals(&ann, &case, "我写的").await.is_refused("FORBIDDEN");
    reveals(&town.resident().await, &case, "好奇").await.is_refused("FORBIDDEN");
    reveals(&town.stranger(), &case, "好奇").await.is_refused("UNAUTHENTICATED");
    reveals(&dispatcher, &case, " ").await.is_refused("REQUIRED").at("reason");
    let seen = reveals(&crew.who("supervisor").await, &case, "核对原文").await;
    assert_eq!(seen.text("/revealOriginal/description"), CANARY, "what came in, not what stood there last");
    assert_eq!(seen.text("/revealOriginal/address"), "申滨路 88 弄 3 号 201 室");
    let text = "{ auditEntries(filter: { action: \"revealOriginal\" }) { nodes { outcome reason } } }";
    let looks = crew.who("auditor").await.asks(text).await.list("/auditEntries/nodes");
    let done: Vec<&Value> = looks.iter().filter(|look| look["outcome"] == "DONE").collect();
    assert_eq!(done, [&json!({ "outcome": "DONE", "reason": "核对原文" })]);
    let refused =
        dispatcher.tries("redactServiceRequest", &case, json!({ "description": "门禁坏了", "reason": "OTHER" })).await;
    refused.is_refused("INVALID").at("description");
}

async fn every_address_of_a_photo_shows_it_painted_over(town: &Town) {
    let (ann, crew, case, photo) = telling(town).await;
    let before = addresses(&town.stranger(), &case).await;
    let first = pictures(town, &before).await;
    let dispatcher = crew.who("dispatcher").await;
    let case = dispatcher.moves("redactPhoto", &case, parts(&photo, corner())).await;
    let painted = pictures(town, &before).await;
    assert!(first[0] != painted[0] && first[1] != painted[1], "the address of before, full and small");
    for person in [&town.stranger(), &ann, &dispatcher] {
        assert_eq!(pictures(town, &addresses(person, &case).await).await, painted);
    }
    let seen = ann.sees(&case, "attachments { isRedacted width height }").await;
    assert_eq!(seen["attachments"][0]["isRedacted"], true);
    let original = reveals(&dispatcher, &case, "核对原图").await;
    let shown = original.list("/revealOriginal/originalPhotos");
    assert_eq!((shown.len(), &shown[0]["attachmentId"]), (1, &json!(photo)));
    assert_eq!(original.get("/revealOriginal/description"), &Value::Null, "the words stand as they came in");
    let address = shown[0]["url"].as_str().unwrap();
    let reply = raw::get(town.address, address).await;
    assert_eq!((reply.status, reply.header("cache-control").as_deref()), (200, Some("no-store")));
    assert_eq!(reply.body, first[0]);
    // Nobody makes an address of the original out of one of those that are shown.
    let forged = before["url"].as_str().unwrap().replace("/full?", "/original?");
    assert_eq!(raw::get(town.address, &forged).await.status, 404);
    town.later(TimeDelta::minutes(5));
    assert_eq!(raw::get(town.address, address).await.status, 404, "after five minutes it is over");
    replays(town, &case.no).await;
}

async fn the_first_picture_is_kept_however_often_it_is_painted_on(town: &Town) {
    let (_, crew, case, photo) = telling(town).await;
    let first = pictures(town, &addresses(&town.stranger(), &case).await).await;
    let dispatcher = crew.who("dispatcher").await;
    let case = dispatcher.moves("redactPhoto", &case, parts(&photo, corner())).await;
    let once = pictures(town, &addresses(&town.stranger(), &case).await).await;
    // One over the other, and one that was painted before.
    let more = json!([
        { "x": 100, "y": 100, "width": 200, "height": 50 }, { "x": 120, "y": 110, "width": 60, "height": 60 },
        { "x": 0, "y": 0, "width": 8, "height": 8 },
    ]);
    let case = dispatcher.moves("redactPhoto", &case, parts(&photo, more)).await;
    assert_ne!(pictures(town, &addresses(&town.stranger(), &case).await).await, once);
    let original = reveals(&dispatcher, &case, "核对原图").await;
    let address = original.text("/revealOriginal/originalPhotos/0/url");
    assert_eq!(raw::get(town.address, &address).await.body, first[0]);
    assert_eq!(kept(town).await, [0, 1]);
}

async fn rectangles_lie_inside_and_hide_something(town: &Town) {
    let (ann, crew, case, photo) = telling(town).await;
    let seen = ann.sees(&case, "attachments { width height }").await;
    let side = |name: &str| seen["attachments"][0][name].as_i64().unwrap();
    let (width, height) = (side("width"), side("height"));
    let dispatcher = crew.who("dispatcher").await;
    let part = |x: i64, y: i64, width: i64, height: i64| json!({ "x": x, "y": y, "width": width, "height": height });
    let most = i64::from(i32::MAX);
    let refuses = async |rectangles: Value, code: &str| {
        let answer = dispatcher.tries("redactPhoto", &case, parts(&photo, rectangles)).await;
        answer.is_refused(code).at("rectangles");
    };
    refuses(json!([]), "REQUIRED").await;
    refuses(json!(vec![part(0, 0, 8, 8); 21]), "LIMIT_EXCEEDED").await;
    for outside in [
        part(0, 0, 0, 0),
        part(0, 0, 7, 8),
        part(0, 0, -8, 8),
        part(-1, 0, 8, 8),
        part(0, -1, 8, 8),
        part(width - 7, 0, 8, 8),
        part(0, height - 7, 8, 8),
        part(0, 0, width + 1, height),
        part(most, most, most, most),
        part(8, 8, most, 8),
        part(i64::from(i32::MIN), 0, most, 8),
    ] {
        refuses(json!([part(0, 0, 8, 8), outside]), "INVALID").await;
    }
    let too_large = dispatcher.tries("redactPhoto", &case, parts(&photo, json!([part(0, 0, most + 1, 8)]))).await;
    too_large.is_refused("BAD_REQUEST");
    assert_eq!(kept(town).await, [0, 0]);
    let all = json!([part(0, 0, width, height), part(width - 8, height - 8, 8, 8)]);
    dispatcher.moves("redactPhoto", &case, parts(&photo, all)).await;
}

async fn of_two_who_paint_at_once_one_is_told_to_look_again(town: &Town) {
    let (_, crew, case, photo) = telling(town).await;
    let (dispatcher, supervisor) = (crew.who("dispatcher").await, crew.who("supervisor").await);
    let (one, other) = join(
        dispatcher.tries("redactPhoto", &case, parts(&photo, corner())),
        supervisor.tries("redactPhoto", &case, parts(&photo, corner())),
    )
    .await;
    assert_eq!([one.codes(), other.codes()].concat(), ["CONFLICT"]);
    let again = json!({ "id": case.id, "expectedVersion": case.version + 1, "idempotencyKey": new_key() });
    let again = with(again, parts(&photo, corner()));
    let shown = "isReplay serviceRequest { version } userErrors { code }";
    let first = dispatcher.does("redactPhoto", &again, shown).await;
    let second = dispatcher.does("redactPhoto", &again, shown).await;
    assert_eq!(
        (first.get("/redactPhoto/isReplay"), second.get("/redactPhoto/isReplay")),
        (&json!(false), &json!(true))
    );
}

async fn what_is_elsewhere_or_nobodys_is_not_touched(town: &Town) {
    let (ann, crew, case, photo) = telling(town).await;
    let dispatcher = crew.who("dispatcher").await;
    let other = crew.takes(&ann.reports(&street_light()).await, "lights", "ACCEPTED").await;
    let refused = dispatcher.tries("redactPhoto", &other, parts(&photo, corner())).await;
    refused.is_refused("INVALID").at("attachmentId");
    let unused = ann.photo().await;
    dispatcher.tries("redactPhoto", &case, parts(&unused, corner())).await.is_refused("INVALID").at("attachmentId");
    for (verb, input) in [("redactServiceRequest", words()), ("redactPhoto", parts(&photo, corner()))] {
        for person in [&crew.who("property.leader").await, &ann, &town.resident().await] {
            person.tries(verb, &case, input.clone()).await.is_refused("FORBIDDEN");
        }
    }
    let bare = with(street_light(), json!({ "address": null }));
    let bare = crew.takes(&ann.reports(&bare).await, "lights", "ACCEPTED").await;
    let nowhere = json!({ "address": "申滨路", "reason": "OTHER" });
    dispatcher.tries("redactServiceRequest", &bare, nowhere).await.is_refused("INVALID").at("address");
    let nothing = json!({ "reason": "OTHER" });
    dispatcher.tries("redactServiceRequest", &case, nothing).await.is_refused("REQUIRED").at("description");
    let long = json!({ "description": "长".repeat(1_001), "reason": "OTHER" });
    dispatcher.tries("redactServiceRequest", &case, long).await.is_refused("TOO_LONG").at("description");
    let case = dispatcher.moves("redactServiceRequest", &case, words()).await;
    let over = format!("UPDATE service_request SET archived_at = updated_at WHERE case_no = '{}'", case.no);
    assert_eq!(town.tampers(&over).await, 1);
    // What stands in the archive is read by everybody, so it can be taken out there too.
    let case = dispatcher.moves("redactPhoto", &case, parts(&photo, corner())).await;
    assert_eq!(reveals(&dispatcher, &case, "核对原文").await.text("/revealOriginal/description"), CANARY);
    let over = format!("UPDATE service_request SET anonymised_at = updated_at WHERE case_no = '{}'", case.no);
    assert_eq!(town.tampers(&over).await, 1);
    dispatcher.tries("redactServiceRequest", &case, words()).await.is_refused("INVALID_TRANSITION");
    dispatcher.tries("redactPhoto", &case, parts(&photo, corner())).await.is_refused("INVALID_TRANSITION");
    let hides = json!({ "isPassed": false, "reason": "PERSONAL_DATA" });
    dispatcher.moves("reviewContent", &case, hides).await;
}

async fn the_author_has_the_own_words_in_the_copy(town: &Town) {
    let (ann, crew, case, _) = telling(town).await;
    crew.who("dispatcher").await.moves("redactServiceRequest", &case, words()).await;
    let ben = town.resident().await;
    let report = json!({ "id": case.id, "reason": "ABUSE", "note": "言辞不当", "idempotencyKey": new_key() });
    ben.does("reportContent", &report, "userErrors { code }").await.is_done();
    let copy = raw::get(town.address, &ann.has_copy().await).await.json();
    let own = &copy["serviceRequests"][0];
    assert_eq!((&own["description"], &own["originalDescription"]), (&json!(LEFT), &json!(CANARY)));
    assert!(!copy.to_string().contains("言辞不当"), "who reported it is nobody's business");
    let copy = raw::get(town.address, &ben.has_copy().await).await.json();
    assert_eq!(copy["contentReports"][0]["note"], "言辞不当");
    assert!(!copy.to_string().contains("金丝雀"));
}

async fn originals_go_with_their_reporter(town: &Town) {
    let (ann, crew, case, photo) = telling(town).await;
    let dispatcher = crew.who("dispatcher").await;
    let case = dispatcher.moves("redactServiceRequest", &case, words()).await;
    dispatcher.moves("redactPhoto", &case, parts(&photo, corner())).await;
    let original = reveals(&dispatcher, &case, "核对原图").await.text("/revealOriginal/originalPhotos/0/url");
    assert_eq!(raw::get(town.address, &original).await.status, 200);
    assert_eq!(kept(town).await, [1, 1]);
    town.later(TimeDelta::seconds(61));
    ann.asks_to_be_forgotten(town, Some(&ann.phone())).await.is_done();
    passes(town, days(7)).await;
    all_forgotten(town).await;
    assert_eq!(kept(town).await, [0, 0]);
    let dispatcher = town.staff("dispatcher").await;
    reveals(&dispatcher, &case, "核对原文").await.is_refused("INVALID").at("id");
    let painted = addresses(&dispatcher, &case).await;
    assert_eq!(raw::get(town.address, painted["url"].as_str().unwrap()).await.status, 200, "what is left stays");
}

async fn originals_go_with_the_case(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let more = json!({ "description": CANARY });
    let case = closed(&crew, &ann, &with(street_light(), more), "lights").await;
    let dispatcher = crew.who("dispatcher").await;
    let seen = dispatcher.sees(&case, "attachments { id phase }").await;
    let after = seen["attachments"][0]["id"].as_str().unwrap().to_owned();
    let case = dispatcher.moves("redactServiceRequest", &case, words()).await;
    dispatcher.moves("redactPhoto", &case, parts(&after, corner())).await;
    for _ in 0..2 {
        passes(town, days(365)).await;
        town.puts_away().await;
    }
    assert_eq!(kept(town).await, [0, 0]);
    let seen = town.stranger().sees(&case, "anonymisedAt attachments { url }").await;
    assert!(seen["anonymisedAt"].is_string());
    assert_eq!(raw::get(town.address, seen["attachments"][0]["url"].as_str().unwrap()).await.status, 200);
}

async fn of_what_is_held_originals_stay_until_it_is_released(town: &Town) {
    let (ann, crew, case, photo) = telling(town).await;
    let supervisor = crew.who("supervisor").await;
    let case = supervisor.moves("redactServiceRequest", &case, words()).await;
    let case = supervisor.moves("redactPhoto", &case, parts(&photo, corner())).await;
    supervisor.moves("placeLegalHold", &case, json!({ "reason": "法院调取" })).await;
    waits_to_be_forgotten(town, &ann).await;
    assert_eq!(kept(town).await, [1, 1]);
    let supervisor = town.staff("supervisor").await;
    assert_eq!(reveals(&supervisor, &case, "法院调取").await.text("/revealOriginal/description"), CANARY);
    let held = supervisor.looks_at(&case).await;
    supervisor.moves("releaseLegalHold", &held, json!({ "reason": "已结案" })).await;
    all_forgotten(town).await;
    assert_eq!(kept(town).await, [0, 0]);
}

async fn a_number_that_was_taken_out_is_forgotten_with_its_owner(town: &Town) {
    let (ann, ben, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let telling = json!({ "description": format!("邻居的电话是{}，请联系", ben.phone()) });
    let case = crew.takes(&ann.reports(&with(complaint(), telling)).await, "property", "ACCEPTED").await;
    crew.who("dispatcher").await.moves("redactServiceRequest", &case, words()).await;
    assert_eq!(kept(town).await, [1, 0]);
    town.later(TimeDelta::seconds(61));
    ben.asks_to_be_forgotten(town, Some(&ben.phone())).await.is_done();
    passes(town, days(7)).await;
    all_forgotten(town).await;
    let first = reveals(&town.staff("dispatcher").await, &case, "核对原文").await.text("/revealOriginal/description");
    assert_eq!(first, "邻居的电话是＊＊＊，请联系", "the rest is its author's");
}
