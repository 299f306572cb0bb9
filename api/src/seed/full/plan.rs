//! What is to happen (剧本): which cases there are, when each comes in and how it ends. Counted, not drawn: only the order
//! and the instants are left to chance.

use areas::Calendar;
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use entity::enums::{Queue, RejectReason, Solved, Source};
use requests::Answer;

use super::dice::Dice;

/// Hotline cases.
const HOTLINE: usize = 3_000;
/// Cases found on patrol.
const PATROL: usize = 21_573;
/// Cases found by machines.
const AUTO: usize = 2_112;

/// Hotline cases by the rounds they took: answered well in the first, in the second, in the third; never (疑难件).
const ROUNDS: [usize; 4] = [2_430, 252, 18, 4];
/// Hotline orders whose reporter was called too late, and that were handled too late.
const LATE_CONTACTS: usize = 69;
const LATE: usize = 12;
/// Hotline cases that came to nothing, and hotline cases on each desk.
const REJECTED: usize = 110;
const WITHDRAWN: usize = 60;
const ON_DESKS: [(Queue, usize); 7] = [
    (Queue::ToAccept, 20),
    (Queue::ToDispatch, 24),
    (Queue::ToSign, 18),
    (Queue::Handling, 30),
    (Queue::Returns, 2),
    (Queue::ToVerify, 14),
    (Queue::ToCallback, 18),
];

/// Findings that were refused; worked over once; handled too late; never handled, and overdue.
const FINDINGS_REJECTED: usize = 120;
const FINDINGS_REWORKED: usize = 235;
const FINDINGS_LATE: usize = 84;
const FINDINGS_OVERDUE: usize = 10;
/// Findings on each desk.
const FINDINGS_ON_DESKS: [(Queue, usize); 6] = [
    (Queue::ToAccept, 45),
    (Queue::ToDispatch, 45),
    (Queue::ToSign, 60),
    (Queue::Handling, 80),
    (Queue::Returns, 6),
    (Queue::ToVerify, 64),
];

/// A case to be told.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) at: DateTime<Utc>,
    pub(super) source: Source,
    pub(super) ending: Ending,
}

/// How a case ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ending {
    Rejected(RejectReason),
    Withdrawn,
    /// It lies on a desk, in time.
    On(Queue),
    /// It lies with its handler, too late.
    Overdue,
    Closed(Course),
}

/// How a closed case went.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Course {
    /// A first unit returned it.
    pub(super) is_returned: bool,
    pub(super) is_contact_late: bool,
    pub(super) is_late: bool,
    /// The first work was not good enough.
    pub(super) is_reworked: bool,
    /// One a round; none when nobody is asked.
    pub(super) answers: Vec<Answer>,
}

/// When cases may come in.
#[derive(Clone, Copy, PartialEq)]
enum Season {
    /// Early enough for three rounds.
    UntilAugust,
    /// Early enough for all that is due to be due in the period.
    UntilOctober,
    /// In the days before the period ends, too late for anything to be due in it.
    LastFriday,
    /// Overdue when the period ends.
    MidOctober,
    /// The evening before the last day.
    LastNight,
}

/// All cases, oldest first.
pub(super) fn plans(calendar: &Calendar) -> anyhow::Result<Vec<Plan>> {
    let dice = Dice::new(super::super::SEED ^ 0x706C_616E);
    let mut cast: Vec<(Source, Season, Ending)> = hotline(&dice);
    anyhow::ensure!(cast.len() == HOTLINE, "{} hotline cases are planned", cast.len());
    cast.extend(findings(&dice));
    let days = Days::new(calendar)?;
    let mut plans: Vec<Plan> = cast
        .into_iter()
        .map(|(source, season, ending)| Plan { at: days.instant(&dice, source, season), source, ending })
        .collect();
    plans.sort_by_key(|plan| plan.at);
    Ok(plans)
}

fn hotline(dice: &Dice) -> Vec<(Source, Season, Ending)> {
    let (mut good, mut bad) = (good_answers(), bad_answers());
    dice.shuffle(&mut good);
    dice.shuffle(&mut bad);
    let mut endings = Vec::new();
    for (rounds, cases) in ROUNDS.into_iter().enumerate() {
        for _ in 0..cases {
            let mut answers: Vec<Answer> = bad.drain(bad.len() - rounds.min(3)..).collect();
            answers.extend(if rounds < 3 { good.pop() } else { None });
            let season = if rounds == 0 { Season::UntilOctober } else { Season::UntilAugust };
            let is_returned = dice.percent(2);
            endings.push((season, Course { is_returned, answers, ..Course::default() }));
        }
    }
    // The late ones are of the first round, and had time enough.
    for (number, (season, course)) in endings.iter_mut().take(LATE_CONTACTS + LATE).enumerate() {
        *season = Season::UntilAugust;
        course.is_contact_late = number < LATE_CONTACTS;
        course.is_late = number >= LATE_CONTACTS;
    }
    let closed = endings.into_iter().map(|(season, course)| (season, Ending::Closed(course)));
    let rejected = (0..REJECTED).map(|number| {
        let reasons = [RejectReason::OutsideJurisdiction, RejectReason::NoNewFacts, RejectReason::Litigation];
        (Season::UntilOctober, Ending::Rejected(reasons[number % 3]))
    });
    let withdrawn = (0..WITHDRAWN).map(|_| (Season::UntilOctober, Ending::Withdrawn));
    let all = closed.chain(rejected).chain(withdrawn).chain(on_desks(&ON_DESKS));
    all.map(|(season, ending)| (Source::Hotline, season, ending)).collect()
}

fn findings(dice: &Dice) -> Vec<(Source, Season, Ending)> {
    let rejected = [RejectReason::NoSubstance, RejectReason::OutsideJurisdiction, RejectReason::NoNewFacts];
    let rejected = (0..FINDINGS_REJECTED).map(|number| (Season::UntilOctober, Ending::Rejected(rejected[number % 3])));
    let overdue = (0..FINDINGS_OVERDUE).map(|_| (Season::MidOctober, Ending::Overdue));
    let mut cast: Vec<(Season, Ending)> =
        on_desks(&FINDINGS_ON_DESKS).into_iter().chain(rejected).chain(overdue).collect();
    let closed = (PATROL + AUTO).saturating_sub(cast.len());
    cast.extend((0..closed).map(|number| {
        let is_late = number < FINDINGS_LATE;
        let is_reworked = (FINDINGS_LATE..FINDINGS_LATE + FINDINGS_REWORKED).contains(&number);
        let course = Course { is_returned: dice.percent(1), is_late, is_reworked, ..Course::default() };
        (Season::UntilOctober, Ending::Closed(course))
    }));
    let mut sources: Vec<Source> = vec![Source::Patrol; PATROL];
    sources.resize(PATROL + AUTO, Source::Auto);
    dice.shuffle(&mut sources);
    sources.into_iter().zip(cast).map(|(source, (season, ending))| (source, season, ending)).collect()
}

fn on_desks(desks: &[(Queue, usize)]) -> Vec<(Season, Ending)> {
    let season = |queue| if queue == Queue::ToAccept { Season::LastNight } else { Season::LastFriday };
    desks.iter().flat_map(|(queue, cases)| (0..*cases).map(move |_| (season(*queue), Ending::On(*queue)))).collect()
}

/// 2,700 answers that close a case: 2,100 rate it 3 to 5, 600 would not rate; 36 call it solved in part.
fn good_answers() -> Vec<Answer> {
    (0..2_700_usize)
        .map(|number| {
            let satisfaction = (number < 2_100).then_some([5, 5, 4, 5, 4, 3, 5, 4, 5, 3][number % 10]);
            let solved = if number < 36 { Solved::Partly } else { Solved::Yes };
            let is_by_agent = satisfaction.is_none() || number.is_multiple_of(3);
            Answer { solved, satisfaction, is_by_agent }
        })
        .collect()
}

/// 300 answers that open a case again: 150 not solved, 50 solved in part, 100 solved but badly.
fn bad_answers() -> Vec<Answer> {
    (0..300_usize)
        .map(|number| {
            let solved = match number {
                0..150 => Solved::No,
                150..200 => Solved::Partly,
                _ => Solved::Yes,
            };
            let satisfaction = Some(if number < 150 && number.is_multiple_of(2) { 1 } else { 2 });
            Answer { solved, satisfaction, is_by_agent: number.is_multiple_of(2) }
        })
        .collect()
}

/// The days cases come in on.
struct Days {
    working: Vec<NaiveDate>,
    all: Vec<NaiveDate>,
    last_friday: NaiveDate,
}

impl Days {
    fn new(calendar: &Calendar) -> anyhow::Result<Self> {
        let all: Vec<NaiveDate> = calendar.days().map(|day| day.date).filter(|date| date.year() == 2026).collect();
        let working = all.iter().copied().filter(|date| calendar.working_day(*date).is_some()).collect();
        Ok(Self { working, all, last_friday: "2026-10-30".parse()? })
    }

    /// An instant of a season at which a source speaks up: patrols walk in working hours, people call all day, machines
    /// never sleep.
    fn instant(&self, dice: &Dice, source: Source, season: Season) -> DateTime<Utc> {
        let is_patrol = source == Source::Patrol;
        let days = if is_patrol { &self.working } else { &self.all };
        let between = |from: (u32, u32), to: (u32, u32)| {
            let days: Vec<&NaiveDate> = days.iter().filter(|day| in_range(**day, from, to)).collect();
            **dice.pick(&days)
        };
        let (date, from, to) = match season {
            Season::UntilAugust => (between((1, 1), (8, 31)), 7, 22),
            Season::UntilOctober => (between((1, 1), (10, 22)), 7, 22),
            Season::MidOctober => (between((10, 12), (10, 16)), 9, 16),
            Season::LastFriday if source == Source::Hotline => (self.last_friday, 8, 10),
            Season::LastFriday => (self.last_friday, 14, 15),
            Season::LastNight => (self.last_friday, 18, 23),
        };
        let (from, to) = match season {
            Season::UntilAugust | Season::UntilOctober if is_patrol => (9, 17),
            Season::UntilAugust | Season::UntilOctober if source == Source::Auto => (0, 24),
            _ => (from, to),
        };
        let seconds = from * 3_600 + dice.below((to - from) * 3_600);
        let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(8);
        midnight + TimeDelta::seconds(i64::try_from(seconds).unwrap_or_default())
    }
}

fn in_range(day: NaiveDate, from: (u32, u32), to: (u32, u32)) -> bool {
    (from..=to).contains(&(day.month(), day.day()))
}
