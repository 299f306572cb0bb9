//! What is counted (度量): the points that a case makes. Pure: of rows and facts alone, never of the time it is.
//!
//! | measure | one for each | placed at | values |
//! | --- | --- | --- | --- |
//! | `RECEIVED` 受理 | case | received | 1 all · 2 found by patrol or machine · 3 by machine · 4 decided on · 5 filed · 6 voiced by people |
//! | `CONTACT` 应联系 | order with a contact due | contact due | 1 all · 2 reached in time |
//! | `SENT` 派单 | order sent to a lead unit | signing due | 1 all · 2 returned · 3 to be signed · 4 signed in time |
//! | `DUE` 应办结 | order of any unit | due time in force | 1 all · 2 in time · 3 in time of the first due time · 4 handled · 5 working minutes it took |
//! | `ANSWER` 回访 | answer, or a case closed without one | answer | 1 asked · 2 rated · 3 says whether solved · 4 solved · 5 satisfied · 6 bad · 7 bad and handled anew |
//! | `CLOSED` 结案 | closed case | closed | 1 all · 2 in one round · 3 opened again by an answer · 4 failed a verification |
//! | `PROMISED` 应结案 | case with a promise | promised time | 1 all · 2 closed · 3 handled by then |
//!
//! A returned order counts as one sent and in nothing else, a void one in nothing. What is not settled is **open**: it counts
//! only when its instant is over, as it stands then. Whoever asks adds the open ones, so that time passing changes no row.

use areas::{Calendar, shanghai_date};
use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{
    AssignmentState, Channel, HandlingResult, RequestKind, ServiceRequestState as State, Solved, Source,
};
use entity::id::{ServiceRequestId, UnitId};
use entity::{assignment, service_request, survey};
use requests::{Answer, Dispatched, Fact, is_open};
use strum::{EnumIter, EnumString, IntoStaticStr};
use uuid::Uuid;

/// As what something is counted (度量); see the table above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Measure {
    /// 受理
    Received,
    /// 应联系
    Contact,
    /// 派单
    Sent,
    /// 应办结
    Due,
    /// 回访
    Answer,
    /// 结案
    Closed,
    /// 应结案
    Promised,
}

impl Measure {
    /// The stored name, e.g. `RECEIVED`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// How many values a measure has at most.
pub const VALUES: usize = 7;

/// The values of a point, or sums of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values(pub [i64; VALUES]);

impl Values {
    /// One of them, from zero; nothing beyond the last.
    #[must_use]
    pub fn at(&self, index: usize) -> i64 {
        self.0.get(index).copied().unwrap_or_default()
    }

    /// Adds others, so many times.
    pub fn add(&mut self, other: &Self, times: i64) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own += times * other);
    }

    /// Whether all are zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0 == [0; VALUES]
    }
}

impl<const N: usize> From<[bool; N]> for Values {
    fn from(flags: [bool; N]) -> Self {
        let mut values = [0; VALUES];
        values.iter_mut().zip(flags).for_each(|(value, flag)| *value = i64::from(flag));
        Self(values)
    }
}

/// A thing that was counted (计数点).
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// As what.
    pub measure: Measure,
    /// The order, the answer, or the case itself.
    pub subject: Uuid,
    /// The case.
    pub request: ServiceRequestId,
    /// The instant that places it in a period.
    pub at: DateTime<Utc>,
    /// Not settled.
    pub is_open: bool,
    /// Where it belongs.
    pub place: Place,
    /// The unit whose work it is.
    pub unit: Option<UnitId>,
    /// What it counts.
    pub values: Values,
}

/// Where a case belongs (维度).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Code of the street.
    pub street: String,
    /// Path of the smallest grid.
    pub area_path: String,
    /// Path of the self-government grid, or of what the case lies in above the grids.
    pub grid_path: String,
    /// Category.
    pub category: String,
    /// How it came.
    pub channel: Channel,
    /// Who found it.
    pub source: Source,
    /// Kind.
    pub kind: RequestKind,
    /// Grid cell of about 500 m.
    pub cell: Option<i64>,
}

impl Point {
    /// Its date in Shanghai.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        shanghai_date(self.at)
    }
}

/// A case with all that is counted of it.
#[derive(Clone, Debug)]
pub struct Story {
    /// Its row.
    pub row: service_request::Model,
    /// Orders to units.
    pub orders: Vec<assignment::Model>,
    /// Answers to its surveys.
    pub surveys: Vec<survey::Model>,
    /// Of a case that was merged into another (并案), the unit that leads that: its reporter is asked about its work.
    pub unit_of_other: Option<UnitId>,
    /// What happened, as far as it is counted, oldest first.
    pub told: Vec<(DateTime<Utc>, Fact)>,
}

/// Kinds of facts that are counted beside the rows.
pub const KINDS: [&str; 8] = [
    "request.recalled",
    "request.filed",
    "request.dispatched",
    "request.fast_tracked",
    "request.conferred",
    "request.handled",
    "request.reworked",
    "request.reopened",
];

impl Story {
    /// The points that the case makes.
    #[must_use]
    pub fn points(&self, calendar: &Calendar) -> Vec<Point> {
        // What the district took back (平台撤回) never was the street's matter: it counts in no rate.
        if self.told.iter().any(|(_, fact)| *fact == Fact::Recalled) {
            return Vec::new();
        }
        let mut points = Vec::with_capacity(8);
        points.extend(self.received());
        for order in self.orders.iter().filter(|order| order.state != AssignmentState::Voided) {
            points.extend(self.sent(order));
            if order.state != AssignmentState::Returned {
                points.extend(self.contact(order));
                points.extend(self.due(order, calendar));
            }
        }
        points.extend(self.surveys.iter().map(|answer| self.answer(answer)));
        points.extend(self.unanswered());
        points.extend(self.closed());
        points.extend(self.promised());
        points
    }

    fn point(&self, measure: Measure, subject: Uuid, at: DateTime<Utc>, unit: Option<UnitId>) -> Point {
        let row = &self.row;
        let place = Place {
            street: row.street.clone(),
            // Whatever grids are drawn anew later: what was told of a grid stays true.
            grid_path: areas::grid_path(&row.filed_area_path).unwrap_or(&row.filed_area_path).to_owned(),
            area_path: row.filed_area_path.clone(),
            category: row.category_code.clone(),
            channel: row.channel,
            source: row.source,
            kind: row.kind,
            cell: row.cell,
        };
        Point { measure, subject, request: row.id, at, is_open: false, place, unit, values: Values::default() }
    }

    fn of_case(&self, measure: Measure, at: DateTime<Utc>) -> Point {
        self.point(measure, self.row.id.0, at, self.row.lead_unit_id)
    }

    fn of_order(&self, measure: Measure, order: &assignment::Model, at: DateTime<Utc>) -> Point {
        self.point(measure, order.id.0, at, Some(order.unit_id))
    }

    fn received(&self) -> Option<Point> {
        let row = &self.row;
        let is_self_found = matches!(row.source, Source::Patrol | Source::Auto);
        let is_filed = self.told.iter().any(|(_, fact)| matches!(fact, Fact::Filed) || sent_by(fact).is_some());
        let is_decided = is_filed || row.state == State::Rejected;
        let flags = [true, is_self_found, row.source == Source::Auto, is_decided, is_filed, !is_self_found];
        let point = self.of_case(Measure::Received, row.created_at);
        is_one(row.state).then(|| Point { values: flags.into(), ..point })
    }

    fn sent(&self, order: &assignment::Model) -> Option<Point> {
        let due = self.sign_due(order)?;
        let is_returned = order.state == AssignmentState::Returned;
        let is_signed_in_time = !is_returned && order.signed_at.is_some_and(|at| at <= due);
        let is_open = order.state == AssignmentState::Pending;
        let flags = [true, is_returned, !is_returned, is_signed_in_time];
        Some(Point { is_open, values: flags.into(), ..self.of_order(Measure::Sent, order, due) })
    }

    /// When a lead order was to be signed; `None` for helpers and for new rounds, which nobody signs.
    fn sign_due(&self, order: &assignment::Model) -> Option<DateTime<Utc>> {
        let is_its_own = |told: &&(DateTime<Utc>, Fact)| told.0 == order.dispatched_at;
        let told = self.told.iter().filter(is_its_own).find_map(|(_, fact)| sent_by(fact)).map(|sent| sent.sign_due_at);
        let is_last = self.row.dispatched_at == Some(order.dispatched_at);
        told.or(self.row.sign_due_at.filter(|_| is_last)).filter(|_| order.is_lead)
    }

    fn contact(&self, order: &assignment::Model) -> Option<Point> {
        let due = order.contact_due_at?;
        let is_in_time = order.contacted_at.is_some_and(|at| at <= due);
        let is_open = order.contacted_at.is_none() && is_running(order);
        if is_open && self.is_paused() {
            return None;
        }
        Some(Point { is_open, values: [true, is_in_time].into(), ..self.of_order(Measure::Contact, order, due) })
    }

    /// Nothing is due while a case is paused (挂起).
    fn is_paused(&self) -> bool {
        self.row.state == State::Suspended
    }

    fn due(&self, order: &assignment::Model, calendar: &Calendar) -> Option<Point> {
        let is_by = |due| order.handled_at.is_some_and(|at| at <= due);
        let mut values: Values =
            [true, is_by(order.due_at), is_by(order.first_due_at), order.handled_at.is_some()].into();
        if let Some(handled_at) = order.handled_at {
            values.0[4] = calendar.working_minutes_between(order.dispatched_at, handled_at);
        }
        let is_open = order.handled_at.is_none() && is_running(order);
        let point = self.of_order(Measure::Due, order, order.due_at);
        (!(is_open && self.is_paused())).then_some(Point { is_open, values, ..point })
    }

    fn answer(&self, answer: &survey::Model) -> Point {
        let rating = answer.satisfaction.filter(|rating| (1..=5).contains(rating));
        let is_asked_whether_solved = self.asks_whether_solved(answer.round);
        let said = Answer { solved: answer.solved, satisfaction: answer.satisfaction, is_by_agent: answer.is_by_agent };
        let is_handled_anew = |order: &assignment::Model| order.round > answer.round && order.handled_at.is_some();
        let is_fixed = said.is_bad() && self.orders.iter().any(is_handled_anew);
        let flags = [
            true,
            rating.is_some(),
            is_asked_whether_solved,
            is_asked_whether_solved && answer.solved == Solved::Yes,
            rating.is_some_and(|rating| rating >= 3),
            said.is_bad(),
            is_fixed,
        ];
        let unit = self.lead_of_round(answer.round).map(|order| order.unit_id);
        let unit = unit.or(self.row.lead_unit_id).or(self.unit_of_other);
        Point { values: flags.into(), ..self.point(Measure::Answer, answer.id.0, answer.at, unit) }
    }

    /// Whether an answer says something about solving: there was something to solve in its round.
    fn asks_whether_solved(&self, round: i32) -> bool {
        let handled_at = self.lead_of_round(round).and_then(|order| order.handled_at);
        let result = self.told.iter().rev().find_map(|(at, fact)| match fact {
            Fact::Handled { result, .. } if Some(*at) == handled_at => Some(*result),
            _ => None,
        });
        let is_groundless = matches!(result, Some(HandlingResult::Unfounded | HandlingResult::Unreasonable));
        !is_groundless && !matches!(self.row.kind, RequestKind::Consult | RequestKind::Praise)
    }

    /// The lead order that was worked on in a round.
    fn lead_of_round(&self, round: i32) -> Option<&assignment::Model> {
        let counts = |order: &&assignment::Model| {
            order.is_lead
                && order.round == round
                && !matches!(order.state, AssignmentState::Returned | AssignmentState::Voided)
        };
        self.orders.iter().rfind(counts)
    }

    /// A case closed although its reporter was asked and did not answer.
    fn unanswered(&self) -> Option<Point> {
        let row = &self.row;
        let was_asked = row.state == State::Closed && row.survey_due_at.is_some();
        let has_answered = self.surveys.iter().any(|answer| answer.round == row.round);
        let point = self.of_case(Measure::Answer, row.closed_at?);
        (was_asked && !has_answered).then(|| Point { values: [true].into(), ..point })
    }

    fn closed(&self) -> Option<Point> {
        let row = &self.row;
        let has = |wanted: fn(&Fact) -> bool| self.told.iter().any(|(_, fact)| wanted(fact));
        let is_reopened = has(|fact| matches!(fact, Fact::Reopened { .. }));
        let is_redone = has(|fact| matches!(fact, Fact::Reworked { .. }));
        let flags = [true, row.round == 1, is_reopened, is_redone];
        let point = self.of_case(Measure::Closed, row.closed_at?);
        (row.state == State::Closed).then(|| Point { values: flags.into(), ..point })
    }

    fn promised(&self) -> Option<Point> {
        let row = &self.row;
        let promised_at = row.promised_at?;
        let is_kept = row.handled_at.is_some_and(|at| at <= promised_at);
        let flags = [true, row.state == State::Closed, is_kept];
        let point = self.of_case(Measure::Promised, promised_at);
        let is_open = is_open(row.state);
        (is_one(row.state) && row.state != State::Withdrawn && !self.is_paused()).then(|| Point {
            is_open,
            values: flags.into(),
            ..point
        })
    }
}

/// Whether a case in this state counts as one. What was merged into another (并案) counts there, and not twice.
fn is_one(state: State) -> bool {
    match state {
        State::Submitted | State::Accepted | State::Rejected | State::Filed | State::Dispatched => true,
        State::InProgress | State::ReturnPending | State::Handled | State::Verified => true,
        State::Suspended | State::Closed | State::Withdrawn => true,
        State::Merged => false,
    }
}

/// The order that a fact sends to a lead unit.
fn sent_by(fact: &Fact) -> Option<&Dispatched> {
    match fact {
        Fact::Dispatched(order) | Fact::FastTracked { order, .. } => Some(order),
        Fact::Conferred(conferred) => conferred.order.as_ref(),
        _ => None,
    }
}

/// Whether an order waits for something.
fn is_running(order: &assignment::Model) -> bool {
    matches!(order.state, AssignmentState::Pending | AssignmentState::Signed)
}

#[cfg(test)]
mod tests;
