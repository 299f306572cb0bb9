//! The secrets of an installation (密钥): from the configuration, or made once and kept in the data folder.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use identity::token::Signer;
use kernel::chance::{Chance as _, SystemChance};
use kernel::config::Config;
use kernel::vault::Vault;

/// The vault of the configured master key; outside production a missing one is made in `<data.dir>/keys`, always by the
/// operating system's chance, whatever chance seeding or tests inject elsewhere.
///
/// # Errors
/// When a key is unusable, or the folder cannot be written.
pub fn vault(config: &Config) -> anyhow::Result<Vault> {
    if let Some(master) = config.master_key()? {
        return Vault::new(&master);
    }
    let text = kept(config, "master.key", || {
        let mut master = [0; 32];
        SystemChance::default().fill(&mut master)?;
        Ok(STANDARD.encode(master))
    })?;
    Vault::new(&STANDARD.decode(text.trim()).context("the kept master key is damaged")?)
}

/// The signer of access tokens, from the configured key file or from a kept one.
///
/// # Errors
/// As [`vault`].
pub fn signer(config: &Config) -> anyhow::Result<Signer> {
    let auth = &config.auth;
    let life = TimeDelta::minutes(i64::from(auth.access_minutes));
    if !config.secrets.signing_key_file.is_empty() {
        return Signer::from_file(Path::new(&config.secrets.signing_key_file), &auth.issuer, &auth.audience, life);
    }
    let pem = kept(config, "signing.pem", Signer::generate_pem)?;
    Signer::new(pem.as_bytes(), &auth.issuer, &auth.audience, life)
}

fn kept(config: &Config, name: &str, make: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<String> {
    let folder = config.data.dir.join("keys");
    let file: PathBuf = folder.join(name);
    if file.exists() {
        return fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()));
    }
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let secret = make()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(&file).with_context(|| format!("{} cannot be made", file.display()))?;
    opened.write_all(secret.as_bytes())?;
    Ok(secret)
}
