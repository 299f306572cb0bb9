//! `zhilitong maintenance`: closed and opened from the command line, while it serves.

use super::{Running, at, refused, zhilitong};
use crate::support::engine::{Ground, MASTER_KEY, number};
use crate::support::{Engine, eventually, raw};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_is_closed_and_opened_from_the_command_line() {
    for engine in [Engine::Embedded, Engine::Servers] {
        let ground = Ground::seeded(engine).await;
        let said = |arguments: &[&str]| at(&ground, &[&["maintenance"], arguments].concat());
        let service = Running::start("serve", &ground).await;
        let code = async || raw::query(&*service.address, "{ areas { name } }").await.code();
        assert_eq!((code().await.as_str(), said(&["status"]).trim()), ("", "off"));

        let on = said(&["on", "--minutes", "30", "--note-zh", "升级中", "--note-en", "Upgrading."]);
        assert!(on.starts_with("on   until 20") && on.contains("升级中") && on.contains("Upgrading."), "{on}");
        assert_eq!(said(&["status"]), on);
        eventually("it is closed", async || code().await == "MAINTENANCE").await;
        let reply = raw::query(&*service.address, "{ areas { name } }").await;
        assert_eq!((reply.status, reply.json()["errors"][0]["message"].as_str()), (503, Some("升级中")));
        assert_eq!(reply.header("retry-after").as_deref(), Some("60"));

        let mut doctor = zhilitong(&["doctor"]);
        doctor.args(ground.flags()).env("ZHILITONG__SECRETS__MASTER_KEY", MASTER_KEY);
        let examined = String::from_utf8(doctor.output().unwrap().stdout).unwrap();
        assert!(examined.lines().any(|line| line.contains("maintenance") && line.contains("ON until")), "{examined}");

        // What is announced anew replaces what was, notes and all.
        assert!(!said(&["on"]).contains("升级中"));
        assert_eq!(said(&["off"]).trim(), "off");
        eventually("it is open", async || code().await.is_empty()).await;
        assert_eq!(said(&["off"]).trim(), "off", "it may be opened twice");
        let database = ground.database().await;
        let lines = "SELECT count(*) AS n FROM audit_entry WHERE action LIKE 'maintenance o%' AND outcome = 'DONE'";
        assert_eq!(number(&database, lines).await, 4);
        database.close().await.unwrap();
        assert!(at(&ground, &["audit", "verify"]).starts_with("ok"));
        drop(service);
        ground.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unusable_announcement_is_refused() {
    let ground = Ground::seeded(Engine::Embedded).await;
    let long = "长".repeat(201);
    for (arguments, named) in [
        (["--minutes", "0"], "--minutes"),
        (["--minutes", "1441"], "--minutes"),
        (["--note-zh", long.as_str()], "--note-zh"),
        (["--note-en", "two\nlines"], "--note-en"),
    ] {
        let mut command = zhilitong(&["maintenance", "on"]);
        command.args(arguments).args(ground.flags());
        let wailed = refused(command);
        assert!(wailed.contains(named), "{arguments:?}: {wailed}");
    }
    assert_eq!(at(&ground, &["maintenance", "status"]).trim(), "off");
    ground.clear().await;
}
