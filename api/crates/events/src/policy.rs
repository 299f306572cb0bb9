//! Who may (权限规则). When it may happen is not asked here; that is the workflow's.
//!
//! An event of the party is held by the secretary of its organisation and by the party's staff of it or above; one of a neighbourhood by
//! the staff of its area. What others than one's own organisation see, somebody else reviews. No other role opens an event of the
//! party: not who registered, and, of what is for members, not that there is one.

use entity::enums::{EventAudience, EventState, Role};
use entity::{event, event_attendance, event_registration};
use kernel::actor::Actor;
use kernel::guarded::{Decision, Guarded};
use strum::{EnumIter, IntoStaticStr};

/// Who holds events of a neighbourhood.
pub(crate) const HOSTS: [Role; 3] = [Role::CenterStaff, Role::NeighborhoodStaff, Role::StationStaff];
/// Who reviews them.
pub(crate) const REVIEWER: Role = Role::Editor;

/// An event, as its policy judges it for one who asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The row.
    pub row: event::Model,
    /// Whether who asks is one of those whom it is for.
    pub is_invited: bool,
}

/// What can be done with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum EventAction {
    /// See it.
    Read,
    /// 修改
    Save,
    /// 提交审核
    Submit,
    /// 审核通过
    Approve,
    /// 退回修改
    Return,
    /// 发布
    Publish,
    /// 变更
    Change,
    /// 取消活动
    Cancel,
    /// See who registered.
    ReadRegistrations,
    /// 组织签到：看名单、出示动态码、扫报名码
    TakeAttendance,
    /// 会议记录和表决
    KeepRecord,
    /// 核对会议照片
    CheckRecord,
    /// What only the system does: look at the clock.
    Lapse,
}

/// Whether somebody holds an event of an organisation of the party, or of an area.
pub(crate) fn is_host(actor: &Actor, organization: Option<&str>, area: &str) -> bool {
    match organization {
        Some(path) => {
            let is_secretary = actor.party_organizations_as(Role::PartySecretary).any(|own| own == path);
            is_secretary || is_staff_above(actor, path)
        }
        None => HOSTS.into_iter().any(|role| actor.is_in_area(role, area)),
    }
}

fn is_staff_above(actor: &Actor, path: &str) -> bool {
    actor.party_organizations_as(Role::PartyOrgAdmin).any(|above| path.starts_with(above))
}

impl Event {
    /// Whether who asks holds it.
    #[must_use]
    pub fn is_held_by(&self, actor: &Actor) -> bool {
        is_host(actor, self.row.organization_path.as_deref(), &self.row.area_path)
    }

    fn is_reviewed_by(&self, actor: &Actor) -> bool {
        match self.row.organization_path.as_deref() {
            Some(path) => is_staff_above(actor, path),
            None => actor.is_in_area(REVIEWER, &self.row.area_path),
        }
    }

    /// Whether somebody was asked to review it, or reviewed it and it was not written anew since.
    fn is_to_review(&self) -> bool {
        let is_asked = matches!(self.row.state, EventState::InReview | EventState::Approved);
        is_asked || self.row.reviewed_by.is_some() || self.is_published()
    }

    /// Whether it was ever shown to whom it is for.
    fn is_published(&self) -> bool {
        self.row.published_at.is_some()
    }

    /// Whether it is for who asks.
    pub(crate) fn is_for_viewer(&self) -> bool {
        self.row.audience == EventAudience::Public || self.is_invited
    }
}

impl Guarded for Event {
    type Action = EventAction;

    fn decide(&self, actor: &Actor, action: EventAction) -> Decision {
        use EventAction as A;
        let is_host = self.is_held_by(actor);
        let is_reviewer = self.is_to_review() && self.is_reviewed_by(actor);
        let is_shown = self.is_published() && self.is_for_viewer();
        let is_allowed = *actor == Actor::System
            || match action {
                A::Read => is_host || is_reviewer || is_shown,
                A::Save | A::Submit | A::Publish | A::Change | A::Cancel | A::ReadRegistrations => is_host,
                A::TakeAttendance | A::KeepRecord | A::CheckRecord => is_host,
                A::Approve | A::Return => is_reviewer,
                A::Lapse => false,
            };
        // Of what is for members, a refusal tells those who read the chain no more of a member than of anybody else.
        let is_known = is_host || is_reviewer || (is_shown && self.row.audience == EventAudience::Public);
        match (is_allowed, is_known) {
            (true, _) => Decision::Allow,
            (false, true) => Decision::Deny,
            (false, false) => Decision::Hide,
        }
    }
}

/// A registration, as its policy judges it: between who registered and who holds the event.
#[derive(Clone, Debug, PartialEq)]
pub struct Registration {
    /// The row.
    pub row: event_registration::Model,
    /// Its event.
    pub event: Event,
}

/// What can be done with a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RegistrationAction {
    /// See it.
    Read,
    /// 接受候补
    Accept,
    /// 取消报名
    Cancel,
    /// 移出
    Remove,
    /// What only the system does: look at the clock, promote, give up for who is forgotten.
    Lapse,
}

impl Guarded for Registration {
    type Action = RegistrationAction;

    fn decide(&self, actor: &Actor, action: RegistrationAction) -> Decision {
        use RegistrationAction as A;
        let is_own = actor.account() == Some(self.row.account_id);
        let is_host = self.event.is_held_by(actor);
        let is_allowed = *actor == Actor::System
            || match action {
                A::Read => is_own || is_host,
                A::Accept | A::Cancel => is_own,
                A::Remove => is_host,
                A::Lapse => false,
            };
        match (is_allowed, is_own || is_host) {
            (true, _) => Decision::Allow,
            (false, true) => Decision::Deny,
            (false, false) => Decision::Hide,
        }
    }
}

/// A line of the attendance of an event, as its policy judges it: between whose it is and who holds the event.
#[derive(Clone, Debug, PartialEq)]
pub struct Attendance {
    /// The row.
    pub row: event_attendance::Model,
    /// Its event.
    pub event: Event,
    /// Whether it is the line of who asks.
    pub is_own: bool,
}

/// What can be done with a line of attendance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AttendanceAction {
    /// See it.
    Read,
    /// 签到
    CheckIn,
    /// 签退
    CheckOut,
    /// 请假
    AskLeave,
    /// 审批请假
    DecideLeave,
    /// 登记出席情况
    Mark,
}

impl Guarded for Attendance {
    type Action = AttendanceAction;

    fn decide(&self, actor: &Actor, action: AttendanceAction) -> Decision {
        use AttendanceAction as A;
        let is_host = self.event.is_held_by(actor);
        let is_allowed = match action {
            A::Read => self.is_own || is_host,
            A::CheckIn | A::CheckOut | A::AskLeave => self.is_own,
            A::DecideLeave | A::Mark => is_host,
        };
        match (is_allowed || *actor == Actor::System, self.is_own || is_host) {
            (true, _) => Decision::Allow,
            (false, true) => Decision::Deny,
            (false, false) => Decision::Hide,
        }
    }
}

#[cfg(test)]
mod tests;
