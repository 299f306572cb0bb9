//! The survey: a good answer closes, a bad one opens again, the third bad one closes as a hard case.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::case::{answer, complaint, street_light};
use crate::support::{Case, Crew, Town, stories};

stories![
    a_bad_answer_brings_it_back_to_the_leader,
    a_bad_answer_about_a_city_object_is_called_back_about,
    a_third_bad_answer_closes_it_as_hard,
    a_bad_answer_says_why,
    an_agent_writes_down_the_answer_given_on_the_phone,
    nobody_else_answers_the_survey,
    the_survey_is_answered_once,
    after_seven_days_the_survey_is_over,
];

/// A complaint whose work was found good.
async fn verified(town: &Town) -> (crate::support::Person, Crew<'_>, Case) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let case = crew.takes(&case, "property", "VERIFIED").await;
    (ann, crew, case)
}

async fn a_bad_answer_brings_it_back_to_the_leader(town: &Town) {
    let (ann, crew, case) = verified(town).await;
    let case = ann.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
    assert_eq!((case.state.as_str(), case.round), ("IN_PROGRESS", 2));
    let leader = crew.who("property.leader").await;
    let seen = leader.sees(&case, "handler { id } dueAt contactedAt").await;
    assert_eq!(seen["handler"]["id"].as_str().map(str::to_owned), leader.id().await);
    assert_eq!(seen["dueAt"], "2026-11-26T09:30:00+00:00", "three working days after Monday");
    assert!(seen["contactedAt"].is_null(), "the reporter is owed a call again");
    crew.who("property.handler")
        .await
        .tries("submitHandling", &case, crate::support::case::done(&[]))
        .await
        .is_refused("FORBIDDEN");
}

async fn a_bad_answer_about_a_city_object_is_called_back_about(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&crate::support::case::street_light()).await;
    let case = crew.takes(&case, "lights", "VERIFIED").await;
    let case = ann.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
    let leader = crew.who("lights.leader").await;
    let photo = leader.photo().await;
    let again = crate::support::case::done(&[photo]);
    leader.tries("submitHandling", &case, again).await.is_refused("CONTACT_REQUIRED");
    assert_eq!(crew.takes(&case, "lights", "VERIFIED").await.round, 2);
}

async fn a_third_bad_answer_closes_it_as_hard(town: &Town) {
    let (ann, crew, mut case) = verified(town).await;
    for round in 2..=3 {
        case = ann.moves("surveyServiceRequest", &case, answer("NO", 2)).await;
        assert_eq!((case.state.as_str(), case.round), ("IN_PROGRESS", round));
        case = crew.takes(&case, "property", "VERIFIED").await;
    }
    let case = ann.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
    let seen = crew.who("supervisor").await.sees(&case, "state isHard surveys { round }").await;
    assert_eq!(
        seen,
        json!({ "state": "CLOSED", "isHard": true, "surveys": [{ "round": 1 }, { "round": 2 }, { "round": 3 }] })
    );
}

async fn a_bad_answer_says_why(town: &Town) {
    let (ann, _, case) = verified(town).await;
    for (solved, satisfaction) in [("NO", 4), ("YES", 2)] {
        let wordless = json!({ "solved": solved, "satisfaction": satisfaction });
        ann.tries("surveyServiceRequest", &case, wordless).await.is_refused("REQUIRED").at("comment");
    }
}

async fn an_agent_writes_down_the_answer_given_on_the_phone(town: &Town) {
    let (ann, crew, case) = verified(town).await;
    let case = crew.who("callback").await.moves("recordCallback", &case, answer("PARTLY", 3)).await;
    let seen = ann.sees(&case, "state surveys { isByAgent solved satisfaction }").await;
    let survey = json!({ "isByAgent": true, "solved": "PARTLY", "satisfaction": 3 });
    assert_eq!(seen, json!({ "state": "CLOSED", "surveys": [survey] }));
}

async fn nobody_else_answers_the_survey(town: &Town) {
    let (_, crew, case) = verified(town).await;
    for who in ["dispatcher", "property.handler", "callback"] {
        crew.who(who).await.tries("surveyServiceRequest", &case, answer("YES", 5)).await.is_refused("FORBIDDEN");
    }
}

async fn the_survey_is_answered_once(town: &Town) {
    let (ann, _, case) = verified(town).await;
    let case = ann.moves("surveyServiceRequest", &case, answer("YES", 5)).await;
    ann.tries("surveyServiceRequest", &case, answer("NO", 1)).await.is_refused("INVALID_TRANSITION");
}

async fn after_seven_days_the_survey_is_over(town: &Town) {
    let (mut ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let case = crew.takes(&case, "lights", "VERIFIED").await;
    town.later(TimeDelta::days(8));
    ann.refreshes().await;
    ann.tries("surveyServiceRequest", &case, answer("YES", 5)).await.is_refused("DEADLINE_PASSED");
}
