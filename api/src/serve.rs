//! Serving (服务): listen, announce, and stop in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App as Routes, HttpServer, web};
use anyhow::Context as _;
use kernel::config::{CodeSender, Config, is_loopback};
use tokio::sync::watch;

use crate::app::{App, Sources};
use crate::http::{self, Edge};
use crate::town_host::TownHost;
use crate::{graphiql, migrations, routes};

/// What is behind the transports.
pub type TownEdge = Edge<graphql::Schema, TownHost>;

/// Serves until the process is told to stop.
///
/// # Errors
/// When the schema is behind, a part cannot be built, the address is taken, or production would run on a demo town.
pub async fn run(config: Config) -> anyhow::Result<()> {
    run_with_greeting(config, None).await
}

/// Serves, after printing a greeting made of the address.
///
/// # Errors
/// As [`run`].
pub async fn run_with_greeting(
    config: Config,
    greeting: Option<fn(&Config) -> anyhow::Result<String>>,
) -> anyhow::Result<()> {
    let status = migrations::status(&config.database.url).await?;
    anyhow::ensure!(
        status.pending.is_empty(),
        "the schema is {} steps behind; run `zhilitong migrate up` first",
        status.pending.len()
    );
    let app = App::build(config, Sources::default()).await?;
    check_ground(&app).await?;
    let listen = app.config.server.listen.clone();
    let listener =
        std::net::TcpListener::bind(&listen).with_context(|| format!("server.listen: {listen} is not free"))?;
    let service = Service::start(app, listener)?;
    if let Some(greeting) = greeting {
        crate::cli::say(&greeting(&service.app.config)?)?;
    }
    tracing::info!(listen, "serving");
    stop_signal().await;
    tracing::info!("stopping");
    service.stop().await
}

/// A running service; tests run it in their own process.
pub struct Service {
    /// The house.
    pub app: Arc<App>,
    edge: web::Data<TownEdge>,
    handle: actix_web::dev::ServerHandle,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
    background: tokio::task::JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Service {
    /// Starts serving on a listener.
    ///
    /// # Errors
    /// When the listener cannot be used or the configuration is not usable.
    pub fn start(app: App, listener: std::net::TcpListener) -> anyhow::Result<Self> {
        let app = Arc::new(app);
        let stop = watch::Sender::new(false);
        let background = app.start_background(&stop.subscribe());
        let mut settings = http_settings(&app.config);
        if !app.config.server.production {
            settings.origins.extend(graphiql::origins(listener.local_addr()?));
        }
        let edge = web::Data::new(Edge::new(graphql::schema(), TownHost::new(Arc::clone(&app)), settings));
        let (shared_edge, shared_app) = (edge.clone(), web::Data::from(Arc::clone(&app)));
        let seconds = app.config.server.stop_seconds;
        let server = HttpServer::new(move || {
            Routes::new()
                .app_data(shared_edge.clone())
                .app_data(shared_app.clone())
                .wrap(from_fn(http::guard::<graphql::Schema, TownHost, _>))
                .wrap(from_fn(routes::measure))
                .configure(|routes| routes::configure(routes, &shared_app.config))
        })
        .workers(2)
        .shutdown_timeout(seconds)
        .disable_signals()
        .client_request_timeout(Duration::from_secs(5))
        .listen(listener)?
        .run();
        let handle = server.handle();
        #[expect(clippy::disallowed_methods, reason = "the composition root starts the server, and stops it below")]
        let server = tokio::spawn(server);
        Ok(Self { app, edge, handle, server, background, stop })
    }

    /// Stops: sockets are told to go elsewhere, open requests finish, then the background work ends.
    ///
    /// # Errors
    /// When the server ended badly.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.edge.leave();
        self.handle.stop(true).await;
        self.server.await??;
        self.stop.send_replace(true);
        while self.background.join_next().await.is_some() {}
        self.app.base.db.clone().close().await?;
        Ok(())
    }
}

fn http_settings(config: &Config) -> http::Config {
    http::Config {
        body_bytes: config.limits.body_bytes,
        body_within: Duration::from_secs(config.limits.body_seconds),
        execute_within: Duration::from_secs(config.limits.operation_seconds),
        origins: config.server.origins.clone(),
        trusted_proxies: config.server.trusted_proxies.clone(),
        hsts: config.server.production,
        uploads: http::UploadConfig { file_bytes: config.media.photo_bytes, ..http::UploadConfig::default() },
        ..http::Config::default()
    }
}

/// A real town does not live on synthetic ground: the staff of a demo town have published passwords.
async fn check_ground(app: &App) -> anyhow::Result<()> {
    let (server, is_demo) = (&app.config.server, areas::store::has_demo(app.base.db.reader()).await?);
    let sends_sms = app.config.auth.code_sender == CodeSender::Sms && !is_loopback(&app.config.sms.base_url);
    anyhow::ensure!(
        !(is_demo && sends_sms),
        "auth.code_sender: the database holds a demo town, whose numbers may be those of real people: it sends no SMS"
    );
    if server.production {
        anyhow::ensure!(
            !is_demo,
            "server.production: the database holds a demo town, whose passwords are published; empty it with `zhilitong \
             migrate fresh --erase DATABASE`, then `zhilitong areas import FILE.geojson`"
        );
    } else if server.listen.parse::<SocketAddr>().is_ok_and(|listen| !listen.ip().is_loopback()) {
        tracing::warn!(listen = server.listen, "server.production is false, and others can reach this address");
    }
    Ok(())
}

/// Waits for Ctrl-C or the service manager's request to stop.
async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
