//! 活动 / Events on the wire.

mod enums;
mod inputs;
mod mutations;
mod queries;
mod registering;
mod registration;
mod types;

pub use mutations::EventMutation;
pub use queries::EventQuery;
pub(crate) use queries::registrations;
pub use registering::RegistrationMutation;
pub use registration::{EventRegistration, EventRegistrationConnection, EventRegistrationEdge};
pub use types::{Event, EventConnection, EventEdge};
