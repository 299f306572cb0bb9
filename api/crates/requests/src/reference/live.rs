//! The town as a running node knows it now (现行参考数据): read anew when somebody changed it.

use std::sync::{Arc, PoisonError, RwLock};

use kernel::base::Base;
use kernel::error::Result;

use crate::town::Town;

/// The town of one node, which changes while the node runs (现行参考数据). Cheap to clone; every clone sees the change.
#[derive(Clone)]
pub struct LiveTown(Arc<RwLock<Town>>);

impl LiveTown {
    /// Reads the town from the database.
    ///
    /// # Errors
    /// As [`Town::load`].
    pub async fn open(base: &Base) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(RwLock::new(Town::load(base).await?))))
    }

    /// The town as it is known now; whoever holds it keeps it, whatever changes.
    #[must_use]
    pub fn get(&self) -> Town {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads it anew if it was changed; tells whether it was.
    ///
    /// # Errors
    /// When the database does not answer, or holds what cannot be read.
    pub async fn refresh(&self, base: &Base) -> Result<bool> {
        let number = areas::store::reference_number(base.db.reader()).await?;
        if number == self.get().number() {
            return Ok(false);
        }
        let town = Town::load(base).await?;
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have read a later one meanwhile.
        if known.number() < town.number() {
            *known = town;
        }
        Ok(true)
    }
}
