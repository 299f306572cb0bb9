//! What may still be had (可约时段): by when a space is open, what is taken of it, and on which terms. Pure; for people to choose
//! from. Whether they get it, the constraint decides.

use crate::span::{Granule, Span, Spans};

/// On which terms a space is had; lengths in granules (预约规格).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Bookings begin at multiples of this since midnight (起始间隔).
    pub interval: i32,
    /// The shortest.
    pub shortest: i32,
    /// The longest.
    pub longest: i32,
    /// Kept free before each, to make it ready.
    pub before: i32,
    /// Kept free after each, to clean.
    pub after: i32,
}

/// Why a span is not had on these terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// It begins between two starts.
    #[error("begins between two starts")]
    Start,
    /// It is too short.
    #[error("too short")]
    TooShort,
    /// It is too long.
    #[error("too long")]
    TooLong,
}

/// Granules of a day.
const DAY: i32 = 96;
/// Midnight in Shanghai is at this granule of a day in UTC.
const MIDNIGHT: i32 = 64;

impl Terms {
    /// Whether a span is had on these terms; as clients may send any, it is asked of each.
    ///
    /// # Errors
    /// [`TermsError`].
    pub fn fit(&self, span: Span) -> Result<(), TermsError> {
        let length = span.count();
        if !self.is_start(span.first()) {
            return Err(TermsError::Start);
        }
        if length < self.shortest {
            return Err(TermsError::TooShort);
        }
        if length > self.longest { Err(TermsError::TooLong) } else { Ok(()) }
    }

    /// What nobody else may have while somebody has a span.
    #[must_use]
    pub fn kept(&self, span: Span) -> Span {
        span.with_buffers(self.before, self.after)
    }

    fn is_start(&self, granule: Granule) -> bool {
        (granule.0 - MIDNIGHT).rem_euclid(DAY) % self.interval.max(1) == 0
    }
}

/// What may be had of a length, first to last: within opening hours, and free with its buffers, as `is_free` says of a span.
#[must_use]
pub fn free(open: &Spans, terms: &Terms, length: i32, is_free: impl Fn(Span) -> bool) -> Vec<Span> {
    let starts = open.iter().flat_map(Span::granules).filter(|start| terms.is_start(*start));
    let spans = starts.filter_map(|start| Span::of(start, Granule(start.0.saturating_add(length))));
    spans.filter(|span| open.hold(*span)).filter(|span| is_free(terms.kept(*span))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Half hours, up to two hours, with a quarter to clean.
    const TERMS: Terms = Terms { interval: 2, shortest: 2, longest: 8, before: 0, after: 1 };

    fn span(from: i32, length: i32) -> Span {
        Span::of(Granule(MIDNIGHT + from), Granule(MIDNIGHT + from + length)).unwrap()
    }

    fn untaken(taken: &BTreeSet<Granule>) -> impl Fn(Span) -> bool {
        |kept| taken.range(kept.first()..kept.end()).next().is_none()
    }

    #[test]
    fn what_is_taken_keeps_its_buffers_free() {
        let open: Spans = [span(32, 16)].into_iter().collect();
        let taken: BTreeSet<Granule> = TERMS.kept(span(36, 4)).granules().collect();
        let found: Vec<i32> =
            free(&open, &TERMS, 4, untaken(&taken)).iter().map(|span| span.first().0 - MIDNIGHT).collect();
        // From 32 on the cleaning would run into 36; from 40 on the room is cleaned; at 44 the hours end with it.
        assert_eq!(found, [42, 44]);
        let found = free(&open, &TERMS, 2, untaken(&taken));
        assert_eq!(found.first(), Some(&span(32, 2)));
    }

    #[test]
    fn what_a_client_makes_up_is_refused() {
        for (span, expected) in [
            (span(32, 4), Ok(())),
            (span(33, 4), Err(TermsError::Start)),
            (span(32, 1), Err(TermsError::TooShort)),
            (span(32, 9), Err(TermsError::TooLong)),
        ] {
            assert_eq!(TERMS.fit(span), expected, "{span:?}");
        }
    }

    proptest! {
        /// Whatever is offered fits the terms, lies in opening hours, and runs into nothing; and nothing that does is left out.
        #[test]
        fn free_is_all_that_fits(
            hours in prop::collection::vec((0..80_i32, 1..16_i32), 0..4),
            taken in prop::collection::btree_set(0..96_i32, 0..20),
            (interval, length) in (1..5_i32, 2..9_i32),
            (before, after) in (0..3_i32, 0..3_i32),
        ) {
            let open: Spans = hours.into_iter().map(|(from, length)| span(from, length)).collect();
            let taken: BTreeSet<Granule> = taken.into_iter().map(|at| Granule(MIDNIGHT + at)).collect();
            let terms = Terms { interval, before, after, ..TERMS };
            let found = free(&open, &terms, length, untaken(&taken));
            for at in 0..96 {
                let one = span(at, length);
                let fits = terms.fit(one) == Ok(()) && open.hold(one) && terms.kept(one).granules().all(|at| !taken.contains(&at));
                prop_assert_eq!(found.contains(&one), fits, "{}", at);
            }
        }
    }
}
