//! What the reference implementations say: the `graphql-http` audits and the `graphql-ws` client, both of npm.

use std::process::{Command, Stdio};

use super::toy::{impatient, serve};
use crate::support::{Engine, Town, root};

/// Runs a script to its end, beside the server.
async fn node(script: &'static str, url: String) -> String {
    let folder = root().join("tests/node");
    assert!(folder.join("node_modules/graphql-http").is_dir(), "tests/node has no modules yet; run tests/run");
    let mut command = Command::new("node");
    command.arg(script).arg(url).current_dir(folder).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output = output.expect("node is installed; run tests/run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_product_passes_every_audit_of_graphql_over_http() {
    let town = Town::open(Engine::Embedded).await;
    let said = node("audit.mjs", format!("http://{}/graphql", town.address)).await;
    assert!(said.contains("61/61"), "{said}");
    assert_eq!(town.close().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reference_client_understands_our_sockets() {
    let mut config = impatient();
    config.execute_within = std::time::Duration::from_secs(5);
    config.socket.operations = 20;
    config.socket.init_within = std::time::Duration::from_secs(2);
    config.socket.ping_every = std::time::Duration::from_secs(25);
    let server = serve(config);
    let said = node("ws.mjs", format!("ws://{}/graphql", server.address)).await;
    assert!(said.contains("checks: 17/17"), "{said}");
}
