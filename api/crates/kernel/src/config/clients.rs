//! Clients (客户端): how old they may be.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::version::Version;

section! {
    /// `[clients]`
    Clients {
        minimum_wechat_mini_program: Minimum, minimum_h5: Minimum, minimum_ios: Minimum, minimum_android: Minimum,
        minimum_console: Minimum,
    }
}

impl Clients {
    /// The oldest version that is served of a kind of client, by its name in lower case with hyphens; `None` where any is,
    /// and for kinds that are not ours.
    #[must_use]
    pub fn minimum(&self, kind: &str) -> Option<Version> {
        let minimum = match kind {
            "wechat-mini-program" => self.minimum_wechat_mini_program,
            "h5" => self.minimum_h5,
            "ios" => self.minimum_ios,
            "android" => self.minimum_android,
            "console" => self.minimum_console,
            _ => Minimum(None),
        };
        minimum.0
    }
}

/// The oldest version that is served (最低版本); any when `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Written", into = "String")]
pub struct Minimum(pub Option<Version>);

/// A version as it was written. The environment reads 1.10 as the number 1.1, which is therefore refused.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Major(u32),
    Other(IgnoredAny),
}

impl TryFrom<Written> for Minimum {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let text = match written {
            Written::Text(text) if text.is_empty() => return Ok(Self(None)),
            Written::Text(text) => text,
            Written::Major(major) => major.to_string(),
            Written::Other(_) => String::new(),
        };
        let version = Version::parse(&text);
        version.map(|version| Self(Some(version))).ok_or_else(|| "write MAJOR.MINOR.PATCH, e.g. \"1.4.0\"".to_owned())
    }
}

impl From<Minimum> for String {
    fn from(minimum: Minimum) -> Self {
        minimum.0.map(|version| version.to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use entity::enums::ClientKind;
    use sea_orm::{ActiveEnum as _, Iterable as _};

    use super::*;

    #[test]
    fn every_kind_of_client_has_a_minimum() {
        let minimum = Minimum(Version::parse("1.4.0"));
        let clients = Clients {
            minimum_wechat_mini_program: minimum,
            minimum_h5: minimum,
            minimum_ios: minimum,
            minimum_android: minimum,
            minimum_console: minimum,
        };
        for kind in ClientKind::iter() {
            let name = kind.to_value().to_lowercase().replace('_', "-");
            assert_eq!(clients.minimum(&name), minimum.0, "{name}");
        }
        assert_eq!(clients.minimum("curl"), None);
    }
}
