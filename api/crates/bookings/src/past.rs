//! Bookings of the past (往事), for the made-up town: told by the same workflow as for people, and written in batches.

use chrono::{DateTime, Utc};
use entity::enums::BookingApproval;
use entity::id::AccountId;
use entity::{booking, credit_entry, venue};
use kernel::base::Base;
use kernel::bulk::{self, Past};
use kernel::error::Result;
use kernel::tx::{Tx, new_id};

use crate::command::Book;
use crate::fact::BookingFact;
use crate::service::blank;
use crate::workflow::{self, evolve};

pub use crate::workflow::Command;

/// A booking with all that happened to it (一次预约的经过).
#[derive(Clone, Debug)]
pub struct History {
    /// The row as it is in the end.
    pub row: booking::Model,
    /// What happened, in order.
    pub facts: Vec<Past<BookingFact>>,
    /// What it said about how its person keeps to what was agreed.
    pub lines: Vec<credit_entry::Model>,
    approval: BookingApproval,
}

impl History {
    /// Somebody booked a venue at an instant, and got it.
    ///
    /// # Errors
    /// A fault when there is no randomness.
    pub fn begin(
        base: &Base,
        venue: &venue::Model,
        (wanted, account): (&Book, AccountId),
        at: DateTime<Utc>,
    ) -> Result<Self> {
        let row = blank(new_id(base, at)?, venue, wanted, (account, at));
        let row = booking::Model { code: schedule::code::spoken(base)?, ..row };
        let (begins_at, ends_at) = (row.begins_at, row.ends_at);
        let (state, due_at) = workflow::begun(venue.approval, begins_at, at);
        let made = BookingFact::Made { venue: venue.id, account, begins_at, ends_at, state, due_at };
        let mut history = Self { row, facts: Vec::new(), lines: Vec::new(), approval: venue.approval };
        history.tell(base, made, Some(account), at)?;
        Ok(history)
    }

    /// Something was done about it at an instant, by somebody or by the clock.
    ///
    /// # Errors
    /// What the workflow refuses; a fault when there is no randomness.
    pub fn then(&mut self, base: &Base, command: Command, by: Option<AccountId>, at: DateTime<Utc>) -> Result<()> {
        let fact = workflow::decide(&self.row, self.approval, command, by, at)?;
        if let Some(kind) = workflow::credited(&self.row, &fact) {
            let happened_at = workflow::happened_at(&self.row, &fact, at);
            self.lines.push(credit_entry::Model {
                id: new_id(base, at)?,
                account_id: self.row.account_id,
                kind,
                holder: self.row.id.0,
                reverses: None,
                said_by: by,
                at: happened_at,
            });
        }
        self.tell(base, fact, by, at)
    }

    fn tell(&mut self, base: &Base, fact: BookingFact, by: Option<AccountId>, at: DateTime<Utc>) -> Result<()> {
        evolve(&mut self.row, &fact, by, at);
        let (subject, version) = (self.row.id.0, self.row.version);
        self.facts.push(Past { id: new_id(base, at)?, subject, version, actor: by, at, fact });
        Ok(())
    }
}

/// Writes bookings of the past, without their facts: these are numbered in the order of time, by who has them all.
///
/// # Errors
/// When the database refuses a row.
pub async fn insert(tx: &Tx, histories: &[History]) -> Result<()> {
    bulk::insert(tx, &histories.iter().map(|it| it.row.clone()).collect::<Vec<_>>()).await?;
    bulk::insert(tx, &histories.iter().flat_map(|it| it.lines.clone()).collect::<Vec<_>>()).await
}
