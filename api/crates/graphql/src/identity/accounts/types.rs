//! Accounts and grants as administrators see them.

use ::identity::staff::policy::must_change;
use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use entity::enums::ScopeKind;
use entity::id::{AreaId, Id as _, OrganizationId, PartyOrganizationId, UnitId};
use entity::{account, role_grant, staff_credential};

use crate::areas::Area;
use crate::context::{Ask as _, Result};
use crate::directory::{Organization, Unit};
use crate::enums::Role;
use crate::identity::User;
use crate::loaders::{CredentialOf, GrantsOf, load};

/// 账号状态 / Whether an account may sign in.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::AccountStatus")]
pub enum AccountStatus {
    /// 正常 / may sign in.
    Active,
    /// 停用 / may not.
    Disabled,
    /// 已注销 / the person is gone.
    Deleted,
}

/// A grant.
#[derive(Clone)]
pub struct RoleGrant(pub(super) role_grant::Model);

/// 授权：谁、何种角色、何处、何时起止 / A grant: who, as what, where, from when until when.
#[Object]
impl RoleGrant {
    /// 全局标识 / Global id.
    async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 被授权人标识 / Whose, as a global id.
    async fn user_id(&self) -> ID {
        self.0.account_id.text().into()
    }

    /// 角色 / Role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// 区域范围 / The area it holds in.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        area_of(ctx, self.0.scope_kind, self.0.scope_id).await
    }

    /// 机构范围 / The organisation it holds in.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        organization_of(ctx, self.0.scope_kind, self.0.scope_id).await
    }

    /// 单位范围 / The unit it holds in.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit_of(ctx, self.0.scope_kind, self.0.scope_id).await
    }

    /// 党组织范围，只有标识：授权者不能查阅党组织 / The organisation of the party it holds in: the id only, as who grants does not read.
    async fn party_organization_id(&self) -> Option<ID> {
        party_organization_of(self.0.scope_kind, self.0.scope_id).map(|id| id.text().into())
    }

    /// 生效时间 / From when.
    async fn valid_from(&self) -> DateTime<Utc> {
        self.0.valid_from
    }

    /// 截止时间；为空则长期 / Until when; open end when null.
    async fn valid_to(&self) -> Option<DateTime<Utc>> {
        self.0.valid_to
    }
}

/// The area of a scope.
pub(crate) async fn area_of(ctx: &Context<'_>, kind: ScopeKind, id: uuid::Uuid) -> Option<Result<Area>> {
    if kind != ScopeKind::Area {
        return None;
    }
    load(ctx, AreaId(id)).await.map(|row| row.map(Area)).transpose()
}

/// The organisation of a scope.
pub(crate) async fn organization_of(
    ctx: &Context<'_>,
    kind: ScopeKind,
    id: uuid::Uuid,
) -> Option<Result<Organization>> {
    if kind != ScopeKind::Organization {
        return None;
    }
    load(ctx, OrganizationId(id)).await.map(|row| row.map(Organization)).transpose()
}

/// The unit of a scope.
pub(crate) async fn unit_of(ctx: &Context<'_>, kind: ScopeKind, id: uuid::Uuid) -> Option<Result<Unit>> {
    if kind != ScopeKind::Unit {
        return None;
    }
    load(ctx, UnitId(id)).await.map(|row| row.map(Unit)).transpose()
}

/// The organisation of the party of a scope.
pub(crate) fn party_organization_of(kind: ScopeKind, id: uuid::Uuid) -> Option<PartyOrganizationId> {
    (kind == ScopeKind::PartyOrganization).then_some(PartyOrganizationId(id))
}

/// An account as administrators see it.
#[derive(Clone)]
pub struct ManagedAccount(pub(super) account::Model);

impl ManagedAccount {
    async fn credential(&self, ctx: &Context<'_>) -> Result<Option<staff_credential::Model>> {
        load(ctx, CredentialOf(self.0.id)).await
    }
}

/// 受管账号，仅管理员可见 / An account as administrators see it.
#[Object]
impl ManagedAccount {
    /// 用户 / The person.
    async fn user(&self) -> User {
        User(self.0.clone())
    }

    /// 用户名；没有口令的账号为空 / Sign-in name; null for accounts without a password.
    async fn username(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.credential(ctx).await.map(|row| row.map(|row| row.username)).transpose()
    }

    /// 状态 / Whether it may sign in.
    async fn status(&self) -> AccountStatus {
        self.0.status.into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 锁定到何时 / Locked until.
    async fn locked_until(&self, ctx: &Context<'_>) -> Option<Result<DateTime<Utc>>> {
        let now = ctx.base().clock.now();
        let until = self.credential(ctx).await.map(|row| row.and_then(|row| row.locked_until));
        until.map(|until| until.filter(|until| *until > now)).transpose()
    }

    /// 是否须改口令 / Whether the password must be changed before any role holds.
    async fn must_change_password(&self, ctx: &Context<'_>) -> Result<bool> {
        let now = ctx.base().clock.now();
        Ok(self.credential(ctx).await?.is_some_and(|row| must_change(&row, now)))
    }

    /// 是否已绑定第二因素 / Whether a second factor is enrolled.
    async fn has_second_factor(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.credential(ctx).await?.is_some_and(|row| row.totp_sealed.is_some()))
    }

    /// 现有及将生效的授权，至多 50 项 / Grants that hold now or will; at most 50, so not paged.
    async fn grants(&self, ctx: &Context<'_>) -> Result<Vec<RoleGrant>> {
        Ok(load(ctx, GrantsOf(self.0.id)).await?.unwrap_or_default().into_iter().map(RoleGrant).collect())
    }
}
