//! What is done about a request beside its trunk.

use async_graphql::Enum;

/// 挂起原因 / Why a case is paused.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::SuspendReason")]
pub enum SuspendReason {
    /// 等待诉求人答复；不能申请，由询问产生 / the unit asked the reporter and waits; comes of asking, and cannot be requested.
    AwaitingReporter,
    /// 司法或仲裁中 / before a court or an arbitrator.
    Litigation,
    /// 等待第三方施工或审批 / waits for the work or the permit of others.
    ThirdParty,
    /// 天气等不可抗力 / weather, or what else nobody can help.
    ForceMajeure,
    /// 诉求人失联或不配合，须先联系三次 / the reporter cannot be reached, after three calls, or does not help.
    ReporterUnreachable,
    /// 需专项整治 / needs a campaign of its own.
    SpecialCampaign,
}

/// 申请事项 / What a unit asks for in a case it works on.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::AskKind")]
pub enum AskKind {
    /// 延期 / more time.
    Extension,
    /// 挂起 / a pause.
    Suspension,
}

/// 督办原因 / Why a case is supervised.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::SupervisionReason")]
pub enum SupervisionReason {
    /// 超时 / it is overdue.
    Overdue,
    /// 两次差评 / it was answered badly twice.
    BadReviews,
    /// 领导批示 / a leader wrote a note.
    LeaderNote,
}

/// 矛盾类型 / What people are in conflict about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ConflictKind")]
pub enum ConflictKind {
    /// 劳资 / wages and work.
    Labor,
    /// 租赁 / leases.
    Lease,
    /// 邻里 / neighbours.
    Neighbor,
    /// 消费 / consumers.
    Consumer,
    /// 其他 / something else.
    Other,
}

/// 风险等级 / How far a conflict may go.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::RiskLevel")]
pub enum RiskLevel {
    /// 蓝 / a few people.
    Blue,
    /// 黄 / a group.
    Yellow,
    /// 橙 / many.
    Orange,
    /// 红，值班长立即知悉 / it may disturb the peace; the chief on duty is told at once.
    Red,
}

/// 督办级别 / From how high a case is supervised.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::SupervisionLevel")]
pub enum SupervisionLevel {
    /// 街道 / the street.
    Street,
    /// 区 / the district.
    District,
}
