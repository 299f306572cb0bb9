//! What client developers rely on. The files beside this one are reviewed; `UPDATE_EXPECT=1 tests/run contract` rewrites them.

mod access;
mod codes;
mod matrix;
mod party_wall;
pub mod plans;
pub mod quiet;
mod schema;
mod statements;
mod strangers;
