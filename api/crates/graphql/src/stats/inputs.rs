//! What is asked of the statistics.

use ::stats as slice;
use async_graphql::{Context, ID, InputObject};
use chrono::NaiveDate;
use kernel::error::{Error, Result as KernelResult};

use super::enums::{KpiGroup, KpiMetric};
use crate::context::{Ask as _, Result};
use crate::enums::FileFormat;
use crate::enums::{Channel, Source};

/// 统计指标的条件 / Which indicators, of what.
#[derive(InputObject, Clone)]
pub struct KpiInput {
    /// 指标，至多 8 个 / Indicators, at most 8.
    metrics: Vec<KpiMetric>,
    /// 起始日期（上海），含 / First day, in Shanghai.
    from: NaiveDate,
    /// 结束日期（上海），不含；跨度至多 1100 天 / The day after the last: itself not counted. At most 1,100 days.
    to: NaiveDate,
    /// 区域代码；不填则为本人权限内全部 / Code of an area; all the viewer may see when absent.
    area_code: Option<String>,
    /// 承办单位 / A unit.
    unit_id: Option<ID>,
    /// 分类及其下级 / Code of a category, those below it included.
    category_code: Option<String>,
    /// 渠道 / Channel.
    channel: Option<Channel>,
    /// 来源 / Who found it.
    source: Option<Source>,
    /// 分组 / By what.
    #[graphql(default_with = "KpiGroup::None")]
    group_by: KpiGroup,
}

/// 导出统计指标 / Makes a file of a report.
#[derive(InputObject)]
pub struct ExportKpiInput {
    /// 条件 / Which indicators, of what.
    pub(super) query: KpiInput,
    /// 格式 / Format.
    pub(super) format: FileFormat,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub(super) idempotency_key: String,
}

impl KpiInput {
    /// The question, parsed; `within` stands before the names of fields.
    pub(super) fn parse(&self, ctx: &Context<'_>, within: &str) -> Result<KernelResult<slice::Ask>> {
        let unit = self.unit_id.as_ref().map(|id| ctx.id(id)).transpose()?;
        let raw = slice::RawAsk {
            metrics: self.metrics.iter().copied().map(Into::into).collect(),
            from: self.from,
            to: self.to,
            area_code: self.area_code.clone(),
            unit,
            category_code: self.category_code.clone(),
            channel: self.channel.map(Into::into),
            source: self.source.map(Into::into),
            group: self.group_by.into(),
        };
        Ok(raw.parse(&ctx.house().town(), within))
    }

    /// The question of a query, which has no payload for refusals.
    pub(super) fn ask(&self, ctx: &Context<'_>) -> Result<slice::Ask> {
        self.parse(ctx, "")?.map_err(|error| ctx.fail(malformed(error)))
    }

    /// The same about one indicator alone, all at once: a number whose cases are asked for.
    pub(super) fn about(&self, metric: KpiMetric) -> Self {
        Self { metrics: vec![metric], group_by: KpiGroup::None, ..self.clone() }
    }

    pub(super) fn group(&self) -> KpiGroup {
        self.group_by
    }
}

/// Refusals of a query's arguments.
pub(super) fn malformed(error: Error) -> Error {
    match error {
        Error::Refused(_) => Error::BadRequest(
            "1–8 metrics, at most 1,100 days from `from` until `to`, itself not counted, 366 by day, and codes that exist",
        ),
        other => other,
    }
}
