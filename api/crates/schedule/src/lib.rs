//! One engine for what is scarce (排期): rooms that two may not have at once, seats that are few, people who cannot be in two places.
//!
//! Time is cut into quarters of an hour ([`span`]); when a space is open follows from rules, exceptions and closures ([`opening`]);
//! with a space all that lies in it is had ([`space`]); what may still be had of it is a slot ([`slot`]); who came too late waits
//! ([`waitlist`]).

pub mod opening;
pub mod slot;
pub mod space;
pub mod span;
pub mod waitlist;
