//! What people change about themselves (本人变更): the number, confirmed from the old one and from the new one, and the name.

use entity::account;
use entity::enums::Role;
use entity::id::{AccountId, SessionId};
use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::text::line;
use kernel::tx::{Once, Outcome, Tx};

use crate::code::{self, Occasion};
use crate::phone::Phone;
use crate::service::Identity;
use crate::store;
use crate::wechat::free_number;

/// Characters of a name at most.
const NAME: usize = 32;

/// A change of number (换绑手机号).
#[derive(Clone, Debug)]
pub struct ChangePhone {
    /// The code sent to the old number; not needed by who has none.
    pub old_code: Option<String>,
    /// The new number.
    pub phone: Phone,
    /// The code sent to it.
    pub code: String,
}

/// A changed account, and the other devices that were signed out.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The account.
    pub account: account::Model,
    /// Its sessions that are over.
    pub ended: Vec<SessionId>,
}

/// Corrects what is kept of a person (更正个人信息).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectName(String);

impl CorrectName {
    /// Takes what a person typed.
    ///
    /// # Errors
    /// As [`kernel::text::line`].
    pub fn parse(name: &str) -> Result<Self> {
        Ok(Self(line("name", name, NAME)?))
    }
}

impl Identity {
    /// Sends a code to an old or a new number, for a change.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for visitors; as [`code::send`].
    pub async fn send_change_code(&self, actor: &Actor, phone: &Phone, address: &str) -> Result<()> {
        actor.person()?;
        self.sender.as_ref().ok_or(Error::Unavailable("code_sender"))?;
        code::send(&self.base, phone, Occasion::ChangePhone, address).await
    }

    /// Moves the actor's account to another number, when both numbers say yes. Other devices are signed out.
    ///
    /// # Errors
    /// `CODE_INCORRECT` and `CODE_EXPIRED` at `oldCode` or `newCode`, `REQUIRED` at `oldCode`, `INVALID` when it is the same
    /// number, `PHONE_TAKEN` when another account holds it.
    pub async fn change_phone(
        &self,
        actor: &Actor,
        once: &Once,
        change: &ChangePhone,
        act: &Act,
    ) -> Result<Outcome<Changed>> {
        let person = actor.person()?;
        let confirmed = async {
            let old = self.confirm(person.account, change, act).await?;
            Ok((old, change.phone.clone(), person.session))
        };
        let written = self.base.write_after(
            actor.doing(act),
            once,
            confirmed,
            |tx, command| Box::pin(take_number(tx, command)),
            |changed| changed.account.id,
        );
        written.await
    }

    /// Asks both numbers. Gives back the old one.
    async fn confirm(&self, account: AccountId, change: &ChangePhone, act: &Act) -> Result<Option<Phone>> {
        let address = act.address.map(|address| address.to_string()).unwrap_or_default();
        let row = store::account_of(self.base.db.reader(), account).await?.ok_or(Error::Unauthenticated)?;
        let old = store::phone_of(&self.base, &row)?;
        if old.as_ref() == Some(&change.phone) {
            return Err(Error::refused_at(UserErrorCode::Invalid, "newPhone"));
        }
        let (base, occasion) = (&self.base, Occasion::ChangePhone);
        if let Some(old) = &old {
            let code = change.old_code.as_deref();
            let code = code.ok_or_else(|| Error::refused_at(UserErrorCode::Required, "oldCode"))?;
            code::redeem(base, old, occasion, code, &address).await.map_err(|error| at(error, "oldCode"))?;
        }
        let taken = code::redeem(base, &change.phone, occasion, &change.code, &address).await;
        taken.map_err(|error| at(error, "newCode"))?;
        Ok(old)
    }
}

impl Identity {
    /// Sends a code to the new number of somebody who stands at the counter.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for all but the neighbourhood's staff; as [`code::send`].
    pub async fn send_counter_code(&self, actor: &Actor, phone: &Phone, address: &str) -> Result<()> {
        actor.person()?;
        if !actor.is_any(&[Role::NeighborhoodStaff]) {
            return Err(Error::Forbidden);
        }
        self.sender.as_ref().ok_or(Error::Unavailable("code_sender"))?;
        code::send(&self.base, phone, Occasion::ReplaceLostPhone, address).await
    }

    /// Takes the code that was sent to the new number of somebody who stands at the counter.
    ///
    /// # Errors
    /// `CODE_INCORRECT` and `CODE_EXPIRED` at `newCode`.
    pub async fn confirm_counter_code(&self, phone: &Phone, code: &str, address: &str) -> Result<()> {
        let taken = code::redeem(&self.base, phone, Occasion::ReplaceLostPhone, code, address).await;
        taken.map_err(|error| at(error, "newCode"))
    }
}

/// Moves somebody's account to another number, since the old one is lost, and signs every device out. With the phone, WeChat may
/// be in other hands too: then it is unbound. The caller has seen who it is, and judged who may.
///
/// # Errors
/// `ROLES_HELD` for staff, whose accounts administrators see to; `INVALID` when it is the number already; `PHONE_TAKEN`.
pub async fn replace_phone(tx: &mut Tx, id: AccountId, phone: &Phone, is_wechat_lost: bool) -> Result<Changed> {
    let account = store::account_of(tx.db(), id).await?.ok_or(Error::NotFound)?;
    if crate::privacy::has_roles(tx, id, tx.now()).await? {
        return Err(Error::refused(UserErrorCode::RolesHeld));
    }
    if store::phone_of(tx.base(), &account)?.as_ref() == Some(phone) {
        return Err(Error::refused_at(UserErrorCode::Invalid, "newPhone"));
    }
    free_number(tx, phone, "newPhone").await?;
    let account = store::give_phone(tx, &account, phone).await?;
    if is_wechat_lost {
        store::unbind_openids(tx, id).await?;
    }
    let ended = store::revoke(tx, id, None).await?;
    Ok(Changed { account, ended })
}

/// The same refusal at another field.
fn at(error: Error, field: &str) -> Error {
    match error {
        Error::Refused(mut refusals) => {
            refusals.iter_mut().for_each(|refusal| refusal.field = vec![field.to_owned()]);
            Error::Refused(refusals)
        }
        other => other,
    }
}

async fn take_number(tx: &mut Tx, (old, phone, present): &(Option<Phone>, Phone, SessionId)) -> Result<Changed> {
    let account = own(tx).await?;
    // Another change may have come between: that number was not asked.
    if store::phone_of(tx.base(), &account)? != *old {
        return Err(Error::Conflict);
    }
    free_number(tx, phone, "newPhone").await?;
    let account = store::give_phone(tx, &account, phone).await?;
    let ended = store::revoke_others(tx, account.id, *present).await?;
    Ok(Changed { account, ended })
}

/// Corrects the actor's own name.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn correct_name(tx: &mut Tx, CorrectName(name): &CorrectName) -> Result<account::Model> {
    let account = own(tx).await?;
    store::set_name(tx, &account, name).await
}

async fn own(tx: &Tx) -> Result<account::Model> {
    let account = tx.actor().person()?.account;
    store::account_of(tx.db(), account).await?.ok_or(Error::Unauthenticated)
}
