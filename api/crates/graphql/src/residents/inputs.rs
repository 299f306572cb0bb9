//! Inputs of residence and proxies: raw as they come, parsed by the slice.

use async_graphql::{ID, InputObject};
use chrono::{DateTime, Utc};

use super::enums::{ProxyVerb, ResidenceRejectReason, ResidenceRelation};

/// 申请居住认证 / Says where the viewer lives.
#[derive(InputObject, Clone, Debug)]
pub struct ApplyForResidenceInput {
    /// 自治网格（居村）或其中小区、楼栋的代码 / Code of a self-government grid, or of a compound or building in one.
    pub area_code: String,
    /// 小区名称，至多 64 字 / Name of the compound, at most 64 characters.
    pub compound: String,
    /// 幢、号楼，至多 32 字 / Building, at most 32 characters.
    pub building: String,
    /// 单元，至多 32 字 / Entrance, at most 32 characters.
    pub unit: Option<String>,
    /// 室，至多 32 字 / Room, at most 32 characters.
    pub room: String,
    /// 居住关系 / As what.
    pub relation: ResidenceRelation,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 通过居住认证 / Verifies a residence.
#[derive(InputObject, Clone, Debug)]
pub struct VerifyResidenceInput {
    /// 居住认证 / Residence.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 不予居住认证 / Refuses a residence.
#[derive(InputObject, Clone, Debug)]
pub struct RejectResidenceInput {
    /// 居住认证 / Residence.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 原因 / Why.
    pub reason: ResidenceRejectReason,
    /// 说明，至多 200 字，申请人可见；原因为其他时必填 / In words, at most 200 characters, for the applicant; required of another reason.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 终止居住认证：搬走，或撤回申请 / Ends a residence: moved away, or taken back.
#[derive(InputObject, Clone, Debug)]
pub struct EndResidenceInput {
    /// 居住认证 / Residence.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    pub expected_version: Option<i32>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 遗失换绑：居民到窗口，居村核对证件后换绑新号码 / Moves a resident who lost the number to a new one, at the counter, after the card was seen.
#[derive(InputObject, Clone)]
pub struct ReplaceLostPhoneInput {
    /// 该居民已认证的居住认证 / The resident's verified residence.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 证件上的公民身份号码；只核对，不保存 / Number on the identity card; checked, not kept.
    pub id_number: String,
    /// 新手机号 / New number.
    pub new_phone: String,
    /// 新手机号收到的验证码（用途 REPLACE_LOST_PHONE）/ Code sent to it, with the occasion REPLACE_LOST_PHONE.
    pub new_code: String,
    /// 微信是否随手机一起丢失：是则解绑微信，否则持有旧手机的人仍可用微信登录 / Whether WeChat is lost with the phone: then it is unbound; else
    /// whoever has the old phone can still sign in by WeChat.
    pub is_wechat_lost: bool,
    /// 事由及如何核实身份，2–500 字 / Why, and how the person was recognised, 2–500 characters.
    pub reason: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 授权他人代办本人的诉求 / Lets somebody act in the viewer's own requests.
#[derive(InputObject, Clone, Debug)]
pub struct GrantProxyInput {
    /// 诉求，1–20 件 / Requests, 1–20.
    pub service_request_ids: Vec<ID>,
    /// 代办人手机号 / The agent's mobile number.
    pub agent_phone: String,
    /// 代办权限，默认查看和补充 / What the agent may do; to read and to add, when absent.
    pub verbs: Option<Vec<ProxyVerb>>,
    /// 截止时间，至多一年 / Until when; a year at most.
    pub until: DateTime<Utc>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 窗口为没有账号的人授权代办 / The counter lets somebody act for a person without an account.
#[derive(InputObject, Clone, Debug)]
pub struct GrantProxyAtCounterInput {
    /// 诉求 / Request.
    pub service_request_id: ID,
    /// 看到的诉求版本 / The version of the request the caller saw.
    pub expected_version: i32,
    /// 代办人手机号 / The agent's mobile number.
    pub agent_phone: String,
    /// 代办权限，默认查看和补充 / What the agent may do; to read and to add, when absent.
    pub verbs: Option<Vec<ProxyVerb>>,
    /// 截止时间，至多一年 / Until when; a year at most.
    pub until: DateTime<Utc>,
    /// 理由，至多 200 字 / Why, at most 200 characters.
    pub reason: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 接受代办授权 / Accepts a proxy.
#[derive(InputObject, Clone, Debug)]
pub struct AcceptProxyInput {
    /// 代办授权 / Proxy.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    pub expected_version: Option<i32>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 终止代办授权，双方均可 / Ends a proxy; either side may.
#[derive(InputObject, Clone, Debug)]
pub struct EndProxyInput {
    /// 代办授权 / Proxy.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    pub expected_version: Option<i32>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
