//! Who is told what of an event, and of a registration for one.

use entity::enums::{
    EventAudience, EventState, NotificationLevel, NotificationTemplate as Template, RegistrationState,
};
use events::{Attendance, AttendanceFact, Event, EventFact, Registration, RegistrationFact};

use super::{Lines, Recipients, Told};
use crate::data::EventData;

/// Who is told what of a fact about an event. That it is called off, who is registered learns from the own registration, so that nobody
/// is told twice. What members of an organisation were told of, they all hear the course of; and nobody is disturbed by what is for everybody.
#[must_use]
pub fn told(fact: &EventFact, event: &Event) -> Vec<Told> {
    let row = &event.row;
    let is_of_members = row.audience == EventAudience::Organization;
    let are_told = |template| vec![(Recipients::Members, template)];
    calmly(match fact {
        EventFact::Published { .. } if is_of_members => are_told(Template::EventPublished),
        EventFact::Submitted if row.organization_id.is_none() => {
            vec![(Recipients::Staff(entity::enums::Role::Editor), Template::EventToReview)]
        }
        EventFact::Approved => vec![(Recipients::Person(row.created_by), Template::EventApproved)],
        EventFact::RoomShut => vec![(Recipients::Person(row.created_by), Template::EventRoomShut)],
        EventFact::Returned => vec![(Recipients::Person(row.created_by), Template::EventReturned)],
        // Each once, whether registered or not.
        EventFact::Changed { is_moved: true, .. } if is_of_members => {
            vec![(Recipients::Registered, Template::EventChanged), (Recipients::Members, Template::EventChanged)]
        }
        EventFact::Changed { is_moved: true, .. } => vec![(Recipients::Registered, Template::EventChanged)],
        EventFact::Cancelled { from: EventState::Open } if is_of_members => {
            vec![(Recipients::OtherMembers, Template::EventCancelled)]
        }
        EventFact::Reminded if is_of_members && !row.takes_registrations => are_told(Template::EventReminder),
        EventFact::Reminded => vec![(Recipients::Confirmed, Template::EventReminder)],
        EventFact::Published { .. } | EventFact::Submitted | EventFact::Changed { .. } => Vec::new(),
        EventFact::Saved | EventFact::Cancelled { .. } | EventFact::Ended => Vec::new(),
    })
}

/// Who is told what of a fact about a registration. Who waits sees that at once.
#[must_use]
pub fn told_of_registration(fact: &RegistrationFact) -> Vec<Told> {
    let owner = |template| vec![(Recipients::Owner, template)];
    calmly(match fact {
        RegistrationFact::Made { state: RegistrationState::Confirmed, .. } | RegistrationFact::Accepted => {
            owner(Template::EventRegistered)
        }
        RegistrationFact::Promoted => owner(Template::EventPromoted),
        RegistrationFact::Offered { .. } => owner(Template::EventOffered),
        // A form that was not sent is no news.
        RegistrationFact::Cancelled { from: RegistrationState::Held }
        | RegistrationFact::CalledOff { from: RegistrationState::Held }
        | RegistrationFact::Expired { from: RegistrationState::Held } => Vec::new(),
        RegistrationFact::Cancelled { .. } => owner(Template::EventWithdrawn),
        RegistrationFact::Removed => owner(Template::EventRemoved),
        RegistrationFact::CalledOff { .. } => owner(Template::EventCancelled),
        RegistrationFact::Expired { .. } => owner(Template::EventExpired),
        RegistrationFact::Held { .. } | RegistrationFact::Made { .. } => Vec::new(),
    })
}

/// Who is told what of a fact about a line of attendance: who holds the event, and the member, of leave. Who came knows it.
#[must_use]
pub fn told_of_attendance(fact: &AttendanceFact) -> Vec<Told> {
    calmly(match fact {
        AttendanceFact::LeaveAsked => vec![(Recipients::Secretaries, Template::EventLeaveAsked)],
        AttendanceFact::LeaveDecided { is_granted: true } => vec![(Recipients::Owner, Template::EventLeaveGranted)],
        AttendanceFact::LeaveDecided { is_granted: false } => vec![(Recipients::Owner, Template::EventLeaveDenied)],
        AttendanceFact::Arrived { .. } | AttendanceFact::Departed | AttendanceFact::Marked { .. } => Vec::new(),
    })
}

/// Nothing about an event is so urgent that anybody is woken.
fn calmly(lines: Lines) -> Vec<Told> {
    lines.into_iter().map(|(to, template)| Told { to, template, level: NotificationLevel::Normal }).collect()
}

/// What the words about a fact of an event are made of.
#[must_use]
pub fn data(fact: &EventFact, event: &Event) -> EventData {
    let row = &event.row;
    let (begins_at, ends_at) = match fact {
        EventFact::Changed { begins_at, ends_at, .. } => (*begins_at, *ends_at),
        _ => (row.begins_at, row.ends_at),
    };
    // A reminder that comes when it is over is no news.
    let until = matches!(fact, EventFact::Reminded).then_some(begins_at);
    EventData { event: row.id, begins_at, ends_at, until }
}

/// What the words about a fact of a registration are made of.
#[must_use]
pub fn data_of_registration(fact: &RegistrationFact, registration: &Registration) -> EventData {
    let row = &registration.event.row;
    let until = match fact {
        RegistrationFact::Offered { until } => Some(*until),
        _ => None,
    };
    EventData { event: row.id, begins_at: row.begins_at, ends_at: row.ends_at, until }
}

/// What the words about a fact of a line of attendance are made of.
#[must_use]
pub fn data_of_attendance(line: &Attendance) -> EventData {
    let row = &line.event.row;
    EventData { event: row.id, begins_at: row.begins_at, ends_at: row.ends_at, until: None }
}

#[cfg(test)]
mod tests;
