//! A lost number (遗失换绑): who lost it comes to the neighbourhood's counter with the card; the neighbourhood knows who lives
//! where, the new number says yes, and a reason is kept.

use entity::id::ResidenceId;
use identity::id_number::IdNumber;
use identity::phone::Phone;
use identity::{Changed, Identity, Reason};
use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::text::{Problems, line};
use kernel::tx::{Once, Outcome, Tx};

use crate::policy::ResidenceAction;
use crate::service::residences::permitted;
use crate::workflow;
use kernel::target::Seen;

/// Who is younger has no account of the own.
const OLD_ENOUGH: i32 = 14;

/// What the counter sends.
#[derive(Clone, Debug)]
pub struct RawReplacePhone {
    /// The verified residence of who lost the number.
    pub on: Seen<ResidenceId>,
    /// The number on the card; checked, not kept.
    pub id_number: String,
    /// The new number.
    pub new_phone: String,
    /// The code sent to it.
    pub new_code: String,
    /// Whether WeChat is lost with the phone.
    pub is_wechat_lost: bool,
    /// Why, and how the person was recognised.
    pub reason: String,
}

/// A new number for somebody who lost the old one.
#[derive(Clone, Debug)]
pub struct ReplacePhone {
    on: Seen<ResidenceId>,
    phone: Phone,
    code: String,
    is_wechat_lost: bool,
    reason: Reason,
}

impl RawReplacePhone {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it; `GUARDIAN_REQUIRED` at `idNumber` for who is under fourteen.
    pub fn parse(&self, base: &kernel::base::Base) -> Result<ReplacePhone> {
        let now = base.clock.now();
        let mut problems = Problems::default();
        if let Some(card) = problems.take(IdNumber::parse("idNumber", &self.id_number, now))
            && card.age(now) < OLD_ENOUGH
        {
            problems.add(kernel::error::UserError::at(UserErrorCode::GuardianRequired, "idNumber"));
        }
        let phone = problems.take(Phone::parse("newPhone", &self.new_phone));
        let code = problems.keep(line("newCode", &self.new_code, 16));
        let reason = problems.keep(Reason::parse("reason", &self.reason));
        problems.none()?;
        let phone = phone.ok_or_else(|| Error::Fault(anyhow::anyhow!("a problem was not noted")))?;
        Ok(ReplacePhone { on: self.on, phone, code, is_wechat_lost: self.is_wechat_lost, reason })
    }
}

/// Moves the account of a verified resident to a new number; every device is signed out.
///
/// # Errors
/// [`Error::NotFound`] for residences elsewhere; `INVALID_TRANSITION` unless it is verified; `SAME_PERSON` for the own one;
/// `CODE_INCORRECT` and `CODE_EXPIRED` at `newCode`; `PHONE_TAKEN`; `ROLES_HELD` for staff.
pub async fn replace_lost_phone(
    identity: &Identity,
    actor: &Actor,
    once: &Once,
    command: &ReplacePhone,
    act: &Act,
) -> Result<Outcome<Changed>> {
    let base = &identity.base;
    let address = act.address.map(|address| address.to_string()).unwrap_or_default();
    let confirmed = async {
        // Who may not gets no answer about a code.
        base.write(actor, &command.on, |tx, on| Box::pin(judge(tx, *on))).await?;
        identity.confirm_counter_code(&command.phone, &command.code, &address).await?;
        Ok(command.clone())
    };
    let replaced = base.write_after(
        actor.doing(act),
        once,
        confirmed,
        |tx, command| Box::pin(replace(tx, command)),
        |changed| changed.account.id,
    );
    replaced.await
}

async fn judge(tx: &mut Tx, on: Seen<ResidenceId>) -> Result<entity::id::AccountId> {
    let row = permitted(tx, on, ResidenceAction::ReplacePhone).await?;
    workflow::may_residence(&row.row().0, ResidenceAction::ReplacePhone, tx.actor().account())?;
    Ok(row.row().0.account_id)
}

async fn replace(tx: &mut Tx, command: &ReplacePhone) -> Result<Changed> {
    let account = judge(tx, command.on).await?;
    tx.audit_reason(command.reason.as_str(), Some(account));
    identity::replace_phone(tx, account, &command.phone, command.is_wechat_lost).await
}
