//! Signed addresses of photos (签名链接): whoever was shown a photo may fetch it for some minutes, and only that.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{AttachmentId, Id as _};
use kernel::vault::{Purpose, Vault};

/// The forms in which a photo is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variant {
    /// The photo, its longer edge at most 2,560 pixels.
    Full,
    /// Its thumbnail, at most 480 pixels.
    Thumbnail,
}

impl Variant {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Full, Self::Thumbnail];

    /// The name in addresses and in the object store.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Thumbnail => "thumbnail",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|variant| variant.text() == text)
    }
}

/// The address of a photo, relative to the service: `/media/{id}/{variant}?expires=…&signature=…`.
///
/// It is valid for at most `life` and at least half of it. All who ask in the same half get the same address, so that
/// caches on phones keep what they have.
pub fn address(vault: &Vault, id: AttachmentId, variant: Variant, now: DateTime<Utc>, life: TimeDelta) -> String {
    let half = (life.num_seconds() / 2).max(1);
    let expires = (now.timestamp().div_euclid(half) + 2) * half;
    let (id, variant, expires) = (id.text(), variant.text(), expires.to_string());
    let signature = vault.keyed_hash(Purpose::FileUrl, &words(&id, variant, &expires));
    let signature = URL_SAFE_NO_PAD.encode(signature);
    format!("/media/{id}/{variant}?expires={expires}&signature={signature}")
}

/// What a signed address stands for; `None` when any part of it was changed, or it has expired.
pub fn check(
    vault: &Vault,
    now: DateTime<Utc>,
    (id, variant): (&str, &str),
    (expires, signature): (&str, &str),
) -> Option<(AttachmentId, Variant)> {
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    // The texts as they came are signed, so that no second spelling of the same address exists.
    if !vault.is_hash_of(Purpose::FileUrl, &words(id, variant, expires), &signature) {
        return None;
    }
    if expires.parse::<i64>().ok()? <= now.timestamp() {
        return None;
    }
    Some((AttachmentId::parse(id)?, Variant::parse(variant)?))
}

/// What is signed.
fn words(id: &str, variant: &str, expires: &str) -> Vec<u8> {
    // None of the parts that we sign holds a line feed: no two triples make the same words.
    format!("{id}\n{variant}\n{expires}").into_bytes()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const LIFE: TimeDelta = TimeDelta::minutes(30);

    fn vault() -> Vault {
        Vault::new(&[7; 32]).unwrap()
    }

    fn noon() -> DateTime<Utc> {
        "2026-11-22T12:00:07Z".parse().unwrap()
    }

    /// The four parts of an address.
    fn parts(address: &str) -> [String; 4] {
        let (path, query) = address.split_once('?').unwrap();
        let (id, variant) = path.strip_prefix("/media/").unwrap().split_once('/').unwrap();
        let (expires, signature) = query.split_once('&').unwrap();
        let expires = expires.strip_prefix("expires=").unwrap();
        let signature = signature.strip_prefix("signature=").unwrap();
        [id, variant, expires, signature].map(str::to_owned)
    }

    fn opens(now: DateTime<Utc>, [id, variant, expires, signature]: &[String; 4]) -> Option<(AttachmentId, Variant)> {
        check(&vault(), now, (id, variant), (expires, signature))
    }

    #[test]
    fn an_address_opens_what_it_names_until_it_expires() {
        let id = AttachmentId(Uuid::from_u128(5));
        for variant in Variant::ALL {
            let parts = parts(&address(&vault(), id, variant, noon(), LIFE));
            assert_eq!(opens(noon(), &parts), Some((id, variant)));
            let expires: i64 = parts[2].parse().unwrap();
            let left = expires - noon().timestamp();
            assert!((15 * 60..=30 * 60).contains(&left), "{left} s");
            let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
            assert_eq!(opens(at(expires - 1), &parts), Some((id, variant)));
            assert_eq!(opens(at(expires), &parts), None);
        }
    }

    #[test]
    fn addresses_stay_the_same_for_a_while() {
        let id = AttachmentId(Uuid::from_u128(5));
        let at = |minutes| address(&vault(), id, Variant::Full, noon() + TimeDelta::minutes(minutes), LIFE);
        assert_eq!(at(0), at(14));
        assert_ne!(at(0), at(15));
    }

    #[test]
    fn an_address_with_anything_changed_opens_nothing() {
        let id = AttachmentId(Uuid::from_u128(5));
        let honest = parts(&address(&vault(), id, Variant::Thumbnail, noon(), LIFE));
        let [own_id, _, expires, signature] = honest.clone();
        let later = (expires.parse::<i64>().unwrap() + 1).to_string();
        let other = parts(&address(&vault(), AttachmentId(Uuid::from_u128(6)), Variant::Thumbnail, noon(), LIFE));
        let foreign = parts(&address(&Vault::new(&[8; 32]).unwrap(), id, Variant::Thumbnail, noon(), LIFE));
        let mut last_letter = signature.clone();
        let swapped = if last_letter.ends_with('A') { 'B' } else { 'A' };
        last_letter.pop();
        last_letter.push(swapped);
        for (part, text) in [
            (0, other[0].as_str()),
            (0, "att_../../etc/passwd"),
            (0, &own_id.to_uppercase()),
            (0, ""),
            (1, "full"),
            (1, "Thumbnail"),
            (1, "thumbnail/"),
            (2, &later),
            (2, &format!("+{expires}")),
            (2, &format!("0{expires}")),
            (2, "99999999999999999999999"),
            (2, "-1"),
            (2, ""),
            (3, &other[3]),
            (3, &foreign[3]),
            (3, &last_letter),
            (3, &signature[1..]),
            (3, &format!("{signature}=")),
            (3, &signature.to_lowercase()),
            (3, "路灯"),
            (3, ""),
        ] {
            let mut tampered = honest.clone();
            tampered[part] = text.to_owned();
            assert_ne!(tampered, honest);
            assert_eq!(opens(noon(), &tampered), None, "part {part} = {text:?}");
        }
        assert!(opens(noon(), &honest).is_some());
    }
}
