//! Sealing of personal data (个人信息加密), blind indexes, and every key derived from the one master key.

use std::fmt::Write as _;

use anyhow::{Context as _, anyhow, bail};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{constant_time, digest, hmac};

/// Number of the key a ciphertext was sealed with; its first byte, so that keys can be rotated later.
const KEY_NUMBER: u8 = 1;

/// What a derived key is for; one purpose never opens what another closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Blind index of phone numbers.
    PhoneIndex,
    /// Refresh tokens.
    RefreshToken,
    /// Device ids.
    Device,
    /// One-time codes.
    OneTimeCode,
    /// Signed addresses of files.
    FileUrl,
    /// Recovery codes of second factors.
    RecoveryCode,
    /// Blind index of WeChat openids.
    WechatIndex,
    /// Blind index of flats.
    FlatIndex,
}

impl Purpose {
    /// What the key is derived from: changing it makes every hash of before unknown.
    const fn label(self) -> &'static str {
        match self {
            Self::PhoneIndex => "hash/PhoneIndex",
            Self::RefreshToken => "hash/RefreshToken",
            Self::Device => "hash/Device",
            Self::OneTimeCode => "hash/OneTimeCode",
            Self::FileUrl => "hash/FileUrl",
            Self::RecoveryCode => "hash/RecoveryCode",
            Self::WechatIndex => "hash/WechatIndex",
            Self::FlatIndex => "hash/FlatIndex",
        }
    }
}

/// Seals and opens personal data (保险箱): AES-256-GCM under a key derived from the master key, bound to table and column.
pub struct Vault {
    sealing: RandomizedNonceKey,
    master: hmac::Key,
}

impl Vault {
    /// A vault from a master key of at least 32 bytes.
    ///
    /// # Errors
    /// When the key is too short.
    pub fn new(master: &[u8]) -> anyhow::Result<Self> {
        if master.len() < 32 {
            bail!("the master key has {} bytes; 32 are needed", master.len());
        }
        let master = hmac::Key::new(hmac::HMAC_SHA256, master);
        let sealing = RandomizedNonceKey::new(&AES_256_GCM, hmac::sign(&master, b"seal/1").as_ref())
            .map_err(|_| anyhow!("the sealing key was refused"))?;
        Ok(Self { sealing, master })
    }

    /// Seals words for one column, e.g. `account.phone`.
    ///
    /// # Errors
    /// A fault of the cryptographic library.
    pub fn seal(&self, column: &str, words: &str) -> anyhow::Result<Vec<u8>> {
        let mut body = words.as_bytes().to_vec();
        let nonce = self
            .sealing
            .seal_in_place_append_tag(Aad::from(column.as_bytes()), &mut body)
            .map_err(|_| anyhow!("sealing failed"))?;
        let mut sealed = vec![KEY_NUMBER];
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens what [`Vault::seal`] closed for the same column.
    ///
    /// # Errors
    /// A fault when the text was changed, moved to another column, or sealed under another key.
    pub fn open(&self, column: &str, sealed: &[u8]) -> anyhow::Result<String> {
        let (number, rest) = sealed.split_first().context("nothing sealed")?;
        if *number != KEY_NUMBER || rest.len() < NONCE_LEN {
            bail!("sealed under an unknown key");
        }
        let (nonce, body) = rest.split_at(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| anyhow!("malformed nonce"))?;
        let mut body = body.to_vec();
        let words = self
            .sealing
            .open_in_place(nonce, Aad::from(column.as_bytes()), &mut body)
            .map_err(|_| anyhow!("a sealed value of {column} does not open: changed, or sealed under another key"))?;
        Ok(std::str::from_utf8(words)?.to_owned())
    }

    /// A keyed hash for a purpose: the same words always give the same 32 bytes, which say nothing without the key.
    #[must_use]
    pub fn keyed_hash(&self, purpose: Purpose, words: &[u8]) -> Vec<u8> {
        let derived = hmac::sign(&self.master, purpose.label().as_bytes());
        let key = hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref());
        hmac::sign(&key, words).as_ref().to_vec()
    }
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut output = [0; 32];
    output.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    output
}

/// Bytes in lower-case hexadecimal.
///
/// ```
/// assert_eq!(kernel::vault::hex(&[0, 15, 255]), "000fff");
/// ```
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether two byte strings are equal, in time that does not tell where they differ.
#[must_use]
pub fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_for_a_column_opens_only_there_and_unchanged() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let sealed = vault.seal("account.phone", "+8613800138000").unwrap();
        assert_eq!(vault.open("account.phone", &sealed).unwrap(), "+8613800138000");
        assert!(vault.open("account.name", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault.open("account.phone", &changed).is_err(), "byte {at}");
        }
        assert!(Vault::new(&[8; 32]).unwrap().open("account.phone", &sealed).is_err());
    }

    /// HMAC-SHA-256 of "x" under HMAC-SHA-256 of the label, as any other library gives it: what is stored stays readable.
    #[test]
    fn hashes_stay_what_they_were() {
        let vault = Vault::new(&[7; 32]).unwrap();
        for (purpose, begins) in [
            (Purpose::PhoneIndex, "15982e587e3286db"),
            (Purpose::RefreshToken, "270a6d195660c3b7"),
            (Purpose::Device, "bd455c221fd20f3d"),
            (Purpose::OneTimeCode, "672fc2190052bee7"),
            (Purpose::FileUrl, "4a221c0864d23116"),
            (Purpose::WechatIndex, "5fa8f8541991de45"),
            (Purpose::FlatIndex, "2b7fddb7c7d4d76e"),
        ] {
            let hash = vault.keyed_hash(purpose, b"x");
            let hex: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, begins, "{purpose:?}");
        }
    }

    #[test]
    fn equal_words_seal_differently_and_index_alike() {
        let vault = Vault::new(&[7; 32]).unwrap();
        assert_ne!(vault.seal("c", "x").unwrap(), vault.seal("c", "x").unwrap());
        assert_eq!(vault.keyed_hash(Purpose::PhoneIndex, b"x"), vault.keyed_hash(Purpose::PhoneIndex, b"x"));
        assert_ne!(vault.keyed_hash(Purpose::PhoneIndex, b"x"), vault.keyed_hash(Purpose::Device, b"x"));
    }
}
