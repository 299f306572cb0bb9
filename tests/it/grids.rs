//! Grids drawn anew: merged, split and re-cut, at once or on a day to come; what is tied to them follows, cases keep where they were
//! filed, and numbers of the past stay.

use chrono::TimeDelta;
use entity::enums::Role;
use futures_util::future::join;
use serde_json::{Value, json};

use crate::stats::{all_year, and, is_counted};
use crate::support::case::{at, complaint, new_key, street_light, texts, with};
use crate::support::{Answer, Person, Town, eventually, stories};

stories![
    grids_that_are_merged_leave_cases_where_they_were_filed,
    who_worked_for_a_grid_works_for_its_heir,
    a_grid_is_split_on_the_day_that_was_decided,
    what_is_planned_can_be_taken_back_until_it_is_in_force,
    a_boundary_is_moved_and_cases_change_sides,
    a_neighbourhood_that_is_merged_brings_its_homes_and_keeps_its_numbers,
    only_a_chief_on_duty_draws_grids,
    what_makes_no_sense_is_refused,
    a_rule_of_dispatch_is_changed_before_its_grid_goes,
    a_change_of_grids_without_cases_comes_to_its_end,
    what_is_written_by_an_old_map_goes_to_the_heir_too,
    two_nodes_draw_a_map_once,
    a_plan_that_the_map_has_overtaken_fails_and_harms_nothing,
];

/// Where reports of the stories are.
const HERE: (f64, f64) = (121.32, 31.195);
const CHANGE: &str = "isReplay userErrors { code field message } gridChange { id version kind state validFrom retiredCodes \
                      movedCount movedAt drawn { code name } warnings { flaw code otherCode squareMeters } }";

fn minute() -> TimeDelta {
    TimeDelta::minutes(1)
}

impl Person {
    async fn redraws(&self, verb: &str, input: Value) -> Answer {
        self.does(verb, &with(input, json!({ "idempotencyKey": new_key() })), CHANGE).await
    }
}

/// The smallest grid here, its neighbourhood, and another grid in that.
async fn grids(town: &Town) -> (String, String, String) {
    let text =
        "query($point: GeoPointInput!) { areaAt(point: $point) { code parent { code children { code level } } } }";
    let answer = town.stranger().says(text, &json!({ "point": at(HERE) })).await;
    let (here, parent) = (answer.text("/areaAt/code"), answer.text("/areaAt/parent/code"));
    let others = answer.list("/areaAt/parent/children");
    let is_other = |area: &&Value| area["level"] == "MICRO" && area["code"] != here.as_str();
    let other = others.iter().find(is_other).expect("another micro grid")["code"].as_str().unwrap().to_owned();
    (here, parent, other)
}

async fn grid_at(town: &Town, place: (f64, f64)) -> String {
    let text = "query($point: GeoPointInput!) { areaAt(point: $point) { code } }";
    town.stranger().says(text, &json!({ "point": at(place) })).await.text("/areaAt/code")
}

/// A grid as everybody sees it, also one that is no more.
async fn grid(town: &Town, code: &str, selection: &str) -> Value {
    let id = town.area_id(code).await;
    let text = format!("query($id: ID!) {{ node(id: $id) {{ ... on Area {{ {selection} }} }} }}");
    town.stranger().says(&text, &json!({ "id": id })).await.get("/node").clone()
}

/// West and east half of the rectangle around a grid, and its middle.
async fn halves(town: &Town, code: &str) -> (Value, Value, f64) {
    let shape = grid(town, code, "boundary(datum: WGS84)").await["boundary"].clone();
    let ring = if shape["type"] == "Polygon" { &shape["coordinates"][0] } else { &shape["coordinates"][0][0] };
    let points: Vec<(f64, f64)> =
        ring.as_array().unwrap().iter().map(|at| (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())).collect();
    let most = |pick: fn(&(f64, f64)) -> f64, than: fn(f64, f64) -> f64| points.iter().map(pick).reduce(than).unwrap();
    let (west, east) = (most(|at| at.0, f64::min), most(|at| at.0, f64::max));
    let (south, north) = (most(|at| at.1, f64::min), most(|at| at.1, f64::max));
    let middle = (f64::midpoint(west, east) * 1e7).round() / 1e7;
    (rectangle(west, middle, south, north), rectangle(middle, east, south, north), middle)
}

fn rectangle(west: f64, east: f64, south: f64, north: f64) -> Value {
    json!({ "type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]] })
}

/// Draws what is due, and moves the cases to the last.
async fn settles(town: &Town) {
    town.redraws().await;
    town.later(minute() * 2);
    town.redraws().await;
}

const WHERE: &str = "area { code validTo } filedArea { code }";

async fn grids_that_are_merged_leave_cases_where_they_were_filed(town: &Town) {
    let (here, parent, other) = grids(town).await;
    let (ann, chief) = (town.resident().await, town.staff("chief").await);
    let case = ann.reports(&street_light()).await;
    let input = json!({ "codes": [here, other], "into": other, "name": "并后网格", "idempotencyKey": new_key() });
    let merged = chief.does("mergeGrids", &input, CHANGE).await;
    let change = merged.is_done().get("/mergeGrids/gridChange");
    assert_eq!((&change["kind"], &change["state"]), (&json!("MERGE"), &json!("APPLIED")));
    assert_eq!(change["retiredCodes"], json!([here]));
    assert_eq!(change["drawn"], json!([{ "code": other, "name": "并后网格" }]));
    let again = chief.does("mergeGrids", &input, CHANGE).await;
    assert_eq!(again.get("/mergeGrids/isReplay"), true);
    assert_eq!(again.get("/mergeGrids/gridChange/id"), &change["id"]);

    assert_eq!(grid_at(town, HERE).await, other, "the map is another at once");
    let gone = grid(town, &here, "name validTo version").await;
    assert!(gone["validTo"].is_string(), "what is no more can still be named: {gone}");
    assert_eq!(
        grid(town, &other, "name version validTo").await,
        json!({ "name": "并后网格", "version": 2, "validTo": null })
    );
    let children = grid(town, &parent, "children { code }").await;
    assert!(!texts(&children["children"], "/code").contains(&here));

    settles(town).await;
    let seen = ann.sees(&case, WHERE).await;
    assert_eq!(seen, json!({ "area": { "code": other, "validTo": null }, "filedArea": { "code": here } }));
    let timeline = town.staff("dispatcher").await.sees(&case, "timeline { kind }").await;
    assert_eq!(texts(&timeline["timeline"], "/kind").last().unwrap(), "request.relocated");
    assert!(
        !texts(&ann.sees(&case, "timeline { kind }").await["timeline"], "/kind")
            .contains(&"request.relocated".to_owned())
    );
    let public = town.stranger().sees(&case, WHERE).await;
    assert!(public.is_null() || public["filedArea"].is_null(), "the public knows the neighbourhood: {public}");
    let later = ann.reports(&complaint()).await;
    assert_eq!(ann.sees(&later, WHERE).await["filedArea"]["code"], other.as_str());
    let listed = town.staff("dispatcher").await.asks("{ gridChanges { id state movedCount movedAt } }").await;
    assert!(listed.get("/gridChanges/0/movedCount").as_i64().unwrap() >= 1);
    assert!(listed.get("/gridChanges/0/movedAt").is_string());
    assert_eq!(town.stranger().asks("{ gridChanges { id } }").await.top_codes(), ["UNAUTHENTICATED"]);
}

async fn who_worked_for_a_grid_works_for_its_heir(town: &Town) {
    let (here, _, other) = grids(town).await;
    let ann = town.resident().await;
    let (inspector, stranger) =
        (town.official(Role::GridInspector, &here).await, town.official(Role::GridInspector, &other).await);
    let case = ann.reports(&with(street_light(), json!({ "visibility": "PRIVATE" }))).await;
    assert!(inspector.sees(&case, "caseNo").await["caseNo"].is_string());
    assert!(stranger.sees(&case, "caseNo").await.is_null(), "it lies in another grid");
    let answers = format!(
        "INSERT INTO unit_area (unit_id, area_id) SELECT (SELECT unit_id FROM unit_area LIMIT 1), id FROM area WHERE code = '{here}'"
    );
    assert_eq!(town.tampers(&answers).await, 1);
    let input = json!({ "codes": [here, other], "into": "310112008001-77", "name": "新网格" });
    town.staff("chief").await.redraws("mergeGrids", input).await.is_done();
    settles(town).await;
    for person in [&inspector, &stranger] {
        // Rights that were passed on hold within seconds, as rights that are given do.
        let sees = async || person.sees(&case, "caseNo").await["caseNo"].is_string();
        eventually("both work for the new grid", sees).await;
    }
    let units = "SELECT count(*) AS n FROM unit_area u JOIN area a ON a.id = u.area_id WHERE a.valid_to IS NOT NULL";
    assert_eq!(town.number(units).await, 0, "nobody answers for what is no more");
    let heir = "SELECT count(*) AS n FROM unit_area u JOIN area a ON a.id = u.area_id WHERE a.code = '310112008001-77'";
    assert_eq!(town.number(heir).await, 1, "the unit answers for the heir");
    let grants = "SELECT count(*) AS n FROM role_grant g JOIN area a ON a.id = g.scope_id WHERE a.valid_to IS NOT NULL AND \
                  g.valid_to IS NULL";
    assert_eq!(town.number(grants).await, 0);
    let refused = town.staff("security").await;
    let user = inspector.id().await.unwrap();
    let gone = town.area_id(&here).await;
    let appointment = json!({ "userId": user, "role": "GRID_LEADER", "areaId": gone, "reason": "任命网格长" });
    let refused = refused
        .does("grantRole", &with(appointment, json!({ "idempotencyKey": new_key() })), "userErrors { code field }")
        .await;
    assert_eq!(refused.user_codes(), ["INVALID"], "nobody is appointed there any more");
}

async fn a_grid_is_split_on_the_day_that_was_decided(town: &Town) {
    let (here, _, other) = grids(town).await;
    let ann = town.resident().await;
    let (west, east, middle) = halves(town, &here).await;
    let case = ann.reports(&street_light()).await;
    let by_name = ann.reports(&with(complaint(), json!({ "place": null, "areaCode": here }))).await;
    let day = town.now() + TimeDelta::days(2);
    let parts = json!([
        { "code": here, "name": "西半", "boundary": west }, { "code": "310112008001-78", "name": "东半", "boundary": east },
    ]);
    let input = json!({ "code": here, "datum": "WGS84", "parts": parts, "validFrom": day });
    let chief = town.staff("chief").await;
    let planned = chief.redraws("splitGrid", input).await;
    assert_eq!(planned.is_done().get("/splitGrid/gridChange/state"), "PLANNED");
    // A rectangle is wider than the grid: that is said, and keeps nothing from working.
    let flaws = planned.list("/splitGrid/gridChange/warnings");
    assert!(flaws.iter().all(|flaw| flaw["flaw"] == "OVERLAP" && flaw["otherCode"].is_string()), "{flaws:?}");
    let other_plan = json!({ "codes": [here, other], "into": other });
    assert_eq!(chief.redraws("mergeGrids", other_plan).await.user_codes(), ["INVALID"], "something else is planned");
    town.later(TimeDelta::days(2) - minute());
    town.redraws().await;
    assert_eq!(grid_at(town, HERE).await, here, "it is not that day yet");
    town.later(minute());
    settles(town).await;
    let expected = if HERE.0 < middle { here.as_str() } else { "310112008001-78" };
    assert_eq!(grid_at(town, HERE).await, expected);
    let mut ann = ann;
    ann.refreshes().await;
    let filed = json!({ "code": here });
    let seen = ann.sees(&case, WHERE).await;
    assert_eq!((&seen["area"]["code"], &seen["filedArea"]), (&json!(expected), &filed));
    let seen = ann.sees(&by_name, WHERE).await;
    assert_eq!((&seen["area"]["code"], &seen["filedArea"]), (&json!(here), &filed), "what has no place stays");
}

async fn what_is_planned_can_be_taken_back_until_it_is_in_force(town: &Town) {
    let (here, _, other) = grids(town).await;
    let chief = town.staff("chief").await;
    let input = json!({ "codes": [here, other], "into": other, "validFrom": town.now() + minute() });
    let planned = chief.redraws("mergeGrids", input.clone()).await;
    let on = json!({ "gridChangeId": planned.is_done().text("/mergeGrids/gridChange/id"), "expectedVersion": 1 });
    let stale = with(on.clone(), json!({ "expectedVersion": 7 }));
    assert_eq!(chief.redraws("cancelGridChange", stale).await.user_codes(), ["CONFLICT"]);
    assert_eq!(town.staff("dispatcher").await.redraws("cancelGridChange", on.clone()).await.top_codes(), ["NOT_FOUND"]);
    let cancelled = chief.redraws("cancelGridChange", on.clone()).await;
    assert_eq!(cancelled.is_done().get("/cancelGridChange/gridChange/state"), "CANCELLED");
    town.later(minute() * 2);
    town.redraws().await;
    assert_eq!(grid_at(town, HERE).await, here);
    // The grids are free for another plan, which cannot be taken back once it is in force.
    let input = with(input, json!({ "validFrom": null }));
    let planned = chief.redraws("mergeGrids", input).await;
    let id = planned.is_done().text("/mergeGrids/gridChange/id");
    let on = json!({ "gridChangeId": id, "expectedVersion": planned.get("/mergeGrids/gridChange/version") });
    assert_eq!(chief.redraws("cancelGridChange", on).await.user_codes(), ["INVALID_TRANSITION"]);
}

async fn a_boundary_is_moved_and_cases_change_sides(town: &Town) {
    let (here, _, _) = grids(town).await;
    let ann = town.resident().await;
    let (west, east, middle) = halves(town, &here).await;
    let case = ann.reports(&street_light()).await;
    let (left, kept) = if HERE.0 < middle { (west, east) } else { (east, west) };
    let input = json!({ "datum": "WGS84", "grids": [{ "code": here, "boundary": kept }] });
    let cut = town.staff("chief").await.redraws("recutGrids", input).await;
    let warnings = cut.is_done().list("/recutGrids/gridChange/warnings");
    let flaws = texts(&json!(warnings), "/flaw");
    assert!(flaws.contains(&"UNCOVERED".to_owned()), "half of it lies in no grid now: {left} {flaws:?}");
    settles(town).await;
    let parent = grid_at(town, HERE).await;
    assert_ne!(parent, here);
    let seen = ann.sees(&case, WHERE).await;
    assert_eq!((&seen["area"]["code"], &seen["filedArea"]["code"]), (&json!(parent), &json!(here)));
}

async fn a_neighbourhood_that_is_merged_brings_its_homes_and_keeps_its_numbers(town: &Town) {
    let (here, parent, _) = grids(town).await;
    let other = if parent == "310112008001" { "310112008002" } else { "310112008001" };
    let ann = town.resident().await;
    ann.reports(&street_light()).await;
    let flat = json!({
        "areaCode": parent, "compound": "申滨路小区", "building": "1号楼", "room": "101", "relation": "OWNER",
        "idempotencyKey": new_key(),
    });
    ann.does("applyForResidence", &flat, "residence { id } userErrors { code }").await.is_done();
    is_counted(town).await;
    let supervisor = town.staff("supervisor").await;
    let report = and(&all_year(&["CASES"]), json!({ "groupBy": "GRID" }));
    let before = supervisor.reads_kpi(&report).await.list("/kpi/rows");
    let input = json!({ "codes": [parent, other], "into": other });
    town.staff("chief").await.redraws("mergeGrids", input).await.is_done();
    settles(town).await;
    is_counted(town).await;
    let supervisor = town.staff("supervisor").await;
    assert_eq!(
        supervisor.reads_kpi(&report).await.list("/kpi/rows"),
        before,
        "what was counted of a grid stays its own"
    );
    let micro = and(&all_year(&["CASES"]), json!({ "areaCode": here }));
    let counted = supervisor.numbers(&micro).await;
    assert!(counted[0].0 >= 1, "what was filed in a grid is found by it, wherever it hangs now: {counted:?}");
    let rebuilt = stats::rebuild(town.base(), &town.app().house.town(), &mut |_| ()).await.unwrap();
    assert_eq!((rebuilt.points_differed, rebuilt.sums_differed), (0, 0));
    let homes = |code: &str| {
        format!("SELECT count(*) AS n FROM residence WHERE grid_path LIKE '%/{code}/' AND area_path LIKE '%/{code}/'")
    };
    let homes = (town.number(&homes(&parent)).await, town.number(&homes(other)).await);
    assert_eq!(homes, (0, 1), "homes follow");
    let cases = format!("SELECT count(*) AS n FROM service_request WHERE area_path LIKE '%/{parent}/%'");
    assert_eq!(town.number(&cases).await, 0, "cases too");
}

async fn only_a_chief_on_duty_draws_grids(town: &Town) {
    let (here, _, other) = grids(town).await;
    let input = json!({ "codes": [here, other], "into": other });
    for username in ["dispatcher", "supervisor", "security", "lights.leader"] {
        let refused = town.staff(username).await.redraws("mergeGrids", input.clone()).await;
        assert_eq!(refused.top_codes(), ["FORBIDDEN"], "{username}");
    }
    assert_eq!(town.resident().await.redraws("mergeGrids", input.clone()).await.top_codes(), ["FORBIDDEN"]);
    assert_eq!(town.stranger().redraws("mergeGrids", input).await.top_codes(), ["UNAUTHENTICATED"]);
    assert_eq!(town.resident().await.asks("{ gridChanges { id } }").await.top_codes(), ["FORBIDDEN"]);
    assert_eq!(town.number("SELECT count(*) AS n FROM grid_change").await, 0);
}

async fn what_makes_no_sense_is_refused(town: &Town) {
    let (here, parent, other) = grids(town).await;
    let chief = town.staff("chief").await;
    let merge = |more: Value| with(json!({ "codes": [here, other], "into": other }), more);
    let square = rectangle(121.31, 121.32, 31.19, 31.20);
    let crossing = json!({ "type": "Polygon", "coordinates": [[[121.31, 31.19], [121.32, 31.20], [121.32, 31.19], [121.31, 31.20], [121.31, 31.19]]] });
    let far = rectangle(2.0, 2.1, 48.0, 48.1);
    let cut = |boundary: Value| json!({ "datum": "WGS84", "grids": [{ "code": here, "boundary": boundary }] });
    let part = |code: &str| json!({ "code": code, "name": "一部分", "boundary": square });
    let split = |parts: Value| json!({ "code": here, "datum": "WGS84", "parts": parts });
    for (verb, input, code) in [
        ("mergeGrids", merge(json!({ "codes": [here] })), "INVALID"),
        ("mergeGrids", merge(json!({ "codes": [here, here] })), "INVALID"),
        ("mergeGrids", merge(json!({ "codes": [here, parent] })), "INVALID"),
        ("mergeGrids", merge(json!({ "codes": [here, "310112008001-98"] })), "INVALID"),
        ("mergeGrids", merge(json!({ "codes": ["x".repeat(50), other] })), "TOO_LONG"),
        ("mergeGrids", merge(json!({ "codes": vec![here.clone(); 51] })), "LIMIT_EXCEEDED"),
        ("mergeGrids", merge(json!({ "into": parent })), "INVALID"),
        ("mergeGrids", merge(json!({ "into": "310112008001-76" })), "INVALID"),
        ("mergeGrids", merge(json!({ "into": "不是代码" })), "INVALID"),
        ("mergeGrids", merge(json!({ "validFrom": town.now() - minute() })), "INVALID"),
        ("mergeGrids", merge(json!({ "validFrom": "2999-01-01T00:00:00Z" })), "INVALID"),
        ("recutGrids", cut(json!("some words")), "INVALID"),
        ("recutGrids", cut(json!({ "type": "Point", "coordinates": [121.32, 31.195] })), "INVALID"),
        ("recutGrids", cut(crossing), "INVALID"),
        ("recutGrids", cut(far), "OUTSIDE_AREA"),
        ("splitGrid", split(json!([part(&here)])), "INVALID"),
        ("splitGrid", split(json!([part(&here), part(&other)])), "INVALID"),
        ("splitGrid", split(json!([part(&here), part("310230001001-01")])), "INVALID"),
    ] {
        let refused = chief.redraws(verb, input.clone()).await;
        assert_eq!(refused.user_codes(), [code], "{verb} {input}: {refused:?}");
    }
    let elsewhere = json!({ "codes": ["310230001001-01", "310230001001-02"], "into": "310230001001-01" });
    assert_eq!(chief.redraws("mergeGrids", elsewhere).await.top_codes(), ["FORBIDDEN"], "another street is not theirs");
    assert_eq!(town.number("SELECT count(*) AS n FROM grid_change").await, 0);
    // The code of what is no more is never used again.
    chief.redraws("mergeGrids", merge(json!({}))).await.is_done();
    let refused = chief
        .redraws("splitGrid", json!({ "code": other, "datum": "WGS84", "parts": [part(&other), part(&here)] }))
        .await;
    assert_eq!(refused.user_codes(), ["INVALID"]);
}

async fn a_rule_of_dispatch_is_changed_before_its_grid_goes(town: &Town) {
    let (here, _, other) = grids(town).await;
    let chief = town.staff("chief").await;
    let unit = crate::support::Crew::of(town).unit_id("lights").await;
    let rules = |code: &str, version: Option<i32>| json!({ "expectedVersion": version, "rules": [{ "areaCode": code, "unitId": unit }], "idempotencyKey": new_key() });
    let set = "userErrors { code }";
    chief.does("setRoutingRules", &rules(&here, None), set).await.is_done();
    let input = json!({ "codes": [here, other], "into": other });
    let refused = chief.redraws("mergeGrids", input.clone()).await;
    assert_eq!(refused.user_codes(), ["INVALID"]);
    assert_eq!(grid_at(town, HERE).await, here, "nothing of it was done");
    chief.does("setRoutingRules", &rules(&other, Some(1)), set).await.is_done();
    chief.redraws("mergeGrids", input).await.is_done();
    assert_eq!(chief.does("setRoutingRules", &rules(&here, Some(2)), set).await.user_codes(), ["INVALID"]);
}

async fn a_change_of_grids_without_cases_comes_to_its_end(town: &Town) {
    let (here, _, other) = grids(town).await;
    town.tampers("UPDATE service_request SET area_path = '/310112008/'").await;
    let input = json!({ "codes": [here, other], "into": other, "validFrom": town.now() + minute() });
    town.staff("chief").await.redraws("mergeGrids", input).await.is_done();
    town.later(minute());
    settles(town).await;
    let listed = town.staff("dispatcher").await.asks("{ gridChanges { state movedCount movedAt } }").await;
    assert_eq!(
        (listed.get("/gridChanges/0/state"), listed.get("/gridChanges/0/movedCount")),
        (&json!("APPLIED"), &json!(0))
    );
    assert!(listed.get("/gridChanges/0/movedAt").is_string());
    let auditor = town.staff("auditor").await;
    let lines = auditor.asks("{ auditEntries(filter: { action: \"beginGridChange\" }) { nodes { outcome } } }").await;
    assert_eq!(texts(lines.get("/auditEntries/nodes"), "/outcome"), ["DONE"]);
}

/// A node that does not know the new map yet may go on for some seconds.
async fn what_is_written_by_an_old_map_goes_to_the_heir_too(town: &Town) {
    let (here, _, other) = grids(town).await;
    let ann = town.resident().await;
    let case = ann.reports(&street_light()).await;
    let input = json!({ "codes": [here, other], "into": other });
    town.staff("chief").await.redraws("mergeGrids", input).await.is_done();
    town.redraws().await;
    let late = ann.reports(&complaint()).await;
    let path = format!("(SELECT path FROM area WHERE code = '{here}')");
    let id = format!("(SELECT id FROM area WHERE code = '{here}')");
    let written =
        format!("UPDATE service_request SET area_id = {id}, area_path = {path} WHERE case_no = '{}'", late.no);
    assert_eq!(town.tampers(&written).await, 1);
    let answers =
        format!("INSERT INTO unit_area (unit_id, area_id) SELECT (SELECT unit_id FROM unit_area LIMIT 1), {id}");
    assert_eq!(town.tampers(&answers).await, 1);
    settles(town).await;
    for case in [&case, &late] {
        assert_eq!(ann.sees(case, WHERE).await["area"]["code"], other.as_str());
    }
    let units = "SELECT count(*) AS n FROM unit_area u JOIN area a ON a.id = u.area_id WHERE a.valid_to IS NOT NULL";
    assert_eq!(town.number(units).await, 0);
}

async fn two_nodes_draw_a_map_once(town: &Town) {
    let (here, _, other) = grids(town).await;
    let ann = town.resident().await;
    let case = ann.reports(&street_light()).await;
    let input = json!({ "codes": [here, other], "into": other, "validFrom": town.now() + minute() });
    town.staff("chief").await.redraws("mergeGrids", input).await.is_done();
    town.later(minute());
    join(town.redraws(), town.redraws()).await;
    let rules = json!({
        "expectedVersion": null, "idempotencyKey": new_key(),
        "rules": [{ "areaCode": here, "unitId": crate::support::Crew::of(town).unit_id("lights").await }],
    });
    let refused = town.staff("chief").await.does("setRoutingRules", &rules, "userErrors { code }").await;
    assert_eq!(refused.user_codes(), ["INVALID"], "it is no more");
    town.later(minute() * 2);
    join(town.redraws(), town.redraws()).await;
    let facts = |kind: &str| format!("SELECT count(*) AS n FROM fact WHERE kind = '{kind}'");
    assert_eq!(town.number(&facts("grid_change.applied")).await, 1);
    assert_eq!(town.number(&facts("grid_change.settled")).await, 1);
    let moved = format!(
        "SELECT count(*) AS n FROM fact f JOIN service_request r ON r.id = f.subject_id WHERE f.kind = 'request.relocated' AND \
         r.case_no = '{}'",
        case.no
    );
    assert_eq!(town.number(&moved).await, 1);
}

async fn a_plan_that_the_map_has_overtaken_fails_and_harms_nothing(town: &Town) {
    let (here, _, other) = grids(town).await;
    let chief = town.staff("chief").await;
    let input = json!({ "codes": [here, other], "into": other, "validFrom": town.now() + minute() });
    chief.redraws("mergeGrids", input).await.is_done();
    town.tampers(&format!("UPDATE area SET valid_to = '{}' WHERE code = '{here}'", town.now().to_rfc3339())).await;
    town.later(minute());
    town.redraws().await;
    let listed = chief.asks("{ gridChanges { state } }").await;
    assert_eq!(listed.get("/gridChanges/0/state"), "FAILED");
    assert_eq!(grid(town, &other, "version").await["version"], 1);
}
