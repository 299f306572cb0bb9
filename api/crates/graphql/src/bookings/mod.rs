//! 邻里中心与预约 / Neighbourhood centres and bookings on the wire.

mod enums;
mod inputs;
mod mutations;
mod places;
mod queries;
mod types;

pub use mutations::{BookingMutation, CenterMutation};
pub use places::{Center, Closure, Venue};
pub use queries::BookingQuery;
pub(crate) use queries::bookings;
pub use types::{Booking, BookingConnection, BookingEdge};
