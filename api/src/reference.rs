//! Changes of reference data (参考数据更新): every node looks whether map, calendar or what people decide was changed, and reads it
//! anew. The relay's hint tells at once; the look finds what the hint missed, as when Redis was away or a file was imported.

use std::time::Duration;

use kernel::base::Base;
use kernel::live::{Heard, Live};
use kernel::tx::Record as _;
use requests::LiveTown;
use requests::reference::ReferenceFact;
use tokio::sync::{broadcast, watch};

/// How long between two looks: a change is known everywhere within this time.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long after a failure: what failed is likely to fail again.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Runs until `stop` turns true.
pub async fn run(base: Base, town: LiveTown, live: Live, mut stop: watch::Receiver<bool>) {
    let mut heard = live.subscribe();
    while !*stop.borrow() {
        let wait = match town.refresh(&base).await {
            Ok(is_changed) => {
                if is_changed {
                    tracing::info!(number = town.get().number(), "reference data was changed and read anew");
                }
                LOOK_EVERY
            }
            Err(error) => {
                tracing::error!(?error, "reference data could not be read anew; it will be tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = change(&mut heard) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Waits for a hint that something was decided, or that hints were lost.
async fn change(heard: &mut broadcast::Receiver<Heard>) {
    loop {
        match heard.recv().await {
            Ok(Heard::Hint(hint)) if hint.subject_kind != ReferenceFact::SUBJECT => {}
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}
