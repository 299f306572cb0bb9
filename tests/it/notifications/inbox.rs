//! A reporter's inbox: there at once, the person's alone.

use serde_json::{Value, json};

use super::LINE;
use crate::residents::represented;
use crate::support::case::{answer, complaint, new_key, with};
use crate::support::{Crew, Town, stories};

stories![
    a_reporter_sees_that_a_request_was_accepted,
    it_is_said_in_the_readers_language,
    reading_brings_the_count_down,
    reading_up_to_a_line_leaves_what_came_later,
    nobody_reads_anothers_inbox,
    a_reporter_hears_how_it_goes_on_to_the_end,
    who_acts_for_the_reporter_is_told_as_long_as_that_lasts,
    an_inbox_is_paged,
];

async fn a_reporter_sees_that_a_request_was_accepted(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    assert!(ann.inbox(town).await.is_empty(), "what one does oneself is no news");
    crew.takes(&case, "property", "ACCEPTED").await;
    let inbox = ann.inbox(town).await;
    assert_eq!(inbox.len(), 1);
    let line = &inbox[0];
    assert_eq!((&line["kind"], &line["level"]), (&json!("REQUEST_STATUS"), &json!("NORMAL")));
    assert_eq!(line["title"], "Request accepted");
    let body = line["body"].as_str().unwrap();
    assert!(body.contains(&case.no) && body.contains("23 Nov, 09:00"), "{body}");
    assert_eq!((&line["subject"]["id"], &line["readAt"]), (&json!(case.id), &Value::Null));
    let text = format!("query($id: ID!) {{ node(id: $id) {{ ... on Notification {{ {LINE} }} }} }}");
    assert_eq!(ann.says(&text, &json!({ "id": line["id"] })).await.get("/node"), line);
}

async fn it_is_said_in_the_readers_language(town: &Town) {
    let (mut ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let no = json!({ "reason": "LITIGATION", "explanation": "请等待判决" });
    crew.who("dispatcher").await.moves("rejectServiceRequest", &case, no).await;
    let english = ann.inbox(town).await.remove(0);
    assert_eq!(english["title"], "Request not accepted");
    ann.language = "zh-CN";
    let chinese = ann.inbox(town).await.remove(0);
    assert_eq!(chinese["title"], "诉求不予受理");
    let body = chinese["body"].as_str().unwrap();
    assert!(body.contains("11月23日 09:00") && body.ends_with("原因：涉诉涉法。"), "{body}");
    assert!(!body.contains("请等待判决"), "words of people stay in the request: {body}");
}

async fn reading_brings_the_count_down(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    crew.takes(&ann.reports(&complaint()).await, "property", "DISPATCHED").await;
    let inbox = ann.inbox(town).await;
    assert_eq!((inbox.len(), ann.unread().await), (2, 2));
    let input = json!({ "ids": [inbox[0]["id"]], "idempotencyKey": new_key() });
    let shown = "unreadNotificationCount isReplay userErrors { code }";
    for is_replay in [false, true] {
        let read = ann.does("markNotificationsRead", &input, shown).await;
        assert_eq!(*read.get("/markNotificationsRead/unreadNotificationCount"), json!(1));
        assert_eq!(*read.get("/markNotificationsRead/isReplay"), json!(is_replay));
    }
    let at = ann.inbox(town).await[0]["readAt"].clone();
    town.later(chrono::TimeDelta::seconds(1));
    ann.reads(json!({ "ids": [inbox[0]["id"], inbox[1]["id"]] })).await.is_done();
    let inbox = ann.inbox(town).await;
    assert_eq!((ann.unread().await, &inbox[0]["readAt"]), (0, &at), "it was read when it was read first");
    let unread = ann.asks("{ myNotifications(unreadOnly: true) { nodes { id } } }").await;
    assert!(unread.list("/myNotifications/nodes").is_empty());
    ann.reads(json!({})).await.is_refused("REQUIRED");
}

async fn reading_up_to_a_line_leaves_what_came_later(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "DISPATCHED").await;
    let seen = ann.inbox(town).await;
    town.later(chrono::TimeDelta::seconds(1));
    crew.takes(&case, "property", "HANDLED").await;
    let inbox = ann.inbox(town).await;
    assert_eq!(inbox.len(), 3);
    ann.reads(json!({ "upTo": seen[0]["id"] })).await.is_done();
    let unread: Vec<bool> = ann.inbox(town).await.iter().map(|line| line["readAt"].is_null()).collect();
    assert_eq!(unread, [true, false, false]);
}

async fn nobody_reads_anothers_inbox(town: &Town) {
    let (ann, bob, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    crew.takes(&ann.reports(&complaint()).await, "property", "DISPATCHED").await;
    let inbox = ann.inbox(town).await;
    let line = inbox[0]["id"].clone();
    let text = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }";
    for other in [bob, crew.who("dispatcher").await, crew.who("admin").await, town.stranger()] {
        let found = other.says(text, &json!({ "id": line })).await;
        assert_eq!((found.get("/node"), found.get("/nodes/0")), (&Value::Null, &Value::Null));
    }
    for other in [town.resident().await, crew.who("dispatcher").await] {
        assert_eq!((other.titles(town).await.len(), other.unread().await), (0, 0));
        other.reads(json!({ "ids": [line] })).await.is_refused("NOT_FOUND");
        other.reads(json!({ "upTo": line })).await.is_refused("NOT_FOUND");
    }
    for query in ["myNotifications { nodes { id } }", "unreadNotificationCount", "changesSince { nextCursor }"] {
        town.stranger().asks(&format!("{{ {query} }}")).await.is_refused("UNAUTHENTICATED");
    }
    assert_eq!(ann.unread().await, 2);
}

async fn a_reporter_hears_how_it_goes_on_to_the_end(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
    let titles = ann.titles(town).await;
    let told =
        ["Request taken up again", "How did it go?", "Request handled", "Request sent to a unit", "Request accepted"];
    assert_eq!(titles, told);
    let case = crew.takes(&ann.looks_at(&case).await, "property", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &case, answer("YES", 5)).await;
    assert_eq!(ann.titles(town).await[0], "Request closed");
}

async fn who_acts_for_the_reporter_is_told_as_long_as_that_lasts(town: &Town) {
    let crew = Crew::of(town);
    let (ann, agent, case, proxy) = represented(town, json!({})).await;
    let case = crew.takes(&case, "property", "ACCEPTED").await;
    assert_eq!(agent.titles(town).await, ["Request accepted"]);
    assert_eq!(agent.inbox(town).await[0]["subject"]["id"], case.id);
    ann.decides("endProxy", &proxy, json!({})).await;
    crew.takes(&case, "property", "DISPATCHED").await;
    let inbox = agent.inbox(town).await;
    assert_eq!((inbox.len(), &inbox[0]["subject"]), (1, &Value::Null), "what is hidden now is not shown");
    assert_eq!(ann.titles(town).await.len(), 2);
}

async fn an_inbox_is_paged(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(complaint(), json!({}))).await;
    let case = crew.takes(&case, "property", "DISPATCHED").await;
    town.later(chrono::TimeDelta::seconds(1));
    crew.takes(&case, "property", "VERIFIED").await;
    let all = ann.inbox(town).await;
    assert_eq!(all.len(), 4);
    let (mut paged, mut after) = (Vec::new(), String::new());
    loop {
        let text = format!(
            "{{ myNotifications(first: 1{after}) {{ nodes {{ {LINE} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let page = ann.asks(&text).await;
        paged.extend(page.list("/myNotifications/nodes"));
        if page.get("/myNotifications/pageInfo/hasNextPage") == &json!(false) {
            break;
        }
        after = format!(", after: {}", page.get("/myNotifications/pageInfo/endCursor"));
    }
    assert_eq!(paged, all);
}
