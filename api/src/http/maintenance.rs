//! Maintenance (系统维护): the product is closed for a while, to all but those who look whether all is well.

use chrono::{DateTime, Utc};

use super::{ClientInfo, Code, Edge, Host, answer::Fault, limits::Measure};

/// That the product is closed, and what a client is told (维护通知).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maintenance {
    /// When it is to end.
    pub until: DateTime<Utc>,
    /// When to try again, in milliseconds from now: it may end early.
    pub retry_after_ms: u64,
    /// What to tell people, in the client's language; a constant sentence where `None`.
    pub note: Option<String>,
}

impl<E, H: Host> Edge<E, H> {
    /// Turns away who does not pass while the product is closed. `operation` is what is asked for, where that is known.
    ///
    /// # Errors
    /// `MAINTENANCE`.
    pub(super) fn check_open(
        &self,
        actor: &H::Actor,
        operation: Option<&Measure>,
        client: &ClientInfo,
    ) -> Result<(), Fault> {
        match self.host.maintenance(client) {
            Some(closed) if !self.host.passes_maintenance(actor, operation) => Err(closed.into()),
            _ => Ok(()),
        }
    }

    /// Why somebody was not identified: while the product is closed, what cannot be found out is no news.
    pub(super) fn or_closed(&self, fault: Fault, client: &ClientInfo) -> Fault {
        let closed = self.host.maintenance(client).filter(|_| fault.code == Code::Unavailable);
        closed.map_or(fault, Into::into)
    }
}
