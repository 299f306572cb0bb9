//! Lists, views and what is found.

use entity::enums::{Audience, ContentState};
use kernel::page::PageRequest;

use super::*;
use crate::WorkQueueTab as Tab;

fn first(rows: i32) -> PageRequest {
    PageRequest::new(Some(rows), None, None, None).unwrap()
}

#[tokio::test]
async fn queues_are_counted_paged_and_sorted_by_what_is_due() {
    let house = House::open().await;
    let mut submitted = Vec::new();
    for _ in 0..5 {
        submitted.push(house.complaint().await);
        house.goes_by(1);
    }
    let case = house.dispatched(&submitted[0]).await;
    let counts = crate::work_queue_counts(&house.base, &house.dispatcher).await.unwrap();
    assert_eq!((counts.of(Tab::ToAccept), counts.of(Tab::DueSoon), counts.of(Tab::Overdue)), (4, 5, 0));
    let counts = crate::work_queue_counts(&house.base, &house.handler).await.unwrap();
    assert_eq!((counts.of(Tab::ToSign), counts.of(Tab::DueSoon), counts.of(Tab::ToAccept)), (1, 1, 0));
    assert_eq!(crate::work_queue_counts(&house.base, &house.ann).await.unwrap().of(Tab::ToAccept), 0);
    let page = crate::work_queue(&house.base, &house.dispatcher, Tab::ToAccept, &first(3)).await.unwrap();
    assert!(page.has_next);
    let ids: Vec<_> = page.rows.iter().map(|case| case.row.id).collect();
    assert_eq!(ids, submitted[1..4].iter().map(|case| case.row.id).collect::<Vec<_>>());
    let after = page.rows[2].cursor_in_queue().text();
    let rest = PageRequest::new(Some(3), Some(&after), None, None).unwrap();
    let rest = crate::work_queue(&house.base, &house.dispatcher, Tab::ToAccept, &rest).await.unwrap();
    assert_eq!(rest.rows.iter().map(|case| case.row.id).collect::<Vec<_>>(), [submitted[4].row.id]);
    house.goes_by(3 * 24 * 60);
    let counts = crate::work_queue_counts(&house.base, &house.leader).await.unwrap();
    assert_eq!((counts.of(Tab::Overdue), counts.of(Tab::DueSoon)), (1, 0));
    assert_eq!(case.row.lead_unit_id, Some(house.unit));
}

#[tokio::test]
async fn a_list_is_a_constant_number_of_statements() {
    let house = House::open().await;
    for raw in [house.street_light(), house.street_light(), house.street_light(), house.street_light()] {
        let case = house.submits(&house.ann, raw).await.unwrap();
        house.accepted(&case).await;
    }
    let statements = async |rows| {
        let before = house.base.db.statements();
        let page = crate::public_list(&house.base, &Actor::Anonymous, "310112008", None, &first(rows)).await.unwrap();
        let ids: Vec<_> = page.rows.iter().map(|case| (case.row.id, Audience::Public)).collect();
        crate::timelines(&house.base, &ids).await.unwrap();
        house.base.db.statements() - before
    };
    assert_eq!((statements(1).await, statements(4).await), (4, 4));
    let before = house.base.db.statements();
    crate::work_queue_counts(&house.base, &house.dispatcher).await.unwrap();
    assert_eq!(house.base.db.statements() - before, 1);
}

#[tokio::test]
async fn the_public_sees_neither_reporter_nor_door() {
    let house = House::open().await;
    let case = house.submits(&house.ann, house.street_light()).await.unwrap();
    let case = house.dispatched(&case).await;
    let public = crate::view(&house.base, &house.ben, &case).unwrap();
    assert_eq!(public.audience, Audience::Public);
    assert_eq!((public.reporter, public.contact_phone, public.address), (None, None, None));
    assert_ne!(public.place.map(areas::Wgs84Point::longitude), case.row.longitude);
    let own = crate::view(&house.base, &house.ann, &case).unwrap();
    assert_eq!(own.contact_phone.as_deref(), Some("199****0001"));
    let staff = crate::view(&house.base, &house.handler, &case).unwrap();
    assert_eq!((staff.audience, staff.reporter), (Audience::Staff, house.ann.account()));
    let timelines = crate::timelines(&house.base, &[(case.row.id, Audience::Public)]).await.unwrap();
    assert!(timelines[&case.row.id].iter().all(|entry| entry.actor.is_none()));
    let kinds: Vec<&str> = timelines[&case.row.id].iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, ["request.submitted", "request.accepted", "request.filed", "request.dispatched"]);
}

#[tokio::test]
async fn handlers_do_not_learn_who_reports_wrongdoing_and_nobody_who_is_anonymous() {
    let house = House::open().await;
    let raw = RawSubmit { kind: RequestKind::Report, ..house.street_light() };
    let case = house.dispatched(&house.submits(&house.ann, raw).await.unwrap()).await;
    assert!(case.row.is_confidential && !case.row.is_listed);
    assert_eq!(crate::view(&house.base, &house.handler, &case).unwrap().reporter, None);
    assert_eq!(crate::view(&house.base, &house.dispatcher, &case).unwrap().reporter, house.ann.account());
    let raw = RawSubmit { is_anonymous: true, ..house.street_light() };
    let case = house.submits(&house.ben, raw).await.unwrap();
    assert_eq!(case.row.contact_phone_sealed, None);
    assert_eq!(crate::view(&house.base, &house.dispatcher, &case).unwrap().reporter, None);
    assert!(crate::view(&house.base, &house.dispatcher, &case).unwrap().contact_phone.is_none());
    let case = house.signed(&house.dispatched(&case).await).await;
    let photo = house.photo(&house.handler).await;
    let case = house.handled(&case, &house.handler, vec![photo]).await.unwrap();
    let case = house.verified(&case, &house.inspector, true).await.unwrap();
    assert!(case.row.closed_at.is_some(), "of an anonymous case nobody is asked");
    house.replays(&case).await;
}

#[tokio::test]
async fn staff_find_cases_by_number_phone_and_words() {
    let house = House::open().await;
    let case = house.submits(&house.ann, house.street_light()).await.unwrap();
    house.goes_by(1);
    let other = RawSubmit { description: "楼道灯光太暗".to_owned(), ..house.street_light() };
    let other = house.submits(&house.ben, other).await.unwrap();
    let found = async |actor: &Actor, text: &str| -> Vec<String> {
        let page = crate::search(&house.base, actor, text, &first(10)).await.unwrap();
        page.rows.into_iter().map(|case| case.row.case_no).collect()
    };
    let (first, second) = (case.row.case_no.as_str(), other.row.case_no.as_str());
    assert_eq!(found(&house.dispatcher, "xh20261123000001").await, [first]);
    assert_eq!(found(&house.dispatcher, "199 0000 0001").await, [first]);
    assert_eq!(found(&house.dispatcher, "路灯坏了").await, [first]);
    assert_eq!(found(&house.dispatcher, "路燈").await, [first]);
    assert_eq!(found(&house.dispatcher, "灯").await, [second, first]);
    assert_eq!(found(&house.dispatcher, "申滨路 88").await, [second, first]);
    assert!(found(&house.dispatcher, "电梯").await.is_empty());
    assert!(found(&house.dispatcher, "！？").await.is_empty());
    assert!(found(&house.ben, "路灯").await.is_empty(), "search is for staff");
    assert!(found(&house.handler, "路灯").await.is_empty(), "not this unit's case");
    assert!(crate::search(&house.base, &Actor::Anonymous, "路灯", &self::first(1)).await.is_err());
}

#[tokio::test]
async fn forbidden_words_hold_a_case_back_but_not_up() {
    let house = House::open().await;
    let raw =
        RawSubmit { description: "墙上喷了 代·開·發·票 的小广告".to_owned(), ..house.street_light() };
    let case = house.accepted(&house.submits(&house.ann, raw).await.unwrap()).await;
    assert!(case.row.content_state == ContentState::Review && !case.row.is_listed);
    assert!(
        crate::public_list(&house.base, &Actor::Anonymous, "310112008", None, &first(5)).await.unwrap().rows.is_empty()
    );
    let own = crate::view(&house.base, &house.ann, &case).unwrap();
    assert!(own.description.contains("發"));
}

#[tokio::test]
async fn a_dispatcher_may_publish_what_was_held_back_and_hold_back_what_was_not() {
    let house = House::open().await;
    let harmless = house.street_light();
    let doubted = RawSubmit { description: "墙上喷了代开发票的小广告".to_owned(), ..house.street_light() };
    for (raw, is_held) in [(doubted, false), (harmless, true)] {
        let state = |is_held| if is_held { ContentState::Review } else { ContentState::Pass };
        let case = house.submits(&house.ann, raw).await.unwrap();
        assert_eq!(case.row.content_state, state(!is_held));
        let case = house.classified(&case, Some(is_held)).await;
        assert_eq!((case.row.content_state, case.row.is_listed), (state(is_held), !is_held));
        let seen = crate::view(&house.base, &Actor::Anonymous, &case).ok();
        assert_eq!(seen.is_some(), !is_held);
        house.replays(&case).await;
    }
}

#[tokio::test]
async fn the_public_list_is_asked_by_cells() {
    let house = House::open().await;
    let case = house.accepted(&house.submits(&house.ann, house.street_light()).await.unwrap()).await;
    let here = areas::Wgs84Point::new(121.32, 31.195).unwrap();
    let there = areas::Wgs84Point::new(121.34, 31.195).unwrap();
    let near = async |place| {
        let page = crate::public_list(&house.base, &Actor::Anonymous, "310112008", Some((place, 500.0)), &first(5))
            .await
            .unwrap();
        page.rows.len()
    };
    assert_eq!((near(here).await, near(there).await), (1, 0));
    let own = crate::my_requests(&house.base, &house.ann, &first(5)).await.unwrap();
    assert_eq!(own.rows.iter().map(|own| &own.row).collect::<Vec<_>>(), [&case.row]);
}

#[tokio::test]
async fn units_are_suggested_to_dispatchers_only() {
    let house = House::open().await;
    let case = house.submits(&house.ann, house.street_light()).await.unwrap();
    let suggested = crate::suggestions(&house.base, &house.town, &house.dispatcher, case.row.id).await.unwrap();
    assert_eq!(suggested[0].unit.id, house.unit);
    assert_eq!(suggested[0].reasons.len(), 3);
    assert!(matches!(
        crate::suggestions(&house.base, &house.town, &house.ann, case.row.id).await,
        Err(Error::Forbidden)
    ));
}

#[tokio::test]
async fn what_a_scope_finds_is_what_the_policy_lets_read() {
    use kernel::guarded::{Decision, Guarded as _};
    let house = House::open().await;
    let mut cases = vec![house.complaint().await];
    cases.push(house.submits(&house.ben, RawSubmit { visibility: None, ..house.street_light() }).await.unwrap());
    cases.push(house.dispatched(&house.submits(&house.ben, house.street_light()).await.unwrap()).await);
    let private = RawSubmit { visibility: None, ..house.street_light() };
    cases.push(house.dispatched(&house.submits(&house.ann, private).await.unwrap()).await);
    let people = [&house.ann, &house.ben, &house.dispatcher, &house.handler, &house.leader, &house.agent];
    for actor in people.into_iter().chain([&Actor::Anonymous, &Actor::System]) {
        for case in &cases {
            let is_found = crate::case_by_id(&house.base, actor, case.row.id).await.unwrap().is_some();
            let is_allowed = case.decide(actor, crate::Action::Read) == Decision::Allow;
            assert_eq!(is_found, is_allowed, "{actor:?} {}", case.row.case_no);
        }
    }
}
