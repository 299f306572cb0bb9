use entity::enums::EventAudience;
use entity::event;
use kernel::error::UserErrorCode as Code;

use super::*;
use crate::workflow::tests::{at, row};

fn event(fill: impl FnOnce(&mut event::Model)) -> Event {
    let mut row = row(EventState::Open, EventAudience::Public);
    fill(&mut row);
    Event { row, is_invited: true }
}

fn refused(event: &Event, who: &Candidate, now: &str) -> Option<Code> {
    Eligibility::of(event, who, at(now)).check().err().map(|error| error.code)
}

#[test]
fn who_may_register_and_why_not() {
    let ann = Candidate { is_known: true, is_resident: true, registration: None };
    let open = event(|_| {});
    assert_eq!(refused(&open, &ann, "27T05:59"), None);
    assert_eq!(refused(&open, &ann, "27T06:00"), Some(Code::RegistrationClosed));
    assert_eq!(refused(&open, &Candidate { is_known: false, ..ann }, "26T00:00"), Some(Code::NotEligible));
    assert_eq!(
        refused(&event(|row| row.takes_registrations = false), &ann, "26T00:00"),
        Some(Code::RegistrationClosed)
    );
    assert_eq!(
        refused(&event(|row| row.state = EventState::Cancelled), &ann, "26T00:00"),
        Some(Code::RegistrationClosed)
    );
    let for_others = Event { is_invited: false, ..event(|row| row.audience = EventAudience::AllMembers) };
    assert_eq!(refused(&for_others, &ann, "26T00:00"), Some(Code::NotEligible));
    let for_residents = event(|row| row.is_for_residents = true);
    assert_eq!(refused(&for_residents, &ann, "26T00:00"), None);
    assert_eq!(refused(&for_residents, &Candidate { is_resident: false, ..ann }, "26T00:00"), Some(Code::NotEligible));
    let later = event(|row| row.signup_from = Some(at("25T00:00")));
    let not_yet = Eligibility::of(&later, &ann, at("24T23:59"));
    assert_eq!(not_yet, Eligibility::Refused(WhyNot::NotYet, Some(at("25T00:00"))));
    assert_eq!(not_yet.check().unwrap_err().detail, Detail::From(at("25T00:00")));
    assert_eq!(refused(&later, &ann, "25T00:00"), None);
}

#[test]
fn who_is_registered_is_so_once_and_who_took_it_back_may_come_again() {
    use RegistrationState as R;
    let open = event(|_| {});
    for (state, expected) in [
        (R::Held, None),
        (R::Confirmed, Some(Code::AlreadyRegistered)),
        (R::Waitlisted, Some(Code::AlreadyRegistered)),
        (R::Offered, Some(Code::AlreadyRegistered)),
        (R::Cancelled, None),
        (R::Expired, None),
        (R::CalledOff, None),
        (R::Removed, Some(Code::NotEligible)),
    ] {
        let who = Candidate { is_known: true, is_resident: false, registration: Some(state) };
        assert_eq!(refused(&open, &who, "26T00:00"), expected, "{state:?}");
    }
}
