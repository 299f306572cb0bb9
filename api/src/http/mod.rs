//! The transport edge (传输层): GraphQL over HTTP and over `graphql-transport-ws`, uploads, and what guards them.
//!
//! The product enters through one trait, [`Host`]: who asks, may they, and what the resolvers need. Everything else here
//! is protocol. Both transports share one path, `execute`: scan, parse, measure, admit, run within a time limit.
//!
//! ```text
//! guard (request id, client address, CORS, headers)
//!   └─ graphql ── Accept, method, client ─┬─ params ─┐
//!        │           uploads (multipart) ┘          ├─ execute: limits -> open? -> Host::admit -> schema -> answer
//!        └─ socket ── connection_init, subscribe ───┘
//! ```

mod answer;
mod body;
mod client_version;
mod config;
mod document_cache;
mod execute;
mod graphql;
mod guard;
mod host;
mod maintenance;
mod negotiate;
mod params;
mod socket;
mod turns;
mod uploads;

use std::sync::Arc;

use actix_web::{Resource, web};
use async_graphql::Executor;
use tokio::sync::{Semaphore, watch};

use self::{document_cache::DocumentCache, turns::Turns};
use ::graphql::limits;

pub use answer::Code;
pub use config::{Config, SocketConfig, UploadConfig};
pub use guard::guard;
pub use host::{ClientInfo, Denied, Host, RateLimited, Transport};
pub use maintenance::Maintenance;

/// Everything that the handlers share (传输层的共享状态): the schema, the product, the settings. One per process.
pub struct Edge<E, H> {
    schema: E,
    host: H,
    config: Config,
    documents: DocumentCache,
    uploads: Semaphore,
    uploads_of: Turns,
    sockets: Arc<Semaphore>,
    sockets_of: Turns,
    leaving: watch::Sender<bool>,
}

impl<E: Executor, H: Host> Edge<E, H> {
    /// Puts a schema and its product behind the transports.
    pub fn new(schema: E, host: H, config: Config) -> Self {
        Self {
            schema,
            host,
            documents: DocumentCache::new(config.cached_tokens),
            uploads: Semaphore::new(config.uploads.at_once),
            uploads_of: Turns::default(),
            sockets: Arc::new(Semaphore::new(config.socket.sockets)),
            sockets_of: Turns::default(),
            leaving: watch::Sender::new(false),
            config,
        }
    }

    /// The product, for routes beside the API.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// Closes all sockets with 1001, before the server stops (停机前通知): clients reconnect to another node.
    pub fn leave(&self) {
        self.leaving.send_replace(true);
    }
}

/// The route of the API at `path`, for all methods and for sockets (路由).
///
/// The application also needs `.app_data(web::Data<Edge<E, H>>)` and `.wrap(from_fn(guard::<E, H, _>))`.
pub fn resource<E: Executor, H: Host>(path: &str) -> Resource {
    web::resource(path).route(web::route().to(graphql::serve::<E, H>))
}
