//! Refusals of the edge, and the errors of answers as clients see them: a code, a request id, no internal text.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use async_graphql::{Pos, Response, ServerError, Value};
use chrono::SecondsFormat;
use kernel::version::Version;
use serde::Serialize;

use super::{
    ClientInfo, Denied, Edge, Host, Maintenance, RateLimited,
    limits::{Limit, Refusal},
};

/// Codes of top-level errors that the edge itself gives (错误码). The product adds its own in its resolvers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The request, the document or its variables are malformed.
    BadRequest,
    /// A limit is crossed; `limit`, `allowed` and `found` name it.
    Limit,
    /// The credentials are not good.
    Unauthenticated,
    /// The client is too old; `minimumVersion` says what is served.
    ClientOutdated,
    /// Too often; `retryAfterMs` says when again.
    RateLimited,
    /// The product is closed for a while; `until` and `retryAfterMs` say how long.
    Maintenance,
    /// It took too long, or something that we need is down.
    Unavailable,
    /// Our own fault.
    Internal,
}

impl Code {
    /// The code on the wire, in `extensions.code`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::Limit => "LIMIT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::ClientOutdated => "CLIENT_OUTDATED",
            Self::RateLimited => "RATE_LIMITED",
            Self::Maintenance => "MAINTENANCE",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::BadRequest => "The request is malformed.",
            Self::Limit => "The request exceeds a limit.",
            Self::Unauthenticated => "Sign in again.",
            Self::ClientOutdated => "Please update the app.",
            Self::RateLimited => "Too many requests. Try again later.",
            Self::Maintenance => "The service is under maintenance. Please come back later.",
            Self::Unavailable => "The service is unavailable. Try again later.",
            Self::Internal => "Something went wrong on our side.",
        }
    }
}

/// What a refusal is about, beyond its code (拒绝详情).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// A reason in constant words, for developers.
    Because(Cow<'static, str>),
    /// A limit of the document.
    Over(Refusal),
    /// The oldest version of the client that is served.
    Outdated(Version),
    /// When to come back, in milliseconds.
    Later(u64),
    /// The product is closed.
    Closed(Maintenance),
    /// Nothing more to say.
    Plain,
}

/// A refusal of the edge (传输层拒绝), before or instead of an execution.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub code: Code,
    pub status: StatusCode,
    pub kind: FaultKind,
    pub locations: Vec<Pos>,
    /// Methods for the `Allow` header.
    pub allow: Option<&'static str>,
    /// Whether it is answered like a well-formed GraphQL request, so that `application/json` is answered 200.
    pub is_well_formed: bool,
}

impl Fault {
    fn new(code: Code, status: StatusCode, kind: FaultKind) -> Self {
        Self { code, status, kind, locations: Vec::new(), allow: None, is_well_formed: false }
    }

    /// A malformed request, refused with `status`.
    pub fn http(status: StatusCode, because: &'static str) -> Self {
        let code = if status == StatusCode::PAYLOAD_TOO_LARGE { Code::Limit } else { Code::BadRequest };
        Self::new(code, status, FaultKind::Because(because.into()))
    }

    /// A malformed request: 400.
    pub fn malformed(because: &'static str) -> Self {
        Self::http(StatusCode::BAD_REQUEST, because)
    }

    /// A well-formed request whose document cannot be run.
    pub fn document(because: impl Into<Cow<'static, str>>, locations: Vec<Pos>) -> Self {
        let kind = FaultKind::Because(because.into());
        Self { locations, is_well_formed: true, ..Self::new(Code::BadRequest, StatusCode::BAD_REQUEST, kind) }
    }

    /// A client that is too old: 400, or 200 for `application/json`, whose clients read the code in the body.
    pub fn outdated(minimum: Version) -> Self {
        let kind = FaultKind::Outdated(minimum);
        Self { is_well_formed: true, ..Self::new(Code::ClientOutdated, StatusCode::BAD_REQUEST, kind) }
    }

    /// The service cannot answer now: 503.
    pub fn unavailable() -> Self {
        Self::new(Code::Unavailable, StatusCode::SERVICE_UNAVAILABLE, FaultKind::Plain)
    }

    /// Our own fault: 500.
    pub fn internal() -> Self {
        Self::new(Code::Internal, StatusCode::INTERNAL_SERVER_ERROR, FaultKind::Plain)
    }

    /// Milliseconds after which to come back.
    pub const fn retry_after_ms(&self) -> Option<u64> {
        match &self.kind {
            FaultKind::Later(ms) => Some(*ms),
            FaultKind::Closed(closed) => Some(closed.retry_after_ms),
            _ => None,
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let kind = FaultKind::Over(refusal);
        Self { is_well_formed: true, ..Self::new(Code::Limit, StatusCode::BAD_REQUEST, kind) }
    }
}

impl From<RateLimited> for Fault {
    fn from(limited: RateLimited) -> Self {
        Self::new(Code::RateLimited, StatusCode::TOO_MANY_REQUESTS, FaultKind::Later(limited.retry_after_ms))
    }
}

impl From<Maintenance> for Fault {
    fn from(closed: Maintenance) -> Self {
        Self::new(Code::Maintenance, StatusCode::SERVICE_UNAVAILABLE, FaultKind::Closed(closed))
    }
}

impl From<Denied> for Fault {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unauthenticated => Self::new(Code::Unauthenticated, StatusCode::UNAUTHORIZED, FaultKind::Plain),
            Denied::RateLimited(limited) => limited.into(),
            Denied::Unavailable => Self::unavailable(),
        }
    }
}

/// An answer in the shape of the wire (应答): `data` is absent when the operation did not run.
#[derive(Serialize)]
pub(super) struct Answer {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ServerError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub extensions: std::collections::BTreeMap<String, Value>,
}

impl<E, H: Host> Edge<E, H> {
    /// Turns a refusal into an answer.
    pub(super) fn refuse(&self, fault: &Fault, client: &ClientInfo) -> Answer {
        let mut error = ServerError::new(self.words(fault, client), None);
        error.locations.clone_from(&fault.locations);
        let values = error.extensions.get_or_insert_default();
        values.set("code", fault.code.as_str());
        values.set("requestId", client.request_id.as_str());
        match &fault.kind {
            FaultKind::Over(refusal) => {
                values.set("limit", refusal.limit.as_str());
                values.set("allowed", refusal.allowed);
                values.set("found", refusal.found);
            }
            FaultKind::Outdated(minimum) => values.set("minimumVersion", minimum.to_string()),
            FaultKind::Later(ms) => values.set("retryAfterMs", *ms),
            FaultKind::Closed(closed) => {
                values.set("retryAfterMs", closed.retry_after_ms);
                values.set("until", closed.until.to_rfc3339_opts(SecondsFormat::Secs, true));
            }
            FaultKind::Because(_) | FaultKind::Plain => {}
        }
        Answer { errors: vec![error], data: None, extensions: Default::default() }
    }

    fn words(&self, fault: &Fault, client: &ClientInfo) -> String {
        match &fault.kind {
            FaultKind::Because(text) => text.clone().into_owned(),
            FaultKind::Over(refusal) => refusal.to_string(),
            FaultKind::Closed(Maintenance { note: Some(note), .. }) => note.clone(),
            FaultKind::Outdated(_) | FaultKind::Later(_) | FaultKind::Closed(_) | FaultKind::Plain => {
                self.message(fault.code, client)
            }
        }
    }

    fn message(&self, code: Code, client: &ClientInfo) -> String {
        self.host.message(code, client).unwrap_or_else(|| code.message().to_owned())
    }

    /// Gives each error of a response its code and id, hides internal text, and cuts the list. `reveal` says whether the
    /// client may see names of the schema.
    pub(super) fn answer(&self, response: Response, client: &ClientInfo, reveal: bool) -> Answer {
        let ran = has_run(&response);
        let Response { mut errors, data, extensions, .. } = response;
        let total = errors.len();
        errors.truncate(self.config.limits.errors);
        for error in &mut errors {
            self.finish(error, client, ran, reveal);
        }
        if let Some(last) = errors.last_mut().filter(|_| total > self.config.limits.errors) {
            let wide = u64::try_from(total).unwrap_or(u64::MAX);
            last.extensions.get_or_insert_default().set(Limit::Errors.as_str(), wide);
        }
        Answer { errors, data: ran.then_some(data), extensions }
    }

    fn finish(&self, error: &mut ServerError, client: &ClientInfo, ran: bool, reveal: bool) {
        let coded =
            error.extensions.as_ref().is_some_and(|values| matches!(values.get("code"), Some(Value::String(_))));
        if !coded {
            let code = if !ran || is_input_error(error) { Code::BadRequest } else { Code::Internal };
            if code == Code::Internal {
                self.host.internal_error(error, client);
                error.message = self.message(code, client);
                error.extensions = None;
            } else {
                error.message = public_message(&error.message, reveal);
            }
            error.extensions.get_or_insert_default().set("code", code.as_str());
        }
        error.extensions.get_or_insert_default().set("requestId", client.request_id.as_str());
    }
}

/// Whether the operation ran. Errors of an execution carry the path of their field; those of validation do not.
pub(super) fn has_run(response: &Response) -> bool {
    !matches!(response.data, Value::Null) || response.errors.iter().any(|error| !error.path.is_empty())
}

/// Whether a resolver's argument could not be read, which is the client's fault. The executor has no code for it.
fn is_input_error(error: &ServerError) -> bool {
    error.source.is_none()
        && (error.message.starts_with("Failed to parse \"") || error.message.starts_with("Expected input type \""))
}

/// A message of validation: whole without guesses, or nothing about the schema at all. Long values are cut.
fn public_message(message: &str, reveal: bool) -> String {
    const LONGEST: usize = 300;
    if !reveal {
        return "The operation is not valid.".to_owned();
    }
    let message = message.split(" Did you mean").next().unwrap_or_default();
    message.chars().take(LONGEST).collect()
}
