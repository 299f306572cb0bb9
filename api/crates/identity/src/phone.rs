//! Mobile numbers (手机号).

use std::fmt;

use kernel::error::{UserError, UserErrorCode};
use kernel::vault::{Purpose, Vault};

/// A mainland mobile number in E.164, e.g. `+8613800138000`. Its `Debug` is masked: numbers never reach a log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads a number as people write it: full-width digits, spaces, hyphens, `+86`, `0086` or `86` in front.
    ///
    /// # Errors
    /// `REQUIRED` when empty, `INVALID` for anything but `1[3-9]` and nine more digits.
    ///
    /// ```
    /// use identity::phone::Phone;
    /// assert_eq!(Phone::parse("phone", "+86 199-0000-0001").unwrap().e164(), "+8619900000001");
    /// assert_eq!(Phone::parse("phone", "１３８００１３８０００").unwrap().masked(), "138****8000");
    /// for bad in ["12800138000", "1380013800", "138001380000", "021-62345678", "12345", "+1 415 555 0100"] {
    ///     assert!(Phone::parse("phone", bad).is_err(), "{bad}");
    /// }
    /// ```
    pub fn parse(field: &str, text: &str) -> Result<Self, UserError> {
        if text.trim().is_empty() {
            return Err(UserError::at(UserErrorCode::Required, field));
        }
        let folded: String =
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－')).map(fold).collect();
        let national = ["+86", "0086", "86"].iter().find_map(|prefix| folded.strip_prefix(prefix)).unwrap_or(&folded);
        let is_mobile = national.len() == 11
            && national.bytes().all(|byte| byte.is_ascii_digit())
            && national.starts_with('1')
            && matches!(national.as_bytes().get(1), Some(b'3'..=b'9'));
        if is_mobile { Ok(Self(format!("+86{national}"))) } else { Err(UserError::at(UserErrorCode::Invalid, field)) }
    }

    /// Takes a number that was stored in E.164.
    #[must_use]
    pub fn from_stored(e164: String) -> Self {
        Self(e164)
    }

    /// In E.164.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// Its blind index: the same for the same number, and nothing without the key.
    #[must_use]
    pub fn index(&self, vault: &Vault) -> Vec<u8> {
        vault.keyed_hash(Purpose::PhoneIndex, self.0.as_bytes())
    }

    /// Its blind indexes by each key of the ring, the one in force first: whatever is looked up by number is looked up by all.
    #[must_use]
    pub fn indexes(&self, vault: &Vault) -> Vec<Vec<u8>> {
        vault.keyed_hashes(Purpose::PhoneIndex, self.0.as_bytes())
    }

    /// With its middle hidden: `138****8000`.
    #[must_use]
    pub fn masked(&self) -> String {
        let digits: Vec<char> = self.0.chars().rev().take(11).collect();
        let show = |places: std::ops::Range<usize>| -> String {
            digits.iter().rev().skip(places.start).take(places.len()).collect()
        };
        format!("{}****{}", show(0..3), show(7..11))
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// Folds full-width signs to ASCII (NFKC for the signs that occur in numbers).
fn fold(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    }
}
