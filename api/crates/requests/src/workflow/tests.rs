use std::fmt::Write as _;

use areas::Calendar;
use entity::enums::{
    Audience, Channel, ConflictKind, ContactMethod, ContactOutcome, ContentReason, ContentState, HandlingResult, Lane,
    Priority, RejectReason, RequestKind, RiskLevel, ServiceRequestState as S, Solved, Source, SupervisionLevel,
    SupervisionReason, SuspendReason, Visibility,
};
use entity::id::{AreaId, AssignmentId, ServiceRequestId, UnitId};
use entity::service_request;
use expect_test::expect_file;
use kernel::actor::{Actor, Grant, GrantScope, Person};
use kernel::guarded::{Decision, Guarded as _};
use proptest::prelude::*;
use sea_orm::Iterable as _;
use uuid::Uuid;

use super::alarm::Rung;
use super::content::Review;
use super::*;
use crate::case::{Ties, Unanswered};
use crate::fact::{Answer, Class, Conflict, Content, Redaction, Submitted};
use crate::orders;
use crate::sla::{self, SlaPolicy};

const ANN: AccountId = AccountId(Uuid::from_u128(1));
const HANDLER: AccountId = AccountId(Uuid::from_u128(2));
const LEADER: AccountId = AccountId(Uuid::from_u128(3));
const JUDGE: AccountId = AccountId(Uuid::from_u128(4));
const UNIT: UnitId = UnitId(Uuid::from_u128(5));

pub(super) fn instant(minutes: i64) -> DateTime<Utc> {
    "2026-11-23T01:30:00Z".parse::<DateTime<Utc>>().unwrap() + chrono::TimeDelta::minutes(minutes)
}

fn policy() -> SlaPolicy {
    let limit = |text: &str| text.parse().unwrap();
    SlaPolicy {
        accept: limit("4wh"),
        sign: limit("2wh"),
        contact: limit("1wd"),
        handle: limit("5wd"),
        verify: limit("1wd"),
        rework: limit("3wd"),
        longest: Some(limit("15wd")),
    }
}

/// The ladder as it is seeded.
fn ladder() -> Vec<Rung> {
    use entity::enums::{ClockKind as C, WarningLevel as L, WarningTo as T};
    let rung = |clock, step, percent, after: Option<&str>, level, tells| Rung {
        clock,
        step,
        percent,
        after: after.map(|text| text.parse().unwrap()),
        level,
        tells,
    };
    vec![
        rung(C::Desk, 1, 80, None, L::Orange, T::Desk),
        rung(C::Desk, 2, 100, None, L::Red, T::DutyChief),
        rung(C::Contact, 1, 80, None, L::Orange, T::Handler),
        rung(C::Contact, 2, 100, None, L::Red, T::UnitLeader),
        rung(C::Handle, 1, 50, None, L::Yellow, T::Handler),
        rung(C::Handle, 2, 80, None, L::Orange, T::Handler),
        rung(C::Handle, 3, 100, None, L::Red, T::UnitLeader),
        rung(C::Handle, 4, 100, Some("1wd"), L::Red, T::Supervisor),
    ]
}

/// What time rules need to know, owned.
pub(super) struct Ground {
    calendar: Calendar,
    policies: Vec<SlaPolicy>,
    ladder: Vec<Rung>,
}

impl Ground {
    pub(super) fn new() -> Self {
        let longer = |days: u32| SlaPolicy { handle: areas::TimeLimit::WorkingDays(5 + days), ..policy() };
        Self { calendar: Calendar::of_2026(), policies: (0..4).map(longer).collect(), ladder: ladder() }
    }

    pub(super) fn at(&self, now: DateTime<Utc>) -> Timing<'_> {
        self.by(1, now)
    }

    /// By a version of the policy: each gives one working day more to handle.
    fn by(&self, version: i32, now: DateTime<Utc>) -> Timing<'_> {
        let policy = &self.policies[version as usize - 1];
        Timing { now, calendar: &self.calendar, policy, version, ladder: &self.ladder }
    }
}

fn class() -> Class {
    Class {
        request_kind: RequestKind::Help,
        category_code: "PROPERTY.REPAIR".to_owned(),
        is_city_object: false,
        lane: Lane::Normal,
        priority: Priority::Normal,
        sla_code: "APPEAL".to_owned(),
        sla_version: 1,
        visibility: Visibility::Public,
        content_state: ContentState::Pass,
    }
}

fn submitted(is_anonymous: bool) -> Submitted {
    Submitted {
        case_no: "XH20261123000001".to_owned(),
        class: class(),
        street: "310112008".to_owned(),
        area: AreaId(Uuid::from_u128(6)),
        area_path: "/310112008/310112008-D1/".to_owned(),
        cell: None,
        reporter: Some(ANN),
        submitted_by: ANN,
        is_anonymous,
        is_confidential: false,
        may_contact: !is_anonymous,
        channel: Channel::App,
        source: Source::Resident,
        photos: Vec::new(),
        accept_due_at: instant(330),
        is_calendar_uncertain: false,
    }
}

/// A case as it is just after submission.
pub(crate) fn fresh(is_anonymous: bool) -> Case {
    let row = begin(ServiceRequestId(Uuid::from_u128(7)), &submitted(is_anonymous), instant(0));
    Case {
        row,
        assignments: Vec::new(),
        photos: 0,
        after_photos: 0,
        unanswered: Unanswered::default(),
        into: None,
        ties: Ties::default(),
    }
}

/// What the store does to a case, without the store.
fn follow(case: &Case, fact: &Fact, at: DateTime<Utc>) -> Case {
    let mut after = case.clone();
    evolve(&mut after.row, fact, at);
    let number = std::cell::Cell::new(u128::from(after.row.version.unsigned_abs()) << 8);
    let new_id = || {
        number.set(number.get() + 1);
        Ok(AssignmentId(Uuid::from_u128(number.get())))
    };
    after.assignments = orders::follow(&case.assignments, &after.row, fact, at, new_id).unwrap();
    match fact {
        Fact::Supplemented { photos } | Fact::Handled { photos, .. } => after.photos += photos.len() as i64,
        _ => {}
    }
    after
}

/// One command of each sort, as a client would send it where nothing else is wrong.
pub(super) fn sample(action: Action) -> Command {
    let answer = |is_by_agent| Answer { solved: Solved::Yes, satisfaction: Some(5), is_by_agent };
    match action {
        Action::Supplement => Command::Supplement { photos: Vec::new() },
        Action::Withdraw => Command::Withdraw,
        Action::Object => Command::Object,
        Action::Accept => Command::Accept(class()),
        Action::Reject => Command::Reject { reason: RejectReason::OutsideJurisdiction },
        Action::File => Command::File,
        Action::Dispatch => Command::Dispatch { lead: UNIT, co_units: vec![UnitId(Uuid::from_u128(50))] },
        Action::Sign => Command::Sign,
        Action::RecordContact => {
            Command::RecordContact { method: ContactMethod::Phone, outcome: ContactOutcome::Reached }
        }
        Action::SubmitHandling => {
            let photos = vec![AttachmentId(Uuid::from_u128(8))];
            Command::SubmitHandling { result: HandlingResult::Solved, photos, needs_photo: true }
        }
        Action::Verify => Command::Verify { is_passed: true },
        Action::Survey => Command::Answer { answer: answer(false), leader: Some(LEADER) },
        Action::RecordCallback => Command::Answer { answer: answer(true), leader: Some(LEADER) },
        Action::RequestReturn => Command::RequestReturn { suggested_unit: UnitId(Uuid::from_u128(50)) },
        Action::DecideReturn => Command::DecideReturn { is_granted: true },
        Action::HandOver => Command::HandOver { to: LEADER },
        Action::FastTrack => {
            let class = Class { priority: Priority::Emergency, ..class() };
            Command::FastTrack { class, lead: UNIT, co_units: Vec::new() }
        }
        Action::RequestExtension => Command::RequestExtension { days: 5 },
        Action::DecideExtension => Command::DecideExtension { is_granted: true },
        Action::RequestSuspension => {
            let until = instant(26 * 24 * 60);
            Command::RequestSuspension { reason: SuspendReason::ThirdParty, until }
        }
        Action::DecideSuspension => Command::DecideSuspension { is_granted: true },
        Action::Resume => Command::Resume,
        Action::Urge => Command::Urge,
        Action::AddInternalNote => Command::Say { to: Audience::Staff },
        Action::MessageReporter => Command::Say { to: Audience::Participant },
        Action::PublishUpdate => Command::Say { to: Audience::Public },
        Action::AskReporter => Command::Ask,
        Action::AnswerQuestion => Command::AnswerQuestion { photos: Vec::new() },
        Action::Supervise => {
            Command::Supervise { level: SupervisionLevel::Street, reason: SupervisionReason::LeaderNote }
        }
        Action::OpenConflictWarning => Command::OpenConflictWarning { kind: ConflictKind::Labor, headcount: 15 },
        Action::AnswerSupervision => Command::AnswerSupervision,
        Action::Confer => Command::Confer { lead: UNIT, co_units: vec![UnitId(Uuid::from_u128(51))] },
        Action::RecordMissedCallback => Command::MissCallback { outcome: ContactOutcome::NoAnswer },
        Action::Reopen => Command::Reopen,
        Action::TakeUp => Command::TakeUp,
        Action::Merge => {
            let (id, state) = (ServiceRequestId(Uuid::from_u128(70)), S::InProgress);
            Command::Merge(Into { id, state, closed_at: None, is_alike: true, is_of_same_person: false })
        }
        Action::Follow | Action::Unfollow => unreachable!("following moves no case"),
        Action::PlaceLegalHold => Command::PlaceLegalHold,
        Action::ReleaseLegalHold => Command::ReleaseLegalHold,
        Action::ReviewContent => Command::ReviewContent(Review {
            content: Content::Request,
            before: ContentState::Pass,
            verdict: ContentState::Risky,
            reason: Some(ContentReason::PersonalData),
            is_reporters: true,
        }),
        Action::ReportContent => Command::ReportContent { reason: ContentReason::Abuse },
        Action::Redact => {
            let reason = ContentReason::PersonalData;
            Command::Redact(Redaction { description: true, address: false, photo: None, reason })
        }
        Action::Archive => Command::Archive,
        Action::Anonymise => Command::Anonymise,
        Action::Recall | Action::Raise | Action::Warn | Action::Lapse | Action::Relocate => {
            unreachable!("the system's own")
        }
        Action::GrantProxy | Action::GrantProxyAtCounter => unreachable!("a proxy moves no case"),
        Action::Read
        | Action::ReadParticipantView
        | Action::ReadStaffView
        | Action::ReadReporter
        | Action::RevealContact
        | Action::RevealOriginal => {
            unreachable!("reading is no command")
        }
    }
}

/// Who does it in the tables below.
fn doer(action: Action) -> AccountId {
    match action {
        Action::Sign | Action::RecordContact | Action::SubmitHandling => HANDLER,
        Action::RequestReturn | Action::HandOver => LEADER,
        Action::RequestExtension | Action::RequestSuspension | Action::Resume | Action::AnswerSupervision => LEADER,
        Action::Supplement | Action::Withdraw | Action::Object | Action::Survey => ANN,
        Action::Urge | Action::Reopen | Action::AnswerQuestion => ANN,
        Action::AskReporter | Action::MessageReporter => HANDLER,
        Action::AddInternalNote | Action::PublishUpdate => JUDGE,
        Action::Accept | Action::Reject | Action::File | Action::Dispatch | Action::DecideReturn => JUDGE,
        Action::FastTrack | Action::DecideExtension | Action::DecideSuspension => JUDGE,
        Action::Verify | Action::RecordCallback | Action::RecordMissedCallback => JUDGE,
        Action::Supervise | Action::Confer | Action::TakeUp | Action::Merge => JUDGE,
        Action::OpenConflictWarning => JUDGE,
        Action::PlaceLegalHold | Action::ReleaseLegalHold | Action::Archive | Action::Anonymise => JUDGE,
        Action::ReviewContent | Action::ReportContent | Action::Redact => JUDGE,
        Action::Follow | Action::Unfollow => unreachable!("following moves no case"),
        Action::Recall | Action::Raise | Action::Warn | Action::Lapse | Action::Relocate => {
            unreachable!("the system's own")
        }
        Action::GrantProxy | Action::GrantProxyAtCounter => unreachable!("a proxy moves no case"),
        Action::Read
        | Action::ReadParticipantView
        | Action::ReadStaffView
        | Action::ReadReporter
        | Action::RevealContact
        | Action::RevealOriginal => {
            unreachable!("reading is no command")
        }
    }
}

pub(super) fn run(case: &Case, command: &Command, at: DateTime<Utc>) -> Result<Case, Refusal> {
    let ground = Ground::new();
    decide(case, command, Some(doer(command.action())), &ground.at(at)).map(|fact| follow(case, &fact, at))
}

/// A case in a state, reached by the shortest way.
pub(crate) fn case_in(state: S) -> Case {
    use Action as A;
    let way: &[Action] = match state {
        S::Submitted => &[],
        S::Accepted => &[A::Accept],
        S::Rejected => &[A::Reject],
        S::Withdrawn => &[A::Withdraw],
        S::Filed => &[A::Accept, A::File],
        S::Dispatched => &[A::Accept, A::File, A::Dispatch],
        S::InProgress => &[A::Accept, A::File, A::Dispatch, A::Sign, A::RecordContact],
        S::ReturnPending => &[A::Accept, A::File, A::Dispatch, A::RequestReturn],
        S::Handled => &[A::Accept, A::File, A::Dispatch, A::Sign, A::RecordContact, A::SubmitHandling],
        S::Verified => &[A::Accept, A::File, A::Dispatch, A::Sign, A::RecordContact, A::SubmitHandling, A::Verify],
        S::Suspended => {
            &[A::Accept, A::File, A::Dispatch, A::Sign, A::RecordContact, A::RequestSuspension, A::DecideSuspension]
        }
        S::Merged => &[A::Merge],
        S::Closed => {
            let close = sample(A::Survey);
            return run(&case_in(S::Verified), &close, instant(10)).unwrap();
        }
    };
    let case = way.iter().fold(fresh(false), |case, action| run(&case, &sample(*action), instant(5)).unwrap());
    assert_eq!(case.row.state, state);
    case
}

/// The verbs of one case that move it, and handing over.
fn actions() -> impl Iterator<Item = Action> {
    moves().chain([Action::HandOver])
}

fn moves() -> impl Iterator<Item = Action> {
    Action::verbs().filter(|action| !matches!(action, Action::Follow | Action::Unfollow))
}

#[test]
fn every_state_answers_every_command() {
    let mut table = String::from("state           command            becomes\n");
    for state in S::iter() {
        let case = case_in(state);
        for action in actions() {
            let becomes = match run(&case, &sample(action), instant(20)) {
                Ok(after) => format!("{:?}", after.row.state),
                Err(Refusal::WrongState(_)) => continue,
                Err(refusal) => format!("refused: {refusal:?}"),
            };
            writeln!(table, "{:<15} {:<18} {becomes}", format!("{state:?}"), action.name()).unwrap();
        }
    }
    expect_file!["table.txt"].assert_eq(&table);
}

#[test]
fn terminal_states_absorb_everything_but_notes_the_one_objection_and_reopening() {
    let ways_out = [(S::Rejected, Action::Object), (S::Closed, Action::Reopen), (S::Closed, Action::TakeUp)];
    for state in [S::Closed, S::Withdrawn, S::Rejected, S::Merged] {
        let case = case_in(state);
        // The staff may note something whenever; a hold, which may be placed whenever, is no step, nor is what is published.
        let is_way_out = |action: &Action| *action == Action::AddInternalNote || ways_out.contains(&(state, *action));
        let allowed: Vec<Action> = moves().filter(is_way_out).collect();
        let is_no_step = |action: &Action| {
            matches!(action, Action::PlaceLegalHold | Action::ReviewContent | Action::ReportContent | Action::Redact)
        };
        for action in actions().filter(|action| !allowed.contains(action) && !is_no_step(action)) {
            assert_eq!(run(&case, &sample(action), instant(20)), Err(Refusal::WrongState(allowed.clone())));
        }
    }
    let mut case = run(&case_in(S::Rejected), &Command::Object, instant(20)).unwrap();
    case = run(&case, &sample(Action::Reject), instant(30)).unwrap();
    assert_eq!(run(&case, &Command::Object, instant(40)), Err(Refusal::ObjectionUsed));
}

#[test]
fn what_guards_ask_decides() {
    let signed = run(&case_in(S::Dispatched), &Command::Sign, instant(6)).unwrap();
    assert_eq!(run(&signed, &sample(Action::SubmitHandling), instant(7)), Err(Refusal::ContactMissing));
    let bare = Command::SubmitHandling { result: HandlingResult::Solved, photos: Vec::new(), needs_photo: true };
    assert_eq!(run(&case_in(S::InProgress), &bare, instant(7)), Err(Refusal::PhotoMissing));
    let many = Command::Supplement { photos: (0..10).map(|number| AttachmentId(Uuid::from_u128(number))).collect() };
    assert_eq!(run(&fresh(false), &many, instant(7)), Err(Refusal::TooManyPhotos));
    let handled = Case {
        row: service_request::Model { handler_id: Some(JUDGE), ..case_in(S::Handled).row },
        ..case_in(S::Handled)
    };
    assert_eq!(run(&handled, &sample(Action::Verify), instant(7)), Err(Refusal::SamePerson));
    let by_judge = Case {
        row: service_request::Model { handled_by: Some(JUDGE), ..case_in(S::Handled).row },
        ..case_in(S::Handled)
    };
    assert_eq!(run(&by_judge, &sample(Action::Verify), instant(7)), Err(Refusal::SamePerson));
    let twice = Command::Dispatch { lead: UNIT, co_units: vec![UNIT] };
    assert_eq!(run(&case_in(S::Filed), &twice, instant(7)), Err(Refusal::LeadAmongCoUnits));
    let incomplete = Command::Reject { reason: RejectReason::Incomplete };
    assert_eq!(run(&fresh(false), &incomplete, instant(7)), Err(Refusal::TooEarly));
    assert!(run(&fresh(false), &incomplete, instant(4 * 24 * 60)).is_ok());
    let late = instant(8 * 24 * 60);
    assert_eq!(run(&case_in(S::Verified), &sample(Action::Survey), late), Err(Refusal::TooLate));
    assert!(run(&case_in(S::Verified), &sample(Action::RecordCallback), late).is_ok());
    assert_eq!(run(&case_in(S::Dispatched), &sample(Action::RequestReturn), late), Err(Refusal::TooLate));
}

#[test]
fn an_anonymous_case_needs_no_contact_and_no_survey() {
    let way = [Action::Accept, Action::File, Action::Dispatch, Action::Sign, Action::SubmitHandling, Action::Verify];
    let case = way.into_iter().fold(fresh(true), |case, action| run(&case, &sample(action), instant(5)).unwrap());
    assert_eq!((case.row.state, case.row.contact_due_at), (S::Closed, None));
}

fn anything() -> impl Strategy<Value = Command> {
    let answer =
        (0..3usize, proptest::option::of(1..=5), any::<bool>()).prop_map(|(solved, satisfaction, is_by_agent)| {
            let solved = [Solved::Yes, Solved::Partly, Solved::No][solved];
            Command::Answer { answer: Answer { solved, satisfaction, is_by_agent }, leader: Some(LEADER) }
        });
    let outcome = (0..4usize).prop_map(|number| {
        let outcome = ContactOutcome::iter().nth(number).unwrap();
        Command::RecordContact { method: ContactMethod::Phone, outcome }
    });
    let sampled = prop::sample::select(moves().collect::<Vec<_>>()).prop_map(sample);
    prop_oneof![
        4 => sampled,
        1 => answer,
        1 => outcome,
        1 => any::<bool>().prop_map(|is_passed| Command::Verify { is_passed }),
        1 => any::<bool>().prop_map(|is_granted| Command::DecideReturn { is_granted }),
        1 => any::<bool>().prop_map(|is_granted| Command::DecideExtension { is_granted }),
        1 => any::<bool>().prop_map(|is_granted| Command::DecideSuspension { is_granted }),
        1 => (0..2u128).prop_map(|unit| {
            Command::Confer { lead: UnitId(Uuid::from_u128(5 + 45 * unit)), co_units: vec![UnitId(Uuid::from_u128(51))] }
        }),
        1 => Just(Command::HandOver { to: LEADER }),
    ]
}

/// What the system does by itself until now, as the alarms say; each warning of a clock's run comes once.
fn wake(case: &mut Case, timing: &Timing) -> Vec<Fact> {
    let mut facts = Vec::new();
    while let Some((at, command)) = alarm::next(&case.row, timing).filter(|(at, _)| *at <= timing.now) {
        let fact =
            decide(case, &command, None, timing).unwrap_or_else(|refusal| panic!("{command:?} at {at}: {refusal:?}"));
        assert!(!facts.contains(&fact), "twice: {fact:?}");
        *case = follow(case, &fact, timing.now);
        facts.push(fact);
    }
    facts
}

/// Somebody with every role everywhere.
fn omnipotent(account: AccountId) -> Actor {
    let roles = entity::enums::Role::iter();
    let grants = roles.flat_map(|role| {
        let other = GrantScope::Unit(UnitId(Uuid::from_u128(50)));
        let scopes = [GrantScope::Area("/310112008/".to_owned()), GrantScope::Unit(UNIT), other];
        scopes.map(|scope| Grant { role, scope, until: None })
    });
    let session = entity::id::SessionId(Uuid::nil());
    Actor::Person(Person { account, session, grants: grants.collect() })
}

/// A target as merging sees it.
fn target(state: S, closed_days_ago: Option<i64>, is_alike: bool, is_of_same_person: bool) -> Into {
    let closed_at = closed_days_ago.map(|days| instant(20) - TimeDelta::days(days));
    Into { id: ServiceRequestId(Uuid::from_u128(70)), state, closed_at, is_alike, is_of_same_person }
}

#[test]
fn cases_are_merged_one_step_deep_into_what_goes_on_and_is_alike() {
    let merges = |case: &Case, into| run(case, &Command::Merge(into), instant(20)).map(|merged| merged.row.state);
    let case = case_in(S::Dispatched);
    assert_eq!(merges(&case, target(S::InProgress, None, true, false)), Ok(S::Merged));
    assert_eq!(merges(&case, target(S::InProgress, None, false, true)), Ok(S::Merged));
    assert_eq!(merges(&case, target(S::InProgress, None, false, false)), Err(Refusal::MergeUnlike));
    assert_eq!(merges(&case, target(S::Closed, Some(15), true, false)), Ok(S::Merged));
    assert_eq!(merges(&case, target(S::Closed, Some(16), true, false)), Err(Refusal::MergeIntoOver));
    for over in [S::Merged, S::Rejected, S::Withdrawn] {
        assert_eq!(merges(&case, target(over, None, true, false)), Err(Refusal::MergeIntoOver));
    }
    let itself = Into { id: case.row.id, ..target(S::InProgress, None, true, false) };
    assert_eq!(merges(&case, itself), Err(Refusal::MergeIntoItself));
    let mut parent = case.clone();
    parent.row.merged_count = 1;
    assert_eq!(merges(&parent, target(S::InProgress, None, true, false)), Err(Refusal::HasMerged));
    let merged = run(&case, &Command::Merge(target(S::InProgress, None, true, false)), instant(20)).unwrap();
    assert!(merged.assignments.iter().all(|order| order.state == entity::enums::AssignmentState::Voided));
}

#[test]
fn the_graver_warning_goes_on_where_cases_are_merged() {
    let ground = Ground::new();
    let about = ConflictKind::Labor;
    let from = ServiceRequestId(Uuid::from_u128(71));
    let takes_in = |case: &Case, risk| {
        let conflict = Some(Conflict { about, headcount: 30, risk });
        let absorb = Command::Absorb { from, promised_at: None, is_askable: true, conflict };
        follow(case, &decide(case, &absorb, None, &ground.at(instant(10))).unwrap(), instant(10))
    };
    let case = case_in(S::InProgress);
    let warned = takes_in(&case, RiskLevel::Yellow);
    assert_eq!((warned.row.conflict_kind, warned.row.conflict_headcount), (Some(about), Some(30)));
    assert!(!warned.row.is_on_board);
    let red = takes_in(&warned, RiskLevel::Red);
    assert_eq!((red.row.conflict_risk, red.row.is_on_board), (Some(RiskLevel::Red), true), "the supervisors see it");
    assert_eq!(takes_in(&red, RiskLevel::Blue).row.conflict_risk, Some(RiskLevel::Red));
}

#[test]
fn a_case_closes_when_the_last_of_its_reporters_has_answered() {
    let ground = Ground::new();
    let from = ServiceRequestId(Uuid::from_u128(71));
    let hears = |case: &Case, is_bad, minutes| {
        let fact = decide(case, &Command::Hear { is_bad, leader: Some(LEADER) }, None, &ground.at(instant(minutes)));
        follow(case, &fact.unwrap(), instant(minutes))
    };
    let mut case = case_in(S::Verified);
    for _ in 0..2 {
        let absorb = Command::Absorb { from, promised_at: None, is_askable: true, conflict: None };
        let fact = decide(&case, &absorb, None, &ground.at(instant(10))).unwrap();
        case = follow(&case, &fact, instant(10));
    }
    let own = run(&case, &sample(Action::Survey), instant(11)).unwrap();
    assert_eq!(own.row.state, S::Verified, "two have yet to answer");
    let again = run(&own, &sample(Action::Survey), instant(12));
    assert!(matches!(again, Err(Refusal::WrongState(_))), "nobody answers twice: {again:?}");
    let good = hears(&hears(&own, false, 12), false, 13);
    assert_eq!((good.row.state, good.row.answer_count), (S::Closed, 2));
    let bad = hears(&own, true, 12);
    assert_eq!((bad.row.state, bad.row.round, bad.row.handler_id), (S::InProgress, 2, Some(LEADER)));
    let late = hears(&good, true, 14);
    assert_eq!((late.row.state, late.row.round), (S::InProgress, 2), "a bad answer opens what is closed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever happens: the facts fold to the row, exactly one order leads while a unit has the case, only what is open
    /// lies on a desk, and versions count facts.
    #[test]
    fn histories_fold_to_rows(commands in prop::collection::vec((anything(), 0i64..600), 0..60), is_anonymous: bool, changes_every in 200i64..4000) {
        let ground = Ground::new();
        let mut case = fresh(is_anonymous);
        let mut history = Vec::new();
        let mut minutes = 0;
        for (command, passed) in commands {
            minutes += passed;
            let in_force = (minutes / changes_every).min(3) as i32 + 1;
            let kept = ground.by(case.row.sla_version, instant(minutes));
            let mut facts = wake(&mut case, &kept);
            // The limits change while the case is open; it keeps those that decided about it, as `Town::timing_for` says.
            let version = match &command {
                Command::Dispatch { .. } | Command::Confer { .. } => in_force,
                Command::Accept(class) | Command::FastTrack { class, .. } => class.sla_version,
                _ => case.row.sla_version,
            };
            let timing = ground.by(version, instant(minutes));
            if let Ok(fact) = decide(&case, &command, Some(doer(command.action())), &timing) {
                let before = case.row.clone();
                case = follow(&case, &fact, timing.now);
                let is_moved = case.row.sla_version != before.sla_version;
                let is_order = matches!(fact, Fact::Dispatched(_) | Fact::FastTracked { .. } | Fact::Conferred(_) | Fact::Accepted { .. });
                prop_assert!(!is_moved || is_order, "{:?}", fact);
                facts.push(fact);
            }
            for fact in facts {
                let written = serde_json::to_value(&fact).unwrap();
                let kind = written["kind"].as_str().unwrap().to_owned();
                history.push((timing.now, Fact::read(&kind, written).unwrap()));
            }
            let mut folded = fresh(is_anonymous).row;
            for (at, fact) in &history {
                evolve(&mut folded, fact, *at);
            }
            prop_assert_eq!(&folded, &case.row);
            prop_assert_eq!(case.row.version as usize, history.len() + 1);
            prop_assert_eq!(case.row.queue.is_some(), is_open(case.row.state));
            prop_assert_eq!(case.row.queue_due_at.is_some(), is_open(case.row.state));
            prop_assert_eq!(case.row.closed_at.is_none(), is_open(case.row.state));
            let leads = case.current().filter(|order| order.is_lead).count();
            prop_assert_eq!(leads, usize::from(case.row.lead_unit_id.is_some()));
            prop_assert!(case.row.reopenings <= REOPENINGS);
            prop_assert_eq!(case.row.suspended_until.is_some(), case.row.state == S::Suspended);
            let first = Fact::Submitted(Box::new(submitted(is_anonymous)));
            let begun = std::iter::once((instant(0), &first));
            let told = history.iter().map(|(at, fact)| (*at, fact));
            let replayed = sla::replay(begun.chain(told), |_, version, at| ground.by(version, at));
            prop_assert_eq!(replayed, sla::DueTimes::stored(&case.row));
        }
    }

    /// What a client is offered is accepted, and what is accepted was offered.
    #[test]
    fn offered_is_accepted(commands in prop::collection::vec((anything(), 0i64..600), 0..40), is_handler: bool) {
        let ground = Ground::new();
        let viewer = if is_handler { HANDLER } else { ANN };
        let mut case = fresh(false);
        let mut minutes = 0;
        for (command, passed) in commands {
            minutes += passed;
            let timing = ground.at(instant(minutes));
            let somebody = omnipotent(viewer);
            let is_offered = |action: &Action| case.decide(&somebody, *action) == Decision::Allow && may(&case, *action, Some(viewer), &timing).is_ok();
            let offered: Vec<Action> = moves().filter(is_offered).collect();
            let is_party = |action| !matches!(action, Action::Supplement | Action::Withdraw | Action::Object | Action::Survey | Action::Urge | Action::Reopen | Action::AnswerQuestion);
            // Whoever reports what is public has no part in it.
            let is_asked = |action: &Action| *action != Action::ReportContent && (viewer == ANN || is_party(*action));
            for action in moves().filter(is_asked) {
                let has_room = case.row.version < MOVES;
                let is_accepted = decide(&case, &sample(action), Some(viewer), &timing).is_ok();
                prop_assert_eq!(offered.contains(&action), is_accepted || !has_room, "{:?} in {:?}", action, case.row.state);
            }
            if let Ok(fact) = decide(&case, &command, Some(doer(command.action())), &timing) {
                case = follow(&case, &fact, timing.now);
            }
        }
    }
}
