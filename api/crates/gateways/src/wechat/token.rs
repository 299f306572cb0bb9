//! The access token (接口调用凭证): one for all nodes, sealed in Redis, fetched by one of them at a time. No process keeps it, so
//! that what one node learns of its end all nodes know; without Redis nobody asks for another.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::error::Result;
use kernel::vault::same_bytes;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{Answer, Client, refusal, text, unavailable};
use crate::secret::Secret;

/// What the sealed token is bound to.
const SEALED: &str = "wechat.access_token";
/// A token is given out no longer than until this long before its end: WeChat renews it in its last five minutes.
const MARGIN_SECONDS: i64 = 240;
/// How long a node that falls silent keeps others from fetching.
const LOCK_SECONDS: u64 = 10;
/// How often those who wait look.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Client {
    /// The token in force; another than `refused`, which WeChat did not take.
    ///
    /// # Errors
    /// [`kernel::error::Error::Unavailable`] when Redis or WeChat does not answer, or whoever fetches it gets none.
    pub(super) async fn access_token(&self, refused: Option<&Secret>) -> Result<Secret> {
        if let Some(token) = self.kept(refused).await? {
            return Ok(token);
        }
        let mut has_waited = false;
        loop {
            if self.take_lock().await? {
                // Somebody may have been faster between the look and the lock.
                if let Some(token) = self.kept(refused).await? {
                    self.give_lock_back().await?;
                    return Ok(token);
                }
                if has_waited {
                    // Whoever had the lock got no token: asking once more for each who waits would be a stampede.
                    self.give_lock_back().await?;
                    return Err(unavailable());
                }
                let fetched = self.fetch().await;
                self.give_lock_back().await?;
                return fetched;
            }
            has_waited = true;
            sleep(LOOK_EVERY).await;
            if let Some(token) = self.kept(refused).await? {
                return Ok(token);
            }
        }
    }

    fn key(&self, name: &str) -> String {
        self.base.redis.key(&format!("wechat-{name}:{}", self.app_id))
    }

    async fn kept(&self, refused: Option<&Secret>) -> Result<Option<Secret>> {
        let mut commands = redis::pipe();
        commands.cmd("GET").arg(self.key("token"));
        let (kept,): (Option<String>,) = self.base.redis.send(&commands).await?;
        let token = kept.and_then(|kept| self.open(&kept));
        let is_refused = |token: &Secret| {
            refused.is_some_and(|refused| same_bytes(refused.reveal().as_bytes(), token.reveal().as_bytes()))
        };
        Ok(token.filter(|token| !is_refused(token)))
    }

    /// A kept token; `None` when it is over, or sealed under another key.
    fn open(&self, kept: &str) -> Option<Secret> {
        let (until, sealed) = kept.split_once(':')?;
        if until.parse::<i64>().ok()? <= self.base.clock.now().timestamp_millis() {
            return None;
        }
        let token = self.base.vault.open(SEALED, &STANDARD.decode(sealed).ok()?).ok()?;
        Some(Secret::new(token))
    }

    async fn take_lock(&self) -> Result<bool> {
        let mut commands = redis::pipe();
        commands.cmd("SET").arg(self.key("token-lock")).arg(1).arg("NX").arg("EX").arg(LOCK_SECONDS);
        let (taken,): (Option<String>,) = self.base.redis.send(&commands).await?;
        Ok(taken.is_some())
    }

    async fn give_lock_back(&self) -> Result<()> {
        let mut commands = redis::pipe();
        commands.cmd("DEL").arg(self.key("token-lock")).ignore();
        self.base.redis.send(&commands).await
    }

    /// Fetches the token in normal mode, which gives every caller the same one, and keeps it for all nodes.
    async fn fetch(&self) -> Result<Secret> {
        let body = json!({
            "grant_type": "client_credential", "appid": self.app_id, "secret": self.app_secret.reveal(),
            "force_refresh": false,
        });
        let (url, body) = (self.remote.url("/cgi-bin/stable_token", &[]), body.to_string());
        let answer = match self.call("stable_token", || self.remote.post(url.clone(), body.clone())).await? {
            Answer::Done(answer) => answer,
            Answer::Refused(code) => return Err(refusal(code, "phoneCode")),
        };
        let token = text(&answer, "/access_token").filter(|token| !token.is_empty());
        let seconds = answer.get("expires_in").and_then(Value::as_i64).filter(|seconds| *seconds > 0);
        let (Some(token), Some(seconds)) = (token, seconds) else { return Err(self.nonsense("stable_token")) };
        let seconds = (seconds - MARGIN_SECONDS).max(seconds / 2);
        let until = self.base.clock.now().timestamp_millis() + seconds * 1000;
        let sealed = STANDARD.encode(self.base.vault.seal(SEALED, token)?);
        let mut commands = redis::pipe();
        commands
            .cmd("SET")
            .arg(self.key("token"))
            .arg(format!("{until}:{sealed}"))
            .arg("EX")
            .arg(seconds.max(1))
            .ignore();
        self.base.redis.send::<()>(&commands).await?;
        Ok(Secret::new(token))
    }
}
