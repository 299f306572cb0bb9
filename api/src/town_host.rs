//! What the transports ask of the house (宿主): who asks, may they, and what resolvers need.

use std::net::IpAddr;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, ServerError};
use chrono::TimeDelta;
use entity::enums::Role;
use entity::id::Id as _;
use graphql::Caller;
use graphql::errors::Language;
use graphql::limits::Measure;
use identity::address::network;
use kernel::actor::Actor;
use kernel::error::Error;
use kernel::redis::rate::{RateLimiter, Rule};
use kernel::version::Version;

use crate::app::App;
use crate::http::{ClientInfo, Code, Denied, Host, Maintenance, RateLimited};

/// What signs an administrator in while the API is closed.
const SIGN_IN: [&str; 2] = ["refreshSession", "signInWithPassword"];
/// When to try again while the API is closed, at most: it may open early.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// The house as the transports see it.
pub struct TownHost {
    app: Arc<App>,
    limiter: RateLimiter,
}

impl TownHost {
    /// The house behind the transports.
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        Self { app, limiter: RateLimiter::default() }
    }

    /// Counts what somebody asks who says not who it is, beside the API.
    ///
    /// # Errors
    /// When that was too often from the address.
    pub async fn admit_stranger(&self, address: IpAddr) -> Result<(), RateLimited> {
        self.count("anonymous", self.app.config.limits.anonymous_per_minute, &network(address), 1).await
    }

    async fn count(&self, name: &'static str, limit: u32, key: &str, cost: u32) -> Result<(), RateLimited> {
        let (base, rule) = (&self.app.base, Rule { name, limit, seconds: 60 });
        match self.limiter.admit(&base.redis, base.clock.now(), rule, key, cost).await {
            Err(Error::RateLimited { retry_after_ms }) => Err(RateLimited { retry_after_ms }),
            _ => Ok(()),
        }
    }
}

impl Host for TownHost {
    type Actor = Actor;

    fn minimum_version(&self, kind: &str) -> Option<Version> {
        self.app.config.clients.minimum(kind)
    }

    fn maintenance(&self, client: &ClientInfo) -> Option<Maintenance> {
        let now = self.app.base.clock.now();
        let row = self.app.maintenance.at(now)?;
        let note = match Language::preferred(client.language.as_deref()) {
            Language::Chinese => row.note_zh,
            Language::English => row.note_en,
        };
        let wait = (row.until - now).min(LOOK_AGAIN).num_milliseconds().max(1);
        Some(Maintenance { until: row.until, retry_after_ms: wait.unsigned_abs(), note })
    }

    fn passes_maintenance(&self, actor: &Actor, operation: Option<&Measure>) -> bool {
        let signs_in = |operation: &Measure| {
            let mut fields = operation.root_fields.iter();
            operation.kind == OperationType::Mutation
                && !operation.root_fields.is_empty()
                && fields.all(|field| SIGN_IN.contains(&field.as_str()))
        };
        actor.is_any(&[Role::SystemAdmin]) || operation.is_some_and(signs_in)
    }

    async fn identify(&self, authorization: Option<&str>, _client: &ClientInfo) -> Result<Actor, Denied> {
        self.app.house.identity.identify(authorization).await.map_err(|error| match error {
            Error::Unauthenticated => Denied::Unauthenticated,
            Error::RateLimited { retry_after_ms } => Denied::RateLimited(RateLimited { retry_after_ms }),
            other => {
                tracing::warn!(?other, "nobody can be identified");
                Denied::Unavailable
            }
        })
    }

    async fn still_valid(&self, actor: &Actor) -> Result<bool, Denied> {
        let Ok(person) = actor.person() else { return Ok(true) };
        // From the database: a hot copy may be 4 s old, and with the time between two checks that is past the 5 s. A socket
        // whose person gained or lost a role is closed too: it would go on with the old grants.
        match self.app.house.identity.person_of(person.session).await {
            Ok(now) => Ok(now == *person),
            Err(Error::Unauthenticated) => Ok(false),
            Err(other) => {
                tracing::warn!(?other, "nobody can say whether a socket may go on");
                Err(Denied::Unavailable)
            }
        }
    }

    fn uploader(&self, actor: &Actor, _client: &ClientInfo) -> Option<String> {
        actor.account().map(|account| account.text())
    }

    /// Whoever exchanges orders with the hotline sends its files; everybody else sends photos.
    fn file_bytes(&self, actor: &Actor, of_everybody: usize) -> usize {
        let imports = requests::may_exchange_orders_anywhere(actor);
        if imports { of_everybody.max(self.app.config.limits.import_bytes) } else { of_everybody }
    }

    fn client_key(&self, client: &ClientInfo) -> String {
        network(client.address)
    }

    async fn admit(&self, actor: &Actor, client: &ClientInfo, operation: &Measure) -> Result<(), RateLimited> {
        let limits = &self.app.config.limits;
        let cost = u32::try_from(operation.root_fields.len().max(1)).unwrap_or(u32::MAX);
        let Some(account) = actor.account() else {
            return self.count("anonymous", limits.anonymous_per_minute, &network(client.address), cost).await;
        };
        let account = account.text();
        self.count("account", limits.account_per_minute, &account, cost).await?;
        if operation.kind == OperationType::Mutation {
            self.count("mutations", limits.mutations_per_minute, &account, cost).await?;
        }
        Ok(())
    }

    fn prepare(&self, request: Request, actor: &Actor, client: &ClientInfo) -> Request {
        let language = Language::preferred(client.language.as_deref());
        request
            .data(Caller { actor: actor.clone(), address: client.address, language })
            .data(Arc::clone(&self.app.house))
            .data(graphql::loaders(&self.app.base, actor))
    }

    fn introspection_allowed(&self, actor: &Actor) -> bool {
        !self.app.config.server.production || *actor != Actor::Anonymous
    }

    fn new_request_id(&self) -> String {
        let mut random = [0; 12];
        match self.app.base.chance.fill(&mut random) {
            Ok(()) => kernel::vault::hex(&random),
            Err(_) => "no-randomness".to_owned(),
        }
    }

    fn message(&self, code: Code, client: &ClientInfo) -> Option<String> {
        let zh = match code {
            Code::BadRequest => "请求不正确。",
            Code::Limit => "请求太大或太复杂。",
            Code::Unauthenticated => "请重新登录。",
            Code::ClientOutdated => "请更新到最新版本后再使用。",
            Code::RateLimited => "操作太频繁，请稍后再试。",
            Code::Maintenance => "系统维护中，请稍后再来。",
            Code::Unavailable => "服务暂时不可用，请稍后再试。",
            Code::Internal => "系统出了问题，我们已经记录。",
        };
        (Language::preferred(client.language.as_deref()) == Language::Chinese).then(|| zh.to_owned())
    }

    fn internal_error(&self, error: &ServerError, client: &ClientInfo) {
        tracing::error!(error = %error.message, request_id = client.request_id, "a fault of ours");
    }
}
