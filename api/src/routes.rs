//! The route table (路由表).

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, web};
use kernel::config::Config;
use sea_orm::ConnectionTrait as _;

use crate::app::App;
use crate::host::TownHost;
use crate::{http, metrics};

/// All routes.
pub fn configure(routes: &mut web::ServiceConfig, config: &Config) {
    routes
        .service(http::resource::<graphql::Schema, TownHost>("/graphql"))
        .route("/healthz", web::get().to(healthz))
        .route("/readyz", web::get().to(readyz))
        .route("/metrics", web::get().to(show_metrics))
        .route("/.well-known/jwks.json", web::get().to(jwks));
    let _ = config;
}

/// The process lives.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// The node can serve: the database answers. Redis may be gone; then sign-in waits, and everything else goes on.
async fn readyz(app: web::Data<App>) -> HttpResponse {
    let is_ready = app.base.db.reader().execute_unprepared("SELECT 1").await.is_ok();
    let mut ping = redis::pipe();
    ping.cmd("PING");
    let has_redis = app.base.redis.send::<(String,)>(&ping).await.is_ok();
    let word = |is_up: bool| if is_up { "up" } else { "down" };
    let body = serde_json::json!({ "database": word(is_ready), "redis": word(has_redis) });
    if is_ready { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}

/// Counters in the Prometheus text format. Kept from the public by the proxy.
async fn show_metrics(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(metrics::render(app.base.db.statements()))
}

/// The public key of access tokens.
async fn jwks(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "public, max-age=300")).json(app.house.identity.signer.jwks())
}

/// Counts requests and measures their time.
///
/// # Errors
/// As the request itself.
pub async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let answer = next.call(request).await?;
    let route = answer.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    metrics::request(&route, answer.status().as_u16(), started.elapsed());
    Ok(answer)
}
