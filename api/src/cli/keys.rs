//! `zhilitong keys` (密钥): putting another master key in force, and seeing what is sealed under which.

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{bail, ensure};
use clap::Subcommand;
use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::base::Base;
use kernel::config::Config;
use kernel::reseal::{Found, Walk};
use kernel::vault::KeyId;
use serde_json::json;

use super::{Place, load, progress, say};
use crate::app::{self, Sources};
use crate::{keys, relay};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Seal everything under the configured master key, or under a new one where it is kept in the data folder. It may be broken
    /// off and run again, and run beside nodes that serve with the same keys; kept keys change while nobody serves.
    Rotate {
        /// Delete kept retired keys under which nothing is sealed: devices signed in before the rotation sign in anew.
        #[arg(long)]
        forget: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Count what is sealed under which key; exit code 1 when something does not open.
    Status(Place),
    /// Delete kept retired keys under which nothing is sealed.
    Forget(Place),
}

/// Runs a command about keys.
///
/// # Errors
/// When the database does not answer; when kept keys are in use.
pub(super) async fn run(file: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Rotate { forget, place } => rotate(&load(file, &place)?, forget).await,
        Command::Status(place) => {
            let base = app::base(&load(file, &place)?, &Sources::default()).await?;
            let found = total(&walk(&base, Walk::Look, "keys status").await?);
            for key in base.vault.ids() {
                let standing = if key == base.vault.id() { "in force" } else { "retired" };
                say(&format!("{key}  {standing:<8}  {:>10} values", under(&found, key)))?;
            }
            Ok(verdict(&found)?)
        }
        Command::Forget(place) => {
            let config = load(file, &place)?;
            ensure_kept(&config)?;
            let base = app::base(&config, &Sources::default()).await?;
            let found = total(&walk(&base, Walk::Look, "keys forget").await?);
            forget(&config, &found)?;
            Ok(verdict(&found)?)
        }
    }
}

async fn rotate(config: &Config, is_forgotten: bool) -> anyhow::Result<ExitCode> {
    if is_forgotten {
        ensure_kept(config)?;
    }
    // Held to the end.
    let (_held, base) = match keys::is_kept(config)? {
        true => renewed(config).await.map(|(held, base)| (Some(held), base))?,
        false => (None, app::base(config, &Sources::default()).await?),
    };
    let sealed = walk(&base, Walk::Reseal, "keys rotate").await?;
    say(&format!("{:<20} {:>12} {:>12}", "table", "sealed anew", "already"))?;
    for (table, found) in &sealed {
        say(&format!("{table:<20} {:>12} {:>12}", found.old, found.count() - found.old))?;
    }
    let act = Act { action: "keysRotate", subject: None, address: None };
    let detail = (base.vault.id(), total(&sealed));
    let written = base.write(Actor::System.doing(&act), &detail, |tx, (key, found)| {
        Box::pin(async move {
            tx.audit_detail(json!({ "key": key.to_string(), "sealed": found.old, "lost": found.lost }));
            Ok(())
        })
    });
    written.await?;
    // What was written meanwhile by nodes where another key is in force shows only now.
    let found = total(&walk(&base, Walk::Look, "keys status").await?);
    if !base.db.settle().await? {
        say("the old ciphertext is in the database's files until nobody reads them: run this again when it is quiet")?;
    }
    if is_forgotten {
        forget(config, &found)?
    } else {
        advise(config, &base, &found)?
    }
    verdict(&found)
}

fn ensure_kept(config: &Config) -> anyhow::Result<()> {
    ensure!(
        keys::is_kept(config)?,
        "secrets.master_key is configured: take retired keys out of secrets.retired_master_keys by hand"
    );
    Ok(())
}

/// The base after a new kept key was put in force; a rotation that was broken off is finished instead.
async fn renewed(config: &Config) -> anyhow::Result<(File, Base)> {
    app::make_data_dir(config)?;
    let held = keys::hold(config)?;
    let base = app::base(config, &Sources::default()).await?;
    if relay::is_at_work(&base).await? {
        bail!("a node serves on this database, or was killed a moment ago; stop the service, then try again");
    }
    if base.vault.ids().count() > 1 && total(&walk(&base, Walk::Look, "keys status").await?).old > 0 {
        say(&format!("a rotation to {} was broken off; it is finished now", base.vault.id()))?;
        return Ok((held, base));
    }
    keys::renew(config)?;
    base.db.clone().close().await?;
    Ok((held, app::base(config, &Sources::default()).await?))
}

/// Walks over all tables.
async fn walk(base: &Base, walk: Walk, what: &'static str) -> anyhow::Result<Vec<(String, Found)>> {
    let (mut all, mut progress) = (Vec::new(), progress(what));
    for table in keys::sealed_tables() {
        let found = table.walk(base, walk, &mut |rows| progress(&format!("{} {rows}", table.name()))).await;
        all.push((table.name().to_owned(), found.map_err(anyhow::Error::from)?));
    }
    Ok(all)
}

fn total(tables: &[(String, Found)]) -> Found {
    tables.iter().fold(Found::default(), |mut total, (_, found)| {
        total.add(found);
        total
    })
}

fn under(found: &Found, key: KeyId) -> u64 {
    found.under.get(&key).copied().unwrap_or_default()
}

fn forget(config: &Config, found: &Found) -> anyhow::Result<()> {
    for key in keys::forget(config, |key| found.lost == 0 && under(found, key) == 0)? {
        say(&format!("{key} is deleted; recovery codes made under it are void: renew them"))?;
    }
    Ok(())
}

/// Says what to do with retired keys.
fn advise(config: &Config, base: &Base, found: &Found) -> anyhow::Result<()> {
    let days = config.auth.refresh_days;
    let remove = if keys::is_kept(config)? {
        "`zhilitong keys forget` deletes it"
    } else {
        "take it out of secrets.retired_master_keys on every node"
    };
    for key in base.vault.ids().skip(1) {
        say(&match under(found, key) {
            0 => format!(
                "{key} seals nothing any more. In {days} days, when every device has refreshed, {remove}; recovery codes \
                 made before are void from then on: renew them until then"
            ),
            left => format!("{key} still seals {left} values: a node writes under it; when none does, rotate again"),
        })?;
    }
    Ok(())
}

fn verdict(found: &Found) -> anyhow::Result<ExitCode> {
    if found.lost == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("BAD  {} values do not open with any key of the ring; the log names their rows", found.lost))?;
    Ok(ExitCode::FAILURE)
}
