//! A calendar as text (iCalendar, RFC 5545; its name and how often to look again, RFC 7986). Pure.

use chrono::{DateTime, TimeDelta, Utc};

use crate::line::Lines;

/// Who wrote it.
const PRODUCT: &str = "-//zhilitong//bookings//ZH";
/// The one time zone: bookings are in Shanghai, which has no summer time since 1992.
const ZONE: &str = "Asia/Shanghai";
/// How far ahead of UTC its clocks are.
const AHEAD: TimeDelta = TimeDelta::hours(8);
/// How often an app is asked to look again.
const LOOK_AGAIN: &str = "PT1H";

/// How far an entry stands (日程状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Somebody has to say yes first.
    Tentative,
    /// It holds.
    Confirmed,
    /// It is off; apps take it out.
    Cancelled,
}

impl Status {
    const fn word(self) -> &'static str {
        match self {
            Self::Tentative => "TENTATIVE",
            Self::Confirmed => "CONFIRMED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// What happens at a time and a place (日程).
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is known by, whatever becomes of it.
    pub uid: String,
    /// Rises with each change.
    pub sequence: i32,
    /// Made.
    pub created_at: DateTime<Utc>,
    /// Last change of anything shown.
    pub changed_at: DateTime<Utc>,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// How far it stands.
    pub status: Status,
    /// What it is.
    pub summary: String,
    /// Where.
    pub location: String,
    /// Latitude and longitude, WGS-84.
    pub position: Option<(f64, f64)>,
    /// What else there is to know, line by line.
    pub description: String,
}

/// A calendar (日历).
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// What apps call it.
    pub name: String,
    /// In order of time.
    pub entries: Vec<Entry>,
}

impl Calendar {
    /// The calendar as a file. The same calendar is always the same text: stamps say when what is shown changed, not when somebody
    /// looked.
    #[must_use]
    pub fn text(&self) -> String {
        let mut lines = Lines::default();
        lines.put("BEGIN", "VCALENDAR");
        lines.put("VERSION", "2.0");
        lines.put("PRODID", PRODUCT);
        lines.put("CALSCALE", "GREGORIAN");
        lines.put("METHOD", "PUBLISH");
        lines.say("NAME", &self.name);
        lines.say("X-WR-CALNAME", &self.name);
        lines.put("X-WR-TIMEZONE", ZONE);
        lines.put("REFRESH-INTERVAL;VALUE=DURATION", LOOK_AGAIN);
        lines.put("X-PUBLISHED-TTL", LOOK_AGAIN);
        zone(&mut lines);
        self.entries.iter().for_each(|entry| event(&mut lines, entry));
        lines.put("END", "VCALENDAR");
        lines.finish()
    }
}

fn zone(lines: &mut Lines) {
    for (name, value) in [
        ("BEGIN", "VTIMEZONE"),
        ("TZID", ZONE),
        ("BEGIN", "STANDARD"),
        ("DTSTART", "19700101T000000"),
        ("TZOFFSETFROM", "+0800"),
        ("TZOFFSETTO", "+0800"),
        ("TZNAME", "CST"),
        ("END", "STANDARD"),
        ("END", "VTIMEZONE"),
    ] {
        lines.put(name, value);
    }
}

fn event(lines: &mut Lines, entry: &Entry) {
    lines.put("BEGIN", "VEVENT");
    lines.say("UID", &entry.uid);
    lines.put("SEQUENCE", &entry.sequence.to_string());
    lines.put("DTSTAMP", &utc(entry.changed_at));
    lines.put("CREATED", &utc(entry.created_at));
    lines.put("LAST-MODIFIED", &utc(entry.changed_at));
    lines.put(&format!("DTSTART;TZID={ZONE}"), &there(entry.begins_at));
    lines.put(&format!("DTEND;TZID={ZONE}"), &there(entry.ends_at));
    lines.put("STATUS", entry.status.word());
    lines.say("SUMMARY", &entry.summary);
    lines.say("LOCATION", &entry.location);
    if let Some((latitude, longitude)) = entry.position {
        lines.put("GEO", &format!("{latitude:.6};{longitude:.6}"));
    }
    lines.say("DESCRIPTION", &entry.description);
    lines.put("END", "VEVENT");
}

/// An instant by its own.
fn utc(instant: DateTime<Utc>) -> String {
    instant.format("%Y%m%dT%H%M%SZ").to_string()
}

/// An instant as clocks in Shanghai show it.
fn there(instant: DateTime<Utc>) -> String {
    (instant + AHEAD).format("%Y%m%dT%H%M%S").to_string()
}

#[cfg(test)]
mod tests;
