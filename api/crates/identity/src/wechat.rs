//! Signing in with WeChat (微信登录), and numbers that WeChat vouches for.
//!
//! WeChat's `session_key` is never kept: nothing here needs it.

use std::fmt;
use std::pin::Pin;

use entity::account;
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::redis::rate::{RateLimiter, Rule};
use kernel::tx::{Once, Outcome, Tx};

use crate::address::network_of;
use crate::phone::Phone;
use crate::service::{Device, Identity, SignInBy, SignedIn};
use crate::store;
use crate::whose::{self, Account, Holder, Number};

const PER_ADDRESS: Rule = Rule { name: "wechat-address", limit: 120, seconds: 60 };

/// A person's id within our mini-program (openid). Its `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Openid(String);

impl Openid {
    /// An openid as WeChat gave it.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// In clear: to be sealed, or sent to WeChat.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Openid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("openid")
    }
}

/// A question to WeChat.
pub type Asking<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// What we ask of WeChat (微信接口). Its refusals name the field that the code came in.
pub trait Wechat: Send + Sync + 'static {
    /// Whose a login code is (`code2Session`).
    fn openid_of<'a>(&'a self, field: &'static str, login_code: &'a str) -> Asking<'a, Openid>;

    /// Which number a phone code stands for (`getuserphonenumber`). Each exchange may be paid.
    fn phone_of<'a>(&'a self, field: &'static str, phone_code: &'a str) -> Asking<'a, Phone>;
}

/// What the mini-program sends to sign in.
pub struct WechatCodes {
    /// Of `wx.login`.
    pub login: String,
    /// Of the button that asks for the number, if the person pressed it.
    pub phone: Option<String>,
}

impl Identity {
    fn asks_wechat(&self) -> Result<&dyn Wechat> {
        self.wechat.as_deref().ok_or(Error::Unavailable("wechat"))
    }

    /// Signs in with WeChat: a known openid to its account, another to the account of the number, or to a new one. A phone
    /// code that comes with a known openid is not looked at, and can still be used to bind the number.
    ///
    /// # Errors
    /// `CODE_EXPIRED` for a wrong, old or used code; `WECHAT_ACCOUNT_BLOCKED`; [`Error::Forbidden`] when the account is
    /// disabled; [`Error::RateLimited`]; [`Error::Unavailable`] when WeChat or Redis does not answer.
    pub async fn sign_in_with_wechat(&self, codes: &WechatCodes, device: &Device, address: &str) -> Result<SignedIn> {
        let wechat = self.asks_wechat()?;
        let (base, address) = (&self.base, network_of(address));
        RateLimiter::admit_strictly(&base.redis, base.clock.now(), PER_ADDRESS, &address, 1).await?;
        let openid = wechat.openid_of("loginCode", &codes.login).await?;
        let is_known = store::account_by_openid(base.db.reader(), base, &openid).await?.is_some();
        let phone = match &codes.phone {
            Some(code) if !is_known => Some(wechat.phone_of("phoneCode", code).await?),
            _ => None,
        };
        let command = (self, &openid, &phone, device);
        base.write(&Actor::Anonymous, &command, |tx, (identity, openid, phone, device)| {
            Box::pin(async move {
                let (account, is_new) = recognise(tx, openid, phone.as_ref()).await?;
                let issued = identity.start_session(tx, &account, device, SignInBy::PhoneOrWechat).await?;
                Ok(SignedIn { issued, is_new })
            })
        })
        .await
    }

    /// Binds the number that a phone code stands for to the actor's account, which has none.
    ///
    /// # Errors
    /// `CODE_EXPIRED`; `PHONE_TAKEN` when another account holds the number; `INVALID` when the actor has another already;
    /// [`Error::Unauthenticated`] for visitors; [`Error::Unavailable`] when WeChat does not answer.
    pub async fn bind_phone(&self, actor: &Actor, once: &Once, phone_code: &str) -> Result<Outcome<account::Model>> {
        let person = actor.person()?.account;
        let wechat = self.asks_wechat()?;
        let asked = async {
            let account = store::account_of(self.base.db.reader(), person).await?.ok_or(Error::Unauthenticated)?;
            if account.phone_index.is_some() {
                return Err(bound());
            }
            wechat.phone_of("phoneCode", phone_code).await
        };
        self.base.write_after(actor, once, asked, |tx, phone| Box::pin(bind(tx, phone)), |account| account.id).await
    }
}

fn bound() -> Error {
    UserError::at(UserErrorCode::Invalid, "phoneCode").with(Detail::Because("phone_bound")).into()
}

/// The account of a number that was proved by a one-time code, opened on first sight.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn account_of_phone(tx: &mut Tx, phone: &Phone) -> Result<(account::Model, bool)> {
    settle(tx, None, None, Some(phone)).await
}

async fn recognise(tx: &mut Tx, openid: &Openid, phone: Option<&Phone>) -> Result<(account::Model, bool)> {
    store::hold_openid(tx, openid).await?;
    let known = store::account_by_openid(tx.db(), tx.base(), openid).await?;
    settle(tx, Some(openid), known, phone).await
}

async fn settle(
    tx: &mut Tx,
    openid: Option<&Openid>,
    known: Option<account::Model>,
    phone: Option<&Phone>,
) -> Result<(account::Model, bool)> {
    let (holder, number) = match phone {
        Some(phone) => {
            let (holder, number) = holder_of(tx, phone, openid).await?;
            (holder, Some(number))
        }
        None => (None, None),
    };
    match (whose::account(known.is_some(), number), known, holder) {
        (Account::OfWechat, Some(known), _) => {
            if let Some(openid) = openid {
                store::note_use(tx, openid).await?;
            }
            Ok((known, false))
        }
        (Account::OfNumber, _, Some(holder)) => {
            if let Some(openid) = openid {
                store::bind_openid(tx, holder.id, openid).await?;
            }
            Ok((holder, false))
        }
        (_, _, holder) => {
            if let Some(holder) = holder {
                recycle(tx, &holder).await?;
            }
            let account = store::insert_account(tx, phone, None).await?;
            if let Some(openid) = openid {
                store::bind_openid(tx, account.id, openid).await?;
            }
            Ok((account, true))
        }
    }
}

/// The account that holds a number, and whose the number is when somebody with this openid proves to hold it.
async fn holder_of(tx: &Tx, phone: &Phone, own: Option<&Openid>) -> Result<(Option<account::Model>, Number)> {
    let Some(account) = store::account_by_phone(tx, phone).await? else { return Ok((None, Number::Free)) };
    let idle = tx.now() - store::last_used(tx, &account).await?;
    let has_other_wechat = store::has_wechat_beside(tx, account.id, own).await?;
    let number = whose::number(Some(Holder { idle, has_other_wechat }));
    Ok((Some(account), number))
}

async fn recycle(tx: &Tx, holder: &account::Model) -> Result<()> {
    tracing::info!(account = %holder.id, "its number was recycled: whoever holds it now is somebody else");
    store::take_phone(tx, holder).await?;
    Ok(())
}

async fn bind(tx: &mut Tx, phone: &Phone) -> Result<account::Model> {
    let person = tx.actor().person()?.account;
    let account = store::account_of(tx.db(), person).await?.ok_or(Error::Unauthenticated)?;
    if account.phone_index.is_some() {
        return Err(bound());
    }
    free_number(tx, phone, "phoneCode").await?;
    store::give_phone(tx, &account, phone).await
}

/// Makes sure that nobody else holds a number that the actor proved to hold; a recycled one is taken from who held it.
///
/// # Errors
/// `PHONE_TAKEN` at the field when another account holds it.
pub(crate) async fn free_number(tx: &Tx, phone: &Phone, field: &str) -> Result<()> {
    let (holder, number) = holder_of(tx, phone, None).await?;
    match (number, holder) {
        (Number::Holders, _) => Err(Error::refused_at(UserErrorCode::PhoneTaken, field)),
        (Number::Recycled, Some(holder)) => recycle(tx, &holder).await,
        (Number::Free | Number::Recycled, _) => Ok(()),
    }
}
