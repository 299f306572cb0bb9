use entity::enums::WaitlistPromotion;
use kernel::error::Error;
use uuid::Uuid;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-{text}:00Z").parse().unwrap()
}

fn raw() -> RawSave {
    RawSave {
        id: None,
        expected_version: None,
        kind: EventKind::OpenEvent,
        audience: EventAudience::Public,
        title: " 合唱 ".into(),
        summary: "一起唱歌".into(),
        body: "一起唱歌\n欢迎".into(),
        organizer: "居委会".into(),
        tags: vec!["歌唱".into(), "歌唱".into(), "亲子".into()],
        area_code: "310112008".into(),
        organization: None,
        organizations: Vec::new(),
        site: Site { venue: None, place: "活动室".into(), point: None },
        begins_at: at("27T06:00"),
        ends_at: at("27T08:00"),
        terms: Some(terms()),
        agenda: vec![
            AgendaLine { begins_at: at("27T07:00"), title: "合唱".into() },
            AgendaLine { begins_at: at("27T06:00"), title: "签到".into() },
        ],
        photos: None,
    }
}

fn terms() -> RawTerms {
    RawTerms {
        from: None,
        to: None,
        withdraw_until: None,
        capacity: Some(50),
        waitlist_limit: None,
        most_seats: 3,
        promotion: WaitlistPromotion::Automatic,
        is_for_residents: false,
        questions: Vec::new(),
    }
}

/// Fields at which an event is refused.
fn refused(change: impl FnOnce(&mut RawSave)) -> Vec<String> {
    let mut raw = raw();
    change(&mut raw);
    match raw.parse(at("20T00:00")) {
        Err(Error::Refused(errors)) => errors.into_iter().map(|error| error.field.join(".")).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_kept() {
    let saved = raw().parse(at("20T00:00")).unwrap();
    assert_eq!((saved.event.title.as_str(), saved.tags.as_str()), ("合唱", ",歌唱,亲子,"));
    let agenda: Vec<&str> = saved.event.agenda.iter().map(|line| line.title.as_str()).collect();
    assert_eq!(agenda, ["签到", "合唱"]);
    let terms = saved.terms.unwrap();
    assert_eq!((terms.to, terms.withdraw_until), (at("27T06:00"), at("27T06:00")));
    let nothing = RawSave { tags: Vec::new(), terms: None, ..raw() }.parse(at("20T00:00")).unwrap();
    assert!(nothing.tags.is_empty() && nothing.terms.is_none());
}

#[test]
fn bad_values_are_named() {
    let party = Some(PartyOrganizationId(Uuid::nil()));
    assert_eq!(refused(|raw| raw.begins_at = at("27T06:05")), ["startsAt"]);
    assert_eq!(refused(|raw| raw.ends_at = at("27T06:00")), ["endsAt"]);
    assert_eq!(refused(|raw| (raw.ends_at, raw.agenda) = (at("28T06:15"), Vec::new())), ["endsAt"]);
    assert_eq!(
        refused(|raw| (raw.begins_at, raw.ends_at, raw.terms) = (at("19T00:00"), at("19T02:00"), None))
            .first()
            .unwrap(),
        "startsAt"
    );
    assert_eq!(refused(|raw| raw.tags = vec!["a,b".into()]), ["tags"]);
    assert_eq!(refused(|raw| raw.tags = vec!["100%".into()]), ["tags"]);
    assert_eq!(refused(|raw| raw.tags = (0..7).map(|n| n.to_string()).collect()), ["tags"]);
    assert_eq!(refused(|raw| raw.agenda[0].begins_at = at("27T08:00")), ["agenda.startsAt"]);
    assert_eq!(refused(|raw| raw.audience = EventAudience::AllMembers), ["organizationId"]);
    assert_eq!(refused(|raw| raw.kind = EventKind::PartyClass), ["kind"]);
    let meeting = |raw: &mut RawSave| {
        (raw.kind, raw.organization) = (EventKind::BranchMeeting, Some(PartyOrganizationId(Uuid::nil())))
    };
    assert_eq!(refused(meeting), ["registration", "audience"], "members are expected, and nobody else sees it");
    assert_eq!(
        refused(|raw| (raw.organization, raw.organizations) = (party, vec![PartyOrganizationId(Uuid::nil())])),
        ["organizationIds"]
    );
}

#[test]
fn bad_terms_are_named() {
    let with = |change: fn(&mut RawTerms)| refused(|raw| change(raw.terms.as_mut().unwrap()));
    assert_eq!(with(|terms| terms.to = Some(at("27T06:15"))), ["registration.closesAt"]);
    assert_eq!(with(|terms| terms.withdraw_until = Some(at("27T06:15"))), ["registration.withdrawUntil"]);
    assert_eq!(with(|terms| terms.from = Some(at("27T06:00"))), ["registration.closesAt"]);
    assert_eq!(with(|terms| terms.capacity = Some(0)), ["registration.capacity"]);
    assert_eq!(with(|terms| terms.waitlist_limit = Some(-1)), ["registration.waitlistLimit"]);
    assert_eq!(with(|terms| terms.most_seats = 11), ["registration.mostSeats"]);
}

#[test]
fn who_comes_is_counted_once() {
    let child = entity::id::DependantId(Uuid::nil());
    let raw = |dependants: Vec<_>, guests: usize| RawRegister {
        event: EventId(Uuid::nil()),
        dependants,
        guests: (0..guests).map(|n| format!("客人{n}")).collect(),
        answers: Vec::new(),
        joins_waitlist: false,
    };
    assert_eq!(raw(vec![child], 2).parse().unwrap().seats(), 4);
    assert!(raw(vec![child, child], 0).parse().is_err());
    assert_eq!(raw(Vec::new(), 9).parse().unwrap().seats(), 10);
    assert!(raw(Vec::new(), 10).parse().is_err());
}
