//! Checking in by what the screen at the door shows (peers §3; bad input: replayed codes, pictures of them, other places').

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::Role;
use serde_json::{Value, json};

use super::DANCE;
use crate::support::{Person, Town, stories};

stories![who_scans_it_there_and_then_is_let_in, a_picture_of_it_and_other_codes_let_nobody_in];

/// What the screen of a centre shows now.
async fn shown(staff: &Person, center: &str) -> (String, DateTime<Utc>) {
    let centers = staff.asks("{ centers { code doorCode { code shownUntil } } }").await.list("/centers");
    let code = &centers.iter().find(|row| row["code"] == center).expect("the centre")["doorCode"];
    (code["code"].as_str().unwrap().to_owned(), code["shownUntil"].as_str().unwrap().parse().unwrap())
}

async fn who_scans_it_there_and_then_is_let_in(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, (0, "10:00", "11:00")).await;
    let (code, until) = shown(&town.staff("center").await, "XH-01").await;
    assert!(town.now() < until && until <= town.now() + TimeDelta::seconds(15));
    let scan = json!({ "code": code });
    ann.tries_on("checkInByCode", &has, scan).await.is_refused("NOT_IN_WINDOW");
    town.later(TimeDelta::minutes(46));
    let (ann, bob, staff) = (ann.refreshed().await, bob.refreshed().await, town.staff("center").await);
    assert_eq!(ann.looks_up(&has).await["viewerActions"], json!(["CANCEL", "CHECK_IN_BY_CODE"]));
    let scan = json!({ "code": shown(&staff, "XH-01").await.0 });
    bob.tries_on("checkInByCode", &has, scan.clone()).await.is_refused("NOT_FOUND");
    staff.tries_on("checkInByCode", &has, scan.clone()).await.is_refused("FORBIDDEN");
    let used = ann.does_on("checkInByCode", &has, scan.clone()).await;
    assert_eq!(used.state, "CHECKED_IN");
    ann.tries_on("checkInByCode", &used, scan).await.is_refused("INVALID_TRANSITION");
    // Who sees the code from anywhere does not check in by it.
    let official = town.official(Role::CenterStaff, "310112008001").await;
    let own = official.books(town, &town.venue("XH-01", "多功能厅东厅").await, (0, "10:00", "11:00")).await;
    official
        .tries_on("checkInByCode", &own, json!({ "code": shown(&official, "XH-01").await.0 }))
        .await
        .is_refused("FORBIDDEN");
    let seen = town.stranger().asks("{ centers { doorCode { code } } }").await.list("/centers");
    assert!(seen.iter().all(|center| center["doorCode"] == Value::Null), "{seen:?}");
}

async fn a_picture_of_it_and_other_codes_let_nobody_in(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let has = ann.books(town, &venue, (0, "10:00", "11:00")).await;
    town.later(TimeDelta::minutes(50));
    let (ann, staff) = (ann.refreshed().await, town.staff("center").await);
    let (own, other) = (shown(&staff, "XH-01").await.0, shown(&staff, "XH-02").await.0);
    assert_ne!(own, other);
    for (code, refusal) in [
        (other.as_str(), "CODE_INCORRECT"),
        ("https://example.cn/", "CODE_INCORRECT"),
        ("000000", "CODE_INCORRECT"),
        (&own.to_lowercase(), "CODE_INCORRECT"),
        ("", "REQUIRED"),
        (&"7".repeat(65), "TOO_LONG"),
    ] {
        ann.tries_on("checkInByCode", &has, json!({ "code": code })).await.is_refused(refusal).at("code");
    }
    town.later(TimeDelta::seconds(30));
    ann.tries_on("checkInByCode", &has, json!({ "code": own })).await.is_refused("CODE_EXPIRED").at("code");
    let fresh = shown(&town.staff("center").await, "XH-01").await.0;
    assert_eq!(ann.does_on("checkInByCode", &has, json!({ "code": fresh })).await.state, "CHECKED_IN");
    // The same code lets the next one in: it says that somebody is there, not who.
    let bob = town.resident().await;
    let next = bob.books(town, &town.venue("XH-01", "多功能厅东厅").await, (0, "10:00", "11:00")).await;
    assert_eq!(bob.does_on("checkInByCode", &next, json!({ "code": fresh })).await.state, "CHECKED_IN");
}
