//! GraphQL over HTTP: which request gets which status (HTTP 入口).
//!
//! | | `application/json` | `application/graphql-response+json` |
//! | --- | --- | --- |
//! | ran, with errors of fields or without | 200 | 200 |
//! | document does not parse, validate or keep the limits | 200 | 400 |
//! | the client is too old | 200 | 400 |
//! | malformed request, too large, too slow, wrong method or type | 400 413 408 405 406 415 | the same |
//! | refused: identity, rate, maintenance, time, our fault | 401 429 503 503 500 | the same |

use std::time::Instant;

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{
        Method, StatusCode,
        header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE},
    },
    web::{Data, Payload},
};
use async_graphql::{Executor, Request, parser::types::OperationType};
use tokio::sync::SemaphorePermit;

use super::{
    ClientInfo, Denied, Edge, Host, RateLimited,
    answer::{Answer, Fault, has_run},
    body, client_version, guard,
    negotiate::{self, Body, Media},
    params::Params,
    socket,
    turns::Turn,
    uploads,
};

/// When to come back to a place that is taken: nobody knows when it will be free.
pub(super) const SOON_MS: u64 = 1_000;

/// Answers every request to the API, and opens sockets.
pub(super) async fn serve<E: Executor, H: Host>(
    edge: Data<Edge<E, H>>,
    request: HttpRequest,
    mut payload: Payload,
) -> HttpResponse {
    let client = guard::client(&edge, &request);
    if socket::is_upgrade(&request) {
        return socket::open(edge, &request, payload, client);
    }
    let Some(media) = negotiate::accepted(request.headers()) else {
        let fault = Fault::http(StatusCode::NOT_ACCEPTABLE, "Accept JSON.");
        return edge.respond_fault(Media::Json, &fault, &client);
    };
    match edge.process(&request, &mut payload, &client).await {
        Ok((answer, status)) => respond(media, if media == Media::Json { StatusCode::OK } else { status }, &answer),
        Err(fault) => edge.respond_fault(media, &fault, &client),
    }
}

impl<E: Executor, H: Host> Edge<E, H> {
    async fn process(
        &self,
        request: &HttpRequest,
        payload: &mut Payload,
        client: &ClientInfo,
    ) -> Result<(Answer, StatusCode), Fault> {
        let body = request_body(request)?;
        self.check_client(client_version::said(request.headers()).as_deref())?;
        let started = Instant::now();
        let actor = self.identified(request, client).await.map_err(|fault| self.or_closed(fault, client))?;
        let spent = started.elapsed();
        let reveal = self.host.introspection_allowed(&actor);
        // Held until the answer is made: it stands for the memory of the file.
        let _turn = match body {
            Some(Body::Multipart(_)) => {
                self.check_open(&actor, None, client)?;
                Some(self.upload_turn(&actor, client)?)
            }
            _ => None,
        };
        let plan = self.plan(self.parameters(request, payload, body, &actor).await?, reveal, client)?;
        check_kind(request.method(), plan.measure.kind)?;
        self.check_open(&actor, Some(&plan.measure), client)?;
        let within = self.config.execute_within.saturating_sub(spent);
        let response = self.run(plan, &actor, client, within).await?;
        let status = if has_run(&response) { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        Ok((self.answer(response, client, reveal), status))
    }

    async fn identified(&self, request: &HttpRequest, client: &ClientInfo) -> Result<H::Actor, Fault> {
        let mut headers = request.headers().get_all(AUTHORIZATION);
        let (first, second) = (headers.next(), headers.next());
        if second.is_some() {
            return Err(Fault::malformed("`Authorization` is given twice."));
        }
        let authorization = first.map(|value| value.to_str()).transpose();
        let authorization = authorization.map_err(|_| Fault::malformed("`Authorization` is not text."))?;
        let work = async { Ok(self.host.identify(authorization, client).await?) };
        self.guarded(work, client, self.config.execute_within).await
    }

    /// A place for the file of somebody who may send one, before a byte of it is read: slow forms of strangers take nobody's
    /// place, and one person not everybody's.
    fn upload_turn(&self, actor: &H::Actor, client: &ClientInfo) -> Result<(SemaphorePermit<'_>, Turn), Fault> {
        let key = self.host.uploader(actor, client).ok_or(Denied::Unauthenticated)?;
        let permit = self.uploads.try_acquire().map_err(|_| Fault::unavailable())?;
        let own = self.uploads_of.take(key, self.config.uploads.at_once_each);
        Ok((permit, own.ok_or(RateLimited { retry_after_ms: SOON_MS })?))
    }

    async fn parameters(
        &self,
        request: &HttpRequest,
        payload: &mut Payload,
        body: Option<Body>,
        actor: &H::Actor,
    ) -> Result<Request, Fault> {
        let params = match body {
            None => Params::from_query_string(request.query_string())?,
            Some(Body::Multipart(boundary)) => {
                let file_bytes = self.host.file_bytes(actor, self.config.uploads.file_bytes);
                return self.upload(request, payload, boundary, file_bytes).await;
            }
            Some(Body::Json) => {
                let config = &self.config;
                let bytes = body::read(payload, request.headers(), config.body_bytes, config.body_within).await?;
                Params::from_json(&bytes)?
            }
        };
        Ok(params.into_request())
    }

    pub(super) fn respond_fault(&self, media: Media, fault: &Fault, client: &ClientInfo) -> HttpResponse {
        let is_ok = media == Media::Json && fault.is_well_formed;
        let status = if is_ok { StatusCode::OK } else { fault.status };
        let mut response = HttpResponseBuilder::new(status);
        if let Some(allow) = fault.allow {
            response.insert_header((ALLOW, allow));
        }
        if let Some(ms) = fault.retry_after_ms() {
            response.insert_header((RETRY_AFTER, ms.div_ceil(1_000).to_string()));
        }
        match status {
            StatusCode::UNAUTHORIZED => response.insert_header((WWW_AUTHENTICATE, "Bearer")),
            // The rest of the body is still on its way; nobody will read it.
            StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT => response.force_close(),
            _ => &mut response,
        };
        write(response, media, &self.refuse(fault, client))
    }
}

/// The type of the body to read; `None` for GET.
fn request_body(request: &HttpRequest) -> Result<Option<Body>, Fault> {
    match *request.method() {
        Method::GET => Ok(None),
        Method::POST => {
            let body = negotiate::body(request.headers()).ok_or_else(|| {
                Fault::http(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send plain application/json or multipart/form-data.")
            })?;
            if matches!(body, Body::Multipart(_)) {
                uploads::require_preflight(request)?;
            }
            Ok(Some(body))
        }
        _ => Err(not_allowed("GET, POST", "Send GET or POST.")),
    }
}

/// GET must be safe: a link or an image of another site can send it with a visitor's rights.
fn check_kind(method: &Method, kind: OperationType) -> Result<(), Fault> {
    match kind {
        OperationType::Query => Ok(()),
        _ if *method == Method::GET => Err(not_allowed("POST", "GET runs queries only.")),
        OperationType::Mutation => Ok(()),
        OperationType::Subscription => Err(Fault::document("Subscriptions run over the socket.", Vec::new())),
    }
}

fn not_allowed(allow: &'static str, because: &'static str) -> Fault {
    Fault { allow: Some(allow), ..Fault::http(StatusCode::METHOD_NOT_ALLOWED, because) }
}

fn respond(media: Media, status: StatusCode, answer: &Answer) -> HttpResponse {
    write(HttpResponseBuilder::new(status), media, answer)
}

fn write(mut response: HttpResponseBuilder, media: Media, answer: &Answer) -> HttpResponse {
    let Ok(body) = serde_json::to_vec(answer) else {
        return HttpResponse::InternalServerError().finish();
    };
    response
        .insert_header((CONTENT_TYPE, media.content_type()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept"))
        .body(body)
}
