//! When it may happen and what comes of it (状态机): state × command → fact or refusal, and fact → row. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::TicketState as S;
use entity::id::AccountId;
use entity::service_ticket::Model;
use kernel::actor::Actor;
use kernel::error::{Detail, Error, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};
use strum::IntoEnumIterator as _;

use crate::fact::TicketFact;
use crate::policy::{Ticket, TicketAction};

/// Why it may not happen now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not from where it stands; what may happen from there.
    Transition(Vec<&'static str>),
    /// Its day is over.
    TooLate,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Transition(allowed) => {
                UserError::new(UserErrorCode::InvalidTransition).with(Detail::Allowed(allowed)).into()
            }
            Refusal::TooLate => Self::refused(UserErrorCode::DeadlinePassed),
        }
    }
}

/// Whether anything may still come of it by itself.
#[must_use]
pub fn is_live(state: S) -> bool {
    matches!(state, S::Waiting | S::Called)
}

/// What comes of an action on a date.
///
/// # Errors
/// [`Refusal`].
pub fn decide(row: &Model, action: TicketAction, today: NaiveDate) -> Result<TicketFact, Refusal> {
    let is_over = row.on_date < today;
    let Some(fact) = outcome(row.state, action).filter(|fact| is_over || *fact != TicketFact::Expired) else {
        let desk = [TicketAction::Call, TicketAction::Serve, TicketAction::Skip].into_iter();
        let allowed = desk.filter(|next| outcome(row.state, *next).is_some());
        return Err(Refusal::Transition(allowed.map(Into::into).collect()));
    };
    if is_over && fact != TicketFact::Expired { Err(Refusal::TooLate) } else { Ok(fact) }
}

/// What an action makes of a state, whatever the date.
fn outcome(state: S, action: TicketAction) -> Option<TicketFact> {
    use TicketAction as A;
    match (action, state) {
        (A::Call, S::Waiting | S::Called | S::Skipped) => Some(TicketFact::Called),
        (A::Serve, S::Called) => Some(TicketFact::Served),
        (A::Skip, S::Called) => Some(TicketFact::Skipped),
        (A::Cancel, state) if is_live(state) => Some(TicketFact::Cancelled),
        (A::Expire, state) if is_live(state) => Some(TicketFact::Expired),
        _ => None,
    }
}

/// The row as a fact leaves it; `counter` is where people go who are called.
pub fn evolve(
    row: &mut Model,
    fact: &TicketFact,
    (by, counter): (Option<AccountId>, Option<String>),
    now: DateTime<Utc>,
) {
    row.version += 1;
    let over = Some(now);
    (row.state, row.ended_at) = match fact {
        TicketFact::Taken { .. } => (S::Waiting, None),
        TicketFact::Called => (S::Called, None),
        TicketFact::Served => (S::Served, over),
        TicketFact::Skipped => (S::Skipped, over),
        TicketFact::Cancelled => (S::Cancelled, over),
        TicketFact::Expired => (S::Expired, over),
    };
    if *fact == TicketFact::Called {
        row.called_at = over;
        row.called_by = by;
        row.counter = counter.or(row.counter.take());
    }
}

/// What somebody may do with a number now (可办操作).
#[must_use]
pub fn actions(actor: &Actor, ticket: &Ticket, today: NaiveDate) -> Vec<TicketAction> {
    let may = |action: &TicketAction| {
        ticket.decide(actor, *action) == Decision::Allow && decide(&ticket.row, *action, today).is_ok()
    };
    TicketAction::iter().filter(|action| *action != TicketAction::Expire).filter(may).collect()
}

#[cfg(test)]
mod tests;
