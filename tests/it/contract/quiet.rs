//! A node without background work, asked inside this process: what it does to the database is what was asked of it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use async_graphql::{Request, Variables};
use graphql::Caller;
use graphql::errors::Language;
use kernel::chance::SeededChance;
use kernel::config::Config;
use kernel::db::DatabaseConfig;
use sea_orm::DatabaseConnection;
use serde_json::Value;
use zhilitong::app::{App, Sources};

use crate::support::{Answer, Person, Town};

/// A node beside a town's own, over the same database.
pub struct QuietNode {
    app: App,
    schema: graphql::Schema,
}

impl QuietNode {
    /// A node that reaches the database in a way of its own.
    pub async fn beside(town: &Town, database: DatabaseConfig) -> Self {
        let config = Config { database, ..town.ground.config() };
        let chance = Arc::new(SeededChance::new(u64::from(town.ground.number) + 2_000_000));
        let app =
            App::build(config, Sources { clock: town.clock.clone(), chance, sender: None }).await.expect("a house");
        Self { app, schema: graphql::schema() }
    }

    /// Runs GraphQL text as somebody. Gives back the answer, and how many statements it took beside finding out who asks.
    pub async fn asks(&self, person: &Person, text: &str, variables: &Value) -> (Answer, u64) {
        let authorization = person.token.as_ref().map(|token| format!("Bearer {token}"));
        let actor = self.app.house.identity.identify(authorization.as_deref()).await.expect("somebody");
        let loaders = graphql::loaders(&self.app.base, &actor);
        let caller = Caller { actor, address: IpAddr::V4(Ipv4Addr::LOCALHOST), language: Language::English };
        let request = Request::new(text)
            .variables(Variables::from_json(variables.clone()))
            .data(caller)
            .data(Arc::clone(&self.app.house))
            .data(loaders);
        let before = self.app.base.db.statements();
        let response = self.schema.execute(request).await;
        let statements = self.app.base.db.statements() - before;
        let json = serde_json::to_value(&response).expect("an answer in JSON");
        (Answer { status: 200, json, asked: format!("{text} {variables}") }, statements)
    }

    /// The node's connections to the database.
    pub fn database(&self) -> &DatabaseConnection {
        self.app.base.db.reader()
    }
}
