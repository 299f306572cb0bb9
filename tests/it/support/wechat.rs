//! WeChat (微信), as its documentation describes it: codes live five minutes and are used once; tokens end; errors come as
//! HTTP 200, of any content type.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::clock::{Clock as _, MovableClock};
use kernel::config;
use serde_json::{Value, json};

use super::remote::{Asked, Remote};

pub const SESSION: &str = "/sns/jscode2session";
pub const TOKEN: &str = "/cgi-bin/stable_token";
pub const PHONE: &str = "/wxa/business/getuserphonenumber";

const APP_ID: &str = "wx0123456789abcdef";
const APP_SECRET: &str = "5ecre70fthewholemini5programme00";
/// What every session key here begins with, to be searched for.
pub const SESSION_KEY: &str = "tiihtNczf5v6AKRyjwEUhQ";

/// The server, and what it knows.
pub struct Wechat {
    pub remote: Remote,
    mind: Arc<Mutex<Mind>>,
    clock: Arc<MovableClock>,
}

struct Code {
    stands_for: Value,
    made_at: DateTime<Utc>,
    is_used: bool,
}

#[derive(Default)]
struct Mind {
    logins: HashMap<String, Code>,
    phones: HashMap<String, Code>,
    made: u32,
    token: Option<(String, DateTime<Utc>)>,
}

impl Wechat {
    pub fn start(clock: Arc<MovableClock>) -> Self {
        let mind = Arc::new(Mutex::new(Mind::default()));
        let (minds, clocks) = (Arc::clone(&mind), Arc::clone(&clock));
        let remote = Remote::start(move |asked| {
            let answer = minds.lock().unwrap().answer(asked, clocks.now());
            // As seen in the field: the sign-in answers as text.
            let kind = if asked.path == SESSION { "text/plain" } else { "application/json; encoding=utf-8" };
            (kind, answer.to_string())
        });
        Self { remote, mind, clock }
    }

    /// What a town must be told to ask here.
    pub fn config(&self) -> config::Wechat {
        config::Wechat { app_id: APP_ID.to_owned(), app_secret: APP_SECRET.to_owned(), base_url: self.remote.url() }
    }

    /// What must be found nowhere.
    pub fn secrets(&self) -> Vec<String> {
        let mut secrets = vec![APP_SECRET.to_owned(), SESSION_KEY.to_owned()];
        secrets.extend(self.mind.lock().unwrap().token.iter().map(|(token, _)| token.clone()));
        secrets
    }

    /// Somebody calls `wx.login`.
    pub fn login_code(&self, openid: &str) -> String {
        self.mind.lock().unwrap().code(json!(openid), self.clock.now(), "login")
    }

    /// Somebody presses the phone number button.
    pub fn phone_code(&self, number: &str) -> String {
        self.phone_code_from(number, &json!("86"))
    }

    /// Somebody of a country presses it; WeChat writes countries as text or as numbers.
    pub fn phone_code_from(&self, number: &str, country: &Value) -> String {
        let info = json!({
            "phoneNumber": number, "purePhoneNumber": number, "countryCode": country,
            "watermark": { "timestamp": self.clock.now().timestamp(), "appid": APP_ID },
        });
        self.mind.lock().unwrap().code(info, self.clock.now(), "phone")
    }

    /// The token ends before its time.
    pub fn ends_token(&self) {
        self.mind.lock().unwrap().token = None;
    }
}

fn error(code: i64, words: &str) -> Value {
    json!({ "errcode": code, "errmsg": format!("{words}, rid: 6543f0a1-0badc0de-12345678") })
}

impl Mind {
    fn code(&mut self, stands_for: Value, made_at: DateTime<Utc>, kind: &str) -> String {
        self.made += 1;
        let text = format!("0{kind}code{:024}", self.made);
        let codes = if kind == "login" { &mut self.logins } else { &mut self.phones };
        codes.insert(text.clone(), Code { stands_for, made_at, is_used: false });
        text
    }

    fn answer(&mut self, asked: &Asked, now: DateTime<Utc>) -> Value {
        match asked.path.as_str() {
            SESSION => self.session(asked, now),
            TOKEN => self.token(asked, now),
            PHONE => self.phone(asked, now),
            _ => error(43_001, "no such path"),
        }
    }

    fn session(&mut self, asked: &Asked, now: DateTime<Utc>) -> Value {
        let query = |name: &str| asked.query.get(name).map_or("", String::as_str);
        match (query("appid"), query("secret"), query("grant_type")) {
            ("", ..) => return error(41_002, "appid missing"),
            (app, ..) if app != APP_ID => return error(40_013, "invalid appid"),
            (_, secret, _) if secret != APP_SECRET => return error(40_125, "invalid appsecret"),
            (.., grant) if asked.method != "GET" || grant != "authorization_code" => {
                return error(40_002, "invalid grant_type");
            }
            _ => {}
        }
        match take(&mut self.logins, query("js_code"), now) {
            // No errcode: as seen in the field.
            Ok(openid) => json!({ "openid": openid, "session_key": format!("{SESSION_KEY}==") }),
            Err(code) => error(code, "code refused"),
        }
    }

    fn token(&mut self, asked: &Asked, now: DateTime<Utc>) -> Value {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        if body["appid"] != APP_ID || body["secret"] != APP_SECRET || body["grant_type"] != "client_credential" {
            return error(40_125, "invalid appsecret");
        }
        assert_ne!(body["force_refresh"], true, "force is for leaks, 20 a day");
        // In its last five minutes a token is renewed.
        let kept = self.token.take().filter(|(_, until)| *until - now > TimeDelta::minutes(5));
        self.made += 1;
        let (token, until) = kept
            .unwrap_or_else(|| (format!("{}-token-{}", "t".repeat(500), self.made), now + TimeDelta::seconds(7200)));
        self.token = Some((token.clone(), until));
        json!({ "access_token": token, "expires_in": (until - now).num_seconds() })
    }

    fn phone(&mut self, asked: &Asked, now: DateTime<Utc>) -> Value {
        let given = asked.query.get("access_token").map_or("", String::as_str);
        match &self.token {
            Some((token, until)) if token == given && *until > now => {}
            _ => return error(42_001, "access_token expired"),
        }
        let Ok(body) = serde_json::from_str::<Value>(&asked.body) else { return error(47_001, "data format error") };
        match take(&mut self.phones, body["code"].as_str().unwrap_or_default(), now) {
            Ok(info) => json!({ "errcode": 0, "errmsg": "ok", "phone_info": info }),
            Err(code) => error(code, "invalid code"),
        }
    }
}

fn take(codes: &mut HashMap<String, Code>, text: &str, now: DateTime<Utc>) -> Result<Value, i64> {
    let code = codes.get_mut(text).ok_or(40_029)?;
    if code.is_used {
        return Err(40_163);
    }
    if now - code.made_at >= TimeDelta::minutes(5) {
        return Err(40_029);
    }
    code.is_used = true;
    Ok(code.stands_for.clone())
}
