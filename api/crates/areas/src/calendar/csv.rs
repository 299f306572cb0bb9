//! The calendar as a file: `date,kind,name`, one line per day.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate, Weekday};

use super::{Calendar, CalendarDay, DayKind};

/// Why a calendar file was refused, with the line to look at (日历文件错误).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct CalendarFileError {
    /// The line, counted from 1 as editors do.
    pub line: usize,
    /// What is wrong with it.
    pub problem: CalendarProblem,
}

/// What can be wrong with a line of a calendar file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalendarProblem {
    /// The first line is not the expected heading.
    #[error("the heading must be date,kind,name")]
    Heading,
    /// Not exactly three fields.
    #[error("expected three fields: date,kind,name")]
    Fields,
    /// The date is not `YYYY-MM-DD` or does not exist.
    #[error("the date must be a real day written YYYY-MM-DD")]
    Date,
    /// The kind is unknown.
    #[error("the kind must be WORKDAY, WEEKEND, HOLIDAY or ADJUSTED_WORKDAY")]
    Kind,
    /// The name is longer than 40 characters.
    #[error("the name must be at most 40 characters")]
    Name,
    /// The date was given before.
    #[error("this date was given before")]
    Repeated,
    /// The kind says otherwise than the weekday: work on a weekend is `ADJUSTED_WORKDAY`, rest on other days `HOLIDAY`.
    #[error("the kind does not fit the weekday, which is {0}")]
    Weekday(Weekday),
    /// A holiday without a name.
    #[error("a HOLIDAY needs a name")]
    Nameless,
    /// The file does not go on with the day after the last one.
    #[error("the day before this one is missing: the file must hold whole years without gaps")]
    Gap,
    /// The file does not begin on 1 January or does not end on 31 December.
    #[error("the file must begin on 1 January and end on 31 December")]
    PartOfYear,
}

/// The year published with the product, by the State Council's notice of 2025-11-04.
const YEAR_2026: &str = include_str!("../../../../../migration/data/calendar-2026.csv");
const HEADING: &str = "date,kind,name";
const LONGEST_NAME: usize = 40;

impl Calendar {
    /// Every day of 2026: 248 working days.
    /// ```
    /// let working = areas::Calendar::of_2026().days().filter(|day| day.kind.is_working()).count();
    /// assert_eq!(working, 248);
    /// ```
    #[must_use]
    pub fn of_2026() -> Self {
        // The file is part of the program and a test reads it; an empty calendar would answer `uncertain`, never wrong.
        Self::from_csv(YEAR_2026).unwrap_or_default()
    }

    /// Reads a calendar file; blank lines are skipped, a byte-order mark and CRLF are accepted, quoting is not.
    ///
    /// # Errors
    /// The first line that is wrong, and why.
    /// ```
    /// use areas::Calendar;
    /// let error = Calendar::from_csv("date,kind,name\n2026-02-30,HOLIDAY,").unwrap_err();
    /// assert_eq!(error.line, 2);
    /// ```
    pub fn from_csv(text: &str) -> Result<Self, CalendarFileError> {
        Ok(Self::from_days(read(text)?.into_iter().map(|(_, day)| day)))
    }

    /// Reads the calendar of whole years as a notice makes it (年度节假日安排): as [`Calendar::from_csv`], and every day must be
    /// there, of a kind that fits its weekday.
    ///
    /// # Errors
    /// The first line that is wrong, and why.
    /// ```
    /// use areas::{Calendar, CalendarProblem};
    /// let error = Calendar::from_notice("date,kind,name\n2027-01-01,HOLIDAY,元旦").unwrap_err();
    /// assert_eq!((error.line, error.problem), (2, CalendarProblem::PartOfYear));
    /// ```
    pub fn from_notice(text: &str) -> Result<Self, CalendarFileError> {
        let mut days = read(text)?;
        days.sort_by_key(|(_, day)| day.date);
        let (first, last) = (days.first(), days.last());
        let begins = |day: &CalendarDay| (day.date.month(), day.date.day()) == (1, 1);
        let ends = |day: &CalendarDay| (day.date.month(), day.date.day()) == (12, 31);
        let cut = first.filter(|(_, day)| !begins(day)).or(last.filter(|(_, day)| !ends(day)));
        if let Some((line, _)) = cut {
            return Err(CalendarFileError { line: *line, problem: CalendarProblem::PartOfYear });
        }
        if days.is_empty() {
            return Err(CalendarFileError { line: 1, problem: CalendarProblem::PartOfYear });
        }
        let mut before = None;
        for (line, day) in &days {
            let is_next = before.is_none_or(|before: NaiveDate| before.succ_opt() == Some(day.date));
            let problem = if is_next { misfit(day) } else { Some(CalendarProblem::Gap) };
            if let Some(problem) = problem {
                return Err(CalendarFileError { line: *line, problem });
            }
            before = Some(day.date);
        }
        Ok(Self::from_days(days.into_iter().map(|(_, day)| day)))
    }
}

/// What is wrong with a day of a notice.
fn misfit(day: &CalendarDay) -> Option<CalendarProblem> {
    let fits = match day.kind {
        DayKind::Holiday => true,
        DayKind::AdjustedWorkday => DayKind::by_weekday(day.date) == DayKind::Weekend,
        kind => kind == DayKind::by_weekday(day.date),
    };
    let is_nameless = day.kind == DayKind::Holiday && day.name.is_empty();
    (!fits)
        .then(|| CalendarProblem::Weekday(day.date.weekday()))
        .or_else(|| is_nameless.then_some(CalendarProblem::Nameless))
}

/// The days of a file, each with its line.
fn read(text: &str) -> Result<Vec<(usize, CalendarDay)>, CalendarFileError> {
    let mut lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
    let at = |line, problem| CalendarFileError { line, problem };
    if lines.next().is_none_or(|(_, heading)| heading.trim() != HEADING) {
        return Err(at(1, CalendarProblem::Heading));
    }
    let mut seen = BTreeSet::new();
    let mut days = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let day = parse_line(line).map_err(|problem| at(number, problem))?;
        if !seen.insert(day.date) {
            return Err(at(number, CalendarProblem::Repeated));
        }
        days.push((number, day));
    }
    Ok(days)
}

fn parse_line(line: &str) -> Result<CalendarDay, CalendarProblem> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let [date, kind, name] = fields.as_slice() else {
        return Err(CalendarProblem::Fields);
    };
    // The length keeps out years such as +12026 and shortened months, which the date parser would take.
    let date = date.parse::<NaiveDate>().ok().filter(|_| date.len() == 10).ok_or(CalendarProblem::Date)?;
    let kind = DayKind::ALL.into_iter().find(|known| known.as_str() == *kind).ok_or(CalendarProblem::Kind)?;
    if name.chars().count() > LONGEST_NAME {
        return Err(CalendarProblem::Name);
    }
    Ok(CalendarDay { date, kind, name: (*name).to_owned() })
}
