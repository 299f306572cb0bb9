//! 诉求 / Service requests on the wire.

mod inputs;
mod mutations;
mod queries;
mod reveal;
mod subscriptions;
mod timeline;
mod types;

pub use mutations::RequestMutation;
pub use queries::RequestQuery;
pub use reveal::RevealMutation;
pub use subscriptions::RequestSubscription;
pub use types::{RequestCategory, ServiceRequest, ServiceRequestConnection, ServiceRequestEdge};
