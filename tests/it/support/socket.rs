//! A client of `graphql-transport-ws`.

use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::PATIENCE;

/// The only subprotocol.
pub const PROTOCOL: &str = "graphql-transport-ws";

/// An open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens a socket with headers of one's own; the status when the upgrade is refused.
    pub async fn open(server: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{server}/graphql").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens a socket that has not said who it is.
    pub async fn opened(server: SocketAddr) -> Self {
        Self::open(server, &[("Sec-WebSocket-Protocol", PROTOCOL)]).await.unwrap()
    }

    /// Opens a socket and waits to be acknowledged.
    pub async fn ready(server: SocketAddr, payload: &Value) -> Self {
        let mut socket = Self::opened(server).await;
        socket.says(&json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hears().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// Sends a message.
    pub async fn says(&mut self, message: &Value) {
        self.sends(Message::text(message.to_string())).await.unwrap();
    }

    /// Sends a frame.
    pub async fn sends(&mut self, message: Message) -> Result<(), Error> {
        self.0.send(message).await
    }

    /// Starts an operation.
    pub async fn subscribes(&mut self, id: &str, query: &str) {
        self.says(&json!({ "type": "subscribe", "id": id, "payload": { "query": query } })).await;
    }

    /// Starts an operation with variables.
    pub async fn subscribes_with(&mut self, id: &str, query: &str, variables: &Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.says(&json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// All messages that come within a time.
    pub async fn hears_for(&mut self, time: std::time::Duration) -> Vec<Value> {
        let mut heard = Vec::new();
        let listens = async {
            while let Some(Ok(message)) = self.0.next().await {
                if let Message::Text(text) = message {
                    heard.push(serde_json::from_str(&text).unwrap());
                }
            }
        };
        tokio::time::timeout(time, listens).await.ok();
        heard
    }

    /// The next message.
    pub async fn hears(&mut self) -> Value {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a message in time") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("no message: {other:?}"),
            }
        }
    }

    /// Reads on until the server closes, and tells the code; 0 for a cut without a code.
    pub async fn closes(&mut self) -> u16 {
        let end = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Close(frame))) => return frame.map_or(1005, |frame| frame.code.into()),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return 0,
                }
            }
        };
        tokio::time::timeout(PATIENCE, end).await.expect("a close in time")
    }
}
