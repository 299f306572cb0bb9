//! The signed address of a file (签名链接): whoever has it may fetch the file for an hour, and only that.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entity::id::{HotlineBatchId, Id as _};
use kernel::vault::{Purpose, Vault};

/// The address of a file, relative to the service: `/hotline-results/{id}?expires=…&signature=…`.
pub(crate) fn address(vault: &Vault, id: HotlineBatchId, expires_at: DateTime<Utc>) -> String {
    let (id, expires) = (id.text(), expires_at.timestamp().to_string());
    let signature = URL_SAFE_NO_PAD.encode(vault.keyed_hash(Purpose::FileUrl, &words(&id, &expires)));
    format!("/hotline-results/{id}?expires={expires}&signature={signature}")
}

/// Which file an address stands for; `None` when any part of it was changed, or it has expired.
pub(crate) fn check(
    vault: &Vault,
    now: DateTime<Utc>,
    id: &str,
    (expires, signature): (&str, &str),
) -> Option<HotlineBatchId> {
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    if !vault.is_hash_of(Purpose::FileUrl, &words(id, expires), &signature) {
        return None;
    }
    if expires.parse::<i64>().ok()? <= now.timestamp() { None } else { HotlineBatchId::parse(id) }
}

/// Ids name their kind, so that no photo's and no copy's address stands for a file.
fn words(id: &str, expires: &str) -> Vec<u8> {
    format!("{id}\n{expires}").into_bytes()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_address_opens_what_it_names_until_it_expires_and_unchanged() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let now: DateTime<Utc> = "2026-11-25T04:00:00Z".parse().unwrap();
        let id = HotlineBatchId(Uuid::from_u128(5));
        let address = address(&vault, id, now + TimeDelta::hours(1));
        let (path, query) = address.split_once('?').unwrap();
        let name = path.strip_prefix("/hotline-results/").unwrap();
        let (expires, signature) = query.split_once('&').unwrap();
        let (expires, signature) =
            (expires.strip_prefix("expires=").unwrap(), signature.strip_prefix("signature=").unwrap());
        let opens = |at, name: &str, expires: &str, signature: &str| check(&vault, at, name, (expires, signature));
        assert_eq!(opens(now, name, expires, signature), Some(id));
        assert_eq!(opens(now + TimeDelta::hours(1), name, expires, signature), None);
        let later = (expires.parse::<i64>().unwrap() + 1).to_string();
        let other = HotlineBatchId(Uuid::from_u128(6)).text();
        for (name, expires, signature) in
            [(other.as_str(), expires, signature), (name, later.as_str(), signature), (name, expires, &signature[1..])]
        {
            assert_eq!(opens(now, name, expires, signature), None, "{name} {expires} {signature}");
        }
    }
}
