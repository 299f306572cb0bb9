//! The demo town (演示数据): deterministic, synthetic, marked as such. SMS is off wherever it is loaded.

mod cases;
mod centers;
mod city;
mod consents;
mod events;
mod full;
mod greeting;
mod party;
mod people;
mod services;

use std::sync::Arc;

use chrono::{DateTime, TimeZone as _, Utc};
use entity::account;
use entity::id::SessionId;
use kernel::actor::{Actor, Person};
use kernel::base::Base;
use kernel::chance::SeededChance;
use kernel::clock::MovableClock;
use kernel::config::Config;
use requests::Town;
use requests::workflow::retention::NOBODY;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::app::{self, Sources};

pub use centers::CENTER_STAFF;
pub use city::CASES as CITY_CASES;
pub use events::EDITOR;
pub use full::period;
pub use greeting::greeting;
pub use party::PARTY_STAFF;
pub use people::{PASSWORD, RESIDENT_PHONE, STAFF};

/// Code of the street.
pub(crate) const STREET: &str = "310112008";
/// Seed of everything drawn by chance.
const SEED: u64 = 310_112_008;

/// How much to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For tests and for trying: the whole map, some units, people and cases.
    Small,
    /// The street at true size: 7,700 residents, every grid staffed, 26,685 cases of 2026 with known service indicators.
    Full,
    /// Many streets with years of cases, so many in all; for measuring growth only.
    City(u32),
}

/// Whether nothing was loaded yet.
///
/// # Errors
/// When the database does not answer.
pub async fn is_empty(config: &Config) -> anyhow::Result<bool> {
    let base = app::base(config, &Sources::default()).await?;
    // Nobody's account is there from the first.
    let anybody = account::Entity::find().filter(account::Column::Id.ne(NOBODY));
    let is_empty = anybody.one(base.db.reader()).await?.is_none();
    base.db.clone().close().await?;
    Ok(is_empty)
}

/// Loads the town; calls `progress` with what is being loaded. Gives back a summary.
///
/// # Errors
/// When something cannot be written.
pub async fn load(
    config: &Config,
    profile: Profile,
    progress: &mut (dyn FnMut(&str) + Send),
) -> anyhow::Result<String> {
    let clock = Arc::new(MovableClock::at(opening()));
    let chance = Arc::new(SeededChance::new(SEED));
    let sources = Sources { clock: Arc::clone(&clock) as _, chance, sender: None };
    let base = app::base(config, &sources).await?;
    progress("map");
    let shapes = match profile {
        Profile::City(cases) => city::map(cases)?,
        Profile::Small | Profile::Full => areas::demo_town(),
    };
    let areas = base.write(&Actor::System, &shapes, |tx, shapes| Box::pin(areas::store::import(tx, shapes))).await?;
    progress("people and units");
    let rest = match profile {
        Profile::Small => small(&base, &clock, progress).await?,
        Profile::Full => full::load(&base, &clock, progress).await?,
        Profile::City(cases) => city::load(&base, &clock, cases, progress).await?,
    };
    progress("statistics");
    let town = Town::load(&base).await?;
    let counted = stats::rebuild(&base, &town, &mut |step| progress(&format!("statistics {step}"))).await?;
    base.db.clone().close().await?;
    Ok(format!("{areas} areas, {rest}, {} points of statistics", counted.points))
}

async fn small(base: &Base, clock: &MovableClock, progress: &mut (dyn FnMut(&str) + Send)) -> anyhow::Result<String> {
    consents::publish(base).await?;
    let people = people::load(base).await?;
    consents::note(base, &people.accounts()).await?;
    progress("cases");
    let town = Town::load(base).await?;
    let cases = cases::load(base, clock, &town, &people).await?;
    // Last, so that what was drawn by chance before stays what it was.
    let organizations = party::load(base).await?;
    progress("neighbourhood centres");
    let centers = centers::load(base).await?;
    progress("events");
    let events = events::load(base).await?;
    let count = people.count() + PARTY_STAFF.len() + 2;
    Ok(format!(
        "{count} people, {} units, {cases} cases, {organizations} organisations of the party, {} rooms, {} services, {events} events",
        people.units.len(),
        centers.rooms,
        centers.services
    ))
}

/// When the demo town begins: a Monday morning.
fn opening() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 16, 1, 30, 0).single().unwrap_or_default()
}

/// A person of the demo town as an actor, with the grants that hold now.
async fn actor(base: &Base, account: entity::id::AccountId) -> anyhow::Result<Actor> {
    let grants = identity::grants_of(base.db.reader(), account, base.clock.now()).await?;
    Ok(Actor::Person(Person { account, session: SessionId(Uuid::nil()), grants }))
}
