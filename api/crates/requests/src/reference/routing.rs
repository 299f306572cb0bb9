//! Rules of dispatch (派单规则): which unit a case is for, by what it is about, where it lies and when it is sent. Pure.
//!
//! Rules stand in order and the first that fits decides; where none does, the dispatcher is shown who answers for the category
//! and the grid, as before there were rules.

use areas::Calendar;
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use entity::enums::{Lane, Priority};
use entity::id::UnitId;
use serde::{Deserialize, Serialize};

/// Code of the one set of rules of dispatch.
pub const ROUTING: &str = "ROUTING";
/// Rules of a set at most.
pub const RULES: usize = 200;

/// In which hours a rule holds (时段).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Hours {
    /// 全天 / at any time.
    #[default]
    Any,
    /// 工作时间 / while offices are open.
    Working,
    /// 非工作时间 / at night, at noon, and on days off.
    Off,
}

/// When a rule holds (时间窗); what is left open excludes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// In which hours.
    #[serde(default)]
    pub hours: Hours,
    /// On which days of the week, 1 for Monday; every day when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<u32>,
    /// From this date on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Until this date, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// One rule: category × place × time → unit, lane, priority (派单规则).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Code of a category; it and all below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_code: Option<String>,
    /// Code of an area; it and all below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_code: Option<String>,
    /// When.
    #[serde(default)]
    pub window: Window,
    /// The unit that leads.
    pub unit: UnitId,
    /// In which lane, where the rule says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane: Option<Lane>,
    /// How urgent, where the rule says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// What rules ask of a case (派单对象).
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    /// Code of its category.
    pub category_code: &'a str,
    /// Path of its area.
    pub area_path: &'a str,
    /// When it is sent.
    pub at: DateTime<Utc>,
}

/// The first rule that fits, and its number from 1.
#[must_use]
pub fn first_match<'r>(rules: &'r [Rule], matter: &Matter<'_>, calendar: &Calendar) -> Option<(usize, &'r Rule)> {
    (1..).zip(rules).find(|(_, rule)| rule.fits(matter, calendar))
}

impl Rule {
    /// Whether the rule is for a case.
    #[must_use]
    pub fn fits(&self, matter: &Matter<'_>, calendar: &Calendar) -> bool {
        self.category_code.as_deref().is_none_or(|code| is_within(matter.category_code, code, '.'))
            && self.area_code.as_deref().is_none_or(|code| matter.area_path.split('/').any(|part| part == code))
            && self.window.holds(matter.at, calendar)
    }
}

fn is_within(code: &str, above: &str, joint: char) -> bool {
    code.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(joint))
}

impl Window {
    /// Whether it is open at an instant.
    #[must_use]
    pub fn holds(&self, at: DateTime<Utc>, calendar: &Calendar) -> bool {
        let date = areas::shanghai_date(at);
        let is_at_work = || calendar.working_minutes_between(at, at + TimeDelta::minutes(1)) > 0;
        let fits_hours = match self.hours {
            Hours::Any => true,
            Hours::Working => is_at_work(),
            Hours::Off => !is_at_work(),
        };
        let is_its_day = self.weekdays.is_empty() || self.weekdays.contains(&date.weekday().number_from_monday());
        fits_hours
            && is_its_day
            && self.from.is_none_or(|from| from <= date)
            && self.until.is_none_or(|until| date <= until)
    }

    /// Whether it can ever be open.
    #[must_use]
    pub fn is_sensible(&self) -> bool {
        let are_days = self.weekdays.iter().all(|day| (1..=7).contains(day));
        let ends_after = self.from.zip(self.until).is_none_or(|(from, until)| from <= until);
        are_days && self.weekdays.len() <= 7 && ends_after
    }
}

/// What a set of rules would have done with cases of the past (派单模拟).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome<K> {
    /// Cases for which some rule names a unit.
    pub assigned: i64,
    /// Cases for which none does.
    pub unassigned: i64,
    /// Cases led by another unit than the rules name.
    pub changed: Vec<Change<K>>,
}

/// A case that the rules would have sent elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<K> {
    /// The case.
    pub case: K,
    /// Which unit leads it.
    pub led_by: UnitId,
    /// Which unit the rules name.
    pub to: UnitId,
    /// By which rule, from 1.
    pub rule: usize,
}

/// Runs rules over cases: each with what rules ask of it and the unit that leads it, if one does.
pub fn simulate<'m, K: Copy>(
    rules: &[Rule],
    cases: impl IntoIterator<Item = (K, Matter<'m>, Option<UnitId>)>,
    calendar: &Calendar,
) -> Outcome<K> {
    let mut outcome = Outcome { assigned: 0, unassigned: 0, changed: Vec::new() };
    for (case, matter, led_by) in cases {
        let Some((rule, found)) = first_match(rules, &matter, calendar) else {
            outcome.unassigned += 1;
            continue;
        };
        outcome.assigned += 1;
        if let Some(led_by) = led_by.filter(|unit| *unit != found.unit) {
            outcome.changed.push(Change { case, led_by, to: found.unit, rule });
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const PATH: &str = "/310112008/310112008-D1/310112008001/";

    fn unit(number: u128) -> UnitId {
        UnitId(Uuid::from_u128(number))
    }

    fn rule(category: Option<&str>, area: Option<&str>, window: Window, number: u128) -> Rule {
        let code = |text: Option<&str>| text.map(str::to_owned);
        Rule {
            category_code: code(category),
            area_code: code(area),
            window,
            unit: unit(number),
            lane: None,
            priority: None,
        }
    }

    fn matter<'a>(category_code: &'a str, area_path: &'a str, at: &str) -> Matter<'a> {
        Matter { category_code, area_path, at: at.parse().unwrap() }
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let off = Window { hours: Hours::Off, ..Window::default() };
        let weekend = Window { weekdays: vec![6, 7], ..Window::default() };
        let day = |text: &str| Some(text.parse().unwrap());
        let expo = Window { from: day("2026-11-05"), until: day("2026-11-10"), ..Window::default() };
        let rules = [
            rule(Some("NOISE"), None, off, 1),
            rule(None, Some("310112008-D1"), expo, 2),
            rule(Some("FACILITY.LIGHT"), Some("310112008001"), Window::default(), 3),
            rule(Some("FACILITY"), None, weekend, 4),
            rule(Some("NOISE"), None, Window { hours: Hours::Working, ..Window::default() }, 5),
        ];
        let calendar = Calendar::of_2026();
        // Wednesday, 25 November 2026; Shanghai is eight hours ahead.
        for (category, path, at, number) in [
            ("NOISE.NIGHT", PATH, "2026-11-25T14:00:00Z", Some(1)),
            ("NOISE", PATH, "2026-11-25T04:30:00Z", Some(1)),
            ("NOISE", PATH, "2026-11-25T02:00:00Z", Some(5)),
            // A Sunday that is worked (调休).
            ("NOISE", PATH, "2026-09-20T02:00:00Z", Some(5)),
            ("NOISES", PATH, "2026-11-25T14:00:00Z", None),
            ("WASTE", PATH, "2026-11-10T15:59:59Z", Some(2)),
            ("WASTE", PATH, "2026-11-10T16:00:00Z", None),
            ("WASTE", PATH, "2026-11-04T15:59:59Z", None),
            ("FACILITY.LIGHT", PATH, "2026-11-25T02:00:00Z", Some(3)),
            ("FACILITY.LIGHT.OUT", "/310112008/310112008-D2/", "2026-11-25T02:00:00Z", None),
            ("FACILITY.LIGHT.OUT", "/310112008/310112008-D2/", "2026-11-28T02:00:00Z", Some(4)),
        ] {
            let found = first_match(&rules, &matter(category, path, at), &calendar).map(|(number, _)| number);
            assert_eq!(found, number, "{category} {path} {at}");
        }
    }

    #[test]
    fn windows_that_never_open_are_no_windows() {
        let day = |text: &str| Some(text.parse().unwrap());
        let backwards = Window { from: day("2026-11-10"), until: day("2026-11-05"), ..Window::default() };
        assert!(!backwards.is_sensible());
        assert!(!Window { weekdays: vec![8], ..Window::default() }.is_sensible());
        assert!(Window::default().is_sensible());
    }

    proptest! {
        /// Every case is assigned or not, what is changed is assigned, a set that says what was done changes nothing, and a rule
        /// put last takes nothing from those before it.
        #[test]
        fn simulations_add_up(cases in prop::collection::vec((0usize..4, 0u128..4, 0i64..100_000), 0..60),
                              rules in prop::collection::vec((0usize..4, 0u128..4), 0..8), last in 0u128..4) {
            const CODES: [&str; 4] = ["A", "A.B", "A.B.C", "D"];
            let calendar = Calendar::of_2026();
            let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
            let cases: Vec<_> = cases.iter().enumerate().map(|(case, (code, by, minutes))| {
                let at = start + TimeDelta::minutes(*minutes);
                (case, Matter { category_code: CODES[*code], area_path: PATH, at }, (*by > 0).then(|| unit(*by)))
            }).collect();
            let mut set: Vec<Rule> = rules.iter().map(|(code, to)| rule(Some(CODES[*code]), None, Window::default(), *to)).collect();
            let before = simulate(&set, cases.iter().copied(), &calendar);
            prop_assert_eq!(before.assigned + before.unassigned, cases.len() as i64);
            prop_assert!(before.changed.len() as i64 <= before.assigned);
            prop_assert!(before.changed.iter().all(|change| change.led_by != change.to));
            set.push(rule(None, None, Window::default(), last));
            let after = simulate(&set, cases.iter().copied(), &calendar);
            prop_assert_eq!(after.unassigned, 0);
            prop_assert!(before.changed.iter().all(|change| after.changed.contains(change)));
            let done: Vec<Rule> = Vec::new();
            prop_assert!(simulate(&done, cases.iter().copied(), &calendar).changed.is_empty());
        }
    }
}
