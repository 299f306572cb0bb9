//! Time in pieces that can be occupied (时间格): quarters of an hour, and runs of them.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::error::UserError;

/// Length of a granule.
pub const GRANULE: TimeDelta = TimeDelta::minutes(15);
const SECONDS: i64 = 15 * 60;

/// A quarter of an hour by its place since 1970 (时间格): two who want the same piece of a space want the same granules. Shanghai is
/// eight whole hours ahead of UTC, so that a quarter there is one here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Granule(pub i32);

impl Granule {
    /// The granule that begins at an instant; `None` between two, and further away than anybody plans.
    #[must_use]
    pub fn at(instant: DateTime<Utc>) -> Option<Self> {
        let is_whole = instant.timestamp().rem_euclid(SECONDS) == 0 && instant.timestamp_subsec_nanos() == 0;
        let place = i32::try_from(instant.timestamp().div_euclid(SECONDS)).ok();
        place.filter(|_| is_whole).map(Self)
    }

    /// The granule that runs at an instant; the last one there is for what lies further away than anybody plans.
    #[must_use]
    pub fn of(instant: DateTime<Utc>) -> Self {
        Self(i32::try_from(instant.timestamp().div_euclid(SECONDS)).unwrap_or(i32::MAX))
    }

    /// When it begins.
    #[must_use]
    pub fn begins(self) -> DateTime<Utc> {
        DateTime::from_timestamp(i64::from(self.0) * SECONDS, 0).unwrap_or_default()
    }

    fn later(self, by: i32) -> Self {
        Self(self.0.saturating_add(by))
    }
}

/// Why a time cannot be occupied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// It begins or ends between two granules.
    #[error("not on a quarter of an hour")]
    OffGrid,
    /// It ends when it begins, or before.
    #[error("ends before it begins")]
    Empty,
}

/// A run of granules (时段): from the first one up to the last one, which it does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    from: Granule,
    to: Granule,
}

impl Span {
    /// The run between two instants.
    ///
    /// # Errors
    /// [`SpanError`].
    pub fn between(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Self, SpanError> {
        let (from, to) = Granule::at(from).zip(Granule::at(to)).ok_or(SpanError::OffGrid)?;
        Self::of(from, to).ok_or(SpanError::Empty)
    }

    /// The run that somebody asks for.
    ///
    /// # Errors
    /// `INVALID` at `startsAt` or `endsAt`.
    pub fn asked(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Self, UserError> {
        Self::between(from, to).map_err(|error| match error {
            SpanError::OffGrid => UserError::because("startsAt", "not_a_quarter"),
            SpanError::Empty => UserError::because("endsAt", "before_start"),
        })
    }

    /// The run from one granule up to another; `None` when nothing lies between.
    #[must_use]
    pub fn of(from: Granule, to: Granule) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    /// Its first granule.
    #[must_use]
    pub fn first(self) -> Granule {
        self.from
    }

    /// The granule with which it is over.
    #[must_use]
    pub fn end(self) -> Granule {
        self.to
    }

    /// How many granules it holds.
    #[must_use]
    pub fn count(self) -> i32 {
        self.to.0 - self.from.0
    }

    /// When it begins.
    #[must_use]
    pub fn begins(self) -> DateTime<Utc> {
        self.from.begins()
    }

    /// When it is over.
    #[must_use]
    pub fn ends(self) -> DateTime<Utc> {
        self.to.begins()
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> TimeDelta {
        self.ends() - self.begins()
    }

    /// What it holds, in order.
    pub fn granules(self) -> impl Iterator<Item = Granule> {
        (self.from.0..self.to.0).map(Granule)
    }

    /// The same with granules before and after it that nobody else may have (缓冲).
    #[must_use]
    pub fn with_buffers(self, before: i32, after: i32) -> Self {
        Self { from: self.from.later(-before.max(0)), to: self.to.later(after.max(0)) }
    }

    /// The same so many days later, or earlier (平移).
    #[must_use]
    pub fn days_later(self, days: i32) -> Self {
        let by = days.saturating_mul(24 * 4);
        Self { from: self.from.later(by), to: self.to.later(by) }
    }

    /// Whether two have a granule in common; that one begins where the other is over is none.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// Whether all of another lies in it.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

/// Runs of granules, apart from one another and in order (时段集合).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = Span> {
        self.0.iter().copied()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them holds all of a span.
    #[must_use]
    pub fn hold(&self, span: Span) -> bool {
        self.0.iter().any(|own| own.holds(span))
    }

    /// What is left without another's granules.
    #[must_use]
    pub fn without(&self, other: Span) -> Self {
        let left = self.0.iter().flat_map(|own| {
            let before = Span::of(own.from, own.to.min(other.from));
            let after = Span::of(own.from.max(other.to), own.to);
            [before, after]
        });
        Self(left.flatten().collect())
    }
}

impl FromIterator<Span> for Spans {
    /// Those that touch or overlap become one.
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        let sorted: BTreeSet<Span> = spans.into_iter().collect();
        let mut joined: Vec<Span> = Vec::with_capacity(sorted.len());
        for span in sorted {
            match joined.last_mut() {
                Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
                _ => joined.push(span),
            }
        }
        Self(joined)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(from: i32, to: i32) -> Span {
        Span::of(Granule(from), Granule(to)).unwrap()
    }

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        prop::collection::vec((0..90_i32, 1..9_i32).prop_map(|(from, length)| span(from, from + length)), 0..12)
    }

    fn held(spans: &Spans) -> BTreeSet<Granule> {
        spans.iter().flat_map(Span::granules).collect()
    }

    #[test]
    fn times_are_on_quarters_and_run_forward() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (eight, nine) = (at("2026-11-23T00:00:00Z"), at("2026-11-23T01:00:00Z"));
        let hour = Span::between(eight, nine).unwrap();
        assert_eq!((hour.begins(), hour.ends(), hour.granules().count()), (eight, nine, 4));
        assert_eq!(Span::between(nine, eight), Err(SpanError::Empty));
        assert_eq!(Span::between(eight, eight), Err(SpanError::Empty));
        for off in ["2026-11-23T00:10:00Z", "2026-11-23T00:15:00.000001Z", "2026-11-23T00:15:01Z"] {
            assert_eq!(Span::between(eight, at(off)), Err(SpanError::OffGrid), "{off}");
        }
        assert_eq!(Span::between(eight, DateTime::<Utc>::MAX_UTC), Err(SpanError::OffGrid));
    }

    proptest! {
        #[test]
        fn joined_they_hold_the_same_and_lie_apart(all in spans()) {
            let joined: Spans = all.iter().copied().collect();
            prop_assert_eq!(held(&joined), all.iter().flat_map(|span| span.granules()).collect());
            let parts: Vec<Span> = joined.iter().collect();
            prop_assert!(parts.windows(2).all(|pair| pair[0].to < pair[1].from));
        }

        #[test]
        fn what_is_taken_away_is_held_no_more_and_nothing_else_is_lost(all in spans(), from in 0..90_i32, length in 1..20_i32) {
            let (joined, away) = (all.into_iter().collect::<Spans>(), span(from, from + length));
            let left = joined.without(away);
            let expected: BTreeSet<Granule> = held(&joined).into_iter().filter(|own| away.granules().all(|taken| taken != *own)).collect();
            prop_assert_eq!(held(&left), expected);
            prop_assert!(left.iter().all(|span| !span.overlaps(away)));
        }

        #[test]
        fn overlap_is_a_granule_in_common(a in 0..40_i32, b in 1..9_i32, c in 0..40_i32, d in 1..9_i32) {
            let (one, other) = (span(a, a + b), span(c, c + d));
            let is_shared = one.granules().any(|own| other.granules().any(|its| own == its));
            prop_assert_eq!(one.overlaps(other), is_shared);
            prop_assert_eq!(one.holds(other), other.granules().all(|its| one.granules().any(|own| own == its)));
        }
    }
}
