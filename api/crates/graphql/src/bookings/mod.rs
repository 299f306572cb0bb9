//! 邻里中心与预约 / Neighbourhood centres and bookings on the wire.

mod centers;
mod credit;
mod enums;
mod holds;
mod inputs;
mod mutations;
mod places;
mod queries;
mod queue;
mod series;
mod services;
mod subscriptions;
mod types;
mod usage;

pub use centers::{Center, DoorCode};
pub(crate) use credit::credit;
pub use credit::{
    Credit, CreditAppeal, CreditAppealConnection, CreditAppealEdge, CreditEntry, CreditEntryConnection,
    CreditEntryEdge, CreditMutation,
};
pub(crate) use holds::own as held;
pub use holds::{HoldMutation, SlotHold};
pub use mutations::{BookingMutation, CenterMutation};
pub use places::{Closure, Venue};
pub use queries::BookingQuery;
pub(crate) use queries::bookings;
pub(crate) use queue::own as tickets;
pub use queue::{QueueMutation, ServiceTicket, ServiceTicketConnection, ServiceTicketEdge};
pub use series::{
    BookingSeries, BookingSeriesConnection, BookingSeriesEdge, BookingSeriesPayload, DeskMutation, SeriesRefusal,
};
pub(crate) use services::life_circle;
pub use services::{LifeCircle, ServiceItem, ServiceItemConnection, ServiceItemEdge, ServiceMutation, ServiceQuery};
pub use subscriptions::BookingSubscription;
pub use types::{Booking, BookingConnection, BookingEdge};
