//! 账号与授权管理 / Accounts and grants, for administrators.

mod inputs;
mod types;

use ::identity::staff::command::{CreateStaff, GrantRole, Reason, Reset, RevokeRole, SetStatus};
use ::identity::staff::policy::{AdminAction, admit};
use ::identity::staff::{self as slice, FirstPassword, Moved};
use async_graphql::{Context, ID, InputType, Object, SimpleObject};
use entity::enums::{AccountStatus as StoredStatus, ScopeKind};
use entity::id::{AccountId, AreaId, OrganizationId, PartyOrganizationId, RoleGrantId, UnitId};
use entity::{account, role_grant};
use kernel::error::Result as KernelResult;
use kernel::page::Cursor;
use kernel::text::{line, optional};
use kernel::tx::Verb;

use crate::context::{Ask as _, OrFail as _, Result};
use crate::errors::UserError;
use crate::loaders::load;
use crate::mutation::{Operation, Settled, Subject, perform};
use crate::page::{connection, page};
pub use inputs::*;
pub use types::*;

connection!(ManagedAccountConnection, ManagedAccountEdge, ManagedAccount, "受管账号", "accounts");

/// 账号返回 / Payload of an account.
#[derive(SimpleObject)]
pub struct ManagedAccountPayload {
    /// 账号；被拒绝或版本冲突时为当前内容 / The account; the current one when refused or on a conflict.
    account: Option<ManagedAccount>,
    /// 初始口令，仅显示一次，首次登录须修改 / First password, shown once, to be changed at first use.
    initial_password: Option<String>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 授权返回 / Payload of a grant.
#[derive(SimpleObject)]
pub struct RoleGrantPayload {
    /// 授权 / The grant.
    role_grant: Option<RoleGrant>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Queries.
#[derive(Default)]
pub struct AccountQuery;

/// 账号查询 / Queries about accounts.
#[Object]
impl AccountQuery {
    /// 工作人员账号，新的在前；仅系统与安全管理员 / Accounts of staff, the last made first; for system and security administrators.
    async fn staff_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户名开头 / Beginning of the sign-in name.")] username: Option<String>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ManagedAccountConnection>> {
        let found = async {
            let page = page(first, after, last, before)?;
            admit(&ctx.caller().actor, AdminAction::See)?;
            let bad = |_| kernel::error::Error::BadRequest("`username` cannot be searched for");
            let username = optional("username", username.as_deref(), ::identity::USERNAME, line).map_err(bad)?;
            ::identity::staff_accounts(ctx.base().db.reader(), username.as_deref(), &page).await
        };
        let connection = found.await.or_fail(ctx).map(|rows| {
            ManagedAccountConnection::of(rows.map(|row| {
                let at = Cursor { at: row.created_at, id: row.id.into() };
                (ManagedAccount(row), at)
            }))
        });
        Some(connection)
    }

    /// 按用户标识取账号；仅系统与安全管理员 / An account by its person; for system and security administrators.
    async fn managed_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "用户标识 / The person.")] user_id: ID,
    ) -> Option<Result<ManagedAccount>> {
        if let Err(error) = admit(&ctx.caller().actor, AdminAction::See) {
            return Some(Err(ctx.fail(error)));
        }
        let id: AccountId = match ctx.id(&user_id) {
            Ok(id) => id,
            Err(error) => return Some(Err(error)),
        };
        load(ctx, id).await.map(|row| row.map(ManagedAccount)).transpose()
    }
}

/// Mutations.
#[derive(Default)]
pub struct AccountMutation;

/// 账号与授权 / Accounts and grants.
#[Object]
impl AccountMutation {
    /// 新建工作人员账号；返回初始口令 / Makes an account of staff; the first password is in the answer.
    async fn create_staff_account(
        &self,
        ctx: &Context<'_>,
        input: CreateStaffAccountInput,
    ) -> Result<ManagedAccountPayload> {
        ctx.person()?;
        let first = first_password(ctx, AdminAction::Create).await?;
        let command = CreateStaff::parse(&input.username, &input.name, first.hash);
        let settled = perform(
            ctx,
            ("createStaffAccount", &input.idempotency_key),
            None,
            &input,
            command,
            |tx, command| Box::pin(slice::create_account(tx, command)),
            |row: &account::Model| row.id,
        );
        let settled = settled.await?;
        let (account, initial_password) = match settled.subject {
            Subject::Row(row) => (Some(ManagedAccount(row)), Some(first.text)),
            Subject::Id(id) => (load(ctx, AccountId(id)).await?.map(ManagedAccount), None),
            Subject::None => (None, None),
        };
        Ok(ManagedAccountPayload {
            account,
            initial_password,
            is_replay: settled.is_replay,
            user_errors: settled.user_errors,
        })
    }

    /// 停用账号：全部设备随即退出 / Disables an account: all its devices are signed out.
    async fn disable_account(&self, ctx: &Context<'_>, input: DisableAccountInput) -> Result<ManagedAccountPayload> {
        let call = ("disableAccount", input.idempotency_key.as_str());
        let command = set_status(ctx, &input.user_id, input.expected_version, &input.reason, StoredStatus::Disabled);
        let verb: Verb<SetStatus, Moved> = |tx, command| Box::pin(slice::set_status(tx, command));
        moved(ctx, call, &input.user_id, &input, command, verb, None).await
    }

    /// 恢复账号 / Lets a disabled account sign in again.
    async fn enable_account(&self, ctx: &Context<'_>, input: EnableAccountInput) -> Result<ManagedAccountPayload> {
        let call = ("enableAccount", input.idempotency_key.as_str());
        let command = set_status(ctx, &input.user_id, input.expected_version, &input.reason, StoredStatus::Active);
        let verb: Verb<SetStatus, Moved> = |tx, command| Box::pin(slice::set_status(tx, command));
        moved(ctx, call, &input.user_id, &input, command, verb, None).await
    }

    /// 重置口令：返回初始口令，全部设备退出 / Gives a new first password, which is in the answer; all devices are signed out.
    async fn reset_password(&self, ctx: &Context<'_>, input: ResetPasswordInput) -> Result<ManagedAccountPayload> {
        ctx.person()?;
        let call = ("resetPassword", input.idempotency_key.as_str());
        let first = first_password(ctx, AdminAction::Secure).await?;
        let command = reset(ctx, &input.user_id, input.expected_version, &input.reason);
        let command = command.map(|command| command.map(|command| (command, first.hash)));
        let verb: Verb<(Reset, String), Moved> = |tx, command| Box::pin(slice::reset_password(tx, command));
        moved(ctx, call, &input.user_id, &input, command, verb, Some(first.text)).await
    }

    /// 解除第二因素：用于丢失验证器者，全部设备退出 / Takes the second factor away, of somebody who lost it; all devices are signed out.
    async fn reset_second_factor(
        &self,
        ctx: &Context<'_>,
        input: ResetSecondFactorInput,
    ) -> Result<ManagedAccountPayload> {
        let call = ("resetSecondFactor", input.idempotency_key.as_str());
        let command = reset(ctx, &input.user_id, input.expected_version, &input.reason);
        let verb: Verb<Reset, Moved> = |tx, command| Box::pin(slice::reset_second_factor(tx, command));
        moved(ctx, call, &input.user_id, &input, command, verb, None).await
    }

    /// 授予角色 / Grants a role.
    async fn grant_role(&self, ctx: &Context<'_>, input: GrantRoleInput) -> Result<RoleGrantPayload> {
        ctx.person()?;
        let account = ctx.id(&input.user_id)?;
        let area = input.area_id.as_ref().map(|id| ctx.id::<AreaId>(id)).transpose()?;
        let organization = input.organization_id.as_ref().map(|id| ctx.id::<OrganizationId>(id)).transpose()?;
        let unit = input.unit_id.as_ref().map(|id| ctx.id::<UnitId>(id)).transpose()?;
        let party = input.party_organization_id.as_ref().map(|id| ctx.id::<PartyOrganizationId>(id)).transpose()?;
        let scopes = [
            area.map(|id| (ScopeKind::Area, id.0)),
            organization.map(|id| (ScopeKind::Organization, id.0)),
            unit.map(|id| (ScopeKind::Unit, id.0)),
            party.map(|id| (ScopeKind::PartyOrganization, id.0)),
        ];
        let period = (input.valid_from, input.valid_to);
        let command = GrantRole::parse(account, input.role.into(), scopes, period, &input.reason);
        let settled = perform(
            ctx,
            ("grantRole", &input.idempotency_key),
            None,
            &input,
            command,
            |tx, command| Box::pin(slice::grant_role(tx, command)),
            |row: &role_grant::Model| row.id,
        );
        grant_payload(ctx, settled.await?).await
    }

    /// 收回角色：5 秒内生效，含已打开的连接 / Ends a grant; it bites within 5 s, open sockets included.
    async fn revoke_role(&self, ctx: &Context<'_>, input: RevokeRoleInput) -> Result<RoleGrantPayload> {
        ctx.person()?;
        let grant: RoleGrantId = ctx.id(&input.grant_id)?;
        let reason = Reason::parse("reason", &input.reason);
        let settled = perform(
            ctx,
            ("revokeRole", &input.idempotency_key),
            Some(grant),
            &input,
            reason.map(|reason| RevokeRole { grant, reason }).map_err(Into::into),
            |tx, command| Box::pin(slice::revoke_role(tx, command)),
            |row: &role_grant::Model| row.id,
        );
        grant_payload(ctx, settled.await?).await
    }
}

/// Makes a first password. Hashing takes a core, so for who may not hand one out there is none: the verb refuses, after the
/// input was judged, and nothing is written.
async fn first_password(ctx: &Context<'_>, action: AdminAction) -> Result<FirstPassword> {
    match admit(&ctx.caller().actor, action) {
        Ok(()) => slice::first_password(ctx.base()).await.or_fail(ctx),
        Err(_) => Ok(FirstPassword { text: String::new(), hash: String::new() }),
    }
}

fn set_status(
    ctx: &Context<'_>,
    user: &ID,
    expected_version: i32,
    reason: &str,
    status: StoredStatus,
) -> Result<KernelResult<SetStatus>> {
    let account = ctx.id(user)?;
    let reason = Reason::parse("reason", reason).map_err(Into::into);
    Ok(reason.map(|reason| SetStatus { account, expected_version, status, reason }))
}

fn reset(ctx: &Context<'_>, user: &ID, expected_version: i32, reason: &str) -> Result<KernelResult<Reset>> {
    let account = ctx.id(user)?;
    let reason = Reason::parse("reason", reason).map_err(Into::into);
    Ok(reason.map(|reason| Reset { account, expected_version, reason }))
}

/// Runs an act on an existing account, and cools the sessions it ended.
async fn moved<C: Sync>(
    ctx: &Context<'_>,
    call: Operation<'_>,
    user: &ID,
    input: &impl InputType,
    command: Result<KernelResult<C>>,
    verb: Verb<C, Moved>,
    initial_password: Option<String>,
) -> Result<ManagedAccountPayload> {
    ctx.person()?;
    let target: AccountId = ctx.id(user)?;
    let settled = perform(ctx, call, Some(target), input, command?, verb, |moved| moved.account.id).await?;
    let (is_replay, user_errors) = (settled.is_replay, settled.user_errors);
    let (account, initial_password) = match settled.subject {
        Subject::Row(moved) => {
            ctx.house().identity.cool(&moved.ended).await;
            (Some(ManagedAccount(moved.account)), initial_password)
        }
        // What is shown again is for those who may see it: a refusal names an account that exists, or none.
        Subject::Id(id) if admit(&ctx.caller().actor, AdminAction::See).is_ok() => {
            (load(ctx, AccountId(id)).await?.map(ManagedAccount), None)
        }
        Subject::Id(_) | Subject::None => (None, None),
    };
    Ok(ManagedAccountPayload { account, initial_password, is_replay, user_errors })
}

async fn grant_payload(ctx: &Context<'_>, settled: Settled<role_grant::Model>) -> Result<RoleGrantPayload> {
    let base = ctx.base();
    let row = match settled.subject {
        Subject::Row(row) => {
            let sessions = ::identity::sessions_of(base, row.account_id).await.or_fail(ctx)?;
            ctx.house().identity.cool(&sessions.iter().map(|session| session.id).collect::<Vec<_>>()).await;
            Some(row)
        }
        Subject::Id(id) if admit(&ctx.caller().actor, AdminAction::See).is_ok() => {
            ::identity::grant_by_id(base.db.reader(), id.into()).await.or_fail(ctx)?
        }
        Subject::Id(_) | Subject::None => None,
    };
    let role_grant = row.map(RoleGrant);
    Ok(RoleGrantPayload { role_grant, is_replay: settled.is_replay, user_errors: settled.user_errors })
}
