//! Live fan-out (实时推送): a hint for each numbered fact, from the one relay to every node's subscribers.
//!
//! Hints may be lost (Redis keeps nothing); a subscriber that missed some is told to look again.

use std::time::Duration;

use entity::fact;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

use crate::redis::Redis;

/// Channel of the hints.
const CHANNEL: &str = "facts";
/// Hints a slow subscriber may lag behind before it is told to look again.
const BACKLOG: usize = 1024;
/// Wait before listening again.
const AGAIN_AFTER: Duration = Duration::from_millis(500);

/// That something happened to a subject: nothing about it but where to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// Number of the fact.
    pub seq: i64,
    /// Kind of subject.
    pub subject_kind: String,
    /// The subject.
    pub subject: Uuid,
    /// The subject's version after it.
    pub version: i32,
    /// Kind of fact.
    pub kind: String,
}

/// What a subscriber hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Something happened.
    Hint(Hint),
    /// Hints may have been lost: look at everything again.
    Resync,
}

/// This node's subscribers (本节点的订阅者). Cheap to clone.
#[derive(Clone)]
pub struct Live(broadcast::Sender<Heard>);

impl Default for Live {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Live {
    /// Listens; each subscriber hears what happens from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Heard> {
        self.0.subscribe()
    }

    /// Passes hints from Redis to the subscribers until `stop` turns true. After a break, everybody is told to look again.
    pub async fn run(&self, redis: Redis, mut stop: watch::Receiver<bool>) {
        let mut is_first = true;
        while !*stop.borrow() {
            tokio::select! {
                _ = stop.changed() => {}
                () = self.listen(&redis, &mut is_first) => {}
            }
            if !*stop.borrow() {
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        }
    }

    async fn listen(&self, redis: &Redis, is_first: &mut bool) {
        let Ok(mut channel) = redis.listen().await else { return };
        if channel.subscribe(redis.key(CHANNEL)).await.is_err() {
            return;
        }
        if !std::mem::take(is_first) {
            let _ = self.0.send(Heard::Resync);
        }
        let mut messages = channel.on_message();
        while let Some(message) = messages.next().await {
            let hint = message.get_payload::<String>().ok().and_then(|text| serde_json::from_str(&text).ok());
            // Nobody listening is not an error.
            let _ = self.0.send(hint.map_or(Heard::Resync, Heard::Hint));
        }
    }
}

/// Tells every node of numbered facts.
pub async fn publish(redis: &Redis, facts: &[fact::Model]) {
    let hint = |fact: &fact::Model| Hint {
        seq: fact.seq.unwrap_or_default(),
        subject_kind: fact.subject_kind.clone(),
        subject: fact.subject_id,
        version: fact.version,
        kind: fact.kind.clone(),
    };
    tell(redis, &facts.iter().map(hint).collect::<Vec<_>>()).await;
}

/// Tells every node. A lost message is no loss: hints are only where to look.
pub async fn tell(redis: &Redis, hints: &[Hint]) {
    let mut commands = ::redis::pipe();
    for hint in hints {
        if let Ok(text) = serde_json::to_string(hint) {
            commands.cmd("PUBLISH").arg(redis.key(CHANNEL)).arg(text).ignore();
        }
    }
    if !hints.is_empty() {
        let _ = redis.send::<()>(&commands).await;
    }
}
