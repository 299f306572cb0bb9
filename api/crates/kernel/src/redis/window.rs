//! Windows that slide (滑动窗口): at most so many in any hour, wherever the hour begins. Exact, and safe among many nodes,
//! without scripts.
//!
//! What was let through is a log of numbered entries, each a key that holds its instant. The next number is claimed by
//! `SET … NX`: whoever claims it has judged by all entries before it, for there was none behind. Whoever comes second looks
//! again. A pointer to the last number is only a hint of where to look.

use chrono::{DateTime, TimeDelta, Utc};

use super::Redis;
use crate::error::{Error, Result};

/// How often others may be faster before this one is told to come back.
const ATTEMPTS: u32 = 64;

/// At most so many in any span of so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many.
    pub limit: usize,
    /// In any span of so many seconds.
    pub seconds: i64,
}

/// Lets one more through when every window has room, and notes it; what is refused is not noted.
///
/// # Errors
/// [`Error::RateLimited`] with the time until there is room; [`Error::Unavailable`] when Redis is gone.
pub async fn admit(redis: &Redis, now: DateTime<Utc>, name: &str, windows: &[Window]) -> Result<()> {
    let longest = windows.iter().map(|window| window.seconds).max().unwrap_or_default();
    let depth = i64::try_from(windows.iter().map(|window| window.limit).max().unwrap_or_default()).unwrap_or(i64::MAX);
    let (head, entry) = (redis.key(&format!("log:{name}")), |number: i64| redis.key(&format!("log:{name}:{number}")));
    for _ in 0..ATTEMPTS {
        let mut commands = ::redis::pipe();
        commands.cmd("GET").arg(&head);
        let (last,): (Option<i64>,) = redis.send(&commands).await?;
        let last = last.unwrap_or_default();
        let mut commands = ::redis::pipe();
        commands.cmd("MGET").arg((last - depth + 1..=last).map(entry).collect::<Vec<_>>());
        let (entries,): (Vec<Option<i64>>,) = redis.send(&commands).await?;
        let past: Vec<i64> = entries.into_iter().flatten().collect();
        if let Some(wait) = wait(&past, now.timestamp_millis(), windows) {
            return Err(Error::RateLimited { retry_after_ms: wait });
        }
        let mut commands = ::redis::pipe();
        commands.atomic();
        commands.cmd("SET").arg(entry(last + 1)).arg(now.timestamp_millis()).arg("NX").arg("EX").arg(longest);
        // Also when somebody else was faster: the number exists either way.
        commands.cmd("SET").arg(&head).arg(last + 1).arg("EX").arg(longest).ignore();
        let (claimed,): (Option<String>,) = redis.send(&commands).await?;
        if claimed.is_some() {
            return Ok(());
        }
    }
    let retry_after_ms = u64::try_from(TimeDelta::seconds(1).num_milliseconds()).unwrap_or_default();
    Err(Error::RateLimited { retry_after_ms })
}

/// How many milliseconds until every window has room for one more after the instants of `past`, oldest first; `None` when
/// they have now. Instants that seem to lie ahead, by the clock of another node, count as now.
fn wait(past: &[i64], now: i64, windows: &[Window]) -> Option<u64> {
    let until = |window: &Window| {
        let first = past.len().checked_sub(window.limit)?;
        let room_at = past.get(first)?.min(&now) + window.seconds * 1000;
        (room_at > now).then(|| room_at - now)
    };
    windows.iter().filter_map(until).max().and_then(|wait| u64::try_from(wait).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WINDOWS: [Window; 3] =
        [Window { limit: 1, seconds: 60 }, Window { limit: 5, seconds: 3600 }, Window { limit: 10, seconds: 86_400 }];

    #[test]
    fn a_window_has_room_again_when_its_oldest_has_left() {
        let minutes = |minutes: &[i64]| minutes.iter().map(|minute| minute * 60_000).collect::<Vec<_>>();
        assert_eq!(wait(&[], 0, &WINDOWS), None);
        assert_eq!(wait(&minutes(&[0]), 59_999, &WINDOWS), Some(1));
        assert_eq!(wait(&minutes(&[0]), 60_000, &WINDOWS), None);
        assert_eq!(wait(&minutes(&[50, 51, 52, 53, 54]), 70 * 60_000, &WINDOWS), Some(40 * 60_000));
        assert_eq!(wait(&minutes(&[50, 51, 52, 53, 54]), 110 * 60_000, &WINDOWS), None);
        assert_eq!(wait(&minutes(&[9]), 0, &WINDOWS), Some(60_000), "a clock that runs behind");
    }

    proptest! {
        /// Whenever somebody asks: no span of any length that a window names holds more than it allows.
        #[test]
        fn no_span_holds_too_many(gaps in prop::collection::vec(0_i64..2_000_000, 1..300)) {
            let (mut now, mut through) = (0_i64, Vec::new());
            for gap in gaps {
                now += gap;
                match wait(&through, now, &WINDOWS) {
                    None => through.push(now),
                    Some(left) => {
                        let left = i64::try_from(left).unwrap();
                        prop_assert!(wait(&through, now + left, &WINDOWS).is_none(), "it says when to come back");
                        prop_assert!(wait(&through, now + left - 1, &WINDOWS).is_some(), "and not later than needed");
                    }
                }
            }
            for window in WINDOWS {
                for span in through.windows(window.limit + 1) {
                    prop_assert!(span[window.limit] - span[0] >= window.seconds * 1000);
                }
            }
        }
    }
}
