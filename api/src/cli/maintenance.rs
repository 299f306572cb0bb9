//! `zhilitong maintenance` (系统维护).

use std::path::Path;

use chrono::TimeDelta;
use clap::Subcommand;
use entity::maintenance::Model;

use super::{Place, load, say};
use crate::app::{self, Sources};
use crate::maintenance::{self, Notes};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Close the API to all but system administrators; replaces what was announced before.
    On {
        /// When it ends by itself, in minutes from now: 1–1440.
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=1440))]
        minutes: u16,
        /// What people are told in Chinese; one line.
        #[arg(long, value_name = "TEXT")]
        note_zh: Option<String>,
        /// What people are told in English; one line.
        #[arg(long, value_name = "TEXT")]
        note_en: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Open the API again.
    Off(Place),
    /// Say whether the API is closed, until when, and what people are told.
    Status(Place),
}

/// Runs a command about maintenance.
///
/// # Errors
/// When a note is unusable or the database does not answer.
pub(super) async fn run(file: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let place = match &command {
        Command::On { place, .. } | Command::Off(place) | Command::Status(place) => place,
    };
    let base = app::base(&load(file, place)?, &Sources::default()).await?;
    match command {
        Command::On { minutes, note_zh, note_en, .. } => {
            let notes = Notes::parse(note_zh.as_deref(), note_en.as_deref());
            let notes = notes.map_err(|error| {
                anyhow::anyhow!("{}: write one line of at most 200 characters", error.field.join("."))
            })?;
            let begun = maintenance::begin(&base, TimeDelta::minutes(i64::from(minutes)), &notes).await?;
            say(&words(Some(&begun)))
        }
        Command::Off(_) => {
            maintenance::end(&base).await?;
            say(&words(None))
        }
        Command::Status(_) => {
            let announced = maintenance::announced(&base).await?;
            say(&words(announced.filter(|row| row.until > base.clock.now()).as_ref()))
        }
    }
}

fn words(on: Option<&Model>) -> String {
    let Some(row) = on else { return "off".to_owned() };
    let notes = [("zh", &row.note_zh), ("en", &row.note_en)];
    let notes = notes.into_iter().filter_map(|(language, note)| Some(format!("\n{language}   {}", note.as_ref()?)));
    format!("on   until {}{}", row.until.to_rfc3339(), notes.collect::<String>())
}
