//! Who belongs to the party, and to which of its organisations (党员信息): sensitive personal information (个人信息保护法 §28) and
//! internal material at once, behind a wall of its own. No administrative role opens it.
//!
//! ```text
//!   the organisation's file ──► a line of its roster ── the person of that number confirms ──► bound to an account
//!                                     ▲                                                           │
//!                                     └── released, or the consent taken back ────────────────────┘
//! ```
//! A roster is read by the secretary of that organisation, and by the party's staff of it or of one above; each read leaves a
//! line in the audit chain. Nobody searches, by name or by number: a person is bound by the roster and by the own
//! confirmation. Numbers of identity cards and files of applicants are kept nowhere.
//!
//! Nothing of it becomes a fact: facts are told to others.

mod file;
mod policy;
pub mod privacy;
mod service;
mod store;

pub use file::{DUTY, File, HEADING, RowError, RowProblem};
pub use policy::{Organization, OrganizationAction};
pub use service::{Imported, Roster, check, confirm, import, release, roster, unbind};
pub use store::{
    Expected, Member, accounts_of, are_within, bound_to, bound_within, circle_of, expected, invitations_of,
    is_expected, membership_of, names_for, organization, organizations, organizations_by_ids, sealed_tables,
};
