use chrono::TimeDelta;
use entity::enums::{ClockKind, WarningLevel, WarningTo};
use kernel::error::{Error, UserErrorCode};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;

fn instant(days: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(days)
}

/// A thing that was decided on these days, to hold so many days later.
fn editions(decisions: &[(i64, i64)]) -> Vec<Edition<()>> {
    let edition = |(index, (day, later)): (usize, &(i64, i64))| Edition {
        id: EditionId(Uuid::from_u128(index as u128)),
        code: "X".to_owned(),
        version: index as i32 + 1,
        valid_from: instant(day + later),
        is_retired: false,
        content: (),
        decided_by: None,
        decided_at: instant(*day),
    };
    decisions.iter().enumerate().map(edition).collect()
}

#[test]
fn the_last_decision_that_has_begun_holds() {
    // The second was to hold from day 100 on; the third took its place before that.
    let editions = editions(&[(0, 0), (10, 90), (20, 30)]);
    let version = |day| in_force(&editions, instant(day)).map(|edition| edition.version);
    assert_eq!(
        [-1, 0, 49, 50, 99, 100, 1000].map(version),
        [None, Some(1), Some(1), Some(3), Some(3), Some(3), Some(3)]
    );
    assert_eq!(ends_at(&editions, 1), Some(instant(50)));
    assert_eq!(ends_at(&editions, 2), Some(instant(50)), "before it would have begun");
    assert_eq!(ends_at(&editions, 3), None);
}

proptest! {
    /// What held at an instant of the past holds there for ever, whatever is decided later; and at each instant exactly the one
    /// version holds that has begun and not ended.
    #[test]
    fn the_past_is_decided(steps in prop::collection::vec((0i64..40, 0i64..200), 1..12), day in -10i64..800) {
        let mut now = 0;
        let decisions: Vec<(i64, i64)> = steps.iter().map(|(passed, later)| { now += passed; (now, *later) }).collect();
        let all = editions(&decisions);
        let holds = in_force(&all, instant(day)).map(|edition| edition.version);
        for (known, (decided, _)) in decisions.iter().enumerate() {
            if day < *decided {
                let then = in_force(&all[..known], instant(day)).map(|edition| edition.version);
                prop_assert_eq!(then, holds);
            }
        }
        let running = |edition: &&Edition<()>| {
            edition.valid_from <= instant(day) && ends_at(&all, edition.version).is_none_or(|end| instant(day) < end)
        };
        let running: Vec<i32> = all.iter().filter(running).map(|edition| edition.version).collect();
        prop_assert_eq!(running, holds.into_iter().collect::<Vec<_>>());
    }
}

fn policy(change: serde_json::Value) -> Content {
    let mut policy = json!({ "handle": "5wd", "rework": "3wd", "contact": "1wd", "longest": "15wd" });
    policy.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    Content::SlaPolicy(serde_json::from_value(policy).unwrap())
}

fn refused(content: &Content, code: &str) -> Option<String> {
    match check::fits(content, code, instant(1), &reference()) {
        Ok(()) => None,
        Err(Error::Refused(errors)) => {
            assert_eq!(errors[0].code, UserErrorCode::Invalid);
            Some(errors[0].field.join("."))
        }
        Err(other) => unreachable!("{other:?}"),
    }
}

/// A retired category `OLD`, and `TOP` with a child.
fn reference() -> Reference {
    let row = |kind, code: &str, is_retired, content| edition::Model {
        id: EditionId(Uuid::nil()),
        kind,
        code: code.to_owned(),
        version: 1,
        valid_from: instant(0),
        is_retired,
        content,
        decided_by: None,
        decided_at: instant(0),
    };
    let category = serde_json::to_value(category(None)).unwrap();
    let rows = [
        row(EditionKind::Category, "OLD", true, category.clone()),
        row(EditionKind::Category, "TOP", false, category.clone()),
        row(EditionKind::Category, "TOP.A", false, category.clone()),
        row(EditionKind::Category, "TOP.A.B", false, category),
        row(EditionKind::SlaPolicy, "APPEAL", false, json!({ "handle": "5wd", "rework": "3wd" })),
    ];
    Reference::read(1, &rows).unwrap()
}

fn category(sla_code: Option<&str>) -> Category {
    Category {
        name: "路灯".to_owned(),
        position: 1,
        sla_code: sla_code.map(str::to_owned),
        gb_code: None,
        nature: entity::enums::CategoryNature::Service,
        needs_photo: false,
        is_sensitive: false,
    }
}

#[test]
fn nonsense_is_named_by_its_field() {
    assert_eq!(refused(&policy(json!({})), "APPEAL"), None);
    let bad = [
        (json!({ "contact": "6wd" }), "contact"),
        (json!({ "sign": "36wh" }), "sign"),
        (json!({ "accept": "121h" }), "accept"),
        (json!({ "handle": "16wd" }), "handle"),
        (json!({ "rework": "16wd" }), "rework"),
        (json!({ "verify": "91wd" }), "verify"),
        (json!({ "longest": "100wd" }), "longest"),
    ];
    for (change, field) in bad {
        assert_eq!(refused(&policy(change.clone()), "APPEAL").as_deref(), Some(field), "{change}");
    }
    assert_eq!(refused(&policy(json!({ "contact": "35wh" })), "APPEAL"), None, "35 working hours are five days");
}

#[test]
fn a_category_hangs_on_one_that_is_used() {
    let plain = Content::Category(category(None));
    for (code, field) in
        [("NEW", None), ("TOP.C", None), ("OLD.C", Some("code")), ("NO.C", Some("code")), ("TOP.A.B.C", Some("code"))]
    {
        assert_eq!(refused(&plain, code).as_deref(), field, "{code}");
    }
    assert_eq!(refused(&Content::Category(category(Some("APPEAL"))), "NEW"), None);
    assert_eq!(refused(&Content::Category(category(Some("NONE"))), "NEW").as_deref(), Some("slaCode"));
    let retire = |code| check::may_retire(EditionKind::Category, code, instant(1), &reference()).is_ok();
    assert_eq!(["TOP", "TOP.A", "TOP.A.B", "OLD"].map(retire), [false, false, true, true]);
}

#[test]
fn what_is_planned_about_parents_and_children_counts() {
    let row = |code: &str, version, hours, is_retired| edition::Model {
        id: EditionId(Uuid::nil()),
        kind: EditionKind::Category,
        code: code.to_owned(),
        version,
        valid_from: instant(0) + chrono::TimeDelta::hours(hours),
        is_retired,
        content: serde_json::to_value(category(None)).unwrap(),
        decided_by: None,
        decided_at: instant(0),
    };
    let rows =
        [row("ENDS", 1, 0, false), row("ENDS", 2, 48, true), row("PARENT", 1, 0, false), row("PARENT.C", 1, 48, false)];
    let reference = Reference::read(1, &rows).unwrap();
    let plain = Content::Category(category(None));
    let begins =
        |code, hours| check::fits(&plain, code, instant(0) + chrono::TimeDelta::hours(hours), &reference).is_ok();
    assert!(!begins("ENDS.C", 1), "its parent is to be retired");
    assert!(begins("PARENT.D", 1));
    let retires = |code, hours| {
        let at = instant(0) + chrono::TimeDelta::hours(hours);
        check::may_retire(EditionKind::Category, code, at, &reference).is_ok()
    };
    assert!(!retires("PARENT", 1), "it is to have a child");
    assert!(retires("PARENT.C", 72) && retires("ENDS", 1));
}

#[test]
fn a_ladder_goes_up() {
    let rung = |step, percent, after: Option<&str>| Rung {
        clock: ClockKind::Handle,
        step,
        percent,
        after: after.map(|text| text.parse().unwrap()),
        level: WarningLevel::Red,
        tells: WarningTo::Handler,
    };
    let good = vec![rung(1, 50, None), rung(2, 100, None), rung(3, 100, Some("1wd"))];
    assert_eq!(refused(&Content::Ladder(good), LADDER), None);
    for bad in [
        vec![rung(2, 50, None)],
        vec![rung(1, 50, None), rung(3, 100, None)],
        vec![rung(1, 80, None), rung(2, 50, None)],
        vec![rung(1, 50, Some("1wd"))],
        vec![rung(1, 0, None)],
    ] {
        assert_eq!(refused(&Content::Ladder(bad), LADDER).as_deref(), Some("rungs"));
    }
    let raise = |people, priority| Raise { people, priority };
    use entity::enums::Priority as P;
    assert_eq!(refused(&Content::Raises(vec![raise(5, P::High), raise(20, P::Urgent)]), RAISES), None);
    assert_eq!(
        refused(&Content::Raises(vec![raise(20, P::High), raise(5, P::Urgent)]), RAISES).as_deref(),
        Some("rules")
    );
}

#[test]
fn nobody_is_forgotten_in_a_hurry() {
    let refused = |closed: (i32, i32), turned_down: (i32, i32)| {
        let keeping = |(archive_after, anonymise_after)| Keeping { archive_after, anonymise_after };
        let rule = Retention { closed: keeping(closed), turned_down: keeping(turned_down) };
        refused(&Content::Retention(rule), RETENTION)
    };
    let good = (365, 730);
    assert_eq!(refused(good, (30, 365)), None);
    assert_eq!(refused((36_500, 36_500), good), None);
    for (bad, field) in [
        ((29, 730), "closed.archiveAfterDays"),
        ((36_501, 36_501), "closed.archiveAfterDays"),
        ((30, 364), "closed.anonymiseAfterDays"),
        ((731, 730), "closed.anonymiseAfterDays"),
        ((365, 36_501), "closed.anonymiseAfterDays"),
    ] {
        assert_eq!(refused(bad, good).as_deref(), Some(field), "{bad:?}");
        let below = field.replace("closed", "turnedDown");
        assert_eq!(refused(good, bad), Some(below), "{bad:?}");
    }
}
