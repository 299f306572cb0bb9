//! What the desk has besides the list of bookings: the code that people show, the sheet of the day, and how the house is used.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Booked, DANCE, at};
use crate::support::{Person, Town, raw, stories};

stories![
    a_code_that_is_shown_is_looked_up,
    the_sheet_of_a_day_says_who_has_what_and_names_nobody,
    how_the_house_is_used_is_counted,
    the_desk_is_for_who_works_there,
];

impl Person {
    /// A field of the first centre.
    async fn at_the_desk(&self, field: &str) -> Value {
        let centers = self.asks(&format!("{{ centers {{ code {field} }} }}")).await.list("/centers");
        centers.into_iter().find(|center| center["code"] == "XH-01").expect("the centre")
    }
}

async fn a_code_that_is_shown_is_looked_up(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    let has = ann.books(town, &venue, (1, "09:00", "10:00")).await;
    let text = "query($id: ID!) { node(id: $id) { ... on Booking { code codeSvg } } }";
    let shown = ann.says(text, &json!({ "id": has.id })).await.get("/node").clone();
    let (code, svg) = (shown["code"].as_str().unwrap(), shown["codeSvg"].as_str().unwrap());
    assert!(svg.starts_with("<?xml") && svg.contains("<svg") && svg.len() < 20_000, "{svg}");
    for typed in [code.to_owned(), format!(" {} ", code.to_lowercase())] {
        let found = staff.at_the_desk(&format!("bookingByCode(code: \"{typed}\") {{ id state }}")).await;
        assert_eq!(found["bookingByCode"], json!({ "id": has.id, "state": "CONFIRMED" }));
    }
    for typed in ["", "22222222", "长长长长长长长长", "' OR 1=1"] {
        let found = staff.at_the_desk(&format!("bookingByCode(code: \"{typed}\") {{ id }}")).await;
        assert_eq!(found["bookingByCode"], Value::Null, "{typed}");
    }
    // Another centre knows nothing of it.
    let text = format!("{{ centers {{ code bookingByCode(code: \"{code}\") {{ id }} }} }}");
    let centers = staff.asks(&text).await.list("/centers");
    assert_eq!(centers.iter().filter(|center| !center["bookingByCode"].is_null()).count(), 1);
    let door = staff.at_the_desk("doorCode { code svg }").await;
    assert!(door["doorCode"]["svg"].as_str().unwrap().contains("<svg"), "{door}");
}

async fn the_sheet_of_a_day_says_who_has_what_and_names_nobody(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob, staff) = (town.resident().await, town.resident().await, town.staff("center").await);
    let group = json!({ "groupName": "=夕阳红,合唱队", "purpose": "排练" });
    let has = Booked::of(&ann.tries_to_book(town, &venue, (1, "09:00", "10:00"), group).await);
    let gone = bob.books(town, &venue, (1, "14:00", "15:00")).await;
    bob.does_on("cancelBooking", &gone, json!({})).await;
    bob.waits_for(town, &venue, (1, "09:00", "10:00")).await;
    let address = staff.at_the_desk("daySheet(on: \"2026-11-24\") { url expiresAt }").await["daySheet"].clone();
    let url = address["url"].as_str().unwrap();
    let file = raw::get(town.address, url).await;
    assert_eq!((file.status, file.header("content-type").as_deref()), (200, Some("text/csv; charset=utf-8")));
    assert_eq!(file.header("content-disposition").as_deref(), Some("attachment; filename=\"bookings.csv\""));
    assert_eq!(file.header("cache-control").as_deref(), Some("no-store"));
    let text = "query($id: ID!) { node(id: $id) { ... on Booking { code } } }";
    let code = ann.says(text, &json!({ "id": has.id })).await.text("/node/code");
    let lines: Vec<&str> = file.body.trim_start_matches('\u{feff}').split("\r\n").collect();
    let row = format!("09:00,10:00,{DANCE},,{code},已预约,\"'=夕阳红,合唱队\",6,排练,,");
    assert_eq!(lines, ["开始,结束,场地,服务,预约码,状态,团体,人数,用途,回答,签到", row.as_str(), ""]);
    for wrong in
        [format!("{url}x"), url.replace("11-24", "11-25"), url.replace("ctr_", "ven_"), url.replace("=1", "=2")]
    {
        assert_eq!(raw::get(town.address, &wrong).await.status, 404, "{wrong}");
    }
    for far in ["9999-12-31", "-9999-01-01"] {
        let far = staff.at_the_desk(&format!("daySheet(on: \"{far}\") {{ url }}")).await;
        let nothing = raw::get(town.address, far["daySheet"]["url"].as_str().unwrap()).await;
        assert_eq!((nothing.status, nothing.body.matches("\r\n").count()), (200, 1), "of which nothing is known");
    }
    town.later(TimeDelta::minutes(10));
    assert_eq!(raw::get(town.address, url).await.status, 404, "its time is over");
}

async fn how_the_house_is_used_is_counted(town: &Town) {
    const USAGE: &str = "usage(from: \"FROM\", to: \"2026-11-27\") { used noShows noShowRateBp cancelled lateCancellations calledOff \
                         occupancyBp hours { hour openMinutes bookedMinutes occupancyBp } }";
    let week = USAGE.replace("FROM", "2026-11-23");
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob, staff) = (town.resident().await, town.resident().await, town.staff("center").await);
    let before = staff.at_the_desk(&week).await["usage"].clone();
    assert_eq!(
        (&before["used"], &before["noShowRateBp"], &before["occupancyBp"]),
        (&json!(0), &Value::Null, &json!(0))
    );
    let has = ann.books(town, &venue, (0, "10:00", "11:30")).await;
    bob.books(town, &venue, (0, "12:00", "13:00")).await;
    let gone = bob.books(town, &venue, (1, "14:00", "15:00")).await;
    bob.does_on("cancelBooking", &gone, json!({})).await;
    // Who only waits and gives up had nothing.
    let waits = town.resident().await;
    let waiting = waits.waits_for(town, &venue, (0, "10:00", "11:30")).await;
    waits.does_on("cancelBooking", &waiting, json!({})).await;
    bob.books(town, &venue, (2, "15:00", "16:00")).await;
    town.later(at(town, 0, "10:00") - town.now());
    let staff = town.staff("center").await;
    let now = staff.sees_again(&has).await;
    staff.does_on("checkInBooking", &now, json!({})).await;
    town.later(TimeDelta::minutes(50));
    let ann = ann.refreshed().await;
    ann.does_on("endBooking", &ann.sees_again(&has).await, json!({})).await;
    town.later(at(town, 0, "12:16") - town.now());
    town.strikes().await;
    let staff = town.staff("center").await;
    let usage = staff.at_the_desk(&week).await["usage"].clone();
    let counted = |name: &str| usage[name].as_i64().unwrap();
    assert_eq!((counted("used"), counted("noShows"), counted("noShowRateBp")), (1, 1, 5_000));
    assert_eq!((counted("cancelled"), counted("lateCancellations"), counted("calledOff")), (1, 0, 0));
    // An hour of the one who left at ten to eleven, and the one that is ahead; who did not come had nothing.
    let hours = usage["hours"].as_array().unwrap();
    let had: Vec<(i64, i64)> = hours
        .iter()
        .map(|hour| (hour["hour"].as_i64().unwrap(), hour["bookedMinutes"].as_i64().unwrap()))
        .filter(|(_, minutes)| *minutes > 0)
        .collect();
    assert_eq!(had, [(10, 60), (15, 60)]);
    let open: i64 = hours.iter().map(|hour| hour["openMinutes"].as_i64().unwrap()).sum();
    let expected = (120 * 10_000 + open / 2) / open;
    assert_eq!(counted("occupancyBp"), expected);
    // Five days, each with the same hours.
    let one = staff.at_the_desk(&USAGE.replace("FROM", "2026-11-27")).await["usage"].clone();
    let sum = |usage: &Value| {
        usage["hours"].as_array().unwrap().iter().map(|hour| hour["openMinutes"].as_i64().unwrap()).sum::<i64>()
    };
    assert_eq!(sum(&usage), 5 * sum(&one));
    for (from, to) in [
        ("2026-10-27", "2026-11-27"),
        ("2026-11-28", "2026-11-27"),
        ("-9999-01-01", "2026-11-27"),
        ("-9999-01-01", "-9999-01-01"),
    ] {
        let text = format!("{{ centers {{ {} }} }}", USAGE.replace("2026-11-27", to).replace("FROM", from));
        assert_eq!(staff.asks(&text).await.codes()[0], "BAD_REQUEST", "{from}");
    }
}

async fn the_desk_is_for_who_works_there(town: &Town) {
    let fields = "bookingByCode(code: \"22222222\") { id } daySheet(on: \"2026-11-24\") { url } \
                  usage(from: \"2026-11-23\", to: \"2026-11-24\") { used } doorCode { svg }";
    let nothing = json!({ "code": "XH-01", "bookingByCode": null, "daySheet": null, "usage": null, "doorCode": null });
    for person in [town.stranger(), town.resident().await, town.staff("dispatcher").await, town.staff("admin").await] {
        assert_eq!(person.at_the_desk(fields).await, nothing);
    }
}
