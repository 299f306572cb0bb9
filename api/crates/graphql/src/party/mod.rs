//! 党员信息 / Membership of the party on the wire, behind its wall.

mod mutations;
mod queries;
mod types;

pub use mutations::PartyMutation;
pub use queries::PartyQuery;
pub(crate) use queries::{invitations, membership};
pub use types::{
    PartyInvitation, PartyMembership, PartyOrganization, PartyRosterConnection, PartyRosterEdge, PartyRosterMember,
};
