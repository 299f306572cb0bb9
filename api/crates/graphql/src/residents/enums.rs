//! The wire's mirrors of the enums of residents.

use ::residents as slice;
use async_graphql::Enum;

/// 居住认证状态 / Where a proof of residence stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ResidenceState")]
pub enum ResidenceState {
    /// 待认证 / Waiting for the neighbourhood.
    Applied,
    /// 已认证 / Verified.
    Verified,
    /// 未通过 / Refused.
    Rejected,
    /// 已失效 / Over: lapsed, ended, or taken back.
    Expired,
}

/// 居住关系 / As what somebody lives in a flat.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ResidenceRelation")]
pub enum ResidenceRelation {
    /// 业主 / Owner.
    Owner,
    /// 租客；认证一年有效 / Tenant; the proof holds for a year.
    Tenant,
    /// 家属 / Family.
    Family,
}

/// 认证未通过的原因 / Why a residence is not verified.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ResidenceRejectReason")]
pub enum ResidenceRejectReason {
    /// 登记中没有此人 / The register does not know the person there.
    NotRegistered,
    /// 房屋信息有误 / There is no such flat.
    WrongFlat,
    /// 缺少证明 / A proof is missing.
    ProofMissing,
    /// 其他，须说明 / Another reason, which the note says.
    Other,
}

/// 代办授权状态 / Where a proxy stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ProxyState")]
pub enum ProxyState {
    /// 待接受 / Waiting for the agent.
    Invited,
    /// 生效中 / In force.
    Active,
    /// 已终止 / Ended by either side.
    Ended,
    /// 已到期 / Over by itself.
    Expired,
}

/// 代办权限 / What an agent may do in a case.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "slice::ProxyVerb")]
pub enum ProxyVerb {
    /// 查看，总是包含 / See it as the reporter does; always included.
    Read,
    /// 补充 / Add words or photos.
    Supplement,
    /// 撤回 / Withdraw it.
    Withdraw,
    /// 提出异议 / Object to a rejection.
    Object,
    /// 评价 / Answer the survey.
    Survey,
}

/// 居住认证的可执行操作 / What the viewer may do with a proof of residence now.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResidenceAction {
    /// 终止 / End it, or take it back.
    End,
    /// 认证 / Verify.
    Verify,
    /// 不予认证 / Refuse.
    Reject,
    /// 遗失换绑 / Move the resident, who lost the number, to a new one.
    ReplacePhone,
}

/// 代办授权的可执行操作 / What the viewer may do with a proxy now.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyAction {
    /// 接受 / Accept.
    Accept,
    /// 终止 / End it, or decline.
    End,
}

/// The wire's names of actions; those that only read have none.
pub(super) fn residence_action(action: slice::ResidenceAction) -> Option<ResidenceAction> {
    match action {
        slice::ResidenceAction::Read => None,
        slice::ResidenceAction::End => Some(ResidenceAction::End),
        slice::ResidenceAction::Verify => Some(ResidenceAction::Verify),
        slice::ResidenceAction::Reject => Some(ResidenceAction::Reject),
        slice::ResidenceAction::ReplacePhone => Some(ResidenceAction::ReplacePhone),
    }
}

/// As [`residence_action`], of proxies.
pub(super) fn proxy_action(action: slice::ProxyAction) -> Option<ProxyAction> {
    match action {
        slice::ProxyAction::Read | slice::ProxyAction::ReadGranter => None,
        slice::ProxyAction::Accept => Some(ProxyAction::Accept),
        slice::ProxyAction::End => Some(ProxyAction::End),
    }
}
