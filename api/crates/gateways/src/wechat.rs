//! WeChat (微信小程序接口), as documented: errors arrive as HTTP 200 with an `errcode`; none, or 0, is success.

mod token;

use std::time::Duration;

use identity::phone::Phone;
use identity::wechat::{Asking, Openid, Wechat};
use kernel::base::Base;
use kernel::config;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::http::{PATIENCE, Remote, Trouble};
use crate::secret::Secret;

/// Waits before a call that WeChat was too busy for is made again.
const BUSY_WAITS: [Duration; 3] = [Duration::from_millis(100), Duration::from_millis(300), Duration::from_millis(900)];
/// The limit behind 45011 counts per minute.
const RATE_WAIT_MS: u64 = 60_000;

const BUSY: i64 = -1;
/// The access token is wrong, malformed, or too old.
const TOKEN_REFUSED: [i64; 3] = [40_001, 40_014, 42_001];

/// The client of one mini-program.
pub struct Client {
    base: Base,
    remote: Remote,
    app_id: String,
    app_secret: Secret,
}

/// What came of a call that was answered.
enum Answer {
    /// Done.
    Done(Value),
    /// Refused, with the `errcode`.
    Refused(i64),
}

impl Client {
    /// The client of the configured mini-program; `None` when none is configured.
    ///
    /// # Errors
    /// When the base URL is malformed.
    pub fn new(base: Base, config: &config::Wechat) -> anyhow::Result<Option<Self>> {
        if config.app_id.is_empty() {
            return Ok(None);
        }
        let remote = Remote::new("wechat", &config.base_url)?;
        Ok(Some(Self {
            base,
            remote,
            app_id: config.app_id.clone(),
            app_secret: Secret::new(config.app_secret.as_str()),
        }))
    }

    /// Makes a call, again while WeChat is too busy for it.
    async fn call(&self, api: &'static str, request: impl Fn() -> RequestBuilder) -> Result<Answer> {
        let mut waits = BUSY_WAITS.iter();
        loop {
            let now = self.base.clock.now();
            let answer = self.remote.ask(now, request()).await.map_err(|_| unavailable())?;
            // Documented as a number; a number in quotes is as clear.
            let code = match answer.get("errcode") {
                None | Some(Value::Null) => 0,
                Some(code) => code.as_i64().or_else(|| code.as_str()?.parse().ok()).ok_or_else(unavailable)?,
            };
            if code == 0 {
                return Ok(Answer::Done(answer));
            }
            tracing::info!(api, errcode = code, rid = rid(&answer), "WeChat refuses");
            match waits.next() {
                Some(wait) if code == BUSY => sleep(*wait).await,
                _ => return Ok(Answer::Refused(code)),
            }
        }
    }

    /// As [`PATIENCE`] says, over all that belongs to one question.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T>> + Send) -> Result<T> {
        timeout(PATIENCE, work).await.unwrap_or_else(|_| {
            self.remote.failed(self.base.clock.now(), Trouble::Slow);
            Err(unavailable())
        })
    }

    async fn ask_openid(&self, field: &'static str, login_code: &str) -> Result<Openid> {
        let query = [
            ("appid", self.app_id.as_str()),
            ("secret", self.app_secret.reveal()),
            ("js_code", login_code),
            ("grant_type", "authorization_code"),
        ];
        let url = self.remote.url("/sns/jscode2session", &query);
        match self.call("code2Session", || self.remote.get(url.clone())).await? {
            Answer::Refused(code) => Err(refusal(code, field)),
            Answer::Done(answer) => {
                // Beside it lies the session key: it is not even read.
                let openid = text(&answer, "/openid").filter(|openid| !openid.is_empty());
                openid.map(|openid| Openid::new(openid.to_owned())).ok_or_else(|| self.nonsense("code2Session"))
            }
        }
    }

    async fn ask_phone(&self, field: &'static str, phone_code: &str) -> Result<Phone> {
        let mut token = self.access_token(None).await?;
        let body = json!({ "code": phone_code }).to_string();
        let mut has_retried = false;
        loop {
            let url = self.remote.url("/wxa/business/getuserphonenumber", &[("access_token", token.reveal())]);
            let answer = self.call("getuserphonenumber", || self.remote.post(url.clone(), body.clone())).await?;
            match answer {
                Answer::Refused(code) if TOKEN_REFUSED.contains(&code) && !has_retried => {
                    has_retried = true;
                    token = self.access_token(Some(&token)).await?;
                }
                Answer::Refused(code) => return Err(refusal(code, field)),
                Answer::Done(answer) => return self.read_phone(field, &answer),
            }
        }
    }

    fn read_phone(&self, field: &'static str, answer: &Value) -> Result<Phone> {
        let info = answer.get("phone_info").unwrap_or(&Value::Null);
        let country = match info.get("countryCode") {
            Some(Value::String(code)) => code.trim_start_matches('+').to_owned(),
            Some(Value::Number(code)) => code.to_string(),
            _ => return Err(self.nonsense("getuserphonenumber")),
        };
        let number = text(info, "/purePhoneNumber").ok_or_else(|| self.nonsense("getuserphonenumber"))?;
        if text(info, "/watermark/appid").is_some_and(|app| app != self.app_id) {
            tracing::error!("WeChat vouches for a number of another mini-program: check wechat.app_id");
            return Err(unavailable());
        }
        if country != "86" {
            return Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("not_mainland")).into());
        }
        Phone::parse(field, number).map_err(Error::from)
    }

    fn nonsense(&self, api: &'static str) -> Error {
        tracing::error!(api, "WeChat's answer lacks what it is documented to hold");
        self.remote.failed(self.base.clock.now(), Trouble::Broken);
        unavailable()
    }
}

impl Wechat for Client {
    fn openid_of<'a>(&'a self, field: &'static str, login_code: &'a str) -> Asking<'a, Openid> {
        Box::pin(self.in_time(self.ask_openid(field, login_code)))
    }

    fn phone_of<'a>(&'a self, field: &'static str, phone_code: &'a str) -> Asking<'a, Phone> {
        Box::pin(self.in_time(self.ask_phone(field, phone_code)))
    }
}

fn unavailable() -> Error {
    Error::Unavailable("wechat")
}

fn text<'a>(answer: &'a Value, pointer: &str) -> Option<&'a str> {
    answer.pointer(pointer).and_then(Value::as_str)
}

/// WeChat's own id of the call, from the end of `errmsg`; the rest may quote what was sent.
fn rid(answer: &Value) -> &str {
    let message = text(answer, "/errmsg").unwrap_or_default();
    let rid = message.rsplit_once("rid: ").map_or("", |(_, rid)| rid.trim());
    if rid.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') { rid } else { "" }
}

/// What an `errcode` means to the person, or to the operator.
fn refusal(errcode: i64, field: &'static str) -> Error {
    let setting = match errcode {
        40_029 | 40_163 => return Error::refused_at(UserErrorCode::CodeExpired, field),
        45_011 => return Error::RateLimited { retry_after_ms: RATE_WAIT_MS },
        40_226 => return Error::refused(UserErrorCode::WechatAccountBlocked),
        BUSY => return unavailable(),
        41_002 | 40_013 => "wechat.app_id",
        41_004 | 40_125 => "wechat.app_secret",
        48_001 => "the mini-program's permissions",
        40_164 => "the list of addresses that may call, in the mini-program's settings",
        _ => "unknown",
    };
    tracing::error!(errcode, setting, "WeChat refuses our calls: look at this setting");
    unavailable()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_documented_code_means_one_thing() {
        for (errcode, expected) in [
            (40_029, "CodeExpired"),
            (40_163, "CodeExpired"),
            (45_011, "RateLimited"),
            (40_226, "WechatAccountBlocked"),
            (-1, "Unavailable"),
            (41_002, "Unavailable"),
            (40_013, "Unavailable"),
            (40_125, "Unavailable"),
            (40_001, "Unavailable"),
            (47_001, "Unavailable"),
            (99_999, "Unavailable"),
        ] {
            let refused = format!("{:?}", refusal(errcode, "loginCode"));
            assert!(refused.contains(expected), "{errcode}: {refused}");
            assert_eq!(refused.contains("loginCode"), expected == "CodeExpired", "{errcode}: {refused}");
        }
    }

    #[test]
    fn of_a_message_only_the_id_of_the_call_is_kept() {
        let rid_of = |message: &str| rid(&json!({ "errmsg": message })).to_owned();
        assert_eq!(rid_of("invalid code, rid: 6543f0a1-0badc0de-12345678"), "6543f0a1-0badc0de-12345678");
        assert_eq!(rid_of("invalid code 0a3kSfGa1"), "");
        assert_eq!(rid_of("rid: someone's secret"), "");
        assert_eq!(rid(&json!({})), "");
    }
}
