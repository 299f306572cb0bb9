use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{
    Audience, ClockKind, ConflictKind, ContactMethod, ContactOutcome, ContentReason, HandlingResult, NotificationLevel,
    RejectReason, RiskLevel, ServiceRequestState, Solved, SupervisionLevel, SupervisionReason, SuspendReason,
    WarningLevel, WarningTo,
};
use entity::id::{AccountId, AreaId, ServiceRequestId};
use expect_test::expect_file;
use requests::{Answer, Content, Dispatched, Redaction, Reported, Warning};
use uuid::Uuid;

use super::*;
use crate::matrix::{is_urgent, kind_of};

const HANDLER: AccountId = AccountId(Uuid::from_u128(1));
const COLLEAGUE: AccountId = AccountId(Uuid::from_u128(2));
const UNIT: UnitId = UnitId(Uuid::from_u128(3));

fn now() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn glance(priority: Priority, handler: Option<AccountId>) -> Glance {
    Glance {
        id: ServiceRequestId(Uuid::from_u128(9)),
        case_no: "XH20261123000001".to_owned(),
        category_code: "PROPERTY.REPAIR".to_owned(),
        area_path: "/310112008/310112008-D1/".to_owned(),
        state: ServiceRequestState::InProgress,
        priority,
        is_anonymous: false,
        reporter: Some(AccountId(Uuid::from_u128(4))),
        handler,
        lead_unit: Some(UNIT),
        due_at: Some(now() + TimeDelta::days(5)),
    }
}

/// One of each fact, by the name of its kind.
fn facts() -> Vec<(&'static str, Fact)> {
    let later = now() + TimeDelta::days(1);
    let answer = Answer { solved: Solved::No, satisfaction: Some(1), is_by_agent: false };
    let is_calendar_uncertain = false;
    let order = Dispatched {
        lead_unit: UNIT,
        co_units: Vec::new(),
        sign_due_at: later,
        contact_due_at: None,
        due_at: later,
        return_until: later,
        sla_version: 1,
        is_calendar_uncertain,
    };
    let hidden = Reviewed {
        content: Content::Request,
        before: ContentState::Review,
        after: ContentState::Risky,
        reason: Some(ContentReason::PersonalData),
        is_reporters: true,
        decides: 0,
    };
    let reason = ContentReason::PersonalData;
    let redaction = Redaction { description: true, address: false, photo: None, reason };
    vec![
        ("supplemented", Fact::Supplemented { photos: Vec::new() }),
        ("rejected", Fact::Rejected { reason: RejectReason::Litigation }),
        ("objected", Fact::Objected { accept_due_at: later, is_calendar_uncertain }),
        ("withdrawn", Fact::Withdrawn),
        ("recalled", Fact::Recalled),
        ("filed", Fact::Filed),
        ("dispatched", Fact::Dispatched(Box::new(order))),
        ("signed", Fact::Signed { handler: HANDLER }),
        ("contacted", Fact::Contacted { method: ContactMethod::Phone, outcome: ContactOutcome::Reached, counts: true }),
        (
            "handled",
            Fact::Handled {
                by: HANDLER,
                result: HandlingResult::Solved,
                photos: Vec::new(),
                verify_due_at: later,
                is_calendar_uncertain,
            },
        ),
        ("verified", Fact::Verified { survey_due_at: Some(later) }),
        ("verified, nobody to ask", Fact::Verified { survey_due_at: None }),
        ("reworked", Fact::Reworked { due_at: later, is_calendar_uncertain }),
        ("closed", Fact::Closed { answer: Some(answer), is_hard: true }),
        (
            "reopened",
            Fact::Reopened {
                answer: Some(answer),
                handler: Some(COLLEAGUE),
                due_at: later,
                contact_due_at: None,
                is_calendar_uncertain,
            },
        ),
        (
            "return requested",
            Fact::ReturnRequested { unit: UNIT, suggested_unit: UNIT, return_due_at: later, is_calendar_uncertain },
        ),
        ("return granted", Fact::ReturnGranted { unit: UNIT, dispatch_due_at: later, is_calendar_uncertain }),
        ("return denied", Fact::ReturnDenied { unit: UNIT, to: ServiceRequestState::Dispatched }),
        ("handed over", Fact::HandedOver { from: HANDLER, to: COLLEAGUE }),
        ("extended", Fact::Extended { days: 3, due_at: later, is_calendar_uncertain }),
        ("suspended", Fact::Suspended { reason: SuspendReason::Litigation, until: later }),
        ("resumed", Fact::Resumed { due_at: Some(later), contact_due_at: None, is_calendar_uncertain }),
        ("urged", Fact::Urged { again_at: later }),
        ("noted for the staff", Fact::Said { to: Audience::Staff }),
        ("message to the reporter", Fact::Said { to: Audience::Participant }),
        ("public update", Fact::Said { to: Audience::Public }),
        ("questioned", Fact::Questioned { until: later, is_calendar_uncertain }),
        (
            "replied",
            Fact::QuestionAnswered {
                photos: Vec::new(),
                due_at: Some(later),
                contact_due_at: None,
                is_calendar_uncertain,
            },
        ),
        (
            "supervised",
            Fact::Supervised {
                level: SupervisionLevel::Street,
                reason: SupervisionReason::Overdue,
                answer_due_at: later,
                is_calendar_uncertain,
            },
        ),
        (
            "warned of a conflict",
            Fact::ConflictWarned { about: ConflictKind::Labor, headcount: 9, risk: RiskLevel::Orange },
        ),
        ("callback missed", Fact::CallbackMissed { outcome: ContactOutcome::NoAnswer }),
        ("refiled", Fact::Refiled { is_by_reporter: true, dispatch_due_at: later, is_calendar_uncertain }),
        ("merged", Fact::Merged { into: ServiceRequestId(Uuid::from_u128(8)), survey_due_at: None }),
        ("raised", Fact::Raised { priority: Priority::High }),
        ("archived", Fact::Archived),
        ("anonymised", Fact::Anonymised),
        ("held", Fact::LegalHoldPlaced),
        ("released", Fact::LegalHoldReleased),
        ("relocated", Fact::Relocated { area: AreaId(Uuid::from_u128(9)), area_path: "/310112008/".to_owned() }),
        ("caught by the check", Fact::ContentHeld(Content::Request)),
        ("reported", Fact::ContentReported(Reported { reason: ContentReason::Abuse, open: 1, is_held: false })),
        ("reported again", Fact::ContentReported(Reported { reason: ContentReason::Abuse, open: 2, is_held: false })),
        (
            "reported and held back",
            Fact::ContentReported(Reported { reason: ContentReason::Abuse, open: 3, is_held: true }),
        ),
        ("the reporter's words hidden", Fact::ContentReviewed(hidden)),
        ("the unit's words hidden", Fact::ContentReviewed(Reviewed { is_reporters: false, ..hidden })),
        ("redacted", Fact::Redacted(redaction)),
        ("passed", Fact::ContentReviewed(Reviewed { after: ContentState::Pass, decides: 3, reason: None, ..hidden })),
    ]
}

#[test]
fn whom_the_ladder_names_is_told_by_its_colour() {
    let case = glance(Priority::Normal, Some(HANDLER));
    for (level, expected) in [
        (WarningLevel::Yellow, NotificationLevel::Yellow),
        (WarningLevel::Orange, NotificationLevel::Orange),
        (WarningLevel::Red, NotificationLevel::Red),
    ] {
        for (tells, to) in [
            (WarningTo::Handler, Recipients::Person(HANDLER)),
            (WarningTo::Desk, Recipients::Person(HANDLER)),
            (WarningTo::UnitLeader, Recipients::Leaders(UNIT)),
            (WarningTo::DutyChief, Recipients::Staff(Role::DutyChief)),
            (WarningTo::Supervisor, Recipients::Staff(Role::Supervisor)),
        ] {
            let warning = Warning { clock: ClockKind::Handle, step: 1, level, tells };
            let lines = told(&Fact::Reminded(warning), &case);
            assert_eq!(lines, [Told { to, template: Template::Reminder, level: expected }]);
        }
    }
    let warning = Warning { clock: ClockKind::Handle, step: 1, level: WarningLevel::Red, tells: WarningTo::Handler };
    let unsigned = told(&Fact::Escalated(warning), &glance(Priority::Normal, None));
    assert_eq!(unsigned[0].to, Recipients::People(UNIT), "before anybody signed, the unit");
}

fn name(recipients: Recipients) -> String {
    match recipients {
        Recipients::Owner => "the reporter".to_owned(),
        Recipients::Agents => "who acts for the reporter".to_owned(),
        Recipients::CoReporters => "reporters of merged cases".to_owned(),
        Recipients::Followers => "who follows it".to_owned(),
        Recipients::Complainants => "who reported abuse".to_owned(),
        Recipients::Person(HANDLER) => "the handler".to_owned(),
        Recipients::Person(_) => "the next handler".to_owned(),
        Recipients::Registered
        | Recipients::Confirmed
        | Recipients::Members
        | Recipients::OtherMembers
        | Recipients::Secretaries => {
            panic!("of events only")
        }
        Recipients::Leaders(_) => "leaders of the unit".to_owned(),
        Recipients::People(_) => "people of the unit".to_owned(),
        Recipients::Staff(role) => format!("{role:?}s of the area"),
    }
}

#[test]
fn the_matrix_is_reviewed() {
    let mut table = String::from("# what happened: to whom, what (of which kind)\n");
    let case = glance(Priority::Normal, Some(HANDLER));
    for (happened, fact) in facts() {
        let lines = told(&fact, &case);
        let told =
            lines.iter().map(|line| format!("{}, {:?} ({:?})", name(line.to), line.template, kind_of(line.template)));
        let told = told.collect::<Vec<_>>().join("; ");
        writeln!(table, "{happened}: {}", if told.is_empty() { "nobody" } else { &told }).unwrap();
    }
    expect_file!["table.txt"].assert_eq(&table);
}

#[test]
fn a_red_conflict_presses_who_can_send_for_help() {
    let warned = Fact::ConflictWarned { about: ConflictKind::Labor, headcount: 15, risk: RiskLevel::Red };
    let lines = told(&warned, &glance(Priority::Normal, Some(HANDLER)));
    let (template, level) = (Template::ConflictWarned, NotificationLevel::Red);
    let expected =
        [Role::DutyChief, Role::Supervisor].map(|role| Told { to: Recipients::Staff(role), template, level });
    assert_eq!(lines, expected);
}

#[test]
fn an_emergency_is_urgent_and_nothing_else_here() {
    for (happened, fact) in facts() {
        let urgent = told(&fact, &glance(Priority::Emergency, Some(HANDLER)));
        assert!(urgent.iter().all(|line| is_urgent(line.level)), "{happened}");
        for priority in [Priority::Normal, Priority::High, Priority::Urgent] {
            let calm = told(&fact, &glance(priority, Some(HANDLER)));
            assert!(calm.iter().all(|line| !is_urgent(line.level)), "{happened}");
        }
    }
}

#[test]
fn nobody_handles_it_nobody_is_told() {
    let reworked = Fact::Reworked { due_at: now(), is_calendar_uncertain: false };
    assert_eq!(told(&reworked, &glance(Priority::Normal, None)), []);
}

#[test]
fn the_fields_are_those_of_the_fact() {
    let case = glance(Priority::Normal, Some(HANDLER));
    for (happened, fact) in facts() {
        let data = data(&fact, &case, now());
        assert_eq!(data.state, fact.leads_to().unwrap_or(case.state), "{happened}");
        assert_eq!(data.reason.is_some(), happened == "rejected");
        let json = serde_json::to_value(&data).unwrap();
        assert_eq!(serde_json::from_value::<CaseData>(json).unwrap(), data, "{happened}");
    }
}
