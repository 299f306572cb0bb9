//! What a case counts as, at each step of its way.

use areas::Calendar;
use chrono::TimeDelta;
use entity::enums::{ContentState, Lane, Priority, Visibility};
use entity::id::{AccountId, AreaId, AssignmentId, SurveyId};
use requests::{Class, Dispatched, Submitted, workflow};

use super::*;

const CASE: ServiceRequestId = ServiceRequestId(Uuid::from_u128(1));
const UNIT: UnitId = UnitId(Uuid::from_u128(2));
const PERSON: AccountId = AccountId(Uuid::from_u128(3));

/// Monday, 09:00 in Shanghai, and so many hours later.
fn hour(hours: i64) -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours)
}

/// A case that goes along.
struct Way(Story);

impl Way {
    fn begins(source: Source, kind: RequestKind) -> Self {
        let class = Class {
            request_kind: kind,
            category_code: "FACILITY.STREET_LIGHT".to_owned(),
            is_city_object: false,
            lane: Lane::Normal,
            priority: Priority::Normal,
            sla_code: "HELP".to_owned(),
            visibility: Visibility::Private,
            content_state: ContentState::Pass,
            sla_version: 1,
        };
        let submitted = Submitted {
            case_no: "XH20261123000001".to_owned(),
            class,
            street: "310112008".to_owned(),
            area: AreaId(Uuid::nil()),
            area_path: "/310112008/310112008-D1/310112008001/310112008001-01/".to_owned(),
            cell: Some(7),
            reporter: Some(PERSON),
            submitted_by: PERSON,
            is_anonymous: false,
            is_confidential: false,
            may_contact: true,
            channel: Channel::Hotline12345,
            source,
            photos: Vec::new(),
            accept_due_at: hour(4),
            is_calendar_uncertain: false,
        };
        let row = workflow::begin(CASE, &submitted, hour(0));
        Self(Story { row, orders: Vec::new(), surveys: Vec::new(), unit_of_other: None, told: Vec::new() })
    }

    fn then(mut self, at: i64, fact: Fact) -> Self {
        workflow::evolve(&mut self.0.row, &fact, hour(at));
        self.0.told.push((hour(at), fact));
        self
    }

    /// Sent to the unit, with its order; everything is due 24 hours later, but signing after two.
    fn dispatched(self, at: i64) -> Self {
        let sent = Dispatched {
            lead_unit: UNIT,
            co_units: Vec::new(),
            sign_due_at: hour(at + 2),
            contact_due_at: Some(hour(at + 24)),
            due_at: hour(at + 24),
            return_until: hour(at + 8),
            is_calendar_uncertain: false,
            sla_version: 1,
        };
        self.then(at, Fact::Filed).then(at, Fact::Dispatched(Box::new(sent))).with_order(at)
    }

    fn with_order(mut self, at: i64) -> Self {
        let row = &self.0.row;
        let number = 100 + self.0.orders.len() as u128;
        self.0.orders.push(assignment::Model {
            id: AssignmentId(Uuid::from_u128(number)),
            request_id: CASE,
            round: row.round,
            unit_id: UNIT,
            is_lead: true,
            state: AssignmentState::Pending,
            handler_id: None,
            dispatched_at: hour(at),
            due_at: row.due_at.unwrap(),
            first_due_at: row.due_at.unwrap(),
            contact_due_at: row.contact_due_at,
            contacted_at: row.contacted_at,
            signed_at: None,
            handled_at: None,
            is_return_used: false,
        });
        self
    }

    fn order(&mut self) -> &mut assignment::Model {
        self.0.orders.last_mut().unwrap()
    }

    fn handled(mut self, at: i64, result: HandlingResult) -> Self {
        let order = self.order();
        (order.state, order.signed_at, order.contacted_at, order.handled_at) =
            (AssignmentState::Handled, Some(hour(at)), Some(hour(at)), Some(hour(at)));
        let verify_due_at = hour(at + 8);
        self.then(
            at,
            Fact::Handled { by: PERSON, result, photos: Vec::new(), verify_due_at, is_calendar_uncertain: false },
        )
        .then(at, Fact::Verified { survey_due_at: Some(hour(at + 100)) })
    }

    fn answered(mut self, at: i64, solved: Solved, satisfaction: Option<i32>) -> Self {
        self.0.surveys.push(survey::Model {
            id: SurveyId(Uuid::from_u128(200 + self.0.surveys.len() as u128)),
            request_id: CASE,
            round: self.0.row.round,
            account_id: PERSON,
            is_by_agent: false,
            solved,
            satisfaction,
            comment: None,
            at: hour(at),
        });
        let answer = Answer { solved, satisfaction, is_by_agent: false };
        if answer.is_bad() {
            let due_at = hour(at + 24);
            let contact_due_at = Some(due_at);
            let reopened = Fact::Reopened {
                answer: Some(answer),
                handler: None,
                due_at,
                contact_due_at,
                is_calendar_uncertain: false,
            };
            self.then(at, reopened).with_order(at)
        } else {
            self.then(at, Fact::Closed { answer: Some(answer), is_hard: false })
        }
    }

    /// Its points of a measure: place in hours from the beginning, whether open, values.
    fn counts(&self, measure: Measure) -> Vec<(i64, bool, [i64; VALUES])> {
        let points = self.0.points(&Calendar::of_2026()).into_iter().filter(|point| point.measure == measure);
        points.map(|point| ((point.at - hour(0)).num_hours(), point.is_open, point.values.0)).collect()
    }
}

fn help() -> Way {
    Way::begins(Source::Hotline, RequestKind::Help)
}

#[test]
fn a_new_case_is_received_and_no_more() {
    let case = help();
    assert_eq!(case.counts(Measure::Received), [(0, false, [1, 0, 0, 0, 0, 1, 0])]);
    assert_eq!(case.0.points(&Calendar::of_2026()).len(), 1);
    let found = Way::begins(Source::Auto, RequestKind::AutoFinding);
    assert_eq!(found.counts(Measure::Received), [(0, false, [1, 1, 1, 0, 0, 0, 0])]);
    let refused = help().then(1, Fact::Rejected { reason: entity::enums::RejectReason::Litigation });
    assert_eq!(refused.counts(Measure::Received), [(0, false, [1, 0, 0, 1, 0, 1, 0])]);
}

#[test]
fn an_order_is_open_until_its_work_is_done() {
    let case = help().dispatched(1);
    assert_eq!(case.counts(Measure::Due), [(25, true, [1, 0, 0, 0, 0, 0, 0])]);
    assert_eq!(case.counts(Measure::Contact), [(25, true, [1, 0, 0, 0, 0, 0, 0])]);
    assert_eq!(case.counts(Measure::Sent), [(3, true, [1, 0, 1, 0, 0, 0, 0])]);
    assert_eq!(case.counts(Measure::Promised), [(25, true, [1, 0, 0, 0, 0, 0, 0])]);
    let done = case.handled(3, HandlingResult::Solved);
    assert_eq!(done.counts(Measure::Due), [(25, false, [1, 1, 1, 1, 120, 0, 0])]);
    assert_eq!(done.counts(Measure::Contact), [(25, false, [1, 1, 0, 0, 0, 0, 0])]);
    assert_eq!(done.counts(Measure::Sent), [(3, false, [1, 0, 1, 1, 0, 0, 0])]);
    assert_eq!(done.counts(Measure::Promised), [(25, true, [1, 0, 1, 0, 0, 0, 0])]);
    assert_eq!(help().dispatched(1).handled(26, HandlingResult::Solved).counts(Measure::Due)[0].2[..4], [1, 0, 0, 1]);
}

#[test]
fn an_extension_moves_the_due_time_and_not_the_first_one() {
    let mut case = help().dispatched(1);
    case.order().due_at = hour(49);
    assert_eq!(case.counts(Measure::Due), [(49, true, [1, 0, 0, 0, 0, 0, 0])]);
    let done = case.handled(30, HandlingResult::Solved);
    assert_eq!(done.counts(Measure::Due)[0].2[..4], [1, 1, 0, 1]);
}

#[test]
fn a_returned_order_was_sent_and_a_void_one_was_not() {
    let mut case = help().dispatched(1);
    case.order().state = AssignmentState::Returned;
    assert_eq!(case.counts(Measure::Sent), [(3, false, [1, 1, 0, 0, 0, 0, 0])]);
    assert!(case.counts(Measure::Due).is_empty() && case.counts(Measure::Contact).is_empty());
    case.order().state = AssignmentState::Voided;
    assert!(case.counts(Measure::Sent).is_empty() && case.counts(Measure::Due).is_empty());
}

#[test]
fn an_answer_says_what_it_says() {
    let handled = || help().dispatched(1).handled(3, HandlingResult::Solved);
    let answered = |solved, rating| handled().answered(4, solved, rating).counts(Measure::Answer);
    assert_eq!(answered(Solved::Yes, Some(5)), [(4, false, [1, 1, 1, 1, 1, 0, 0])]);
    assert_eq!(answered(Solved::Partly, Some(3)), [(4, false, [1, 1, 1, 0, 1, 0, 0])]);
    assert_eq!(answered(Solved::Yes, None), [(4, false, [1, 0, 1, 1, 0, 0, 0])]);
    assert_eq!(answered(Solved::Yes, Some(2)), [(4, false, [1, 1, 1, 1, 0, 1, 0])]);
    assert_eq!(answered(Solved::No, Some(4)), [(4, false, [1, 1, 1, 0, 1, 1, 0])]);
}

#[test]
fn questions_praise_and_what_has_no_ground_are_not_asked_whether_solved() {
    for (kind, result) in [
        (RequestKind::Consult, HandlingResult::Explained),
        (RequestKind::Praise, HandlingResult::Explained),
        (RequestKind::Complaint, HandlingResult::Unfounded),
        (RequestKind::Complaint, HandlingResult::Unreasonable),
    ] {
        let case = Way::begins(Source::Resident, kind).dispatched(1).handled(3, result);
        let answers = case.answered(4, Solved::Yes, Some(5)).counts(Measure::Answer);
        assert_eq!(answers, [(4, false, [1, 1, 0, 0, 1, 0, 0])], "{kind:?} {result:?}");
    }
}

#[test]
fn a_bad_answer_is_made_good_by_handling_anew() {
    let case = help().dispatched(1).handled(3, HandlingResult::Unfounded).answered(4, Solved::No, Some(1));
    assert_eq!(case.counts(Measure::Answer), [(4, false, [1, 1, 0, 0, 0, 1, 0])]);
    assert_eq!(case.counts(Measure::Due).len(), 2, "each round has an order of its own");
    assert!(case.counts(Measure::Closed).is_empty());
    let again = case.handled(6, HandlingResult::Solved);
    assert_eq!(again.counts(Measure::Answer)[0].2, [1, 1, 0, 0, 0, 1, 1], "the first answer keeps its own result");
    let closed = again.answered(7, Solved::Yes, Some(5));
    assert_eq!(closed.counts(Measure::Closed), [(7, false, [1, 0, 1, 0, 0, 0, 0])]);
    assert_eq!(closed.counts(Measure::Promised), [(25, false, [1, 1, 1, 0, 0, 0, 0])]);
    assert_eq!(closed.counts(Measure::Sent).len(), 1, "nobody signs for a new round");
}

#[test]
fn a_case_closed_in_silence_was_asked() {
    let mut case = help().dispatched(1).handled(3, HandlingResult::Solved);
    (case.0.row.state, case.0.row.closed_at) = (State::Closed, Some(hour(200)));
    assert_eq!(case.counts(Measure::Answer), [(200, false, [1, 0, 0, 0, 0, 0, 0])]);
    assert_eq!(case.counts(Measure::Closed), [(200, false, [1, 1, 0, 0, 0, 0, 0])]);
}

#[test]
fn a_case_taken_back_was_received_and_promises_nothing() {
    let case = help().then(1, Fact::Withdrawn);
    assert_eq!(case.counts(Measure::Received), [(0, false, [1, 0, 0, 0, 0, 1, 0])]);
    assert!(case.counts(Measure::Promised).is_empty());
}
