//! What can be done with a case.

use strum::{EnumIter, IntoEnumIterator as _, IntoStaticStr};

/// What can be done with a case (动作): four ways to read it and one value per verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// See the public view.
    Read,
    /// See one's own case.
    ReadParticipantView,
    /// See it as staff do.
    ReadStaffView,
    /// Learn who reported it, and the number to call, masked.
    ReadReporter,
    /// 查看联系方式: learn the number to call, in clear.
    RevealContact,
    /// 授权代办: let somebody act for the reporter.
    GrantProxy,
    /// 窗口授权代办: the same, for somebody without an account.
    GrantProxyAtCounter,
    /// 补充
    Supplement,
    /// 撤回
    Withdraw,
    /// 异议
    Object,
    /// 受理
    Accept,
    /// 不予受理
    Reject,
    /// 立案
    File,
    /// 派遣
    Dispatch,
    /// 签收
    Sign,
    /// 先行联系
    RecordContact,
    /// 处置反馈
    SubmitHandling,
    /// 核查
    Verify,
    /// 评价
    Survey,
    /// 回访
    RecordCallback,
    /// 退单
    RequestReturn,
    /// 退单决定
    DecideReturn,
    /// 移交
    HandOver,
    /// 快速通道
    FastTrack,
    /// 申请延期
    RequestExtension,
    /// 延期决定
    DecideExtension,
    /// 申请挂起
    RequestSuspension,
    /// 挂起决定
    DecideSuspension,
    /// 恢复
    Resume,
    /// 催办
    Urge,
    /// Note something for the staff.
    AddInternalNote,
    /// Write to the reporter.
    MessageReporter,
    /// Tell everybody how it goes.
    PublishUpdate,
    /// Ask the reporter something, and wait.
    AskReporter,
    /// Answer what the unit asked.
    AnswerQuestion,
    /// 督办
    Supervise,
    /// 督办回复
    AnswerSupervision,
    /// 矛盾预警: warn of people in conflict.
    OpenConflictWarning,
    /// 会商
    Confer,
    /// 回访未接通
    RecordMissedCallback,
    /// 有新情况，重新办理
    Reopen,
    /// 疑难件重启
    TakeUp,
    /// 并案
    Merge,
    /// 关注
    Follow,
    /// 取消关注
    Unfollow,
    /// 诉讼保全: have nothing of it taken away.
    PlaceLegalHold,
    /// 解除保全
    ReleaseLegalHold,
    /// 内容审核: decide whether words or a photo are published.
    ReviewContent,
    /// 内容举报: report what is public of it.
    ReportContent,
    /// 隐去: take something out of words or a photo.
    Redact,
    /// 查看原文: see what it was before.
    RevealOriginal,
    /// 平台撤回: the system's, when the platform it came from takes it back.
    Recall,
    /// 人数升级: the system's.
    Raise,
    /// 预警: the system's.
    Warn,
    /// 无法回访结案: the system's.
    Lapse,
    /// 归档: the system's.
    Archive,
    /// 匿名化: the system's.
    Anonymise,
    /// 网格调整: the system's, when grids are drawn anew.
    Relocate,
}

impl Action {
    /// The verbs a client offers as buttons of a case.
    pub fn verbs() -> impl Iterator<Item = Self> {
        Self::iter().filter(|action| action.is_verb())
    }

    /// Handing over is done for a person, not for a case; a proxy moves none; warnings and lapses are the system's.
    fn is_verb(self) -> bool {
        match self {
            Self::Read
            | Self::ReadParticipantView
            | Self::ReadStaffView
            | Self::ReadReporter
            | Self::RevealContact
            | Self::RevealOriginal
            | Self::HandOver => false,
            Self::GrantProxy | Self::GrantProxyAtCounter => false,
            Self::Recall | Self::Raise | Self::Warn | Self::Lapse | Self::Archive | Self::Anonymise => false,
            Self::Relocate => false,
            Self::Supplement
            | Self::Withdraw
            | Self::Object
            | Self::Accept
            | Self::Reject
            | Self::File
            | Self::Dispatch
            | Self::Sign
            | Self::RecordContact
            | Self::SubmitHandling
            | Self::Verify
            | Self::Survey
            | Self::RecordCallback
            | Self::RequestReturn
            | Self::DecideReturn
            | Self::FastTrack
            | Self::RequestExtension
            | Self::DecideExtension
            | Self::RequestSuspension
            | Self::DecideSuspension
            | Self::Resume
            | Self::Urge
            | Self::AddInternalNote
            | Self::MessageReporter
            | Self::PublishUpdate
            | Self::AskReporter
            | Self::AnswerQuestion
            | Self::Supervise
            | Self::AnswerSupervision
            | Self::OpenConflictWarning
            | Self::Confer
            | Self::RecordMissedCallback
            | Self::Reopen
            | Self::TakeUp
            | Self::Merge
            | Self::Follow
            | Self::Unfollow
            | Self::PlaceLegalHold
            | Self::ReleaseLegalHold
            | Self::ReviewContent
            | Self::ReportContent
            | Self::Redact => true,
        }
    }

    /// The name on the wire, e.g. `RECORD_CONTACT`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}
