//! Changing passwords (修改口令): the own one, with the old one, and first ones that somebody else is given.

use std::net::IpAddr;

use entity::id::SessionId;
use entity::staff_credential as credential;
use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::base::Base;
use kernel::error::{Error, Result, UserErrorCode};

use super::command::because;
use crate::service::Identity;
use crate::{lockout, password, store};

/// How many passwords of before are not taken again, beside the one in force (等保2.0).
const REMEMBERED: u64 = 4;
/// Signs of first passwords: none that looks like another.
const SIGNS: &[u8; 56] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A first password (初始口令): told once to who hands it over, kept as its hash.
pub struct FirstPassword {
    /// In clear, for the answer.
    pub text: String,
    /// In PHC form, for the row.
    pub hash: String,
}

/// Makes a first password: 16 signs and a hyphen between each four.
///
/// # Errors
/// A fault when there is no randomness.
pub async fn first_password(base: &Base) -> Result<FirstPassword> {
    let mut signs = String::new();
    while signs.len() < 16 {
        let mut random = [0; 1];
        base.chance.fill(&mut random)?;
        // Draws past the last whole multiple of 56 would favour some signs.
        if random[0] < 224 {
            signs.push(char::from(SIGNS[usize::from(random[0] % 56)]));
        }
    }
    let text = format!("{}-{}-{}-{}", &signs[..4], &signs[4..8], &signs[8..12], &signs[12..]);
    let hash = password::hash(text.clone(), salt(base)?).await?;
    Ok(FirstPassword { text, hash })
}

fn salt(base: &Base) -> Result<[u8; 16]> {
    let mut salt = [0; 16];
    base.chance.fill(&mut salt)?;
    Ok(salt)
}

impl Identity {
    /// Asks for the password once more, of somebody who is signed in and is about to change what guards the account.
    ///
    /// # Errors
    /// `CODE_INCORRECT` for a wrong one, and while locked out; [`Error::NotFound`] for accounts without a password.
    pub async fn ask_again(&self, actor: &Actor, password: &str, address: IpAddr) -> Result<credential::Model> {
        let wrong = || Error::refused_at(UserErrorCode::CodeIncorrect, "password");
        let now = self.base.clock.now();
        let credential = store::credential_of(self.base.db.reader(), actor.person()?.account).await?;
        let credential = credential.ok_or(Error::NotFound)?;
        let network = crate::address::network(address);
        let attempt = lockout::begin(&self.base, &credential.username, &network, now).await?.ok_or_else(wrong)?;
        if !password::fits(password.to_owned(), Some(credential.password_hash.clone())).await? {
            attempt.failed(&self.base, now).await?;
            return Err(wrong());
        }
        attempt.succeeded(&self.base).await?;
        Ok(credential)
    }

    /// Changes the actor's own password and ends all other sessions. Gives back which ended, to be cooled.
    ///
    /// # Errors
    /// As [`Identity::ask_again`]; `INVALID` when the new one is weak or was used before.
    pub async fn change_password(&self, actor: &Actor, old: &str, new: &str, act: &Act) -> Result<Vec<SessionId>> {
        match self.new_password(actor, old, new, act.address).await {
            Ok((credential, hash)) => {
                let command = (credential, hash, actor.person()?.session);
                self.base
                    .write(actor.doing(act), &command, |tx, (credential, hash, present)| {
                        Box::pin(async move {
                            if !store::replace_password(tx, credential, hash, false).await? {
                                return Err(Error::Conflict);
                            }
                            tx.concerns(credential.account_id);
                            store::revoke_others(tx, credential.account_id, *present).await
                        })
                    })
                    .await
            }
            Err(error) => {
                self.base.note_refusal(actor.doing(act), &error).await;
                Err(error)
            }
        }
    }

    async fn new_password(
        &self,
        actor: &Actor,
        old: &str,
        new: &str,
        address: Option<IpAddr>,
    ) -> Result<(credential::Model, String)> {
        password::check_rules("newPassword", new)?;
        let address = address.unwrap_or(IpAddr::from([127, 0, 0, 1]));
        let credential = self.ask_again(actor, old, address).await.map_err(|error| match error {
            Error::Refused(_) => Error::refused_at(UserErrorCode::CodeIncorrect, "oldPassword"),
            other => other,
        })?;
        let mut used = store::used_passwords(self.base.db.reader(), credential.account_id, REMEMBERED).await?;
        used.push(credential.password_hash.clone());
        for hash in used {
            if password::fits(new.to_owned(), Some(hash)).await? {
                return Err(because("newPassword", "used_before").into());
            }
        }
        let hash = password::hash(new.to_owned(), salt(&self.base)?).await?;
        Ok((credential, hash))
    }
}
