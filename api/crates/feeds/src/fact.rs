//! What can happen (事实): ids and times, never secrets.

use entity::id::{AccountId, VenueId};
use kernel::tx::Record;
use serde::{Deserialize, Serialize};

/// What happened to a calendar feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum FeedFact {
    /// It can be read.
    #[serde(rename = "calendar_feed.opened")]
    Opened {
        /// Whose it is.
        account: AccountId,
        /// The venue whose bookings it shows; the person's own when `None`.
        venue: Option<VenueId>,
    },
    /// It can be read no more.
    #[serde(rename = "calendar_feed.ended")]
    Ended,
}

impl Record for FeedFact {
    const SUBJECT: &'static str = "calendar_feed";
}
