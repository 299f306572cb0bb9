//! What subscriptions wait for: hints of what happened.

use std::sync::Arc;
use std::time::Duration;

use kernel::error::Result;
use kernel::live::{Heard, Hint};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::house::House;

/// What a subscriber hears.
pub(crate) type Hints = Receiver<Heard>;

/// How long hints are gathered before somebody looks again: a burst is one change, and nobody looks more often.
const GATHER: Duration = Duration::from_secs(1);

/// Waits for a hint that is meant, or for that some were missed; `None` when nothing more will come.
pub(crate) async fn next(hints: &mut Hints, is_meant: impl Fn(&Hint) -> bool) -> Option<Heard> {
    loop {
        match hints.recv().await {
            Ok(Heard::Hint(hint)) if !is_meant(&hint) => {}
            Ok(heard) => return Some(heard),
            // Hints that were missed may have been meant.
            Err(RecvError::Lagged(_)) => return Some(Heard::Resync),
            Err(RecvError::Closed) => return None,
        }
    }
}

/// What people watch (所观看的).
pub(crate) trait Watched: Send + Sync {
    /// What is seen of it.
    type Seen: PartialEq + Send + Sync;

    /// Whether it may have changed by what happened, at a glance.
    fn may_move(hint: &Hint) -> bool;

    /// Whether it may have changed by what happened.
    fn may_concern(&self, house: &House, hint: &Hint) -> impl Future<Output = Result<bool>> + Send;

    /// What is there now.
    fn look(&self, house: &House) -> impl Future<Output = Result<Arc<Self::Seen>>> + Send;
}

/// One who watches something that changes (观看者): told what is there at first, and again whenever it differs.
pub(crate) struct Watcher<W: Watched> {
    what: W,
    hints: Hints,
    /// What was told last.
    last: Option<Arc<W::Seen>>,
    is_over: bool,
}

impl<W: Watched> Watcher<W> {
    /// One who listens from now on, before anybody looks, so that nothing changes unheard between.
    pub fn of(what: W, house: &House) -> Self {
        Self { what, hints: house.live.subscribe(), last: None, is_over: false }
    }

    /// Tells nothing more.
    pub fn ends(&mut self) {
        self.is_over = true;
    }

    /// What is there when it differs from what was told last; `None` at the end. An error comes last: looking again at once would spin
    /// while the database is away.
    pub async fn next(&mut self, house: &House) -> Option<Result<Arc<W::Seen>>> {
        while !self.is_over {
            match self.looks(house).await {
                Ok(None) => return None,
                Ok(Some(seen)) if self.last.as_ref() == Some(&seen) => {}
                Ok(Some(seen)) => {
                    self.last = Some(Arc::clone(&seen));
                    return Some(Ok(seen));
                }
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// What is there once something happened, or at first; `None` when nothing more will come.
    async fn looks(&mut self, house: &House) -> Result<Option<Arc<W::Seen>>> {
        while self.last.is_some() {
            match next(&mut self.hints, W::may_move).await {
                None => return Ok(None),
                Some(Heard::Hint(hint)) if !self.what.may_concern(house, &hint).await? => {}
                Some(_) => {
                    gathers(&mut self.hints).await;
                    break;
                }
            }
        }
        self.what.look(house).await.map(Some)
    }
}

/// As [`next`], for who looks again in any case; `false` when nothing more will come.
pub(crate) async fn hears(hints: &mut Hints, is_meant: impl Fn(&Hint) -> bool) -> bool {
    next(hints, is_meant).await.is_some()
}

/// Waits for those that come with what was heard.
pub(crate) async fn gathers(hints: &mut Hints) {
    tokio::time::sleep(GATHER).await;
    *hints = hints.resubscribe();
}
