//! 诉求 / Service requests on the wire.

mod call;
mod content;
mod duplicates;
mod findings;
mod inputs;
mod mutations;
mod oversight;
mod pauses;
mod queries;
mod redact;
mod retention;
mod reveal;
mod subscriptions;
mod talk;
mod timeline;
mod types;

pub use content::{ContentMutation, ContentQuery};
pub use duplicates::{DuplicateMutation, DuplicateQuery};
pub use findings::FindingMutation;
pub use mutations::RequestMutation;
pub use oversight::OversightMutation;
pub use pauses::PauseMutation;
pub use queries::RequestQuery;
pub use redact::RedactMutation;
pub use retention::RetentionMutation;
pub use reveal::RevealMutation;
pub use subscriptions::RequestSubscription;
pub use talk::TalkMutation;
pub use types::{RequestCategory, ServiceRequest, ServiceRequestConnection, ServiceRequestEdge};
