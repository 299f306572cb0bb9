//! The messages of `graphql-transport-ws`, and the ways a socket ends.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::http::{answer::Answer, params::Params};

/// Bytes of an operation's id that are accepted; clients send counters or UUIDs.
const ID_BYTES: usize = 128;

/// What a client says (客户端消息).
#[derive(Debug, PartialEq)]
pub(super) enum Incoming {
    /// The first message; it may carry credentials.
    Init(Option<serde_json::Map<String, Json>>),
    /// To be answered by a pong.
    Ping(Option<Json>),
    /// An answer to nothing; we ping in frames.
    Pong,
    /// Starts an operation.
    Subscribe { id: String, params: Params },
    /// Ends an operation.
    Complete { id: String },
}

#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "type")]
    kind: String,
    id: Option<Json>,
    payload: Option<Json>,
}

impl Incoming {
    /// Reads a text message.
    ///
    /// # Errors
    /// What to close the socket with: 4400.
    pub fn parse(text: &str) -> Result<Self, Ending> {
        const INVALID: Ending = Ending::code(4400, "Invalid message");
        let is_object = text.trim_start().starts_with('{');
        let frame: Frame = serde_json::from_str(text).ok().filter(|_| is_object).ok_or(INVALID)?;
        let id = match frame.id {
            Some(Json::String(id)) if (1..=ID_BYTES).contains(&id.len()) => Some(id),
            _ => None,
        };
        match (frame.kind.as_str(), id, frame.payload) {
            ("connection_init", _, None) => Ok(Self::Init(None)),
            ("connection_init", _, Some(Json::Object(payload))) => Ok(Self::Init(Some(payload))),
            ("ping", _, payload @ (None | Some(Json::Object(_)))) => Ok(Self::Ping(payload)),
            ("pong", _, None | Some(Json::Object(_))) => Ok(Self::Pong),
            ("subscribe", Some(id), Some(payload)) => match Params::from_value(payload) {
                Ok(params) => Ok(Self::Subscribe { id, params }),
                Err(_) => Err(INVALID),
            },
            ("complete", Some(id), _) => Ok(Self::Complete { id }),
            _ => Err(INVALID),
        }
    }
}

/// What we say (服务端消息).
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Outgoing<'a> {
    /// The client is identified.
    ConnectionAck,
    /// The answer to a ping.
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Json>,
    },
    /// One result.
    Next { id: &'a str, payload: &'a Answer },
    /// The operation failed before it ran, or by our fault; nothing more comes for its id.
    Error { id: &'a str, payload: &'a [async_graphql::ServerError] },
    /// Nothing more comes for this id.
    Complete { id: &'a str },
}

impl Outgoing<'_> {
    /// The text on the wire. Answers are made of JSON values, so that writing them cannot fail.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// How a socket ends (关闭方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With a close frame.
    Code(u16, &'static str),
    /// The client closed, or it is gone: nothing more can be said.
    Gone,
}

impl Ending {
    /// With a close frame of this code.
    pub const fn code(code: u16, reason: &'static str) -> Self {
        Self::Code(code, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_messages_are_refused() {
        let long = format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(129));
        for text in [
            "",
            "x",
            "null",
            "[]",
            r#"["ping"]"#,
            r#"["connection_init", null, null]"#,
            "{}",
            r#"{"type":7}"#,
            r#"{"type":"start","id":"1","payload":{"query":"{a}"}}"#,
            r#"{"type":"connection_init","payload":7}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":[]}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":7}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":"{}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":7}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"ping","payload":"x"}"#,
            r#"{"type":"ping","type":"pong"}"#,
            &long,
        ] {
            assert!(Incoming::parse(text).is_err(), "{text}");
        }
        assert_eq!(Incoming::parse(r#"{"type":"connection_init","payload":null}"#), Ok(Incoming::Init(None)));
        assert_eq!(Incoming::parse(r#" {"type":"complete","id":"1"}"#), Ok(Incoming::Complete { id: "1".to_owned() }));
    }

    #[test]
    fn messages_are_written_as_the_protocol_says() {
        assert_eq!(Outgoing::ConnectionAck.text(), r#"{"type":"connection_ack"}"#);
        assert_eq!(Outgoing::Pong { payload: None }.text(), r#"{"type":"pong"}"#);
        assert_eq!(Outgoing::Complete { id: "1" }.text(), r#"{"type":"complete","id":"1"}"#);
    }
}
