//! The edge over real sockets: `http` the protocol, `socket` the other one, `abuse` what must not hurt.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod abuse;
mod http;
mod raw;
mod socket;
mod toy;
