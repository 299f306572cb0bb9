//! Configuration (配置): defaults, then a file, then the environment, then flags; anything unknown refuses to start.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use figment::Figment;
use figment::providers::{Env, Format as _, Toml};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

pub use self::clients::{Clients, Minimum};
pub use self::providers::{Digits, Sms, SmsProvider, Wechat, is_loopback};
use crate::db::DatabaseConfig;
use crate::redis::RedisConfig;

/// Prefix of environment variables: `ZHILITONG__SECTION__KEY`.
pub const ENVIRONMENT_PREFIX: &str = "ZHILITONG__";

/// Secrets that stand in manuals and examples, and so protect nothing.
const KNOWN_SECRETS: [&str; 6] = ["secret", "changeme", "change-me", "password", "example", "zhilitong"];

/// Everything that can be set; `deploy/config.toml` documents each option.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each option is documented where it is set, in deploy/config.toml")]
pub struct Config {
    pub server: Server,
    pub data: Data,
    pub database: DatabaseConfig,
    pub redis: RedisConfig,
    pub secrets: Secrets,
    pub auth: Auth,
    pub wechat: Wechat,
    pub sms: Sms,
    pub clients: Clients,
    pub limits: Limits,
    pub media: Media,
    pub work: Work,
    pub log: Log,
}

macro_rules! section {
    ($($(#[$doc:meta])* $name:ident { $($key:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "each option is documented where it is set, in deploy/config.toml")]
        pub struct $name { $(pub $key: $type),* }
    )*};
}

mod clients;
mod providers;

section! {
    /// `[server]`
    Server {
        listen: String, production: bool, trusted_proxies: Vec<IpNet>, metrics_from: Vec<IpNet>, origins: Vec<String>,
        stop_seconds: u64,
    }
    /// `[data]`
    Data { dir: PathBuf }
    /// `[secrets]`
    Secrets { master_key: String, retired_master_keys: Vec<String>, signing_key_file: String }
    /// `[auth]`
    Auth {
        issuer: String, audience: String, access_minutes: u32, refresh_days: u32, code_sender: CodeSender,
        second_factor: SecondFactor, staff_sessions: u32,
    }
    /// `[limits]`
    Limits {
        anonymous_per_minute: u32, account_per_minute: u32, mutations_per_minute: u32,
        body_bytes: usize, body_seconds: u64, operation_seconds: u64, import_bytes: usize,
    }
    /// `[media]`
    Media { photo_bytes: usize, photo_pixels: u64, url_minutes: u32 }
    /// `[work]`
    Work { alarm_seconds: u64 }
    /// `[log]`
    Log { level: String, format: LogFormat }
}

/// Where one-time codes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeSender {
    /// Nowhere: sign-in by code is not offered.
    None,
    /// To standard error, for demonstration.
    Console,
    /// To the provider of `[sms]`.
    Sms,
}

/// Who of the staff needs a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    /// Nobody; for demonstration.
    Optional,
    /// System, security and audit administrators.
    Administrators,
    /// Everybody with a password.
    Staff,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}

/// What the command line overrides.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "named after the options they override")]
pub struct Overrides {
    pub listen: Option<String>,
    pub data_dir: Option<PathBuf>,
    pub database_url: Option<String>,
    pub redis_url: Option<String>,
}

impl Config {
    /// Reads the configuration.
    ///
    /// # Errors
    /// Names the key and where it was set when it is unknown or unusable.
    pub fn load(defaults: &str, file: Option<&Path>, overrides: &Overrides) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Toml::string(defaults));
        if let Some(file) = file {
            ensure!(file.is_file(), "the configuration file {} does not exist", file.display());
            figment = figment.merge(Toml::file(file));
        }
        let mut config: Self = figment
            .merge(Env::prefixed(ENVIRONMENT_PREFIX).split("__"))
            .extract()
            .map_err(|error| anyhow::anyhow!("{error}"))
            .context("the configuration is not usable")?;
        config.apply(overrides);
        config.check().context("the configuration is not usable")?;
        Ok(config)
    }

    fn apply(&mut self, overrides: &Overrides) {
        let Overrides { listen, data_dir, database_url, redis_url } = overrides.clone();
        self.server.listen = listen.unwrap_or_else(|| self.server.listen.clone());
        self.data.dir = data_dir.unwrap_or_else(|| self.data.dir.clone());
        self.database.url = database_url.unwrap_or_else(|| self.database.url.clone());
        self.redis.url = redis_url.unwrap_or_else(|| self.redis.url.clone());
        if self.database.url.is_empty() {
            self.database.url = format!("sqlite:{}", self.data.dir.join("zhilitong.db").display());
        }
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.server.listen.parse::<std::net::SocketAddr>().is_ok(),
            "server.listen = {:?}: write ADDRESS:PORT, e.g. 127.0.0.1:8080",
            self.server.listen
        );
        let database = &self.database.url;
        let is_postgres = database.starts_with("postgres://") || database.starts_with("postgresql://");
        ensure!(is_postgres || database.starts_with("sqlite:"), "database.url: write sqlite:PATH or postgres://…");
        let redis = &self.redis.url;
        let is_server = ["redis://", "rediss://", "unix://", "redis+unix://"].iter().any(|s| redis.starts_with(s));
        ensure!(is_server || redis == "embedded:", "redis.url: write embedded: or redis://…");
        for origin in &self.server.origins {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let is_origin = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', ' ']));
            ensure!(is_origin, "server.origins: {origin:?}: write scheme://host:port, nothing behind it");
        }
        self.check_numbers()?;
        self.check_providers()?;
        self.check_ring()?;
        if self.server.production { self.check_production(is_postgres) } else { Ok(()) }
    }

    fn check_numbers(&self) -> anyhow::Result<()> {
        within("server.stop_seconds", self.server.stop_seconds, 0, 600)?;
        within("work.alarm_seconds", self.work.alarm_seconds, 1, 3_600)?;
        within("database.max_connections", self.database.max_connections, 1, 500)?;
        within("database.statement_seconds", self.database.statement_seconds, 1, 600)?;
        within("auth.access_minutes", self.auth.access_minutes, 1, 60)?;
        within("auth.refresh_days", self.auth.refresh_days, 1, 30)?;
        within("auth.staff_sessions", self.auth.staff_sessions, 1, 20)?;
        within("limits.anonymous_per_minute", self.limits.anonymous_per_minute, 1, 1_000_000)?;
        within("limits.account_per_minute", self.limits.account_per_minute, 1, 1_000_000)?;
        within("limits.mutations_per_minute", self.limits.mutations_per_minute, 1, 1_000_000)?;
        within("limits.body_bytes", self.limits.body_bytes, 1_000, 100_000_000)?;
        within("limits.body_seconds", self.limits.body_seconds, 1, 600)?;
        within("limits.operation_seconds", self.limits.operation_seconds, 1, 600)?;
        within("limits.import_bytes", self.limits.import_bytes, 1_000, 100_000_000)?;
        within("media.photo_bytes", self.media.photo_bytes, 1_000, 100_000_000)?;
        within("media.photo_pixels", self.media.photo_pixels, 1, 1_000_000_000)?;
        within("media.url_minutes", self.media.url_minutes, 1, 1440)
    }

    fn check_production(&self, is_postgres: bool) -> anyhow::Result<()> {
        ensure!(
            !self.secrets.master_key.is_empty(),
            "secrets.master_key: production needs its own; openssl rand -base64 32"
        );
        ensure!(
            !self.secrets.signing_key_file.is_empty(),
            "secrets.signing_key_file: production needs its own key file"
        );
        let own = self.data.dir.join("keys");
        ensure!(
            !Path::new(&self.secrets.signing_key_file).starts_with(&own),
            "secrets.signing_key_file: keys in {} were made for demonstration",
            own.display()
        );
        ensure!(
            self.auth.code_sender != CodeSender::Console,
            "auth.code_sender: \"console\" prints codes; not in production"
        );
        ensure!(
            self.auth.second_factor != SecondFactor::Optional,
            "auth.second_factor: production needs \"administrators\" or \"staff\""
        );
        ensure!(
            !(is_postgres && self.redis.url == "embedded:"),
            "redis.url: several nodes cannot share the embedded server; write redis://…"
        );
        let key = &self.secrets.signing_key_file;
        ensure!(Path::new(key).is_file(), "secrets.signing_key_file: {key} does not exist");
        Ok(())
    }

    /// No key may stand in the ring twice: which of the two is in force, or is safe to remove, would be guessed.
    fn check_ring(&self) -> anyhow::Result<()> {
        let mut known: Vec<Vec<u8>> = self.master_key()?.into_iter().collect();
        for retired in self.retired_master_keys()? {
            let is_new = !known.contains(&retired);
            ensure!(is_new, "secrets.retired_master_keys: a key stands there twice, or is secrets.master_key itself");
            known.push(retired);
        }
        Ok(())
    }

    /// The configured master key; `None` when one is to be made.
    ///
    /// # Errors
    /// When it is not Base64 of at least 32 bytes, or one that stands in a manual.
    pub fn master_key(&self) -> anyhow::Result<Option<Vec<u8>>> {
        let text = self.secrets.master_key.trim();
        if text.is_empty() { Ok(None) } else { key("secrets.master_key", text).map(Some) }
    }

    /// The configured retired keys (退役密钥), which open what they sealed and seal nothing any more.
    ///
    /// # Errors
    /// As [`Config::master_key`].
    pub fn retired_master_keys(&self) -> anyhow::Result<Vec<Vec<u8>>> {
        let retired = self.secrets.retired_master_keys.iter();
        retired.map(|text| key("secrets.retired_master_keys", text.trim())).collect()
    }

    /// The same configuration with its secrets hidden, for printing.
    #[must_use]
    pub fn masked(&self) -> Self {
        let mut shown = self.clone();
        mask(&mut shown.secrets.master_key);
        shown.secrets.retired_master_keys.iter_mut().for_each(mask);
        shown.mask_providers();
        shown.database.url = mask_password(&shown.database.url);
        shown.redis.url = mask_password(&shown.redis.url);
        shown
    }
}

/// Reads a master key.
fn key(option: &str, text: &str) -> anyhow::Result<Vec<u8>> {
    let bytes =
        STANDARD.decode(text).with_context(|| format!("{option}: write Base64, e.g. openssl rand -base64 32"))?;
    ensure!(bytes.len() >= 32, "{option}: {} bytes; at least 32 are needed", bytes.len());
    let mut distinct = bytes.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let lower = String::from_utf8_lossy(&bytes).to_lowercase();
    if distinct.len() < 8 || KNOWN_SECRETS.iter().any(|known| lower.contains(known)) {
        bail!("{option}: it can be guessed; openssl rand -base64 32 makes a good one");
    }
    Ok(bytes)
}

/// Hides a secret that is set.
fn mask(secret: &mut String) {
    if !secret.is_empty() {
        "********".clone_into(secret);
    }
}

fn within<N: Copy + PartialOrd + std::fmt::Display>(key: &str, value: N, least: N, most: N) -> anyhow::Result<()> {
    ensure!((least..=most).contains(&value), "{key} = {value}: must be {least}–{most}");
    Ok(())
}

/// Hides the password of a URL.
///
/// ```
/// use kernel::config::mask_password;
/// assert_eq!(mask_password("postgres://ann:pw@db/town"), "postgres://ann:********@db/town");
/// assert_eq!(mask_password("embedded:"), "embedded:");
/// ```
#[must_use]
pub fn mask_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((credentials, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    match credentials.split_once(':') {
        Some((user, _)) => format!("{scheme}://{user}:********@{host}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULTS: &str = include_str!("../../../../deploy/config.toml");

    fn load(file: &str) -> anyhow::Result<Config> {
        let path = std::env::temp_dir().join(format!("zhilitong-{}.toml", crate::vault::sha256(file.as_bytes())[0]));
        std::fs::write(&path, file).unwrap();
        let loaded = Config::load(DEFAULTS, Some(&path), &Overrides::default());
        std::fs::remove_file(path).unwrap();
        loaded
    }

    #[test]
    fn the_defaults_are_usable_and_name_a_database_in_the_data_folder() {
        let config = load("").unwrap();
        assert_eq!(config.database.url, "sqlite:data/zhilitong.db");
    }

    #[test]
    fn a_number_that_is_a_name_may_come_without_quotes() {
        let config = load("[sms]\nsdk_app_id = 1400006666\ntemplate_id = \"0110\"").unwrap();
        assert_eq!((config.sms.sdk_app_id.0.as_str(), config.sms.template_id.0.as_str()), ("1400006666", "0110"));
    }

    #[test]
    fn a_ring_is_read_and_not_printed() {
        let key = |shift: u8| (0..32).map(|i| (i * 7 + shift) % 251).collect::<Vec<u8>>();
        let [new, old, older] = [1, 2, 3].map(|shift| STANDARD.encode(key(shift)));
        let file = format!("[secrets]\nmaster_key = \"{new}\"\nretired_master_keys = [\"{old}\", \"{older}\"]");
        let config = load(&file).unwrap();
        assert_eq!(config.master_key().unwrap(), Some(key(1)));
        assert_eq!(config.retired_master_keys().unwrap(), [key(2), key(3)]);
        let shown = format!("{:?}", config.masked());
        assert!(!shown.contains(&old) && !shown.contains(&older) && !shown.contains(&new), "{shown}");
    }

    #[test]
    fn secrets_are_not_printed() {
        let file = "[wechat]\napp_id = \"wx1\"\napp_secret = \"canary-a\"\n[sms]\nsecret_id = \"canary-b\"\nsecret_key = \"canary-c\"";
        let shown = format!("{:?}", load(file).unwrap().masked());
        assert!(shown.contains("wx1") && !shown.contains("canary"), "{shown}");
    }

    #[test]
    fn an_unusable_option_names_itself() {
        let key = |bytes: &[u8]| STANDARD.encode(bytes);
        let random: Vec<u8> = (0..32).map(|i| i * 7 % 251).collect();
        let secrets = format!("[secrets]\nmaster_key = \"{}\"\nsigning_key_file = \"/etc/z.pem\"\n", key(&random));
        for (file, named) in [
            ("[server]\nlisten = \"8080\"", "server.listen"),
            ("[server]\nlisten = 7", "listen"),
            ("[server]\ncolour = \"red\"", "colour"),
            ("[garden]\nroses = 3", "garden"),
            ("[auth]\naccess_minutes = 61", "auth.access_minutes"),
            ("[auth]\ncode_sender = \"pigeon\"", "code_sender"),
            ("[database]\nurl = \"mysql://x\"", "database.url"),
            ("[redis]\nurl = \"memcached:\"", "redis.url"),
            ("[secrets]\nmaster_key = \"c2hvcnQ=\"", "secrets.master_key"),
            (&format!("[secrets]\nmaster_key = \"{}\"", key(&[7; 32])), "secrets.master_key"),
            (
                &format!("[secrets]\nmaster_key = \"{}\"", key(b"my-secret-my-secret-my-secret-0123")),
                "secrets.master_key",
            ),
            ("[secrets]\nretired_master_keys = [\"c2hvcnQ=\"]", "secrets.retired_master_keys"),
            (&format!("[secrets]\nretired_master_keys = [\"{}\"]", key(&[7; 32])), "secrets.retired_master_keys"),
            (&format!("{secrets}retired_master_keys = [\"{}\"]", key(&random)), "secrets.retired_master_keys"),
            (
                &format!("[secrets]\nretired_master_keys = [\"{0}\", \" {0}\"]", key(&random)),
                "secrets.retired_master_keys",
            ),
            ("[wechat]\napp_id = \"wx1\"", "wechat.app_secret"),
            ("[wechat]\nbase_url = \"api.weixin.qq.com\"", "wechat.base_url"),
            ("[wechat]\nbase_url = \"https://user:word@api.weixin.qq.com\"", "wechat.base_url"),
            ("[clients]\nminimum_ios = \"1.2.x\"", "minimum_ios"),
            ("[clients]\nminimum_ios = 1.10", "minimum_ios"),
            ("[sms]\nprovider = \"pigeon\"", "provider"),
            ("[sms]\nbase_url = \"ftp://sms\"", "sms.base_url"),
            ("[sms]\nprovider = \"tencent\"", "sms.secret_id"),
            ("[auth]\ncode_sender = \"sms\"", "sms.provider"),
            ("[server]\nproduction = true", "secrets.master_key"),
            (
                &format!("{secrets}[server]\nproduction = true\n[wechat]\nbase_url = \"http://10.0.0.1\""),
                "wechat.base_url",
            ),
            (
                &format!("{secrets}[server]\nproduction = true\n[sms]\nbase_url = \"http://127.0.0.1.evil.example\""),
                "sms.base_url",
            ),
            (&format!("{secrets}[server]\nproduction = true\n[auth]\ncode_sender = \"console\""), "auth.code_sender"),
            (&format!("{secrets}[server]\nproduction = true\n[database]\nurl = \"postgres://db/x\""), "redis.url"),
        ] {
            let error = load(file).err().unwrap_or_else(|| panic!("{file} was accepted"));
            assert!(format!("{error:#}").contains(named), "{file}: {error:#}");
        }
    }
}
