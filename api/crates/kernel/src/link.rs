//! Signed addresses of files (签名链接): whoever has one may fetch that file until it expires, and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};

use crate::vault::{Purpose, Vault};

/// The address of what `parts` name, relative to the service: `/folder/part/part?expires=…&signature=…`, `expires` in seconds.
///
/// Parts hold neither slashes nor line feeds, and the first is an id, which names its kind: no file's address is another's.
#[must_use]
pub fn address(vault: &Vault, folder: &str, parts: &[&str], expires: i64) -> String {
    let expires = expires.to_string();
    let signature = URL_SAFE_NO_PAD.encode(vault.keyed_hash(Purpose::FileUrl, &words(parts, &expires)));
    format!("/{folder}/{}?expires={expires}&signature={signature}", parts.join("/"))
}

/// Whether an address opens what its parts name now: `false` when any part of it was changed, or it has expired.
#[must_use]
pub fn opens(vault: &Vault, now: DateTime<Utc>, parts: &[&str], (expires, signature): (&str, &str)) -> bool {
    // The texts as they came are signed, so that no second spelling of the same address exists.
    let is_signed = |signature: Vec<u8>| vault.is_hash_of(Purpose::FileUrl, &words(parts, expires), &signature);
    let is_in_time = |expires: i64| now.timestamp() < expires;
    URL_SAFE_NO_PAD.decode(signature).is_ok_and(is_signed) && expires.parse().is_ok_and(is_in_time)
}

/// What is signed. None of the parts holds a line feed: no two addresses make the same words.
fn words(parts: &[&str], expires: &str) -> Vec<u8> {
    [&parts.join("\n"), "\n", expires].concat().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::new(&[7; 32]).unwrap()
    }

    /// Two parts, `expires` and `signature`.
    fn taken_apart(address: &str) -> [String; 4] {
        let (path, query) = address.split_once('?').unwrap();
        let (id, form) = path.strip_prefix("/files/").unwrap().split_once('/').unwrap();
        let (expires, signature) = query.split_once('&').unwrap();
        let expires = expires.strip_prefix("expires=").unwrap();
        [id, form, expires, signature.strip_prefix("signature=").unwrap()].map(str::to_owned)
    }

    fn is_open(now: i64, [id, form, expires, signature]: &[String; 4]) -> bool {
        opens(&vault(), DateTime::from_timestamp(now, 0).unwrap(), &[id, form], (expires, signature))
    }

    #[test]
    fn an_address_opens_what_it_names_until_it_expires() {
        let parts = taken_apart(&address(&vault(), "files", &["att_5", "full"], 1_800));
        assert!(is_open(0, &parts) && is_open(1_799, &parts));
        assert!(!is_open(1_800, &parts));
    }

    #[test]
    fn an_address_with_anything_changed_opens_nothing() {
        let honest = taken_apart(&address(&vault(), "files", &["att_5", "thumbnail"], 1_800));
        let other = taken_apart(&address(&vault(), "files", &["att_6", "thumbnail"], 1_800));
        let foreign = address(&Vault::new(&[8; 32]).unwrap(), "files", &["att_5", "thumbnail"], 1_800);
        let foreign = taken_apart(&foreign);
        let signature = honest[3].clone();
        let mut last_letter = signature.clone();
        let swapped = if last_letter.ends_with('A') { 'B' } else { 'A' };
        last_letter.pop();
        last_letter.push(swapped);
        for (part, text) in [
            (0, other[0].as_str()),
            (0, "att_../../etc/passwd"),
            (0, "ATT_5"),
            (0, ""),
            (1, "full"),
            (1, "Thumbnail"),
            (1, "thumbnail/"),
            (2, "1801"),
            (2, "+1800"),
            (2, "01800"),
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
            assert!(!is_open(0, &tampered), "part {part} = {text:?}");
        }
        assert!(is_open(0, &honest));
    }
}
