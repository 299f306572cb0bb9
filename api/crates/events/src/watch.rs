//! Doors of events that many watch at once (签到实时): of all on this node who watch the same, one reads; and nobody reads for what happened at
//! another door.

use std::sync::Arc;

use entity::id::EventId;
use kernel::base::Base;
use kernel::error::Result;
use kernel::live::Hint;
use kernel::look::{Looks, Remembered};
use kernel::tx::Record as _;

use crate::attending::Tally;
use crate::fact::{AttendanceFact, EventFact, RegistrationFact};
use crate::store;

/// Doors that people on this node watch (本节点的观看).
#[derive(Default)]
pub struct Watched {
    doors: Looks<EventId, Tally>,
    /// To which event lines and registrations belong.
    events: Remembered<EventId>,
}

impl Watched {
    /// Who is there now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(&self, base: &Base, event: EventId) -> Result<Arc<Tally>> {
        let read = async |event: EventId| {
            let mut tallies = store::tallies(base.db.reader(), &[event]).await?;
            Ok(tallies.remove(&event).unwrap_or_default())
        };
        self.doors.at(event).now(read).await
    }

    /// Whether who is there may have changed by what happened: one statement at most, whoever asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn may_concern(&self, base: &Base, event: EventId, hint: &Hint) -> Result<bool> {
        if hint.subject_kind == EventFact::SUBJECT {
            return Ok(hint.subject == event.0);
        }
        let read = async || store::event_of(base, hint).await;
        self.events.may_concern(hint.subject, event, read).await
    }
}

/// Whether who is there may have changed by what happened.
#[must_use]
pub fn may_move_doors(hint: &Hint) -> bool {
    [AttendanceFact::SUBJECT, RegistrationFact::SUBJECT, EventFact::SUBJECT].contains(&hint.subject_kind.as_str())
}
