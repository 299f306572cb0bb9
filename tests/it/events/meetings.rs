//! Meetings of the party: a class of 28 (scenario 12), who votes, what is kept of a meeting, and which meetings branches lack (scenario 13).

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use super::attendance::Branch;
use super::{LINE, Thing};
use crate::bookings::at;
use crate::party::{appointed, lines};
use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, stories};

stories![
    a_party_class_of_28,
    a_branch_without_quorum_records_no_vote,
    the_record_of_a_meeting_is_its_hosts_and_its_photos_are_looked_at_first,
    which_branches_lack_which_meeting,
];

async fn a_party_class_of_28(town: &Town) {
    // 27 full members and one on probation; 26 of them have a phone.
    let branch = Branch::of(town, 27, 26).await;
    let event = branch.meets(town, json!({})).await;
    assert_eq!(branch.secretary.counts(&event).await["attendance"]["expectedCount"], 28);
    // One asks for leave, and one is old.
    let (on_leave, present) = branch.members.split_first().unwrap();
    let ask = json!({ "eventId": event.id, "reason": "出差", "idempotencyKey": new_key() });
    on_leave.does("requestEventLeave", &ask, LINE).await.is_done();
    let listed = branch.secretary.lines_of(&event).await;
    let asked = listed.iter().find(|line| line["leaveState"] == "REQUESTED").unwrap();
    branch.secretary.tries_with_line("decideEventLeave", asked, json!({ "isGranted": true })).await.is_done();
    let old = listed.iter().find(|line| line["rosterName"] == "预备党员").unwrap();
    let exempt = json!({ "status": "EXEMPT", "reason": "年老体弱" });
    branch.secretary.tries_with_line("markEventAttendance", old, exempt).await.is_done();
    // 24 scan the screen; the last one has a picture of it, half a minute later.
    let code = branch.secretary.shows_code(&event).await;
    let (friend, first) = present.split_last().unwrap();
    for person in first {
        person.tries_to_come(&event, json!({ "code": code })).await.is_done();
    }
    town.later(TimeDelta::seconds(31));
    friend.tries_to_come(&event, json!({ "code": code })).await.is_refused("CODE_EXPIRED").at("code");
    let code = branch.secretary.shows_code(&event).await;
    friend.tries_to_come(&event, json!({ "code": code })).await.is_done();
    // A dead phone.
    let dead = listed.iter().find(|line| line["rosterName"] == "党员26").unwrap();
    let seen = branch.secretary.tries_with_line("markEventAttendance", dead, json!({ "status": "PRESENT" })).await;
    assert_eq!(seen.text("/markEventAttendance/attendance/method"), "STAFF");
    let counts = branch.secretary.counts(&event).await;
    assert_eq!(counts["checkedInCount"], 26);
    let shown = &counts["attendance"];
    assert_eq!(
        (&shown["expectedCount"], &shown["presentCount"], &shown["leaveCount"], &shown["exemptCount"]),
        (&json!(27), &json!(26), &json!(1), &json!(1))
    );
    assert_eq!(shown["rateBp"], 9630, "26 of 27");
    // Whoever has nothing to do with it sees nothing, knows nothing, and comes with nobody's code.
    let resident = town.resident().await;
    assert!(!resident.sees_events(json!({})).await.contains(&"十一月党课".to_owned()));
    assert_eq!(resident.tries_to_come(&event, json!({ "code": code })).await.codes(), ["NOT_FOUND"]);
    let admin = town.staff("admin").await;
    assert_eq!(admin.reads_attendance(&event).await.codes(), ["NOT_FOUND"]);
    assert_eq!(admin.counts(&event).await, Value::Null);
    assert_eq!(first[0].reads_attendance(&event).await.codes(), ["NOT_FOUND"], "a member does not read who comes");
    let noted: Vec<String> = lines(town, "eventAttendance").await.into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(noted, ["DONE", "NOT_FOUND", "NOT_FOUND"]);
    assert_eq!(lines(town, "checkInToEvent").await, [], "the chain does not tell who came");
}

impl Person {
    async fn tries_to_record_vote(&self, event: &Thing, votes: (i32, i32, i32)) -> Answer {
        let input = json!({
            "eventId": event.id, "title": "接收预备党员", "votesFor": votes.0, "votesAgainst": votes.1, "abstained": votes.2,
            "idempotencyKey": new_key(),
        });
        let told =
            "resolution { title voterCount votersPresentCount isPassed } userErrors { code field limit resetAt }";
        self.does("recordEventVote", &input, told).await
    }

    async fn marks(&self, event: &Thing, count: usize) {
        let listed = self.lines_of(event).await;
        let voters = listed.iter().filter(|line| line["hasVote"] == true && line["status"] == "EXPECTED").take(count);
        for line in voters {
            self.tries_with_line("markEventAttendance", line, json!({ "status": "PRESENT" })).await.is_done();
        }
    }

    async fn reads_file(&self, event: &Thing) -> Answer {
        let text = "query($id: ID!) { eventFile(eventId: $id) { record { version chair recorder minutes checkedAt photos { id } } \
                    resolutions { title votesFor isPassed } } }";
        self.says(text, &json!({ "id": event.id })).await
    }

    async fn reads_life(&self, organization: &str, lacks: Option<&str>) -> Answer {
        let text = "query($id: ID!, $lacks: EventKind) { organizationLifeReport(organizationId: $id, from: \"2026-11-01\", to: \"2026-11-30\") { \
                    organizationCount kinds { kind requiredCount lackingCount } lines(first: 50, lacks: $lacks) { nodes { organization { code } \
                    expectedCount presentCount rateBp meetings { kind requiredCount heldCount missingCount } } } } }";
        self.says(text, &json!({ "id": organization, "lacks": lacks })).await
    }
}

async fn a_branch_without_quorum_records_no_vote(town: &Town) {
    let branch = Branch::of(town, 28, 0).await;
    let event = branch.meets(town, json!({ "kind": "BRANCH_MEETING" })).await;
    let secretary = &branch.secretary;
    secretary.tries_to_record_vote(&event, (15, 0, 0)).await.is_refused("NOT_IN_WINDOW");
    secretary.marks(&event, 13).await;
    town.later(TimeDelta::minutes(31));
    let secretary = secretary.refreshed().await;
    let refused = secretary.tries_to_record_vote(&event, (13, 0, 0)).await;
    refused.is_refused("NO_QUORUM");
    assert_eq!(refused.json["data"]["recordEventVote"]["userErrors"][0]["limit"], 15);
    let shown = secretary.counts(&event).await["attendance"].clone();
    assert_eq!(
        (&shown["voterCount"], &shown["votersPresentCount"], &shown["isQuorate"]),
        (&json!(28), &json!(13), &json!(false))
    );
    secretary.marks(&event, 4).await;
    secretary.tries_to_record_vote(&event, (15, 2, 1)).await.is_refused("INVALID").at("votesFor");
    for (votes, is_passed) in [((15, 2, 0), true), ((14, 2, 1), false)] {
        let voted = secretary.tries_to_record_vote(&event, votes).await;
        let told = voted.get("/recordEventVote/resolution");
        assert_eq!(
            (&told["voterCount"], &told["votersPresentCount"], &told["isPassed"]),
            (&json!(28), &json!(17), &json!(is_passed))
        );
    }
    let kept = secretary.reads_file(&event).await.list("/eventFile/resolutions");
    assert_eq!(kept.iter().map(|row| row["votesFor"].as_i64().unwrap()).collect::<Vec<_>>(), [15, 14]);
    // Where people register there is no roster, and no vote.
    let with_seats = json!({ "kind": "PARTY_CLASS", "startsAt": at(town, 0, "13:00"), "endsAt": at(town, 0, "14:00"), "registration": { "capacity": 10 } });
    let class = branch.meets_as(&secretary, town, with_seats).await;
    secretary.tries_to_record_vote(&class, (15, 0, 0)).await.is_refused("INVALID").at("eventId");
    let later = json!({ "startsAt": at(town, 1, "13:00"), "endsAt": at(town, 1, "14:00") });
    let meeting = with(later, json!({ "kind": "BRANCH_MEETING", "registration": { "capacity": 10 } }));
    secretary.tries_to_plan(&branch.event(town, meeting)).await.is_refused("INVALID").at("registration");
}

async fn the_record_of_a_meeting_is_its_hosts_and_its_photos_are_looked_at_first(town: &Town) {
    let branch = Branch::of(town, 3, 1).await;
    let event = branch.meets(town, json!({ "kind": "COMMITTEE_MEETING" })).await;
    let (secretary, above, member) = (&branch.secretary, &branch.above, &branch.members[0]);
    let early =
        json!({ "eventId": event.id, "chair": "赵", "recorder": "钱", "minutes": "先写", "idempotencyKey": new_key() });
    secretary.does("saveEventRecord", &early, "userErrors { code }").await.is_refused("NOT_IN_WINDOW");
    town.later(TimeDelta::minutes(30));
    let (secretary, above, member) = (secretary.refreshed().await, above.refreshed().await, member.refreshed().await);
    let (secretary, above, member) = (&secretary, &above, &member);
    let photo = secretary.photo().await;
    let told = "isReplay record { version chair minutes photos { id } } userErrors { code field }";
    let write = |version: Option<i64>, minutes: &str, photos: Option<&str>| {
        json!({
            "eventId": event.id, "expectedVersion": version, "chair": "赵书记", "recorder": "钱委员", "minutes": minutes,
            "attachmentIds": photos.map(|id| vec![id]), "idempotencyKey": new_key(),
        })
    };
    let saved = secretary.does("saveEventRecord", &write(None, "讨论换届。", Some(&photo)), told).await;
    assert_eq!(saved.get("/saveEventRecord/record/version"), &json!(1));
    secretary
        .does("saveEventRecord", &write(None, "再写。", None), told)
        .await
        .is_refused("REQUIRED")
        .at("expectedVersion");
    secretary.does("saveEventRecord", &write(Some(7), "再写。", None), told).await.is_refused("CONFLICT");
    secretary.does("saveEventRecord", &write(Some(1), "讨论换届，决定下月选举。", None), told).await.is_done();
    let words = "SELECT count(*) AS n FROM event_record WHERE CAST(minutes_sealed AS TEXT) LIKE '%选举%'";
    assert_eq!(town.number(words).await, 0, "minutes are sealed");
    let photos = "query($id: ID!) { node(id: $id) { ... on Event { recordPhotos { id } } } }";
    let seen =
        async |person: &Person| person.says(photos, &json!({ "id": event.id })).await.get("/node/recordPhotos").clone();
    assert_eq!(seen(member).await, Value::Null);
    let check = |version: i64| json!({ "eventId": event.id, "expectedVersion": version, "idempotencyKey": new_key() });
    secretary.does("checkEventRecord", &check(2), told).await.is_refused("SAME_PERSON");
    above.does("checkEventRecord", &check(1), told).await.is_refused("CONFLICT");
    above.does("checkEventRecord", &check(2), told).await.is_done();
    above.does("checkEventRecord", &check(3), told).await.is_refused("INVALID_TRANSITION");
    assert_eq!(seen(member).await, json!([{ "id": photo }]));
    // Other words leave them as they are; other photos are looked at anew, and not by who took one in.
    secretary.does("saveEventRecord", &write(Some(3), "更正。", None), told).await.is_done();
    assert_eq!(seen(member).await, json!([{ "id": photo }]));
    let theirs = above.photo().await;
    above.does("saveEventRecord", &write(Some(4), "更正。", Some(&theirs)), told).await.is_done();
    assert_eq!(seen(member).await, Value::Null);
    secretary.does("saveEventRecord", &write(Some(5), "更正。", None), told).await.is_done();
    above.does("checkEventRecord", &check(6), told).await.is_refused("SAME_PERSON");
    assert_eq!(secretary.reads_file(&event).await.text("/eventFile/record/minutes"), "更正。");
    for person in [member.clone(), town.staff("admin").await, town.staff("dispatcher").await, town.resident().await] {
        assert_eq!(person.reads_file(&event).await.codes(), ["NOT_FOUND"]);
        assert_eq!(person.does("saveEventRecord", &write(None, "冒充", None), told).await.codes(), ["NOT_FOUND"]);
    }
    assert_eq!(secretary.lines_of(&event).await.len(), 3, "the committee is expected, and nobody else");
    let noted: Vec<String> = lines(town, "eventFile").await.into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(noted, ["DONE", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]);
    town.later(TimeDelta::days(31));
    let (phone, mut secretary) = (secretary.phone(), secretary.holding(None));
    secretary.signs_in_with_code(town, &phone).await;
    secretary.does("saveEventRecord", &write(Some(6), "太晚。", None), told).await.is_refused("DEADLINE_PASSED");
}

async fn which_branches_lack_which_meeting(town: &Town) {
    let branch = Branch::of(town, 8, 1).await;
    let committee = branch.above_id.clone();
    let meeting = branch.meets(town, json!({ "kind": "COMMITTEE_MEETING" })).await;
    let day = branch.meets(town, json!({ "kind": "THEME_DAY", "title": "主题党日" })).await;
    // Of a meeting to which nobody came nothing is known.
    let lacks = async |person: &Person, kind: &str| {
        let report = person.reads_life(&committee, Some(kind)).await;
        let nodes = report.list("/organizationLifeReport/lines/nodes");
        let mut codes: Vec<_> =
            nodes.iter().map(|row| row["organization"]["code"].as_str().unwrap().to_owned()).collect();
        codes.sort();
        codes
    };
    let code = branch.secretary.shows_code(&meeting).await;
    branch.members[0].tries_to_come(&meeting, json!({ "code": code })).await.is_done();
    assert_eq!(lacks(&branch.above, "COMMITTEE_MEETING").await, ["T-A"], "it is not over");
    town.later(TimeDelta::hours(3));
    town.rings().await;
    let again = async |person: &Person| {
        let (phone, mut person) = (person.phone(), person.holding(None));
        person.signs_in_with_code(town, &phone).await;
        person
    };
    let (above, secretary) = (again(&branch.above).await, again(&branch.secretary).await);
    assert_eq!(
        lacks(&above, "COMMITTEE_MEETING").await,
        Vec::<String>::new(),
        "of one member nobody asks for a committee"
    );
    assert_eq!(lacks(&above, "THEME_DAY").await, ["T-A", "T-B"]);
    let line = &secretary.lines_of(&day).await[0];
    secretary.tries_with_line("markEventAttendance", line, json!({ "status": "PRESENT" })).await.is_done();
    assert_eq!(lacks(&above, "THEME_DAY").await, ["T-B"]);
    let report = secretary.reads_life(&branch.id, None).await;
    assert_eq!(report.get("/organizationLifeReport/organizationCount"), &json!(1));
    let kinds = report.list("/organizationLifeReport/kinds");
    let of = |kind: &str| {
        kinds
            .iter()
            .find(|row| row["kind"] == kind)
            .map(|row| (row["requiredCount"].clone(), row["lackingCount"].clone()))
    };
    assert_eq!(of("COMMITTEE_MEETING"), Some((json!(1), json!(0))));
    assert_eq!(of("BRANCH_MEETING"), Some((json!(0), json!(0))), "a month is no quarter");
    let rates = &report.list("/organizationLifeReport/lines/nodes")[0];
    // Three of the committee and nine members, of whom two came.
    assert_eq!(
        (&rates["expectedCount"], &rates["presentCount"], &rates["rateBp"]),
        (&json!(12), &json!(2), &json!(1667))
    );
    let own = &rates["meetings"];
    let held = own.as_array().unwrap().iter().find(|row| row["kind"] == "COMMITTEE_MEETING").unwrap();
    assert_eq!((&held["requiredCount"], &held["heldCount"], &held["missingCount"]), (&json!(1), &json!(1), &json!(0)));
    // The wall.
    assert_eq!(secretary.reads_life(&committee, None).await.codes(), ["FORBIDDEN"]);
    let beside = appointed(town, Role::PartySecretary, &branch.beside_id, None).await;
    assert_eq!(beside.reads_life(&branch.id, None).await.codes(), ["NOT_FOUND"]);
    for who in ["admin", "dispatcher", "security", "party.admin"] {
        assert_eq!(town.staff(who).await.reads_life(&committee, None).await.codes(), ["NOT_FOUND"], "{who}");
    }
    assert_eq!(again(&branch.members[0]).await.reads_life(&branch.id, None).await.codes(), ["NOT_FOUND"]);
    assert_eq!(town.stranger().reads_life(&branch.id, None).await.codes(), ["UNAUTHENTICATED"]);
    let years = "query($id: ID!) { organizationLifeReport(organizationId: $id, from: \"2025-11-01\", to: \"2026-11-30\") { organizationCount } }";
    assert_eq!(above.says(years, &json!({ "id": committee })).await.codes(), ["BAD_REQUEST"]);
}
