//! Files that come in: each order once, whatever is wrong with others.

use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use super::{HEADING, STREET, cases, file, order, withdrawal};
use crate::support::case::new_key;
use crate::support::{Crew, Town, eventually, stories};

stories![
    an_order_comes_in_once_and_walks_on_as_any_case,
    good_rows_come_in_and_bad_ones_are_told,
    a_dry_run_writes_nothing_and_tells_the_same,
    a_file_in_gb18030_and_a_workbooks_dates_come_in,
    what_is_no_file_of_orders_is_refused,
    two_who_bring_one_file_at_once_bring_it_once,
    cut_off_an_import_goes_on_where_it_was,
    eight_hundred_rows_take_few_statements,
    who_may_not_dispatch_imports_nothing,
];

async fn an_order_comes_in_once_and_walks_on_as_any_case(town: &Town) {
    let crew = Crew::of(town);
    let dispatcher = crew.who("dispatcher").await;
    let lines = file(&[order("SH1"), order("SH2")]);
    let (id, counts) = dispatcher.imports(&lines).await;
    assert_eq!(counts, [2, 0, 0, 0]);
    let (_, counts) = dispatcher.imports(&lines).await;
    assert_eq!((counts, cases(town).await), ([0, 2, 0, 0], 2));
    let case = dispatcher.case_of(&id, 0).await;
    let shown = "state channel source kind category { code } description address onBehalfOfName contactPhone isAnonymous \
                 dueAt origin { externalNo externalDueAt occurredAt deviceEventCount }";
    let seen = dispatcher.sees(&case, shown).await;
    assert_eq!(seen["channel"], "HOTLINE_12345");
    assert_eq!((&seen["source"], &seen["kind"]), (&json!("HOTLINE"), &json!("COMPLAINT")));
    assert_eq!(seen["category"]["code"], "PROPERTY.REPAIR");
    assert_eq!((&seen["onBehalfOfName"], &seen["contactPhone"]), (&json!("张三"), &json!("138****8000")));
    assert_eq!(seen["description"], "门禁\n单元门禁坏了一周没人修");
    let origin = json!({ "externalNo": "SH1", "externalDueAt": null, "occurredAt": "2026-11-20T02:00:00Z", "deviceEventCount": null });
    assert_eq!(seen["origin"].to_string().replace("+00:00", "Z"), origin.to_string());
    let case = crew.takes(&case, "property", "VERIFIED").await;
    let answered = json!({ "solved": "YES", "satisfaction": 5, "comment": null });
    let case = crew.who("callback").await.moves("recordCallback", &case, answered).await;
    assert_eq!(case.state, "CLOSED");
    let sealed = "SELECT count(*) AS n FROM service_request WHERE description LIKE '%13800138000%'";
    assert_eq!(town.number(sealed).await, 0);
    assert_eq!(town.number("SELECT count(*) AS n FROM hotline_import WHERE content_sealed IS NOT NULL").await, 0);
}

async fn good_rows_come_in_and_bad_ones_are_told(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    let lines = [
        order("SH1"),
        order("=cmd|' /C calc'!A0"),
        order("SH3").replace("13800138000", "12345"),
        order("SH4").replace("2026-11-20 10:00", "2027-01-01 10:00"),
        order("SH5").replace("2026-11-20 10:00", "2026-08-01 10:00"),
        order("SH6").replace("投诉", "骂人").replace("2026-11-20 10:00", "昨天"),
        order("SH7").replace("单元门禁坏了一周没人修", &"长".repeat(2_001)),
        order("SH8").replace("门禁坏", "门\u{0}禁坏"),
        order("SH1"),
        order("SH1").replace("张三", "李四"),
        withdrawal("SH404", "派错了"),
        order("SH9").replace("张三,13800138000", ",").replace("房屋与设施维修", "没有这一类"),
        order("SH10").replace("门禁坏了", "=HYPERLINK(1)"),
        ",张三,,,,,,,,".to_owned(),
    ];
    let (id, counts) = dispatcher.imports(&file(&lines)).await;
    assert_eq!((counts, cases(town).await), ([3, 1, 0, 10], 3));
    let problems = dispatcher.problems(&id).await;
    let expected = [
        (3, "NUMBER NUMBER"),
        (4, "PHONE PHONE"),
        (5, "RECEIVED_AT FUTURE"),
        (6, "RECEIVED_AT TOO_OLD"),
        (7, "KIND KIND, RECEIVED_AT TIME"),
        (8, "CONTENT TOO_LONG"),
        (9, "CONTENT CHARACTERS"),
        (11, "NUMBER CHANGED"),
        (12, "NUMBER NOT_THERE"),
        (15, "NUMBER REQUIRED"),
    ];
    assert_eq!(problems, expected.map(|(row, told)| (row, told.to_owned())));
    // Who gave neither name nor number is nobody; what fits no category a dispatcher classifies.
    let shown = "importRows(first: 10, outcome: CREATED) { nodes { row externalNo serviceRequest { isAnonymous category { code } } } }";
    let seen = dispatcher.import(&id, shown).await;
    let nobody = &seen["importRows"]["nodes"][1];
    assert_eq!((&nobody["row"], &nobody["serviceRequest"]["isAnonymous"]), (&json!(13), &json!(true)));
    assert_eq!(nobody["serviceRequest"]["category"]["code"], "OTHER.GENERAL");
    // Mended, the same file comes in; what was there is known, and what says otherwise is refused still.
    let mended: Vec<String> =
        lines.iter().map(|line| line.replace("骂人", "咨询").replace("昨天", "2026-11-21 09:00")).collect();
    let (_, counts) = dispatcher.imports(&file(&mended)).await;
    assert_eq!(counts, [1, 4, 0, 9]);
}

async fn a_dry_run_writes_nothing_and_tells_the_same(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    let lines = file(&[
        order("SH1"),
        order("SH1"),
        order("SH2").replace("投诉", "?"),
        withdrawal("SH1", "重复"),
        withdrawal("SH3", "x"),
    ]);
    let tried = dispatcher.tries_to_import(&lines, json!({ "isDryRun": true })).await;
    let id = tried.text("/importHotlineOrders/hotlineImport/id");
    assert_eq!((dispatcher.is_imported(&id).await, cases(town).await), ([1, 1, 1, 2], 0));
    let problems = dispatcher.problems(&id).await;
    assert_eq!(problems, [(4, "KIND KIND".to_owned()), (6, "NUMBER NOT_THERE".to_owned())]);
    let (id, counts) = dispatcher.imports(&lines).await;
    assert_eq!((counts, cases(town).await), ([1, 1, 1, 2], 1));
    assert_eq!(dispatcher.case_of(&id, 0).await.state, "WITHDRAWN");
}

async fn a_file_in_gb18030_and_a_workbooks_dates_come_in(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    // 工单编号,诉求类型,受理时间,内容 / 投诉 / 门禁坏了
    let head = b"\xb9\xa4\xb5\xa5\xb1\xe0\xba\xc5,\xcb\xdf\xc7\xf3\xc0\xe0\xd0\xcd,\xca\xdc\xc0\xed\xca\xb1\xbc\xe4,\xc4\xda\xc8\xdd\r\n";
    let row = b"SH1,\xcd\xb6\xcb\xdf,46346.5,\xc3\xc5\xbd\xfb\xbb\xb5\xc1\xcb\r\n";
    let (id, counts) = dispatcher.imports(&[&head[..], &row[..]].concat()).await;
    assert_eq!(counts, [1, 0, 0, 0]);
    let case = dispatcher.case_of(&id, 0).await;
    let seen = dispatcher.sees(&case, "description origin { occurredAt } area { code }").await;
    assert_eq!(seen["description"], "门禁坏了");
    assert_eq!(seen["area"]["code"], STREET, "nobody said where: the street");
    assert!(seen["origin"]["occurredAt"].as_str().unwrap().starts_with("2026-11-20T04:00:00"), "{seen}");
}

async fn what_is_no_file_of_orders_is_refused(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    let utf16: Vec<u8> = format!("\u{feff}{HEADING}\nSH1").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bad: [&[u8]; 6] = [b"", b"a,b\n1,2\n", HEADING.as_bytes(), &utf16, b"PK\x03\x04...", &[0xff; 100]];
    for bytes in bad {
        let refused = dispatcher.tries_to_import(bytes, json!({})).await;
        refused.is_refused("INVALID").at("file");
    }
    let placed = format!("{HEADING},经度,纬度\n{},121.32,31.195\n", order("SH1"));
    dispatcher.tries_to_import(placed.as_bytes(), json!({})).await.is_refused("REQUIRED").at("datum");
    let unknown = json!({ "areaCode": "310112008001" });
    dispatcher.tries_to_import(&file(&[order("SH1")]), unknown).await.is_refused("INVALID").at("areaCode");
    assert_eq!(town.number("SELECT count(*) AS n FROM hotline_import").await, 0);
    let tried = dispatcher.tries_to_import(placed.as_bytes(), json!({ "datum": "WGS84" })).await;
    let id = tried.text("/importHotlineOrders/hotlineImport/id");
    assert_eq!(dispatcher.is_imported(&id).await, [1, 0, 0, 0]);
    let case = dispatcher.case_of(&id, 0).await;
    let seen = dispatcher.sees(&case, "area { code } location(datum: WGS84) { longitude }").await;
    assert!(seen["area"]["code"].as_str().unwrap().len() > STREET.len(), "{seen}");
}

async fn two_who_bring_one_file_at_once_bring_it_once(town: &Town) {
    let (dispatcher, chief) = (town.staff("dispatcher").await, town.staff("chief").await);
    let lines: Vec<String> = (0..250).map(|number| order(&format!("SH{number}"))).collect();
    let lines = file(&lines);
    let key = json!({ "idempotencyKey": new_key() });
    let (one, same, other) = futures_util::join!(
        dispatcher.tries_to_import(&lines, key.clone()),
        dispatcher.tries_to_import(&lines, key),
        chief.tries_to_import(&lines, json!({})),
    );
    let ids = [&one, &same, &other].map(|answer| answer.text("/importHotlineOrders/hotlineImport/id"));
    assert_eq!(ids[0], ids[1]);
    let replays = [&one, &same].map(|answer| answer.get("/importHotlineOrders/isReplay").as_bool().unwrap());
    assert_eq!(replays.iter().filter(|replay| **replay).count(), 1);
    let counts = [dispatcher.is_imported(&ids[0]).await, chief.is_imported(&ids[2]).await];
    assert_eq!((counts[0][0] + counts[1][0], counts[0][1] + counts[1][1]), (250, 250), "{counts:?}");
    assert_eq!(cases(town).await, 250);
}

async fn cut_off_an_import_goes_on_where_it_was(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    let base = town.base();
    another_node_holds_the_lease(town).await;
    let mut lines: Vec<String> = (0..450).map(|number| order(&format!("SH{number}"))).collect();
    lines.push(order("SH0"));
    let tried = dispatcher.tries_to_import(&file(&lines), json!({})).await;
    let id = tried.text("/importHotlineOrders/hotlineImport/id");
    let house = &town.app().house.town();
    let mut job = ::hotline::next_job(base, house).await.unwrap().unwrap().unwrap();
    let some = job.some(base).unwrap();
    let system = kernel::actor::Actor::System;
    base.write(&system, &some, |tx, some| Box::pin(::hotline::enter(tx, some))).await.unwrap();
    // Cut off here: what was read but not entered is lost, and the same rows are not entered twice.
    let _lost = job.some(base).unwrap();
    let twice = base.write(&system, &some, |tx, some| Box::pin(::hotline::enter(tx, some))).await;
    assert!(matches!(twice, Err(kernel::error::Error::Conflict)), "{twice:?}");
    let seen = dispatcher.import(&id, "state doneCount createdCount").await;
    assert_eq!(seen, json!({ "state": "RUNNING", "doneCount": 200, "createdCount": 200 }));
    town.tampers("DELETE FROM lease WHERE name = 'imports'").await;
    assert_eq!(dispatcher.is_imported(&id).await, [450, 1, 0, 0]);
    assert_eq!(cases(town).await, 450);
    eventually("every case has its one fact", async || {
        let told = "SELECT count(*) AS n FROM fact f JOIN service_request r ON r.id = f.subject_id WHERE r.external_no IS \
                    NOT NULL AND f.kind = 'request.submitted'";
        town.number(told).await == 450
    })
    .await;
}

async fn eight_hundred_rows_take_few_statements(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    let (base, system) = (&town.a_base_of_its_own().await, kernel::actor::Actor::System);
    another_node_holds_the_lease(town).await;
    let lines: Vec<String> = (0..800).map(|number| order(&format!("SH{number}"))).collect();
    dispatcher.tries_to_import(&file(&lines), json!({})).await.is_done();
    let mut job = ::hotline::next_job(base, &town.app().house.town()).await.unwrap().unwrap().unwrap();
    let mut took = 0;
    for _ in 0..4 {
        let some = job.some(base).unwrap();
        let before = base.db.statements();
        base.write(&system, &some, |tx, some| Box::pin(::hotline::enter(tx, some))).await.unwrap();
        took += base.db.statements() - before;
    }
    assert!(job.some(base).is_none());
    assert_eq!(cases(town).await, 800);
    // Sixteen for 200 rows, and a last look; 800 cases by themselves would take 4,800.
    assert_eq!(took, 65);
    base.db.clone().close().await.expect("a closed database");
}

/// The rows of imports wait, as another node holds the lease, and does nothing.
async fn another_node_holds_the_lease(town: &Town) {
    town.tampers("DELETE FROM lease WHERE name = 'imports'").await;
    let sleeper = entity::lease::ActiveModel {
        name: sea_orm::ActiveValue::Set("imports".to_owned()),
        holder: sea_orm::ActiveValue::Set(uuid::Uuid::from_u128(7)),
        until: sea_orm::ActiveValue::Set(town.now() + chrono::TimeDelta::seconds(60)),
    };
    let asleep = entity::lease::Entity::insert(sleeper).exec_without_returning(town.database()).await;
    asleep.unwrap();
}

async fn who_may_not_dispatch_imports_nothing(town: &Town) {
    let lines = file(&[order("SH1")]);
    let dispatcher = town.staff("dispatcher").await;
    let (id, _) = dispatcher.imports(&lines).await;
    town.stranger().tries_to_import(&lines, json!({})).await.is_refused("UNAUTHENTICATED");
    for who in ["supervisor", "inspector", "callback", "property.leader"] {
        let person = town.staff(who).await;
        person.tries_to_import(&lines, json!({})).await.is_refused("FORBIDDEN");
        assert_eq!(person.import(&id, "state").await, Value::Null, "{who}");
        person.tries_to_send_results(&new_key()).await.is_refused("FORBIDDEN");
    }
    town.resident().await.tries_to_import(&lines, json!({})).await.is_refused("FORBIDDEN");
    let noted = "SELECT count(*) AS n FROM audit_entry WHERE action = 'importHotlineOrders' AND outcome <> 'DONE'";
    assert_eq!(town.number(noted).await, 5);
    assert_eq!(cases(town).await, 1);
}
