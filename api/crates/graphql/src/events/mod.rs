//! 活动 / Events on the wire.

mod attendance;
mod attending;
mod enums;
mod inputs;
mod life;
mod mutations;
mod queries;
mod registering;
mod registration;
mod subscriptions;
mod types;

pub use attendance::{EventAttendance, EventAttendanceConnection, EventAttendanceEdge};
pub use attending::{AttendanceMutation, RecordMutation};
pub use life::{LifeQuery, OrganizationLifeLine, OrganizationLifeLineConnection, OrganizationLifeLineEdge};
pub use mutations::EventMutation;
pub use queries::EventQuery;
pub(crate) use queries::registrations;
pub use registering::RegistrationMutation;
pub use registration::{EventRegistration, EventRegistrationConnection, EventRegistrationEdge};
pub use subscriptions::EventSubscription;
pub use types::{Event, EventConnection, EventEdge};
