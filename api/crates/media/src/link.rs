//! Signed addresses of photos (签名链接): whoever was shown a photo may fetch it for some minutes, and only that.

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{AttachmentId, Id as _};
use kernel::link;
use kernel::vault::Vault;

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

/// What a signed address stands for: a photo as it is shown, or as it was before parts of it were painted over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is shown now.
    Shown(Variant),
    /// As it was taken in.
    Original,
}

/// The name of what was taken in, in addresses.
const ORIGINAL: &str = "original";

impl Form {
    fn parse(text: &str) -> Option<Self> {
        if text == ORIGINAL { Some(Self::Original) } else { Variant::parse(text).map(Self::Shown) }
    }
}

/// The address of a photo, relative to the service: `/media/{id}/{variant}?expires=…&signature=…`.
///
/// It is valid for at most `life` and at least half of it. All who ask in the same half get the same address, so that
/// caches on phones keep what they have.
pub fn address(vault: &Vault, id: AttachmentId, variant: Variant, now: DateTime<Utc>, life: TimeDelta) -> String {
    named(vault, id, variant.text(), now, life)
}

/// The same, of a photo as it was taken in.
pub fn original(vault: &Vault, id: AttachmentId, now: DateTime<Utc>, life: TimeDelta) -> String {
    named(vault, id, ORIGINAL, now, life)
}

fn named(vault: &Vault, id: AttachmentId, form: &str, now: DateTime<Utc>, life: TimeDelta) -> String {
    let half = (life.num_seconds() / 2).max(1);
    let expires = (now.timestamp().div_euclid(half) + 2) * half;
    link::address(vault, "media", &[&id.text(), form], expires)
}

/// What a signed address stands for; `None` when any part of it was changed, or it has expired.
pub fn check(
    vault: &Vault,
    now: DateTime<Utc>,
    (id, form): (&str, &str),
    signed: (&str, &str),
) -> Option<(AttachmentId, Form)> {
    let is_open = link::opens(vault, now, &[id, form], signed);
    AttachmentId::parse(id).zip(Form::parse(form)).filter(|_| is_open)
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

    fn opens(now: DateTime<Utc>, [id, variant, expires, signature]: &[String; 4]) -> Option<(AttachmentId, Form)> {
        check(&vault(), now, (id, variant), (expires, signature))
    }

    #[test]
    fn an_address_opens_what_it_names_until_it_expires() {
        let id = AttachmentId(Uuid::from_u128(5));
        for variant in Variant::ALL {
            let parts = parts(&address(&vault(), id, variant, noon(), LIFE));
            assert_eq!(opens(noon(), &parts), Some((id, Form::Shown(variant))));
            let expires: i64 = parts[2].parse().unwrap();
            let left = expires - noon().timestamp();
            assert!((15 * 60..=30 * 60).contains(&left), "{left} s");
            let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
            assert_eq!(opens(at(expires - 1), &parts), Some((id, Form::Shown(variant))));
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
}
