//! What is occupied of a space (占用范围), and what of it is taken: a room as a whole, or one of its units, as a chair of a barber or a
//! place in a gym. Pure; whether somebody gets it, the constraint decides.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::span::{Granule, Span};

/// What somebody wants of a space (占用范围).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// All units of each leaf: a hall is its halves.
    Whole(BTreeMap<Uuid, i32>),
    /// Any one unit of a leaf that has several.
    Unit {
        /// Which leaf.
        leaf: Uuid,
        /// How many it has.
        units: i32,
    },
}

impl Claim {
    /// The leaves of which something is wanted.
    #[must_use]
    pub fn leaves(&self) -> BTreeSet<Uuid> {
        match self {
            Self::Whole(leaves) => leaves.keys().copied().collect(),
            Self::Unit { leaf, .. } => BTreeSet::from([*leaf]),
        }
    }

    /// The units of its leaves, in the order in which they are taken.
    pub(crate) fn units(&self) -> Vec<(Uuid, i32)> {
        let of = |(leaf, units): (&Uuid, &i32)| (0..*units).map(|unit| (*leaf, unit)).collect::<Vec<_>>();
        match self {
            Self::Whole(leaves) => leaves.iter().flat_map(of).collect(),
            Self::Unit { leaf, units } => of((leaf, units)),
        }
    }
}

/// Which granules of which units somebody has (已占用).
#[derive(Clone, Debug, Default)]
pub struct Taken(HashMap<(Uuid, i32), BTreeSet<Granule>>);

impl Taken {
    /// The units of a claim that nobody has a piece of during a span.
    pub(crate) fn free_units(&self, claim: &Claim, span: Span) -> Vec<(Uuid, i32)> {
        let is_free = |unit: &(Uuid, i32)| {
            let taken = self.0.get(unit);
            taken.is_none_or(|taken| taken.range(span.first()..span.end()).next().is_none())
        };
        claim.units().into_iter().filter(is_free).collect()
    }

    /// Whether a claim can be had for all of a span.
    #[must_use]
    pub fn is_free(&self, claim: &Claim, span: Span) -> bool {
        let free = self.free_units(claim, span);
        match claim {
            Claim::Whole(_) => free.len() == claim.units().len(),
            Claim::Unit { .. } => !free.is_empty(),
        }
    }

    /// Notes that somebody has it now.
    pub fn take(&mut self, claim: &Claim, span: Span) {
        let mut units = self.free_units(claim, span);
        if let Claim::Unit { .. } = claim {
            units.truncate(1);
        }
        for unit in units {
            self.0.entry(unit).or_default().extend(span.granules());
        }
    }
}

impl FromIterator<(Uuid, i32, Granule)> for Taken {
    fn from_iter<I: IntoIterator<Item = (Uuid, i32, Granule)>>(pieces: I) -> Self {
        let mut taken = Self::default();
        for (leaf, unit, granule) in pieces {
            taken.0.entry((leaf, unit)).or_default().insert(granule);
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GYM: Uuid = Uuid::from_u128(1);
    const HALL: Uuid = Uuid::from_u128(2);

    fn span(from: i32, length: i32) -> Span {
        Span::of(Granule(from), Granule(from + length)).unwrap()
    }

    #[test]
    fn a_place_is_had_while_one_is_free_all_the_time() {
        let place = Claim::Unit { leaf: GYM, units: 2 };
        let house = Claim::Whole([(GYM, 2), (HALL, 1)].into());
        let mut taken = Taken::default();
        assert!(taken.is_free(&house, span(0, 8)));
        taken.take(&place, span(0, 4));
        assert!(taken.is_free(&place, span(0, 8)) && !taken.is_free(&house, span(0, 8)));
        taken.take(&place, span(4, 4));
        // One unit has the first half and the same one the second: the other is free all the time.
        assert!(taken.is_free(&place, span(2, 4)));
        taken.take(&place, span(2, 4));
        assert!(!taken.is_free(&place, span(0, 8)) && !taken.is_free(&place, span(3, 1)));
        assert!(taken.is_free(&place, span(0, 2)) && taken.is_free(&house, span(8, 1)));
    }

    proptest! {
        /// However places are taken, no more are had at once than there are; and what is free for one is not free for the house.
        #[test]
        fn never_more_than_there_are(
            units in 1..5_i32,
            wanted in prop::collection::vec((0..20_i32, 1..6_i32, any::<bool>()), 1..40),
        ) {
            let place = Claim::Unit { leaf: GYM, units };
            let house = Claim::Whole([(GYM, units), (HALL, 1)].into());
            let mut taken = Taken::default();
            let mut had = BTreeMap::<i32, i32>::new();
            for (from, length, is_house) in wanted {
                let (claim, weight) = if is_house { (&house, units) } else { (&place, 1) };
                let at = span(from, length);
                if taken.is_free(claim, at) {
                    taken.take(claim, at);
                    for granule in at.granules() {
                        *had.entry(granule.0).or_default() += weight;
                    }
                    prop_assert_eq!(taken.is_free(&house, at), false);
                }
            }
            prop_assert!(had.values().all(|had| *had <= units), "{:?}", had);
        }
    }
}
