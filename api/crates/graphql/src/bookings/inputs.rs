//! Inputs of centres and bookings: raw as they come, parsed by the slice.

use async_graphql::{ID, InputObject};
use chrono::{DateTime, NaiveDate, Utc};

use super::enums::{
    BookingApproval, BookingRejectReason, CenterState, ClosureReason, OpeningDays, OpeningSession, SeriesScope,
    VenueKind,
};
use crate::areas::GeoPointInput;
use crate::forms::{FormAnswerInput, FormQuestionInput};

/// 新增或修改邻里中心 / Enters or changes a neighbourhood centre.
#[derive(InputObject, Clone, Debug)]
pub struct SaveCenterInput {
    /// 邻里中心；新增时不填 / Centre; absent for a new one.
    pub id: Option<ID>,
    /// 修改时必填 / Required when changing.
    pub expected_version: Option<i32>,
    /// 代码，大写字母、数字和短横，至多 16 位 / Code of capitals, digits and dashes, at most 16.
    pub code: String,
    /// 名称，至多 64 字 / Name, at most 64 characters.
    pub name: String,
    /// 所在区域代码 / Code of the area it lies in.
    pub area_code: String,
    /// 地址，至多 120 字 / Address, at most 120 characters.
    pub address: String,
    /// 位置 / Where, on the map.
    pub location: Option<GeoPointInput>,
    /// 服务台电话 / Number of the desk.
    pub phone: Option<String>,
    /// 状态 / Where it stands.
    pub state: CenterState,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 新增或修改场地 / Enters or changes a venue.
#[derive(InputObject, Clone, Debug)]
pub struct SaveVenueInput {
    /// 场地；新增时不填 / Venue; absent for a new one.
    pub id: Option<ID>,
    /// 修改时必填 / Required when changing.
    pub expected_version: Option<i32>,
    /// 所属邻里中心 / Its centre.
    pub center_id: ID,
    /// 所属场地：整厅与其分隔的半厅 / The venue it lies within, as a half in its hall.
    pub within_id: Option<ID>,
    /// 名称，至多 64 字 / Name, at most 64 characters.
    pub name: String,
    /// 类型 / What it is for.
    pub kind: VenueKind,
    /// 容纳人数，1–2000 / People it holds, 1–2,000.
    pub capacity: i32,
    /// 是否无障碍 / Whether it is reached without steps.
    pub is_accessible: bool,
    /// 介绍：场地或专家，至多 1000 字；空字符串为删除，不填不变 / What it is, or who, at most 1,000 characters; taken away when empty, as before when
    /// absent.
    pub introduction: Option<String>,
    /// 同时可约的份数，1–100，至多容纳人数；不填不变，新增时为 1；已有预约时不能改 / How many bookings it takes at once, 1–100 and no more than people it holds; as before when absent, 1 of a new
    /// one. Not changed while something is booked.
    pub units: Option<i32>,
    /// 预约时要回答的题目，至多 10 题，整体替换；不填不变 / What it asks who books, at most 10 questions: these and no others; as before when absent.
    pub questions: Option<Vec<FormQuestionInput>>,
    /// 照片，先用 uploadAttachment 上传，至多 6 张，按此顺序显示，整体替换；不填不变 / Photos, uploaded before or its own already, at most 6: it shows these
    /// in this order, and no others. As before when absent.
    pub attachment_ids: Option<Vec<ID>>,
    /// 设备，至多 20 项、每项 20 字 / What stands in it: at most 20 of 20 characters.
    pub equipment: Vec<String>,
    /// 使用须知，至多 1000 字 / Rules of the house, at most 1,000 characters.
    pub rules: Option<String>,
    /// 收费说明，不填为免费 / What it costs, in words; free when absent.
    pub fee: Option<String>,
    /// 可独自使用的最小年龄 / Youngest who may come alone.
    pub min_age: Option<i32>,
    /// 审批方式 / Whether the centre looks at bookings first.
    pub approval: BookingApproval,
    /// 起始间隔，15–240 分钟 / Bookings begin at multiples of this, 15–240 minutes.
    pub start_interval_minutes: i32,
    /// 最短时长，分钟 / Shortest booking, in minutes.
    pub min_minutes: i32,
    /// 最长时长，分钟 / Longest booking, in minutes.
    pub max_minutes: i32,
    /// 团体最长时长，分钟 / Longest booking of a group, in minutes.
    pub group_max_minutes: i32,
    /// 前置缓冲，分钟 / Kept free before, in minutes.
    pub buffer_before_minutes: i32,
    /// 保洁缓冲，分钟 / Kept free after, in minutes.
    pub buffer_after_minutes: i32,
    /// 提前几天放号，1–90 / A date is booked from so many days before on, 1–90.
    pub days_ahead: i32,
    /// 放号时间 HH:MM / At this time of that day, `HH:MM`.
    pub opens_at: String,
    /// 是否可预约 / Whether it is booked.
    pub is_bookable: bool,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 开放规则 / A rule of when a venue is open.
#[derive(InputObject, Clone, Debug)]
pub struct OpeningRuleInput {
    /// 适用日 / On which days.
    pub days: OpeningDays,
    /// 星期 1–7，仅指定星期时填 / Weekdays 1 (Monday) – 7, of WEEKDAYS only.
    pub weekdays: Option<Vec<i32>>,
    /// 起，HH:MM；指定日期不开放时不填 / From, `HH:MM`; absent for a date on which it stays closed.
    pub from: Option<String>,
    /// 止，HH:MM，至多 24:00 / Up to, `HH:MM`, `24:00` at most.
    pub to: Option<String>,
    /// 场次；18:00 以后及休息日不能是日场 / Session; not DAY after 18:00 and on days off.
    pub session: OpeningSession,
    /// 值班人员；除日场外没有值班人员则不开放 / Who is on duty; without one no session but DAY is open.
    pub duty_user_id: Option<ID>,
    /// 起始日期；指定日期即该日 / First day; of DATE, the date.
    pub valid_from: NaiveDate,
    /// 截止日期 / Last day.
    pub valid_to: Option<NaiveDate>,
}

/// 设定场地开放规则，整体替换 / Says when a venue is open; what is left out holds no more.
#[derive(InputObject, Clone, Debug)]
pub struct SaveOpeningRulesInput {
    /// 场地 / Venue.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 规则，至多 60 条 / Rules, at most 60.
    pub rules: Vec<OpeningRuleInput>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 临时闭馆：整个中心或一个场地；期间的预约由中心取消 / Closes a centre, or a venue of it, for a time; what is booked then is called off.
#[derive(InputObject, Clone, Debug)]
pub struct CloseCenterInput {
    /// 邻里中心 / Centre.
    pub center_id: ID,
    /// 场地；不填为整个中心 / Venue; the whole centre when absent.
    pub venue_id: Option<ID>,
    /// 起 / From.
    pub starts_at: DateTime<Utc>,
    /// 止 / Up to.
    pub ends_at: DateTime<Utc>,
    /// 原因 / Why.
    pub reason: ClosureReason,
    /// 说明，至多 200 字；原因为其他时必填 / In words, at most 200 characters; required of another reason.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 留用场地：期间仅限指定人员预约 / Keeps a venue for some people for a time.
#[derive(InputObject, Clone, Debug)]
pub struct ReserveVenueInput {
    /// 场地 / Venue.
    pub venue_id: ID,
    /// 起 / From.
    pub starts_at: DateTime<Utc>,
    /// 止 / Up to.
    pub ends_at: DateTime<Utc>,
    /// 可预约人员的手机号，1–30 个；没有账号的为其开通 / Numbers of the people, 1–30; an account is opened for who has none.
    pub phones: Vec<String>,
    /// 用途，至多 200 字，公开显示 / What for, at most 200 characters; shown to everybody.
    pub note: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 恢复开放，或撤销留用 / Takes a closure back, or what is kept for some.
#[derive(InputObject, Clone, Debug)]
pub struct ReopenCenterInput {
    /// 闭馆记录 / Closure.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 预约场地 / Books a venue.
#[derive(InputObject, Clone, Debug)]
pub struct BookVenueInput {
    /// 场地 / Venue.
    pub venue_id: ID,
    /// 起 / From.
    pub starts_at: DateTime<Utc>,
    /// 止 / Up to.
    pub ends_at: DateTime<Utc>,
    /// 人数 / How many come.
    pub party_size: i32,
    /// 用途，至多 200 字；不得用于经营、宗教活动和私人培训 / What for, at most 200 characters; no commerce, worship or private lessons.
    pub purpose: String,
    /// 团体名称，至多 40 字 / Group for which it is, at most 40 characters.
    pub group_name: Option<String>,
    /// 服务项目；时长须与其一致 / Service for which it is; it takes as long as that says.
    pub service_item_id: Option<ID>,
    /// 对场地题目的回答 / Answers to what the venue asks.
    pub answers: Option<Vec<FormAnswerInput>>,
    /// 已被预约时是否候补 / Whether to wait when somebody else has it.
    pub join_waitlist: Option<bool>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 接受候补 / Takes what fell free.
#[derive(InputObject, Clone, Debug)]
pub struct AcceptBookingOfferInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    pub expected_version: Option<i32>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 取消预约 / Takes a booking back.
#[derive(InputObject, Clone, Debug)]
pub struct CancelBookingInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    pub expected_version: Option<i32>,
    /// 范围，仅系列预约；不填为仅本次 / How far it reaches, of one of a series; that one alone when absent.
    pub scope: Option<SeriesScope>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 通过预约 / Says yes to a booking.
#[derive(InputObject, Clone, Debug)]
pub struct ApproveBookingInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 不通过预约 / Says no to a booking.
#[derive(InputObject, Clone, Debug)]
pub struct RejectBookingInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 原因 / Why.
    pub reason: BookingRejectReason,
    /// 说明，至多 200 字，预约人可见；原因为其他时必填 / In words, at most 200 characters, for who booked; required of another reason.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 中心取消预约，不影响预约人 / Calls a booking off; who booked loses nothing by it.
#[derive(InputObject, Clone, Debug)]
pub struct CallOffBookingInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 原因 / Why.
    pub reason: ClosureReason,
    /// 说明，至多 200 字，预约人可见；原因为其他时必填 / In words, at most 200 characters, for who booked; required of another reason.
    pub note: Option<String>,
    /// 范围，仅系列预约；不填为仅本次 / How far it reaches, of one of a series; that one alone when absent.
    pub scope: Option<SeriesScope>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 工作人员为预约签到 / Notes that the people are there.
#[derive(InputObject, Clone, Debug)]
pub struct CheckInBookingInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 改期 / Has a booking at another time.
#[derive(InputObject, Clone, Debug)]
pub struct RescheduleBookingInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    pub expected_version: Option<i32>,
    /// 场地，须在同一中心 / Venue, of the same centre.
    pub venue_id: ID,
    /// 起 / From.
    pub starts_at: DateTime<Utc>,
    /// 止 / Up to.
    pub ends_at: DateTime<Utc>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 中心调整预约 / Has a booking at another time, for the centre.
#[derive(InputObject, Clone, Debug)]
pub struct MoveBookingInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 场地，须在同一中心 / Venue, of the same centre.
    pub venue_id: ID,
    /// 起 / From.
    pub starts_at: DateTime<Utc>,
    /// 止 / Up to.
    pub ends_at: DateTime<Utc>,
    /// 说明，至多 200 字，预约人可见 / In words, at most 200 characters, for who booked.
    pub note: Option<String>,
    /// 范围，仅系列预约；不填为仅本次；其余各次平移相同天数、改为同一钟点 / How far it reaches, of one of a series; that one alone when absent. The
    /// others go by as many days, to the same time of the day.
    pub scope: Option<SeriesScope>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 扫码签到 / Says that the people are there, by the code at the door.
#[derive(InputObject, Clone, Debug)]
pub struct CheckInByCodeInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    pub expected_version: Option<i32>,
    /// 中心门口屏幕上的动态码；每 15 秒更新，30 秒内有效 / What the screen at the centre's door shows: another one every 15 seconds, taken for 30.
    pub code: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 登记损坏 / Says that something was left broken.
#[derive(InputObject, Clone, Debug)]
pub struct RecordDamageInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 损坏情况，至多 200 字，预约人可见 / What is broken, at most 200 characters, for who booked.
    pub note: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 信用申诉 / Says that a line of the own credit is wrong.
#[derive(InputObject, Clone, Debug)]
pub struct AppealCreditInput {
    /// 信用记录 / Line.
    pub entry_id: ID,
    /// 理由，至多 500 字 / Why, at most 500 characters.
    pub reason: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 处理信用申诉 / Decides about an appeal.
#[derive(InputObject, Clone, Debug)]
pub struct DecideCreditAppealInput {
    /// 申诉 / Appeal.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 是否成立；成立则撤销该记录 / Whether the line was wrong; then it is reversed.
    pub is_granted: bool,
    /// 答复，至多 200 字；不成立时必填 / The answer, at most 200 characters; required when the line stands.
    pub answer: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 结束使用，剩余时段释放 / The people leave; what is left of the time falls free.
#[derive(InputObject, Clone, Debug)]
pub struct EndBookingInput {
    /// 预约 / Booking.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    pub expected_version: Option<i32>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
