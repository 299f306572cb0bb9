//! Which client asks (客户端版本): the header `X-Client-Version: KIND/MAJOR.MINOR.PATCH`, or `clientVersion` of
//! `connection_init`. Who does not say is let in.

use actix_web::http::header::{HeaderMap, HeaderName};
use kernel::version::Version;

use super::{Edge, Host, answer::Fault};

const CLIENT_VERSION: HeaderName = HeaderName::from_static("x-client-version");
/// Bytes of the name of a kind.
const KIND_BYTES: usize = 32;

/// What the headers say. A header that is given twice is one list, as everywhere in HTTP, and so no version.
pub(super) fn said(headers: &HeaderMap) -> Option<String> {
    let lines: Vec<_> = headers.get_all(CLIENT_VERSION).map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// The kind and the version of a client.
fn parse(text: &str) -> Option<(&str, Version)> {
    let (kind, version) = text.split_once('/')?;
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_kind = (1..=KIND_BYTES).contains(&kind.len()) && kind.bytes().all(is_name);
    Version::parse(version).filter(|_| is_kind).map(|version| (kind, version))
}

impl<E, H: Host> Edge<E, H> {
    /// Turns away a client that is older than what the product serves.
    ///
    /// # Errors
    /// `BAD_REQUEST` for what names no version, `CLIENT_OUTDATED`.
    pub(super) fn check_client(&self, said: Option<&str>) -> Result<(), Fault> {
        let Some(said) = said else { return Ok(()) };
        let (kind, version) = parse(said)
            .ok_or_else(|| Fault::malformed("`X-Client-Version` must be KIND/MAJOR.MINOR.PATCH, e.g. ios/1.4.0."))?;
        match self.host.minimum_version(kind) {
            Some(minimum) if version < minimum => Err(Fault::outdated(minimum)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn a_client_names_its_kind_and_version() {
        assert_eq!(parse("wechat-mini-program/1.2"), Some(("wechat-mini-program", Version::parse("1.2.0").unwrap())));
        assert_eq!(parse("h5/3"), Some(("h5", Version::parse("3").unwrap())));
        for bad in ["", "ios", "ios/", "/1.0", "iOS/1.0", "ios 1.0", "ios/1.0/2", "ios/1.0.0-beta", "ios/1.2.3.4"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(parse(&format!("{}/1", "x".repeat(33))), None);
    }

    #[test]
    fn a_header_given_twice_is_no_version() {
        let mut headers = HeaderMap::new();
        assert_eq!(said(&headers), None);
        headers.append(CLIENT_VERSION, HeaderValue::from_static("ios/1.0"));
        assert_eq!(said(&headers).as_deref(), Some("ios/1.0"));
        headers.append(CLIENT_VERSION, HeaderValue::from_static("ios/2.0"));
        assert!(parse(&said(&headers).unwrap()).is_none());
    }
}
