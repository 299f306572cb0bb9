//! Cases on their way.

use entity::enums::{Priority, ReturnDecision, ServiceRequestState as S};
use futures_util::future::join_all;

use super::*;
use crate::Action;

#[tokio::test]
async fn a_street_light_is_reported_repaired_and_closed() {
    let house = House::open().await;
    let photo = house.photo(&house.ann).await;
    let raw = RawSubmit { photos: vec![photo], ..house.street_light() };
    let case = house.submits(&house.ann, raw).await.unwrap();
    assert_eq!(case.row.case_no, "XH20261123000001");
    assert_eq!((case.row.sla_code.as_str(), case.row.is_city_object), ("CITY_REPAIR", true));
    house.replays(&case).await;
    let case = house.dispatched(&case).await;
    let tomorrow_evening = "2026-11-24T09:30:00Z".parse().ok();
    assert_eq!(case.row.contact_due_at, tomorrow_evening, "who reports a component is called as well");
    assert!(case.row.is_listed);
    let case = house.signed(&case).await;
    let case = house.contacted(&case, &house.handler, ContactOutcome::Reached).await;
    assert_eq!(codes(house.handled(&case, &house.handler, Vec::new()).await), [UserErrorCode::PhotoRequired]);
    let photo = house.photo(&house.handler).await;
    let case = house.handled(&case, &house.handler, vec![photo]).await.unwrap();
    house.replays(&case).await;
    let case = house.verified(&case, &house.inspector, true).await.unwrap();
    let case = house.answered(&case, Solved::Yes, 5).await.unwrap();
    assert_eq!((case.row.state, case.row.queue, case.row.version), (S::Closed, None, 9));
    assert_eq!(crate::viewer_actions(&house.town, &house.ann, &case, house.now()).unwrap(), [crate::Action::Reopen]);
    house.replays(&case).await;
}

#[tokio::test]
async fn a_complaint_waits_for_its_first_contact() {
    let house = House::open().await;
    let case = house.complaint().await;
    let case = house.dispatched(&case).await;
    let case = house.signed(&case).await;
    assert_eq!(codes(house.handled(&case, &house.handler, Vec::new()).await), [UserErrorCode::ContactRequired]);
    let mut case = case;
    for _ in 0..3 {
        case = house.contacted(&case, &house.handler, ContactOutcome::NoAnswer).await;
    }
    assert_eq!(case.row.contacted_at, None, "three calls in one half-day do not count");
    house.replays(&case).await;
    house.goes_by(4 * 60);
    let case = house.contacted(&case, &house.handler, ContactOutcome::NoAnswer).await;
    assert_eq!(case.row.contacted_at, Some(house.now()));
    house.replays(&case).await;
    let case = house.handled(&case, &house.handler, Vec::new()).await.unwrap();
    let refused = house.verified(&case, &house.inspector, true).await;
    assert!(matches!(refused, Err(Error::Forbidden)), "people's matters are verified by a dispatcher");
    let case = house.verified(&case, &house.dispatcher, false).await.unwrap();
    assert_eq!((case.row.state, case.row.round, case.row.handler_id), (S::InProgress, 2, house.handler.account()));
    house.replays(&case).await;
}

#[tokio::test]
async fn a_bad_answer_opens_it_twice_and_then_closes_it_as_hard() {
    let house = House::open().await;
    let case = house.complaint().await;
    let mut case = house.signed(&house.dispatched(&case).await).await;
    for round in 1..=3 {
        let worker = if round == 1 { &house.handler } else { &house.leader };
        case = house.contacted(&case, worker, ContactOutcome::Reached).await;
        case = house.handled(&case, worker, Vec::new()).await.unwrap();
        case = house.verified(&case, &house.dispatcher, true).await.unwrap();
        let raw =
            RawSurvey { on: on(&case), solved: Solved::Yes, satisfaction: Some(2), comment: Some("太慢".to_owned()) };
        case = act!(house, &house.agent, crate::record_callback, raw.parse().unwrap()).unwrap();
        house.replays(&case).await;
        if round < 3 {
            assert_eq!((case.row.state, case.row.handler_id), (S::InProgress, house.leader.account()));
            assert_eq!(case.row.contacted_at, None);
        }
    }
    assert_eq!((case.row.state, case.row.is_hard, case.row.round), (S::Closed, true, 3));
    let surveys = crate::surveys(&house.base, &[case.row.id]).await.unwrap();
    assert_eq!(surveys[&case.row.id].len(), 3);
}

#[tokio::test]
async fn a_denied_return_goes_back_where_it_was_and_is_not_asked_again() {
    let house = House::open().await;
    let case = house.dispatched(&house.complaint().await).await;
    let case = house.asks_return(&house.leader, &case).await.unwrap();
    house.replays(&case).await;
    let case = house.decides(&house.dispatcher, &case, false).await.unwrap();
    assert_eq!(case.row.state, S::Dispatched);
    assert_eq!(codes(house.asks_return(&house.leader, &case).await), [UserErrorCode::ReturnUsed]);
    let case = house.signed(&case).await;
    house.replays(&case).await;
    let returns = crate::returns(&house.base, &[case.row.id]).await.unwrap();
    assert_eq!(returns[&case.row.id][0].decision, ReturnDecision::Denied);
}

#[tokio::test]
async fn a_granted_return_frees_the_unit_and_keeps_the_promise() {
    let house = House::open().await;
    let case = house.signed(&house.dispatched(&house.complaint().await).await).await;
    house.goes_by(60);
    let case = house.asks_return(&house.leader, &case).await.unwrap();
    let case = house.decides(&house.dispatcher, &case, true).await.unwrap();
    assert_eq!((case.row.state, case.row.lead_unit_id, case.row.handler_id), (S::Filed, None, None));
    let promised = case.row.promised_at;
    house.replays(&case).await;
    house.goes_by(24 * 60);
    let case = house.sent(&case, house.unit).await.unwrap();
    assert_eq!(case.row.promised_at, promised);
    assert!(case.row.due_at > promised, "the next unit gets its full time");
    house.replays(&case).await;
    assert_eq!(codes(house.asks_return(&house.leader, &case).await), [UserErrorCode::ReturnUsed]);
}

#[tokio::test]
async fn the_chief_decides_what_is_disputed_twice_and_nobody_asks_late() {
    let house = House::open().await;
    let case = house.dispatched(&house.complaint().await).await;
    let case = house.asks_return(&house.leader, &case).await.unwrap();
    let case = house.decides(&house.dispatcher, &case, true).await.unwrap();
    let other = found_unit(&house.base).await;
    let grant = Grant { role: Role::UnitLeader, scope: GrantScope::Unit(other), until: None };
    let other_leader = person(account(&house.base, 9).await, vec![grant]);
    let case = house.sent(&case, other).await.unwrap();
    assert!(matches!(house.asks_return(&house.leader, &case).await, Err(Error::Forbidden)), "no longer its unit");
    let case = house.asks_return(&other_leader, &case).await.unwrap();
    assert!(matches!(house.decides(&house.dispatcher, &case, true).await, Err(Error::Forbidden)));
    let case = house.decides(&house.chief, &case, true).await.unwrap();
    house.replays(&case).await;
    let case = house.sent(&case, found_unit(&house.base).await).await.unwrap();
    house.goes_by(3 * 24 * 60);
    let actions = crate::viewer_actions(&house.town, &Actor::System, &case, house.now()).unwrap();
    assert!(!actions.contains(&Action::RequestReturn) && actions.contains(&Action::Sign));
}

#[tokio::test]
async fn a_refusal_is_objectable_once() {
    let house = House::open().await;
    let case = house.complaint().await;
    let reject = |case: &Case, reason| RawReject { on: on(case), reason, explanation: "请拨打 12345".to_owned() };
    let early = reject(&case, RejectReason::Incomplete).parse().unwrap();
    assert_eq!(codes(act!(house, &house.dispatcher, crate::reject, early)), [UserErrorCode::Invalid]);
    let no = reject(&case, RejectReason::OutsideJurisdiction).parse().unwrap();
    let case = act!(house, &house.dispatcher, crate::reject, no).unwrap();
    house.replays(&case).await;
    let objection = RawObject { on: on(&case), text: "就在本街道".to_owned() }.parse().unwrap();
    let case = act!(house, &house.ann, crate::object, objection).unwrap();
    assert_eq!(case.row.state, S::Submitted);
    let no = reject(&case, RejectReason::NoSubstance).parse().unwrap();
    let case = act!(house, &house.dispatcher, crate::reject, no).unwrap();
    let objection = RawObject { on: on(&case), text: "再次异议".to_owned() }.parse().unwrap();
    assert_eq!(codes(act!(house, &house.ann, crate::object, objection)), [UserErrorCode::LimitExceeded]);
    house.replays(&case).await;
}

#[tokio::test]
async fn a_dispatcher_may_hide_more_than_the_reporter_but_not_less() {
    let house = House::open().await;
    let private = RawSubmit { visibility: None, kind: RequestKind::Complaint, ..house.street_light() };
    let case = house.submits(&house.ann, private).await.unwrap();
    let raw = RawAccept {
        on: on(&case),
        category_code: Some("SANITATION.LITTER".to_owned()),
        kind: Some(RequestKind::Report),
        priority: Some(Priority::Emergency),
        visibility: Some(Visibility::Public),
        is_held: None,
    };
    let case = act!(house, &house.dispatcher, crate::accept, raw.parse(&house.town).unwrap()).unwrap();
    assert_eq!((case.row.visibility, case.row.is_confidential), (Visibility::Private, true));
    assert_eq!((case.row.sla_code.as_str(), case.row.is_city_object), ("EMERGENCY", true));
    house.replays(&case).await;
}

#[tokio::test]
async fn the_counter_takes_requests_for_who_has_no_phone() {
    let house = House::open().await;
    let nobody = RawOnBehalfOf { name: "王阿婆".to_owned(), phone: None };
    let raw = RawSubmit { channel: Channel::WalkIn, on_behalf_of: Some(nobody), ..house.street_light() };
    for _ in 0..6 {
        let case = house.submits(&house.dispatcher, raw.clone()).await.unwrap();
        assert_eq!((case.row.contact_phone_sealed.is_some(), case.row.may_contact), (false, false), "not the clerk's");
    }
    let daughter = RawSubmit { contact_phone: Some("13900001234".to_owned()), ..raw };
    let case = house.submits(&house.dispatcher, daughter).await.unwrap();
    assert_eq!((case.row.reporter_id, case.row.may_contact), (None, true));
}

#[tokio::test]
async fn counter_staff_take_requests_for_others() {
    let house = House::open().await;
    let person = RawOnBehalfOf { name: "王阿姨".to_owned(), phone: Some("139 0000 1234".to_owned()) };
    let raw = RawSubmit { channel: Channel::WalkIn, on_behalf_of: Some(person), ..house.street_light() };
    assert!(matches!(house.submits(&house.ben, raw.clone()).await, Err(Error::Forbidden)));
    let case = house.submits(&house.dispatcher, raw.clone()).await.unwrap();
    assert_eq!((case.row.reporter_id, case.row.submitted_by), (None, house.dispatcher.account().unwrap()));
    let view = crate::view(&house.base, &house.dispatcher, &case).unwrap();
    assert_eq!(view.contact_phone.as_deref(), Some("139****1234"));
    assert_eq!(view.on_behalf_name.as_deref(), Some("王阿姨"));
    house.replays(&case).await;
    for _ in 0..4 {
        house.submits(&house.dispatcher, raw.clone()).await.unwrap();
    }
    assert_eq!(codes(house.submits(&house.dispatcher, raw).await), [UserErrorCode::LimitExceeded]);
}

#[tokio::test]
async fn of_twenty_who_accept_at_once_one_wins() {
    let house = House::open().await;
    let case = house.complaint().await;
    let raw = RawAccept::as_reported(on(&case));
    let accept = raw.parse(&house.town).unwrap();
    let all = join_all((0..20).map(|_| async { act!(house, &house.dispatcher, crate::accept, accept.clone()) })).await;
    let won = all.iter().filter(|result| result.is_ok()).count();
    let lost = all.iter().filter(|result| matches!(result, Err(Error::Conflict))).count();
    assert_eq!((won, lost), (1, 19));
    let winner = all.into_iter().find_map(Result::ok).unwrap();
    house.replays(&winner).await;
}

#[tokio::test]
async fn a_leavers_cases_go_to_a_colleague_in_one_act() {
    let house = House::open().await;
    let mut cases = Vec::new();
    for _ in 0..3 {
        cases.push(house.signed(&house.dispatched(&house.complaint().await).await).await);
    }
    let (leaver, successor) = (house.handler.account().unwrap(), house.leader.account().unwrap());
    let order = HandOver { unit: house.unit, leaver, successor };
    assert!(matches!(act!(house, &house.handler, crate::hand_over, order), Err(Error::Forbidden)));
    let stranger = HandOver { successor: house.ben.account().unwrap(), ..order };
    assert_eq!(codes(act!(house, &house.leader, crate::hand_over, stranger)), [UserErrorCode::Invalid]);
    let moved = act!(house, &house.leader, crate::hand_over, order).unwrap();
    assert_eq!(moved.len(), 3);
    for case in &moved {
        assert_eq!(case.row.handler_id, Some(successor));
        assert_eq!(case.lead().unwrap().handler_id, Some(successor));
        house.replays(case).await;
    }
    assert!(!directory::is_member(house.base.db.reader(), house.unit, leaver, house.now()).await.unwrap());
}

#[tokio::test]
async fn only_five_open_requests_in_a_day() {
    let house = House::open().await;
    let mut last = None;
    for _ in 0..5 {
        last = Some(house.complaint().await);
    }
    assert_eq!(codes(house.submits(&house.ann, house.street_light()).await), [UserErrorCode::LimitExceeded]);
    house.submits(&house.ben, house.street_light()).await.unwrap();
    let withdraw = Withdraw { on: on(&last.unwrap()), reason: Some("已自行解决".to_owned()) };
    let case = act!(house, &house.ann, crate::withdraw, withdraw).unwrap();
    house.replays(&case).await;
    house.submits(&house.ann, house.street_light()).await.unwrap();
}

#[tokio::test]
async fn bad_reports_name_all_that_is_wrong_and_leave_nothing_behind() {
    let house = House::open().await;
    let raw = RawSubmit {
        description: " ".to_owned(),
        category_code: "NOTHING".to_owned(),
        place: Some(RawPlace { datum: Datum::Wgs84, longitude: 31.195, latitude: 121.32 }),
        ..house.street_light()
    };
    let Err(Error::Refused(errors)) = raw.parse(&house.town) else { unreachable!("refused") };
    let fields: Vec<&str> = errors.iter().map(|error| error.field[0].as_str()).collect();
    assert_eq!(fields, ["categoryCode", "description", "place"]);
    let elsewhere = RawPlace { datum: Datum::Wgs84, longitude: 121.47, latitude: 31.23 };
    let raw = RawSubmit { place: Some(elsewhere), ..house.street_light() };
    assert_eq!(codes(raw.parse(&house.town)), [UserErrorCode::OutsideArea]);
    let others = house.photo(&house.ben).await;
    let raw = RawSubmit { photos: vec![others], ..house.street_light() };
    assert_eq!(codes(house.submits(&house.ann, raw).await), [UserErrorCode::Invalid]);
    let none = service_request::Entity::find().all(house.base.db.reader()).await.unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn strangers_are_told_to_sign_in_and_others_find_nothing() {
    let house = House::open().await;
    let raw = RawSubmit { visibility: None, ..house.street_light() };
    let case = house.submits(&house.ann, raw).await.unwrap();
    let withdraw = Withdraw { on: on(&case), reason: None };
    assert!(matches!(act!(house, &Actor::Anonymous, crate::withdraw, withdraw.clone()), Err(Error::Unauthenticated)));
    assert!(matches!(act!(house, &house.ben, crate::withdraw, withdraw.clone()), Err(Error::NotFound)));
    assert!(matches!(act!(house, &house.dispatcher, crate::withdraw, withdraw), Err(Error::Forbidden)));
    assert!(crate::case_by_id(&house.base, &house.ben, case.row.id).await.unwrap().is_none());
    let offered = crate::viewer_actions(&house.town, &house.ann, &case, house.now()).unwrap();
    assert_eq!(offered, [Action::Supplement, Action::Withdraw]);
}
