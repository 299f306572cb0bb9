//! The Redis inside the process and a real one, held to the same expectations.

mod conformance;

use std::process::{Child, Command, Stdio};

use kernel::redis::EmbeddedRedis;
use tokio::net::UnixStream;

use crate::support::eventually;

#[tokio::test]
async fn the_embedded_redis_does_what_the_product_expects() {
    let server = EmbeddedRedis::new();
    conformance::run(async || server.connect()).await.unwrap();
}

#[tokio::test]
async fn a_real_redis_does_what_the_product_expects() {
    let server = Server::start().await;
    conformance::run(async || UnixStream::connect(&server.socket).await.unwrap()).await.unwrap();
}

/// A Redis of our own: the suite empties it.
struct Server {
    process: Child,
    socket: std::path::PathBuf,
}

impl Server {
    async fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("zlt-it-redis-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let socket = folder.join("redis.sock");
        let mut command = Command::new("redis-server");
        command.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]).arg(&socket);
        let process = command.current_dir(folder).stdout(Stdio::null()).spawn();
        let process = process.expect("redis-server is installed; run tests/run");
        let server = Self { process, socket };
        eventually("Redis starts", async || UnixStream::connect(&server.socket).await.is_ok()).await;
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(self.socket.parent().unwrap());
    }
}
