//! The secrets of an installation (密钥): from the configuration, or made once and kept in the data folder.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use identity::token::Signer;
use kernel::chance::{Chance as _, SystemChance};
use kernel::config::Config;
use kernel::reseal::Table;
use kernel::vault::{KeyId, Vault};

const MASTER: &str = "master.key";

/// The vault of the configured master key; outside production a missing one is made in `<data.dir>/keys`, always by the
/// operating system's chance, whatever chance seeding or tests inject elsewhere. Retired keys are those of the configuration
/// and, where the master key is kept, those kept beside it.
///
/// # Errors
/// When a key is unusable, or the folder cannot be written.
pub fn vault(config: &Config) -> anyhow::Result<Vault> {
    let mut retired = config.retired_master_keys()?;
    if let Some(master) = config.master_key()? {
        return Vault::ring(&master, &retired);
    }
    let master = decoded(&kept(config, MASTER, made)?)?;
    let kept = kept_retired(config)?.into_iter().map(|(_, key)| key);
    // Broken off between its two steps, a rotation leaves the key in force among the retired ones too.
    retired.extend(kept.filter(|key| *key != master));
    Vault::ring(&master, &retired)
}

fn made() -> anyhow::Result<String> {
    let mut master = [0; 32];
    SystemChance::default().fill(&mut master)?;
    Ok(STANDARD.encode(master))
}

fn decoded(text: &str) -> anyhow::Result<Vec<u8>> {
    STANDARD.decode(text.trim()).context("a kept master key is damaged")
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

/// Every table with sealed columns, of all slices: what a rotation seals anew.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn Table>> {
    let slices = [
        identity::sealed_tables(),
        residents::sealed_tables(),
        party::sealed_tables(),
        ::events::sealed_tables(),
        requests::sealed_tables(),
        flows::sealed_tables(),
        hotline::sealed_tables(),
        kernel::audit::sealed_tables(),
    ];
    slices.into_iter().flatten().collect()
}

/// Whether the master key is kept in the data folder.
///
/// # Errors
/// When the configured one is unusable.
pub fn is_kept(config: &Config) -> anyhow::Result<bool> {
    Ok(config.master_key()?.is_none())
}

/// Holds the kept keys for a node that serves, until what it gives back is dropped or the process ends; nothing where the master
/// key is configured.
///
/// # Errors
/// When they are being rotated.
pub fn share(config: &Config) -> anyhow::Result<Option<File>> {
    if !is_kept(config)? {
        return Ok(None);
    }
    let (file, path) = lock_file(config)?;
    file.try_lock_shared().with_context(|| format!("{} is locked: keys are being rotated", path.display()))?;
    Ok(Some(file))
}

/// Holds the kept keys for a rotation, until what it gives back is dropped.
///
/// # Errors
/// When a node serves with them, or another rotation is under way.
pub fn hold(config: &Config) -> anyhow::Result<File> {
    let (file, path) = lock_file(config)?;
    file.try_lock()
        .with_context(|| format!("{} is locked: a node serves with the kept keys; stop it first", path.display()))?;
    Ok(file)
}

fn lock_file(config: &Config) -> anyhow::Result<(File, PathBuf)> {
    let path = made_folder(folder(config))?.join("lock");
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    Ok((opened.with_context(|| format!("{} cannot be opened", path.display()))?, path))
}

/// Puts a new master key in force (换钥); the one of before is retired. At any moment the files hold every key that sealed
/// anything: first the old one is put aside too, then the new one takes its place.
///
/// # Errors
/// When the folder cannot be written.
pub fn renew(config: &Config) -> anyhow::Result<()> {
    let (folder, retired) = (folder(config), made_folder(retired_folder(config))?);
    let old = fs::read_to_string(folder.join(MASTER)).context("there is no kept master key")?;
    put(&retired, &format!("{}.key", KeyId::of(&decoded(&old)?)), &old)?;
    put(&folder, MASTER, &made()?)
}

/// Deletes kept retired keys for good: those of which `is_empty` says that nothing is sealed under them. Gives back which.
///
/// # Errors
/// When a file cannot be deleted.
pub fn forget(config: &Config, is_empty: impl Fn(KeyId) -> bool) -> anyhow::Result<Vec<KeyId>> {
    let mut forgotten = Vec::new();
    for (path, key) in kept_retired(config)? {
        let id = KeyId::of(&key);
        if is_empty(id) {
            fs::remove_file(&path).with_context(|| format!("{} cannot be deleted", path.display()))?;
            forgotten.push(id);
        }
    }
    Ok(forgotten)
}

fn folder(config: &Config) -> PathBuf {
    config.data.dir.join("keys")
}

fn retired_folder(config: &Config) -> PathBuf {
    folder(config).join("retired")
}

fn made_folder(folder: PathBuf) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    Ok(folder)
}

/// The retired keys that are kept, with their files.
fn kept_retired(config: &Config) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let folder = retired_folder(config);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut kept = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "key") {
            let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let key = decoded(&text).with_context(|| path.display().to_string())?;
            let is_named = path.file_stem().is_some_and(|name| name == KeyId::of(&key).to_string().as_str());
            ensure!(is_named, "{} does not hold the key it is named after", path.display());
            kept.push((path, key));
        }
    }
    kept.sort_unstable();
    Ok(kept)
}

/// Writes a secret whole or not at all, also when the machine fails meanwhile.
fn put(folder: &Path, name: &str, secret: &str) -> anyhow::Result<()> {
    let (file, unfinished) = (folder.join(name), folder.join(format!("{name}.new")));
    let mut opened = owner_only(OpenOptions::new().write(true).create(true).truncate(true), &unfinished)?;
    opened.write_all(secret.as_bytes())?;
    opened.sync_all()?;
    fs::rename(&unfinished, &file).with_context(|| format!("{} cannot be made", file.display()))?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

fn owner_only(options: &mut OpenOptions, file: &Path) -> anyhow::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(file).with_context(|| format!("{} cannot be made", file.display()))
}

fn kept(config: &Config, name: &str, make: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<String> {
    let folder = folder(config);
    let file: PathBuf = folder.join(name);
    if file.exists() {
        return fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()));
    }
    if name == MASTER && !kept_retired(config)?.is_empty() {
        bail!("{} is gone, and keys that it followed are kept: restore it", file.display());
    }
    made_folder(folder)?;
    let secret = make()?;
    let mut opened = owner_only(OpenOptions::new().write(true).create_new(true), &file)?;
    opened.write_all(secret.as_bytes())?;
    Ok(secret)
}
