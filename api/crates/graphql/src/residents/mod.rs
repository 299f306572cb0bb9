//! 居住认证与代办授权 / Residence and proxies on the wire.

mod enums;
mod inputs;
mod mutations;
mod queries;
mod types;

pub use mutations::ResidentMutation;
pub use queries::ResidentQuery;
pub(crate) use queries::{proxy_grants, residences};
pub use types::{ProxyGrant, Residence, ResidenceConnection, ResidenceEdge};
