//! What subscriptions wait for: hints of what happened.

use std::time::Duration;

use kernel::live::{Heard, Hint};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

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

/// As [`next`], for who looks again in any case; `false` when nothing more will come.
pub(crate) async fn hears(hints: &mut Hints, is_meant: impl Fn(&Hint) -> bool) -> bool {
    next(hints, is_meant).await.is_some()
}

/// Waits for those that come with what was heard.
pub(crate) async fn gathers(hints: &mut Hints) {
    tokio::time::sleep(GATHER).await;
    *hints = hints.resubscribe();
}
