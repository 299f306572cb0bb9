//! Sealing of personal data (个人信息加密), blind indexes, and every key derived from the one master key.

use std::fmt::{self, Write as _};

use anyhow::{Context as _, anyhow, bail};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{constant_time, digest, hmac};

/// First byte of what was sealed before keys had ids; any key of the ring may have sealed it.
const WITHOUT_ID: u8 = 1;
/// First byte of what names the key that sealed it, by the four bytes that follow.
const WITH_ID: u8 = 2;
/// Bytes of a key's id.
const ID_LEN: usize = 4;

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
    /// Inputs of operations that carry an idempotency key.
    Fingerprint,
    /// Codes that screens at doors show.
    DoorCode,
    /// Secrets in the addresses of calendar feeds.
    FeedSecret,
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
            Self::Fingerprint => "hash/Fingerprint",
            Self::DoorCode => "hash/DoorCode",
            Self::FeedSecret => "hash/FeedSecret",
        }
    }
}

/// Name of a master key (密钥编号): it says nothing about the key, and stands before all that is sealed under it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; ID_LEN]);

impl KeyId {
    /// The name of a master key.
    #[must_use]
    pub fn of(master: &[u8]) -> Self {
        Self::derived(&hmac::Key::new(hmac::HMAC_SHA256, master))
    }

    fn derived(master: &hmac::Key) -> Self {
        let mut id = [0; ID_LEN];
        id.copy_from_slice(&hmac::sign(master, b"id").as_ref()[..ID_LEN]);
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A master key and what is derived from it.
struct Key {
    id: KeyId,
    sealing: RandomizedNonceKey,
    master: hmac::Key,
}

impl Key {
    fn new(master: &[u8]) -> anyhow::Result<Self> {
        if master.len() < 32 {
            bail!("the master key has {} bytes; 32 are needed", master.len());
        }
        let master = hmac::Key::new(hmac::HMAC_SHA256, master);
        let sealing = RandomizedNonceKey::new(&AES_256_GCM, hmac::sign(&master, b"seal/1").as_ref())
            .map_err(|_| anyhow!("the sealing key was refused"))?;
        Ok(Self { id: KeyId::derived(&master), sealing, master })
    }

    fn open(&self, column: &str, nonce_and_body: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = nonce_and_body.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut body = body.to_vec();
        let words = self.sealing.open_in_place(nonce, Aad::from(column.as_bytes()), &mut body).ok()?.len();
        body.truncate(words);
        Some(body)
    }

    fn keyed_hash(&self, purpose: Purpose, words: &[u8]) -> Vec<u8> {
        let derived = hmac::sign(&self.master, purpose.label().as_bytes());
        let key = hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref());
        hmac::sign(&key, words).as_ref().to_vec()
    }
}

/// Seals and opens personal data (保险箱): AES-256-GCM under a key derived from a master key, bound to table and column. It
/// holds a ring of keys (密钥环): the one in force seals and hashes, the retired ones still open and recognise.
pub struct Vault {
    in_force: Key,
    retired: Vec<Key>,
}

impl Vault {
    /// A vault from a master key of at least 32 bytes.
    ///
    /// # Errors
    /// When the key is too short.
    pub fn new(master: &[u8]) -> anyhow::Result<Self> {
        Self::ring(master, &[])
    }

    /// A vault from the master key in force and retired ones.
    ///
    /// # Errors
    /// When a key is too short, or two have the same id.
    pub fn ring(master: &[u8], retired: &[Vec<u8>]) -> anyhow::Result<Self> {
        let in_force = Key::new(master)?;
        let retired = retired.iter().map(|master| Key::new(master)).collect::<anyhow::Result<Vec<_>>>()?;
        let mut ids: Vec<KeyId> = retired.iter().map(|key| key.id).chain([in_force.id]).collect();
        ids.sort_unstable();
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            bail!("the master key {} is twice in the ring", twice[0]);
        }
        Ok(Self { in_force, retired })
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.in_force).chain(&self.retired)
    }

    /// The keys of the ring, the one in force first.
    pub fn ids(&self) -> impl Iterator<Item = KeyId> {
        self.keys().map(|key| key.id)
    }

    /// The key in force.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.in_force.id
    }

    /// Seals words for one column, e.g. `account.phone`, under the key in force.
    ///
    /// # Errors
    /// A fault of the cryptographic library.
    pub fn seal(&self, column: &str, words: &str) -> anyhow::Result<Vec<u8>> {
        let mut body = words.as_bytes().to_vec();
        let key = &self.in_force;
        let nonce = key
            .sealing
            .seal_in_place_append_tag(Aad::from(column.as_bytes()), &mut body)
            .map_err(|_| anyhow!("sealing failed"))?;
        let mut sealed = vec![WITH_ID];
        sealed.extend_from_slice(&key.id.0);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens what [`Vault::seal`] closed for the same column.
    ///
    /// # Errors
    /// A fault when the text was changed, moved to another column, or sealed under a key that is not in the ring.
    pub fn open(&self, column: &str, sealed: &[u8]) -> anyhow::Result<String> {
        Ok(self.open_and_tell(column, sealed)?.0)
    }

    /// Opens as [`Vault::open`] does, and tells which key had sealed it.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_and_tell(&self, column: &str, sealed: &[u8]) -> anyhow::Result<(String, KeyId)> {
        let (format, rest) = sealed.split_first().context("nothing sealed")?;
        let opened = match *format {
            WITHOUT_ID => {
                let opened = self.keys().find_map(|key| Some((key.open(column, rest)?, key.id)));
                opened.with_context(|| {
                    format!("a sealed value of {column} does not open: changed, or sealed under a key that is not in the ring")
                })?
            }
            WITH_ID => {
                let (id, rest) = rest.split_first_chunk().context("sealed in part only")?;
                let id = KeyId(*id);
                let key = self.keys().find(|key| key.id == id).with_context(|| {
                    format!("a value of {column} is sealed under a key that is not in the ring: {id}")
                })?;
                let opened = key.open(column, rest);
                (opened.with_context(|| format!("a sealed value of {column} does not open: it was changed"))?, id)
            }
            other => bail!("a value of {column} is sealed in an unknown way: {other}"),
        };
        Ok((String::from_utf8(opened.0)?, opened.1))
    }

    /// Whether a sealed value names the key in force, which seals what is sealed now.
    #[must_use]
    pub fn is_in_force(&self, sealed: &[u8]) -> bool {
        sealed.first() == Some(&WITH_ID) && sealed[1..].starts_with(&self.in_force.id.0)
    }

    /// A keyed hash for a purpose, by the key in force: the same words always give the same 32 bytes, which say nothing
    /// without the key.
    #[must_use]
    pub fn keyed_hash(&self, purpose: Purpose, words: &[u8]) -> Vec<u8> {
        self.in_force.keyed_hash(purpose, words)
    }

    /// The keyed hashes of the same words by each key of the ring, the one in force first: what was hashed before a rotation
    /// is recognised by them.
    #[must_use]
    pub fn keyed_hashes(&self, purpose: Purpose, words: &[u8]) -> Vec<Vec<u8>> {
        self.keys().map(|key| key.keyed_hash(purpose, words)).collect()
    }

    /// Whether a hash is one of these words by any key of the ring.
    #[must_use]
    pub fn is_hash_of(&self, purpose: Purpose, words: &[u8], hash: &[u8]) -> bool {
        self.keyed_hashes(purpose, words).iter().any(|own| same_bytes(own, hash))
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

    fn both(retired: u8, in_force: u8) -> Vault {
        Vault::ring(&[in_force; 32], &[vec![retired; 32]]).unwrap()
    }

    /// As a value was sealed before keys had ids.
    fn without_id(sealed: &[u8]) -> Vec<u8> {
        [&[WITHOUT_ID], &sealed[1 + ID_LEN..]].concat()
    }

    #[test]
    fn what_a_retired_key_sealed_opens_and_what_a_foreign_key_sealed_does_not() {
        let old = Vault::new(&[7; 32]).unwrap().seal("account.phone", "+8613800138000").unwrap();
        let vault = both(7, 9);
        for sealed in [old.clone(), without_id(&old)] {
            let opened = vault.open_and_tell("account.phone", &sealed).unwrap();
            assert_eq!(opened, ("+8613800138000".to_owned(), KeyId::of(&[7; 32])));
            assert!(!vault.is_in_force(&sealed) && vault.open("account.name", &sealed).is_err());
            let foreign = both(8, 9).open("account.phone", &sealed).unwrap_err().to_string();
            assert!(foreign.contains("not in the ring"), "{foreign}");
        }
        let new = vault.seal("account.phone", "+8613800138000").unwrap();
        assert!(vault.is_in_force(&new) && !both(9, 7).is_in_force(&new));
        assert!(both(9, 7).open("account.phone", &new).is_ok());
        assert!(!vault.is_in_force(&without_id(&new)), "to be sealed anew, so that it names its key");
    }

    #[test]
    fn cut_short_nothing_opens() {
        let vault = both(7, 9);
        let sealed = vault.seal("c", "x").unwrap();
        for sealed in [&sealed, &without_id(&sealed)] {
            assert!((0..sealed.len()).all(|length| vault.open("c", &sealed[..length]).is_err()));
        }
    }

    #[test]
    fn a_ring_knows_the_hashes_of_all_its_keys() {
        let (old, vault) = (Vault::new(&[7; 32]).unwrap(), both(7, 9));
        let [before, now] = [&old, &vault].map(|vault| vault.keyed_hash(Purpose::PhoneIndex, b"x"));
        assert_eq!(vault.keyed_hashes(Purpose::PhoneIndex, b"x"), [now.clone(), before.clone()]);
        assert_eq!(old.keyed_hashes(Purpose::PhoneIndex, b"x"), vec![before.clone()]);
        assert!(
            vault.is_hash_of(Purpose::PhoneIndex, b"x", &before) && vault.is_hash_of(Purpose::PhoneIndex, b"x", &now)
        );
        assert!(!vault.is_hash_of(Purpose::Device, b"x", &before) && !old.is_hash_of(Purpose::PhoneIndex, b"x", &now));
    }

    #[test]
    fn no_key_is_twice_in_a_ring() {
        assert!(Vault::ring(&[7; 32], &[vec![7; 32]]).is_err());
        assert!(Vault::ring(&[7; 32], &[vec![8; 32], vec![8; 32]]).is_err());
        assert!(Vault::ring(&[7; 32], &[vec![8; 31]]).is_err());
        assert_eq!(both(7, 9).ids().collect::<Vec<_>>(), [KeyId::of(&[9; 32]), KeyId::of(&[7; 32])]);
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
