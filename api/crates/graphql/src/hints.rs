//! What subscriptions wait for: hints of what happened.

use std::time::Duration;

use kernel::live::{Heard, Hint};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// What a subscriber hears.
pub(crate) type Hints = Receiver<Heard>;

/// How long hints are gathered before somebody looks again: a burst is one change, and nobody looks more often.
const GATHER: Duration = Duration::from_secs(1);

/// Waits for a hint that is meant; `false` when nothing more will come.
pub(crate) async fn hears(hints: &mut Hints, is_meant: impl Fn(&Hint) -> bool) -> bool {
    loop {
        match hints.recv().await {
            Ok(Heard::Hint(hint)) if !is_meant(&hint) => {}
            // Hints that were missed may have been meant.
            Ok(_) | Err(RecvError::Lagged(_)) => return true,
            Err(RecvError::Closed) => return false,
        }
    }
}

/// As [`hears`]; then a little longer, for those that come with it.
pub(crate) async fn hears_a_burst(hints: &mut Hints, is_meant: impl Fn(&Hint) -> bool) -> bool {
    let is_on = hears(hints, is_meant).await;
    if is_on {
        tokio::time::sleep(GATHER).await;
        *hints = hints.resubscribe();
    }
    is_on
}
