//! What the edge asks of the product.

use std::{future::Future, net::IpAddr};

use async_graphql::{Request, ServerError};
use kernel::version::Version;

use super::{Code, Maintenance, limits::Measure};

/// The product behind the transports (宿主).
///
/// Every future is awaited under a time limit; one that does not end is answered `UNAVAILABLE`.
pub trait Host: Send + Sync + 'static {
    /// Who asks, after identification; anonymous people are actors too.
    type Actor: Clone + Send + Sync + 'static;

    /// The oldest version of a kind of client that is served (最低客户端版本); `None` where any is. Asked before anything else.
    fn minimum_version(&self, kind: &str) -> Option<Version> {
        let _ = kind;
        None
    }

    /// Whether the product is closed for a while (系统维护). Asked before each operation, so it must cost nothing.
    fn maintenance(&self, client: &ClientInfo) -> Option<Maintenance> {
        let _ = client;
        None
    }

    /// Whether an actor passes while it is closed; `operation` is what is asked for, where that is known. Who passes must be
    /// able to sign in.
    fn passes_maintenance(&self, actor: &Self::Actor, operation: Option<&Measure>) -> bool {
        let _ = (actor, operation);
        false
    }

    /// Finds out who asks, from the `Authorization` header, or from its like in a socket's `connection_init`.
    fn identify(
        &self,
        authorization: Option<&str>,
        client: &ClientInfo,
    ) -> impl Future<Output = Result<Self::Actor, Denied>> + Send;

    /// Says whether the session of the actor of an open socket still holds. Asked every few seconds.
    fn still_valid(&self, actor: &Self::Actor) -> impl Future<Output = Result<bool, Denied>> + Send;

    /// Under which name the uploads of an actor are counted; `None` when this actor may send no file: 401, before the body is
    /// read.
    fn uploader(&self, actor: &Self::Actor, client: &ClientInfo) -> Option<String> {
        let _ = actor;
        Some(self.client_key(client))
    }

    /// Bytes of a file that this actor may send; the setting for everybody, unless the actor has other work to do.
    fn file_bytes(&self, actor: &Self::Actor, of_everybody: usize) -> usize {
        let _ = actor;
        of_everybody
    }

    /// Under which name the sockets of a client are counted.
    fn client_key(&self, client: &ClientInfo) -> String {
        client.address.to_string()
    }

    /// Counts one operation against its rate limits, before it runs.
    fn admit(
        &self,
        actor: &Self::Actor,
        client: &ClientInfo,
        operation: &Measure,
    ) -> impl Future<Output = Result<(), RateLimited>> + Send;

    /// Gives the request what its resolvers need: the actor, loaders, the language.
    fn prepare(&self, request: Request, actor: &Self::Actor, client: &ClientInfo) -> Request;

    /// Says whether this actor may see the schema, in introspection and in messages of validation.
    fn introspection_allowed(&self, actor: &Self::Actor) -> bool;

    /// Makes a fresh request id of 8 to 64 characters `[A-Za-z0-9._-]`.
    fn new_request_id(&self) -> String;

    /// Renders the message of a refusal of the edge in the client's language; `None` keeps the English one.
    fn message(&self, code: Code, client: &ClientInfo) -> Option<String> {
        let _ = (code, client);
        None
    }

    /// Takes note of an internal error before its text is hidden. `error` must not reach a client.
    fn internal_error(&self, error: &ServerError, client: &ClientInfo) {
        let _ = (error, client);
    }
}

/// Whence a request came (客户端信息).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientInfo {
    /// Address of the client; a forwarded one only when a trusted proxy says so.
    pub address: IpAddr,
    /// Id of the request or of the socket, echoed in `X-Request-Id` and in each error.
    pub request_id: String,
    /// The `Accept-Language` header, at most 200 bytes.
    pub language: Option<String>,
    /// The `User-Agent` header, at most 200 bytes.
    pub user_agent: Option<String>,
    /// How it came.
    pub transport: Transport,
}

/// The two ways to the API (传输方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// One HTTP request.
    Http,
    /// An operation on a socket.
    Socket,
}

/// Why nobody could be identified (拒绝识别).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The credentials are malformed, expired or revoked: 401, or 4403 on a socket.
    Unauthenticated,
    /// Too many attempts: 429.
    RateLimited(RateLimited),
    /// It cannot be found out now: 503, or 1013 on a socket.
    Unavailable,
}

/// Too many operations; come back later (限流).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimited {
    /// When to try again, in milliseconds from now.
    pub retry_after_ms: u64,
}
