//! 通知 / Notifications on the wire: the viewer's own inbox, and nobody else's.

mod changes;
mod mutations;
mod queries;
mod subscriptions;
mod types;
mod words;

pub use changes::{Change, Changes};
pub use mutations::NotificationMutation;
pub use queries::NotificationQuery;
pub use subscriptions::NotificationSubscription;
pub use types::{
    DeliveryChannel, Notification, NotificationConnection, NotificationEdge, NotificationKind, NotificationLevel,
    NotificationPreference,
};
