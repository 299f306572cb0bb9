use std::collections::BTreeMap;

use expect_test::expect;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn rehearsal() -> Entry {
    Entry {
        uid: "bkg_1@zhilitong".to_owned(),
        sequence: 3,
        created_at: at("2026-11-23T01:00:00Z"),
        changed_at: at("2026-11-23T02:30:00.25Z"),
        begins_at: at("2026-12-31T15:30:00Z"),
        ends_at: at("2026-12-31T17:00:00Z"),
        status: Status::Confirmed,
        summary: "舞蹈房（爱博邻里中心）".to_owned(),
        location: "爱博邻里中心 舞蹈房，爱博路 1 号".to_owned(),
        position: Some((31.195, 121.320_000_4)),
        description: "预约码：ABCD2345\n状态：已确认".to_owned(),
    }
}

#[test]
fn a_calendar_reads_like_this() {
    let calendar = Calendar { name: "我的预约".to_owned(), entries: vec![rehearsal()] };
    let text = calendar.text();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "every line ends the same way");
    expect![[r#"
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//zhilitong//bookings//ZH
        CALSCALE:GREGORIAN
        METHOD:PUBLISH
        NAME:我的预约
        X-WR-CALNAME:我的预约
        X-WR-TIMEZONE:Asia/Shanghai
        REFRESH-INTERVAL;VALUE=DURATION:PT1H
        X-PUBLISHED-TTL:PT1H
        BEGIN:VTIMEZONE
        TZID:Asia/Shanghai
        BEGIN:STANDARD
        DTSTART:19700101T000000
        TZOFFSETFROM:+0800
        TZOFFSETTO:+0800
        TZNAME:CST
        END:STANDARD
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:bkg_1@zhilitong
        SEQUENCE:3
        DTSTAMP:20261123T023000Z
        CREATED:20261123T010000Z
        LAST-MODIFIED:20261123T023000Z
        DTSTART;TZID=Asia/Shanghai:20261231T233000
        DTEND;TZID=Asia/Shanghai:20270101T010000
        STATUS:CONFIRMED
        SUMMARY:舞蹈房（爱博邻里中心）
        LOCATION:爱博邻里中心 舞蹈房，爱博路 1 号
        GEO:31.195000;121.320000
        DESCRIPTION:预约码：ABCD2345\n状态：已确认
        END:VEVENT
        END:VCALENDAR
    "#]]
    .assert_eq(&text.replace("\r\n", "\n"));
}

#[test]
fn nobody_s_calendar_is_empty_and_whole() {
    let text = Calendar { name: "我的预约".to_owned(), entries: Vec::new() }.text();
    assert!(text.ends_with("END:VTIMEZONE\r\nEND:VCALENDAR\r\n") && !text.contains("VEVENT"));
}

/// A reader as the standard describes one: unfolds, splits, and undoes what was escaped. Gives back name and calendar, and each event
/// by the names of its properties.
fn read(text: &str) -> (String, Vec<BTreeMap<String, String>>) {
    assert!(text.ends_with("\r\n"));
    let physical: Vec<&str> = text.split("\r\n").collect();
    for line in &physical {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(|sign: char| sign.is_control() && sign != '\t'), "{line:?}");
    }
    let unfolded = text.replace("\r\n ", "");
    let (mut name, mut events) = (String::new(), Vec::new());
    let mut open: Option<BTreeMap<String, String>> = None;
    for line in unfolded.trim_end_matches("\r\n").split("\r\n") {
        let (property, value) = line.split_once(':').unwrap_or_else(|| panic!("no property: {line}"));
        match (property, value) {
            ("BEGIN", "VEVENT") => assert!(open.replace(BTreeMap::new()).is_none(), "events lie side by side"),
            ("END", "VEVENT") => events.push(open.take().expect("an event")),
            ("NAME", value) => name = words(value),
            _ => {
                if let Some(event) = &mut open {
                    assert_eq!(event.insert(property.to_owned(), words(value)), None, "{property} twice");
                }
            }
        }
    }
    (name, events)
}

fn words(value: &str) -> String {
    let (mut words, mut signs) = (String::new(), value.chars());
    while let Some(sign) = signs.next() {
        words.push(match sign {
            '\\' => match signs.next() {
                Some('n') => '\n',
                Some(escaped @ ('\\' | ';' | ',')) => escaped,
                other => panic!("{other:?} escaped in {value}"),
            },
            sign => sign,
        });
    }
    words
}

/// Words that were typed to break lines, and any others: what the house lets in has no control characters but line feeds.
fn hostile() -> impl Strategy<Value = String> {
    let trap = prop::sample::select(vec![
        "\n",
        "\nEND:VEVENT\n",
        "\\n",
        "\\",
        ";",
        ",",
        ":",
        "\"",
        "BEGIN:VCALENDAR",
        "🎉",
        "👨‍👩‍👧‍👦",
        "预约",
        "e\u{301}",
        " ",
        "\t",
        "=",
        "ATTENDEE;CN=x:mailto:a@b.c",
        "\u{a0}",
        "\u{3000}",
    ]);
    let any = any::<char>().prop_filter("let in", |sign| !sign.is_control() && !"\u{2028}\u{2029}".contains(*sign));
    let piece = prop_oneof![trap.prop_map(str::to_owned), any.prop_map(String::from)];
    prop::collection::vec(piece, 0..160).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        name in hostile(), summary in hostile(), location in hostile(), description in hostile(),
        sequence in 1..i32::MAX, seconds in 0..4_000_000_000_i64, minutes in 15..720_i64, count in 0..4_usize,
    ) {
        let begins_at = DateTime::from_timestamp(seconds, 0).unwrap();
        let ends_at = begins_at + TimeDelta::minutes(minutes);
        let entry = Entry { summary, location, description, sequence, begins_at, ends_at, ..rehearsal() };
        let calendar = Calendar { name, entries: vec![entry.clone(); count] };
        let (name, events) = read(&calendar.text());
        prop_assert_eq!(&name, &calendar.name);
        prop_assert_eq!(events.len(), count);
        for event in events {
            let local = |name: &str| {
                let there = chrono::NaiveDateTime::parse_from_str(&event[name], "%Y%m%dT%H%M%S").unwrap();
                (there - TimeDelta::hours(8)).and_utc()
            };
            prop_assert_eq!(&event["SUMMARY"], &entry.summary);
            prop_assert_eq!(&event["LOCATION"], &entry.location);
            prop_assert_eq!(&event["DESCRIPTION"], &entry.description);
            prop_assert_eq!(&event["SEQUENCE"], &entry.sequence.to_string());
            prop_assert_eq!(local("DTSTART;TZID=Asia/Shanghai"), begins_at);
            prop_assert_eq!(local("DTEND;TZID=Asia/Shanghai"), ends_at);
        }
    }

    /// What should never come in breaks nothing either.
    #[test]
    fn no_words_at_all_break_a_line(words in any::<String>()) {
        let entry = Entry { summary: words.clone(), location: words.clone(), description: words, ..rehearsal() };
        let (_, events) = read(&Calendar { name: String::new(), entries: vec![entry] }.text());
        prop_assert_eq!(events.len(), 1);
        prop_assert_eq!(events[0].len(), 12);
    }
}
