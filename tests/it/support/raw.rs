//! HTTP as bytes: a library would not let us send what attackers send.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt as _};
use tokio::net::{TcpStream, ToSocketAddrs};

use super::PATIENCE;

/// What asks for answers whose status tells how it went.
pub const GRAPHQL: &str = "application/graphql-response+json";
/// The everyday media type.
pub const JSON: &str = "application/json";

/// A reply, taken apart.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The code of the first error, or nothing.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<String> {
        let prefix = format!("{}: ", name.to_ascii_lowercase());
        let mut lines = self.head.lines();
        lines.find(|line| line.to_ascii_lowercase().starts_with(&prefix)).map(|line| line[prefix.len()..].to_owned())
    }
}

/// Sends bytes and reads the one reply.
pub async fn send(address: impl ToSocketAddrs, bytes: &[u8]) -> Reply {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let (mut reader, mut writer) = stream.into_split();
    let bytes = bytes.to_vec();
    // The server may answer and close before all is written.
    let writing = tokio::spawn(async move {
        let _ = writer.write_all(&bytes).await;
        writer
    });
    let reply = read(&mut reader).await;
    writing.abort();
    reply
}

/// As [`send`], to a server that may die meanwhile: nothing when no whole reply came.
pub async fn try_send(address: impl ToSocketAddrs, bytes: &[u8]) -> Option<Reply> {
    let (mut reader, mut writer) = TcpStream::connect(address).await.ok()?.into_split();
    writer.write_all(bytes).await.ok()?;
    let all = read_all(&mut reader).await;
    is_whole(&all).then(|| take_apart(&all))
}

/// Reads one reply, whose length its head announces.
pub async fn read(reader: &mut (impl AsyncReadExt + Unpin)) -> Reply {
    take_apart(&read_all(reader).await)
}

async fn read_all(reader: &mut (impl AsyncReadExt + Unpin)) -> Vec<u8> {
    let mut all = Vec::new();
    let whole = async {
        // On the heap: futures that hold it are moved about on small stacks.
        let mut chunk = vec![0_u8; 65_536];
        while let Ok(n @ 1..) = reader.read(&mut chunk).await {
            all.extend_from_slice(&chunk[..n]);
            if is_whole(&all) {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE * 6, whole).await.expect("an answer in time");
    all
}

fn take_apart(all: &[u8]) -> Reply {
    let text = String::from_utf8_lossy(all);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no reply: {text:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Reply { status, head: head.to_owned(), body: body.to_owned() }
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    bytes.len() - end - 4 >= length.unwrap_or(0)
}

/// The bytes of a request.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if method != "GET" {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// Fetches a path.
pub async fn get(address: impl ToSocketAddrs, path: &str) -> Reply {
    send(address, &request("GET", path, &[("Connection", "close")], b"")).await
}

/// POSTs a JSON body and asks for `accept`.
pub async fn post(address: impl ToSocketAddrs, accept: &str, body: &Value) -> Reply {
    let headers = [("Content-Type", JSON), ("Accept", accept)];
    send(address, &request("POST", "/graphql", &headers, body.to_string().as_bytes())).await
}

/// Runs GraphQL text.
pub async fn query(address: impl ToSocketAddrs, text: &str) -> Reply {
    post(address, GRAPHQL, &serde_json::json!({ "query": text })).await
}
