//! Files of orders that come in, and of results that go back.

use ::hotline as slice;
use async_graphql::{Context, InputObject, Object, SimpleObject, Upload};
use entity::id::{HotlineBatchId, HotlineImportId};
use entity::{hotline_batch, hotline_import};
use kernel::error::{Detail, Error, Result as KernelResult, UserError as Refusal, UserErrorCode};
use kernel::vault::{hex, sha256};

use super::types::{HotlineBatch, HotlineImport};
use crate::areas::GeoDatum;
use crate::context::{Ask as _, OrFail as _, Result, once_of};
use crate::enums::FileFormat;
use crate::errors::UserError;
use crate::mutation::{Subject, act, perform, settle};

/// 导入热线工单 / Imports orders of the hotline.
#[derive(InputObject)]
pub struct ImportHotlineOrdersInput {
    /// 文件：CSV（UTF-8 或 GB18030）或 XLSX，至多 10 万行。表头：工单编号、来电人、来电号码、受理时间、诉求类型、标题、内容、地址、经度、纬度、分类、办理时限、是否保密、撤回原因 / File:
    /// CSV in UTF-8 or GB18030, or XLSX, at most 100,000 rows, with these headings.
    file: Upload,
    /// 街道代码 / Code of the street.
    area_code: String,
    /// 坐标基准；文件有经纬度时必填 / Datum of coordinates; required when the file has some.
    datum: Option<GeoDatum>,
    /// 试运行：不写入诉求，只报告逐行结果 / Dry run: no case is written, and each row is told what would come of it.
    #[graphql(default)]
    is_dry_run: bool,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 导出办理结果 / Makes a file of results for the district.
#[derive(InputObject)]
pub struct ExportHotlineResultsInput {
    /// 街道代码 / Code of the street.
    area_code: String,
    /// 格式 / Format.
    format: FileFormat,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 导入返回 / Payload of an import.
#[derive(SimpleObject)]
pub struct ImportHotlineOrdersPayload {
    /// 导入；请轮询其进度 / The import; ask for it again to see how far it is.
    hotline_import: Option<HotlineImport>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 结果回传返回 / Payload of results.
#[derive(SimpleObject)]
pub struct ExportHotlineResultsPayload {
    /// 批次 / The batch.
    hotline_batch: Option<HotlineBatch>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct HotlineMutation;

/// 热线工单 / Orders of the hotline.
#[Object]
impl HotlineMutation {
    /// 导入热线工单文件；好行导入，错行逐行报告，改正后可再导入同一文件，已有的不会重复。有撤回原因的行撤回工单 / Imports a file of hotline orders: good rows come in,
    /// bad ones are told with column and code; mended, the same file may be brought again, and nothing comes in twice. Rows
    /// with a reason withdraw an order. The clocks of a case begin when it comes in here.
    async fn import_hotline_orders(
        &self,
        ctx: &Context<'_>,
        input: ImportHotlineOrdersInput,
    ) -> Result<ImportHotlineOrdersPayload> {
        ctx.person()?;
        let file = input.file.value(ctx)?.content;
        let datum = input.datum.map(areas::Datum::from);
        let sent = format!("{:?}", (hex(&sha256(&file)), &input.area_code, datum, input.is_dry_run));
        let act = act(ctx, "importHotlineOrders", None::<HotlineImportId>);
        let acting = ctx.caller().actor.doing(&act);
        let done = match once_of("importHotlineOrders", &input.idempotency_key, sent.as_bytes()) {
            Ok(once) => {
                let asking = begin(ctx, &input, file);
                let id = |row: &hotline_import::Model| row.id;
                let base = ctx.base();
                base.write_after(acting, &once, asking, |tx, import| Box::pin(slice::begin(tx, import)), id).await
            }
            Err(error) => {
                ctx.base().note_refusal(acting, &error).await;
                Err(error)
            }
        };
        let settled = settle(ctx, done, None)?;
        let row = match settled.subject {
            Subject::Row(row) => Some(row),
            Subject::Id(id) => {
                let town = ctx.house().town();
                let found = slice::import_of(ctx.base(), &town, &ctx.caller().actor, HotlineImportId(id));
                found.await.or_fail(ctx)?
            }
            Subject::None => None,
        };
        let hotline_import = row.map(HotlineImport);
        Ok(ImportHotlineOrdersPayload {
            hotline_import,
            is_replay: settled.is_replay,
            user_errors: settled.user_errors,
        })
    }

    /// 导出尚未回传的办理结果；每次办结只报一次，重新办结的作为更正再报 / Makes a file of the results that the district does not have: each end of a case
    /// once; one that ended anew is sent again, as a correction.
    async fn export_hotline_results(
        &self,
        ctx: &Context<'_>,
        input: ExportHotlineResultsInput,
    ) -> Result<ExportHotlineResultsPayload> {
        ctx.person()?;
        let format = input.format.into();
        let command = street(ctx, &input.area_code).map(|street| slice::SendResults { street, format });
        let settled = perform(
            ctx,
            ("exportHotlineResults", &input.idempotency_key),
            None,
            &input,
            command,
            |tx, command| Box::pin(slice::send_results(tx, command)),
            |row: &hotline_batch::Model| row.id,
        )
        .await?;
        let row = match settled.subject {
            Subject::Row(row) => Some(row),
            Subject::Id(id) => {
                let town = ctx.house().town();
                let found = slice::batch_of(ctx.base(), &town, &ctx.caller().actor, HotlineBatchId(id));
                found.await.or_fail(ctx)?
            }
            Subject::None => None,
        };
        let hotline_batch = row.map(|row| HotlineBatch::of(ctx, &row));
        Ok(ExportHotlineResultsPayload {
            hotline_batch,
            is_replay: settled.is_replay,
            user_errors: settled.user_errors,
        })
    }
}

/// The street of a code.
fn street(ctx: &Context<'_>, code: &str) -> KernelResult<requests::AreaRef> {
    let found = ctx.house().town().area(code).filter(|area| area.street() == area.code);
    found.ok_or_else(|| Refusal::at(UserErrorCode::Invalid, "areaCode").with(Detail::Because("unknown")).into())
}

/// Looks the file through for who may import, and seals it.
async fn begin(
    ctx: &Context<'_>,
    input: &ImportHotlineOrdersInput,
    file: impl AsRef<[u8]> + Send + 'static,
) -> KernelResult<slice::BeginImport> {
    let street = street(ctx, &input.area_code)?;
    if !requests::may_exchange_orders(&ctx.caller().actor, &street.path) {
        return Err(Error::Forbidden);
    }
    let prepared = slice::prepare(file).await?;
    if prepared.has_coordinates && input.datum.is_none() {
        return Err(Error::refused_at(UserErrorCode::Required, "datum"));
    }
    let datum = input.datum.map_or(areas::Datum::Wgs84, Into::into);
    slice::BeginImport::of(ctx.base(), street, input.is_dry_run, datum, &prepared)
}
