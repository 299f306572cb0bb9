//! What resolvers call on (服务集合): put together once by the composition root.

use bookings::Watched;
use identity::Identity;
use kernel::base::Base;
use kernel::error::Result;
use kernel::live::Live;
use media::Media;
use requests::{LiveTown, Town};

/// The services behind the schema (服务集合).
pub struct House {
    /// The ground.
    pub base: Base,
    /// The door.
    pub identity: Identity,
    /// Photos.
    pub media: Media,
    /// This node's live updates.
    pub live: Live,
    /// Slots that people on this node watch.
    pub watched: Watched,
    /// Lines that people on this node watch, by service.
    pub queues: queue::Watched,
    /// Doors of events that people on this node watch.
    pub doors: events::Watched,
    /// What the verbs of requests ask, and people change: map, calendar, categories, time limits.
    pub live_town: LiveTown,
}

impl House {
    /// Puts the services together.
    ///
    /// # Errors
    /// When the town cannot be read.
    pub async fn open(identity: Identity, media: Media, live: Live) -> Result<Self> {
        let live_town = LiveTown::open(&identity.base).await?;
        Ok(Self {
            base: identity.base.clone(),
            identity,
            media,
            live,
            watched: Watched::default(),
            queues: queue::Watched::default(),
            doors: events::Watched::default(),
            live_town,
        })
    }

    /// The town as it is known now. Cheap; whoever holds it keeps it.
    #[must_use]
    pub fn town(&self) -> Town {
        self.live_town.get()
    }
}
