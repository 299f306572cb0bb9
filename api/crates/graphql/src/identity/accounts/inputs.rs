//! Inputs of the administration of accounts.

use async_graphql::{ID, InputObject};
use chrono::{DateTime, Utc};

use crate::enums::Role;

/// 新建工作人员账号 / Makes an account of staff.
#[derive(InputObject)]
pub struct CreateStaffAccountInput {
    /// 用户名 / Sign-in name.
    pub(super) username: String,
    /// 姓名 / Name.
    pub(super) name: String,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    pub(super) idempotency_key: String,
}

macro_rules! act_on_account {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(InputObject)]
        pub struct $name {
            /// 用户标识 / Whose account.
            pub(super) user_id: ID,
            /// 看到的版本 / Version as it was seen.
            pub(super) expected_version: i32,
            /// 事由，记入审计 / Why; kept with the audit entry.
            pub(super) reason: String,
            /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
            pub(super) idempotency_key: String,
        }
    )*};
}

act_on_account! {
    /// 停用账号 / Disables an account.
    DisableAccountInput;
    /// 恢复账号 / Lets a disabled account sign in again.
    EnableAccountInput;
    /// 重置口令 / Gives a new first password.
    ResetPasswordInput;
    /// 解除第二因素 / Takes the second factor away.
    ResetSecondFactorInput;
}

/// 授予角色；区域、机构、单位、党组织四选一 / Grants a role; exactly one of area, organisation, unit and organisation of the party.
#[derive(InputObject)]
pub struct GrantRoleInput {
    /// 用户标识 / To whom.
    pub(super) user_id: ID,
    /// 角色 / As what.
    pub(super) role: Role,
    /// 区域 / In this area and all below it.
    pub(super) area_id: Option<ID>,
    /// 机构 / In this organisation.
    pub(super) organization_id: Option<ID>,
    /// 单位 / In this unit.
    pub(super) unit_id: Option<ID>,
    /// 党组织，仅支部书记与党建专员 / In this organisation of the party; secretaries and the party's staff only.
    pub(super) party_organization_id: Option<ID>,
    /// 生效时间，不填即现在 / From when; now when absent.
    pub(super) valid_from: Option<DateTime<Utc>>,
    /// 截止时间，不填即长期 / Until when; open end when absent.
    pub(super) valid_to: Option<DateTime<Utc>>,
    /// 事由，记入审计 / Why; kept with the audit entry.
    pub(super) reason: String,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    pub(super) idempotency_key: String,
}

/// 收回角色 / Ends a grant.
#[derive(InputObject)]
pub struct RevokeRoleInput {
    /// 授权标识 / The grant.
    pub(super) grant_id: ID,
    /// 事由，记入审计 / Why; kept with the audit entry.
    pub(super) reason: String,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    pub(super) idempotency_key: String,
}
