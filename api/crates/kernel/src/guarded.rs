//! The two locks (两把锁): a write takes a [`Permitted`] row, a read takes a scope of its slice.

use crate::actor::Actor;
use crate::error::{Error, Result};

/// What policy says about one actor, one row, one action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// May.
    Allow,
    /// May see the row, but not do this.
    Deny,
    /// May not even learn that the row exists.
    Hide,
}

/// A row that policy has judged (许可). Only [`Guarded::permit`] makes one, and it wraps the very row it judged, so that a
/// permit cannot be used on another.
#[derive(Debug)]
pub struct Permitted<T>(T);

impl<T> Permitted<T> {
    /// The row.
    pub fn row(&self) -> &T {
        &self.0
    }

    /// The row, its permit used up.
    pub fn into_row(self) -> T {
        self.0
    }
}

/// A row whose access is decided by a policy.
pub trait Guarded: Sized {
    /// What can be done with it.
    type Action: Copy;

    /// The policy: pure, who may do what.
    fn decide(&self, actor: &Actor, action: Self::Action) -> Decision;

    /// Asks the policy.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when a visitor is denied, [`Error::Forbidden`] when a person is, [`Error::NotFound`] when the
    /// row is hidden.
    fn permit(self, actor: &Actor, action: Self::Action) -> Result<Permitted<Self>> {
        match self.decide(actor, action) {
            Decision::Allow => Ok(Permitted(self)),
            Decision::Hide => Err(Error::NotFound),
            Decision::Deny if *actor == Actor::Anonymous => Err(Error::Unauthenticated),
            Decision::Deny => Err(Error::Forbidden),
        }
    }
}
