//! Signing in with name, password and, where enrolled, a second factor (工作人员登录).

use std::net::IpAddr;

use chrono::TimeDelta;
use entity::id::{AccountId, Id as _};
use entity::{account, staff_credential as credential};
use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::redis::rate::{RateLimiter, Rule};
use kernel::tx::Tx;
use uuid::Uuid;

use super::second_factor;
use crate::address::network;
use crate::service::{Device, Identity, SignInBy, SignedIn};
use crate::{lockout, password, store};

/// Wrong passwords, wherever they come from, before the account is locked to everybody. Many, so that a stranger cannot keep
/// a dispatcher out from elsewhere: five from one address lock that address out (see `lockout`).
const FAILURES: i32 = 50;
const PASSWORDS_PER_ADDRESS: Rule = Rule { name: "password-address", limit: 30, seconds: 900 };
/// Absolute life of a session of staff (等保2.0).
pub(crate) const STAFF_LIFE: TimeDelta = TimeDelta::hours(12);
/// How long a session of staff may lie idle.
pub(crate) const STAFF_IDLE: TimeDelta = TimeDelta::minutes(30);

/// What somebody who signs in brings.
#[derive(Clone, Debug)]
pub struct PasswordSignIn {
    /// Sign-in name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Code of the authenticator app, or a recovery code.
    pub one_time_code: Option<String>,
    /// The device.
    pub device: Device,
    /// From where.
    pub address: IpAddr,
}

impl Identity {
    /// Signs a staff member in by name and password, and by a one-time code where a second factor is enrolled. The oldest
    /// sessions beyond the number allowed end.
    ///
    /// # Errors
    /// `CODE_INCORRECT` for a wrong name or password alike, also while locked; `REQUIRED` at `oneTimeCode` when the password is
    /// right and a code is needed; [`Error::RateLimited`] per address.
    pub async fn sign_in_with_password(&self, ask: &PasswordSignIn) -> Result<SignedIn> {
        let (now, address) = (self.base.clock.now(), network(ask.address));
        RateLimiter::admit_strictly(&self.base.redis, now, PASSWORDS_PER_ADDRESS, &address, 1).await?;
        let found = store::credential(self.base.db.reader(), &ask.username).await?;
        let subject = found.as_ref().map(|(credential, _)| credential.account_id.text());
        let act = Act { action: "signInWithPassword", subject, address: Some(ask.address) };
        let attempt = lockout::begin(&self.base, &ask.username, &address, now).await?;
        let judged = match &attempt {
            Some(_) => self.judge_password(ask, found).await,
            None => Err(incorrect()),
        };
        let done = match judged {
            Ok(found) => self.enter(ask, found, &act).await,
            Err(error) => {
                self.base.note_refusal(Actor::Anonymous.doing(&act), &error).await;
                Err(error)
            }
        };
        if let Some(attempt) = attempt {
            match &done {
                Ok(_) => attempt.succeeded(&self.base).await?,
                Err(Error::Refused(_)) => attempt.failed(&self.base, now).await?,
                Err(_) => {}
            }
        }
        done
    }

    /// Judges name and password; a known and an unknown name take the same steps.
    async fn judge_password(
        &self,
        ask: &PasswordSignIn,
        found: Option<(credential::Model, Option<account::Model>)>,
    ) -> Result<(credential::Model, account::Model)> {
        let hash = found.as_ref().map(|(credential, _)| credential.password_hash.clone());
        let fits = password::fits(ask.password.clone(), hash).await?;
        let Some((credential, account)) = found else {
            self.count_failure(AccountId(Uuid::nil())).await?;
            return Err(incorrect());
        };
        let is_locked = credential.locked_until.is_some_and(|until| until > self.base.clock.now());
        if is_locked {
            return Err(incorrect());
        }
        if !fits {
            self.count_failure(credential.account_id).await?;
            return Err(incorrect());
        }
        Ok((credential, account.ok_or_else(incorrect)?))
    }

    /// Counts a wrong password or code, of nobody too: known and unknown names take the same time.
    async fn count_failure(&self, account: AccountId) -> Result<()> {
        self.base
            .write(&Actor::Anonymous, &account, |tx, account| {
                Box::pin(async move { store::count_failure(tx, *account, FAILURES, lockout::LOCK).await })
            })
            .await
    }

    /// Opens the session of somebody whose password was right.
    async fn enter(
        &self,
        ask: &PasswordSignIn,
        (credential, account): (credential::Model, account::Model),
        act: &Act,
    ) -> Result<SignedIn> {
        let command = (self, ask, &credential, &account);
        let entered = self
            .base
            .write(Actor::Anonymous.doing(act), &command, |tx, (identity, ask, credential, account)| {
                Box::pin(identity.enter_in(tx, ask, credential, account))
            })
            .await;
        let is_wrong_code = matches!(&entered, Err(Error::Refused(refusals))
                if refusals.iter().any(|refusal| refusal.code == UserErrorCode::CodeIncorrect));
        if is_wrong_code {
            self.count_failure(credential.account_id).await?;
        }
        let (signed_in, ended) = entered?;
        self.cool(&ended).await;
        Ok(signed_in)
    }

    async fn enter_in(
        &self,
        tx: &mut Tx,
        ask: &PasswordSignIn,
        credential: &credential::Model,
        account: &account::Model,
    ) -> Result<(SignedIn, Vec<entity::id::SessionId>)> {
        // Both are read again, the account locked: the password may have been changed, or the account disabled, while this one
        // waited for its turn.
        let account = store::lock_account(tx, account.id).await?.ok_or_else(incorrect)?;
        let present = store::credential_of(tx.db(), account.id).await?;
        let present = present.filter(|present| present.password_hash == credential.password_hash);
        let credential = present.ok_or_else(incorrect)?;
        if credential.totp_sealed.is_some() {
            let code = ask.one_time_code.as_deref();
            let code = code.ok_or_else(|| Error::refused_at(UserErrorCode::Required, "oneTimeCode"))?;
            second_factor::take(tx, &credential, code).await?;
        }
        // Wrong ones that were judged meanwhile may have locked the account.
        if !store::forget_failures(tx, &credential).await? {
            return Err(incorrect());
        }
        let issued = self.start_session(tx, &account, &ask.device, SignInBy::Password).await?;
        let ended = store::end_oldest_staff_sessions(tx, account.id, self.staff.sessions).await?;
        Ok((SignedIn { issued, is_new: false }, ended))
    }
}

fn incorrect() -> Error {
    Error::refused_at(UserErrorCode::CodeIncorrect, "password")
}
