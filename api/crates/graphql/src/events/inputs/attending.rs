//! Inputs of attendance and of records of meetings.

use ::events as slice;
use async_graphql::{ID, InputObject};
use chrono::{DateTime, Utc};
use kernel::error::UserError;

use crate::areas::{GeoDatum, GeoPointInput};
use crate::events::enums::AttendanceStatus;

/// 签到位置 / Where a phone says that it is.
#[derive(InputObject, Clone, Debug)]
pub struct CheckInPlaceInput {
    /// 经度 / Longitude in degrees.
    pub longitude: f64,
    /// 纬度 / Latitude in degrees.
    pub latitude: f64,
    /// 坐标基准 / Datum.
    pub datum: GeoDatum,
    /// 定位精度，米；超过 100 米须由工作人员确认 / Within how many metres that is so; beyond 100, staff confirm it.
    pub accuracy_meters: f64,
}

impl CheckInPlaceInput {
    /// The place, or why it cannot be one of ours.
    pub(crate) fn position(&self) -> std::result::Result<slice::Position, UserError> {
        let point = GeoPointInput { longitude: self.longitude, latitude: self.latitude, datum: self.datum };
        Ok(slice::Position { point: point.place("place")?, accuracy: self.accuracy_meters })
    }
}

/// 签到 / The person is there.
#[derive(InputObject, Clone, Debug)]
pub struct CheckInToEventInput {
    /// 活动 / Event.
    pub event_id: ID,
    /// 主办方屏幕上的动态码；每 15 秒更新，30 秒内有效 / What the organiser's screen shows: another one every 15 seconds, taken for 30.
    pub code: Option<String>,
    /// 位置；与动态码二选一，须同意 LOCATION / Where the phone is; one of the two, under the consent LOCATION.
    pub place: Option<CheckInPlaceInput>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 签退 / The person leaves.
#[derive(InputObject, Clone, Debug)]
pub struct CheckOutOfEventInput {
    /// 活动 / Event.
    pub event_id: ID,
    /// 主办方屏幕上的动态码；每 15 秒更新，30 秒内有效 / What the organiser's screen shows: another one every 15 seconds, taken for 30.
    pub code: Option<String>,
    /// 位置；与动态码二选一，须同意 LOCATION / Where the phone is; one of the two, under the consent LOCATION.
    pub place: Option<CheckInPlaceInput>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 请假 / Asks for leave.
#[derive(InputObject, Clone, Debug)]
pub struct RequestEventLeaveInput {
    /// 活动 / Event.
    pub event_id: ID,
    /// 原因，至多 200 字，仅本人和主办方可见 / Why, at most 200 characters; seen by the person and by who holds the event only.
    pub reason: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 审批请假 / Gives leave, or does not.
#[derive(InputObject, Clone, Debug)]
pub struct DecideEventLeaveInput {
    /// 签到名单中的一行 / Line of the attendance.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 是否批准 / Whether it is given.
    pub is_granted: bool,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 登记出席情况 / Says how it was with somebody.
#[derive(InputObject, Clone, Debug)]
pub struct MarkEventAttendanceInput {
    /// 签到名单中的一行 / Line of the attendance.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 出席情况；请假和免于出席仅限按名册应到的 / How it was; LEAVE and EXEMPT only of who is expected by a roster.
    pub status: AttendanceStatus,
    /// 原因，至多 200 字，仅本人和主办方可见；不填不变 / Why, at most 200 characters; seen by the person and by who holds the event only. As before when
    /// absent.
    pub reason: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 扫报名码核销 / Scans a ticket.
#[derive(InputObject, Clone, Debug)]
pub struct RedeemCheckInInput {
    /// 活动 / Event.
    pub event_id: ID,
    /// 报名码 / What the ticket says.
    pub secret: String,
    /// 扫码时间；离线扫码后可补传，结束后七天内 / When it was scanned; scans without a network are told later, until a week after it.
    pub scanned_at: DateTime<Utc>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 写会议记录 / Writes the record of a meeting.
#[derive(InputObject, Clone, Debug)]
pub struct SaveEventRecordInput {
    /// 活动 / Event.
    pub event_id: ID,
    /// 修改时必填，为记录的版本 / Required when changing: the version of the record.
    pub expected_version: Option<i32>,
    /// 主持人，至多 32 字 / Who chaired it, at most 32 characters.
    pub chair: String,
    /// 记录人，至多 32 字 / Who took the minutes, at most 32 characters.
    pub recorder: String,
    /// 记录，至多 10000 字 / The minutes, at most 10,000 characters.
    pub minutes: String,
    /// 照片，按显示顺序，至多 6 张；不填不变 / Photos in the order in which they are shown, at most 6; as before when absent.
    pub attachment_ids: Option<Vec<ID>>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 核对会议照片 / Says that photos are fit to be seen.
#[derive(InputObject, Clone, Debug)]
pub struct CheckEventRecordInput {
    /// 活动 / Event.
    pub event_id: ID,
    /// 看到的记录版本 / The version of the record that the caller saw.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 登记表决 / Writes down a vote.
#[derive(InputObject, Clone, Debug)]
pub struct RecordEventVoteInput {
    /// 活动 / Event.
    pub event_id: ID,
    /// 事项，至多 120 字 / What was voted on, at most 120 characters.
    pub title: String,
    /// 赞成 / Who said yes.
    pub votes_for: i32,
    /// 反对 / Who said no.
    pub votes_against: i32,
    /// 弃权 / Who said neither.
    #[graphql(default)]
    pub abstained: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
