//! The code at the door (签到动态码): a screen shows another one every 15 seconds, and who scans it is there. It is bound to a place
//! and to a step of time by a keyed hash. Pure but for the key; that nobody checks in twice, the caller sees to.

use chrono::{DateTime, Utc};
use kernel::base::Base;
use kernel::error::{Result as KernelResult, UserError, UserErrorCode};
use kernel::vault::{Purpose, Vault, hex, same_bytes};
use uuid::Uuid;

/// For how long a screen shows the same code, in seconds. It is taken for two of these, so that who scans it late is not too late.
pub const STEP: i64 = 15;
/// Bytes of the keyed hash that a code carries.
const MAC: usize = 16;

/// Signs of a code that people say: none that is taken for another when it is said or written.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// How many signs such a code has.
pub const SPOKEN: usize = 8;

/// A code that people say or show at a desk (凭证码), drawn by chance; that no two have the same, a key of the table sees to.
///
/// # Errors
/// When chance gives nothing.
pub fn spoken(base: &Base) -> KernelResult<String> {
    let mut random = [0; SPOKEN];
    base.chance.fill(&mut random)?;
    Ok(random.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect())
}

/// What a screen shows, and until when (签到动态码).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenCode {
    /// What people scan; a QR code holds it.
    pub code: String,
    /// When the screen shows the next one.
    pub shown_until: DateTime<Utc>,
}

/// What the screen of a centre, or of an event, shows at an instant.
#[must_use]
pub fn on_screen(vault: &Vault, place: Uuid, now: DateTime<Utc>) -> ScreenCode {
    let code = issue(place.as_bytes(), now, |bytes| vault.keyed_hash(Purpose::DoorCode, bytes));
    ScreenCode { code, shown_until: shown_until(now) }
}

/// Whether somebody scanned it there and then.
///
/// # Errors
/// At `code`: `CODE_EXPIRED` of one that is shown no more, e.g. a picture of it; `CODE_INCORRECT` of what no screen of the place showed.
pub fn scanned(vault: &Vault, place: Uuid, code: &str, now: DateTime<Utc>) -> Result<(), UserError> {
    // The node of the screen may have another key of the ring in force, while keys are changed.
    let keys = 0..vault.keyed_hashes(Purpose::DoorCode, &[]).len();
    let checks = keys.map(|key| {
        let hash = |bytes: &[u8]| vault.keyed_hashes(Purpose::DoorCode, bytes).swap_remove(key);
        check(place.as_bytes(), code, now, hash)
    });
    let checked = checks.reduce(|best, next| if best == Err(CodeError::Foreign) { next } else { best });
    checked.unwrap_or(Err(CodeError::Foreign)).map_err(|error| match error {
        CodeError::Expired => UserError::at(UserErrorCode::CodeExpired, "code"),
        CodeError::Malformed | CodeError::Foreign => UserError::at(UserErrorCode::CodeIncorrect, "code"),
    })
}

/// Why a code does not let somebody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It is no code of ours, e.g. that of a poster.
    #[error("no code")]
    Malformed,
    /// It was shown too long ago, or is of a time that has not come.
    #[error("not a code of now")]
    Expired,
    /// No screen of this place showed it: it is another's, or changed.
    #[error("not a code of this place")]
    Foreign,
}

/// The code that the screen of a place shows at an instant: `<step>.<hash>` in capital hexadecimal, which a QR code holds in few
/// squares. `hash` is a keyed hash of at least 16 bytes, the same wherever codes are shown and checked.
pub fn issue(place: &[u8; 16], now: DateTime<Utc>, hash: impl Fn(&[u8]) -> Vec<u8>) -> String {
    shown(place, step(now), hash)
}

/// Until when a screen shows what it shows at an instant.
#[must_use]
pub fn shown_until(now: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp((step(now) + 1) * STEP, 0).unwrap_or(now)
}

/// Whether a code is one that the screen of a place shows, or showed a step ago; or will show in a step, as the node that made it
/// may be ahead.
///
/// # Errors
/// [`CodeError`]; of a code that is neither of this place nor of now, the place.
pub fn check(
    place: &[u8; 16],
    code: &str,
    now: DateTime<Utc>,
    hash: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<(), CodeError> {
    let (digits, _) = code.split_once('.').ok_or(CodeError::Malformed)?;
    let at = i64::from_str_radix(digits, 16).map_err(|_| CodeError::Malformed)?;
    if !same_bytes(shown(place, at, hash).as_bytes(), code.as_bytes()) {
        return Err(CodeError::Foreign);
    }
    if at.abs_diff(step(now)) <= 1 { Ok(()) } else { Err(CodeError::Expired) }
}

/// Steps since 1970.
fn step(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(STEP)
}

fn shown(place: &[u8; 16], step: i64, hash: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let mut mac = hash(&[&place[..], &step.to_be_bytes()].concat());
    mac.truncate(MAC);
    format!("{step:X}.{}", hex(&mac).to_uppercase())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    const HALL: [u8; 16] = [1; 16];

    fn hash(bytes: &[u8]) -> Vec<u8> {
        keyed(7)(bytes)
    }

    fn keyed(key: u8) -> impl Fn(&[u8]) -> Vec<u8> {
        let vault = Vault::new(&[key; 32]).unwrap();
        move |bytes| vault.keyed_hash(Purpose::OneTimeCode, bytes)
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn instants() -> impl Strategy<Value = DateTime<Utc>> {
        (0..4_000_000_000_000_i64).prop_map(|millis| DateTime::from_timestamp_millis(millis).unwrap())
    }

    fn check_after(millis: i64, issued: DateTime<Utc>) -> Result<(), CodeError> {
        check(&HALL, &issue(&HALL, issued, hash), issued + TimeDelta::milliseconds(millis), hash)
    }

    #[test]
    fn a_code_is_short_and_stays_what_it_was() {
        let code = issue(&HALL, at("2026-11-23T10:00:07Z"), hash);
        assert_eq!(code, "7226760.AE20A5A519A2B07D348CC79F5B785A8D");
        assert_eq!(code, issue(&HALL, at("2026-11-23T10:00:00Z"), hash));
        assert_eq!(code, issue(&HALL, at("2026-11-23T10:00:14.999Z"), hash));
        assert_ne!(code, issue(&HALL, at("2026-11-23T10:00:15Z"), hash));
    }

    #[test]
    fn a_picture_of_it_is_worth_nothing_after_30_seconds() {
        let begins = at("2026-11-23T10:00:00Z");
        for (millis, expected) in [
            (-15_001, Err(CodeError::Expired)),
            (-15_000, Ok(())),
            (0, Ok(())),
            (29_999, Ok(())),
            (30_000, Err(CodeError::Expired)),
            (86_400_000, Err(CodeError::Expired)),
        ] {
            assert_eq!(check_after(millis, begins), expected, "{millis} ms");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let now = at("2026-11-23T10:00:00Z");
        for (code, expected) in [
            ("", CodeError::Malformed),
            ("7226760", CodeError::Malformed),
            (".", CodeError::Malformed),
            ("https://example.cn/", CodeError::Malformed),
            ("FFFFFFFFFFFFFFFFF.00", CodeError::Malformed),
            ("7226760.", CodeError::Foreign),
            ("-8000000000000000.00", CodeError::Foreign),
            ("7FFFFFFFFFFFFFFF.00", CodeError::Foreign),
        ] {
            assert_eq!(check(&HALL, code, now, hash), Err(expected), "{code}");
        }
        let forever = shown(&HALL, i64::MAX, hash);
        assert_eq!(check(&HALL, &forever, now, hash), Err(CodeError::Expired));
    }

    proptest! {
        #[test]
        fn a_code_is_taken_while_it_is_shown_and_a_step_longer(issued in instants(), millis in -15_000..=15_000_i64) {
            prop_assert_eq!(check_after(millis, issued), Ok(()));
        }

        #[test]
        fn a_code_is_taken_neither_late_nor_early(issued in instants(), millis in 30_000..4_000_000_000_i64) {
            prop_assert_eq!(check_after(millis, issued), Err(CodeError::Expired));
            prop_assert_eq!(check_after(-millis, issued), Err(CodeError::Expired));
        }

        #[test]
        fn a_code_is_taken_at_its_own_place_by_its_own_key(issued in instants(), other: [u8; 16], key: u8) {
            let code = issue(&HALL, issued, hash);
            prop_assert_eq!(check(&other, &code, issued, hash).is_ok(), other == HALL);
            prop_assert_eq!(check(&HALL, &code, issued, keyed(key)).is_ok(), key == 7);
        }

        #[test]
        fn a_changed_code_is_refused(issued in instants(), at: prop::sample::Index, by: char, near in "[0-9A-Fa-f.+-]") {
            let code: Vec<char> = issue(&HALL, issued, hash).chars().collect();
            let at = at.index(code.len());
            let (before, after) = (&code[..at], &code[at + 1..]);
            let near: Vec<char> = near.chars().collect();
            for by in [&[by][..], &near, &[], &[code[at], by], &[code[at].to_ascii_lowercase()]] {
                let changed: String = [before, by, after].concat().into_iter().collect();
                let is_same = changed.chars().eq(code.iter().copied());
                prop_assert_eq!(check(&HALL, &changed, issued, hash).is_ok(), is_same, "{}", changed);
            }
        }

        #[test]
        fn a_code_is_one_short_line_of_what_qr_codes_hold_best(issued in instants()) {
            let code = issue(&HALL, issued, hash);
            prop_assert!(code.len() <= 41 && code.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F' | b'.')));
        }
    }
}
