//! When who is warned, and how many people raise a case how far: each one list, decided as a whole.

use entity::enums::Priority;
use serde::{Deserialize, Serialize};

/// Code of the one ladder of warnings (预警阶梯).
pub const LADDER: &str = "LADDER";
/// Code of the one list of what many people make of a case (人数升级规则).
pub const RAISES: &str = "RAISES";

/// So many people raise a case so far (人数升级规则).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raise {
    /// People who report or follow it, at least.
    pub people: i32,
    /// Its priority from then on, at least.
    pub priority: Priority,
}
