//! Lines that many watch at once (排队实时): of all on this node who watch the same, one reads; and nobody reads for what happened in
//! another line.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::id::{ServiceItemId, ServiceTicketId};
use kernel::base::Base;
use kernel::error::Result;
use kernel::live::Hint;
use kernel::look::{Looks, Remembered};
use kernel::tx::Record as _;

use crate::fact::TicketFact;
use crate::store::{self, Queue};

/// Lines that people on this node watch (本节点的观看).
#[derive(Default)]
pub struct Watched {
    lines: Looks<(ServiceItemId, NaiveDate), Queue>,
    /// For which service numbers are.
    services: Remembered<ServiceItemId>,
}

impl Watched {
    /// A line as it is now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(&self, base: &Base, service: ServiceItemId, on: NaiveDate) -> Result<Arc<Queue>> {
        let read = async |(service, on): (ServiceItemId, NaiveDate)| {
            let mut queues = store::queues(base.db.reader(), &[service], on).await?;
            Ok(queues.remove(&service).unwrap_or_default())
        };
        self.lines.at((service, on)).now(read).await
    }

    /// Whether a line may have changed by what happened: one statement at most, whoever asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn may_concern(&self, base: &Base, service: ServiceItemId, hint: &Hint) -> Result<bool> {
        let read = async || store::service_of(base.db.reader(), ServiceTicketId(hint.subject)).await;
        self.services.may_concern(hint.subject, service, read).await
    }
}

/// Whether a line may have changed by what happened.
#[must_use]
pub fn may_move_lines(hint: &Hint) -> bool {
    hint.subject_kind == TicketFact::SUBJECT
}
