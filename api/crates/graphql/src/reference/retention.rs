//! How long cases are kept.

use ::requests as slice;
use async_graphql::{Context, Object, SimpleObject};
use slice::reference::{Edition, Keeping, RETENTION, Retention};

use super::types::EditionInfo;
use crate::context::Ask as _;

/// 留存期，自办结之日起的天数 / How long cases are kept, in days since their end.
#[derive(SimpleObject)]
pub struct RetentionRule {
    /// 多少天后归档，只能查看 / Days until it is archived, and only read.
    archive_after_days: i32,
    /// 多少天后匿名化 / Days until it is nobody's.
    anonymise_after_days: i32,
}

impl From<Keeping> for RetentionRule {
    fn from(keeping: Keeping) -> Self {
        Self { archive_after_days: keeping.archive_after, anonymise_after_days: keeping.anonymise_after }
    }
}

/// The rule as one edition says.
pub struct RetentionPolicy(pub(super) Edition<Retention>);

impl From<Edition<Retention>> for RetentionPolicy {
    fn from(edition: Edition<Retention>) -> Self {
        Self(edition)
    }
}

/// 留存规则：诉求结束后多久归档、匿名化；并入他件的随该件 / How long cases are kept after their end; what was merged into another is kept as long as that.
#[Object]
impl RetentionPolicy {
    /// 办结的 / Of those that were worked on to their end.
    async fn closed(&self) -> RetentionRule {
        self.0.content.closed.into()
    }

    /// 撤回或不予受理的 / Of those that were withdrawn or rejected.
    async fn turned_down(&self) -> RetentionRule {
        self.0.content.turned_down.into()
    }

    /// 版次 / Which edition says so.
    async fn edition(&self, ctx: &Context<'_>) -> EditionInfo {
        EditionInfo::of(&self.0, ctx.house().town().reference.retention.editions(RETENTION))
    }

    /// 全部版次，新的在前；版次不多，不分页 / All editions, newest first; few, so not paged.
    async fn history(&self, ctx: &Context<'_>) -> Vec<RetentionPolicy> {
        ctx.house().town().reference.retention.editions(RETENTION).iter().rev().cloned().map(RetentionPolicy).collect()
    }
}
