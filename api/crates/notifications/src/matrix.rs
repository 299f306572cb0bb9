//! Who is told what of a fact (通知矩阵, domain §K): one place, and pure. Who recipients are, the store looks up.
//!
//! To tell of a new fact, give it an arm in [`told`]; words for a new template stand at the edge.

use entity::enums::{
    NotificationKind as Kind, NotificationLevel as Level, NotificationTemplate as Template, Priority, Role,
};
use entity::id::{AccountId, UnitId};
use requests::{Fact, Glance};

use crate::data::Data;

/// To whom something is told (收件人).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recipients {
    /// 诉求人: whose request it is, whoever moved it.
    Reporter,
    /// 代办人: who may act for the reporter, or at least read it.
    Agents,
    /// 本人: one person.
    Person(AccountId),
    /// 单位负责人: who leads a unit.
    Leaders(UnitId),
    /// 单位人员: who leads a unit or handles its orders.
    People(UnitId),
    /// 岗位: who holds a role where the request is, or above.
    Staff(Role),
}

/// A line of the matrix (矩阵的一行).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// To whom.
    pub to: Recipients,
    /// What.
    pub template: Template,
    /// How much it presses.
    pub level: Level,
}

/// Who is told what of a fact about a request; the first that means somebody for a kind holds for that person.
#[must_use]
pub fn told(fact: &Fact, case: &Glance) -> Vec<Told> {
    let reporters = |template| vec![(Recipients::Reporter, template), (Recipients::Agents, template)];
    let leaders = |unit: UnitId, template| vec![(Recipients::Leaders(unit), template)];
    let handler = |template| case.handler.map(|handler| (Recipients::Person(handler), template)).into_iter().collect();
    let lines: Vec<(Recipients, Template)> = match fact {
        Fact::Accepted { .. } => reporters(Template::Accepted),
        Fact::Rejected { .. } => reporters(Template::Rejected),
        Fact::Dispatched(order) => {
            let mut lines = reporters(Template::Dispatched);
            lines.push((Recipients::People(order.lead_unit), Template::Assigned));
            lines
        }
        Fact::Handled { .. } => reporters(Template::Handled),
        Fact::Verified { survey_due_at: Some(_) } => vec![(Recipients::Reporter, Template::Survey)],
        Fact::Verified { survey_due_at: None } | Fact::Closed { .. } => reporters(Template::Closed),
        Fact::Reworked { .. } => handler(Template::Reworked),
        Fact::Reopened { handler, .. } => {
            let mut lines = reporters(Template::Reopened);
            lines.extend(handler.map(|handler| (Recipients::Person(handler), Template::TakenUpAgain)));
            lines
        }
        Fact::ReturnRequested { .. } => vec![(Recipients::Staff(Role::Dispatcher), Template::ReturnRequested)],
        Fact::ReturnGranted { unit, .. } => leaders(*unit, Template::ReturnGranted),
        Fact::ReturnDenied { unit, .. } => leaders(*unit, Template::ReturnDenied),
        Fact::HandedOver { to, .. } => vec![(Recipients::Person(*to), Template::HandedOver)],
        Fact::Submitted(_) | Fact::Supplemented { .. } | Fact::Objected { .. } | Fact::Withdrawn => Vec::new(),
        Fact::Filed | Fact::Signed { .. } | Fact::Contacted { .. } => Vec::new(),
    };
    // An emergency presses whoever is told of it.
    let level = if case.priority == Priority::Emergency { Level::Red } else { Level::Normal };
    lines.into_iter().map(|(to, template)| Told { to, template, level }).collect()
}

/// What a person chooses channels for, by what is said.
#[must_use]
pub fn kind_of(template: Template) -> Kind {
    use Template as T;
    match template {
        T::Accepted | T::Rejected | T::Dispatched | T::Handled | T::Closed | T::Reopened => Kind::RequestStatus,
        T::Suspended | T::Resumed | T::Extended | T::Merged => Kind::RequestStatus,
        T::Survey => Kind::RequestSurvey,
        T::Assigned | T::Reworked | T::TakenUpAgain | T::HandedOver | T::Conferred => Kind::RequestAssigned,
        T::ReturnRequested | T::ReturnGranted | T::ReturnDenied => Kind::RequestReturn,
        T::Reminder | T::Escalated | T::Urged | T::Supervised => Kind::Deadline,
        T::Commented => Kind::RequestComment,
    }
}

/// Whether it goes out at any hour.
#[must_use]
pub fn is_urgent(level: Level) -> bool {
    level == Level::Red
}

/// What the words about a fact are made of.
#[must_use]
pub fn data(fact: &Fact, case: &Glance, at: chrono::DateTime<chrono::Utc>) -> Data {
    let due_at = match fact {
        Fact::Dispatched(order) => Some(order.due_at),
        Fact::Verified { survey_due_at } => *survey_due_at,
        Fact::Reworked { due_at, .. } | Fact::Reopened { due_at, .. } => Some(*due_at),
        Fact::ReturnRequested { return_due_at, .. } => Some(*return_due_at),
        Fact::HandedOver { .. } | Fact::ReturnDenied { .. } => case.due_at,
        _ => None,
    };
    let reason = if let Fact::Rejected { reason } = fact { Some(*reason) } else { None };
    Data {
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
