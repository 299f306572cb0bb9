//! Inputs of service requests: raw as they come, parsed by the slice.

use async_graphql::{ID, InputObject};

use crate::areas::GeoPointInput;
use crate::enums::{
    Channel, ContactMethod, ContactOutcome, HandlingResult, Priority, RejectReason, RequestKind, Solved, Visibility,
};

mod content;
mod oversight;
mod retention;
mod talk;
pub use content::*;
pub use oversight::*;
pub use retention::*;
pub use talk::*;

/// 代办对象 / The person served, when somebody else files.
#[derive(InputObject, Clone, Debug)]
pub struct OnBehalfOfInput {
    /// 姓名 / Name.
    pub name: String,
    /// 手机号；没有手机的人不填 / Mobile number; absent for who has none.
    pub phone: Option<String>,
}

/// 提交诉求 / Files a request. A place or an area is needed.
#[derive(InputObject, Clone, Debug)]
pub struct SubmitServiceRequestInput {
    /// 类型 / Kind.
    pub kind: RequestKind,
    /// 分类代码 / Code of the category.
    pub category_code: String,
    /// 内容，至多 1000 字 / Words, at most 1,000 characters.
    pub description: String,
    /// 位置 / Place.
    pub place: Option<GeoPointInput>,
    /// 没有位置时的区域代码 / Code of an area, when there is no place.
    pub area_code: Option<String>,
    /// 地址 / Address.
    pub address: Option<String>,
    /// 照片，至多 9 张，先用 uploadAttachment 上传 / Photos, at most 9, uploaded before.
    #[graphql(default)]
    pub attachment_ids: Vec<ID>,
    /// 匿名 / Nobody learns the reporter.
    #[graphql(default = false)]
    pub is_anonymous: bool,
    /// 保密；举报默认保密 / Handlers do not learn the reporter; the default of a REPORT.
    pub is_confidential: Option<bool>,
    /// 是否接受联系 / Whether the reporter may be called.
    #[graphql(default = true)]
    pub may_contact: bool,
    /// 公开范围 / Who may see it.
    #[graphql(default_with = "Visibility::Private")]
    pub visibility: Visibility,
    /// 渠道 / Channel.
    #[graphql(default_with = "Channel::App")]
    pub channel: Channel,
    /// 联系电话，默认本人手机；代办对象没有手机时可填亲属的 / Number to call; the reporter's own when absent. Of somebody served who has no
    /// phone, perhaps that of a relative.
    pub contact_phone: Option<String>,
    /// 代办对象，仅工作人员 / The person served; for staff.
    pub on_behalf_of: Option<OnBehalfOfInput>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 补充 / Adds words or photos.
#[derive(InputObject, Clone, Debug)]
pub struct SupplementServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional for the reporter.
    pub expected_version: Option<i32>,
    /// 文字 / Words.
    pub text: Option<String>,
    /// 照片 / Photos.
    #[graphql(default)]
    pub attachment_ids: Vec<ID>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 撤回 / Withdraws.
#[derive(InputObject, Clone, Debug)]
pub struct WithdrawServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional for the reporter.
    pub expected_version: Option<i32>,
    /// 原因 / Why.
    pub reason: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 对不予受理提出异议，限一次 / Objects to a rejection, once.
#[derive(InputObject, Clone, Debug)]
pub struct ObjectToRejectionInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional for the reporter.
    pub expected_version: Option<i32>,
    /// 异议 / Words.
    pub text: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 受理并分类 / Accepts and classifies.
#[derive(InputObject, Clone, Debug)]
pub struct AcceptServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 更正分类 / Corrected category.
    pub category_code: Option<String>,
    /// 更正类型 / Corrected kind.
    pub kind: Option<RequestKind>,
    /// 优先级 / Priority.
    pub priority: Option<Priority>,
    /// 公开范围 / Who may see it.
    pub visibility: Option<Visibility>,
    /// 是否暂不公开；不填则依内容检查结果 / Whether it is held back from the public; what the content check found unless given.
    pub is_held: Option<bool>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 不予受理 / Refuses, with a reason and where to turn.
#[derive(InputObject, Clone, Debug)]
pub struct RejectServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 原因 / Reason.
    pub reason: RejectReason,
    /// 说明及去向 / Explanation, and where to turn.
    pub explanation: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 立案 / Puts on file.
#[derive(InputObject, Clone, Debug)]
pub struct FileServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 派遣 / Sends to one lead unit and helpers.
#[derive(InputObject, Clone, Debug)]
pub struct DispatchServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 牵头单位 / Lead unit.
    pub lead_unit_id: ID,
    /// 协办单位 / Units that help.
    #[graphql(default)]
    pub co_unit_ids: Vec<ID>,
    /// 派单说明 / Instruction.
    pub instruction: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 签收 / Signs for.
#[derive(InputObject, Clone, Debug)]
pub struct SignServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 登记先行联系 / Records an attempt to reach the reporter.
#[derive(InputObject, Clone, Debug)]
pub struct RecordContactInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 方式 / How.
    pub method: ContactMethod,
    /// 结果 / What came of it.
    pub outcome: ContactOutcome,
    /// 记录 / What was said.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 提交处置结果 / Submits the handling.
#[derive(InputObject, Clone, Debug)]
pub struct SubmitHandlingInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 结果 / Result.
    pub result: HandlingResult,
    /// 答复，至少 10 字 / Reply to the reporter, at least 10 characters.
    pub reply: String,
    /// 处置后照片，城市部件和事件必须有 / AFTER photos; needed for city objects.
    #[graphql(default)]
    pub attachment_ids: Vec<ID>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 核查 / Verifies.
#[derive(InputObject, Clone, Debug)]
pub struct VerifyServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 是否通过 / Whether it passes.
    pub is_passed: bool,
    /// 说明，返工时必填 / Words; needed for a rework.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 评价 / Answers the survey.
#[derive(InputObject, Clone, Debug)]
pub struct SurveyServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional for the reporter.
    pub expected_version: Option<i32>,
    /// 是否解决 / Solved?
    pub solved: Solved,
    /// 满意度 1–5 / Satisfaction 1–5.
    pub satisfaction: i32,
    /// 评语，差评必填 / Words; needed for a bad answer.
    pub comment: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 登记回访 / Records the answer given on the phone.
#[derive(InputObject, Clone, Debug)]
pub struct RecordCallbackInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 是否解决 / Solved?
    pub solved: Solved,
    /// 满意度 1–5，不评价则不填 / Satisfaction 1–5; left out when the person would not rate.
    pub satisfaction: Option<i32>,
    /// 评语 / Words.
    pub comment: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 申请退单 / Asks to return an order.
#[derive(InputObject, Clone, Debug)]
pub struct RequestReturnInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 理由 / Reason.
    pub reason: String,
    /// 依据 / Legal basis.
    pub basis: String,
    /// 建议单位 / Who should have it.
    pub suggested_unit_id: ID,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 审核退单 / Decides a return.
#[derive(InputObject, Clone, Debug)]
pub struct DecideReturnInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 是否同意 / Whether it is granted.
    pub is_granted: bool,
    /// 说明 / Words.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 离任交接：在办诉求一次移交，任职同时结束 / Hands a leaver's open cases to a successor in one act, and ends the place in the unit.
#[derive(InputObject, Clone, Debug)]
pub struct HandOverServiceRequestsInput {
    /// 单位 / Unit.
    pub unit_id: ID,
    /// 离任者 / Leaver.
    pub leaver_id: ID,
    /// 接手者 / Successor.
    pub successor_id: ID,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
