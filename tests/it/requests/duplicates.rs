//! One matter reported many times: seen before it is sent, followed, merged; each reporter keeps his say.

use serde_json::{Value, json};

use crate::support::case::{PLACE, answer, at, complaint, new_key, street_light, texts, with};
use crate::support::{Answer, Case, Crew, Person, Town, stories};

stories![
    what_was_reported_nearby_is_shown_before_it_is_reported_again,
    what_is_private_is_not_shown_to_others,
    somebody_follows_and_follows_no_more,
    nobody_follows_the_own_case_or_a_hidden_one,
    many_who_follow_raise_it,
    a_bad_answer_of_one_of_them_opens_it_again,
    who_reported_sees_how_it_goes_on_and_nothing_else,
    nobody_takes_back_what_others_share,
    merging_does_not_tell_who_is_anonymous,
    what_is_not_alike_is_not_merged,
    of_two_who_merge_at_once_one_wins,
];

/// A place so many metres east of the middle.
fn east(metres: f64) -> Value {
    at((PLACE.0 + metres / 95_300.0, PLACE.1))
}

async fn similar(person: &Person, place: Value) -> Answer {
    let text = "query($place: GeoPointInput!) { similarServiceRequests(categoryCode: \"FACILITY.STREET_LIGHT\", place: \
                $place) { distanceMeters serviceRequest { caseNo viewerActions } } }";
    person.says(text, &json!({ "place": place })).await
}

async fn follows(person: &Person, verb: &str, case: &Case) -> Answer {
    let input = json!({ "id": case.id, "idempotencyKey": new_key() });
    let payload =
        "serviceRequest { id caseNo version state round isFollowed followerCount priority } userErrors { code }";
    person.does(verb, &input, payload).await
}

async fn what_was_reported_nearby_is_shown_before_it_is_reported_again(town: &Town) {
    let (ann, ben, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let near = ann.reports(&with(street_light(), json!({ "place": east(40.0) }))).await;
    let far = ann.reports(&with(street_light(), json!({ "place": east(300.0) }))).await;
    let other = ann.reports(&with(complaint(), json!({ "place": east(10.0) }))).await;
    for case in [&near, &far, &other] {
        crew.takes(case, "lights", "ACCEPTED").await;
    }
    let found = similar(&ben, at(PLACE)).await;
    let found = found.list("/similarServiceRequests");
    let expected = json!([{ "distanceMeters": 40, "serviceRequest": { "caseNo": near.no, "viewerActions": ["FOLLOW", "REPORT_CONTENT"] } }]);
    assert_eq!(json!(found), expected);
    town.stranger().asks("{ viewer { user { id } } }").await;
    similar(&town.stranger(), at(PLACE)).await.is_refused("UNAUTHENTICATED");
}

async fn what_is_private_is_not_shown_to_others(town: &Town) {
    let (ann, ben, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let case = ann.reports(&with(street_light(), json!({ "visibility": "PRIVATE" }))).await;
    crew.takes(&case, "lights", "ACCEPTED").await;
    assert!(similar(&ben, at(PLACE)).await.list("/similarServiceRequests").is_empty());
    assert_eq!(similar(&ann, at(PLACE)).await.list("/similarServiceRequests").len(), 1, "the own one");
    let staff = similar(&crew.who("dispatcher").await, at(PLACE)).await;
    assert_eq!(staff.list("/similarServiceRequests").len(), 1, "the staff of the area");
}

async fn public_light(town: &Town, crew: &Crew<'_>) -> (Person, Case) {
    let ann = town.resident().await;
    let case = ann.reports(&street_light()).await;
    (ann, crew.takes(&case, "lights", "FILED").await)
}

async fn somebody_follows_and_follows_no_more(town: &Town) {
    let (crew, ben) = (Crew::of(town), town.resident().await);
    let (_, case) = public_light(town, &crew).await;
    let done = follows(&ben, "followServiceRequest", &case).await;
    done.is_done();
    let shown = done.get("/followServiceRequest/serviceRequest");
    assert_eq!((&shown["isFollowed"], &shown["followerCount"]), (&json!(true), &json!(1)));
    assert_eq!(shown["version"], case.version, "it is nobody's step");
    follows(&ben, "followServiceRequest", &case).await.is_refused("INVALID_TRANSITION");
    let list = ben.asks("{ followedServiceRequests(first: 5) { nodes { caseNo viewerActions } } }").await;
    let expected = json!([{ "caseNo": case.no, "viewerActions": ["UNFOLLOW", "REPORT_CONTENT"] }]);
    assert_eq!(*list.get("/followedServiceRequests/nodes"), expected);
    follows(&ben, "unfollowServiceRequest", &case).await.is_done();
    follows(&ben, "unfollowServiceRequest", &case).await.is_refused("FORBIDDEN");
    let list = ben.asks("{ followedServiceRequests(first: 5) { nodes { caseNo } } }").await;
    assert!(list.list("/followedServiceRequests/nodes").is_empty());
}

async fn nobody_follows_the_own_case_or_a_hidden_one(town: &Town) {
    let (crew, ben) = (Crew::of(town), town.resident().await);
    let (ann, case) = public_light(town, &crew).await;
    follows(&ann, "followServiceRequest", &case).await.is_refused("FORBIDDEN");
    let hidden = ann.reports(&street_light()).await;
    follows(&ben, "followServiceRequest", &hidden).await.is_refused("NOT_FOUND");
}

async fn many_who_follow_raise_it(town: &Town) {
    let crew = Crew::of(town);
    let (_, case) = public_light(town, &crew).await;
    let mut last = Value::Null;
    for _ in 0..4 {
        let done = follows(&town.resident().await, "followServiceRequest", &case).await;
        done.is_done();
        last = done.get("/followServiceRequest/serviceRequest").clone();
    }
    // With the reporter, five.
    assert_eq!((&last["priority"], &last["followerCount"]), (&json!("HIGH"), &json!(4)));
    let seen = crew.who("dispatcher").await.sees(&case, "priority timeline { kind }").await;
    assert_eq!(texts(&seen["timeline"], "/kind").last().unwrap(), "request.raised");
}

async fn merges(dispatcher: &Person, case: &Case, into: &Case) -> Answer {
    dispatcher
        .tries("mergeServiceRequest", case, json!({ "intoId": into.id, "intoExpectedVersion": into.version }))
        .await
}

/// A public light that the lamp people work on, and one who reported it too.
async fn shared(town: &Town, crew: &Crew<'_>) -> (Person, Case, Person, Case) {
    let (ann, light) = public_light(town, crew).await;
    let ben = town.resident().await;
    let case = ben.reports(&street_light()).await;
    let dispatcher = crew.who("dispatcher").await;
    merges(&dispatcher, &case, &light).await.is_done();
    (ann, dispatcher.looks_at(&light).await, ben, case)
}

async fn a_bad_answer_of_one_of_them_opens_it_again(town: &Town) {
    let crew = Crew::of(town);
    let (ann, light, ben, case) = shared(town, &crew).await;
    let light = crew.takes(&light, "lights", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &light, answer("YES", 5)).await;
    let case = ben.looks_at(&case).await;
    ben.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
    let light = ann.looks_at(&light).await;
    assert_eq!((light.state.as_str(), light.round), ("IN_PROGRESS", 2));
    let light = crew.takes(&light, "lights", "VERIFIED").await;
    let case = ben.looks_at(&case).await;
    ben.moves("surveyServiceRequest", &case, answer("YES", 4)).await;
    let light = ann.looks_at(&light).await;
    assert_eq!(ann.moves("surveyServiceRequest", &light, answer("YES", 5)).await.state, "CLOSED");
}

async fn who_reported_sees_how_it_goes_on_and_nothing_else(town: &Town) {
    let crew = Crew::of(town);
    let ann = town.resident().await;
    let with_photo = json!({ "visibility": "PRIVATE", "attachmentIds": [ann.photo().await] });
    let private = ann.reports(&with(street_light(), with_photo)).await;
    let private = crew.takes(&private, "lights", "FILED").await;
    let ben = town.resident().await;
    let case = ben.reports(&street_light()).await;
    merges(&crew.who("dispatcher").await, &case, &private).await.is_done();
    let fields =
        "mergedInto { caseNo description address reporter { id } attachments { id } contactPhone publicStatus }";
    let seen = ben.sees(&case, fields).await;
    let expected = json!({
        "caseNo": private.no, "description": "", "address": null, "reporter": null, "attachments": [],
        "contactPhone": null, "publicStatus": "ACCEPTED",
    });
    assert_eq!(seen["mergedInto"], expected);
    let stranger = town.resident().await;
    assert_eq!(stranger.sees(&private, "caseNo").await, Value::Null);
    assert_eq!(ann.sees(&private, "mergedCount mergedRequests { caseNo }").await["mergedRequests"], Value::Null);
}

/// What others were merged into is not taken away from them.
async fn nobody_takes_back_what_others_share(town: &Town) {
    let crew = Crew::of(town);
    let (ann, ben) = (town.resident().await, town.resident().await);
    let light = ann.reports(&street_light()).await;
    let case = ben.reports(&street_light()).await;
    let dispatcher = crew.who("dispatcher").await;
    merges(&dispatcher, &case, &light).await.is_done();
    let light = ann.looks_at(&light).await;
    ann.tries("withdrawServiceRequest", &light, json!({})).await.is_refused("INVALID_TRANSITION");
    let no = json!({ "reason": "LITIGATION", "explanation": "请等待判决" });
    dispatcher.tries("rejectServiceRequest", &light, no).await.is_refused("INVALID_TRANSITION");
    let kinds = "timeline { kind actor { id } }";
    let light = crew.takes(&light, "lights", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &light, answer("YES", 5)).await;
    let case = ben.looks_at(&case).await;
    ben.moves("surveyServiceRequest", &case, answer("YES", 5)).await;
    let last = ann.sees(&light, kinds).await["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last, json!({ "kind": "request.closed", "actor": null }), "who else answered is not told");
}

/// Who reports without a name is not found out by trying to merge.
async fn merging_does_not_tell_who_is_anonymous(town: &Town) {
    let crew = Crew::of(town);
    let ann = town.resident().await;
    let known = ann.reports(&complaint()).await;
    let far = json!({ "isAnonymous": true, "place": east(400.0) });
    let anonymous = ann.reports(&with(street_light(), far)).await;
    merges(&crew.who("dispatcher").await, &anonymous, &known).await.is_refused("INVALID").at("intoId");
}

async fn what_is_not_alike_is_not_merged(town: &Town) {
    let crew = Crew::of(town);
    let dispatcher = crew.who("dispatcher").await;
    let (ann, light) = public_light(town, &crew).await;
    let ben = town.resident().await;
    let far = ben.reports(&with(street_light(), json!({ "place": east(300.0) }))).await;
    merges(&dispatcher, &far, &light).await.is_refused("INVALID").at("intoId");
    let unlike = ben.reports(&complaint()).await;
    merges(&dispatcher, &unlike, &light).await.is_refused("INVALID").at("intoId");
    merges(&dispatcher, &light, &light).await.is_refused("INVALID").at("intoId");
    let of_ann = ann.reports(&with(complaint(), json!({ "place": east(300.0) }))).await;
    merges(&dispatcher, &of_ann, &light).await.is_done();
    let light = dispatcher.looks_at(&light).await;
    let of_ann = dispatcher.looks_at(&of_ann).await;
    let third = ann.reports(&street_light()).await;
    // Neither a ring nor a second step.
    merges(&dispatcher, &light, &of_ann).await.is_refused("INVALID");
    merges(&dispatcher, &light, &third).await.is_refused("INVALID").at("id");
    merges(&dispatcher, &third, &of_ann).await.is_refused("INVALID").at("intoId");
    for who in ["chief", "supervisor", "callback"] {
        merges(&crew.who(who).await, &third, &light).await.is_refused("FORBIDDEN");
    }
}

async fn of_two_who_merge_at_once_one_wins(town: &Town) {
    let crew = Crew::of(town);
    let dispatcher = crew.who("dispatcher").await;
    let (ann, ben) = (town.resident().await, town.resident().await);
    let (one, other) = (ann.reports(&street_light()).await, ben.reports(&street_light()).await);
    let both = futures_util::future::join(merges(&dispatcher, &one, &other), merges(&dispatcher, &other, &one)).await;
    let won = [&both.0, &both.1].into_iter().filter(|answer| answer.codes().is_empty()).count();
    assert_eq!(won, 1, "{both:?}");
}
