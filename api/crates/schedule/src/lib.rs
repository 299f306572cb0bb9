//! One engine for what is scarce (排期): rooms that two may not have at once, seats that are few, people who cannot be in two places.
//!
//! Time is cut into quarters of an hour ([`span`]); when a space is open follows from rules, exceptions and closures ([`opening`]);
//! with a space all that lies in it is had ([`space`]), or one of its places ([`claim`]); what may still be had of it is a slot ([`slot`]); who came too late waits
//! ([`waitlist`]); who comes scans a code that no picture of it replaces ([`code`]); how somebody keeps to what was agreed stands in
//! a ledger ([`credit`]); what recurs is had on many dates at once ([`series`]). Who has a piece in the end, the keys of two tables
//! decide ([`store`]).

pub mod claim;
pub mod code;
pub mod credit;
pub mod opening;
pub mod series;
pub mod slot;
pub mod space;
pub mod span;
pub mod store;
pub mod waitlist;
