//! Who is told what about a request: reporters of its course, units and desks of their work (domain §K).

use entity::enums::{
    Audience, ContentState, NotificationLevel as Level, NotificationTemplate as Template, Priority, RiskLevel, Role,
    ServiceRequestState, WarningLevel, WarningTo,
};
use entity::id::UnitId;
use requests::{Fact, Glance, Reviewed};

use super::{Lines, Recipients, Told};
use crate::data::CaseData;

/// Who is told what of a fact about a request; the first that means somebody for a kind holds for that person.
#[must_use]
pub fn told(fact: &Fact, case: &Glance) -> Vec<Told> {
    // An emergency presses whoever is told of it.
    let level = if case.priority == Priority::Emergency { Level::Red } else { level_of(fact) };
    lines(fact, case).into_iter().map(|(to, template)| Told { to, template, level }).collect()
}

/// How much what happened presses by itself.
fn level_of(fact: &Fact) -> Level {
    match fact {
        Fact::Reminded(warning) | Fact::Escalated(warning) => match warning.level {
            WarningLevel::Yellow => Level::Yellow,
            WarningLevel::Orange => Level::Orange,
            WarningLevel::Red => Level::Red,
        },
        Fact::ConflictWarned { risk, .. } => match risk {
            RiskLevel::Blue => Level::Normal,
            RiskLevel::Yellow => Level::Yellow,
            RiskLevel::Orange => Level::Orange,
            RiskLevel::Red => Level::Red,
        },
        _ => Level::Normal,
    }
}

fn lines(fact: &Fact, case: &Glance) -> Lines {
    let leaders = |unit: UnitId, template| vec![(Recipients::Leaders(unit), template)];
    let handler = |template| case.handler.map(|handler| (Recipients::Person(handler), template)).into_iter().collect();
    match fact {
        Fact::Accepted { .. } => reporters(Template::Accepted),
        Fact::Rejected { .. } => reporters(Template::Rejected),
        Fact::Dispatched(order) => dispatched(order.lead_unit),
        Fact::FastTracked { order, .. } => {
            let mut lines = dispatched(order.lead_unit);
            lines.push((Recipients::Staff(Role::DutyChief), Template::Escalated));
            lines
        }
        Fact::Handled { .. } => followed(Template::Handled),
        Fact::Verified { survey_due_at: Some(_) } => {
            let asked = [Recipients::Owner, Recipients::Agents].into_iter().filter(|_| !case.is_anonymous);
            asked.chain([Recipients::CoReporters]).map(|to| (to, Template::Survey)).collect()
        }
        Fact::Verified { survey_due_at: None } | Fact::Closed { .. } => followed(Template::Closed),
        Fact::Reworked { .. } => handler(Template::Reworked),
        Fact::Reopened { handler, .. } => {
            let mut lines = followed(Template::Reopened);
            lines.extend(handler.map(|handler| (Recipients::Person(handler), Template::TakenUpAgain)));
            lines
        }
        Fact::Refiled { .. } => followed(Template::Reopened),
        Fact::ReturnRequested { .. } => vec![(Recipients::Staff(Role::Dispatcher), Template::ReturnRequested)],
        Fact::ReturnGranted { unit, .. } => leaders(*unit, Template::ReturnGranted),
        Fact::ReturnDenied { unit, .. } => leaders(*unit, Template::ReturnDenied),
        Fact::HandedOver { to, .. } => vec![(Recipients::Person(*to), Template::HandedOver)],
        Fact::Suspended { .. } => reporters(Template::Suspended),
        Fact::Resumed { .. } => resumed(case),
        Fact::Extended { .. } => reporters(Template::Extended),
        Fact::Merged { survey_due_at: Some(_), .. } => vec![(Recipients::Owner, Template::Survey)],
        Fact::Merged { survey_due_at: None, .. } => reporters(Template::Merged),
        Fact::Urged { .. } => workers(case, Template::Urged),
        Fact::Supervised { .. } => supervised(case),
        Fact::ConflictWarned { risk, .. } => conflict(*risk),
        Fact::Conferred(conferred) => {
            let units = std::iter::once(conferred.lead_unit).chain(conferred.co_units.iter().copied());
            units.map(|unit| (Recipients::People(unit), Template::Conferred)).collect()
        }
        Fact::Reminded(warning) => warned(warning.tells, case, Template::Reminder),
        Fact::Escalated(warning) => warned(warning.tells, case, Template::Escalated),
        // Nobody here reported it; who works on it is told that it is over.
        Fact::Recalled => workers(case, Template::Recalled),
        Fact::Said { to } => said(*to),
        Fact::Questioned { .. } => [Recipients::Owner, Recipients::Agents].map(|to| (to, Template::Asked)).into(),
        Fact::QuestionAnswered { .. } => workers(case, Template::Commented),
        Fact::Supplemented { .. } if case.lead_unit.is_some() => workers(case, Template::Commented),
        Fact::Submitted(_) | Fact::Supplemented { .. } | Fact::Objected { .. } | Fact::Withdrawn => vec![],
        Fact::Filed | Fact::Signed { .. } | Fact::Contacted { .. } | Fact::Answered { .. } => vec![],
        Fact::Relocated { .. } | Fact::ExtensionRequested { .. } => vec![],
        Fact::SuspensionRequested { .. } | Fact::ExtensionDenied | Fact::SuspensionDenied => vec![],
        Fact::SupervisionAnswered | Fact::CallbackMissed { .. } | Fact::Absorbed { .. } | Fact::Raised { .. } => vec![],
        Fact::ContentReviewed(reviewed) => looked_at(reviewed, case),
        Fact::ContentHeld(_) | Fact::ContentReported(_) => to_review(fact),
        Fact::Redacted(_) => Vec::new(),
        Fact::Archived | Fact::Anonymised | Fact::LegalHoldPlaced | Fact::LegalHoldReleased => Vec::new(),
    }
}

fn resumed(case: &Glance) -> Lines {
    let mut lines = reporters(Template::Resumed);
    lines.extend(case.handler.map(|handler| (Recipients::Person(handler), Template::Resumed)));
    lines
}

/// Of a red one those hear who can send for help; of any other whose desk such things lie on.
fn conflict(risk: RiskLevel) -> Lines {
    let roles = if risk == RiskLevel::Red { &[Role::DutyChief, Role::Supervisor][..] } else { &[Role::Dispatcher] };
    roles.iter().map(|role| (Recipients::Staff(*role), Template::ConflictWarned)).collect()
}

fn supervised(case: &Glance) -> Lines {
    let mut lines = workers(case, Template::Supervised);
    lines.extend(case.lead_unit.map(|unit| (Recipients::Leaders(unit), Template::Supervised)));
    lines
}

/// Of reports, the first and the one that holds it back are told.
fn to_review(fact: &Fact) -> Lines {
    match fact {
        Fact::ContentReported(reported) if reported.open > 1 && !reported.is_held => Vec::new(),
        _ => vec![(Recipients::Staff(Role::Dispatcher), Template::ContentToReview)],
    }
}

/// The author is told what others do not see; whoever reported it, that somebody looked.
fn looked_at(reviewed: &Reviewed, case: &Glance) -> Lines {
    let is_hidden = reviewed.after == ContentState::Risky;
    let mut lines: Lines = match (is_hidden, reviewed.is_reporters) {
        (false, _) => Vec::new(),
        (true, true) => [Recipients::Owner, Recipients::Agents].map(|to| (to, Template::ContentHidden)).into(),
        (true, false) => workers(case, Template::ContentHidden),
    };
    lines.extend((reviewed.decides > 0).then_some((Recipients::Complainants, Template::ReportDecided)));
    lines
}

/// Words of the staff are told to those they are for.
fn said(to: Audience) -> Lines {
    match to {
        Audience::Staff => Vec::new(),
        Audience::Participant => reporters(Template::Commented),
        Audience::Public => followed(Template::Commented),
    }
}

/// Whoever reported it, and acts for the reporter.
fn reporters(template: Template) -> Lines {
    [Recipients::Owner, Recipients::Agents, Recipients::CoReporters].map(|to| (to, template)).into()
}

/// The same, and who follows it.
fn followed(template: Template) -> Lines {
    let mut lines = reporters(template);
    lines.push((Recipients::Followers, template));
    lines
}

fn dispatched(lead_unit: UnitId) -> Lines {
    let mut lines = followed(Template::Dispatched);
    lines.push((Recipients::People(lead_unit), Template::Assigned));
    lines
}

/// Who works on it: the handler, or the unit's people before anybody signed; dispatchers, where no unit has it.
fn workers(case: &Glance, template: Template) -> Lines {
    let to = match (case.handler, case.lead_unit) {
        (Some(handler), _) => Recipients::Person(handler),
        (None, Some(unit)) => Recipients::People(unit),
        (None, None) => Recipients::Staff(Role::Dispatcher),
    };
    vec![(to, template)]
}

/// Whom the ladder of warnings names.
fn warned(tells: WarningTo, case: &Glance, template: Template) -> Lines {
    use ServiceRequestState as S;
    match tells {
        WarningTo::Desk => match case.state {
            S::Handled => {
                [Role::Dispatcher, Role::GridInspector].map(|role| (Recipients::Staff(role), template)).into()
            }
            S::Submitted | S::Accepted | S::Filed | S::ReturnPending => {
                vec![(Recipients::Staff(Role::Dispatcher), template)]
            }
            _ => workers(case, template),
        },
        WarningTo::Handler => workers(case, template),
        WarningTo::UnitLeader => case.lead_unit.map(|unit| (Recipients::Leaders(unit), template)).into_iter().collect(),
        WarningTo::DutyChief => vec![(Recipients::Staff(Role::DutyChief), template)],
        WarningTo::Supervisor => vec![(Recipients::Staff(Role::Supervisor), template)],
    }
}

/// What the words about a fact are made of.
#[must_use]
pub fn data(fact: &Fact, case: &Glance, at: chrono::DateTime<chrono::Utc>) -> CaseData {
    let due_at = match fact {
        Fact::Dispatched(order) => Some(order.due_at),
        Fact::Verified { survey_due_at } => *survey_due_at,
        Fact::Reworked { due_at, .. } | Fact::Reopened { due_at, .. } => Some(*due_at),
        Fact::ReturnRequested { return_due_at, .. } => Some(*return_due_at),
        Fact::FastTracked { order, .. } => Some(order.due_at),
        Fact::Extended { due_at, .. } => Some(*due_at),
        Fact::Suspended { until, .. } | Fact::Questioned { until, .. } => Some(*until),
        Fact::Resumed { due_at, .. } => *due_at,
        Fact::Supervised { answer_due_at, .. } => Some(*answer_due_at),
        Fact::HandedOver { .. } | Fact::ReturnDenied { .. } | Fact::Urged { .. } => case.due_at,
        Fact::Reminded(_) | Fact::Escalated(_) | Fact::Conferred(_) => case.due_at,
        _ => None,
    };
    let reason = if let Fact::Rejected { reason } = fact { Some(*reason) } else { None };
    CaseData {
        case_no: case.case_no.clone(),
        category_code: case.category_code.clone(),
        // What moves no state leaves it where it is found.
        state: fact.leads_to().unwrap_or(case.state),
        at,
        due_at,
        reason,
    }
}

#[cfg(test)]
mod tests;
