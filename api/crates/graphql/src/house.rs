//! What resolvers call on (服务集合): put together once by the composition root.

use identity::Identity;
use kernel::base::Base;
use kernel::error::Result;
use kernel::live::Live;
use media::Media;
use requests::Town;

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
    /// What the verbs of requests ask: map, calendar, categories, time limits. Cheap to clone.
    pub town: Town,
}

impl House {
    /// Puts the services together.
    ///
    /// # Errors
    /// When the town cannot be read.
    pub async fn open(identity: Identity, media: Media, live: Live) -> Result<Self> {
        let town = Town::load(&identity.base).await?;
        Ok(Self { base: identity.base.clone(), identity, media, live, town })
    }
}
