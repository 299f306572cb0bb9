//! Queries about numbers.

use ::stats as slice;
use async_graphql::{Context, Object};
use chrono::NaiveDate;
use kernel::page::Page;

use super::enums::{KpiMetric, KpiPart};
use super::inputs::{KpiInput, malformed};
use super::types::{Concern, ConcernIndex, HeatCell, Heatmap, KpiCaseConnection, KpiReport, KpiRow, PublicKpi};
use crate::areas::{GeoDatum, GeoPoint};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::page::page;
use crate::requests::{RequestCategory, ServiceRequest};

/// The street that is shown when the client names none: 新虹.
const STREET: &str = "310112008";

/// Queries.
#[derive(Default)]
pub struct StatsQuery;

/// 统计查询 / Queries about numbers.
#[Object]
impl StatsQuery {
    /// 统计指标；工作人员在权限范围内：区域人员看区域，承办单位看本单位 / Indicators, for staff within their scope: area staff of their areas, people of
    /// a unit of its work.
    async fn kpi(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "条件 / Which ones, of what.")] input: KpiInput,
    ) -> Option<Result<KpiReport>> {
        let read = async {
            ctx.person()?;
            let ask = input.ask(ctx)?;
            let with_before = ctx.look_ahead().field("rows").field("yearBefore").exists();
            let (town, actor) = (&ctx.house().town(), &ctx.caller().actor);
            let rows = slice::report(ctx.base(), town, actor, ask, with_before).await.or_fail(ctx)?;
            let rows = rows.into_iter().map(KpiRow).collect();
            Ok(KpiReport { definition_version: slice::DEFINITION_VERSION, group_by: input.group(), rows })
        };
        Some(read.await)
    }

    /// 指标背后的诉求，新的在前；只列出本人可以查看的 / The cases behind a number, newest first: of one indicator, by the same conditions. Those the
    /// viewer may not read are left out.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection field")]
    async fn kpi_cases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "指标 / Which indicator.")] metric: KpiMetric,
        #[graphql(desc = "哪一部分 / Which cases.")] part: KpiPart,
        #[graphql(
            desc = "条件，其中的指标与分组不用 / The same conditions; indicators and group in them do not matter."
        )]
        input: KpiInput,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<KpiCaseConnection>> {
        let read = async {
            ctx.person()?;
            let page = page(first, after, last, before).or_fail(ctx)?;
            let ask = input.about(metric).ask(ctx)?;
            let found = slice::behind(ctx.base(), &ctx.caller().actor, ask, part.into(), &page).await.or_fail(ctx)?;
            let Page { rows, has_next, has_previous } = found;
            let rows = rows.into_iter().map(|(case, at)| Ok((ServiceRequest::of(ctx, case)?, at)));
            let rows = rows.collect::<Result<Vec<_>>>()?;
            Ok(KpiCaseConnection::of(Page { rows, has_next, has_previous }))
        };
        Some(read.await)
    }

    /// 街道四率公示，不需登录；只有已结束的整月 / The four indicators of a street, for everybody: of whole months that are over. Four, so not paged.
    async fn public_kpi(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "String::from(STREET)", desc = "街道代码 / Code of the street.")] area_code: String,
        #[graphql(desc = "起始日期，某月一日 / First day: the first of a month.")] from: NaiveDate,
        #[graphql(desc = "结束日期，不含，某月一日 / The day after the last: the first of a month.")] to: NaiveDate,
    ) -> Option<Result<Vec<PublicKpi>>> {
        let read = async {
            let period = period(ctx, from, to)?;
            let shown = slice::public(ctx.base(), &ctx.house().town(), &area_code, period).await.or_fail(ctx)?;
            let shown = shown.into_iter().map(|(metric, share)| PublicKpi {
                metric: metric.into(),
                numerator: share.map(|share| share.numerator),
                denominator: share.map(|share| share.denominator),
                rate_bp: share.and_then(slice::Share::basis_points),
                definition_version: slice::DEFINITION_VERSION,
            });
            Ok(shown.collect())
        };
        Some(read.await)
    }

    /// 诉求热力图，按约 500 米方格；公众只见已结束整月中 10 件及以上的方格 / Cases received by cell of about 500 m; the public of a street sees those of ten
    /// cases and more, of whole months that are over.
    async fn case_heatmap(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "String::from(STREET)", desc = "区域代码 / Code of the area.")] area_code: String,
        #[graphql(desc = "起始日期，含 / First day.")] from: NaiveDate,
        #[graphql(desc = "结束日期，不含 / The day after the last.")] to: NaiveDate,
        #[graphql(default_with = "GeoDatum::Gcj02", desc = "坐标基准 / Datum.")] datum: GeoDatum,
    ) -> Option<Result<Heatmap>> {
        let read = async {
            let period = period(ctx, from, to)?;
            let (town, actor) = (&ctx.house().town(), &ctx.caller().actor);
            let cells = slice::heatmap(ctx.base(), town, actor, &area_code, period).await.or_fail(ctx)?;
            let cells = cells.into_iter().map(|(cell, count)| {
                let middle = requests::middle_of(cell);
                let center = middle.and_then(|place| GeoPoint::of(place.longitude(), place.latitude(), datum));
                HeatCell { center, count }
            });
            Ok(Heatmap { cells: cells.collect() })
        };
        Some(read.await)
    }

    /// 民情前十项指数，工作人员在权限范围内 / The ten concerns of a year, for staff within their scope.
    async fn top_concerns(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "年份 / Year.")] year: i32,
        #[graphql(default_with = "String::from(STREET)", desc = "区域代码 / Code of the area.")] area_code: String,
    ) -> Option<Result<ConcernIndex>> {
        let read = async {
            ctx.person()?;
            let (town, actor) = (&ctx.house().town(), &ctx.caller().actor);
            let now = ctx.base().clock.now();
            let found = slice::concerns(ctx.base(), town, actor, &area_code, year).await.or_fail(ctx)?;
            let concerns = found.into_iter().map(|concern| Concern {
                rank: concern.rank,
                category: town.category(&concern.category, now).cloned().map(RequestCategory),
                score: concern.score,
                requests: concern.requests,
            });
            Ok(ConcernIndex { year, version: slice::CONCERN_VERSION, concerns: concerns.collect() })
        };
        Some(read.await)
    }
}

fn period(ctx: &Context<'_>, from: NaiveDate, to: NaiveDate) -> Result<slice::Period> {
    let parsed = slice::Period::parse(("from", from), ("to", to));
    parsed.map_err(|error| ctx.fail(malformed(error.into())))
}
