//! Staff passwords (工作人员口令): argon2id, on a bounded number of threads.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::text::line;
use tokio::sync::Semaphore;

/// Hashing takes memory and a core; more at once would starve everybody else.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Characters of a password at most.
const LENGTH: usize = 128;

/// Checks a new password: at least 10 characters of 3 of the classes lower, upper, digit, other (等保2.0 L3).
///
/// # Errors
/// `INVALID` with the reason.
///
/// ```
/// use identity::password::check_rules;
/// assert!(check_rules("password", "xin-hong-2026").is_ok());
/// assert!(check_rules("password", "abcdefghijkl").is_err());
/// assert!(check_rules("password", "Ab1-").is_err());
/// ```
pub fn check_rules(field: &str, password: &str) -> std::result::Result<(), UserError> {
    let has = |class: fn(char) -> bool| usize::from(password.chars().any(class));
    let classes =
        has(|c| c.is_lowercase()) + has(|c| c.is_uppercase()) + has(|c| c.is_numeric()) + has(|c| !c.is_alphanumeric());
    let length = password.chars().count();
    if length < 10 {
        return Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("password_short")));
    }
    if length > LENGTH {
        return Err(UserError::at(UserErrorCode::TooLong, field).with(Detail::Limit(LENGTH as i64)));
    }
    // Sign-in takes one line, trimmed: what it would not take as typed could never be typed again.
    if !line(field, password, LENGTH).is_ok_and(|read| read == password) {
        return Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("control_character")));
    }
    if classes < 3 {
        return Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("password_classes")));
    }
    Ok(())
}

/// Hashes a password with argon2id, in PHC form.
///
/// # Errors
/// A fault of the library.
pub async fn hash(password: String, salt: [u8; 16]) -> Result<String> {
    on_a_thread(move || {
        let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hashed.map(|hash| hash.to_string()).map_err(|error| Error::Fault(anyhow::anyhow!("argon2: {error}")))
    })
    .await
}

/// Whether a password fits a hash in PHC form. `None` in place of a hash costs the same time and never fits, so that
/// known and unknown names cannot be told apart.
///
/// # Errors
/// A fault when the stored hash is damaged.
pub async fn fits(password: String, stored: Option<String>) -> Result<bool> {
    on_a_thread(move || {
        let Some(stored) = stored else {
            let _ = Argon2::default().hash_password_with_salt(password.as_bytes(), &[0; 16]);
            return Ok(false);
        };
        let parsed =
            PasswordHash::new(&stored).map_err(|error| Error::Fault(anyhow::anyhow!("stored hash: {error}")))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let turn = AT_ONCE.acquire().await.map_err(|error| Error::Fault(error.into()))?;
    // The turn goes with the work, which goes on when the client hangs up.
    let hashing = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    hashing.await.map_err(|error| Error::Fault(error.into()))?
}
