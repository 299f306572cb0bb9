//! A third party on this machine (第三方): a small HTTP server whose answers a story decides.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What was asked of it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    /// Of the address; percent signs are left as they are.
    pub query: BTreeMap<String, String>,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

/// What it says instead of what it should.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// A status of its own.
    Status(u16),
    /// Nothing, for longer than anybody waits.
    Silence,
    /// The connection ends without a word.
    HangUp,
    /// Something else than JSON.
    Words(&'static str),
    /// This JSON.
    Json(serde_json::Value),
}

/// The server: what it was asked, and the troubles to come, one per call.
#[derive(Clone)]
pub struct Remote {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    troubles: Arc<Mutex<VecDeque<(String, Trouble)>>>,
}

impl Remote {
    /// Starts it; `answer` says what is right to say, with which content type.
    pub fn start(answer: impl Fn(&Asked) -> (&'static str, String) + Send + Sync + 'static) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener for the runtime");
        let remote = Self {
            address: listener.local_addr().expect("an address"),
            asked: Arc::default(),
            troubles: Arc::default(),
        };
        let (listener, answer) = (tokio::net::TcpListener::from_std(listener).expect("a listener"), Arc::new(answer));
        let serving = remote.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (serving, answer) = (serving.clone(), Arc::clone(&answer));
                tokio::spawn(async move { serving.converse(stream, &*answer).await });
            }
        });
        remote
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked for on a path, oldest first.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.path == path).cloned().collect()
    }

    /// The next calls to a path go wrong so often.
    pub fn has_trouble(&self, path: &str, trouble: &Trouble, times: usize) {
        let mut troubles = self.troubles.lock().unwrap();
        troubles.extend((0..times).map(|_| (path.to_owned(), trouble.clone())));
    }

    /// All is well again.
    pub fn recovers(&self) {
        self.troubles.lock().unwrap().clear();
    }

    fn next_trouble(&self, path: &str) -> Option<Trouble> {
        let mut troubles = self.troubles.lock().unwrap();
        let at = troubles.iter().position(|(on, _)| on == path)?;
        troubles.remove(at).map(|(_, trouble)| trouble)
    }

    async fn converse(&self, mut stream: TcpStream, answer: &(impl Fn(&Asked) -> (&'static str, String) + Sync)) {
        let Some(asked) = read(&mut stream).await else { return };
        self.asked.lock().unwrap().push(asked.clone());
        let (status, kind, body) = match self.next_trouble(&asked.path) {
            None => {
                let (kind, body) = answer(&asked);
                (200, kind, body)
            }
            Some(Trouble::Status(status)) => (status, "text/html", "<h1>Bad Gateway</h1>".to_owned()),
            Some(Trouble::Silence) => {
                // Until whoever asked gives up.
                let _ = tokio::time::timeout(Duration::from_secs(30), stream.read(&mut [0; 1])).await;
                return;
            }
            Some(Trouble::HangUp) => return,
            Some(Trouble::Words(words)) => (200, "application/json", words.to_owned()),
            Some(Trouble::Json(json)) => (200, "application/json", json.to_string()),
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let (mut bytes, mut chunk) = (Vec::new(), [0_u8; 4096]);
    loop {
        let length = stream.read(&mut chunk).await.ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&chunk[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        if body.len() < headers.get("content-length").map_or(0, |length| length.parse().unwrap()) {
            continue;
        }
        let (method, target) = (first.next()?.to_owned(), first.next()?);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = query.split('&').filter_map(|pair| pair.split_once('='));
        let query = query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        return Some(Asked { method, path: path.to_owned(), query, headers, body: body.to_owned() });
    }
}
