//! What people send, parsed (指令).

use entity::id::{ServiceItemId, ServiceTicketId};
use kernel::error::Result;
use kernel::target::Seen;
use kernel::text::{line, optional};

/// Characters of a counter's name at most.
const COUNTER: usize = 20;

/// Calls the next one for a service (叫下一号).
#[derive(Clone, Debug)]
pub struct CallNext {
    /// For which service.
    pub service: ServiceItemId,
    /// Where people go.
    pub counter: Option<String>,
}

impl CallNext {
    /// Parses it.
    ///
    /// # Errors
    /// As [`kernel::text::line`], at `counter`.
    pub fn parse(service: ServiceItemId, counter: Option<&str>) -> Result<Self> {
        Ok(Self { service, counter: optional("counter", counter, COUNTER, line)? })
    }
}

/// Calls a certain number, for the first time or again (叫号、重呼).
#[derive(Clone, Debug)]
pub struct Call {
    /// Which.
    pub on: Seen<ServiceTicketId>,
    /// Where people go.
    pub counter: Option<String>,
}

impl Call {
    /// Parses it.
    ///
    /// # Errors
    /// As [`kernel::text::line`], at `counter`.
    pub fn parse(on: Seen<ServiceTicketId>, counter: Option<&str>) -> Result<Self> {
        Ok(Self { on, counter: optional("counter", counter, COUNTER, line)? })
    }
}
