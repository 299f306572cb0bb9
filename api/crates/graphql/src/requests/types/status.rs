//! How far a request is, and whether it is in time.

use ::requests as slice;
use async_graphql::Enum;
use entity::enums::ServiceRequestState;

/// 居民看到的五步进度 / Five steps for residents.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicStatus {
    /// 已提交 / Submitted.
    Received,
    /// 已受理 / Accepted.
    Accepted,
    /// 处理中 / Being handled.
    Handling,
    /// 待评价 / Waiting for your answer.
    Answering,
    /// 已结束 / Over.
    Over,
}

/// 时限状态 / Deadline state.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "slice::Deadline")]
pub enum DeadlineState {
    /// 时限内，超过 24 小时 / In time, with more than 24 hours left.
    OnTrack,
    /// 24 小时内到期 / Due within 24 hours.
    DueSoon,
    /// 已超时 / Overdue.
    Overdue,
    /// 无时限 / No clock runs.
    None,
    /// 已暂停 / The clocks stand still.
    Paused,
}

impl From<ServiceRequestState> for PublicStatus {
    fn from(state: ServiceRequestState) -> Self {
        use ServiceRequestState as S;
        match state {
            S::Submitted => Self::Received,
            S::Accepted | S::Filed => Self::Accepted,
            S::Dispatched | S::InProgress | S::ReturnPending | S::Suspended | S::Handled => Self::Handling,
            S::Verified => Self::Answering,
            S::Rejected | S::Closed | S::Withdrawn | S::Merged => Self::Over,
        }
    }
}
