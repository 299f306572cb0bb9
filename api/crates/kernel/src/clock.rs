//! Time enters here (时钟), and nowhere else.

use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound as _, TimeDelta, Utc};

/// A source of instants.
pub trait Clock: Send + Sync + 'static {
    /// The present instant, UTC, cut to microseconds: what PostgreSQL keeps, SQLite must keep too.
    fn now(&self) -> DateTime<Utc>;
}

/// The date in Shanghai at an instant; what case numbers, ages and daily limits go by.
/// ```
/// use kernel::clock::shanghai_date;
/// assert_eq!(shanghai_date("2026-12-31T16:00:00Z".parse()?).to_string(), "2027-01-01");
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[must_use]
pub fn shanghai_date(instant: DateTime<Utc>) -> NaiveDate {
    let there = instant.naive_utc().checked_add_signed(TimeDelta::hours(8));
    there.unwrap_or(NaiveDateTime::MAX).date()
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one door through which time enters")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that stands still until it is moved; for tests and for seeding.
pub struct MovableClock(Mutex<DateTime<Utc>>);

impl MovableClock {
    /// A clock that stands at an instant.
    #[must_use]
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self(Mutex::new(instant.trunc_subsecs(6)))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += by;
    }

    /// Sets the clock.
    pub fn set(&self, instant: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = instant.trunc_subsecs(6);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
