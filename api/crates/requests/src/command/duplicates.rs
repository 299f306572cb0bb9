//! What is sent about a matter that was reported many times.

use super::*;

/// A merge (并案), into another case.
#[derive(Clone, Copy, Debug)]
pub struct Merge {
    /// Which case.
    pub on: Target,
    /// Into which; it goes on.
    pub into: Target,
}

/// Following a case of others (关注), or no more.
#[derive(Clone, Copy, Debug)]
pub struct Follow {
    /// Which case.
    pub on: Target,
}
