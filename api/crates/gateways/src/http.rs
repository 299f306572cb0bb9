//! The one HTTP client (客户端), and what may go wrong with it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use reqwest::{Client, RequestBuilder, Url, redirect};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;

use crate::breaker::Breaker;

/// How long a third party may take, over all retries. A little less than what an operation may take, so that slowness is
/// counted and answered, not cut off.
pub const PATIENCE: Duration = Duration::from_millis(4500);
/// Bytes of an answer that are read.
const LONGEST_ANSWER: usize = 256 * 1024;

/// Why there is no answer. It holds nothing of the question: a URL may carry a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It failed too often; nothing was sent.
    BreakerOpen,
    /// No connection, or it broke off.
    Unreachable,
    /// No answer in time.
    Slow,
    /// A status of 500 and above.
    Status(u16),
    /// An answer that is no JSON object, or too long.
    Broken,
}

/// A third party's address, and how it fares.
pub(crate) struct Remote {
    client: Client,
    base_url: Url,
    name: &'static str,
    breaker: Breaker,
}

impl Remote {
    /// The third party behind a base URL.
    ///
    /// # Errors
    /// When the URL is malformed.
    pub(crate) fn new(name: &'static str, base_url: &str) -> anyhow::Result<Self> {
        let base_url = Url::parse(base_url).with_context(|| format!("{name}.base_url is no URL"))?;
        Ok(Self { client: client()?, base_url, name, breaker: Breaker::default() })
    }

    /// Host and port as the `Host` header names them.
    pub(crate) fn host(&self) -> String {
        let host = self.base_url.host_str().unwrap_or_default();
        self.base_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// A path below the base URL.
    pub(crate) fn url(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.base_url.clone();
        url.set_path(&format!("{}{path}", self.base_url.path().trim_end_matches('/')));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    pub(crate) fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url)
    }

    pub(crate) fn post(&self, url: Url, body: String) -> RequestBuilder {
        self.client.post(url).header("Content-Type", "application/json; charset=utf-8").body(body)
    }

    /// Sends a request and reads the JSON object that comes back, whatever it calls itself.
    pub(crate) async fn ask(&self, now: DateTime<Utc>, request: RequestBuilder) -> Result<Value, Trouble> {
        if !self.breaker.admits(now) {
            return Err(Trouble::BreakerOpen);
        }
        match answer(request).await {
            Ok(answer) => {
                self.breaker.answered();
                Ok(answer)
            }
            Err(trouble) => {
                self.failed(now, trouble);
                Err(trouble)
            }
        }
    }

    /// Notes a failure that only the caller can see.
    pub(crate) fn failed(&self, now: DateTime<Utc>, trouble: Trouble) {
        tracing::warn!(remote = self.name, ?trouble, "a third party does not answer");
        if self.breaker.failed(now) {
            tracing::error!(remote = self.name, "it failed again and again and is left alone for a while");
        }
    }
}

async fn answer(request: RequestBuilder) -> Result<Value, Trouble> {
    // Of an error, only its kind: its words quote the URL.
    let trouble = |error: reqwest::Error| if error.is_timeout() { Trouble::Slow } else { Trouble::Unreachable };
    let mut response = request.send().await.map_err(trouble)?;
    let status = response.status();
    if status.is_server_error() {
        return Err(Trouble::Status(status.as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(trouble)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(Trouble::Broken);
        }
        body.extend_from_slice(&chunk);
    }
    match serde_json::from_slice(&body) {
        Ok(answer @ Value::Object(_)) => Ok(answer),
        Ok(_) | Err(_) => Err(Trouble::Broken),
    }
}

fn client() -> anyhow::Result<Client> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .timeout(PATIENCE)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .build();
    client.context("no HTTP client could be made")
}
