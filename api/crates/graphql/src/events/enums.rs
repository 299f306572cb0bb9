//! The wire's mirrors of the enums of events.

use async_graphql::Enum;

/// 活动类型 / What kind of event it is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::EventKind")]
pub enum EventKind {
    /// 支部党员大会 / a meeting of all members of a branch.
    BranchMeeting,
    /// 支委会 / a meeting of a branch's committee.
    CommitteeMeeting,
    /// 党小组会 / a meeting of a party group.
    GroupMeeting,
    /// 党课 / a party class.
    PartyClass,
    /// 主题党日 / a theme day.
    ThemeDay,
    /// 组织生活会 / a meeting on the organisation's own life.
    OrganizationLife,
    /// 民主评议党员 / members are appraised.
    DemocraticReview,
    /// 志愿服务 / voluntary work.
    Volunteer,
    /// 音乐党课 / a class in music.
    MusicClass,
    /// 社区开放活动 / an open event of the neighbourhood.
    OpenEvent,
}

/// 活动范围 / For whom an event is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::EventAudience")]
pub enum EventAudience {
    /// 指定党组织的党员 / members of some organisations of the party, and of those below.
    Organization,
    /// 全体党员 / all members of the party.
    AllMembers,
    /// 公开 / everybody.
    Public,
}

/// 活动阶段 / Where an event stands: its state, its seats and the clock at once.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "::events::Phase")]
pub enum EventState {
    /// 草稿 / it is being written.
    Draft,
    /// 待审核 / somebody else has to look at it.
    InReview,
    /// 已审核，待发布 / it may be published.
    Approved,
    /// 已发布 / it is published.
    Open,
    /// 名额已满 / it is published, and all seats are taken.
    Full,
    /// 进行中 / it is going on.
    Ongoing,
    /// 已结束 / it is over.
    Ended,
    /// 已取消 / it is called off.
    Cancelled,
}

/// 候补方式 / How a seat that falls free goes to who waits.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::WaitlistPromotion")]
pub enum WaitlistPromotion {
    /// 自动递补 / the next one has it at once.
    Automatic,
    /// 待本人确认，保留半小时 / it is offered to the next one, and kept for half an hour.
    Offer,
}

/// 报名状态 / Where a registration stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::RegistrationState")]
pub enum RegistrationState {
    /// 占位中 / seats are kept while a form is filled in.
    Held,
    /// 候补中 / it waits for seats.
    Waitlisted,
    /// 待确认 / seats fell free, and are kept for a while.
    Offered,
    /// 已报名 / it has its seats.
    Confirmed,
    /// 已取消 / taken back by who registered.
    Cancelled,
    /// 已移出 / taken off by who holds the event.
    Removed,
    /// 活动取消 / the event was called off.
    CalledOff,
    /// 已失效 / nobody answered in time, or nothing fell free.
    Expired,
}

/// 不能报名的原因 / Why somebody may not register.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "::events::WhyNot")]
pub enum IneligibilityReason {
    /// 请先登录 / nobody knows who it is.
    SignIn,
    /// 无需报名 / nobody has to register.
    NoRegistration,
    /// 不在参加范围 / it is for others.
    NotInvited,
    /// 仅限完成居住认证的本区域居民 / it is for verified residents of its area.
    NotResident,
    /// 已报名或候补中 / the person is registered, or waits.
    AlreadyRegistered,
    /// 报名尚未开始 / people may not register yet.
    NotYet,
    /// 报名已截止 / people may not register any more.
    Closed,
}

/// 查看范围 / Which events are listed.
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventScope {
    /// 面向本人的已发布活动 / published ones that are for the viewer.
    #[default]
    Published,
    /// 本人主办或审核的，含草稿 / those that the viewer holds or reviews, drafts too.
    Managed,
}

/// 对活动可执行的操作 / What can be done with an event.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventAction {
    /// 修改 / write it anew.
    Save,
    /// 提交审核 / ask for a review.
    Submit,
    /// 审核通过 / say yes.
    Approve,
    /// 退回修改 / ask for other words.
    Return,
    /// 发布 / publish it.
    Publish,
    /// 变更时间、地点或名额 / give it another time, place or number of seats.
    Change,
    /// 取消活动 / call it off.
    Cancel,
    /// 查看报名名单 / see who registered.
    ReadRegistrations,
    /// 组织签到：看名单、出示动态码、扫报名码 / take its attendance: see the list, show the code, scan tickets.
    TakeAttendance,
    /// 写会议记录、登记表决 / write its record, and what was voted on.
    KeepRecord,
    /// 核对会议照片 / look at the photos of its record.
    CheckRecord,
}

/// An action as the wire names it; reading, and what the clock does, are none.
pub(super) fn event_action(action: events::EventAction) -> Option<EventAction> {
    use events::EventAction as A;
    match action {
        A::Save => Some(EventAction::Save),
        A::Submit => Some(EventAction::Submit),
        A::Approve => Some(EventAction::Approve),
        A::Return => Some(EventAction::Return),
        A::Publish => Some(EventAction::Publish),
        A::Change => Some(EventAction::Change),
        A::Cancel => Some(EventAction::Cancel),
        A::ReadRegistrations => Some(EventAction::ReadRegistrations),
        A::TakeAttendance => Some(EventAction::TakeAttendance),
        A::KeepRecord => Some(EventAction::KeepRecord),
        A::CheckRecord => Some(EventAction::CheckRecord),
        A::Read | A::Lapse => None,
    }
}

/// 对报名可执行的操作 / What can be done with a registration.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationAction {
    /// 接受候补 / take what was offered.
    Accept,
    /// 取消报名 / take it back.
    Cancel,
    /// 移出 / take the person off.
    Remove,
}

/// An action as the wire names it; reading, and what the clock does, are none.
pub(super) fn registration_action(action: events::RegistrationAction) -> Option<RegistrationAction> {
    use events::RegistrationAction as A;
    match action {
        A::Accept => Some(RegistrationAction::Accept),
        A::Cancel => Some(RegistrationAction::Cancel),
        A::Remove => Some(RegistrationAction::Remove),
        A::Read | A::Lapse => None,
    }
}

/// 出席情况 / What became of who was expected.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::AttendanceStatus")]
pub enum AttendanceStatus {
    /// 应到 / expected, and nothing is known yet.
    Expected,
    /// 准时出席 / there in time.
    Present,
    /// 迟到，超过 15 分钟 / there, more than a quarter of an hour late.
    Late,
    /// 请假 / on leave.
    Leave,
    /// 缺席 / not there.
    Absent,
    /// 免于出席，不计入应到 / old or ill, and not counted among those expected.
    Exempt,
}

/// 签到方式 / How it is known that somebody was there.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::CheckInMethod")]
pub enum CheckInMethod {
    /// 动态码 / the person scanned the code on the screen.
    Code,
    /// 定位 / the person's phone was there.
    Location,
    /// 出示报名码 / the person's ticket was scanned.
    Ticket,
    /// 现场确认 / staff saw the person there.
    Staff,
    /// 事后补录 / it was written down afterwards.
    Manual,
}

/// 请假状态 / Whether leave is given.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::LeaveState")]
pub enum LeaveState {
    /// 待批准 / it was asked for.
    Requested,
    /// 已批准 / it is given.
    Granted,
    /// 未批准 / it is not given.
    Denied,
}

/// 对签到名单可执行的操作 / What can be done with a line of attendance.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttendanceAction {
    /// 签到 / be there.
    CheckIn,
    /// 签退 / leave.
    CheckOut,
    /// 请假 / ask for leave.
    AskLeave,
    /// 审批请假 / give leave, or not.
    DecideLeave,
    /// 登记出席情况 / say how it was.
    Mark,
}

/// An action as the wire names it; reading is none.
pub(super) fn attendance_action(action: events::AttendanceAction) -> Option<AttendanceAction> {
    use events::AttendanceAction as A;
    match action {
        A::CheckIn => Some(AttendanceAction::CheckIn),
        A::CheckOut => Some(AttendanceAction::CheckOut),
        A::AskLeave => Some(AttendanceAction::AskLeave),
        A::DecideLeave => Some(AttendanceAction::DecideLeave),
        A::Mark => Some(AttendanceAction::Mark),
        A::Read => None,
    }
}
