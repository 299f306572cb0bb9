use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use entity::enums::{AttendanceStatus, CheckInMethod, EventKind, Role, WaitlistPromotion};
use entity::event::Model;
use entity::id::{AccountId, AreaId, EventId, PartyOrganizationId};
use expect_test::expect_file;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::matrix::kind_of;

/// An event that is published, of an organisation of the party unless it is for everybody.
fn event(audience: EventAudience) -> Event {
    let (nobody, at) = (Uuid::nil(), DateTime::UNIX_EPOCH);
    let row = Model {
        id: EventId(nobody),
        version: 1,
        kind: EventKind::OpenEvent,
        audience,
        state: EventState::Open,
        title: String::new(),
        summary: String::new(),
        body: String::new(),
        organizer: String::new(),
        tags: String::new(),
        area_id: AreaId(nobody),
        area_path: "/310112008/".into(),
        organization_id: (audience != EventAudience::Public).then_some(PartyOrganizationId(nobody)),
        organization_path: None,
        venue_id: None,
        place: String::new(),
        longitude: None,
        latitude: None,
        begins_at: at,
        ends_at: at,
        takes_registrations: true,
        signup_from: None,
        signup_to: at,
        withdraw_until: at,
        capacity: None,
        seats_taken: 0,
        waitlist_limit: None,
        most_seats: 1,
        promotion: WaitlistPromotion::Automatic,
        is_for_residents: false,
        questions: json!([]),
        agenda: json!([]),
        photos: json!([]),
        note: None,
        created_by: AccountId(nobody),
        written_by: AccountId(nobody),
        submitted_by: None,
        reviewed_by: None,
        published_at: Some(at),
        ended_at: None,
        due_at: None,
        created_at: at,
        updated_at: at,
    };
    Event { row, is_invited: true }
}

fn names(lines: &[Told]) -> String {
    let name = |to| match to {
        Recipients::Owner => "who registered",
        Recipients::Registered => "who is registered or waits",
        Recipients::Confirmed => "who has a seat",
        Recipients::Members => "the organisation's members",
        Recipients::OtherMembers => "the organisation's members who are not registered",
        Recipients::Person(_) => "who made it",
        Recipients::Secretaries => "who is secretary of it",
        Recipients::Staff(Role::Editor) => "the editors",
        other => panic!("{other:?} has nothing to do with it"),
    };
    let lines =
        lines.iter().map(|line| format!("{}, {:?} ({:?})", name(line.to), line.template, kind_of(line.template)));
    let lines = lines.collect::<Vec<_>>().join("; ");
    if lines.is_empty() { "nobody".to_owned() } else { lines }
}

#[test]
fn the_matrix_is_reviewed() {
    let at: DateTime<Utc> = "2026-11-24T01:00:00Z".parse().unwrap();
    let mut table = String::from("# what happened to an event for whom: to whom, what (of which kind)\n");
    let changed = |is_moved| EventFact::Changed { is_moved, begins_at: at, ends_at: at, due_at: at };
    for audience in [EventAudience::Public, EventAudience::AllMembers, EventAudience::Organization] {
        let event = event(audience);
        for fact in [
            EventFact::Saved,
            EventFact::Submitted,
            EventFact::Approved,
            EventFact::Returned,
            EventFact::Published { due_at: at },
            changed(false),
            changed(true),
            EventFact::Cancelled { from: EventState::Open },
            EventFact::Reminded,
            EventFact::RoomShut,
            EventFact::Ended,
        ] {
            writeln!(table, "{audience:?} {fact:?}: {}", names(&told(&fact, &event))).unwrap();
        }
    }
    table.push_str("# what happened to a line of attendance\n");
    let (status, method) = (AttendanceStatus::Present, CheckInMethod::Code);
    for fact in [
        AttendanceFact::Arrived { status, method, at },
        AttendanceFact::Departed,
        AttendanceFact::LeaveAsked,
        AttendanceFact::LeaveDecided { is_granted: true },
        AttendanceFact::LeaveDecided { is_granted: false },
        AttendanceFact::Marked { status, method },
    ] {
        writeln!(table, "{fact:?}: {}", names(&told_of_attendance(&fact))).unwrap();
    }
    table.push_str("# what happened to a registration\n");
    let event = EventId(Uuid::nil());
    let mut facts = vec![
        RegistrationFact::Held { event, seats: 1, until: at },
        RegistrationFact::Offered { until: at },
        RegistrationFact::Promoted,
        RegistrationFact::Accepted,
        RegistrationFact::Cancelled { from: RegistrationState::Held },
        RegistrationFact::Cancelled { from: RegistrationState::Confirmed },
        RegistrationFact::Removed,
        RegistrationFact::CalledOff { from: RegistrationState::Held },
        RegistrationFact::CalledOff { from: RegistrationState::Waitlisted },
    ];
    for state in [RegistrationState::Confirmed, RegistrationState::Waitlisted] {
        facts.push(RegistrationFact::Made { event, seats: 1, state, due_at: None });
    }
    for from in [RegistrationState::Held, RegistrationState::Offered, RegistrationState::Waitlisted] {
        facts.push(RegistrationFact::Expired { from });
    }
    for fact in facts {
        writeln!(table, "{fact:?}: {}", names(&told_of_registration(&fact))).unwrap();
    }
    expect_file!["table.txt"].assert_eq(&table);
}
