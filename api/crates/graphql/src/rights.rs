//! 个人信息权利 / A copy of the viewer's data, and the end of the account.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{AccountDeletionId, AccountId, DataExportId, Id as _};
use entity::{account_deletion, data_export};
use kernel::text::{line, optional};

use crate::context::{Ask as _, OrFail as _, Result, once};
use crate::errors::UserError;
use crate::mutation::{Settled, Subject, act, perform, settle};

/// 副本状态 / Where a copy stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::DataExportState")]
pub enum DataExportState {
    /// 待生成 / asked for.
    Requested,
    /// 可下载 / can be fetched.
    Ready,
    /// 已过期，内容已删除 / gone.
    Expired,
}

/// 注销状态 / Where the end of an account stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::AccountDeletionState")]
pub enum AccountDeletionState {
    /// 冷静期，可以撤回 / may be called off.
    Cooling,
    /// 处理中 / being done.
    Processing,
    /// 已完成 / done.
    Done,
    /// 已撤回 / called off.
    Cancelled,
}

/// 个人信息副本，JSON / A copy of the viewer's data, as JSON.
#[derive(SimpleObject, Clone)]
pub struct DataExport {
    /// 全局标识 / Global id.
    id: ID,
    /// 状态 / Where it stands.
    state: DataExportState,
    /// 申请时间 / Asked for.
    requested_at: DateTime<Utc>,
    /// 生成时间 / From when on it can be fetched.
    ready_at: Option<DateTime<Utc>>,
    /// 下载截止，生成后 24 小时 / Until when; 24 hours after it was made.
    expires_at: Option<DateTime<Utc>>,
    /// 字节数 / Its length in bytes.
    byte_size: Option<i32>,
    /// 下载地址，相对于本服务；谁持有都能下载，请勿转发 / Where to fetch it, relative to the service; whoever has the address can.
    url: Option<String>,
}

/// 账号注销 / The end of an account.
#[derive(SimpleObject, Clone)]
pub struct AccountDeletion {
    /// 全局标识 / Global id.
    id: ID,
    /// 状态 / Where it stands.
    state: AccountDeletionState,
    /// 申请时间 / Asked for.
    requested_at: DateTime<Utc>,
    /// 何时执行，此前可以撤回 / When it is done; it may be called off before.
    due_at: DateTime<Utc>,
}

/// 申请个人信息副本 / Asks for a copy.
#[derive(InputObject)]
pub struct RequestDataExportInput {
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    idempotency_key: String,
}

/// 申请注销账号 / Asks for the end of the account.
#[derive(InputObject)]
pub struct RequestAccountDeletionInput {
    /// 本人手机号收到的验证码（用途 DELETE_ACCOUNT）；没有绑定手机号则不填 / Code sent to the own number, with the occasion
    /// DELETE_ACCOUNT; absent when there is none.
    code: Option<String>,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    idempotency_key: String,
}

/// 撤回注销 / Calls the end of the account off.
#[derive(InputObject)]
pub struct CancelAccountDeletionInput {
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    idempotency_key: String,
}

/// 个人信息副本返回 / Payload of a copy.
#[derive(SimpleObject)]
pub struct DataExportPayload {
    /// 副本 / The copy.
    data_export: Option<DataExport>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 账号注销返回 / Payload of the end of an account.
#[derive(SimpleObject)]
pub struct AccountDeletionPayload {
    /// 账号注销 / The end of the account.
    account_deletion: Option<AccountDeletion>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

impl DataExport {
    fn of(ctx: &Context<'_>, row: &data_export::Model) -> Self {
        Self {
            id: row.id.text().into(),
            state: row.state.into(),
            requested_at: row.created_at,
            ready_at: row.ready_at,
            expires_at: row.expires_at,
            byte_size: row.byte_size.and_then(|size| i32::try_from(size).ok()),
            url: flows::address(ctx.base(), row),
        }
    }
}

impl From<account_deletion::Model> for AccountDeletion {
    fn from(row: account_deletion::Model) -> Self {
        Self { id: row.id.text().into(), state: row.state.into(), requested_at: row.created_at, due_at: row.due_at }
    }
}

/// Mutations.
#[derive(Default)]
pub struct RightsMutation;

/// 个人信息权利 / Copies and the end of an account.
#[Object]
impl RightsMutation {
    /// 申请本人信息的副本；稍后在 viewer.dataExports 中可见，24 小时内可下载 / Asks for a copy of the viewer's data; it appears in
    /// `viewer.dataExports` and can be fetched for 24 hours. One at a time.
    async fn request_data_export(&self, ctx: &Context<'_>, input: RequestDataExportInput) -> Result<DataExportPayload> {
        ctx.person()?;
        let settled = perform(
            ctx,
            ("requestDataExport", &input.idempotency_key),
            None,
            &input,
            Ok(()),
            |tx, ask| Box::pin(flows::request_export(tx, ask)),
            |row: &data_export::Model| row.id,
        );
        let Settled { subject, is_replay, user_errors } = settled.await?;
        let row = match subject {
            Subject::Row(row) => Some(row),
            Subject::Id(id) => flows::export(ctx.base(), DataExportId(id)).await.or_fail(ctx)?,
            Subject::None => None,
        };
        Ok(DataExportPayload { data_export: row.map(|row| DataExport::of(ctx, &row)), is_replay, user_errors })
    }

    /// 申请注销账号；七天内可以撤回，此后不能恢复 / Asks for the end of the account; it may be called off within seven days and cannot be
    /// undone after.
    async fn request_account_deletion(
        &self,
        ctx: &Context<'_>,
        input: RequestAccountDeletionInput,
    ) -> Result<AccountDeletionPayload> {
        ctx.person()?;
        let actor = &ctx.caller().actor;
        let act = act(ctx, "requestAccountDeletion", actor.account());
        let parsed = once("requestAccountDeletion", &input.idempotency_key, &input)
            .and_then(|once| Ok((once, optional("code", input.code.as_deref(), 16, line)?)));
        let asked = match parsed {
            Ok((once, code)) => {
                let identity = &ctx.house().identity;
                flows::request_deletion(identity, actor, &once, code.as_deref(), &act).await
            }
            Err(error) => {
                ctx.base().note_refusal(actor.doing(&act), &error).await;
                Err(error)
            }
        };
        deletion(ctx, settle(ctx, asked, None)?).await
    }

    /// 撤回注销申请 / Calls the end of the account off.
    async fn cancel_account_deletion(
        &self,
        ctx: &Context<'_>,
        input: CancelAccountDeletionInput,
    ) -> Result<AccountDeletionPayload> {
        ctx.person()?;
        let settled = perform(
            ctx,
            ("cancelAccountDeletion", &input.idempotency_key),
            None,
            &input,
            Ok(()),
            |tx, ask| Box::pin(flows::call_off(tx, ask)),
            |row: &account_deletion::Model| row.id,
        );
        deletion(ctx, settled.await?).await
    }
}

async fn deletion(ctx: &Context<'_>, settled: Settled<account_deletion::Model>) -> Result<AccountDeletionPayload> {
    let Settled { subject, is_replay, user_errors } = settled;
    let row = match subject {
        Subject::Row(row) => Some(row),
        Subject::Id(id) => flows::deletion(ctx.base(), AccountDeletionId(id)).await.or_fail(ctx)?,
        Subject::None => None,
    };
    Ok(AccountDeletionPayload { account_deletion: row.map(Into::into), is_replay, user_errors })
}

/// Copies that a person asked for.
pub(crate) async fn exports(ctx: &Context<'_>, account: AccountId) -> Result<Vec<DataExport>> {
    let rows = flows::exports_of(ctx.base(), account).await.or_fail(ctx)?;
    Ok(rows.iter().map(|row| DataExport::of(ctx, row)).collect())
}

/// The end of an account that was asked for and not called off.
pub(crate) async fn deletion_of(ctx: &Context<'_>, account: AccountId) -> Result<Option<AccountDeletion>> {
    Ok(flows::deletion_of(ctx.base(), account).await.or_fail(ctx)?.map(Into::into))
}
