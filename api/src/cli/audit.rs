//! `zhilitong audit` (审计).

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use identity::audit::Anchor;

use super::{Place, load, progress, say};
use crate::app::{self, Sources};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Walk the whole chain; exit code 1 and the first bad line when one was changed, added or taken away.
    Verify {
        /// A place of the chain as `audit anchor` printed it before: the chain must still hold it.
        #[arg(long, value_name = "SEQ:HASH")]
        anchor: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Print where the chain ends, to be kept where nobody of the database's people can reach it.
    Anchor(Place),
}

/// Runs a command about the chain.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn run(file: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    let (place, anchor) = match command {
        Command::Anchor(place) => {
            let base = app::base(&load(file, &place)?, &Sources::default()).await?;
            say(&identity::audit::anchor(&base).await?.to_string())?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Verify { anchor, place } => (place, anchor),
    };
    let anchor = anchor.map(|text| Anchor::parse(&text).with_context(|| format!("--anchor {text}: write SEQ:HASH")));
    let base = app::base(&load(file, &place)?, &Sources::default()).await?;
    let mut progress = progress("audit verify");
    let verdict =
        identity::audit::verify(&base, anchor.transpose()?.as_ref(), |seq| progress(&seq.to_string())).await?;
    match verdict {
        Ok(end) => {
            say(&format!("ok   {} lines; the chain ends at {end}", end.seq))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => {
            say(&format!("BAD  {broken}"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}
