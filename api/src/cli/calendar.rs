//! `zhilitong calendar` (工作日历).

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use areas::{Calendar, CalendarDay};
use clap::Subcommand;
use kernel::actor::Actor;
use kernel::audit::Act;

use super::{Place, load, say};
use crate::app::{self, Sources};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Enter the State Council's notice of a year: every day, with its kind. Tells which days are new or other than known, and
    /// what that means for open cases; exit code 1 when the file is wrong or would change a day that is past, and then nothing
    /// is written.
    Import {
        /// CSV without quotes: date,kind,name; kinds are WORKDAY, WEEKEND, HOLIDAY, ADJUSTED_WORKDAY.
        file: PathBuf,
        /// Look only.
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        place: Place,
    },
}

/// Changed days shown one by one at most; of a new year nobody reads all.
const SHOWN: usize = 40;

/// Runs a command about the calendar.
///
/// # Errors
/// When the file cannot be read or the database does not answer.
pub(super) async fn run(file: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    let Command::Import { file: notice, check, place } = command;
    let text = std::fs::read_to_string(&notice).with_context(|| format!("{} cannot be read", notice.display()))?;
    let new = match Calendar::from_notice(&text) {
        Ok(new) => new,
        Err(error) => return refuse(&error.to_string()),
    };
    let base = app::base(&load(file, &place)?, &Sources::default()).await?;
    let known = areas::store::calendar(base.db.reader()).await?;
    let today = areas::shanghai_date(base.clock.now());
    let changes: Vec<(Option<&CalendarDay>, &CalendarDay)> = known.changes(&new).collect();
    if let Some((_, day)) = changes.iter().find(|(before, day)| before.is_some() && day.date <= today) {
        return refuse(&format!("{}: the day has come, and what it was is decided", day.date));
    }
    let Some((_, first)) = changes.first() else {
        say("ok   every day is known already; nothing was written")?;
        return Ok(ExitCode::SUCCESS);
    };
    tell(&changes)?;
    let open = requests::due_from(&base, first.date).await?;
    say(&format!(
        "{} open cases have a step or their handling due on or after {}: what was promised stays; {} of them were counted over \
         dates without a row and keep saying so",
        open.cases, first.date, open.uncertain
    ))?;
    if check {
        say("ok   nothing was written")?;
        return Ok(ExitCode::SUCCESS);
    }
    let days: Vec<CalendarDay> = changes.iter().map(|(_, day)| (*day).clone()).collect();
    let act = Act { action: "calendar import", subject: None, address: None };
    let written = base
        .write(Actor::System.doing(&act), &days, |tx, days| Box::pin(areas::store::import_calendar(tx, days)))
        .await?;
    say(&format!("ok   {written} days were new or changed; nodes that serve know them within seconds"))?;
    Ok(ExitCode::SUCCESS)
}

fn refuse(problem: &str) -> anyhow::Result<ExitCode> {
    say(&format!("BAD  {problem}"))?;
    Ok(ExitCode::FAILURE)
}

/// Says which days are other than known, and how many are new.
fn tell(changes: &[(Option<&CalendarDay>, &CalendarDay)]) -> anyhow::Result<()> {
    let changed: Vec<_> = changes.iter().filter_map(|(before, day)| before.map(|before| (before, day))).collect();
    for (before, day) in changed.iter().take(SHOWN) {
        say(&format!("{}  {} -> {}", day.date, before.kind.as_str(), day.kind.as_str()))?;
    }
    let (new, changed) = (changes.len() - changed.len(), changed.len());
    let years: std::collections::BTreeSet<String> =
        changes.iter().map(|(_, day)| day.date.format("%Y").to_string()).collect();
    let years = years.into_iter().collect::<Vec<_>>().join(", ");
    say(&format!("{new} days are new and {changed} other than known, of {years}"))
}
