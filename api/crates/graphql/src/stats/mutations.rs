//! Reports as files.

use ::stats as slice;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{Id as _, KpiExportId};
use entity::kpi_export;

use super::inputs::ExportKpiInput;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::enums::FileFormat;
use crate::errors::UserError;
use crate::mutation::{Subject, perform};

/// 导出的统计表 / A report as a file.
#[derive(SimpleObject)]
pub struct KpiExport {
    /// 全局标识 / Global id.
    id: ID,
    /// 格式 / Format.
    format: Option<FileFormat>,
    /// 行数，不含表头 / Rows, without the heading.
    row_count: i32,
    /// 下载截止，一小时 / Until when it can be fetched; an hour.
    expires_at: DateTime<Utc>,
    /// 下载地址，相对于本服务；谁持有都能下载，请勿转发 / Where to fetch it, relative to the service; whoever has the address can.
    url: Option<String>,
}

/// 导出返回 / Payload of a file.
#[derive(SimpleObject)]
pub struct ExportKpiPayload {
    /// 文件 / The file.
    kpi_export: Option<KpiExport>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

impl KpiExport {
    fn of(ctx: &Context<'_>, row: &kpi_export::Model) -> Self {
        Self {
            id: row.id.text().into(),
            format: kernel::sheet::Format::of_name(&row.format).map(Into::into),
            row_count: row.rows,
            expires_at: row.expires_at,
            url: slice::address(ctx.base(), row),
        }
    }
}

/// Mutations.
#[derive(Default)]
pub struct StatsMutation;

/// 统计导出 / Reports as files.
#[Object]
impl StatsMutation {
    /// 导出统计指标为文件，一小时内可下载；记入审计 / Makes a file of a report, to be fetched within the hour; noted in the audit chain.
    async fn export_kpi(&self, ctx: &Context<'_>, input: ExportKpiInput) -> Result<ExportKpiPayload> {
        ctx.person()?;
        let ask = input.query.parse(ctx, "query.")?;
        let format = input.format.into();
        let command = ask.map(|ask| (ctx.house().town(), slice::Export { ask, format }));
        let settled = perform(
            ctx,
            ("exportKpi", &input.idempotency_key),
            None,
            &input,
            command,
            |tx, command| Box::pin(slice::export(tx, command)),
            |row: &kpi_export::Model| row.id,
        )
        .await?;
        let row = match settled.subject {
            Subject::Row(row) => Some(row),
            Subject::Id(id) => slice::export_of(ctx.base(), &ctx.caller().actor, KpiExportId(id)).await.or_fail(ctx)?,
            Subject::None => None,
        };
        let kpi_export = row.map(|row| KpiExport::of(ctx, &row));
        Ok(ExportKpiPayload { kpi_export, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }
}
