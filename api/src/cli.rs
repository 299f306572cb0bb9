//! The command line (命令行).

mod account;
mod audit;
mod calendar;
mod keys;
mod maintenance;
mod party;
mod stats;

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::actor::Actor;
use kernel::config::{CodeSender, Config, LogFormat, Overrides, SecondFactor};
use tracing_subscriber::EnvFilter;

use crate::app::{self, Sources};
use crate::seed::{self, Profile};
use crate::{doctor, migrations, serve};

/// The defaults, built into the binary.
pub const DEFAULTS: &str = include_str!("../../deploy/config.toml");

/// 社区治理通 — the backend of a sub-district's phone app.
#[derive(Parser, Debug)]
#[command(name = "zhilitong", version, arg_required_else_help = true)]
pub struct Cli {
    /// Configuration file over the built-in defaults; see deploy/config.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

/// How much of a demo town.
#[derive(ValueEnum, Clone, Copy, Debug)]
enum Size {
    /// For tests and for trying: the whole map, some units, people and cases.
    Small,
    /// The street at true size: 7,700 residents, every grid staffed, 26,685 cases of 2026 with known service indicators.
    Full,
    /// Many streets with years of cases, for measuring growth only: as many cases as `--cases` says.
    City,
}

impl Size {
    fn of(self, cases: u32) -> Profile {
        match self {
            Self::Small => Profile::Small,
            Self::Full => Profile::Full,
            Self::City => Profile::City(cases),
        }
    }
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve the API over a migrated database.
    Serve(Place),
    /// Migrate an SQLite file, load the demo town, serve it, and print how to try it.
    Demo(Place),
    /// Move the schema.
    Migrate {
        #[command(subcommand)]
        step: Option<Step>,
        /// Name of the database whose rows may be lost; `down` and `fresh` ask for it in production.
        #[arg(long, global = true, value_name = "DATABASE")]
        erase: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Load a demo town into an empty database. SMS stays off wherever it is loaded.
    Seed {
        /// How much.
        #[arg(long, value_enum, default_value_t = Size::Small)]
        profile: Size,
        /// How many cases a city has.
        #[arg(long, default_value_t = seed::CITY_CASES, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
        cases: u32,
        #[command(flatten)]
        place: Place,
    },
    /// Print the GraphQL schema, as committed in schema.graphql.
    Schema,
    /// Examine database, schema, map, Redis, relay and clock; exit code 1 when something is wrong.
    Doctor(Place),
    /// Print the configuration in force, secrets hidden; exit code 1 when it is not usable.
    CheckConfig(Place),
    /// Accounts.
    Account {
        #[command(subcommand)]
        command: account::Command,
    },
    /// The audit chain.
    Audit {
        #[command(subcommand)]
        command: audit::Command,
    },
    /// The master keys that seal personal data.
    Keys {
        #[command(subcommand)]
        command: keys::Command,
    },
    /// Close the API for a while.
    Maintenance {
        #[command(subcommand)]
        command: maintenance::Command,
    },
    /// Organisations of the party and their rosters.
    Party {
        #[command(subcommand)]
        command: party::Command,
    },
    /// Statistics.
    Stats {
        #[command(subcommand)]
        command: stats::Command,
    },
    /// The working calendar.
    Calendar {
        #[command(subcommand)]
        command: calendar::Command,
    },
    /// Areas.
    Areas {
        #[command(subcommand)]
        command: AreasCommand,
    },
}

/// Where things are; over file and environment.
#[derive(Args, Debug, Clone, Default)]
pub struct Place {
    /// Address and port to serve on.
    #[arg(long, global = true, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// Folder of the SQLite file, photos and generated keys.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// sqlite:PATH or postgres://…
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// embedded: or redis://…
    #[arg(long, global = true, value_name = "URL")]
    redis_url: Option<String>,
}

#[derive(Subcommand, Debug, Clone, Copy)]
enum Step {
    /// Apply every pending step (the default).
    Up,
    /// Take back the last step.
    Down,
    /// List steps done and to come; exit code 1 when some are pending.
    Status,
    /// Take back everything and begin anew: every row is lost.
    Fresh,
}

#[derive(Subcommand, Debug)]
enum AreasCommand {
    /// Import the map from GeoJSON: areas of known codes are changed, others added, none removed.
    Import {
        /// A FeatureCollection; its `datum` and the features' `code`, `name`, `level`, `parentCode` are required.
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
}

/// Runs a command.
///
/// # Errors
/// Whatever keeps it from being done; the message says what to do next.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let file = cli.config.as_deref();
    match cli.command {
        Command::Serve(place) => serve::run(load(file, &place)?).await?,
        Command::Demo(place) => demo(load(file, &place)?).await?,
        Command::Migrate { step, erase, place } => {
            return migrate(&load(file, &place)?, step.unwrap_or(Step::Up), erase.as_deref()).await;
        }
        Command::Seed { profile, cases, place } => seed_town(&load(file, &place)?, profile.of(cases)).await?,
        Command::Schema => say(&graphql::sdl())?,
        Command::Doctor(place) => return examine(&load(file, &place)?).await,
        Command::CheckConfig(place) => say(&toml::to_string_pretty(&load(file, &place)?.masked())?)?,
        Command::Account { command } => account::run(file, command).await?,
        Command::Audit { command } => return audit::run(file, command).await,
        Command::Keys { command } => return keys::run(file, command).await,
        Command::Maintenance { command } => maintenance::run(file, command).await?,
        Command::Party { command } => return party::run(file, command).await,
        Command::Stats { command } => stats::run(file, command).await?,
        Command::Calendar { command } => return calendar::run(file, command).await,
        Command::Areas { command: AreasCommand::Import { file: map, place } } => {
            import(&load(file, &place)?, &map).await?
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn load(file: Option<&Path>, place: &Place) -> anyhow::Result<Config> {
    let Place { listen, data_dir, database_url, redis_url } = place.clone();
    let config = Config::load(DEFAULTS, file, &Overrides { listen, data_dir, database_url, redis_url })?;
    start_logging(&config)?;
    Ok(config)
}

fn start_logging(config: &Config) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(&config.log.level).with_context(|| format!("log.level = {:?}", config.log.level))?;
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first one's.
    let _ = match config.log.format {
        LogFormat::Text => logs.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => logs.json().try_init(),
    };
    Ok(())
}

/// Prints to standard output; a reader that went away is not an error.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{}", text.trim_end()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// A progress line on a terminal, plain lines elsewhere.
fn progress(what: &'static str) -> impl FnMut(&str) {
    let bar = ProgressBar::new_spinner().with_prefix(what);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    move |step| {
        if std::io::stderr().is_terminal() {
            bar.set_message(step.to_owned());
            bar.tick();
        } else {
            let _ = writeln!(std::io::stderr(), "{what} {step}");
        }
    }
}

async fn demo(mut config: Config) -> anyhow::Result<()> {
    if config.server.production {
        bail!("`demo` loads synthetic people and prints one-time codes; use `serve` in production");
    }
    config.auth.code_sender = CodeSender::Console;
    config.auth.second_factor = SecondFactor::Optional;
    app::make_data_dir(&config)?;
    migrations::up(&config.database.url, progress("migrate")).await?;
    if seed::is_empty(&config).await? {
        seed::load(&config, Profile::Small, &mut progress("seed")).await?;
    }
    serve::run_with_greeting(config, Some(seed::greeting)).await
}

async fn migrate(config: &Config, step: Step, erase: Option<&str>) -> anyhow::Result<ExitCode> {
    let url = &config.database.url;
    let name = database_name(url);
    if config.server.production && matches!(step, Step::Down | Step::Fresh) && erase != Some(name) {
        bail!("rows of production would be lost; if that is meant, add `--erase {name}`");
    }
    app::make_data_dir(config)?;
    let moved = match step {
        Step::Up => migrations::up(url, progress("migrate up")).await?,
        Step::Down => migrations::down(url, progress("migrate down")).await?,
        Step::Fresh => migrations::fresh(url, progress("migrate")).await?,
        Step::Status => {
            let status = migrations::status(url).await?;
            for (mark, steps) in [("applied", &status.applied), ("pending", &status.pending)] {
                for step in steps {
                    say(&format!("{mark}  {step}"))?;
                }
            }
            return Ok(if status.pending.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    };
    say(&format!("{moved} steps moved"))?;
    Ok(ExitCode::SUCCESS)
}

/// The last part of a URL's path, e.g. `zhilitong` of `postgres://db/zhilitong?sslmode=require`.
fn database_name(url: &str) -> &str {
    let path = url.split('?').next().unwrap_or_default();
    path.rsplit(['/', ':']).next().unwrap_or_default()
}

async fn seed_town(config: &Config, profile: Profile) -> anyhow::Result<()> {
    if config.server.production {
        bail!("a demo town does not belong into production");
    }
    if !seed::is_empty(config).await? {
        bail!("the database is not empty; `zhilitong migrate fresh` empties it");
    }
    let summary = seed::load(config, profile, &mut progress("seed")).await?;
    say(&summary)
}

async fn examine(config: &Config) -> anyhow::Result<ExitCode> {
    let base = app::base(config, &Sources::default()).await?;
    let findings = doctor::examine(config, &base).await;
    for finding in &findings {
        let mark = if finding.is_well { "ok  " } else { "BAD " };
        say(&format!("{mark} {:<11} {}", finding.name, finding.words))?;
    }
    let is_well = findings.iter().all(|finding| finding.is_well);
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn import(config: &Config, map: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(map).with_context(|| format!("{} cannot be read", map.display()))?;
    let shapes = areas::geojson::parse(&text, &areas::Bounds::XINHONG).with_context(|| map.display().to_string())?;
    let base = app::base(config, &Sources::default()).await?;
    let count = base.write(&Actor::System, &shapes, |tx, shapes| Box::pin(areas::store::import(tx, shapes))).await?;
    say(&format!("{count} areas imported; nodes that serve know them within seconds"))
}
