//! What can happen (事实): ids, states and times, never words of people; and of who registers, not who it is, as that may tell of a
//! membership.

use chrono::{DateTime, Utc};
use entity::enums::{AttendanceStatus, CheckInMethod, EventState, RegistrationState};
use entity::id::EventId;
use kernel::tx::Record;
use serde::{Deserialize, Serialize};

/// What happened to an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum EventFact {
    /// It was made or written anew.
    #[serde(rename = "event.saved")]
    Saved,
    /// A review was asked for.
    #[serde(rename = "event.submitted")]
    Submitted,
    /// It may be published.
    #[serde(rename = "event.approved")]
    Approved,
    /// It is to be written anew.
    #[serde(rename = "event.returned")]
    Returned,
    /// People see it.
    #[serde(rename = "event.published")]
    Published {
        /// When the clock looks at it.
        due_at: DateTime<Utc>,
    },
    /// Its time, its place or its seats are others.
    #[serde(rename = "event.changed")]
    Changed {
        /// Whether people have to know: its time or its place is another.
        is_moved: bool,
        /// From.
        begins_at: DateTime<Utc>,
        /// Up to.
        ends_at: DateTime<Utc>,
        /// When the clock looks at it.
        due_at: DateTime<Utc>,
    },
    /// It is called off.
    #[serde(rename = "event.cancelled")]
    Cancelled {
        /// Where it stood.
        from: EventState,
    },
    /// It begins soon: who is registered is reminded.
    #[serde(rename = "event.reminded")]
    Reminded,
    /// The house of its room is shut then: who holds it has to find another.
    #[serde(rename = "event.room_shut")]
    RoomShut,
    /// Its time is over.
    #[serde(rename = "event.ended")]
    Ended,
}

impl Record for EventFact {
    const SUBJECT: &'static str = "event";
}

/// What happened to a registration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum RegistrationFact {
    /// Seats are kept while a form is filled in.
    #[serde(rename = "event_registration.held")]
    Held {
        /// For which event.
        event: EventId,
        /// How many.
        seats: i16,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Somebody registered, or waits.
    #[serde(rename = "event_registration.made")]
    Made {
        /// For which event.
        event: EventId,
        /// How many seats.
        seats: i16,
        /// Confirmed or waiting.
        state: RegistrationState,
        /// When the clock looks at it.
        due_at: Option<DateTime<Utc>>,
    },
    /// Seats fell free, and are kept for the person until then.
    #[serde(rename = "event_registration.offered")]
    Offered {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Seats fell free, and are the person's.
    #[serde(rename = "event_registration.promoted")]
    Promoted,
    /// The person takes what was offered.
    #[serde(rename = "event_registration.accepted")]
    Accepted,
    /// The person takes it back.
    #[serde(rename = "event_registration.cancelled")]
    Cancelled {
        /// Where it stood.
        from: RegistrationState,
    },
    /// Who holds the event takes the person off.
    #[serde(rename = "event_registration.removed")]
    Removed,
    /// The event was called off.
    #[serde(rename = "event_registration.called_off")]
    CalledOff {
        /// Where it stood.
        from: RegistrationState,
    },
    /// Nobody answered in time, or nothing fell free.
    #[serde(rename = "event_registration.expired")]
    Expired {
        /// Where it stood.
        from: RegistrationState,
    },
}

impl Record for RegistrationFact {
    const SUBJECT: &'static str = "event_registration";
}

/// What happened to a line of the attendance of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum AttendanceFact {
    /// The person is there.
    #[serde(rename = "event_attendance.arrived")]
    Arrived {
        /// In time or late.
        status: AttendanceStatus,
        /// How that is known.
        method: CheckInMethod,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// The person left.
    #[serde(rename = "event_attendance.departed")]
    Departed,
    /// Leave was asked for.
    #[serde(rename = "event_attendance.leave_asked")]
    LeaveAsked,
    /// Leave is given, or not.
    #[serde(rename = "event_attendance.leave_decided")]
    LeaveDecided {
        /// Whether it is.
        is_granted: bool,
    },
    /// Who holds the event said how it was.
    #[serde(rename = "event_attendance.marked")]
    Marked {
        /// How it was.
        status: AttendanceStatus,
        /// At the door or afterwards.
        method: CheckInMethod,
    },
}

impl Record for AttendanceFact {
    const SUBJECT: &'static str = "event_attendance";
}
