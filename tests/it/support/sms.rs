//! An SMS provider (短信服务商), as Tencent Cloud documents `SendSms` of 2021-01-11: it checks every signature by code of its
//! own before it believes a word.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use kernel::clock::{Clock as _, MovableClock};
use kernel::config::{self, Digits, SmsProvider};
use serde_json::{Value, json};

use super::remote::{Asked, Remote, Trouble};

const SECRET_ID: &str = "AKIDtestid0123456789";
const SECRET_KEY: &str = "te5tkeyofthesmsaccount0123456789";

/// The server, and what it sent on.
pub struct Sms {
    pub remote: Remote,
    sent: Arc<Mutex<Vec<(String, String)>>>,
}

impl Sms {
    pub fn start(clock: Arc<MovableClock>) -> Self {
        let sent: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let book = Arc::clone(&sent);
        let remote = Remote::start(move |asked| {
            let answer = match check(asked, clock.now().timestamp()) {
                Ok(body) => {
                    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or("?").to_owned();
                    book.lock().unwrap().push((text("/PhoneNumberSet/0"), text("/TemplateParamSet/0")));
                    status("Ok", "send success")
                }
                Err((code, why)) => {
                    json!({ "Response": { "Error": { "Code": code, "Message": why }, "RequestId": "r-1" } })
                }
            };
            ("application/json", answer.to_string())
        });
        Self { remote, sent }
    }

    /// What a town must be told to send by it.
    pub fn config(&self) -> config::Sms {
        config::Sms {
            provider: SmsProvider::Tencent,
            base_url: self.remote.url(),
            region: "ap-guangzhou".to_owned(),
            secret_id: SECRET_ID.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            sdk_app_id: Digits("1400006666".to_owned()),
            sign_name: "新虹街道".to_owned(),
            template_id: Digits("1110".to_owned()),
            template_has_minutes: true,
        }
    }

    /// The codes that reached a phone, oldest first.
    pub fn reached(&self, phone: &str) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        sent.iter().filter(|(to, _)| to.ends_with(phone)).map(|(_, code)| code.clone()).collect()
    }

    /// How often it was asked.
    pub fn calls(&self) -> usize {
        self.remote.asked("/").len()
    }

    /// The next messages are refused with a status of theirs.
    pub fn refuses(&self, code: &str, times: usize) {
        self.remote.has_trouble("/", &Trouble::Json(status(code, "refused")), times);
    }
}

fn status(code: &str, message: &str) -> Value {
    let status = json!({
        "SerialNo": "5000:1045710669157053657849499619", "PhoneNumber": "+86", "Fee": 1, "SessionContext": "",
        "Code": code, "Message": message, "IsoCode": "CN",
    });
    json!({ "Response": { "SendStatusSet": [status], "RequestId": "a0aabda6-cf91-4f3e-a81f-9198114a2279" } })
}

fn check(asked: &Asked, now: i64) -> Result<Value, (&'static str, String)> {
    let header = |name: &str| asked.headers.get(name).map_or("", String::as_str);
    let refused = |why: String| ("AuthFailure.SignatureFailure", why);
    let known = ("SendSms", "2021-01-11", "ap-guangzhou");
    if (header("x-tc-action"), header("x-tc-version"), header("x-tc-region")) != known || asked.method != "POST" {
        return Err(("InvalidAction", format!("{asked:?}")));
    }
    let stamp = header("x-tc-timestamp");
    if (stamp.parse::<i64>().unwrap_or_default() - now).abs() > 300 {
        return Err(("AuthFailure.SignatureExpire", stamp.to_owned()));
    }
    let parts = header("authorization").strip_prefix("TC3-HMAC-SHA256 ").unwrap_or_default();
    let part = |name: &str| {
        let found = parts.split(", ").find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        found.unwrap_or_default().to_owned()
    };
    let (credential, names, signature) = (part("Credential"), part("SignedHeaders"), part("Signature"));
    let day = chrono::DateTime::from_timestamp(stamp.parse().unwrap_or_default(), 0).unwrap().date_naive();
    let scope = format!("{day}/sms/tc3_request");
    if credential != format!("{SECRET_ID}/{scope}") {
        return Err(("AuthFailure.SecretIdNotFound", credential));
    }
    if !names.split(';').any(|name| name == "host") || !names.split(';').any(|name| name == "content-type") {
        return Err(refused(names));
    }
    // What is signed is what arrived, in the order that the client says.
    let headers: String =
        names.split(';').map(|name| format!("{name}:{}\n", header(name).trim().to_lowercase())).collect();
    let request = ["POST", "/", "", &headers, &names, &digest(&asked.body)].join("\n");
    let text = ["TC3-HMAC-SHA256", stamp, &scope, &digest(&request)].join("\n");
    let day_key = hmac(format!("TC3{SECRET_KEY}").as_bytes(), &day.to_string());
    let key = hmac(&hmac(&day_key, "sms"), "tc3_request");
    if hex(&hmac(&key, &text)) != signature {
        return Err(refused(signature));
    }
    let body: Value = serde_json::from_str(&asked.body).map_err(|error| ("InvalidParameter", error.to_string()))?;
    let expected = json!({ "SmsSdkAppId": "1400006666", "SignName": "新虹街道", "TemplateId": "1110" });
    for (name, value) in expected.as_object().unwrap() {
        if body[name] != *value {
            return Err(("InvalidParameterValue", name.clone()));
        }
    }
    let values = body["TemplateParamSet"].as_array().cloned().unwrap_or_default();
    let are_digits = values.iter().all(|value| {
        value.as_str().is_some_and(|digits| digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit()))
    });
    if values.len() != 2 || !are_digits || !body["PhoneNumberSet"][0].as_str().is_some_and(|to| to.starts_with("+86")) {
        return Err(("InvalidParameterValue.TemplateParameterFormatError", body.to_string()));
    }
    Ok(body)
}

/// HMAC-SHA-256, as the library of tokens makes it.
fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let signed = jsonwebtoken::crypto::sign(text.as_bytes(), &EncodingKey::from_secret(key), Algorithm::HS256);
    URL_SAFE_NO_PAD.decode(signed.unwrap()).unwrap()
}

fn digest(text: &str) -> String {
    hex(&kernel::vault::sha256(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
