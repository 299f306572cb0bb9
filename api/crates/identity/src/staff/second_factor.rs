//! The second factor (第二因素): time-based one-time passwords (TOTP, RFC 6238) with recovery codes.

use chrono::{DateTime, Utc};
use entity::enums::Role;
use entity::id::{AccountId, SessionId};
use entity::staff_credential as credential;
use kernel::config::SecondFactor;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::tx::Tx;
use kernel::vault::Purpose;
use totp_rs::{Builder, Secret, Totp};

use crate::staff::policy::ADMINISTRATORS;
use crate::store;

/// Bytes of a secret (RFC 4226 §4 asks for 20).
const SECRET_BYTES: usize = 20;
/// Recovery codes of a person.
pub const RECOVERY_CODES: usize = 10;
/// Signs of recovery codes: none that looks like another (Crockford's base 32).
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SIGNS_PER_CODE: usize = 10;

/// What an authenticator app needs (绑定信息); shown once.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret in base 32, for typing.
    pub secret: String,
    /// `otpauth://…`, for scanning.
    pub uri: String,
}

fn totp(secret: &str, username: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret).map_err(|error| Error::Fault(anyhow::anyhow!("totp: {error}")))?;
    // Six digits of SHA-1 every 30 s, one step of tolerance: what every authenticator app can do.
    let built = Builder::new().with_secret(secret).with_account_name(username).with_issuer(Some("社区治理通")).build();
    built.map_err(|error| Error::Fault(anyhow::anyhow!("totp: {error}")))
}

/// The step whose code this is, if it is one of now or of 30 s around.
fn step_of(secret: &str, code: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let step = totp(secret, "staff")?.check(code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// Whether a role cannot be used without a second factor.
#[must_use]
pub fn is_required(setting: SecondFactor, roles: impl IntoIterator<Item = Role>) -> bool {
    match setting {
        SecondFactor::Optional => false,
        SecondFactor::Administrators => roles.into_iter().any(|role| ADMINISTRATORS.contains(&role)),
        SecondFactor::Staff => true,
    }
}

/// The credential of who may change what guards it: in a session opened by password, and with a code of the second factor
/// in force, so that a password and a phone alone cannot replace it.
///
/// # Errors
/// [`Error::NotFound`] for accounts without a password, [`Error::Forbidden`] in a session opened otherwise, `REQUIRED` or
/// `CODE_INCORRECT` at `oneTimeCode`.
async fn guarded(tx: &mut Tx, code: Option<&str>) -> Result<credential::Model> {
    let person = tx.actor().person()?;
    let (account, session) = (person.account, person.session);
    let credential = store::credential_of(tx.db(), account).await?.ok_or(Error::NotFound)?;
    let session = store::session(tx.db(), session).await?.ok_or(Error::Unauthenticated)?;
    if !session.is_staff {
        return Err(Error::Forbidden);
    }
    if credential.totp_sealed.is_some() {
        let code = code.ok_or_else(|| Error::refused_at(UserErrorCode::Required, "oneTimeCode"))?;
        take(tx, &credential, code).await?;
    }
    Ok(credential)
}

/// Makes a secret that waits for its first code. A second factor in force stays in force until then.
///
/// # Errors
/// [`Error::NotFound`] for accounts without a password, [`Error::Forbidden`] in a session not opened by password, `REQUIRED` or
/// `CODE_INCORRECT` at `oneTimeCode` where a second factor is in force.
pub async fn begin(tx: &mut Tx, code: Option<&str>) -> Result<Enrolment> {
    let credential = guarded(tx, code).await?;
    let account = credential.account_id;
    let mut secret = vec![0; SECRET_BYTES];
    tx.base().chance.fill(&mut secret)?;
    let secret = Secret::new(secret.into()).to_base32();
    store::keep_pending(tx, account, &secret).await?;
    tx.concerns(account);
    let uri = totp(&secret, &credential.username)?;
    let uri = uri.to_url().map_err(|error| Error::Fault(anyhow::anyhow!("totp: {error}")))?;
    Ok(Enrolment { secret, uri })
}

/// Puts the waiting secret in force by its first code, and ends the sessions that were opened without it. Gives back fresh
/// recovery codes, shown once, and which sessions ended.
///
/// # Errors
/// `CODE_INCORRECT` for a wrong code, `CODE_EXPIRED` when nothing waits.
pub async fn confirm(tx: &mut Tx, code: &str) -> Result<(Vec<String>, Vec<SessionId>)> {
    let person = tx.actor().person()?;
    let (account, present) = (person.account, person.session);
    let credential = store::credential_of(tx.db(), account).await?.ok_or(Error::NotFound)?;
    let pending = store::pending_of(tx.base(), &credential)?;
    let pending = pending.ok_or_else(|| Error::refused_at(UserErrorCode::CodeExpired, "code"))?;
    let step = step_of(&pending, code, tx.now())?;
    let step = step.ok_or_else(|| Error::refused_at(UserErrorCode::CodeIncorrect, "code"))?;
    store::put_in_force(tx, account, &pending, step).await?;
    tx.concerns(account);
    let codes = fresh_codes(tx, account).await?;
    Ok((codes, store::revoke_others(tx, account, present).await?))
}

/// Makes new recovery codes; those of before are void.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] in a session not opened by password, `REQUIRED` or `CODE_INCORRECT` at `oneTimeCode`;
/// [`Error::NotFound`] for accounts without a second factor.
pub async fn renew_codes(tx: &mut Tx, code: Option<&str>) -> Result<Vec<String>> {
    let credential = guarded(tx, code).await?;
    let account = credential.account_id;
    credential.totp_sealed.ok_or(Error::NotFound)?;
    tx.concerns(account);
    fresh_codes(tx, account).await
}

async fn fresh_codes(tx: &mut Tx, account: AccountId) -> Result<Vec<String>> {
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let mut random = [0; SIGNS_PER_CODE];
        tx.base().chance.fill(&mut random)?;
        let signs: String = random.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
        codes.push(format!("{}-{}", &signs[..SIGNS_PER_CODE / 2], &signs[SIGNS_PER_CODE / 2..]));
    }
    let index = |code| tx.base().vault.keyed_hash(Purpose::RecoveryCode, words(account, code).as_bytes());
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| index(code)).collect();
    store::replace_recovery_codes(tx, account, hashes).await?;
    Ok(codes)
}

/// What stands for a recovery code in its index.
fn words(account: AccountId, code: &str) -> String {
    let signs: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    format!("{account}:{signs}")
}

/// Uses up a code of the app, or a recovery code; each is taken once.
///
/// # Errors
/// `CODE_INCORRECT` for anything else.
pub async fn take(tx: &mut Tx, credential: &credential::Model, code: &str) -> Result<()> {
    let wrong = || Error::refused_at(UserErrorCode::CodeIncorrect, "oneTimeCode");
    let secret = store::totp_of(tx.base(), credential)?.ok_or_else(wrong)?;
    let is_taken = match step_of(&secret, code.trim(), tx.now())? {
        Some(step) => store::use_step(tx, credential.account_id, step).await?,
        None => {
            let words = words(credential.account_id, code);
            let indexes = tx.base().vault.keyed_hashes(Purpose::RecoveryCode, words.as_bytes());
            store::use_recovery_code(tx, credential.account_id, indexes).await?
        }
    };
    if is_taken { Ok(()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1: the last six of the eight digits there.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = Secret::new(b"12345678901234567890".to_vec().into()).to_base32();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let at = |shift| DateTime::from_timestamp(seconds + shift, 0).unwrap();
            assert_eq!(step_of(&secret, code, at(0)).unwrap(), Some(seconds / 30), "{seconds}");
            assert_eq!(step_of(&secret, code, at(30)).unwrap(), Some(seconds / 30), "one step late");
            assert_eq!(step_of(&secret, code, at(90)).unwrap(), None, "too late");
            assert_eq!(step_of(&secret, &format!(" {code}"), at(0)).unwrap(), None);
        }
    }

    #[test]
    fn who_needs_one() {
        use Role::{AuditAdmin, Dispatcher, SecurityAdmin, SystemAdmin};
        for (setting, roles, required) in [
            (SecondFactor::Optional, vec![SystemAdmin], false),
            (SecondFactor::Administrators, vec![Dispatcher], false),
            (SecondFactor::Administrators, vec![Dispatcher, SystemAdmin], true),
            (SecondFactor::Administrators, vec![SecurityAdmin], true),
            (SecondFactor::Administrators, vec![AuditAdmin], true),
            (SecondFactor::Staff, vec![Dispatcher], true),
        ] {
            assert_eq!(is_required(setting, roles.clone()), required, "{setting:?} {roles:?}");
        }
    }
}
