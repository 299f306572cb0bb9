//! The route table (路由表).

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{RequestHead, ServiceRequest, ServiceResponse};
use actix_web::guard::fn_guard;
use actix_web::http::header::{self, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use ipnet::IpNet;
use kernel::config::Config;
use kernel::error::Error;
use kernel::sheet::Format;
use sea_orm::ConnectionTrait as _;
use serde::Deserialize;

use crate::app::App;
use crate::serve::TownEdge;
use crate::town_host::TownHost;
use crate::{graphiql, http, metrics, relay};

/// All routes.
pub fn configure(routes: &mut web::ServiceConfig, config: &Config) {
    let watchers = config.server.metrics_from.clone();
    routes
        .service(http::resource::<graphql::Schema, TownHost>("/graphql"))
        .route("/healthz", web::get().to(healthz))
        .route("/readyz", web::get().to(readyz))
        .service(
            web::resource("/metrics")
                .guard(fn_guard(move |request| is_direct_from(&watchers, request.head())))
                .route(web::get().to(show_metrics)),
        )
        .route("/.well-known/jwks.json", web::get().to(jwks))
        .route("/media/{id}/{variant}", web::get().to(photo))
        .route("/exports/{id}", web::get().to(export))
        .route("/statistics/{id}", web::get().to(table))
        .route("/hotline-results/{id}", web::get().to(results))
        .route("/day-sheets/{center}/{on}", web::get().to(day_sheet))
        .service(
            web::resource("/calendar/{secret}.ics").route(web::get().to(calendar)).route(web::head().to(calendar)),
        );
    if !config.server.production {
        graphiql::configure(routes);
    }
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

/// Whether somebody in the networks asks, and not a proxy on behalf of who knows whom.
fn is_direct_from(networks: &[IpNet], request: &RequestHead) -> bool {
    let is_passed_on = ["X-Forwarded-For", "Forwarded"].iter().any(|name| request.headers.contains_key(*name));
    let peer = request.peer_addr.map(|peer| peer.ip().to_canonical());
    !is_passed_on && peer.is_some_and(|peer| networks.iter().any(|network| network.contains(&peer)))
}

/// Counters in the Prometheus text format.
async fn show_metrics(app: web::Data<App>) -> HttpResponse {
    let counted = metrics::Counted {
        statements: app.base.db.statements(),
        waiting: relay::waiting(&app.base).await.ok(),
        dead: identity::dead_deliveries(&app.base).await.ok(),
    };
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render(&counted))
}

/// The public key of access tokens.
async fn jwks(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "public, max-age=300")).json(app.house.identity.signer.jwks())
}

/// What a signed address carries.
#[derive(Deserialize)]
struct Signed {
    #[serde(default)]
    expires: String,
    #[serde(default)]
    signature: String,
}

/// A photo, by its signed address.
async fn photo(app: web::Data<App>, path: web::Path<(String, String)>, signed: web::Query<Signed>) -> HttpResponse {
    let (id, variant) = path.into_inner();
    match app.house.media.serve((&id, &variant), (&signed.expires, &signed.signature)).await {
        Ok(served) => HttpResponse::Ok()
            .content_type(served.content_type)
            .insert_header(("Cache-Control", if served.is_kept { "private, max-age=600" } else { "no-store" }))
            // The address is the permission: whoever has it may show the picture, on pages of other origins too.
            .insert_header(("Cross-Origin-Resource-Policy", "cross-origin"))
            .insert_header(("Content-Disposition", "attachment"))
            .body(served.bytes),
        Err(Error::NotFound) => HttpResponse::NotFound().finish(),
        Err(error) => {
            tracing::error!(?error, "a photo could not be served");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

/// A copy of a person's data, by its signed address.
async fn export(app: web::Data<App>, id: web::Path<String>, signed: web::Query<Signed>) -> HttpResponse {
    match flows::serve(&app.base, &id, (&signed.expires, &signed.signature)).await {
        Ok(copy) => HttpResponse::Ok()
            .content_type("application/json; charset=utf-8")
            .insert_header(("Cache-Control", "no-store"))
            .insert_header(("Content-Disposition", "attachment; filename=\"my-data.json\""))
            .body(copy),
        Err(Error::NotFound) => HttpResponse::NotFound().finish(),
        Err(error) => {
            tracing::error!(?error, "a copy could not be served");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

/// A table of indicators, by its signed address.
async fn table(app: web::Data<App>, id: web::Path<String>, signed: web::Query<Signed>) -> HttpResponse {
    match stats::serve(&app.base, &id, (&signed.expires, &signed.signature)).await {
        Ok((format, file)) => spreadsheet("indicators", format, file),
        Err(Error::NotFound) => HttpResponse::NotFound().finish(),
        Err(error) => {
            tracing::error!(?error, "a table could not be served");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

/// Results for the district's platform, by their signed address.
async fn results(app: web::Data<App>, id: web::Path<String>, signed: web::Query<Signed>) -> HttpResponse {
    match hotline::serve(&app.base, &id, (&signed.expires, &signed.signature)).await {
        Ok((format, file)) => spreadsheet("results", format, file),
        Err(Error::NotFound) => HttpResponse::NotFound().finish(),
        Err(error) => {
            tracing::error!(?error, "results could not be served");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

/// The sheet of a centre's day, by its signed address.
async fn day_sheet(app: web::Data<App>, path: web::Path<(String, String)>, signed: web::Query<Signed>) -> HttpResponse {
    match bookings::serve_day_sheet(&app.base, (&path.0, &path.1), (&signed.expires, &signed.signature)).await {
        Ok(file) => spreadsheet("bookings", Format::Csv, file),
        Err(Error::NotFound) => HttpResponse::NotFound().finish(),
        Err(error) => {
            tracing::error!(?error, "the sheet of a day could not be served");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

/// A calendar, by the secret of its address: whoever has it reads it, and every other address finds nothing.
async fn calendar(
    app: web::Data<App>,
    edge: web::Data<TownEdge>,
    client: web::ReqData<http::ClientInfo>,
    secret: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    if let Err(limited) = edge.host().admit_stranger(client.address).await {
        let seconds = limited.retry_after_ms.div_ceil(1_000).to_string();
        return HttpResponse::TooManyRequests().insert_header((header::RETRY_AFTER, seconds)).finish();
    }
    let (mut answer, text) = match feeds::read(&app.house.identity, &secret).await {
        Ok(text) => (HttpResponse::Ok(), text),
        Err(Error::NotFound) => return unlisted(HttpResponse::NotFound()).finish(),
        Err(error) => {
            tracing::error!(?error, "a calendar could not be served");
            return unlisted(HttpResponse::ServiceUnavailable()).finish();
        }
    };
    let tag = EntityTag::new_strong(kernel::vault::hex(&kernel::vault::sha256(text.as_bytes())[..16]));
    let is_known = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    if is_known {
        answer = HttpResponse::NotModified();
    }
    let mut answer = unlisted(answer);
    answer.insert_header(ETag(tag));
    if is_known {
        return answer.finish();
    }
    answer
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"bookings.ics\""))
        .body(text)
}

/// An answer about a secret address: kept by who asked alone, and by no search engine.
fn unlisted(mut answer: HttpResponseBuilder) -> HttpResponseBuilder {
    answer.insert_header((header::CACHE_CONTROL, "private, no-cache")).insert_header(("X-Robots-Tag", "noindex"));
    answer.insert_header((header::REFERRER_POLICY, "no-referrer"));
    answer
}

/// A file for a spreadsheet program.
fn spreadsheet(name: &str, format: Format, file: Vec<u8>) -> HttpResponse {
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    };
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("Content-Disposition", format!("attachment; filename=\"{name}.{ending}\"")))
        .body(file)
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
