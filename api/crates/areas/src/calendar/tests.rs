use super::*;
use proptest::prelude::*;
use std::sync::LazyLock;

fn shanghai(text: &str) -> DateTime<Utc> {
    utc(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_vectors_of_2026_hold() {
    let calendar = Calendar::of_2026();
    for (from, limit, expected) in [
        ("2026-02-13 10:00", "1wd", "2026-02-14 17:30"),
        ("2026-02-13 10:00", "5wd", "2026-02-27 17:30"),
        ("2026-04-30 10:00", "5wd", "2026-05-11 17:30"),
        ("2026-05-08 10:00", "1wd", "2026-05-09 17:30"),
        ("2026-09-18 20:00", "1wd", "2026-09-20 17:30"),
        ("2026-09-18 20:00", "5wd", "2026-09-24 17:30"),
        ("2026-09-30 10:00", "5wd", "2026-10-13 17:30"),
        ("2026-09-24 16:30", "4wh", "2026-09-28 12:00"),
    ] {
        let due = calendar.due(shanghai(from), limit.parse().unwrap());
        assert_eq!(due, Due { at: shanghai(expected), uncertain: false }, "{from} + {limit}");
    }
}

#[test]
fn hour_clocks_wait_for_the_next_opening() {
    let calendar = Calendar::of_2026();
    for (from, limit, expected) in [
        ("2026-09-21 09:00", "3wh", "2026-09-21 12:00"),
        ("2026-09-21 09:00", "4wh", "2026-09-21 14:30"),
        ("2026-09-21 08:00", "1wh", "2026-09-21 10:00"),
        ("2026-09-21 12:00", "1wh", "2026-09-21 14:30"),
        ("2026-09-21 12:45", "4wh", "2026-09-21 17:30"),
        ("2026-09-21 17:30", "1wh", "2026-09-22 10:00"),
        ("2026-09-21 23:59", "7wh", "2026-09-22 17:30"),
        ("2026-09-21 10:10", "2wh", "2026-09-21 13:40"),
        ("2026-09-21 23:50", "15min", "2026-09-22 00:05"),
        ("2026-10-01 08:00", "24h", "2026-10-02 08:00"),
    ] {
        let due = calendar.due(shanghai(from), limit.parse().unwrap());
        assert_eq!(due, Due { at: shanghai(expected), uncertain: false }, "{from} + {limit}");
    }
}

#[test]
fn each_month_of_2026_has_its_working_days() {
    let calendar = Calendar::of_2026();
    assert_eq!(calendar.days().count(), 365);
    let mut months = [0; 12];
    for day in calendar.days().filter(|day| day.kind.is_working()) {
        months[day.date.month0() as usize] += 1;
    }
    assert_eq!(months, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]);
    assert_eq!(months.iter().sum::<i32>(), 248);
}

#[test]
fn a_date_without_a_row_is_said_to_be_uncertain() {
    let calendar = Calendar::of_2026();
    let new_year = calendar.due(shanghai("2026-12-31 10:00"), TimeLimit::WorkingDays(1));
    assert_eq!(new_year, Due { at: shanghai("2027-01-01 17:30"), uncertain: true });
    let same_day = calendar.due(shanghai("2026-12-31 10:00"), TimeLimit::WorkingHours(2));
    assert_eq!(same_day, Due { at: shanghai("2026-12-31 12:00"), uncertain: false });
    assert!(!calendar.due(shanghai("2027-05-01 10:00"), TimeLimit::Hours(24)).uncertain);
    assert!(!calendar.due(shanghai("2025-12-31 10:00"), TimeLimit::WorkingDays(1)).uncertain);
    let weekend = calendar.working_day_of(shanghai("2027-01-02 10:00"));
    assert_eq!(weekend, WorkingDay { date: date("2027-01-04"), uncertain: true });
}

#[test]
fn a_working_day_collects_the_days_off_before_it() {
    let calendar = Calendar::of_2026();
    for (instant, expected) in [
        ("2026-09-25 00:00", "2026-09-28"),
        ("2026-09-27 23:59", "2026-09-28"),
        ("2026-09-28 00:00", "2026-09-28"),
        ("2026-09-28 23:59", "2026-09-28"),
        ("2026-09-20 12:00", "2026-09-20"),
    ] {
        assert_eq!(calendar.working_day_of(shanghai(instant)).date, date(expected), "{instant}");
    }
}

#[test]
fn minutes_count_only_inside_hours() {
    let calendar = Calendar::of_2026();
    for (from, until, minutes) in [
        ("2026-09-21 00:00", "2026-09-21 23:59", 420),
        ("2026-09-21 11:59", "2026-09-21 13:31", 2),
        ("2026-09-21 12:00", "2026-09-21 13:30", 0),
        ("2026-09-24 17:00", "2026-09-28 09:10", 40),
        ("2026-10-01 00:00", "2026-10-07 23:59", 0),
        ("2026-09-21 12:00", "2026-09-21 09:00", 0),
        ("2026-01-01 00:00", "2026-12-31 23:59", 248 * 420),
    ] {
        assert_eq!(calendar.working_minutes_between(shanghai(from), shanghai(until)), minutes, "{from} {until}");
    }
}

#[test]
fn the_ends_of_time_give_an_answer() {
    let calendar = Calendar::default();
    for from in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        for make in [TimeLimit::Minutes, TimeLimit::Hours, TimeLimit::WorkingHours, TimeLimit::WorkingDays] {
            for count in [0, 1, u32::MAX] {
                let _ = calendar.due(from, make(count));
            }
        }
        let _ = (half_day(from), calendar.working_day_of(from));
    }
    assert_eq!(half_day(shanghai("2026-09-21 12:00")).part, DayPart::Afternoon);
}

#[test]
fn a_bad_file_names_its_line() {
    use CalendarProblem::*;
    for (text, line, problem) in [
        ("", 1, Heading),
        ("2026-01-01,HOLIDAY,元旦", 1, Heading),
        ("date,kind,name\n\n2026-01-01,HOLIDAY", 3, Fields),
        ("date,kind,name\n2026-01-01,HOLIDAY,元旦,x", 2, Fields),
        ("date,kind,name\n2026-02-29,HOLIDAY,", 2, Date),
        ("date,kind,name\n2026-1-1,HOLIDAY,", 2, Date),
        ("date,kind,name\n2026-01-01,holiday,", 2, Kind),
        ("date,kind,name\r\n2026-01-01,HOLIDAY,a\r\n2026-01-01,HOLIDAY,b\r\n", 3, Repeated),
    ] {
        assert_eq!(Calendar::from_csv(text), Err(CalendarFileError { line, problem }), "{text}");
    }
    let long = format!("date,kind,name\n2026-01-01,HOLIDAY,{}", "长".repeat(41));
    assert_eq!(Calendar::from_csv(&long).unwrap_err().to_string(), "line 2: the name must be at most 40 characters");
    assert_eq!(Calendar::from_csv("\u{feff}date,kind,name\r\n2026-01-01,HOLIDAY,元旦\r\n").unwrap().days().count(), 1);
}

static YEAR: LazyLock<Calendar> = LazyLock::new(Calendar::of_2026);

fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    // From the end of 2025 into 2027, so that the edges of the known year are crossed.
    (1_766_000_000i64..1_802_000_000).prop_map(|second| DateTime::from_timestamp(second, 0).unwrap())
}

proptest! {
    #[test]
    fn due_never_runs_backwards(a in instant(), b in instant(), n in 0u32..60, m in 0u32..60) {
        let calendar = &*YEAR;
        let (early, late, less, more) = (a.min(b), a.max(b), n.min(m), n.max(m));
        for make in [TimeLimit::Minutes, TimeLimit::Hours, TimeLimit::WorkingHours, TimeLimit::WorkingDays] {
            prop_assert!(calendar.due(early, make(less)).at <= calendar.due(late, make(less)).at);
            prop_assert!(calendar.due(early, make(less)).at <= calendar.due(early, make(more)).at);
            prop_assert!(calendar.due(early, make(less)).at >= early);
        }
    }

    #[test]
    fn due_lies_within_working_hours(from in instant(), n in 0u32..60) {
        let calendar = &*YEAR;
        for limit in [TimeLimit::WorkingHours(n), TimeLimit::WorkingDays(n)] {
            let at = local(calendar.due(from, limit).at);
            let day = Walk::new(calendar, at.date());
            prop_assert!(day.shifts().any(|(open, close)| open <= at && at <= close), "{from} {limit} {at}");
        }
    }

    #[test]
    fn counting_back_gives_the_limit(from in instant(), hours in 0u32..60) {
        let calendar = &*YEAR;
        let due = calendar.due(from, TimeLimit::WorkingHours(hours)).at;
        prop_assert_eq!(calendar.working_minutes_between(from, due), i64::from(hours) * 60);
    }

    #[test]
    fn any_file_gives_an_answer(text in "(date,kind,name\n)?[-0-9A-Z_,\n日]{0,60}") {
        let _ = Calendar::from_csv(&text);
    }
}

/// The year 2027 as weekdays make it, with some lines put in the place of others.
fn notice(changes: &[(&str, &str)]) -> String {
    let mut day = date("2027-01-01");
    let mut text = "date,kind,name\n".to_owned();
    while day.year() == 2027 {
        let plain = format!("{day},{},", DayKind::by_weekday(day).as_str());
        let line = changes.iter().find(|(changed, _)| date(changed) == day).map_or(plain.as_str(), |(_, line)| line);
        text.push_str(line);
        text.push('\n');
        day = day.succ_opt().unwrap();
    }
    text
}

#[test]
fn a_notice_holds_whole_years_and_fits_the_weekdays() {
    let good = Calendar::from_notice(&notice(&[
        ("2027-01-01", "2027-01-01,HOLIDAY,元旦"),
        ("2027-01-03", "2027-01-03,ADJUSTED_WORKDAY,元旦调休"),
    ]))
    .unwrap();
    assert_eq!(good.days().count(), 365);
    assert!(Calendar::from_notice(include_str!("../../../../../migration/data/calendar-2026.csv")).is_ok());
    let problem = |changes: &[(&str, &str)]| {
        Calendar::from_notice(&notice(changes)).map_err(|error| (error.line, error.problem)).unwrap_err()
    };
    use CalendarProblem as P;
    // 6 January 2027 is a Wednesday, 9 January a Saturday.
    assert_eq!(problem(&[("2027-01-06", "2027-01-06,ADJUSTED_WORKDAY,调休")]), (7, P::Weekday(Weekday::Wed)));
    assert_eq!(problem(&[("2027-01-09", "2027-01-09,WORKDAY,")]), (10, P::Weekday(Weekday::Sat)));
    assert_eq!(problem(&[("2027-01-06", "2027-01-06,WEEKEND,")]), (7, P::Weekday(Weekday::Wed)));
    assert_eq!(problem(&[("2027-01-06", "2027-01-06,HOLIDAY,")]), (7, P::Nameless));
    assert_eq!(problem(&[("2027-01-06", "")]), (8, P::Gap));
    assert_eq!(problem(&[("2027-01-06", "2027-01-05,WORKDAY,")]), (7, P::Repeated));
    assert_eq!(problem(&[("2027-01-01", "")]), (3, P::PartOfYear));
    assert_eq!(problem(&[("2027-12-31", "")]).1, P::PartOfYear);
    assert_eq!(Calendar::from_notice("date,kind,name\n").unwrap_err().problem, P::PartOfYear);
}

#[test]
fn changes_are_days_that_are_new_or_other() {
    let before = Calendar::from_notice(&notice(&[])).unwrap();
    let after = Calendar::from_notice(&notice(&[("2027-01-01", "2027-01-01,HOLIDAY,元旦")])).unwrap();
    let changed: Vec<_> = before.changes(&after).map(|(was, day)| (was.map(|was| was.kind), day.kind)).collect();
    assert_eq!(changed, [(Some(DayKind::Workday), DayKind::Holiday)]);
    assert_eq!(Calendar::default().changes(&after).count(), 365);
}
