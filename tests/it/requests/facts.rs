//! The facts of a case are its whole history: folded, they give its row. Walked at random over HTTP.

use ::requests::Fact;
use ::requests::workflow::{begin, evolve};
use chrono::TimeDelta;
use entity::{fact, service_request};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use crate::support::case::{answer, complaint, done, street_light};
use crate::support::{Case, Crew, Person, Town, stories};

stories![cases_on_a_random_way_replay_to_their_rows, the_seeded_cases_replay_to_their_rows];

/// Steps of one walk.
const STEPS: u32 = 60;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn one_of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = usize::try_from(self.0 >> 33).unwrap() % things.len();
        &things[drawn]
    }
}

/// Whoever a case may meet.
const STAFF: [&str; 9] = [
    "supervisor",
    "dispatcher",
    "chief",
    "inspector",
    "callback",
    "lights.handler",
    "lights.leader",
    "property.handler",
    "property.leader",
];

/// The mutation behind an offered action, and an input for it.
async fn input_of(action: &str, person: &Person, crew: &Crew<'_>, dice: &mut Dice) -> (&'static str, Value) {
    let units = *dice.one_of(&[("lights", "property"), ("property", "lights")]);
    match action {
        "SUPPLEMENT" => ("supplementServiceRequest", json!({ "text": "补充一句" })),
        "WITHDRAW" => ("withdrawServiceRequest", json!({})),
        "OBJECT" => ("objectToRejection", json!({ "text": "就在本街道" })),
        "ACCEPT" => {
            let category = dice.one_of(&["FACILITY.STREET_LIGHT", "PROPERTY.REPAIR", "LABOR.ARREARS"]);
            let kind = dice.one_of(&["HELP", "COMPLAINT", "REPORT", "CONSULT"]);
            let priority = dice.one_of(&["NORMAL", "HIGH", "EMERGENCY"]);
            ("acceptServiceRequest", json!({ "categoryCode": category, "kind": kind, "priority": priority }))
        }
        "REJECT" => ("rejectServiceRequest", json!({ "reason": "LITIGATION", "explanation": "请等待判决" })),
        "FILE" => ("fileServiceRequest", json!({})),
        "DISPATCH" => {
            let co_units = Vec::from_iter(dice.one_of(&[Some(units.1), None]).map(|unit| crew.unit_id(unit)));
            let co_units = futures_util::future::join_all(co_units).await;
            ("dispatchServiceRequest", json!({ "leadUnitId": crew.unit_id(units.0).await, "coUnitIds": co_units }))
        }
        "SIGN" => ("signServiceRequest", json!({})),
        "RECORD_CONTACT" => {
            let outcome = dice.one_of(&["REACHED", "NO_ANSWER", "REFUSED"]);
            ("recordContact", json!({ "method": "PHONE", "outcome": outcome, "note": "第一次" }))
        }
        "SUBMIT_HANDLING" => ("submitHandling", done(&[person.photo().await])),
        "VERIFY" if *dice.one_of(&[true, false]) => ("verifyServiceRequest", json!({ "isPassed": true })),
        "VERIFY" => ("verifyServiceRequest", json!({ "isPassed": false, "note": "没有修好" })),
        "SURVEY" => {
            let solved = *dice.one_of(&["YES", "PARTLY", "NO"]);
            ("surveyServiceRequest", answer(solved, 3))
        }
        "RECORD_CALLBACK" => ("recordCallback", answer("YES", *dice.one_of(&[1, 2, 3]))),
        "REQUEST_RETURN" => ("requestReturn", crew.return_to("sanitation").await),
        "FAST_TRACK" => ("fastTrackServiceRequest", json!({ "leadUnitId": crew.unit_id(units.0).await })),
        "REQUEST_EXTENSION" => ("requestExtension", json!({ "workingDays": 1, "reason": "需要配件" })),
        "DECIDE_EXTENSION" => ("decideExtension", json!({ "isGranted": dice.one_of(&[true, false]) })),
        "REQUEST_SUSPENSION" => {
            let until = (crew.now() + TimeDelta::days(2)).to_rfc3339();
            let reason = "THIRD_PARTY";
            ("requestSuspension", json!({ "reason": reason, "until": until, "evidence": "施工通知" }))
        }
        "DECIDE_SUSPENSION" => ("decideSuspension", json!({ "isGranted": dice.one_of(&[true, false]) })),
        "RESUME" => ("resumeServiceRequest", json!({})),
        "URGE" => ("urgeServiceRequest", json!({})),
        "SUPERVISE" => ("superviseServiceRequest", json!({ "reason": "LEADER_NOTE", "instruction": "请尽快" })),
        "ANSWER_SUPERVISION" => ("answerSupervision", json!({ "reply": "已处理" })),
        "CONFER" => {
            let lead = crew.unit_id(units.0).await;
            let co_units = [crew.unit_id(units.1).await];
            ("conferServiceRequest", json!({ "leadUnitId": lead, "coUnitIds": co_units, "conclusion": "共同办理" }))
        }
        "RECORD_MISSED_CALLBACK" => ("recordMissedCallback", json!({ "outcome": "NO_ANSWER" })),
        "REOPEN" => ("reopenServiceRequest", json!({ "newFacts": "又坏了" })),
        "FOLLOW" | "UNFOLLOW" | "MERGE" => unreachable!("not walked"),
        "TAKE_UP" => ("takeUpServiceRequest", json!({ "instruction": "重新派单" })),
        "DECIDE_RETURN" => ("decideReturn", json!({ "isGranted": dice.one_of(&[true, false]) })),
        other => panic!("nobody taught the walker to {other}"),
    }
}

async fn cases_on_a_random_way_replay_to_their_rows(town: &Town) {
    let crew = Crew::of(town);
    let mut dice = Dice(1);
    let mut people = vec![town.resident().await];
    for who in STAFF {
        people.push(crew.who(who).await);
    }
    let mut cases = Vec::new();
    let mut steps = 0;
    while steps < STEPS {
        let mut case = people[0].reports(&dice.one_of(&[street_light(), complaint()]).clone()).await;
        while steps < STEPS
            && let Some(next) = step(&case, &people, &crew, &mut dice).await
        {
            town.later(TimeDelta::seconds(*dice.one_of(&[0, 1, 3])));
            (case, steps) = (next, steps + 1);
        }
        cases.push(case);
    }
    for case in &cases {
        replays(town, &case.no).await;
    }
    let numbers: Vec<String> = cases.iter().map(|case| format!("'{}'", case.no)).collect();
    let kinds = "SELECT count(DISTINCT f.kind) AS n FROM fact f JOIN service_request r ON r.id = f.subject_id WHERE r.case_no IN";
    let kinds = town.number(&format!("{kinds} ({})", numbers.join(", "))).await;
    assert!(kinds >= 14, "the walk saw too little of the town: {kinds} kinds of facts");
}

/// Takes a random step that is offered to a random person; `None` where nobody is offered any that moves the case.
async fn step(case: &Case, people: &[Person], crew: &Crew<'_>, dice: &mut Dice) -> Option<Case> {
    // Most of the time somebody is found in a few draws; a case that is over offers nothing to anybody.
    for _ in 0..40 {
        let person = dice.one_of(people);
        let seen = person.sees(case, "viewerActions").await;
        let Some(actions) = seen["viewerActions"].as_array().filter(|actions| !actions.is_empty()) else { continue };
        let action = dice.one_of(actions).as_str().unwrap().to_owned();
        // These move no case, or need another one.
        if ["FOLLOW", "UNFOLLOW", "MERGE"].contains(&action.as_str()) {
            continue;
        }
        // What ends a walk early or leaves it where it is, is done less often.
        let is_dull =
            ["WITHDRAW", "REJECT", "SUPPLEMENT", "RECORD_CONTACT", "SUPERVISE", "CONFER"].contains(&action.as_str());
        if is_dull && *dice.one_of(&[true, true, false]) {
            continue;
        }
        let (verb, input) = input_of(&action, person, crew, dice).await;
        let answer = person.tries(verb, case, input).await;
        // What is offered is done: the same rules decide both.
        return Some(Case::of(&answer));
    }
    None
}

async fn the_seeded_cases_replay_to_their_rows(town: &Town) {
    let rows = service_request::Entity::find().all(town.database()).await.unwrap();
    assert!(rows.len() >= 20);
    for row in rows {
        replays(town, &row.case_no).await;
    }
}

/// Folds the facts of a case and compares with its row, words and exact place aside: facts hold none.
async fn replays(town: &Town, case_no: &str) {
    let case_no = service_request::Column::CaseNo.eq(case_no);
    let row = service_request::Entity::find().filter(case_no).one(town.database()).await.unwrap().unwrap();
    let facts = fact::Entity::find()
        .filter(fact::Column::SubjectId.eq(row.id.0))
        .order_by_asc(fact::Column::Version)
        .all(town.database())
        .await
        .unwrap();
    let mut history = facts.into_iter().map(|fact| (fact.at, Fact::read(&fact.kind, fact.data).unwrap()));
    let Some((at, Fact::Submitted(first))) = history.next() else { panic!("no submission first") };
    let mut folded = begin(row.id, &first, at);
    for (at, fact) in history {
        evolve(&mut folded, &fact, at);
    }
    let wordless = service_request::Model {
        description: String::new(),
        address: None,
        longitude: None,
        latitude: None,
        reply: None,
        on_behalf_name_sealed: None,
        contact_phone_sealed: None,
        contact_phone_index: None,
        // Planned from the row, the calendar and the ladder; nothing that happened.
        alarm_at: None,
        ..row
    };
    assert_eq!(folded, wordless);
}
