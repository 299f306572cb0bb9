//! Two who act on the same case: one wins, the other is shown what holds now.

use entity::enums::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::case::{complaint, street_light};
use crate::support::{Case, Crew, Town, stories};

stories![
    a_stale_version_is_told_what_holds_now,
    a_version_is_asked_before_the_state,
    of_fifty_who_accept_at_once_one_wins,
    different_steps_at_once_do_not_mix,
    of_twelve_reports_at_once_five_come_in,
];

async fn a_stale_version_is_told_what_holds_now(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let now = ann.moves("supplementServiceRequest", &case, json!({ "text": "还有一盏" })).await;
    let answer = crew.who("dispatcher").await.tries("acceptServiceRequest", &case, json!({})).await;
    answer.is_refused("CONFLICT");
    assert_eq!(Case::shown(&answer), now);
}

async fn a_version_is_asked_before_the_state(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    crew.takes(&case, "lights", "FILED").await;
    crew.who("dispatcher").await.tries("acceptServiceRequest", &case, json!({})).await.is_refused("CONFLICT");
}

async fn of_fifty_who_accept_at_once_one_wins(town: &Town) {
    let dispatchers = join_all((0..50).map(|_| town.official(Role::Dispatcher, "310112008"))).await;
    let case = town.resident().await.reports(&street_light()).await;
    let tries = dispatchers.iter().map(|dispatcher| dispatcher.tries("acceptServiceRequest", &case, json!({})));
    let answers = join_all(tries).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.codes().is_empty());
    assert_eq!((won.len(), lost.len()), (1, 49));
    let accepted = Case::of(won[0]);
    for answer in lost {
        answer.is_refused("CONFLICT");
        assert_eq!(Case::shown(answer), accepted);
    }
    let facts = "SELECT count(*) AS n FROM fact f JOIN service_request r ON r.id = f.subject_id WHERE r.case_no = ";
    assert_eq!(town.number(&format!("{facts}'{}'", case.no)).await, 2, "submitted and accepted");
}

async fn different_steps_at_once_do_not_mix(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let dispatcher = crew.who("dispatcher").await;
    let no = json!({ "reason": "LITIGATION", "explanation": "正在法院审理" });
    let steps: [(&_, &str, Value); 3] = [
        (&dispatcher, "acceptServiceRequest", json!({})),
        (&dispatcher, "rejectServiceRequest", no),
        (&ann, "withdrawServiceRequest", json!({})),
    ];
    let tries = steps.into_iter().map(|(who, verb, more)| {
        let case = &case;
        async move { who.tries(verb, case, more).await }
    });
    let answers = join_all(tries).await;
    let won = answers.iter().filter(|answer| answer.codes().is_empty()).count();
    assert_eq!(won, 1, "{answers:?}");
    let now = ann.looks_at(&case).await;
    assert_eq!(now.version, 2);
}

async fn of_twelve_reports_at_once_five_come_in(town: &Town) {
    let ann = town.resident().await;
    let lights: Vec<Value> = (0..12).map(|_| street_light()).collect();
    let answers = join_all(lights.iter().map(|light| ann.tries_to_report(light))).await;
    let (came_in, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.codes().is_empty());
    assert_eq!((came_in.len(), refused.len()), (5, 7));
    for answer in refused {
        answer.is_refused("LIMIT_EXCEEDED");
    }
}
