//! Chance of the made-up town (骰子): small numbers from a seeded source.

use kernel::chance::{Chance as _, SeededChance};

/// Draws small numbers; the same ones for the same seed.
pub(in crate::seed) struct Dice(SeededChance);

impl Dice {
    pub(in crate::seed) fn new(seed: u64) -> Self {
        Self(SeededChance::new(seed))
    }

    /// A number from 0 up to, but without, `end`; 0 when `end` is 0.
    pub(in crate::seed) fn below(&self, end: usize) -> usize {
        let mut bytes = [0; 8];
        // The seeded source never fails.
        let _ = self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % (end.max(1) as u64)).unwrap_or_default()
    }

    /// A number of minutes from `from` to `to`, both included.
    pub(in crate::seed) fn minutes(&self, from: u32, to: u32) -> u32 {
        from + u32::try_from(self.below((to - from) as usize + 1)).unwrap_or_default()
    }

    /// Whether something that happens so often in a hundred happens now.
    pub(in crate::seed) fn percent(&self, often: usize) -> bool {
        self.below(100) < often
    }

    /// One of several; there is at least one.
    pub(in crate::seed) fn pick<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Another order.
    pub(in crate::seed) fn shuffle<T>(&self, cards: &mut [T]) {
        for last in (1..cards.len()).rev() {
            cards.swap(last, self.below(last + 1));
        }
    }
}
