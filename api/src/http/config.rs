//! The settings of the edge, each with its default.

use std::time::Duration;

use ipnet::IpNet;

use super::limits::Limits;

/// Settings of the transports (传输层设置).
#[derive(Clone, Debug)]
pub struct Config {
    /// What one document may ask for.
    pub limits: Limits,
    /// Bytes of a request body, uploads excepted.
    pub body_bytes: usize,
    /// Time for a whole request body to arrive, uploads excepted.
    pub body_within: Duration,
    /// Time for one operation, from identification to its answer.
    pub execute_within: Duration,
    /// Tokens of all parsed documents that are kept, at most; about 300 bytes each.
    pub cached_tokens: usize,
    /// Origins that browsers may call from, as `https://host[:port]`, for CORS and sockets alike. For sockets the
    /// product's own pages must be in the list too.
    pub origins: Vec<String>,
    /// Networks of our own proxies: only they may say `X-Forwarded-For` and `X-Request-Id`.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether to send `Strict-Transport-Security`; for deployments behind TLS.
    pub hsts: bool,
    /// Uploads.
    pub uploads: UploadConfig,
    /// Sockets.
    pub socket: SocketConfig,
}

/// Settings of uploads (上传设置). A file is held in memory until its operation ends: at most `at_once × file_bytes`.
#[derive(Clone, Debug)]
pub struct UploadConfig {
    /// Bytes of the file; some may send more (see `Host::file_bytes`).
    pub file_bytes: usize,
    /// Time for the whole form to arrive.
    pub within: Duration,
    /// Uploads in progress in this process; further ones are answered 503.
    pub at_once: usize,
    /// Uploads in progress of one actor (see `Host::uploader`) in this process; further ones are answered 429.
    pub at_once_each: usize,
}

/// Settings of sockets (长连接设置).
#[derive(Clone, Debug)]
pub struct SocketConfig {
    /// Sockets of this process; further ones are answered 503.
    pub sockets: usize,
    /// Sockets of one client (see `Host::client_key`) in this process; further ones are answered 429.
    pub sockets_each: usize,
    /// Time for `connection_init`, then 4408.
    pub init_within: Duration,
    /// Time between pings.
    pub ping_every: Duration,
    /// Time for any frame after a ping, then the socket is dropped.
    pub pong_within: Duration,
    /// Time between checks of the actor. With `revalidate_within` it bounds how long a revoked session lives: 5 s.
    pub revalidate_every: Duration,
    /// Time for one check; when it does not answer, the socket closes.
    pub revalidate_within: Duration,
    /// Operations that run at the same time on one socket.
    pub operations: usize,
    /// Bytes of one message, continuation frames together. Less than for HTTP: frames of one byte cost forty.
    pub message_bytes: usize,
    /// Messages that wait for a slow client, per socket; then its operations wait.
    pub queue: usize,
    /// Time for one message to be taken by a slow client, then the socket is dropped.
    pub send_within: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            body_bytes: 1024 * 1024,
            body_within: Duration::from_secs(10),
            execute_within: Duration::from_secs(5),
            cached_tokens: 100_000,
            origins: Vec::new(),
            trusted_proxies: Vec::new(),
            hsts: false,
            uploads: UploadConfig::default(),
            socket: SocketConfig::default(),
        }
    }
}

impl Default for UploadConfig {
    fn default() -> Self {
        Self { file_bytes: 10 * 1024 * 1024, within: Duration::from_secs(60), at_once: 8, at_once_each: 2 }
    }
}

impl Default for SocketConfig {
    fn default() -> Self {
        Self {
            sockets: 10_000,
            sockets_each: 50,
            init_within: Duration::from_secs(5),
            ping_every: Duration::from_secs(25),
            pong_within: Duration::from_secs(10),
            revalidate_every: Duration::from_secs(3),
            revalidate_within: Duration::from_millis(1_500),
            operations: 32,
            message_bytes: 256 * 1024,
            queue: 64,
            send_within: Duration::from_secs(10),
        }
    }
}
