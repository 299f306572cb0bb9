//! Inputs of events: raw as they come, parsed by the slice.

mod attending;

use async_graphql::{ID, InputObject};
use chrono::{DateTime, Utc};

use super::enums::{
    AttendanceStatus, EventAudience, EventKind, EventScope, EventState, RegistrationState, WaitlistPromotion,
};
use crate::areas::GeoPointInput;
use crate::forms::{FormAnswerInput, FormQuestionInput};

pub use attending::{
    CheckEventRecordInput, CheckInPlaceInput, CheckInToEventInput, CheckOutOfEventInput, DecideEventLeaveInput,
    MarkEventAttendanceInput, RecordEventVoteInput, RedeemCheckInInput, RequestEventLeaveInput, SaveEventRecordInput,
};

/// 活动筛选 / Which events are listed.
#[derive(InputObject, Clone, Debug, Default)]
pub struct EventFilter {
    /// 查看范围 / Which ones.
    #[graphql(default)]
    pub scope: EventScope,
    /// 此时尚未结束；面向本人的活动不填为现在 / That are not over by then; now when absent, of published ones.
    pub from: Option<DateTime<Utc>>,
    /// 在此之前开始 / That begin before.
    pub to: Option<DateTime<Utc>>,
    /// 区域，含下级 / Of an area, or of one in it.
    pub area_id: Option<ID>,
    /// 类型 / Of a kind.
    pub kind: Option<EventKind>,
    /// 标签 / With a word.
    pub tag: Option<String>,
    /// 阶段 / Where it stands.
    pub state: Option<EventState>,
}

/// 报名名单筛选 / Which registrations are listed.
#[derive(InputObject, Clone, Debug)]
pub struct EventRegistrationFilter {
    /// 活动 / Of an event.
    pub event_id: ID,
    /// 状态 / In a state.
    pub state: Option<RegistrationState>,
}

/// 签到名单筛选 / Which lines of attendance are listed.
#[derive(InputObject, Clone, Debug)]
pub struct EventAttendanceFilter {
    /// 活动 / Of an event.
    pub event_id: ID,
    /// 出席情况 / With a status.
    pub status: Option<AttendanceStatus>,
}

/// 议程 / A line of an agenda.
#[derive(InputObject, Clone, Debug)]
pub struct EventAgendaItemInput {
    /// 起 / From when on.
    pub starts_at: DateTime<Utc>,
    /// 内容，至多 60 字 / What, at most 60 characters.
    pub title: String,
}

/// 报名条件 / How people register.
#[derive(InputObject, Clone, Debug)]
pub struct EventRegistrationTermsInput {
    /// 开始报名，不填为发布时 / From when on; from the publication when absent.
    pub opens_at: Option<DateTime<Utc>>,
    /// 报名截止，不填为活动开始 / Until when; until it begins when absent.
    pub closes_at: Option<DateTime<Utc>>,
    /// 可取消至，不填为活动开始 / Until when a registration is taken back; until it begins when absent.
    pub withdraw_until: Option<DateTime<Utc>>,
    /// 名额，1–10000，不填为不限 / Seats, 1–10,000; without end when absent.
    pub capacity: Option<i32>,
    /// 候补上限，0–10000，不填为不限；0 为不设候补 / Registrations that wait at most, 0–10,000; without end when absent, nobody waits at 0.
    pub waitlist_limit: Option<i32>,
    /// 每次报名至多几人，含本人，1–10 / Seats of one registration at most, the person's own included, 1–10.
    #[graphql(default = 1)]
    pub most_seats: i32,
    /// 候补方式 / How a seat that falls free goes to who waits.
    #[graphql(default_with = "WaitlistPromotion::Automatic")]
    pub promotion: WaitlistPromotion,
    /// 仅限完成居住认证的本区域居民 / Whether it is for verified residents of its area only.
    #[graphql(default)]
    pub is_for_residents: bool,
    /// 报名时要回答的题目，至多 10 题 / What it asks, at most 10 questions.
    pub questions: Option<Vec<FormQuestionInput>>,
}

/// 起草或修改活动 / Makes an event, or writes it anew.
#[derive(InputObject, Clone, Debug)]
pub struct SaveEventInput {
    /// 活动；新增时不填 / Event; absent for a new one.
    pub id: Option<ID>,
    /// 修改时必填 / Required when changing.
    pub expected_version: Option<i32>,
    /// 类型 / What kind it is.
    pub kind: EventKind,
    /// 范围 / For whom it is.
    pub audience: EventAudience,
    /// 标题，至多 80 字 / Title, at most 80 characters.
    pub title: String,
    /// 摘要，至多 300 字 / A sentence or two, at most 300 characters.
    pub summary: String,
    /// 正文，至多 4000 字 / All that is said of it, at most 4,000 characters.
    pub body: String,
    /// 主办方，显示给参加者，至多 60 字 / Who invites, as people read it, at most 60 characters.
    pub organizer: String,
    /// 标签，至多 6 个、每个 12 字 / Words by which it is found, at most 6 of 12 characters.
    pub tags: Option<Vec<String>>,
    /// 所属区域代码 / Code of the area it belongs to.
    pub area_code: String,
    /// 主办党组织；社区活动不填 / Organisation of the party that holds it; absent for one of the neighbourhood.
    pub organization_id: Option<ID>,
    /// 另外面向的下级党组织，至多 50 个，仅指定组织时 / Organisations below that it is for, beside the one that holds it; at most 50, and only where it is for
    /// some.
    pub organization_ids: Option<Vec<ID>>,
    /// 邻里中心场地，发布时占用 / Room of a neighbourhood centre; had when it is published.
    pub venue_id: Option<ID>,
    /// 地点，至多 120 字 / Where, at most 120 characters.
    pub address: String,
    /// 位置 / Where, on the map.
    pub location: Option<GeoPointInput>,
    /// 起，整刻钟 / From, on a quarter of an hour.
    pub starts_at: DateTime<Utc>,
    /// 止，整刻钟，至多 24 小时 / Up to, on a quarter of an hour, at most 24 hours later.
    pub ends_at: DateTime<Utc>,
    /// 报名条件；不填为无需报名 / How people register; they come as they are when absent.
    pub registration: Option<EventRegistrationTermsInput>,
    /// 议程，至多 20 行 / What happens when, at most 20 lines.
    pub agenda: Option<Vec<EventAgendaItemInput>>,
    /// 照片，按显示顺序，至多 6 张；不填不变 / Photos in the order in which they are shown, at most 6; as before when absent.
    pub attachment_ids: Option<Vec<ID>>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 提交审核 / Asks for a review.
#[derive(InputObject, Clone, Debug)]
pub struct SubmitEventInput {
    /// 活动 / Event.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 审核通过 / Says yes to an event.
#[derive(InputObject, Clone, Debug)]
pub struct ApproveEventInput {
    /// 活动 / Event.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 退回修改 / Asks for other words.
#[derive(InputObject, Clone, Debug)]
pub struct ReturnEventInput {
    /// 活动 / Event.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 修改意见，至多 200 字 / What is to be done, at most 200 characters.
    pub note: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 发布活动 / Publishes an event.
#[derive(InputObject, Clone, Debug)]
pub struct PublishEventInput {
    /// 活动 / Event.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 变更已发布的活动 / Gives a published event another time, place or number of seats.
#[derive(InputObject, Clone, Debug)]
pub struct ChangeEventInput {
    /// 活动 / Event.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 邻里中心场地；不填为不占用场地 / Room of a neighbourhood centre; none when absent.
    pub venue_id: Option<ID>,
    /// 地点，至多 120 字 / Where, at most 120 characters.
    pub address: String,
    /// 位置；不填为无 / Where, on the map; nowhere when absent.
    pub location: Option<GeoPointInput>,
    /// 起，整刻钟 / From, on a quarter of an hour.
    pub starts_at: DateTime<Utc>,
    /// 止，整刻钟，至多 24 小时 / Up to, on a quarter of an hour, at most 24 hours later.
    pub ends_at: DateTime<Utc>,
    /// 名额；不填不变，不能少于已占用的 / Seats; as before when absent, no fewer than are taken.
    pub capacity: Option<i32>,
    /// 给报名者的说明，至多 200 字 / What who is registered is told, at most 200 characters.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 取消活动 / Calls an event off.
#[derive(InputObject, Clone, Debug)]
pub struct CancelEventInput {
    /// 活动 / Event.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 取消说明，至多 200 字 / What people are told, at most 200 characters.
    pub note: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 占位：填写期间保留名额 / Keeps seats while a form is filled in.
#[derive(InputObject, Clone, Debug)]
pub struct HoldEventSeatsInput {
    /// 活动 / Event.
    pub event_id: ID,
    /// 人数，含本人 / How many, the person included.
    #[graphql(default = 1)]
    pub seats: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 放弃占位 / Gives seats back.
#[derive(InputObject, Clone, Debug)]
pub struct ReleaseEventSeatsInput {
    /// 占位 / What is kept.
    pub id: ID,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 报名 / Registers for an event.
#[derive(InputObject, Clone, Debug)]
pub struct RegisterForEventInput {
    /// 活动 / Event.
    pub event_id: ID,
    /// 同行的被监护人 / Children in the person's care who come too.
    pub dependant_ids: Option<Vec<ID>>,
    /// 其他同行人姓名，每个 32 字 / Names of others who come too, of 32 characters.
    pub guest_names: Option<Vec<String>>,
    /// 对题目的回答 / Answers to what the event asks.
    pub answers: Option<Vec<FormAnswerInput>>,
    /// 名额不足时是否候补 / Whether to wait when it is full.
    #[graphql(default)]
    pub join_waitlist: bool,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 接受候补 / Takes what was offered.
#[derive(InputObject, Clone, Debug)]
pub struct AcceptEventOfferInput {
    /// 报名 / Registration.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    pub expected_version: Option<i32>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 取消报名 / Takes a registration back.
#[derive(InputObject, Clone, Debug)]
pub struct CancelEventRegistrationInput {
    /// 报名 / Registration.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    pub expected_version: Option<i32>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 移出报名 / Takes a person off.
#[derive(InputObject, Clone, Debug)]
pub struct RemoveEventRegistrationInput {
    /// 报名 / Registration.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 给本人的说明，至多 200 字 / What the person is told, at most 200 characters.
    pub note: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
