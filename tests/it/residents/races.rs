//! Two at once: one wins, the other is shown what holds now.

use futures_util::future::{join, join_all};
use serde_json::json;

use super::{HERE, Thing, clerk, flat};
use crate::support::case::{complaint, with};
use crate::support::{Town, stories};

stories![
    of_two_who_verify_at_once_one_wins,
    of_ten_applications_at_once_three_come_in,
    a_proxy_is_accepted_or_ended_but_not_both,
];

async fn of_two_who_verify_at_once_one_wins(town: &Town) {
    let clerks = join_all((0..2).map(|_| clerk(town))).await;
    let applied = town.resident().await.applies(&flat(HERE)).await;
    let answers = join_all(clerks.iter().map(|clerk| clerk.attempts_on("verifyResidence", &applied, json!({})))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.codes().is_empty());
    assert_eq!((won.len(), lost.len()), (1, 1));
    lost[0].is_refused("CONFLICT");
    assert_eq!(Thing::shown(lost[0]).state, "VERIFIED", "what holds now");
    assert_eq!(town.number("SELECT count(*) AS n FROM fact WHERE kind = 'residence.verified'").await, 1);
}

async fn of_ten_applications_at_once_three_come_in(town: &Town) {
    let ann = town.resident().await;
    let flats = (0..10).map(|room| with(flat(HERE), json!({ "room": format!("{room}01室") })));
    let flats: Vec<_> = flats.collect();
    let answers = join_all(flats.iter().map(|flat| ann.attempts("applyForResidence", flat))).await;
    let came_in = answers.iter().filter(|answer| answer.codes().is_empty()).count();
    assert_eq!(came_in, 3);
    assert!(answers.iter().all(|answer| answer.codes().is_empty() || answer.codes() == ["LIMIT_EXCEEDED"]));
}

async fn a_proxy_is_accepted_or_ended_but_not_both(town: &Town) {
    let (ann, agent) = (town.resident().await, town.resident().await);
    let case = ann.reports(&complaint()).await;
    let invited = Thing::of(&ann.grants(town, &[&case], &agent, json!({})).await);
    let (accepts, ends) =
        (agent.attempts_on("acceptProxy", &invited, json!({})), ann.attempts_on("endProxy", &invited, json!({})));
    let answers: [_; 2] = join(accepts, ends).await.into();
    match answers.each_ref().map(|answer| answer.codes().is_empty()) {
        [true, false] => answers[1].is_refused("CONFLICT"),
        // An invitation that was taken back is none of the agent's business.
        [false, true] => {
            answers[0].is_refused(if answers[0].codes() == ["CONFLICT"] { "CONFLICT" } else { "NOT_FOUND" })
        }
        both => panic!("{both:?}"),
    };
}
