//! Enums of reference data.

use async_graphql::Enum;

/// 分类性质 / Nature of a category, after GB/T 30428.2.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::CategoryNature")]
pub enum CategoryNature {
    /// 居民服务 / a service to residents.
    Service,
    /// 部件 / a component of the city.
    Component,
    /// 事件 / an event in the city.
    Event,
}

/// 时钟 / Which clock of a case.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ClockKind")]
pub enum ClockKind {
    /// 当前环节 / the present desk's.
    Desk,
    /// 先行联系 / the first contact's.
    Contact,
    /// 处置 / handling.
    Handle,
}

/// 预警级别 / How grave a warning is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::WarningLevel")]
pub enum WarningLevel {
    /// 黄色 / yellow.
    Yellow,
    /// 橙色 / orange.
    Orange,
    /// 红色 / red.
    Red,
}

/// 预警对象 / Who is told.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::WarningTo")]
pub enum WarningTo {
    /// 当前环节的人员 / whose desk the case lies on.
    Desk,
    /// 经办人 / the handler.
    Handler,
    /// 单位负责人 / the unit's leader.
    UnitLeader,
    /// 值班长 / the chief on duty.
    DutyChief,
    /// 督办 / the supervisors.
    Supervisor,
}
