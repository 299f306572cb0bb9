//! `zhilitong account` (账号).

use std::io::IsTerminal as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use entity::enums::{Role, ScopeKind};
use entity::id::{AccountId, AreaId, Id as _};
use identity::phone::Phone;
use identity::staff::command::Reset;
use identity::{NewStaff, Reason, password};
use kernel::actor::Actor;
use kernel::audit::Act;
use serde_json::json;

use super::{Place, load, say};
use crate::app::{self, Sources};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Make a staff account; the password is asked for, or read from standard input when that is no terminal.
    Create {
        /// Sign-in name.
        #[arg(long)]
        username: String,
        /// Name.
        #[arg(long)]
        name: String,
        /// Mobile number.
        #[arg(long)]
        phone: Option<String>,
        /// Role to grant, e.g. DISPATCHER.
        #[arg(long)]
        role: Option<String>,
        /// Code of the area the role holds in, e.g. 310112008.
        #[arg(long, requires = "role")]
        area: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// End accounts again that came back with a backup: each is closed at once, and its person forgotten half a minute later.
    End {
        /// Accounts, as `acc_…` or as the keys of the database.
        #[arg(required = true)]
        accounts: Vec<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Give somebody a new first password and take the second factor away; printed once. The only way for administrators.
    Reset {
        /// Sign-in name.
        #[arg(long)]
        username: String,
        #[command(flatten)]
        place: Place,
    },
}

/// Asks for a password unseen on a terminal; elsewhere reads one line.
fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        let terminal = console::Term::stderr();
        terminal.write_str("password: ")?;
        return Ok(terminal.read_secure_line()?);
    }
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    Ok(typed.trim_end_matches(['\r', '\n']).to_owned())
}

/// Runs a command about accounts.
///
/// # Errors
/// Whatever keeps it from being done.
pub(super) async fn run(file: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let (username, name, phone, role, area, place) = match command {
        Command::Create { username, name, phone, role, area, place } => (username, name, phone, role, area, place),
        Command::Reset { username, place } => return reset(file, &username, &place).await,
        Command::End { accounts, place } => return end(file, &accounts, &place).await,
    };
    let config = load(file, &place)?;
    let base = app::base(&config, &Sources::default()).await?;
    let typed = read_password()?;
    password::check_rules("password", &typed).map_err(|_| {
        anyhow::anyhow!("a password needs 10 characters of 3 of these: small letters, capitals, digits, signs")
    })?;
    let phone = phone.map(|phone| Phone::parse("phone", &phone)).transpose();
    let phone = phone.map_err(|_| anyhow::anyhow!("--phone is not a mobile number"))?;
    let mut salt = [0; 16];
    base.chance.fill(&mut salt)?;
    let password_hash = password::hash(typed, salt).await?;
    let grant = match (role, area) {
        (Some(role), Some(area)) => {
            let role = Role::of_name(&role).with_context(|| format!("--role {role} is not a role"))?;
            let found = areas::store::by_code(base.db.reader(), &area).await?;
            let found = found.filter(|found| found.valid_to.is_none());
            Some((role, found.with_context(|| format!("--area {area} is not an area in use"))?.id.0))
        }
        (Some(_), None) => bail!("--role needs --area"),
        (None, _) => None,
    };
    let staff = NewStaff { username, password_hash, name, phone, must_change: true };
    let act = Act { action: "account create", subject: None, address: None };
    let account = base
        .write(Actor::System.doing(&act), &(staff, grant), |tx, (staff, grant)| {
            Box::pin(async move {
                let account = identity::create_staff(tx, staff).await?;
                if let Some((role, area)) = grant {
                    tx.audit_detail(json!({ "role": role.name(), "scope": AreaId(*area).text() }));
                    identity::grant(tx, account.id, *role, (ScopeKind::Area, *area), None).await?;
                }
                Ok(account)
            })
        })
        .await?;
    say(&format!("{}", account.id))
}

async fn end(file: Option<&Path>, accounts: &[String], place: &Place) -> anyhow::Result<()> {
    let base = app::base(&load(file, place)?, &Sources::default()).await?;
    for text in accounts {
        let of_key = || uuid::Uuid::try_parse(text).ok().map(AccountId);
        let id = AccountId::parse(text).or_else(of_key).with_context(|| format!("{text} is no account"))?;
        let act = Act { action: "account end", subject: Some(id.text()), address: None };
        let begun = base.write(Actor::System.doing(&act), &id, |tx, id| Box::pin(flows::end_at_once(tx, id))).await;
        begun.map_err(anyhow::Error::from).with_context(|| format!("{text} is not ended"))?;
        say(&format!("{id} is closed by the node that serves, and forgotten half a minute later"))?;
    }
    Ok(())
}

async fn reset(file: Option<&Path>, username: &str, place: &Place) -> anyhow::Result<()> {
    let base = app::base(&load(file, place)?, &Sources::default()).await?;
    let found = identity::credential(base.db.reader(), username).await?;
    let (_, account) = found.with_context(|| format!("--username {username} is nobody's"))?;
    let account = account.context("the account is gone")?;
    let first = identity::staff::first_password(&base).await?;
    let reason = Reason::parse("reason", "command line").map_err(|_| anyhow::anyhow!("the reason is refused"))?;
    let command = (Reset { account: account.id, expected_version: account.version, reason }, first.hash);
    let act = Act { action: "account reset", subject: Some(account.id.text()), address: None };
    let written = base.write(Actor::System.doing(&act), &command, |tx, command| {
        Box::pin(async move {
            let moved = identity::staff::reset_password(tx, command).await?;
            let expected_version = moved.account.version;
            identity::staff::reset_second_factor(tx, &Reset { expected_version, ..command.0.clone() }).await
        })
    });
    written.await?;
    say(&first.text)
}
