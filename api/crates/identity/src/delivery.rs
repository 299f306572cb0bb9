//! One-time codes on their way (验证码投递): a request only queues a code; it is sent beside the requests, by one node at a
//! time, again and again until it is handed over or too old. At least once: an answer that is lost sends the same code twice.

use std::pin::Pin;

use chrono::{DateTime, TimeDelta, Utc};
use entity::delivery;
use entity::enums::{DeliveryKind, DeliveryState};
use entity::id::DeliveryId;
use futures_util::future::join_all;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};

use crate::phone::Phone;
use crate::store::{self, PAYLOAD};

/// Codes sent at once.
const AT_ONCE: u64 = 20;
/// Time before the second attempt; each wait is twice the one before. Longer than a sender may take.
const AGAIN_AFTER: TimeDelta = TimeDelta::seconds(8);

/// A code and whose it is. It has no `Debug`: neither belongs in a log.
pub struct Message {
    /// To whom.
    pub phone: Phone,
    /// Six digits.
    pub code: String,
    /// Minutes it can still be used, begun ones counted.
    pub minutes: i64,
}

/// Why a code was not sent, as a stable word for operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// It may go better later.
    Later(&'static str),
    /// It will not go better with this message.
    Never(&'static str),
}

/// What came of one attempt.
pub type Outcome = std::result::Result<(), NotSent>;

/// A sending that goes on.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// Where codes go (验证码通道). The edge to SMS providers.
pub trait CodeSender: Send + Sync + 'static {
    /// Hands a code to whoever carries it, within few seconds.
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a>;
}

/// What is sealed in a row.
#[derive(Serialize, Deserialize)]
struct Payload {
    phone: String,
    code: String,
}

/// Queues a code.
pub(crate) async fn queue(base: &Base, phone: &Phone, code: &str, expires: DateTime<Utc>) -> Result<()> {
    let payload = serde_json::to_string(&Payload { phone: phone.e164().to_owned(), code: code.to_owned() })?;
    base.write(&Actor::Anonymous, &(payload, expires), |tx, (payload, expires)| {
        Box::pin(async move { store::queue(tx, DeliveryKind::SmsCode, payload, *expires).await })
    })
    .await?;
    base.delivery_queued.notify_one();
    Ok(())
}

/// Whether any code waits to be sent or given up: a look without a lock.
///
/// # Errors
/// When the database does not answer.
pub async fn is_any_due(base: &Base) -> Result<bool> {
    store::is_any_due(base).await
}

/// Takes codes that are due, for [`send`]; gives up those that are too old. The caller sees to it that one node does this at a
/// time.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(tx: &Tx) -> Result<Vec<delivery::Model>> {
    let dead = store::give_up_expired(tx).await?;
    if dead > 0 {
        tracing::warn!(dead, "one-time codes were not sent while they could be used");
    }
    store::claim(tx, AT_ONCE, again_after).await
}

/// How long after an attempt the next one begins.
fn again_after(attempts: i32) -> TimeDelta {
    AGAIN_AFTER * (1 << (attempts - 1).clamp(0, 6))
}

/// Sends what was claimed, all at once, and notes in one go what came of it.
///
/// # Errors
/// When the database does not answer; then the codes are sent again.
pub async fn send(base: &Base, sender: &dyn CodeSender, claimed: &[delivery::Model]) -> Result<()> {
    if claimed.is_empty() {
        return Ok(());
    }
    let sent = join_all(claimed.iter().map(|row| send_one(base, sender, row))).await;
    base.write(&Actor::System, &sent, |tx, sent| {
        Box::pin(async move {
            for (id, outcome) in sent {
                settle(tx, *id, *outcome).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn send_one(base: &Base, sender: &dyn CodeSender, row: &delivery::Model) -> (DeliveryId, Outcome) {
    let outcome = match message(base, row) {
        Ok(message) => sender.send(&message).await,
        Err(error) => {
            tracing::error!(delivery = %row.id, error = format!("{error:#}"), "a queued code does not open");
            Err(NotSent::Never("SEALED"))
        }
    };
    if let Err(why) = outcome {
        tracing::warn!(delivery = %row.id, attempts = row.attempts, ?why, "a one-time code was not sent");
    }
    (row.id, outcome)
}

async fn settle(tx: &Tx, id: DeliveryId, outcome: Outcome) -> Result<()> {
    match outcome {
        Ok(()) => store::settle(tx, id, DeliveryState::Sent, None).await,
        Err(NotSent::Later(why)) => store::note_error(tx, id, why).await,
        Err(NotSent::Never(why)) => store::settle(tx, id, DeliveryState::Dead, Some(why)).await,
    }
}

fn message(base: &Base, row: &delivery::Model) -> anyhow::Result<Message> {
    let sealed = row.payload_sealed.as_deref().unwrap_or_default();
    let payload: Payload = serde_json::from_str(&base.vault.open(PAYLOAD, sealed)?)?;
    let left = row.expires_at - base.clock.now();
    let minutes = (left.num_seconds() + 59).div_euclid(60).max(1);
    Ok(Message { phone: Phone::from_stored(payload.phone), code: payload.code, minutes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_thin_out_and_there_are_five_within_the_life_of_a_code() {
        let waits: Vec<i64> = (1..=5).map(|attempts| again_after(attempts).num_seconds()).collect();
        assert_eq!(waits, [8, 16, 32, 64, 128]);
        assert!(waits.iter().take(4).sum::<i64>() < crate::code::LIFE.num_seconds());
        assert_eq!(again_after(100), again_after(7));
    }
}
