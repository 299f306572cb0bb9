//! What a viewer may do with a request.

use ::requests as slice;
use async_graphql::Enum;

/// 服务端算出的可执行操作，界面据此显示按钮 / What the viewer may do now; a client shows exactly these buttons.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestAction {
    /// 补充 / Add words or photos.
    Supplement,
    /// 撤回 / Withdraw.
    Withdraw,
    /// 提出异议 / Object to a rejection.
    Object,
    /// 受理 / Accept.
    Accept,
    /// 不予受理 / Reject.
    Reject,
    /// 立案 / File.
    File,
    /// 派遣 / Dispatch.
    Dispatch,
    /// 签收 / Sign for.
    Sign,
    /// 登记先行联系 / Record a contact.
    RecordContact,
    /// 提交处置结果 / Submit the handling.
    SubmitHandling,
    /// 核查 / Verify.
    Verify,
    /// 评价 / Answer the survey.
    Survey,
    /// 登记回访 / Record a call-back.
    RecordCallback,
    /// 申请退单 / Ask to return.
    RequestReturn,
    /// 审核退单 / Decide a return.
    DecideReturn,
    /// 快速通道派遣 / Dispatch by the fast lane.
    FastTrack,
    /// 申请延期 / Ask for more time.
    RequestExtension,
    /// 审批延期 / Decide on more time.
    DecideExtension,
    /// 申请挂起 / Ask for a pause.
    RequestSuspension,
    /// 审批挂起 / Decide on a pause.
    DecideSuspension,
    /// 恢复办理 / End a pause.
    Resume,
    /// 催办 / Urge.
    Urge,
    /// 内部备注 / Note something for the staff.
    AddInternalNote,
    /// 给诉求人留言 / Write to the reporter.
    MessageReporter,
    /// 发布进展 / Tell everybody how it goes.
    PublishUpdate,
    /// 询问诉求人 / Ask the reporter, and wait.
    AskReporter,
    /// 答复询问 / Answer what the unit asked.
    AnswerQuestion,
    /// 督办 / Supervise.
    Supervise,
    /// 矛盾预警 / Warn of a conflict.
    OpenConflictWarning,
    /// 回复督办 / Answer the supervisor.
    AnswerSupervision,
    /// 会商 / Write down a conference.
    Confer,
    /// 登记回访未接通 / Record a call back in vain.
    RecordMissedCallback,
    /// 有新情况，申请重新办理 / Have it opened again, with new facts.
    Reopen,
    /// 重启疑难件 / Take up a closed case again.
    TakeUp,
    /// 并案 / Merge into another.
    Merge,
    /// 关注 / Follow.
    Follow,
    /// 取消关注 / Follow no more.
    Unfollow,
    /// 诉讼保全 / Have nothing of it taken away.
    PlaceLegalHold,
    /// 解除保全 / End a legal hold.
    ReleaseLegalHold,
    /// 内容审核 / Decide what is published.
    ReviewContent,
    /// 内容举报 / Report what is published.
    ReportContent,
    /// 隐去 / Take something out of words or a photo.
    Redact,
}

/// The wire's name of an action; `None` for those that are no verbs of one case.
pub(super) fn action(action: slice::Action) -> Option<RequestAction> {
    use slice::Action as A;
    Some(match action {
        A::Supplement => RequestAction::Supplement,
        A::Withdraw => RequestAction::Withdraw,
        A::Object => RequestAction::Object,
        A::Accept => RequestAction::Accept,
        A::Reject => RequestAction::Reject,
        A::File => RequestAction::File,
        A::Dispatch => RequestAction::Dispatch,
        A::Sign => RequestAction::Sign,
        A::RecordContact => RequestAction::RecordContact,
        A::SubmitHandling => RequestAction::SubmitHandling,
        A::Verify => RequestAction::Verify,
        A::Survey => RequestAction::Survey,
        A::RecordCallback => RequestAction::RecordCallback,
        A::RequestReturn => RequestAction::RequestReturn,
        A::DecideReturn => RequestAction::DecideReturn,
        A::FastTrack => RequestAction::FastTrack,
        A::RequestExtension => RequestAction::RequestExtension,
        A::DecideExtension => RequestAction::DecideExtension,
        A::RequestSuspension => RequestAction::RequestSuspension,
        A::DecideSuspension => RequestAction::DecideSuspension,
        A::Resume => RequestAction::Resume,
        A::Urge => RequestAction::Urge,
        A::AddInternalNote => RequestAction::AddInternalNote,
        A::MessageReporter => RequestAction::MessageReporter,
        A::PublishUpdate => RequestAction::PublishUpdate,
        A::AskReporter => RequestAction::AskReporter,
        A::AnswerQuestion => RequestAction::AnswerQuestion,
        A::Supervise => RequestAction::Supervise,
        A::OpenConflictWarning => RequestAction::OpenConflictWarning,
        A::AnswerSupervision => RequestAction::AnswerSupervision,
        A::Confer => RequestAction::Confer,
        A::RecordMissedCallback => RequestAction::RecordMissedCallback,
        A::Reopen => RequestAction::Reopen,
        A::TakeUp => RequestAction::TakeUp,
        A::Merge => RequestAction::Merge,
        A::Follow => RequestAction::Follow,
        A::Unfollow => RequestAction::Unfollow,
        A::PlaceLegalHold => RequestAction::PlaceLegalHold,
        A::ReleaseLegalHold => RequestAction::ReleaseLegalHold,
        A::ReviewContent => RequestAction::ReviewContent,
        A::ReportContent => RequestAction::ReportContent,
        A::Redact => RequestAction::Redact,
        A::Read | A::ReadParticipantView | A::ReadStaffView | A::ReadReporter | A::RevealContact | A::HandOver => {
            return None;
        }
        A::GrantProxy | A::GrantProxyAtCounter | A::Recall | A::Raise | A::Warn | A::Lapse => return None,
        A::Archive | A::Anonymise | A::Relocate | A::RevealOriginal => return None,
    })
}
