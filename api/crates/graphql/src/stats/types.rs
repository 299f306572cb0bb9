//! What statistics answer.

use ::stats as slice;
use async_graphql::{Object, SimpleObject};

use super::enums::{KpiGroup, KpiMetric};
use crate::areas::GeoPoint;
use crate::page::connection;
use crate::requests::{RequestCategory, ServiceRequest};

/// 统计报表 / A report.
#[derive(SimpleObject)]
pub struct KpiReport {
    /// 口径版本 / Version of the definitions.
    pub(super) definition_version: i32,
    /// 分组 / By what.
    pub(super) group_by: KpiGroup,
    /// 数值；没有内容的分组不列出，不分页 / Numbers, by key and then as asked for; what counts nothing is left out. Few, so not paged.
    pub(super) rows: Vec<KpiRow>,
}

/// A number of a report.
pub struct KpiRow(pub(super) slice::Named);

/// 一个数值 / A number, as integers.
#[Object]
impl KpiRow {
    /// 分组代码：区域路径、单位标识、分类代码、月份等；不分组为空 / Key of the group: path of a grid, key of a unit, code, month, date; null when
    /// all are one, and for cases with no unit yet.
    async fn key(&self) -> Option<&str> {
        Some(self.0.1.key.as_str()).filter(|key| !key.is_empty())
    }

    /// 分组名称 / Its name.
    async fn label(&self) -> &str {
        &self.0.0
    }

    /// 指标 / Which indicator.
    async fn metric(&self) -> KpiMetric {
        self.0.1.metric.into()
    }

    /// 分子；平均时长为工作分钟总数 / Numerator; of an average, working minutes in all.
    async fn numerator(&self) -> i64 {
        self.0.1.now.numerator
    }

    /// 分母 / Denominator; of a count, the count itself.
    async fn denominator(&self) -> i64 {
        self.0.1.now.denominator
    }

    /// 率，万分之一为单位，四舍五入；分母为零则为空，不是 100% / The rate in basis points, half-up; null when the denominator is zero, and for
    /// what is no rate.
    async fn rate_bp(&self) -> Option<i64> {
        self.0.1.rate()
    }

    /// 平均，工作分钟 / Working minutes on average; null for what is no average.
    async fn average_minutes(&self) -> Option<i64> {
        let row = &self.0.1;
        row.now.each().filter(|_| slice::Metric::unit(row.metric) == slice::Unit::Minutes)
    }

    /// 口径版本 / Version of the definition.
    async fn definition_version(&self) -> i32 {
        slice::DEFINITION_VERSION
    }

    /// 上年同期 / The same days a year before.
    async fn year_before(&self) -> Option<KpiBefore> {
        let row = &self.0.1;
        let before = row.before?;
        Some(KpiBefore {
            numerator: before.numerator,
            denominator: before.denominator,
            rate_bp: row.rate_before(),
            difference_bp: row.difference(),
            change_bp: row.change(),
        })
    }
}

/// 上年同期 / The same days a year before, and what changed since.
#[derive(SimpleObject)]
pub struct KpiBefore {
    /// 分子 / Numerator.
    numerator: i64,
    /// 分母 / Denominator.
    denominator: i64,
    /// 率 / The rate in basis points.
    rate_bp: Option<i64>,
    /// 相差的百分点，以百分之一个百分点为单位 / How many basis points more or less the rate is now: `deltaPp` × 100.
    difference_bp: Option<i64>,
    /// 增幅，万分之一为单位：率、平均或件数相对上年 / How much more or less the rate, average or number is now, in basis points of what it was:
    /// `deltaRatio`.
    change_bp: Option<i64>,
}

/// 公示指标 / An indicator of a street as everybody sees it.
#[derive(SimpleObject)]
pub struct PublicKpi {
    /// 指标 / Which.
    pub(super) metric: KpiMetric,
    /// 分子；不足 10 件不公开 / Numerator; null where fewer than ten are counted.
    pub(super) numerator: Option<i64>,
    /// 分母；不足 10 件不公开 / Denominator; null where fewer than ten are counted.
    pub(super) denominator: Option<i64>,
    /// 率，万分之一为单位 / The rate in basis points.
    pub(super) rate_bp: Option<i64>,
    /// 口径版本 / Version of the definition.
    pub(super) definition_version: i32,
}

/// 热力图 / Cases by place.
#[derive(SimpleObject)]
pub struct Heatmap {
    /// 网格；公众只见 10 件及以上的 / Cells of about 500 m; the public sees those of ten cases and more. Some hundreds, so not paged.
    pub(super) cells: Vec<HeatCell>,
}

/// 热力图方格 / A cell of about 500 m.
#[derive(SimpleObject)]
pub struct HeatCell {
    /// 中心 / Its middle.
    pub(super) center: Option<GeoPoint>,
    /// 件数 / Cases.
    pub(super) count: i64,
}

/// 民情前十项指数 / What people are concerned about in a year.
#[derive(SimpleObject)]
pub struct ConcernIndex {
    /// 年份 / Year.
    pub(super) year: i32,
    /// 权重版本 / Version of the weights: requests 1, topics of councils 3, answers to polls 2; there are requests only, so far.
    pub(super) version: i32,
    /// 关注事项，至多 10 项 / Concerns, most pressing first; at most ten.
    pub(super) concerns: Vec<Concern>,
}

/// 关注事项 / A concern.
#[derive(SimpleObject)]
pub struct Concern {
    /// 名次 / Place, from 1.
    pub(super) rank: i32,
    /// 分类 / Category.
    pub(super) category: Option<RequestCategory>,
    /// 指数，第一名为 100 / Index; 100 for the first.
    pub(super) score: i64,
    /// 诉求件数 / Requests.
    pub(super) requests: i64,
}

connection!(KpiCaseConnection, KpiCaseEdge, ServiceRequest, "指标背后的诉求", "the cases behind a number");
