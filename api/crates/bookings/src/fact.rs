//! What can happen (事实): ids, states and times, never words of people.

use chrono::{DateTime, Utc};
use entity::enums::{BookingRejectReason, BookingState, CenterState, ClosureReason, CreditAppealState, ServiceState};
use entity::id::{AccountId, BookingId, CenterId, ClosureId, CreditEntryId, VenueId};
use kernel::tx::Record;
use serde::{Deserialize, Serialize};

/// What happened to a centre.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum CenterFact {
    /// It was entered or changed.
    #[serde(rename = "center.saved")]
    Saved {
        /// Where it stands since.
        state: CenterState,
    },
    /// It, or a venue of it, is closed for a time.
    #[serde(rename = "center.closed")]
    Closed {
        /// The closure.
        closure: ClosureId,
        /// Which venue; the whole centre when `None`.
        venue: Option<VenueId>,
        /// From.
        begins_at: DateTime<Utc>,
        /// Up to.
        ends_at: DateTime<Utc>,
        /// Why.
        reason: ClosureReason,
    },
    /// A venue of it is kept for some people for a time.
    #[serde(rename = "center.reserved")]
    Reserved {
        /// The closure.
        closure: ClosureId,
        /// Which venue.
        venue: VenueId,
        /// From.
        begins_at: DateTime<Utc>,
        /// Up to.
        ends_at: DateTime<Utc>,
        /// For how many people.
        guests: usize,
    },
    /// A closure was taken back.
    #[serde(rename = "center.reopened")]
    Reopened {
        /// The closure.
        closure: ClosureId,
    },
}

impl Record for CenterFact {
    const SUBJECT: &'static str = "center";
}

/// What happened to a venue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum VenueFact {
    /// It was entered or changed.
    #[serde(rename = "venue.saved")]
    Saved {
        /// Its centre.
        center: CenterId,
        /// Whether it is booked since.
        is_bookable: bool,
    },
    /// When it is open was said anew.
    #[serde(rename = "venue.opening_saved")]
    OpeningSaved {
        /// The rules since, as the client sent them.
        rules: serde_json::Value,
    },
}

impl Record for VenueFact {
    const SUBJECT: &'static str = "venue";
}

/// What happened to a service that a centre offers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum ServiceFact {
    /// It was entered or changed; what it says since stands in its edition.
    #[serde(rename = "service_item.saved")]
    Saved {
        /// Its centre.
        center: CenterId,
        /// Where it stands since.
        state: ServiceState,
    },
}

impl Record for ServiceFact {
    const SUBJECT: &'static str = "service_item";
}

/// Where and when a booking is had (时段).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Which venue.
    pub venue: VenueId,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// Minutes kept free before.
    pub buffer_before: i16,
    /// Minutes kept free after.
    pub buffer_after: i16,
}

/// What happened to a booking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum BookingFact {
    /// Somebody booked, or waits.
    #[serde(rename = "booking.made")]
    Made {
        /// Which venue.
        venue: VenueId,
        /// For whom.
        account: AccountId,
        /// From.
        begins_at: DateTime<Utc>,
        /// Up to.
        ends_at: DateTime<Utc>,
        /// Confirmed, to be decided about, or waiting.
        state: BookingState,
        /// When the clock looks at it.
        due_at: DateTime<Utc>,
    },
    /// The centre said yes.
    #[serde(rename = "booking.approved")]
    Approved,
    /// The centre said no.
    #[serde(rename = "booking.rejected")]
    Rejected {
        /// Why.
        reason: BookingRejectReason,
    },
    /// It fell free, and is kept for the person until then.
    #[serde(rename = "booking.offered")]
    Offered {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The person takes what was offered.
    #[serde(rename = "booking.accepted")]
    Accepted {
        /// Confirmed, or to be decided about.
        state: BookingState,
        /// When the clock looks at it.
        due_at: DateTime<Utc>,
    },
    /// The person takes it back.
    #[serde(rename = "booking.cancelled")]
    Cancelled {
        /// Whether that was too late for others to plan with it.
        is_late: bool,
    },
    /// The centre calls it off; the person loses nothing by it.
    #[serde(rename = "booking.called_off")]
    CalledOff {
        /// Why.
        reason: ClosureReason,
    },
    /// It is at another time, or in another venue of the centre, since.
    #[serde(rename = "booking.moved")]
    Moved {
        /// Where and when.
        #[serde(flatten)]
        to: Place,
        /// Confirmed, or to be decided about.
        state: BookingState,
        /// When the clock looks at it.
        due_at: DateTime<Utc>,
        /// Whether it was the centre.
        is_by_center: bool,
    },
    /// It begins soon: its person is reminded.
    #[serde(rename = "booking.reminded")]
    Reminded,
    /// The people are there.
    #[serde(rename = "booking.checked_in")]
    CheckedIn,
    /// It is over, at its time or before.
    #[serde(rename = "booking.completed")]
    Completed {
        /// Whether the people left before its time was over.
        is_early: bool,
    },
    /// Nobody came in time.
    #[serde(rename = "booking.no_show")]
    NoShow,
    /// Nobody decided or answered in time, or nothing fell free.
    #[serde(rename = "booking.expired")]
    Expired {
        /// Where it stood.
        #[serde(default)]
        from: Option<BookingState>,
    },
    /// Something was left broken.
    #[serde(rename = "booking.damaged")]
    Damaged,
    /// Nothing was left broken after all.
    #[serde(rename = "booking.damage_reversed")]
    DamageReversed,
}

impl Record for BookingFact {
    const SUBJECT: &'static str = "booking";
}

/// What happened to a venue that was kept for who fills in a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum HoldFact {
    /// It is kept.
    #[serde(rename = "slot_hold.made")]
    Made {
        /// Which venue.
        venue: VenueId,
        /// For whom.
        account: AccountId,
        /// From.
        begins_at: DateTime<Utc>,
        /// Up to.
        ends_at: DateTime<Utc>,
        /// Until when it is kept.
        until: DateTime<Utc>,
    },
    /// The person booked in the centre.
    #[serde(rename = "slot_hold.booked")]
    Booked,
    /// The person gave it back.
    #[serde(rename = "slot_hold.released")]
    Released,
    /// Its time was over.
    #[serde(rename = "slot_hold.lapsed")]
    Lapsed,
}

impl Record for HoldFact {
    const SUBJECT: &'static str = "slot_hold";
}

/// What happened to a series of bookings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum SeriesFact {
    /// A centre made it.
    #[serde(rename = "booking_series.made")]
    Made {
        /// Which venue.
        venue: VenueId,
        /// For whom.
        account: AccountId,
        /// Bookings of it.
        created: usize,
        /// Dates on which none was made.
        refused: usize,
    },
}

impl Record for SeriesFact {
    const SUBJECT: &'static str = "booking_series";
}

/// What happened to an appeal against a line of credit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum AppealFact {
    /// Somebody says that a line is wrong.
    #[serde(rename = "credit_appeal.made")]
    Made {
        /// Which line.
        entry: CreditEntryId,
        /// Whose.
        account: AccountId,
        /// About which booking.
        booking: BookingId,
        /// Who decides.
        center: CenterId,
    },
    /// The centre decided.
    #[serde(rename = "credit_appeal.decided")]
    Decided {
        /// Granted or refused.
        state: CreditAppealState,
    },
}

impl Record for AppealFact {
    const SUBJECT: &'static str = "credit_appeal";
}
