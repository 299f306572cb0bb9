//! `zhilitong stats` (统计).

use std::path::Path;

use clap::Subcommand;
use requests::Town;

use super::{Place, load, progress, say};
use crate::app::{self, Sources};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Count everything anew from the cases, and put right what differs; nodes may serve meanwhile.
    Rebuild(Place),
}

/// Runs a command about statistics.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn run(file: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let Command::Rebuild(place) = command;
    let base = app::base(&load(file, &place)?, &Sources::default()).await?;
    let town = Town::load(&base).await?;
    let mut progress = progress("stats rebuild");
    let stats::Rebuilt { cases, points, points_differed, sums, sums_differed } =
        stats::rebuild(&base, &town, &mut progress).await?;
    progress(&format!(
        "{cases} cases, {points} points ({points_differed} differed), {sums} sums ({sums_differed} differed)"
    ));
    say(&format!("{points_differed} points and {sums_differed} sums differed and are right now"))
}
