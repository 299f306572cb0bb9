//! Inputs of the directory: raw as they come, parsed by the slice.

use async_graphql::{ID, InputObject, MaybeUndefined};
use chrono::{DateTime, Utc};

use crate::enums::{OrganizationKind, UnitDuty};

/// 新增或修改机构 / Adds or changes an organisation.
#[derive(InputObject)]
pub struct SaveOrganizationInput {
    /// 机构；新增时不填 / Organisation; absent for a new one.
    pub id: Option<ID>,
    /// 修改时必填 / Required when changing.
    pub expected_version: Option<i32>,
    /// 名称，至多 64 字 / Name, at most 64 characters.
    pub name: String,
    /// 机构类型 / Kind.
    pub kind: OrganizationKind,
    /// 统一社会信用代码，18 位，字母不分大小写；不填则不变，null 或空则删除 / Unified social credit code, 18 characters in either
    /// case; stays as it is when absent, is removed when null or blank.
    pub credit_code: MaybeUndefined<String>,
    /// 幂等键 / Idempotency key.
    pub idempotency_key: String,
}

/// 新增或修改承办单位 / Adds or changes a unit, with all it answers for.
#[derive(InputObject)]
pub struct SaveUnitInput {
    /// 单位；新增时不填 / Unit; absent for a new one.
    pub id: Option<ID>,
    /// 修改时必填 / Required when changing.
    pub expected_version: Option<i32>,
    /// 所属机构 / Organisation.
    pub organization_id: ID,
    /// 名称，至多 64 字 / Name, at most 64 characters.
    pub name: String,
    /// 是否接单 / Whether it takes new orders.
    #[graphql(default = true)]
    pub is_active: bool,
    /// 责任区域，整体替换 / Areas it answers for; replaces all.
    pub area_ids: Vec<ID>,
    /// 责任事项代码，整体替换 / Categories it answers for; replaces all.
    pub category_codes: Vec<String>,
    /// 幂等键 / Idempotency key.
    pub idempotency_key: String,
}

/// 任命 / Appoints a person to a unit.
#[derive(InputObject)]
pub struct AddUnitMemberInput {
    /// 单位 / Unit.
    pub unit_id: ID,
    /// 单位的版本 / The unit's version.
    pub expected_version: i32,
    /// 人员 / Person.
    pub user_id: ID,
    /// 职务 / As what.
    pub duty: UnitDuty,
    /// 起；默认即时 / From; now when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 止 / Until; open end when absent.
    pub valid_to: Option<DateTime<Utc>>,
    /// 幂等键 / Idempotency key.
    pub idempotency_key: String,
}

/// 离任 / Ends a person's place in a unit. Open cases stay with the person: use `handOverServiceRequests` for a leaver.
#[derive(InputObject)]
pub struct EndUnitMembershipInput {
    /// 单位 / Unit.
    pub unit_id: ID,
    /// 单位的版本 / The unit's version.
    pub expected_version: i32,
    /// 人员 / Person.
    pub user_id: ID,
    /// 幂等键 / Idempotency key.
    pub idempotency_key: String,
}
