//! Inputs of what is done about a request beside its trunk.

use async_graphql::{ID, InputObject};
use chrono::{DateTime, Utc};

use crate::enums::{ConflictKind, ContactOutcome, SupervisionLevel, SupervisionReason, SuspendReason};

/// 快速通道：危及公共安全的，直接派遣 / Dispatches what endangers people at once, with the shortest time limits.
#[derive(InputObject, Clone, Debug)]
pub struct FastTrackServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 更正分类 / Corrected category.
    pub category_code: Option<String>,
    /// 牵头单位 / The unit that leads.
    pub lead_unit_id: ID,
    /// 协办单位，至多 5 个 / Units that help, at most 5.
    #[graphql(default)]
    pub co_unit_ids: Vec<ID>,
    /// 派单说明 / What they should know.
    pub instruction: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 申请延期，须在到期前，限一次 / Asks for more time; before it is due, once.
#[derive(InputObject, Clone, Debug)]
pub struct RequestExtensionInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 延长的工作日数，合计不超过该类事项的上限 / Working days more; in all no more than the matter's limit.
    pub working_days: i32,
    /// 理由 / Why.
    pub reason: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 审批延期 / Decides on more time.
#[derive(InputObject, Clone, Debug)]
pub struct DecideExtensionInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 是否同意 / Granted?
    pub is_granted: bool,
    /// 说明，诉求人可见 / Why; the reporter reads it.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 申请挂起，至多 30 天，限两次 / Asks for a pause; at most 30 days, twice.
#[derive(InputObject, Clone, Debug)]
pub struct RequestSuspensionInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 原因 / Why.
    pub reason: SuspendReason,
    /// 挂起至 / Until when.
    pub until: DateTime<Utc>,
    /// 依据 / What shows that it must wait.
    pub evidence: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 审批挂起 / Decides on a pause.
#[derive(InputObject, Clone, Debug)]
pub struct DecideSuspensionInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 是否同意 / Granted?
    pub is_granted: bool,
    /// 说明，诉求人可见 / Why; the reporter reads it.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 提前恢复办理 / Ends a pause before its time.
#[derive(InputObject, Clone, Debug)]
pub struct ResumeServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 说明，诉求人可见 / Why; the reporter reads it.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 催办，先行联系超期后，每个工作日至多一次 / Urges; once the first contact is over its time, at most once in a working day.
#[derive(InputObject, Clone, Debug)]
pub struct UrgeServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional for the reporter.
    pub expected_version: Option<i32>,
    /// 文字 / Words.
    pub text: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 督办 / Supervises.
#[derive(InputObject, Clone, Debug)]
pub struct SuperviseServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 级别 / From how high.
    #[graphql(default_with = "SupervisionLevel::Street")]
    pub level: SupervisionLevel,
    /// 原因 / Why.
    pub reason: SupervisionReason,
    /// 要求 / What is to be done.
    pub instruction: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 矛盾预警 / Warns of a conflict.
#[derive(InputObject, Clone, Debug)]
pub struct OpenConflictWarningInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 类型 / What people are in conflict about.
    pub kind: ConflictKind,
    /// 涉及人数，1–100000 / How many people, 1–100,000.
    pub headcount: i32,
    /// 情况说明，仅工作人员可见 / What the staff should know; for staff.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 回复督办 / Answers the supervisor.
#[derive(InputObject, Clone, Debug)]
pub struct AnswerSupervisionInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 回复 / What was done.
    pub reply: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 登记会商结论；指定的牵头单位不能再退单 / Writes down what a conference of units came to; the unit that leads cannot return it.
#[derive(InputObject, Clone, Debug)]
pub struct ConferServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 牵头单位 / The unit that leads from now on.
    pub lead_unit_id: ID,
    /// 协办单位，1–5 个 / Units that help, 1–5.
    pub co_unit_ids: Vec<ID>,
    /// 结论 / What they agreed on.
    pub conclusion: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 登记回访未接通；三次后按无法回访结案 / Records a call back in vain; the third closes the case once the reporter's time is over.
#[derive(InputObject, Clone, Debug)]
pub struct RecordMissedCallbackInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 结果 / What came of it.
    pub outcome: ContactOutcome,
    /// 说明 / What was heard.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 结案后 15 天内有新情况，申请重新办理，限一次 / Has a closed case opened again with new facts, within 15 days, once.
#[derive(InputObject, Clone, Debug)]
pub struct ReopenServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional for the reporter.
    pub expected_version: Option<i32>,
    /// 新情况 / What is new.
    pub new_facts: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 督办员重启已结案的诉求 / A supervisor takes a closed case up again.
#[derive(InputObject, Clone, Debug)]
pub struct TakeUpServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 要求 / What is to be done.
    pub instruction: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 并案：并入同类且相距 250 米内、或同一诉求人的另一件 / Merges a request into another of the same category within 250 m, or of the same person.
#[derive(InputObject, Clone, Debug)]
pub struct MergeServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 并入哪一件 / Into which.
    pub into_id: ID,
    /// 看到的目标版本 / The version of that one the caller saw.
    pub into_expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 关注 / Follows a request of others.
#[derive(InputObject, Clone, Debug)]
pub struct FollowServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 取消关注 / Follows it no more.
#[derive(InputObject, Clone, Debug)]
pub struct UnfollowServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
