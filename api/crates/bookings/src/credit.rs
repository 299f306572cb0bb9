//! Appeals against lines of credit (信用申诉): who may, when, and what comes of it. Pure. The lines themselves are kept by
//! [`schedule::store`], and what follows from them is decided in [`schedule::credit`].
//!
//! A line of credit is a rule of the house: its person and who decides about an appeal see it, nobody else (domain §C).

use chrono::{DateTime, Utc};
use entity::enums::{CreditAppealState, CreditKind};
use entity::id::AccountId;
use entity::{credit_appeal, credit_entry};
use kernel::actor::Actor;
use kernel::error::{Error, UserErrorCode};
use kernel::guarded::{Decision, Guarded};
use schedule::credit::may_appeal;
use strum::{EnumIter, IntoStaticStr};

use crate::policy::{Booking, STAFF};
use crate::workflow::Refusal;

/// An appeal, as its policy judges it.
#[derive(Clone, Debug, PartialEq)]
pub struct Appeal {
    /// The row.
    pub row: credit_appeal::Model,
    /// The line.
    pub entry: credit_entry::Model,
    /// The booking that the line is about.
    pub booking: Booking,
}

/// What can be done with an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AppealAction {
    /// See it.
    Read,
    /// 处理申诉
    Decide,
}

impl Guarded for Appeal {
    type Action = AppealAction;

    fn decide(&self, actor: &Actor, action: AppealAction) -> Decision {
        let is_own = actor.account() == Some(self.row.account_id);
        let is_staff = actor.is_in_area(STAFF, &self.booking.area_path);
        let is_allowed = match action {
            AppealAction::Read => is_own || is_staff || *actor == Actor::System,
            AppealAction::Decide => is_staff,
        };
        match (is_allowed, is_own || is_staff) {
            (true, _) => Decision::Allow,
            (false, true) => Decision::Deny,
            (false, false) => Decision::Hide,
        }
    }
}

/// A line of somebody's credit with what became of it (信用明细).
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The line.
    pub entry: credit_entry::Model,
    /// Whether a later line says that it was wrong.
    pub is_reversed: bool,
    /// What its person said against it.
    pub appeal: Option<Appeal>,
    /// What it is about.
    pub booking: Option<Booking>,
}

/// Whether a kind of line takes something away, so that its person may say that it is wrong.
#[must_use]
pub fn is_loss(kind: CreditKind) -> bool {
    matches!(kind, CreditKind::NoShow | CreditKind::LateCancel | CreditKind::Damage)
}

impl Line {
    /// Whether its person may still say that it is wrong (可申诉).
    #[must_use]
    pub fn may_be_appealed(&self, now: DateTime<Utc>) -> bool {
        let is_open = self.appeal.is_none() && !self.is_reversed;
        is_open && is_loss(self.entry.kind) && may_appeal(self.entry.at, now)
    }
}

/// Whether somebody may say that a line is wrong that nobody has said anything about.
///
/// # Errors
/// `INVALID_TRANSITION` of a line that takes nothing away; `DEADLINE_PASSED` after seven days.
pub fn check(entry: &credit_entry::Model, now: DateTime<Utc>) -> Result<(), Error> {
    match (is_loss(entry.kind), may_appeal(entry.at, now)) {
        (false, _) => Err(Refusal::WrongState(Vec::new()).into()),
        (true, false) => Err(Error::refused(UserErrorCode::DeadlinePassed)),
        (true, true) => Ok(()),
    }
}

/// Whether an appeal may be decided now: neither by its person, nor by who noted the damage.
///
/// # Errors
/// Why not.
pub fn may_decide(appeal: &Appeal, by: Option<AccountId>) -> Result<(), Refusal> {
    let is_accuser = appeal.entry.kind == CreditKind::Damage && by == appeal.entry.said_by;
    match appeal.row.state {
        CreditAppealState::Pending if is_accuser || by == Some(appeal.row.account_id) => Err(Refusal::SamePerson),
        CreditAppealState::Pending => Ok(()),
        CreditAppealState::Granted | CreditAppealState::Refused => Err(Refusal::WrongState(Vec::new())),
    }
}

/// What the actor may do with an appeal now (可执行操作).
#[must_use]
pub fn appeal_actions(actor: &Actor, appeal: &Appeal) -> Vec<AppealAction> {
    let may = appeal.decide(actor, AppealAction::Decide) == Decision::Allow;
    let is_offered = may && may_decide(appeal, actor.account()).is_ok();
    if is_offered { vec![AppealAction::Decide] } else { Vec::new() }
}
