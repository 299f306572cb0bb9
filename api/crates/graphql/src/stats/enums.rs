//! The wire's words for statistics.

use ::stats as slice;
use async_graphql::Enum;

/// 指标 / An indicator. Rates count things: what is not yet due counts in neither number, returned orders count in the return rate
/// only, and void ones in none.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "slice::Metric")]
pub enum KpiMetric {
    /// 先行联系率 / Orders with a first contact due, of which the reporter was reached in time.
    FirstContactRate,
    /// 按时办结率 / Orders due, of which were handled by the due time in force, extensions included.
    OnTimeRate,
    /// 按时办结率（不计延期） / The same orders, of which were handled by the due time they began with.
    OnTimeRateRaw,
    /// 诉求解决率 / Answers, of which call it solved; PARTLY does not. No questions, no praise, nothing found unfounded or unreasonable and verified as such.
    SolvedRate,
    /// 满意率 / Ratings of 1–5, of which are 3 or more.
    SatisfactionRate,
    /// 评价率 / Reporters asked, of which rated.
    ResponseRate,
    /// 差评整改率 / Bad answers, after which the case was handled anew.
    BadReviewFixedRate,
    /// 按时签收率 / Orders to be signed, of which were signed in time.
    SignOnTimeRate,
    /// 退单率 / Orders sent, of which were returned.
    ReturnRate,
    /// 一次完成率 / Cases closed, of which took one round.
    FirstPassRate,
    /// 重办率 / Cases closed, of which were opened again by an answer.
    ReworkRate,
    /// 返工率 / Cases closed, of which failed a verification.
    RedoRate,
    /// 主动发现率 / Cases received, of which were found by a patrol or a machine.
    SelfFoundRate,
    /// 自动发现占比 / Cases found by a patrol or a machine, of which by a machine.
    AutoShare,
    /// 立案率 / Cases decided on, of which were put on file.
    FiledRate,
    /// 结案率 / Cases whose promised time has come (应结案), of which are closed.
    ClosedRate,
    /// 承诺兑现率 / The same cases, of which were handled by what the reporter was promised at the first dispatch.
    PromiseKeptRate,
    /// 平均处置时长 / Working minutes from dispatch to handling, over the orders due that were handled.
    AvgHandleHours,
    /// 受理件数 / Cases received.
    Cases,
    /// 结案件数 / Cases closed.
    ClosedCases,
}

/// 分组 / By what numbers are shown.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum KpiGroup {
    /// 不分组 / all at once.
    None,
    /// 自治网格 / by self-government grid.
    Grid,
    /// 承办单位 / by unit.
    Unit,
    /// 分类 / by category.
    Category,
    /// 渠道 / by channel.
    Channel,
    /// 来源 / by who found it.
    Source,
    /// 月 / by month.
    Month,
    /// 日，至多 366 天 / by day; at most 366.
    Day,
}

impl From<KpiGroup> for slice::Group {
    fn from(group: KpiGroup) -> Self {
        match group {
            KpiGroup::None => Self::None,
            KpiGroup::Grid => Self::Grid,
            KpiGroup::Unit => Self::Unit,
            KpiGroup::Category => Self::Category,
            KpiGroup::Channel => Self::Channel,
            KpiGroup::Source => Self::Source,
            KpiGroup::Month => Self::Month,
            KpiGroup::Day => Self::Day,
        }
    }
}

/// 下钻部分 / Which cases behind a number.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "slice::Part")]
pub enum KpiPart {
    /// 分子 / those counted.
    Numerator,
    /// 未达标 / those among which they are counted, and which are not.
    Missed,
    /// 分母 / both.
    Denominator,
}
