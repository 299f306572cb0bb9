//! What the staff are told: orders, returns, work that comes back; never what they did themselves.

use serde_json::json;

use crate::support::case::{answer, complaint};
use crate::support::{Case, Crew, Person, Town, stories};

stories![
    a_unit_is_told_of_its_order,
    a_return_is_told_to_those_who_decide_and_then_to_those_who_asked,
    work_that_comes_back_is_told_to_who_does_it_again,
];

/// What somebody was told of a case, newest first; the staff of the demo town have been told of others before.
async fn kinds(person: &Person, town: &Town, case: &Case) -> Vec<(String, String)> {
    let text = |line: &serde_json::Value, name: &str| line[name].as_str().unwrap().to_owned();
    let inbox = person.inbox(town).await;
    let about = inbox.iter().filter(|line| line["subject"]["id"] == case.id);
    about.map(|line| (text(line, "kind"), text(line, "title"))).collect()
}

fn line(kind: &str, title: &str) -> (String, String) {
    (kind.to_owned(), title.to_owned())
}

async fn a_unit_is_told_of_its_order(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "DISPATCHED").await;
    let order = [line("REQUEST_ASSIGNED", "New order")];
    for member in ["property.leader", "property.handler"] {
        assert_eq!(kinds(&crew.who(member).await, town, &case).await, order, "{member}");
    }
    for other in ["lights.handler", "sanitation.leader", "dispatcher", "supervisor"] {
        assert_eq!(kinds(&crew.who(other).await, town, &case).await, [], "{other}");
    }
}

async fn a_return_is_told_to_those_who_decide_and_then_to_those_who_asked(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let elsewhere = town.official(entity::enums::Role::Dispatcher, "310112008-D4").await;
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "DISPATCHED").await;
    let (leader, dispatcher) = (crew.who("property.leader").await, crew.who("dispatcher").await);
    let case = leader.moves("requestReturn", &case, crew.return_to("lights").await).await;
    assert_eq!(kinds(&dispatcher, town, &case).await, [line("REQUEST_RETURN", "A return to decide")]);
    assert_eq!(kinds(&elsewhere, town, &case).await, [], "another grid is another's");
    dispatcher.moves("decideReturn", &case, json!({ "isGranted": false, "note": "属于" })).await;
    assert_eq!(kinds(&leader, town, &case).await[0], line("REQUEST_RETURN", "Return denied"));
    assert_eq!(kinds(&crew.who("property.handler").await, town, &case).await.len(), 1);
    assert_eq!(kinds(&dispatcher, town, &case).await.len(), 1, "nobody is told what he did himself");
    assert_eq!(ann.titles(town).await.len(), 2, "inner matters are not for reporters");
}

async fn work_that_comes_back_is_told_to_who_does_it_again(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "HANDLED").await;
    let bad = json!({ "isPassed": false, "note": "没修好" });
    let case = crew.who("dispatcher").await.moves("verifyServiceRequest", &case, bad).await;
    let (handler, leader) = (crew.who("property.handler").await, crew.who("property.leader").await);
    assert_eq!(kinds(&handler, town, &case).await[0], line("REQUEST_ASSIGNED", "To be done again"));
    let case = crew.handles(&handler, &case).await;
    let case = crew.who("dispatcher").await.moves("verifyServiceRequest", &case, json!({ "isPassed": true })).await;
    ann.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
    assert_eq!(kinds(&leader, town, &case).await[0], line("REQUEST_ASSIGNED", "To be taken up again"));
    assert_eq!(kinds(&handler, town, &case).await.len(), 2);
}
