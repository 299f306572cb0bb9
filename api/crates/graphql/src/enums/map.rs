//! Enums of the map.

use async_graphql::Enum;

/// 网格调整方式 / How grids are drawn anew.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::GridChangeKind")]
pub enum GridChangeKind {
    /// 合并 / several become one.
    Merge,
    /// 拆分 / one becomes several.
    Split,
    /// 重划 / boundaries are moved.
    Recut,
}

/// 网格调整状态 / Where a change of the map stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::GridChangeState")]
pub enum GridChangeState {
    /// 待生效 / it is decided, and comes into force later.
    Planned,
    /// 已生效 / it is in force.
    Applied,
    /// 已撤销 / it was taken back before.
    Cancelled,
    /// 已失效 / the map was changed meanwhile so that it made no sense any more.
    Failed,
}
