//! Sockets that speak `graphql-transport-ws` (长连接), and nothing else.
//!
//! ```text
//! opened --connection_init--> acknowledged --subscribe--> operation --next*--> complete | error
//!   │ 4408 no init in time        │ 4429 second init          │ 4409 id in use
//!   │ 4401 subscribe              │ 4403 session revoked      │ complete from the client
//!   │ 4403 not identified         └ dropped: no pong          └ bounded queue: waits for a slow client
//!   └ 4426 client outdated (what is served, an HTTP request is told)
//! anything malformed, unknown or binary: 4400 · too large: 1009 · the server stops: 1001 · cannot say who: 1013 ·
//! maintenance: 1012, at the first message, at the next subscription, or at the next check of the actor
//! ```

mod connection;
mod message;
mod operation;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL, UPGRADE},
    },
    rt,
    web::{Data, Payload},
};
use async_graphql::Executor;

use self::{
    connection::{Connection, Upgrade},
    message::Ending,
};
use super::{
    ClientInfo, Edge, Host, RateLimited, Transport, answer::Fault, client_version, graphql::SOON_MS, guard,
    negotiate::Media,
};

/// The only subprotocol.
const PROTOCOL: &str = "graphql-transport-ws";

/// Whether a request wants to become a socket.
pub(super) fn is_upgrade(request: &HttpRequest) -> bool {
    let upgrade = request.headers().get(UPGRADE).and_then(|value| value.to_str().ok());
    *request.method() == Method::GET && upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Opens a socket, or refuses it before the upgrade: 403 for a foreign origin, 503 for one too many, 429 for one too many of one client.
///
/// A wrong subprotocol is refused after the upgrade, with 4406, since browsers show no status of a failed one.
pub(super) fn open<E: Executor, H: Host>(
    edge: Data<Edge<E, H>>,
    request: &HttpRequest,
    payload: Payload,
    client: ClientInfo,
) -> HttpResponse {
    if !guard::may_connect(&edge.config, request.headers()) {
        let fault = Fault::http(StatusCode::FORBIDDEN, "This origin may not connect.");
        return edge.respond_fault(Media::Json, &fault, &client);
    }
    let Ok(permit) = edge.sockets.clone().try_acquire_owned() else {
        return edge.respond_fault(Media::Json, &Fault::unavailable(), &client);
    };
    let Some(turn) = edge.sockets_of.take(edge.host.client_key(&client), edge.config.socket.sockets_each) else {
        let limited = RateLimited { retry_after_ms: SOON_MS };
        return edge.respond_fault(Media::Json, &limited.into(), &client);
    };
    let (response, session, stream) = match actix_ws::handle_with_protocols(request, payload, &[PROTOCOL]) {
        Ok(parts) => parts,
        Err(error) => return error.error_response(),
    };
    let is_spoken = response.headers().contains_key(SEC_WEBSOCKET_PROTOCOL);
    let authorization = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let upgrade = Upgrade { authorization, client_version: client_version::said(request.headers()) };
    let client = ClientInfo { transport: Transport::Socket, ..client };
    let bytes = edge.config.socket.message_bytes;
    let stream = stream.max_frame_size(bytes).aggregate_continuations().max_continuation_size(bytes);
    rt::spawn(async move {
        let _places = (permit, turn);
        if is_spoken {
            Connection::new(edge, client, upgrade, session).serve(stream).await;
        } else {
            connection::close(session, stream, Ending::code(4406, "Subprotocol not acceptable")).await;
        }
    });
    response
}
