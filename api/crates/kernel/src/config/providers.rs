//! Third parties (外部服务): WeChat and the SMS provider.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use super::{CodeSender, Config, mask};

section! {
    /// `[wechat]`
    Wechat { app_id: String, app_secret: String, base_url: String }
    /// `[sms]`
    Sms {
        provider: SmsProvider, base_url: String, region: String, secret_id: String, secret_key: String,
        sdk_app_id: Digits, sign_name: String, template_id: Digits, template_has_minutes: bool,
    }
}

/// Text that consists of digits (数字编号), and so comes out of the environment as a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "TextOrNumber", into = "String")]
pub struct Digits(pub String);

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(u64),
}

impl From<TextOrNumber> for Digits {
    fn from(read: TextOrNumber) -> Self {
        Self(match read {
            TextOrNumber::Text(text) => text,
            TextOrNumber::Number(number) => number.to_string(),
        })
    }
}

impl From<Digits> for String {
    fn from(digits: Digits) -> Self {
        digits.0
    }
}

/// Who sends SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsProvider {
    /// Nobody.
    None,
    /// Tencent Cloud (腾讯云短信).
    Tencent,
}

impl Config {
    pub(super) fn check_providers(&self) -> anyhow::Result<()> {
        for (key, url) in [("wechat.base_url", &self.wechat.base_url), ("sms.base_url", &self.sms.base_url)] {
            let (scheme, rest) = url.split_once("://").unwrap_or_default();
            let is_url =
                ["http", "https"].contains(&scheme) && !rest.is_empty() && !rest.contains(['@', '?', '#', ' ']);
            ensure!(is_url, "{key} = {url:?}: write https://host, without credentials or a query");
            ensure!(
                scheme == "https" || !self.server.production || is_loopback(url),
                "{key} = {url:?}: production speaks https:// with others"
            );
        }
        let wechat = &self.wechat;
        ensure!(
            wechat.app_id.is_empty() == wechat.app_secret.is_empty(),
            "wechat.app_secret: the mini-program needs both wechat.app_id and wechat.app_secret"
        );
        let sms = &self.sms;
        ensure!(
            self.auth.code_sender != CodeSender::Sms || sms.provider != SmsProvider::None,
            "sms.provider: auth.code_sender = \"sms\" needs a provider"
        );
        let needed = [
            ("sms.secret_id", &sms.secret_id),
            ("sms.secret_key", &sms.secret_key),
            ("sms.sdk_app_id", &sms.sdk_app_id.0),
            ("sms.sign_name", &sms.sign_name),
            ("sms.template_id", &sms.template_id.0),
        ];
        let missing = needed.into_iter().find(|(_, value)| value.is_empty()).map(|(key, _)| key);
        ensure!(
            sms.provider == SmsProvider::None || missing.is_none(),
            "{}: the provider needs it",
            missing.unwrap_or_default()
        );
        Ok(())
    }

    pub(super) fn mask_providers(&mut self) {
        for secret in [&mut self.wechat.app_secret, &mut self.sms.secret_id, &mut self.sms.secret_key] {
            mask(secret);
        }
    }
}

/// Whether a URL leads to this machine, said by an address and not by a name that may lead elsewhere.
///
/// ```
/// use kernel::config::is_loopback;
/// assert!(is_loopback("http://127.0.0.1:8081/") && is_loopback("http://[::1]:80") && is_loopback("http://localhost"));
/// assert!(!is_loopback("http://127.0.0.1.example.org") && !is_loopback("https://sms.tencentcloudapi.com"));
/// ```
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|host| host.is_loopback())
}
