//! What the composition root hands to everybody (地基).

use std::sync::Arc;

use tokio::sync::Notify;
use uuid::Uuid;

use crate::audit::Refusals;
use crate::chance::Chance;
use crate::clock::Clock;
use crate::db::Db;
use crate::redis::Redis;
use crate::vault::Vault;

/// Database, Redis, clock, chance and vault (地基). Cheap to clone.
#[derive(Clone)]
pub struct Base(Arc<Ground>);

/// The parts of a [`Base`].
pub struct Ground {
    /// The database.
    pub db: Db,
    /// Redis, real or embedded.
    pub redis: Redis,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// Keys.
    pub vault: Vault,
    /// Rung after each commit that recorded facts, so that the relay need not wait for its next look.
    pub facts_committed: Notify,
    /// Refusals on their way into the audit chain.
    pub refusals: Refusals,
    /// Rung after each commit that queued a message to somebody outside, for the same reason.
    pub delivery_queued: Notify,
    /// This node, among those that share the database.
    pub node: Uuid,
}

impl Base {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When there is no randomness to name the node with.
    pub fn new(
        db: Db,
        redis: Redis,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        vault: Vault,
    ) -> anyhow::Result<Self> {
        let mut node = [0; 16];
        chance.fill(&mut node)?;
        let node = Uuid::from_bytes(node);
        Ok(Self(Arc::new(Ground {
            db,
            redis,
            clock,
            chance,
            vault,
            facts_committed: Notify::new(),
            delivery_queued: Notify::new(),
            refusals: Refusals::default(),
            node,
        })))
    }
}

impl std::ops::Deref for Base {
    type Target = Ground;

    fn deref(&self) -> &Ground {
        &self.0
    }
}
