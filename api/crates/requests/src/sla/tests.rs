use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn policy(handle: &str) -> SlaPolicy {
    serde_json::from_value(serde_json::json!({ "handle": handle, "rework": "3wd" })).unwrap()
}

/// The vectors of the working calendar, through a policy.
#[test]
fn clocks_run_by_the_working_calendar_of_2026() {
    let calendar = Calendar::of_2026();
    let policy = policy("5wd");
    let vectors = [
        ("2026-02-13T02:00:00Z", TimeLimit::WorkingDays(1), "2026-02-14T09:30:00Z"),
        ("2026-02-13T02:00:00Z", policy.handle, "2026-02-27T09:30:00Z"),
        ("2026-04-30T02:00:00Z", policy.handle, "2026-05-11T09:30:00Z"),
        ("2026-05-08T02:00:00Z", policy.verify, "2026-05-09T09:30:00Z"),
        ("2026-09-18T12:00:00Z", ASK_RETURN, "2026-09-20T09:30:00Z"),
        ("2026-09-18T12:00:00Z", policy.handle, "2026-09-24T09:30:00Z"),
        ("2026-09-30T02:00:00Z", policy.handle, "2026-10-13T09:30:00Z"),
        ("2026-09-24T08:30:00Z", DECIDE_RETURN, "2026-09-28T04:00:00Z"),
        ("2026-11-23T01:30:00Z", ANSWER, "2026-11-30T01:30:00Z"),
    ];
    for (from, limit, due) in vectors {
        let mut clocks =
            Timing { now: at(from), calendar: &calendar, policy: &policy, version: 1, ladder: &[] }.clocks();
        assert_eq!((clocks.due(limit), clocks.is_uncertain), (at(due), false), "{from} + {limit}");
    }
}

#[test]
fn one_unknown_date_makes_all_clocks_uncertain() {
    let calendar = Calendar::of_2026();
    let policy = policy("5wd");
    let mut clocks =
        Timing { now: at("2026-12-30T02:00:00Z"), calendar: &calendar, policy: &policy, version: 1, ladder: &[] }
            .clocks();
    clocks.due(policy.sign);
    assert!(!clocks.is_uncertain);
    clocks.due(policy.handle);
    assert!(clocks.is_uncertain);
}

#[test]
fn steps_left_open_have_general_limits_and_bad_ones_are_refused() {
    let policy = policy("5wd");
    assert_eq!(policy.accept, TimeLimit::WorkingHours(4));
    assert_eq!(policy.contact, TimeLimit::WorkingDays(1));
    let unreadable = serde_json::json!({ "handle": "soon", "rework": "3wd" });
    assert!(serde_json::from_value::<SlaPolicy>(unreadable).is_err());
}

#[test]
fn the_policy_follows_danger_then_category_then_lane_then_kind() {
    let category = |sla_code: Option<&str>| Category {
        name: String::new(),
        position: 1,
        sla_code: sla_code.map(str::to_owned),
        gb_code: None,
        nature: entity::enums::CategoryNature::Service,
        needs_photo: false,
        is_sensitive: false,
    };
    let (light, plain) = (category(Some("CITY_LIGHT")), category(None));
    let code = |category, kind, lane, priority| code_of(Some(category), kind, lane, priority);
    assert_eq!(code(&light, RequestKind::Help, Lane::Normal, Priority::Emergency), "EMERGENCY");
    assert_eq!(code(&light, RequestKind::Help, Lane::Green, Priority::Urgent), "CITY_LIGHT");
    assert_eq!(code(&plain, RequestKind::Help, Lane::Green, Priority::Normal), "GREEN");
    assert_eq!(code(&plain, RequestKind::Report, Lane::Normal, Priority::Normal), "APPEAL");
    assert_eq!(code(&plain, RequestKind::Praise, Lane::Normal, Priority::Normal), "ADVICE");
    assert_eq!(code(&plain, RequestKind::PatrolFinding, Lane::Normal, Priority::Normal), "CITY_REPAIR");
}

/// A complaint of a Friday night with one day: due on the Sunday that is worked, and told when 80 % of its seven hours are over.
#[test]
fn parts_of_a_clock_are_parts_of_its_working_time() {
    let calendar = Calendar::of_2026();
    let policy = policy("1wd");
    let since = at("2026-09-18T12:00:00Z");
    let timing = Timing { now: since, calendar: &calendar, policy: &policy, version: 1, ladder: &[] };
    let due = timing.clocks().due(policy.handle);
    assert_eq!(due, at("2026-09-20T09:30:00Z"));
    assert_eq!(timing.part_of(since, due, 80, false), at("2026-09-20T08:06:00Z"));
    assert_eq!(timing.part_of(since, due, 50, false), at("2026-09-20T06:00:00Z"));
    assert_eq!(timing.part_of(since, due, 100, false), due);
    assert_eq!(timing.part_of(since, since + TimeDelta::hours(24), 50, true), at("2026-09-19T00:00:00Z"));
}

#[test]
fn a_clock_that_stood_still_has_left_what_it_had_left() {
    let calendar = Calendar::of_2026();
    let policy = policy("5wd");
    let timing =
        Timing { now: at("2026-12-02T03:00:00Z"), calendar: &calendar, policy: &policy, version: 1, ladder: &[] };
    let (paused, due) = (at("2026-11-23T02:00:00Z"), at("2026-11-24T09:30:00Z"));
    // Thirteen working hours were left on Monday at ten; they are counted from Wednesday at eleven.
    assert_eq!(timing.clocks().resumed(due, paused, false), at("2026-12-04T02:00:00Z"));
    assert_eq!(timing.clocks().resumed(paused, due, false), paused, "what was overdue stays so");
    assert_eq!(timing.clocks().resumed(paused + TimeDelta::hours(5), paused, true), at("2026-12-02T08:00:00Z"));
}
