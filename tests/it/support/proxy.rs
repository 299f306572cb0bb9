//! A wire (电线) between the town and a server, which a story can cut.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes bytes on until it is cut; after that the port is closed.
pub struct Proxy {
    /// Where to connect instead of the server.
    pub address: SocketAddr,
    is_cut: watch::Sender<bool>,
}

impl Proxy {
    /// A wire to `server`, as `host:port`.
    pub async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, is_cut) = (listener.local_addr().unwrap(), watch::Sender::new(false));
        let (server, mut listening) = (server.to_owned(), is_cut.subscribe());
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    _ = listening.changed() => return,
                };
                let (Ok((mut client, _)), server) = (accepted, server.clone()) else { return };
                let mut passing = listening.clone();
                tokio::spawn(async move {
                    let Ok(mut server) = TcpStream::connect(server).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                        _ = passing.changed() => {}
                    }
                });
            }
        });
        Self { address, is_cut }
    }

    /// Cuts it: open connections end, new ones are refused.
    pub fn cut(&self) {
        self.is_cut.send_replace(true);
    }
}
