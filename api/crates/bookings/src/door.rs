//! What the screen at a centre's door shows (签到动态码): whoever scans it is there. Pure but for the key.

use chrono::{DateTime, Utc};
use entity::id::CenterId;
use kernel::error::{UserError, UserErrorCode};
use kernel::vault::{Purpose, Vault};
use schedule::code::{self, CodeError};

/// What a screen shows, and until when (签到动态码).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorCode {
    /// What people scan; a QR code holds it.
    pub code: String,
    /// When the screen shows the next one.
    pub shown_until: DateTime<Utc>,
}

/// What the screen of a centre shows at an instant.
#[must_use]
pub fn door_code(vault: &Vault, center: CenterId, now: DateTime<Utc>) -> DoorCode {
    let code = code::issue(center.0.as_bytes(), now, |bytes| vault.keyed_hash(Purpose::DoorCode, bytes));
    DoorCode { code, shown_until: code::shown_until(now) }
}

/// Whether somebody scanned it there and then.
///
/// # Errors
/// `CODE_EXPIRED` of one that is shown no more, e.g. a picture of it; `CODE_INCORRECT` of what no screen of the centre showed.
pub(crate) fn check(vault: &Vault, center: CenterId, scanned: &str, now: DateTime<Utc>) -> Result<(), UserError> {
    // The node of the screen may have another key of the ring in force, while keys are changed.
    let keys = 0..vault.keyed_hashes(Purpose::DoorCode, &[]).len();
    let checks = keys.map(|key| {
        let hash = |bytes: &[u8]| vault.keyed_hashes(Purpose::DoorCode, bytes).swap_remove(key);
        code::check(center.0.as_bytes(), scanned, now, hash)
    });
    let checked = checks.reduce(|best, next| if best == Err(CodeError::Foreign) { next } else { best });
    checked.unwrap_or(Err(CodeError::Foreign)).map_err(|error| match error {
        CodeError::Expired => UserError::at(UserErrorCode::CodeExpired, "code"),
        CodeError::Malformed | CodeError::Foreign => UserError::at(UserErrorCode::CodeIncorrect, "code"),
    })
}
