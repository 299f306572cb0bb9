//! What happens in the course of a request.

use async_graphql::Enum;

/// 联系方式 / How the reporter was contacted.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ContactMethod")]
pub enum ContactMethod {
    /// 电话 / by phone.
    Phone,
    /// 上门 / by a visit.
    Visit,
    /// 微信 / by WeChat.
    Wechat,
}

/// 联系结果 / What came of a contact.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ContactOutcome")]
pub enum ContactOutcome {
    /// 已联系 / reached.
    Reached,
    /// 无人接听 / no answer.
    NoAnswer,
    /// 拒绝沟通 / refused to talk.
    Refused,
    /// 号码错误 / wrong number.
    WrongNumber,
}

/// 处置结果 / Result of handling.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::HandlingResult")]
pub enum HandlingResult {
    /// 实际解决 / solved.
    Solved,
    /// 部分解决 / partly solved.
    PartlySolved,
    /// 解释说明 / explained.
    Explained,
    /// 不属实 / not as reported.
    Unfounded,
    /// 诉求不合理 / cannot reasonably be met.
    Unreasonable,
    /// 列入计划 / planned.
    Planned,
}

/// 是否解决 / Whether the reporter calls it solved.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::Solved")]
pub enum Solved {
    /// 已解决 / yes.
    Yes,
    /// 部分解决 / partly.
    Partly,
    /// 未解决 / no.
    No,
}

/// 记录类型 / What words were said for.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::NoteKind")]
pub enum NoteKind {
    /// 补充 / the reporter's addition.
    Supplement,
    /// 不予受理说明 / why it was refused, and where to turn.
    Rejection,
    /// 异议 / the reporter's objection.
    Objection,
    /// 派单说明 / instruction to the unit.
    Dispatch,
    /// 联系记录 / what was said on the phone.
    Contact,
    /// 退单决定 / why a return was granted or denied.
    ReturnDecision,
    /// 答复 / reply to the reporter.
    Reply,
    /// 核查 / what the inspector found.
    Verification,
    /// 撤回原因 / why it was withdrawn.
    Withdrawal,
    /// 延期申请 / why more time is needed.
    Extension,
    /// 延期决定 / why it was granted or denied.
    ExtensionDecision,
    /// 挂起申请 / why it must wait, and what shows it.
    Suspension,
    /// 挂起决定 / why it was granted or denied.
    SuspensionDecision,
    /// 恢复说明 / why it goes on.
    Resumption,
    /// 催办 / what the reporter says to it.
    Urge,
    /// 督办要求 / what the supervisor wants done.
    Supervision,
    /// 督办回复 / what the unit says to it.
    SupervisionReply,
    /// 会商结论 / what the units agreed on.
    Conference,
    /// 重办理由 / the new facts.
    Reopening,
    /// 未接通 / what the call-back agent noted.
    Callback,
    /// 内部备注 / the staff's note for itself.
    InternalNote,
    /// 留言 / what the staff wrote to the reporter.
    Message,
    /// 进展公告 / what everybody may know.
    PublicUpdate,
    /// 询问 / what the unit asked the reporter.
    Question,
    /// 答复询问 / what the reporter answered.
    Answer,
    /// 平台撤回原因 / why the district took the order back.
    Recall,
    /// 保全理由 / why nothing of it may be taken away.
    LegalHold,
    /// 解除保全理由 / why that is over.
    LegalHoldRelease,
    /// 内容审核说明 / what a moderator noted.
    ContentReview,
}

/// 退单决定 / Decision on a return.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ReturnDecision")]
pub enum ReturnDecision {
    /// 待定 / open.
    Pending,
    /// 同意 / granted.
    Granted,
    /// 驳回 / denied.
    Denied,
}
