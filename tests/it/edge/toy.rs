//! A toy product behind the edge: a schema with every kind of trouble, and a host whose moods tests can set.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::{App, HttpServer, dev::ServerHandle, middleware::from_fn, web::Data};
use async_graphql::{
    Context, Error, ErrorExtensions, Object, Request, Schema, ServerError, SimpleObject, Subscription, Upload,
};
use chrono::DateTime;
use futures_util::{Stream, StreamExt, stream};
use graphql::limits::Measure;
use kernel::version::Version;
use zhilitong::http::{ClientInfo, Config, Denied, Edge, Host, Maintenance, RateLimited, guard, resource};

pub type ToySchema = Schema<Query, Mutation, Count>;

#[derive(SimpleObject)]
pub struct Item {
    number: i32,
    name: String,
}

pub struct Query;

#[Object]
impl Query {
    async fn hello(&self, name: Option<String>) -> String {
        format!("Hello {}", name.unwrap_or_else(|| "world".to_owned()))
    }

    async fn items(&self, #[graphql(default = 20)] first: i32) -> Vec<Item> {
        (0..first).map(|number| Item { number, name: "x".to_owned() }).collect()
    }

    async fn me(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(ctx.data::<Actor>()?.0.clone())
    }

    async fn slow(&self, seconds: u64) -> bool {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        true
    }

    async fn leak(&self) -> async_graphql::Result<bool> {
        Err(Error::new("connection to db-7.internal failed: password"))
    }

    async fn refuse(&self) -> async_graphql::Result<bool> {
        Err(Error::new("No such thing").extend_with(|_, values| values.set("code", "NOT_FOUND")))
    }

    async fn crash(&self) -> bool {
        if true {
            panic!("secret of a panic")
        }
        true
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn put(&self, value: i32) -> i32 {
        value
    }

    async fn upload(&self, ctx: &Context<'_>, file: Upload) -> async_graphql::Result<String> {
        let file = file.value(ctx)?;
        Ok(format!("{} {} {}", file.filename, file.content_type.clone().unwrap_or_default(), file.content.len()))
    }
}

pub struct Count;

#[Subscription]
impl Count {
    async fn count(&self, to: i32, #[graphql(default = 1)] every_ms: u64) -> impl Stream<Item = i32> {
        stream::iter(1..=to).then(move |n| async move {
            tokio::time::sleep(Duration::from_millis(every_ms)).await;
            n
        })
    }

    /// As fast as it can: only a bounded queue holds it back.
    async fn flood(&self, ctx: &Context<'_>) -> impl Stream<Item = String> {
        let made = ctx.data_unchecked::<Arc<Moods>>().clone();
        stream::repeat_with(move || {
            made.flooded.fetch_add(1, Ordering::Relaxed);
            "x".repeat(10_000)
        })
    }

    async fn crash(&self) -> impl Stream<Item = i32> {
        stream::iter(1..3).map(|n| if n == 2 { panic!("secret of a panic") } else { n })
    }
}

#[derive(Clone)]
pub struct Actor(pub String);

/// What tests may change while the server runs.
#[derive(Default)]
pub struct Moods {
    pub revoked: AtomicBool,
    pub unsure: AtomicBool,
    pub hanging: AtomicBool,
    pub limited: AtomicBool,
    pub hidden: AtomicBool,
    pub closed: AtomicBool,
    pub flooded: AtomicUsize,
    pub internal: AtomicUsize,
    ids: AtomicU64,
}

pub struct Toy(pub Arc<Moods>);

impl Host for Toy {
    type Actor = Actor;

    fn minimum_version(&self, kind: &str) -> Option<Version> {
        Version::parse("1.4.0").filter(|_| kind == "toy")
    }

    fn maintenance(&self, client: &ClientInfo) -> Option<Maintenance> {
        let note = client.language.clone();
        let closed = Maintenance { until: DateTime::UNIX_EPOCH, retry_after_ms: 42_500, note };
        self.0.closed.load(Ordering::Relaxed).then_some(closed)
    }

    fn passes_maintenance(&self, actor: &Actor, operation: Option<&Measure>) -> bool {
        actor.0 == "ada" || operation.is_some_and(|operation| operation.root_fields == ["put"])
    }

    async fn identify(&self, authorization: Option<&str>, _client: &ClientInfo) -> Result<Actor, Denied> {
        if self.0.hanging.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        match authorization {
            None => Ok(Actor("anonymous".to_owned())),
            Some("Bearer good") => Ok(Actor("ada".to_owned())),
            Some("Bearer down") => Err(Denied::Unavailable),
            Some("Bearer often") => Err(Denied::RateLimited(RateLimited { retry_after_ms: 1_500 })),
            Some(_) => Err(Denied::Unauthenticated),
        }
    }

    async fn still_valid(&self, _actor: &Actor) -> Result<bool, Denied> {
        if self.0.unsure.load(Ordering::Relaxed) {
            return Err(Denied::Unavailable);
        }
        Ok(!self.0.revoked.load(Ordering::Relaxed))
    }

    async fn admit(&self, _actor: &Actor, _client: &ClientInfo, operation: &Measure) -> Result<(), RateLimited> {
        match self.0.limited.load(Ordering::Relaxed) && operation.root_fields.iter().any(|name| name == "hello") {
            true => Err(RateLimited { retry_after_ms: 2_100 }),
            false => Ok(()),
        }
    }

    fn prepare(&self, request: Request, actor: &Actor, _client: &ClientInfo) -> Request {
        request.data(actor.clone()).data(Arc::clone(&self.0))
    }

    fn introspection_allowed(&self, _actor: &Actor) -> bool {
        !self.0.hidden.load(Ordering::Relaxed)
    }

    fn new_request_id(&self) -> String {
        format!("request-{:06}", self.0.ids.fetch_add(1, Ordering::Relaxed))
    }

    fn internal_error(&self, _error: &ServerError, _client: &ClientInfo) {
        self.0.internal.fetch_add(1, Ordering::Relaxed);
    }
}

pub struct Server {
    pub address: SocketAddr,
    pub moods: Arc<Moods>,
    pub edge: Data<Edge<ToySchema, Toy>>,
    handle: ServerHandle,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

/// Settings with short times, so that tests need not wait.
pub fn impatient() -> Config {
    let mut config = Config { body_within: Duration::from_millis(500), ..Config::default() };
    config.execute_within = Duration::from_millis(800);
    config.origins = vec!["https://app.example".to_owned()];
    config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    config.uploads.file_bytes = 100_000;
    config.uploads.within = Duration::from_millis(800);
    config.uploads.at_once = 2;
    config.socket.message_bytes = 1024 * 1024;
    config.socket.init_within = Duration::from_millis(400);
    config.socket.ping_every = Duration::from_millis(300);
    config.socket.pong_within = Duration::from_millis(200);
    config.socket.revalidate_every = Duration::from_millis(200);
    config.socket.revalidate_within = Duration::from_millis(100);
    config.socket.operations = 5;
    config.socket.queue = 8;
    config.socket.send_within = Duration::from_millis(600);
    config
}

pub fn serve(config: Config) -> Server {
    let moods = Arc::new(Moods::default());
    let schema = Schema::build(Query, Mutation, Count).disable_suggestions().finish();
    let edge = Data::new(Edge::new(schema, Toy(Arc::clone(&moods)), config));
    let data = edge.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .wrap(from_fn(guard::<ToySchema, Toy, _>))
            .service(resource::<ToySchema, Toy>("/graphql"))
    })
    .workers(2)
    .disable_signals()
    .bind("127.0.0.1:0")
    .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    Server { address, moods, edge, handle }
}
