//! When a space is open (开放时间): weekly rules by kind of day, dated exceptions in their place, and closures taken away. Pure.

use areas::DayKind;
use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, TimeDelta, Utc, Weekday};
use entity::enums::OpeningSession as Session;
use entity::id::AccountId;

use crate::span::{Span, SpanError, Spans};

const EAST: i32 = 8 * 3_600;
/// A day has this many minutes; hours may end with it, and go no further.
const DAY: i32 = 24 * 60;

/// On which days a rule holds (适用日).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Days {
    /// Working days, make-up workdays (调休) included, however they fall.
    Working,
    /// Days off that are no holidays.
    Weekend,
    /// Holidays by the notice, whatever their weekday.
    Holidays,
    /// Certain weekdays, while they are what they usually are: neither holidays nor make-up workdays.
    On(Vec<Weekday>),
}

impl Days {
    /// Whether a date is one of them.
    #[must_use]
    pub fn hold(&self, date: NaiveDate, kind: DayKind) -> bool {
        match (self, kind) {
            (Self::Working, kind) => kind.is_working(),
            (Self::Weekend, kind) => kind == DayKind::Weekend,
            (Self::Holidays, kind) => kind == DayKind::Holiday,
            (Self::On(days), DayKind::Workday | DayKind::Weekend) => days.contains(&date.weekday()),
            (Self::On(_), DayKind::Holiday | DayKind::AdjustedWorkday) => false,
        }
    }
}

/// Hours of a day, in minutes since midnight in Shanghai (时间段): from 0, up to 1,440.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hours {
    from: i32,
    to: i32,
}

impl Hours {
    /// From one minute of the day up to another.
    ///
    /// # Errors
    /// [`SpanError::OffGrid`] between two quarters of an hour and outside the day; [`SpanError::Empty`] for those that end before
    /// they begin.
    pub fn between(from: i32, to: i32) -> Result<Self, SpanError> {
        let is_on_grid = |minute: i32| minute % 15 == 0 && (0..=DAY).contains(&minute);
        match (is_on_grid(from) && is_on_grid(to), from < to) {
            (false, _) => Err(SpanError::OffGrid),
            (true, false) => Err(SpanError::Empty),
            (true, true) => Ok(Self { from, to }),
        }
    }

    /// The same on a date.
    #[must_use]
    pub fn on(self, date: NaiveDate) -> Option<Span> {
        let at = |minute: i32| midnight(date).map(|midnight| midnight + TimeDelta::minutes(i64::from(minute)));
        Span::between(at(self.from)?, at(self.to)?).ok()
    }
}

/// Hours in which somebody is there (开放场次).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staffed {
    /// When.
    pub hours: Hours,
    /// Which session that is.
    pub session: Session,
    /// Who is on duty (值班人员); without one there is no session but the day's of a working day, when the centre is staffed anyway.
    pub duty: Option<AccountId>,
}

impl Staffed {
    /// Whether somebody lets people in on a day of a kind.
    #[must_use]
    pub fn is_held(&self, kind: DayKind) -> bool {
        (self.session == Session::Day && kind.is_working()) || self.duty.is_some()
    }
}

/// A rule of opening (开放规则).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// On which days.
    pub days: Days,
    /// When, and with whom.
    pub staffed: Staffed,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Its last day, if it has one.
    pub valid_to: Option<NaiveDate>,
}

impl Rule {
    fn holds_on(&self, date: NaiveDate, kind: DayKind) -> bool {
        let is_valid = self.valid_from <= date && self.valid_to.is_none_or(|last| date <= last);
        is_valid && self.days.hold(date, kind)
    }
}

/// What holds on a date in place of every rule (特殊日): other hours, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The date.
    pub date: NaiveDate,
    /// When it is open, and with whom.
    pub staffed: Vec<Staffed>,
}

/// All that is known of when a space is open.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// Weekly rules.
    pub rules: Vec<Rule>,
    /// Days on which they do not hold.
    pub exceptions: Vec<Exception>,
    /// Times at which it is closed whatever they say.
    pub closures: Vec<Span>,
}

impl Opening {
    /// The sessions of a date in Shanghai, closures aside: of its exception if it has one, else of the rules that hold.
    pub fn sessions(&self, date: NaiveDate, kind: DayKind) -> impl Iterator<Item = Staffed> {
        let exception = self.exceptions.iter().find(|exception| exception.date == date);
        let rules = self.rules.iter().filter(move |rule| exception.is_none() && rule.holds_on(date, kind));
        let staffed = exception.into_iter().flat_map(|exception| exception.staffed.iter().copied());
        staffed.chain(rules.map(|rule| rule.staffed)).filter(move |staffed| staffed.is_held(kind))
    }

    /// When it is open on a date in Shanghai.
    #[must_use]
    pub fn on(&self, date: NaiveDate, kind: DayKind) -> Spans {
        let open: Spans = self.sessions(date, kind).filter_map(|staffed| staffed.hours.on(date)).collect();
        self.closures.iter().fold(open, |open, closure| open.without(*closure))
    }
}

/// When a date begins; `None` for years of which no database keeps instants.
fn midnight(date: NaiveDate) -> Option<DateTime<Utc>> {
    if !(1..=9_999).contains(&date.year()) {
        return None;
    }
    let shanghai = FixedOffset::east_opt(EAST)?;
    date.and_hms_opt(0, 0, 0)?.and_local_timezone(shanghai).single().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use areas::shanghai_date;

    use super::*;

    const MONDAY: NaiveDate = date(2026, 11, 23);
    const SATURDAY: NaiveDate = date(2026, 11, 28);

    const fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn hours(from: i32, to: i32) -> Hours {
        Hours::between(from * 60, to * 60).unwrap()
    }

    fn staffed(hours: Hours, session: Session) -> Staffed {
        Staffed { hours, session, duty: Some(AccountId(Uuid::from_u128(1))) }
    }

    fn rule(days: Days, hours: Hours, session: Session) -> Rule {
        Rule { days, staffed: staffed(hours, session), valid_from: MONDAY, valid_to: Some(date(2026, 12, 31)) }
    }

    fn opening() -> Opening {
        Opening {
            rules: vec![
                rule(Days::Working, hours(8, 12), Session::Day),
                rule(Days::Working, hours(13, 17), Session::Day),
                rule(Days::On(vec![Weekday::Tue, Weekday::Thu]), hours(18, 20), Session::Evening),
                rule(Days::Weekend, hours(9, 16), Session::Weekend),
                rule(Days::Holidays, hours(10, 14), Session::Holiday),
            ],
            ..Opening::default()
        }
    }

    /// Hours of a date in Shanghai.
    fn open(opening: &Opening, date: NaiveDate, kind: DayKind) -> Vec<String> {
        let clock = |at: DateTime<Utc>| (at + TimeDelta::hours(8)).format("%H:%M").to_string();
        opening.on(date, kind).iter().map(|span| format!("{}-{}", clock(span.begins()), clock(span.ends()))).collect()
    }

    #[test]
    fn the_kind_of_day_decides_which_rules_hold() {
        use DayKind as K;
        let (tuesday, opening) = (date(2026, 11, 24), opening());
        for (date, kind, expected) in [
            (MONDAY, K::Workday, &["08:00-12:00", "13:00-17:00"][..]),
            (tuesday, K::Workday, &["08:00-12:00", "13:00-17:00", "18:00-20:00"]),
            (tuesday, K::Holiday, &["10:00-14:00"]),
            (SATURDAY, K::Weekend, &["09:00-16:00"]),
            (SATURDAY, K::AdjustedWorkday, &["08:00-12:00", "13:00-17:00"]),
            (date(2026, 11, 22), K::Weekend, &[]),
            (date(2027, 1, 2), K::Weekend, &[]),
        ] {
            assert_eq!(open(&opening, date, kind), expected, "{date} {kind:?}");
        }
    }

    #[test]
    fn an_exception_holds_alone_and_a_closure_takes_away() {
        let mut opening = opening();
        opening.exceptions = vec![
            Exception { date: MONDAY, staffed: vec![staffed(hours(19, 21), Session::Evening)] },
            Exception { date: SATURDAY, staffed: Vec::new() },
        ];
        assert_eq!(open(&opening, MONDAY, DayKind::Workday), ["19:00-21:00"]);
        assert!(open(&opening, SATURDAY, DayKind::Weekend).is_empty());
        let tuesday = date(2026, 11, 24);
        opening.closures = vec![hours(11, 14).on(tuesday).unwrap(), hours(20, 24).on(MONDAY).unwrap()];
        assert_eq!(open(&opening, tuesday, DayKind::Workday), ["08:00-11:00", "14:00-17:00", "18:00-20:00"]);
        assert_eq!(open(&opening, MONDAY, DayKind::Workday), ["19:00-20:00"]);
    }

    #[test]
    fn no_session_but_the_days_is_held_without_somebody_on_duty() {
        let mut opening = opening();
        opening.rules.iter_mut().for_each(|rule| rule.staffed.duty = None);
        let tuesday = date(2026, 11, 24);
        assert_eq!(open(&opening, tuesday, DayKind::Workday), ["08:00-12:00", "13:00-17:00"]);
        assert!(open(&opening, SATURDAY, DayKind::Weekend).is_empty());
        assert!(open(&opening, tuesday, DayKind::Holiday).is_empty());
    }

    #[test]
    fn hours_lie_within_a_day_on_quarters() {
        assert_eq!(Hours::between(25 * 60, 26 * 60), Err(SpanError::OffGrid));
        assert_eq!(Hours::between(-15, 60), Err(SpanError::OffGrid));
        assert_eq!(Hours::between(8 * 60 + 10, 9 * 60), Err(SpanError::OffGrid));
        assert_eq!(Hours::between(9 * 60, 8 * 60), Err(SpanError::Empty));
        let whole = Hours::between(0, DAY).unwrap().on(MONDAY).unwrap();
        assert_eq!(whole.granules().count(), 96);
        assert_eq!((shanghai_date(whole.begins()), shanghai_date(whole.ends())), (MONDAY, date(2026, 11, 24)));
    }
}
