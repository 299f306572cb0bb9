//! `zhilitong party` (党员名册).

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use entity::id::Id as _;

use super::{Place, load, say};
use crate::app::{self, Sources};
use crate::rosters;

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Enter organisations and rosters: those that are known are changed, others added, none removed. Prints each organisation's
    /// id, to grant roles in; exit code 1 and every bad line when there is one, and then nothing is written.
    Import {
        /// CSV without quotes: org_code,org_name,org_kind,parent_code,member_name,join_month,standing,phone, and duty if wanted.
        file: PathBuf,
        /// Look only.
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        place: Place,
    },
}

/// Runs a command about rosters.
///
/// # Errors
/// When the file cannot be read or the database does not answer.
pub(super) async fn run(file: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    let Command::Import { file: roster, check, place } = command;
    let text = std::fs::read_to_string(&roster).with_context(|| format!("{} cannot be read", roster.display()))?;
    let base = app::base(&load(file, &place)?, &Sources::default()).await?;
    let read = match rosters::read(&base, &text).await? {
        Ok(read) => read,
        Err(errors) => {
            for error in &errors {
                say(&format!("BAD  {error}"))?;
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    if check {
        say("ok   nothing was written")?;
        return Ok(ExitCode::SUCCESS);
    }
    let done = rosters::import(&base, &read).await?;
    for (code, id) in &done.organizations {
        say(&format!("{}  {code}", id.text()))?;
    }
    let (changed, members) = (done.organizations_changed, done.members_changed);
    say(&format!("{changed} organisations and {members} of {} members were new or changed", done.members))?;
    Ok(ExitCode::SUCCESS)
}
