//! Enums of what is published.

use async_graphql::Enum;

/// 内容审核状态；通过的才公开 / What the content check says; only what passed is published.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ContentState")]
pub enum ContentState {
    /// 通过 / nothing is wrong with it.
    Pass,
    /// 待人工审核 / somebody has to look.
    Review,
    /// 违规，不公开 / not for the public.
    Risky,
}

/// 内容问题 / What is wrong with content.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ContentReason")]
pub enum ContentReason {
    /// 泄露个人信息 / it tells of people what is nobody's business.
    PersonalData,
    /// 辱骂攻击 / it abuses somebody.
    Abuse,
    /// 广告营销 / it advertises.
    Advertising,
    /// 违法违规 / it is against the law.
    Unlawful,
    /// 不实信息 / it is not true.
    False,
    /// 其他 / something else.
    Other,
}
