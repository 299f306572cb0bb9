//! What resolvers call on (服务集合): put together once by the composition root.

use std::sync::{Arc, PoisonError, RwLock};

use areas::Areas;
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
    areas: RwLock<Arc<Areas>>,
    requests: RwLock<Town>,
}

impl House {
    /// Puts the services together.
    ///
    /// # Errors
    /// When map or calendar cannot be read.
    pub async fn open(identity: Identity, media: Media, live: Live) -> Result<Self> {
        let areas = Areas::load(&identity.base).await?;
        let requests = Town::load(&identity.base).await?;
        Ok(Self {
            base: identity.base.clone(),
            identity,
            media,
            live,
            areas: RwLock::new(Arc::new(areas)),
            requests: RwLock::new(requests),
        })
    }

    /// Map and calendar as of the last look.
    #[must_use]
    pub fn areas(&self) -> Arc<Areas> {
        Arc::clone(&self.areas.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the verbs of requests ask: calendar, categories, time limits, map. Cheap to clone.
    #[must_use]
    pub fn requests(&self) -> Town {
        self.requests.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
