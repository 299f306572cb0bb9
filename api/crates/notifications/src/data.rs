//! What the words of a notification are made of (模板字段): codes, states and times, never words of people.

use bookings::{AppealFact, BookingFact, SeriesFact};
use chrono::{DateTime, Utc};
use entity::enums::{BookingRejectReason, BookingState, ClosureReason, RejectReason, ServiceRequestState};
use entity::id::{EventId, VenueId};
use entity::notification;
use events::{AttendanceFact, EventFact, RegistrationFact};
use kernel::error::Result;
use kernel::tx::Record as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The fields of a notification's words (模板字段), as of the fact it tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// Of a request.
    Case(CaseData),
    /// Of a booking, a series, or an appeal about a booking.
    Booking(BookingData),
    /// Of an event, a registration for one, or a line of its attendance.
    Event(EventData),
}

impl Data {
    /// Reads the fields as a row keeps them.
    ///
    /// # Errors
    /// A fault when they are not as a notification was written.
    pub fn read(row: &notification::Model) -> Result<Self> {
        Ok(match row.subject_kind.as_str() {
            BookingFact::SUBJECT | SeriesFact::SUBJECT | AppealFact::SUBJECT => {
                Self::Booking(BookingData::deserialize(&row.data)?)
            }
            EventFact::SUBJECT | RegistrationFact::SUBJECT | AttendanceFact::SUBJECT => {
                Self::Event(EventData::deserialize(&row.data)?)
            }
            _ => Self::Case(CaseData::deserialize(&row.data)?),
        })
    }

    /// Until when it is of use to hear of it.
    pub(crate) fn until(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Case(_) => None,
            Self::Booking(data) => data.until,
            Self::Event(data) => data.until,
        }
    }

    /// The fields as a row keeps them.
    ///
    /// # Errors
    /// None that was ever seen.
    pub(crate) fn write(&self) -> Result<Value> {
        Ok(match self {
            Self::Case(data) => serde_json::to_value(data)?,
            Self::Booking(data) => serde_json::to_value(data)?,
            Self::Event(data) => serde_json::to_value(data)?,
        })
    }
}

/// What words about a request are made of (诉求模板字段).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseData {
    /// Number people use.
    pub case_no: String,
    /// Category; its name is the title.
    pub category_code: String,
    /// Where the case stood after the fact.
    pub state: ServiceRequestState,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Until when something is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<RejectReason>,
}

/// What words about a booking are made of (预约模板字段).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingData {
    /// Venue; its name is the title.
    pub venue: VenueId,
    /// From; of a series, its first.
    pub begins_at: DateTime<Utc>,
    /// Up to; of a series, its last.
    pub ends_at: DateTime<Utc>,
    /// Until when something is to be done; afterwards it is no news any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// What is added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// To how many others of its series the same happened.
    #[serde(default)]
    pub others: usize,
}

/// What words about an event are made of (活动模板字段).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventData {
    /// Event; its title is the name, for who may see it.
    pub event: EventId,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// Until when something is to be done; afterwards it is no news any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

/// What is added about a booking (补充说明).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Why the centre said no.
    Rejected(BookingRejectReason),
    /// Why the centre called it off.
    CalledOff(ClosureReason),
    /// It was taken back too late for others.
    Late,
    /// The centre moved it.
    MovedByCenter,
    /// Nobody came.
    Absent {
        /// Whether that counts against who had it.
        counts: bool,
    },
    /// It came to nothing, from a state.
    Lapsed(BookingState),
    /// What came of a series.
    Series {
        /// Bookings of it.
        made: usize,
        /// Dates on which none was made.
        refused: usize,
    },
}
