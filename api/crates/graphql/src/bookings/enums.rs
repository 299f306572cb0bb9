//! The wire's mirrors of the enums of bookings.

use ::bookings as slice;
use async_graphql::Enum;

/// 邻里中心状态 / Where a neighbourhood centre stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::CenterState")]
pub enum CenterState {
    /// 规划中 / it is planned.
    Planned,
    /// 建设中 / it is being built.
    Building,
    /// 开放 / it is open.
    Open,
    /// 暂停开放 / it is shut for a while.
    Suspended,
}

/// 场地类型 / What a venue is for.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::VenueKind")]
pub enum VenueKind {
    /// 会议室 / meetings.
    Meeting,
    /// 舞蹈房 / dancing.
    Dance,
    /// 健身房 / exercise.
    Fitness,
    /// 阅览室 / reading.
    Reading,
    /// 儿童活动室 / children.
    Child,
    /// 社区食堂 / meals.
    Canteen,
    /// 教室 / courses.
    Classroom,
    /// 运动场地 / sports.
    Sports,
    /// 排练与创作室 / rehearsing and making.
    Studio,
    /// 专家，像场地一样预约 / somebody who advises or treats, booked as a room is.
    Expert,
    /// 服务窗口或座位 / a counter, or a chair, at which people are served.
    Counter,
}

/// 服务类别 / What a service is about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ServiceCategory")]
pub enum ServiceCategory {
    /// 养老服务 / the old.
    ElderCare,
    /// 健康服务 / health.
    Health,
    /// 亲子托育 / children and their families.
    Family,
    /// 文体学习 / learning, arts and sports.
    Culture,
    /// 便民生活 / errands and repairs.
    Convenience,
    /// 法律政务 / advice and paperwork.
    Advice,
}

/// 服务项目状态 / Where a service stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ServiceState")]
pub enum ServiceState {
    /// 提供中 / it is offered.
    Offered,
    /// 暂停 / it is paused.
    Suspended,
    /// 已下架 / it is offered no more.
    Retired,
}

/// 排队号状态 / Where a number in a line stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::TicketState")]
pub enum TicketState {
    /// 等候中 / it waits.
    Waiting,
    /// 已叫号 / it was called.
    Called,
    /// 已办理 / its person was served.
    Served,
    /// 过号 / it was called, and nobody came.
    Skipped,
    /// 已取消 / it was given back.
    Cancelled,
    /// 已过期 / the day was over.
    Expired,
}

/// 对排队号可执行的操作 / What can be done with a number in a line.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceTicketAction {
    /// 叫号、重呼 / call it.
    Call,
    /// 办理完毕 / its person is served.
    Serve,
    /// 过号 / nobody came.
    Skip,
    /// 取消 / give it back.
    Cancel,
}

/// An action as the wire names it; reading, and that the day is over, are none.
pub(super) fn ticket_action(action: queue::TicketAction) -> Option<ServiceTicketAction> {
    use queue::TicketAction as A;
    match action {
        A::Call => Some(ServiceTicketAction::Call),
        A::Serve => Some(ServiceTicketAction::Serve),
        A::Skip => Some(ServiceTicketAction::Skip),
        A::Cancel => Some(ServiceTicketAction::Cancel),
        A::Read | A::Expire => None,
    }
}

/// 审批方式 / Whether somebody looks at a booking before it holds.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::BookingApproval")]
pub enum BookingApproval {
    /// 自动确认 / it holds at once.
    Auto,
    /// 人工审批 / the centre decides.
    Manual,
}

/// 适用日 / On which days a rule of opening holds.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::OpeningDays")]
pub enum OpeningDays {
    /// 工作日（含调休上班日）/ working days, make-up workdays included.
    Working,
    /// 周末 / days off that are no holidays.
    Weekend,
    /// 法定节假日 / holidays.
    Holiday,
    /// 指定星期 / certain weekdays, holidays and make-up workdays left out.
    Weekdays,
    /// 指定日期 / one date, in place of every other rule.
    Date,
}

/// 场次 / Part of the week in which a venue is open.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::OpeningSession")]
pub enum OpeningSession {
    /// 日场 / in office hours.
    Day,
    /// 夜场 / in the evening.
    Evening,
    /// 周末场 / on days off.
    Weekend,
    /// 节假日场 / on holidays.
    Holiday,
}

/// 闭馆或中心取消的原因 / Why a venue is closed, or a booking called off.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ClosureReason")]
pub enum ClosureReason {
    /// 维修 / repairs.
    Maintenance,
    /// 停电停水 / no power or water.
    Utilities,
    /// 人手不足 / nobody to let people in.
    Staffing,
    /// 街道征用 / the street needs it.
    OfficialUse,
    /// 恶劣天气 / the weather.
    Weather,
    /// 突发事件 / an emergency.
    Emergency,
    /// 其他 / something else.
    Other,
}

/// 预约状态 / Where a booking stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::BookingState")]
pub enum BookingState {
    /// 候补中 / waits for it to fall free.
    Waitlisted,
    /// 待确认 / it fell free, and is kept for a while.
    Offered,
    /// 待审批 / the centre has to decide.
    PendingApproval,
    /// 已确认 / it holds.
    Confirmed,
    /// 已签到 / the people are there.
    CheckedIn,
    /// 已完成 / it is over.
    Completed,
    /// 已取消 / taken back by who booked.
    CancelledByUser,
    /// 中心取消 / called off by the centre.
    CancelledByCenter,
    /// 未通过 / the centre said no.
    Rejected,
    /// 未到场 / nobody came.
    NoShow,
    /// 已失效 / nobody decided or answered in time.
    Expired,
}

/// 预约未通过的原因 / Why a centre says no to a booking.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::BookingRejectReason")]
pub enum BookingRejectReason {
    /// 用途不符 / not what the venue is for.
    Purpose,
    /// 人数不符 / too many or too few people.
    PartySize,
    /// 另有安排 / it is needed for something else.
    NeededOtherwise,
    /// 信息不全 / it does not say enough.
    Incomplete,
    /// 其他 / something else.
    Other,
}

/// 时段状态 / Whether a time of a venue may be had.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "slice::SlotState")]
pub enum SlotState {
    /// 可约 / it is free.
    Open,
    /// 已约，可候补 / somebody has it; one may wait.
    Taken,
    /// 未放号 / it is not booked yet.
    NotYet,
    /// 已过 / it has begun.
    Past,
}

/// 对中心可执行的操作 / What can be done with a centre.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "slice::CenterAction")]
pub enum CenterAction {
    /// 维护中心 / enter or change it.
    Save,
    /// 维护场地、开放时间与闭馆 / enter or change its venues, say when they are open, close them.
    Run,
    /// 查看预约 / see who has its venues.
    ReadBookings,
    /// 代约、系列预约 / book for somebody who calls or comes to the desk, and series.
    BookForOthers,
}

/// 修改范围：对系列预约中的一次 / How far an edit of one booking of a series reaches.
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[graphql(remote = "schedule::series::Scope")]
pub enum SeriesScope {
    /// 仅本次 / that one alone.
    #[default]
    This,
    /// 本次及以后 / that one, and all after it.
    Following,
    /// 全部未开始的 / all that have not begun.
    All,
}

/// 对预约可执行的操作 / What can be done with a booking.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookingAction {
    /// 接受候补 / take what was offered.
    Accept,
    /// 取消 / take it back.
    Cancel,
    /// 改期 / have it at another time.
    Reschedule,
    /// 通过 / say yes.
    Approve,
    /// 不通过 / say no.
    Reject,
    /// 中心取消 / call it off.
    CallOff,
    /// 中心调整 / have it at another time, for the centre.
    Move,
    /// 签到 / the people are there.
    CheckIn,
    /// 扫码签到 / scan the code at the door.
    CheckInByCode,
    /// 结束使用 / the people leave.
    End,
    /// 登记损坏 / say that something was left broken.
    RecordDamage,
}

/// 信用记录类型 / What a line of credit says.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::CreditKind")]
pub enum CreditKind {
    /// 爽约 / did not come, and did not cancel.
    NoShow,
    /// 临期取消 / cancelled too late for others.
    LateCancel,
    /// 损坏 / left something broken.
    Damage,
    /// 守约 / came as agreed.
    OnTimeUse,
    /// 志愿服务一小时 / an hour of voluntary work.
    VolunteerHour,
    /// 撤销 / an earlier line was wrong.
    Reversal,
}

/// 信用申诉状态 / Where an appeal against a line of credit stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::CreditAppealState")]
pub enum CreditAppealState {
    /// 待处理 / the centre has to decide.
    Pending,
    /// 成立 / the line was wrong, and is reversed.
    Granted,
    /// 不成立 / the line stands.
    Refused,
}

/// 对信用申诉可执行的操作 / What can be done with an appeal.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditAppealAction {
    /// 处理 / decide about it.
    Decide,
}

/// An action as the wire names it; reading is none.
pub(super) fn appeal_action(action: slice::AppealAction) -> Option<CreditAppealAction> {
    match action {
        slice::AppealAction::Decide => Some(CreditAppealAction::Decide),
        slice::AppealAction::Read => None,
    }
}

/// An action as the wire names it; reading and looking at the clock are none.
pub(super) fn booking_action(action: slice::BookingAction) -> Option<BookingAction> {
    use slice::BookingAction as A;
    Some(match action {
        A::Accept => BookingAction::Accept,
        A::Cancel => BookingAction::Cancel,
        A::Approve => BookingAction::Approve,
        A::Reject => BookingAction::Reject,
        A::CallOff => BookingAction::CallOff,
        A::CheckIn => BookingAction::CheckIn,
        A::Reschedule => BookingAction::Reschedule,
        A::Move => BookingAction::Move,
        A::CheckInByCode => BookingAction::CheckInByCode,
        A::RecordDamage => BookingAction::RecordDamage,
        A::End => BookingAction::End,
        A::Read | A::Lapse => return None,
    })
}
