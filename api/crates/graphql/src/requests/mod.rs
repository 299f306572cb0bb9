//! 诉求 / Service requests on the wire.

mod inputs;
mod mutations;
mod queries;
mod subscriptions;
mod timeline;
mod types;

pub use mutations::RequestMutation;
pub use queries::RequestQuery;
pub use subscriptions::RequestSubscription;
pub use types::{ServiceRequest, ServiceRequestConnection, ServiceRequestEdge};
