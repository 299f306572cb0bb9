//! The black box: every promise of the product, kept over real sockets. `tests/run` runs it.
//!
//! | where | what |
//! | --- | --- |
//! | `identity`, `requests`, `residents`, `party`, `notifications`, `flows`, `stats`, `hotline`, `live`, … | stories: one promise to a person each, on both engines |
//! | `contract` | what client developers rely on: schema, codes, who may call what |
//! | `bad_input` | every field of every mutation, filled with nonsense |
//! | `edge` | the protocols, against a toy product with every kind of trouble |
//! | `redis`, `migrations`, `process` | the embedded Redis, the tables, the binary |
//! | `demo` | the made-up town is the same each time, and true to its figures |
//! | `tidy` | house rules |
//! | `support` | the town that stories happen in |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails; it may look at the real clock and start what it likes"
)]

mod support;

mod areas;
mod bad_input;
mod bookings;
mod contract;
mod demo;
mod directory;
mod edge;
mod events;
mod feeds;
mod flows;
mod grids;
mod hotline;
mod identity;
mod live;
mod migrations;
mod notifications;
mod party;
mod process;
mod queue;
mod redis;
mod reference;
mod requests;
mod residents;
mod scenarios;
mod stats;
mod tidy;
