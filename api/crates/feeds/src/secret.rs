//! What stands in an address (订阅密钥), and how it is recognised. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::chance::Chance;
use kernel::error::Result;
use kernel::vault::{Purpose, Vault};

/// Bytes of a secret: 256 bits, which nobody guesses.
const BYTES: usize = 32;
/// Letters of its text.
const LETTERS: usize = 43;

/// The secret of a feed (订阅密钥): whoever has it reads the feed. Only a keyed hash of it is kept, so that the database alone opens
/// none.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; BYTES]);

impl Secret {
    /// Draws one.
    ///
    /// # Errors
    /// A fault when there is no randomness.
    pub fn draw(chance: &dyn Chance) -> Result<Self> {
        let mut bytes = [0; BYTES];
        chance.fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Reads what stands in an address; `None` for what can be none, so that nobody is asked about it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != LETTERS {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The address that reads the feed, relative to the service.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/calendar/{}.ics", URL_SAFE_NO_PAD.encode(self.0))
    }

    /// What is kept of it.
    pub(crate) fn index(&self, vault: &Vault) -> Vec<u8> {
        vault.keyed_hash(Purpose::FeedSecret, &self.0)
    }

    /// What was kept of it, under any key of the ring.
    pub(crate) fn indexes(&self, vault: &Vault) -> Vec<Vec<u8>> {
        vault.keyed_hashes(Purpose::FeedSecret, &self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use kernel::chance::SeededChance;

    use super::*;

    #[test]
    fn an_address_has_one_spelling() {
        let secret = Secret::draw(&SeededChance::new(7)).unwrap();
        let address = secret.address();
        let text = address.strip_prefix("/calendar/").and_then(|rest| rest.strip_suffix(".ics")).unwrap();
        assert_eq!(Secret::parse(text), Some(secret.clone()));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        // The last letter holds four bits and two that must be nought.
        let mut other = text[..LETTERS - 1].to_owned();
        other.push('_');
        for wrong in ["", &text[1..], &format!("{text}="), &format!("{text}A"), &text.replace(&text[..1], "."), &other]
        {
            assert_eq!(Secret::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Secret::parse(&"预".repeat(43)), None);
    }

    #[test]
    fn it_is_recognised_under_a_retired_key() {
        let secret = Secret::draw(&SeededChance::new(7)).unwrap();
        let (before, after) = (Vault::new(&[7; 32]).unwrap(), Vault::ring(&[8; 32], &[vec![7; 32]]).unwrap());
        assert_ne!(secret.index(&before), secret.index(&after));
        assert!(secret.indexes(&after).contains(&secret.index(&before)));
        assert_eq!(secret.indexes(&after)[0], secret.index(&after));
    }
}
