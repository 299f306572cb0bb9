//! Signing in, staying in, getting out (登录、续期、退出).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{AccountStatus, ClientKind, Role};
use entity::id::{AccountId, Id as _, SessionId};
use entity::{account, session};
use kernel::actor::{Actor, Grant, Person};
use kernel::base::Base;
use kernel::config::SecondFactor;
use kernel::error::{Error, Result};
use kernel::tx::{Tx, new_id};
use kernel::vault::Purpose;
use sea_orm::{ActiveValue::Set, DbErr};

use crate::code::{self, Occasion};
use crate::delivery::CodeSender;
use crate::phone::Phone;
use crate::staff::policy::{Standing, standing};
use crate::staff::sign_in::{STAFF_IDLE, STAFF_LIFE};
use crate::store;
use crate::token::{AccessToken, RefreshToken, Signer};
use crate::wechat::{Wechat, account_of_phone};

/// How long the hot copy of a session is believed; less than the 5 s in which a revocation must bite.
const HOT_SECONDS: u32 = 4;
/// A lost answer may be asked for again within this time.
const GRACE: TimeDelta = TimeDelta::seconds(10);
/// The door: what signing in needs beside the ground.
#[derive(Clone)]
pub struct Identity {
    /// The ground.
    pub base: Base,
    /// Signs access tokens.
    pub signer: Arc<Signer>,
    /// Sends one-time codes, if configured.
    pub sender: Option<Arc<dyn CodeSender>>,
    /// Asks WeChat, if configured.
    pub wechat: Option<Arc<dyn Wechat>>,
    /// Absolute life of a refresh family.
    pub refresh_life: TimeDelta,
    /// What sign-ins of staff must meet.
    pub staff: StaffRules,
}

/// What sign-ins of staff must meet (工作人员登录要求).
#[derive(Clone, Copy, Debug)]
pub struct StaffRules {
    /// Who needs a second factor.
    pub second_factor: SecondFactor,
    /// Sessions of one person at once.
    pub sessions: u32,
}

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignInBy {
    /// By a code sent to the phone, or by WeChat.
    PhoneOrWechat,
    /// By password, and a second factor where enrolled.
    Password,
}

/// The device that signs in, as it describes itself.
#[derive(Clone, Debug)]
pub struct Device {
    /// Kind of client.
    pub kind: ClientKind,
    /// The client's own id of this installation; kept as a keyed hash.
    pub id: String,
    /// What it calls itself.
    pub name: Option<String>,
}

/// What signing in or refreshing gives.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The access token.
    pub access: AccessToken,
    /// The refresh token.
    pub refresh: String,
    /// Whose.
    pub account: AccountId,
    /// Which device.
    pub session: SessionId,
}

/// A signed-in account.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The tokens.
    pub issued: Issued,
    /// Whether the account was opened just now.
    pub is_new: bool,
}

impl Identity {
    /// Queues a one-time code to sign in with.
    ///
    /// # Errors
    /// As [`code::send`]; [`Error::Unavailable`] when no sender is configured.
    pub async fn send_code(&self, phone: &Phone, address: &str) -> Result<()> {
        if self.sender.is_none() {
            return Err(Error::Unavailable("code_sender"));
        }
        code::send(&self.base, phone, Occasion::SignIn, address).await
    }

    /// Signs in by phone and code; opens the account on first sight.
    ///
    /// # Errors
    /// As [`code::redeem`]; [`Error::Forbidden`] when the account is disabled.
    pub async fn sign_in_with_code(
        &self,
        phone: &Phone,
        code: &str,
        device: &Device,
        address: &str,
    ) -> Result<SignedIn> {
        code::redeem(&self.base, phone, Occasion::SignIn, code, address).await?;
        let command = (self, phone, device);
        self.base
            .write(&Actor::Anonymous, &command, |tx, (identity, phone, device)| {
                Box::pin(async move {
                    let (account, is_new) = account_of_phone(tx, phone).await?;
                    let issued = identity.start_session(tx, &account, device, SignInBy::PhoneOrWechat).await?;
                    Ok(SignedIn { issued, is_new })
                })
            })
            .await
    }

    pub(crate) async fn start_session(
        &self,
        tx: &mut Tx,
        account: &account::Model,
        device: &Device,
        by: SignInBy,
    ) -> Result<Issued> {
        if account.status != AccountStatus::Active {
            return Err(Error::Forbidden);
        }
        let mut salt = vec![0; 16];
        tx.base().chance.fill(&mut salt)?;
        let row = session::ActiveModel {
            id: Set(tx.id()?),
            account_id: Set(account.id),
            client_kind: Set(device.kind),
            device_index: Set(self.device_index(&device.id)),
            device_name: Set(device.name.clone()),
            salt: Set(salt),
            generation: Set(0),
            rotated_at: Set(tx.now()),
            created_at: Set(tx.now()),
            last_seen_at: Set(tx.now()),
            is_staff: Set(by == SignInBy::Password),
            expires_at: Set(tx.now() + if by == SignInBy::Password { STAFF_LIFE } else { self.refresh_life }),
            revoked_at: Set(None),
        };
        let family = store::insert_session(tx, row).await?;
        self.issue(&family, family.generation, tx.now())
    }

    fn issue(&self, family: &session::Model, generation: i32, now: DateTime<Utc>) -> Result<Issued> {
        let jti: SessionId = new_id(&self.base, now)?;
        let access = self.signer.issue(family.account_id, family.id, jti.0, now)?;
        let refresh = RefreshToken::text(&self.base.vault, family, generation);
        Ok(Issued { access, refresh, account: family.account_id, session: family.id })
    }

    fn device_index(&self, device: &str) -> Vec<u8> {
        self.base.vault.keyed_hash(Purpose::Device, device.as_bytes())
    }

    /// Rotates a refresh token. Only the immediate predecessor, from the same device, within 10 s and while its successor is
    /// unused, gets the same successor again: a lost answer on a phone must not sign a person out. Any other reuse ends the
    /// family.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`].
    pub async fn refresh(&self, presented: &str, device_id: &str) -> Result<Issued> {
        let token = RefreshToken::parse(presented)?;
        let verdict = self
            .base
            .write(&Actor::Anonymous, &(self, &token, device_id), |tx, (identity, token, device)| {
                Box::pin(identity.rotate(tx, token, device))
            })
            .await?;
        match verdict {
            Verdict::Issued(issued) => Ok(issued),
            Verdict::Refused(ended) => {
                self.cool(&ended).await;
                Err(Error::Unauthenticated)
            }
        }
    }

    async fn rotate(&self, tx: &mut Tx, token: &RefreshToken, device: &str) -> Result<Verdict> {
        let now = tx.now();
        let family = store::session(tx.db(), token.session).await?.ok_or(Error::Unauthenticated)?;
        let is_alive = family.revoked_at.is_none() && family.expires_at > now;
        if !token.is_ours(&self.base.vault, &family)
            || !is_alive
            || !store::is_active(tx.db(), family.account_id).await?
        {
            return Ok(Verdict::Refused(Vec::new()));
        }
        let is_same_device = self.base.vault.is_hash_of(Purpose::Device, device.as_bytes(), &family.device_index);
        if family.is_staff && now - family.rotated_at > STAFF_IDLE {
            return Ok(Verdict::Refused(store::revoke(tx, family.account_id, Some(family.id)).await?));
        }
        match judge(&family, token.generation, is_same_device, now) {
            Reuse::Current if store::rotate(tx, &family, self.device_index(device)).await? => {
                Ok(Verdict::Issued(self.issue(&family, family.generation + 1, now)?))
            }
            // Moved by the same call beside this one: begun anew, this one finds a lost answer.
            Reuse::Current => Err(Error::Crossed(DbErr::RecordNotUpdated)),
            Reuse::LostAnswer => Ok(Verdict::Issued(self.issue(&family, family.generation, now)?)),
            Reuse::Theft => Ok(Verdict::Refused(store::revoke(tx, family.account_id, Some(family.id)).await?)),
        }
    }

    /// Who presents this `Authorization` header.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a token that is wrong, old or revoked; [`Error::Unavailable`] when neither Redis nor the
    /// database can say.
    pub async fn identify(&self, authorization: Option<&str>) -> Result<Actor> {
        let Some(header) = authorization else { return Ok(Actor::Anonymous) };
        let (scheme, token) = header.split_once(' ').ok_or(Error::Unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::Unauthenticated);
        }
        let (account, session) = self.signer.check(token.trim(), self.base.clock.now())?;
        let person = self.live_person(session).await?;
        if person.account == account { Ok(Actor::Person(person)) } else { Err(Error::Unauthenticated) }
    }

    /// The person of a session that still lives: from the hot copy, else from the database.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it was revoked or has ended.
    pub async fn live_person(&self, session: SessionId) -> Result<Person> {
        let key = self.hot_key(session);
        let mut commands = redis::pipe();
        commands.cmd("GET").arg(&key);
        let hot: Option<(Option<String>,)> = self.base.redis.send(&commands).await.ok();
        let is_reachable = hot.is_some();
        let hot = hot.and_then(|(text,)| text).and_then(|text| serde_json::from_str::<Person>(&text).ok());
        if let Some(person) = hot {
            return Ok(person);
        }
        let person = self.person_of(session).await?;
        if is_reachable {
            let mut commands = redis::pipe();
            commands.cmd("SET").arg(&key).arg(serde_json::to_string(&person)?).arg("EX").arg(HOT_SECONDS).ignore();
            let _ = self.base.redis.send::<()>(&commands).await;
        }
        Ok(person)
    }

    /// The person of a session, from the database, with the grants that do not rest.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the session is unknown, revoked or over, or the account disabled.
    pub async fn person_of(&self, session: SessionId) -> Result<Person> {
        let (db, now) = (self.base.db.reader(), self.base.clock.now());
        let found = store::session(db, session).await?.ok_or(Error::Unauthenticated)?;
        if found.revoked_at.is_some() || found.expires_at <= now || !store::is_active(db, found.account_id).await? {
            return Err(Error::Unauthenticated);
        }
        let (account, mut grants) = (found.account_id, store::grants_of(db, found.account_id, now).await?);
        if !grants.is_empty() && self.standing(&found, &grants).await? != Standing::InForce {
            grants.clear();
        }
        Ok(Person { account, session, grants })
    }

    /// An account as what it made is read without a session: with the grants that would hold if the person signed in by
    /// password now.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the account is disabled, ended or unknown.
    pub async fn person_away(&self, account: AccountId) -> Result<Person> {
        let (db, now) = (self.base.db.reader(), self.base.clock.now());
        if !store::is_active(db, account).await? {
            return Err(Error::Unauthenticated);
        }
        let mut grants = store::grants_of(db, account, now).await?;
        let credential = store::credential_of(db, account).await?;
        let roles: Vec<Role> = grants.iter().map(|grant| grant.role).collect();
        if standing(credential.as_ref(), true, &roles, self.staff.second_factor, now) != Standing::InForce {
            grants.clear();
        }
        Ok(Person { account, session: SessionId(uuid::Uuid::nil()), grants })
    }

    /// Whether the roles of a person hold in a session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn standing(&self, session: &session::Model, grants: &[Grant]) -> Result<Standing> {
        let credential = store::credential_of(self.base.db.reader(), session.account_id).await?;
        let roles: Vec<Role> = grants.iter().map(|grant| grant.role).collect();
        let now = self.base.clock.now();
        Ok(standing(credential.as_ref(), session.is_staff, &roles, self.staff.second_factor, now))
    }

    /// Forgets hot copies; when Redis is gone they lapse by themselves.
    pub async fn cool(&self, sessions: &[SessionId]) {
        for session in sessions {
            let mut commands = redis::pipe();
            commands.cmd("DEL").arg(self.hot_key(*session)).ignore();
            let _ = self.base.redis.send::<()>(&commands).await;
        }
    }

    fn hot_key(&self, session: SessionId) -> String {
        self.base.redis.key(&format!("session:{}", session.text()))
    }
}

enum Verdict {
    Issued(Issued),
    Refused(Vec<SessionId>),
}

enum Reuse {
    Current,
    LostAnswer,
    Theft,
}

/// What a token of a generation means, presented to its family now.
fn judge(family: &session::Model, generation: i32, is_same_device: bool, now: DateTime<Utc>) -> Reuse {
    let is_predecessor = generation + 1 == family.generation;
    if generation == family.generation && is_same_device {
        Reuse::Current
    } else if is_predecessor && is_same_device && now - family.rotated_at <= GRACE {
        Reuse::LostAnswer
    } else {
        Reuse::Theft
    }
}

/// Ends one of the actor's own sessions. Gives back which ended, to be cooled.
///
/// # Errors
/// [`Error::NotFound`] when it is not the actor's, or already over.
pub async fn revoke_session(tx: &mut Tx, session: &SessionId) -> Result<Vec<SessionId>> {
    let account = tx.actor().person()?.account;
    let ended = store::revoke(tx, account, Some(*session)).await?;
    if ended.is_empty() { Err(Error::NotFound) } else { Ok(ended) }
}

/// Ends all of the actor's sessions.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn revoke_all(tx: &mut Tx) -> Result<Vec<SessionId>> {
    let account = tx.actor().person()?.account;
    store::revoke(tx, account, None).await
}

/// The account of a phone number, opened on first sight.
///
/// # Errors
/// When the database does not answer.
pub async fn open_account(tx: &mut Tx, phone: &Phone, name: Option<&str>) -> Result<(account::Model, bool)> {
    match store::account_by_phone(tx, phone).await? {
        Some(account) => Ok((account, false)),
        None => Ok((store::insert_account(tx, Some(phone), name).await?, true)),
    }
}
