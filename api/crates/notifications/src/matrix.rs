//! Who is told what of a fact (通知矩阵, domain §K): one place, and pure. Who recipients are, the store looks up.
//!
//! To tell of a new fact, give it an arm in [`requests`], [`bookings`] or [`events`]; words for a new template stand at the edge.

pub mod bookings;
pub mod events;
pub mod requests;

use entity::enums::{NotificationKind as Kind, NotificationLevel as Level, NotificationTemplate as Template, Role};
use entity::id::{AccountId, UnitId};

/// To whom something is told (收件人).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recipients {
    /// 诉求人、预约人、报名人: whose request, booking or registration it is, whoever moved it.
    Owner,
    /// 代办人: who may act for the reporter, or at least read it.
    Agents,
    /// 并案诉求人: whose requests were merged into it.
    CoReporters,
    /// 关注者: who follows it.
    Followers,
    /// 举报人: whose reports of abuse were decided with this fact.
    Complainants,
    /// 本人: one person.
    Person(AccountId),
    /// 报名与候补者: who is registered for an event, or waits.
    Registered,
    /// 已报名者: who has a seat at an event.
    Confirmed,
    /// 参加组织的党员: who belongs to an organisation that an event is for, as confirmed.
    Members,
    /// 参加组织的其他党员: of these, who was not registered when the event was called off.
    OtherMembers,
    /// 党组织书记: who is secretary of the organisation of the party that holds an event.
    Secretaries,
    /// 单位负责人: who leads a unit.
    Leaders(UnitId),
    /// 单位人员: who leads a unit or handles its orders.
    People(UnitId),
    /// 岗位: who holds a role where the request, the centre or the event is, or above.
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

type Lines = Vec<(Recipients, Template)>;

/// What a person chooses channels for, by what is said.
#[must_use]
pub fn kind_of(template: Template) -> Kind {
    use Template as T;
    match template {
        T::Accepted | T::Rejected | T::Dispatched | T::Handled | T::Closed | T::Reopened => Kind::RequestStatus,
        T::Suspended | T::Resumed | T::Extended | T::Merged => Kind::RequestStatus,
        T::ContentHidden | T::ReportDecided => Kind::RequestStatus,
        T::Survey => Kind::RequestSurvey,
        T::Assigned | T::Reworked | T::TakenUpAgain | T::HandedOver | T::Conferred | T::Recalled => {
            Kind::RequestAssigned
        }
        T::ReturnRequested | T::ReturnGranted | T::ReturnDenied => Kind::RequestReturn,
        T::Reminder | T::Escalated | T::Urged | T::Supervised | T::ConflictWarned | T::ContentToReview => {
            Kind::Deadline
        }
        T::Commented | T::Asked => Kind::RequestComment,
        T::BookingConfirmed | T::BookingRejected | T::BookingOffered | T::BookingExpired => Kind::BookingStatus,
        T::BookingCancelled | T::BookingCalledOff | T::BookingMoved | T::BookingNoShow => Kind::BookingStatus,
        T::BookingDamaged | T::BookingSeriesMade | T::AppealGranted | T::AppealRefused => Kind::BookingStatus,
        T::BookingReminder => Kind::BookingReminder,
        T::BookingToDecide | T::AppealToDecide => Kind::BookingDesk,
        T::EventPublished | T::EventRegistered | T::EventPromoted | T::EventOffered => Kind::EventStatus,
        T::EventWithdrawn | T::EventRemoved | T::EventExpired => Kind::EventStatus,
        T::EventChanged | T::EventCancelled => Kind::EventStatus,
        T::EventReminder => Kind::EventReminder,
        T::EventLeaveGranted | T::EventLeaveDenied => Kind::EventStatus,
        T::EventToReview | T::EventApproved | T::EventReturned | T::EventRoomShut | T::EventLeaveAsked => {
            Kind::EventDesk
        }
    }
}

/// Whether it goes out at any hour.
#[must_use]
pub fn is_urgent(level: Level) -> bool {
    level == Level::Red
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;

    #[test]
    fn only_red_is_urgent() {
        let urgent: Vec<Level> = Level::iter().filter(|level| is_urgent(*level)).collect();
        assert_eq!(urgent, [Level::Red]);
    }
}
