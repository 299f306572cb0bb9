//! Who lives where (居住认证), and who may act for whom (代办授权).
//!
//! ```text
//!   ── APPLIED ── verify ──► VERIFIED ── end, or its year is over ──► EXPIRED
//!        │  └──── reject ──► REJECTED                                   ▲
//!        └────────────────── end: taken back ───────────────────────────┘
//!
//!   ── INVITED ── accept ──► ACTIVE ── end, by either side ──► ENDED
//!        │                      └───── its time is over ─────► EXPIRED
//!        └── as ACTIVE: declined, taken back, or lapsed
//! ```
//! A residence lies in a self-government grid (自治网格, a neighbourhood); a compound or building may be named where the map
//! has it. A proxy names cases of requests by their ids only: whose they are, that slice knows.
//!
//! What a verified residence or a proxy opens is asked of the database each time ([`homes_of`], [`live_proxies`],
//! [`is_verified_in`]), so that an end bites at once and a lapse to the second.

mod command;
mod fact;
mod lost_phone;
mod policy;
pub mod privacy;
mod service;
mod store;
mod verbs;
mod workflow;

pub use command::{Apply, Decide, GrantProxy, RawApply, RawGrantProxy, RawReject, Reject};
pub use fact::{ProxyFact, ResidenceFact};
pub use lost_phone::{RawReplacePhone, ReplacePhone, replace_lost_phone};
pub use policy::{Proxy, ProxyAction, Residence, ResidenceAction};
pub use service::{Principal, accept_proxy, apply, end_proxy, end_residence, expire, grant_proxy, reject, verify};
pub use store::{
    Flat, agent_phone_of, agents_of, applications, flat_of, follow_area, grids_of, homes_of, is_verified_in,
    live_proxies, proxies_by_ids, proxies_of, residence_by_id, residences_of, sealed_tables, verified_homes,
};
pub use verbs::{ProxyVerb, Verbs};
pub use workflow::{proxy_actions, residence_actions};
