//! Returns (退单): asked for with care, decided by others, and no clock stops meanwhile.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::complaint;
use crate::support::{Case, Crew, Person, Town, stories};

stories![
    a_granted_return_frees_the_unit_and_the_next_one_gets_it,
    what_is_disputed_twice_is_for_the_chief,
    only_the_leader_asks,
    after_one_working_day_it_is_too_late,
    the_reporter_does_not_see_returns,
];

/// A complaint dispatched to the property company, and that unit's leader.
async fn dispatched(town: &Town) -> (Crew<'_>, Person, Case) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let case = crew.takes(&case, "property", "DISPATCHED").await;
    let leader = crew.who("property.leader").await;
    (crew, leader, case)
}

async fn a_granted_return_frees_the_unit_and_the_next_one_gets_it(town: &Town) {
    let (crew, leader, case) = dispatched(town).await;
    let promised = leader.sees(&case, "promisedAt").await;
    let suggested = crew.unit_id("sanitation").await;
    let case = leader.moves("requestReturn", &case, crew.return_to("sanitation").await).await;
    let dispatcher = crew.who("dispatcher").await;
    let seen = dispatcher.sees(&case, "state returns { decision suggestedUnit { id } }").await;
    let asked = json!([{ "decision": "PENDING", "suggestedUnit": { "id": suggested } }]);
    assert_eq!(seen, json!({ "state": "RETURN_PENDING", "returns": asked }));
    let case = dispatcher.moves("decideReturn", &case, json!({ "isGranted": true })).await;
    assert_eq!(case.state, "FILED");
    assert_eq!(leader.sees(&case, "assignments { state }").await["assignments"], Value::Null, "no longer its matter");
    // Orders stand in the order of their times.
    town.later(TimeDelta::seconds(1));
    let case = crew.takes(&case, "sanitation", "IN_PROGRESS").await;
    let seen = dispatcher.sees(&case, "promisedAt leadUnit { id } assignments { state }").await;
    assert_eq!(seen["promisedAt"], promised["promisedAt"], "what the citizen was promised stays");
    assert_eq!(seen["leadUnit"]["id"], suggested);
    assert_eq!(seen["assignments"], json!([{ "state": "RETURNED" }, { "state": "SIGNED" }]));
}

async fn what_is_disputed_twice_is_for_the_chief(town: &Town) {
    let (crew, leader, case) = dispatched(town).await;
    let case = leader.moves("requestReturn", &case, crew.return_to("sanitation").await).await;
    let dispatcher = crew.who("dispatcher").await;
    let yes = json!({ "isGranted": true });
    let case = dispatcher.moves("decideReturn", &case, yes.clone()).await;
    let case = crew.takes(&case, "sanitation", "DISPATCHED").await;
    let case = crew.who("sanitation.leader").await.moves("requestReturn", &case, crew.return_to("lights").await).await;
    dispatcher.tries("decideReturn", &case, yes.clone()).await.is_refused("FORBIDDEN");
    assert_eq!(crew.who("chief").await.moves("decideReturn", &case, yes).await.state, "FILED");
}

async fn only_the_leader_asks(town: &Town) {
    let (crew, _, case) = dispatched(town).await;
    for who in ["property.handler", "sanitation.leader", "dispatcher"] {
        let answer = crew.who(who).await.tries("requestReturn", &case, crew.return_to("sanitation").await).await;
        // The case is public by now, so a unit that has no part in it may know of it.
        answer.is_refused("FORBIDDEN");
    }
}

async fn after_one_working_day_it_is_too_late(town: &Town) {
    let (crew, _, case) = dispatched(town).await;
    town.later(TimeDelta::days(2));
    let leader = town.staff("property.leader").await;
    leader.tries("requestReturn", &case, crew.return_to("sanitation").await).await.is_refused("DEADLINE_PASSED");
}

async fn the_reporter_does_not_see_returns(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let case = crew.takes(&case, "property", "DISPATCHED").await;
    let case =
        crew.who("property.leader").await.moves("requestReturn", &case, crew.return_to("sanitation").await).await;
    let own = ann.sees(&case, "returns { reason } timeline { kind } publicStatus").await;
    assert_eq!((&own["returns"], &own["publicStatus"]), (&Value::Null, &json!("HANDLING")));
    assert!(!own["timeline"].to_string().contains("return"), "{own}");
}
