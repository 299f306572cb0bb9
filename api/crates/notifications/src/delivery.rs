//! When a push is due (推送时机): never in quiet hours, three a day at most, and what presses at once.

use chrono::{DateTime, TimeDelta, Utc};

use crate::preferences::Wishes;

/// Shanghai is ahead of UTC by this, all the year.
const SHANGHAI: TimeDelta = TimeDelta::hours(8);
/// From when on, in Shanghai, nobody is woken (免打扰): 21:30.
const QUIET_FROM: TimeDelta = TimeDelta::minutes(21 * 60 + 30);
/// Until when: 07:30.
const QUIET_UNTIL: TimeDelta = TimeDelta::minutes(7 * 60 + 30);
/// Pushes that a person gets in a day at most; a digest is one.
pub const A_DAY: u32 = 3;
/// What happened longer ago is no news: it is in the inbox only.
pub const NEWS: TimeDelta = TimeDelta::hours(24);

/// What is to be pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// Goes out at any hour, and beside the count: red, or an emergency.
    pub is_urgent: bool,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Until when it is of use to hear of it, e.g. an offer.
    pub until: Option<DateTime<Utc>>,
}

/// What a person gets anyway; what is urgent is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Pushes that went out or are due on the present day in Shanghai, its digest counted as one.
    pub today: u32,
    /// Whether a push of its own waits for the next end of the quiet hours.
    pub has_morning: bool,
}

/// When to push (推送决定).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// At once.
    Now,
    /// By itself, when the quiet hours end.
    At(DateTime<Utc>),
    /// With others as one, when the quiet hours end.
    Digest(DateTime<Utc>),
    /// Not at all.
    Never,
}

/// Decides when a push is due.
#[must_use]
pub fn deliver(news: &News, wishes: Wishes, planned: Planned, now: DateTime<Utc>) -> Verdict {
    if !wishes.has_push() || news.at + NEWS < now {
        return Verdict::Never;
    }
    let (verdict, at) = match next_morning(now) {
        _ if news.is_urgent => (Verdict::Now, now),
        morning if is_quiet(now) && !planned.has_morning => (Verdict::At(morning), morning),
        morning if is_quiet(now) || planned.today >= A_DAY => (Verdict::Digest(morning), morning),
        _ => (Verdict::Now, now),
    };
    if news.until.is_some_and(|until| until < at) { Verdict::Never } else { verdict }
}

/// Whether an instant lies in the quiet hours.
#[must_use]
pub fn is_quiet(now: DateTime<Utc>) -> bool {
    let time = now - midnight(now);
    time >= QUIET_FROM || time < QUIET_UNTIL
}

/// The next end of the quiet hours.
#[must_use]
pub fn next_morning(now: DateTime<Utc>) -> DateTime<Utc> {
    let morning = midnight(now) + QUIET_UNTIL;
    if now < morning { morning } else { morning + TimeDelta::days(1) }
}

/// When the present day in Shanghai began.
#[must_use]
pub fn midnight(now: DateTime<Utc>) -> DateTime<Utc> {
    let micros = (now + SHANGHAI).timestamp_micros().rem_euclid(TimeDelta::days(1).num_microseconds().unwrap_or(1));
    now - TimeDelta::microseconds(micros)
}

#[cfg(test)]
mod tests;
