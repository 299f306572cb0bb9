//! A circuit breaker (熔断): who fails again and again is left alone for a while, then tried once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Failures in a row that open it.
pub(crate) const FAILURES: u32 = 5;
/// How long it stays open before one call is let through.
pub(crate) const REST: TimeDelta = TimeDelta::seconds(30);

/// Counts failures of one third party, in this process.
#[derive(Default)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Clone, Copy, Default)]
struct State {
    failures: u32,
    /// Until when calls are refused.
    open_until: Option<DateTime<Utc>>,
}

impl Breaker {
    /// Whether a call may be made. After the rest one may; the others wait for what comes of it, as long as another rest.
    pub(crate) fn admits(&self, now: DateTime<Utc>) -> bool {
        let mut state = self.state();
        match state.open_until {
            Some(until) if now < until => false,
            Some(_) => {
                state.open_until = Some(now + REST);
                true
            }
            None => true,
        }
    }

    /// A call was answered, whatever the answer says.
    pub(crate) fn answered(&self) {
        *self.state() = State::default();
    }

    /// A call was not answered, or not in the language agreed upon. Tells whether that opened it.
    pub(crate) fn failed(&self, now: DateTime<Utc>) -> bool {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        let opens = state.failures >= FAILURES;
        if opens {
            state.open_until = Some(now + REST);
        }
        opens
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_in_a_row_and_tries_once_after_a_rest() {
        let (breaker, start) = (Breaker::default(), DateTime::UNIX_EPOCH);
        for _ in 1..FAILURES {
            assert!(breaker.admits(start) && !breaker.failed(start));
        }
        breaker.answered();
        for _ in 1..FAILURES {
            assert!(breaker.admits(start) && !breaker.failed(start), "an answer makes it forget");
        }
        assert!(breaker.admits(start) && breaker.failed(start));
        assert!(!breaker.admits(start) && !breaker.admits(start + REST - TimeDelta::milliseconds(1)));
        assert!(breaker.admits(start + REST), "one is tried");
        assert!(!breaker.admits(start + REST), "and only one");
        assert!(breaker.failed(start + REST), "one more failure is enough");
        assert!(!breaker.admits(start + REST + REST - TimeDelta::milliseconds(1)));
        assert!(breaker.admits(start + REST + REST));
        breaker.answered();
        assert!(breaker.admits(start + REST + REST));
    }
}
