//! Spaces within spaces (空间层级): a hall that is parted into halves is the two of them, so that who has the hall has both, and who
//! has one half keeps others from the hall. What is occupied are always the leaves.

use std::collections::{BTreeMap, BTreeSet};

/// How deep spaces may lie within one another: a house, its floors, its halls, their halves, and one to spare.
pub const DEPTH: usize = 5;

/// Why spaces are no tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpaceError {
    /// One lies within itself.
    #[error("a space within itself")]
    Cycle,
    /// They lie too deep within one another.
    #[error("spaces too deep within one another")]
    TooDeep,
    /// One lies within what is none of them.
    #[error("a space within an unknown one")]
    Unknown,
}

/// Spaces, and within which each lies (空间树).
#[derive(Clone, Debug)]
pub struct Spaces<S> {
    within: BTreeMap<S, Option<S>>,
    parts: BTreeMap<S, Vec<S>>,
}

impl<S: Copy + Ord> Spaces<S> {
    /// A tree of spaces, each with the one within which it lies.
    ///
    /// # Errors
    /// [`SpaceError`].
    pub fn of(spaces: impl IntoIterator<Item = (S, Option<S>)>) -> Result<Self, SpaceError> {
        let within: BTreeMap<S, Option<S>> = spaces.into_iter().collect();
        let mut parts: BTreeMap<S, Vec<S>> = BTreeMap::new();
        for (space, outer) in &within {
            if let Some(outer) = outer {
                parts.entry(*outer).or_default().push(*space);
            }
            let mut at = *outer;
            for depth in 0.. {
                match at {
                    None => break,
                    Some(outer) if outer == *space => return Err(SpaceError::Cycle),
                    Some(_) if depth == DEPTH => return Err(SpaceError::TooDeep),
                    Some(outer) => at = *within.get(&outer).ok_or(SpaceError::Unknown)?,
                }
            }
        }
        Ok(Self { within, parts })
    }

    /// What is occupied with a space: the leaves in it, or itself. Nothing for what is unknown.
    #[must_use]
    pub fn leaves(&self, space: S) -> BTreeSet<S> {
        let mut leaves = BTreeSet::new();
        let mut left: Vec<S> = self.within.contains_key(&space).then_some(space).into_iter().collect();
        while let Some(next) = left.pop() {
            match self.parts.get(&next) {
                Some(parts) => left.extend(parts),
                None => {
                    leaves.insert(next);
                }
            }
        }
        leaves
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A house with a hall of two halves, and a room.
    fn house() -> Spaces<u8> {
        Spaces::of([(1, None), (2, Some(1)), (3, Some(2)), (4, Some(2)), (5, Some(1))]).unwrap()
    }

    #[test]
    fn a_hall_is_its_halves() {
        let house = house();
        assert_eq!(house.leaves(1), BTreeSet::from([3, 4, 5]));
        assert_eq!(house.leaves(2), BTreeSet::from([3, 4]));
        assert_eq!(house.leaves(3), BTreeSet::from([3]));
        assert_eq!(house.leaves(9), BTreeSet::new());
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        let of = |spaces: &[(u8, Option<u8>)]| Spaces::of(spaces.iter().copied()).map(|_| ());
        assert_eq!(of(&[(1, Some(1))]), Err(SpaceError::Cycle));
        assert_eq!(of(&[(1, Some(2)), (2, Some(3)), (3, Some(1))]), Err(SpaceError::Cycle));
        assert_eq!(of(&[(1, Some(7))]), Err(SpaceError::Unknown));
        let chain = |depth: u8| (0..=depth).map(|at| (at, at.checked_sub(1))).collect::<Vec<_>>();
        assert_eq!(of(&chain(5)), Ok(()));
        assert_eq!(of(&chain(6)), Err(SpaceError::TooDeep));
    }

    proptest! {
        /// Two spaces share leaves only when one lies within the other: else they may be had at once.
        #[test]
        fn spaces_share_leaves_only_along_a_line(outer in prop::collection::vec(0..6_usize, 1..16)) {
            let spaces = outer.iter().enumerate().map(|(at, outer)| (at, (at > 0).then_some(outer % at.max(1))));
            let Ok(tree) = Spaces::of(spaces.collect::<Vec<_>>()) else { return Ok(()) };
            let lies_within = |mut inner: usize, outer: usize| loop {
                if inner == outer { break true }
                match tree.within[&inner] { Some(next) => inner = next, None => break false }
            };
            for one in 0..outer.len() {
                for other in 0..outer.len() {
                    let is_shared = !tree.leaves(one).is_disjoint(&tree.leaves(other));
                    prop_assert_eq!(is_shared, lies_within(one, other) || lies_within(other, one));
                }
            }
        }
    }
}
