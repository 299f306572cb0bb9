//! What each indicator is (指标口径): a pair of values of one measure, divided. Pure.

use strum::{EnumIter, IntoStaticStr};

use crate::measure::{Measure, Values};

/// Version of all definitions below; it rises with each change of what is counted, and every result names it.
pub const DEFINITION_VERSION: i32 = 1;

/// An indicator (指标). Rates are counted, never estimated: numerator and denominator are numbers of things, and things not
/// yet due count in neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Metric {
    /// 先行联系率: orders with a first contact due, of which the reporter was reached in time.
    FirstContactRate,
    /// 按时办结率: orders due, of which were handled by the due time in force, extensions included.
    OnTimeRate,
    /// 按时办结率（不计延期）: the same orders, of which were handled by the due time they began with.
    OnTimeRateRaw,
    /// 诉求解决率: answers, of which call it solved; PARTLY does not. No questions, no praise, nothing found unfounded or
    /// unreasonable and verified as such.
    SolvedRate,
    /// 满意率: ratings of 1–5, of which are 3 or more.
    SatisfactionRate,
    /// 评价率: reporters asked, of which rated.
    ResponseRate,
    /// 差评整改率: bad answers, after which the case was handled anew.
    BadReviewFixedRate,
    /// 按时签收率: orders to be signed, of which were signed in time.
    SignOnTimeRate,
    /// 退单率: orders sent, of which were returned.
    ReturnRate,
    /// 一次完成率: cases closed, of which took one round.
    FirstPassRate,
    /// 重办率: cases closed, of which were opened again by an answer.
    ReworkRate,
    /// 返工率: cases closed, of which failed a verification.
    RedoRate,
    /// 主动发现率: cases received, of which were found by a patrol or a machine.
    SelfFoundRate,
    /// 自动发现占比: cases found by a patrol or a machine, of which by a machine.
    AutoShare,
    /// 立案率: cases decided on, of which were put on file.
    FiledRate,
    /// 结案率: cases whose promised time has come (应结案), of which are closed.
    ClosedRate,
    /// 承诺兑现率: the same cases, of which were handled by what the reporter was promised at the first dispatch.
    PromiseKeptRate,
    /// 平均处置时长: working minutes from dispatch to handling, over the orders due that were handled.
    AvgHandleHours,
    /// 受理件数: cases received.
    Cases,
    /// 结案件数: cases closed.
    ClosedCases,
}

/// The four indicators the public may see of a street (四率).
pub const HEADLINE: [Metric; 4] =
    [Metric::FirstContactRate, Metric::SolvedRate, Metric::OnTimeRate, Metric::SatisfactionRate];

/// What the two numbers of an indicator make (单位).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share, in basis points.
    Rate,
    /// Minutes each.
    Minutes,
    /// A number of things; its denominator is itself.
    Count,
}

/// Where an indicator's numbers stand: its measure, and which values of it, from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formula {
    /// Of what.
    pub measure: Measure,
    /// What is counted.
    pub numerator: usize,
    /// Among how many.
    pub denominator: usize,
}

impl Metric {
    /// The name on the wire, e.g. `ON_TIME_RATE`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The name people use.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::FirstContactRate => "先行联系率",
            Self::OnTimeRate => "按时办结率",
            Self::OnTimeRateRaw => "按时办结率（不计延期）",
            Self::SolvedRate => "诉求解决率",
            Self::SatisfactionRate => "满意率",
            Self::ResponseRate => "评价率",
            Self::BadReviewFixedRate => "差评整改率",
            Self::SignOnTimeRate => "按时签收率",
            Self::ReturnRate => "退单率",
            Self::FirstPassRate => "一次完成率",
            Self::ReworkRate => "重办率",
            Self::RedoRate => "返工率",
            Self::SelfFoundRate => "主动发现率",
            Self::AutoShare => "自动发现占比",
            Self::FiledRate => "立案率",
            Self::ClosedRate => "结案率",
            Self::PromiseKeptRate => "承诺兑现率",
            Self::AvgHandleHours => "平均处置时长",
            Self::Cases => "受理件数",
            Self::ClosedCases => "结案件数",
        }
    }

    /// What its two numbers make.
    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::AvgHandleHours => Unit::Minutes,
            Self::Cases | Self::ClosedCases => Unit::Count,
            _ => Unit::Rate,
        }
    }

    /// Where its numbers stand.
    #[must_use]
    pub fn formula(self) -> Formula {
        use Measure as M;
        let (measure, numerator, denominator) = match self {
            Self::FirstContactRate => (M::Contact, 1, 0),
            Self::OnTimeRate => (M::Due, 1, 0),
            Self::OnTimeRateRaw => (M::Due, 2, 0),
            Self::AvgHandleHours => (M::Due, 4, 3),
            Self::ResponseRate => (M::Answer, 1, 0),
            Self::SolvedRate => (M::Answer, 3, 2),
            Self::SatisfactionRate => (M::Answer, 4, 1),
            Self::BadReviewFixedRate => (M::Answer, 6, 5),
            Self::ReturnRate => (M::Sent, 1, 0),
            Self::SignOnTimeRate => (M::Sent, 3, 2),
            Self::FirstPassRate => (M::Closed, 1, 0),
            Self::ReworkRate => (M::Closed, 2, 0),
            Self::RedoRate => (M::Closed, 3, 0),
            Self::ClosedCases => (M::Closed, 0, 0),
            Self::SelfFoundRate => (M::Received, 1, 0),
            Self::AutoShare => (M::Received, 2, 1),
            Self::FiledRate => (M::Received, 4, 3),
            Self::Cases => (M::Received, 0, 0),
            Self::ClosedRate => (M::Promised, 1, 0),
            Self::PromiseKeptRate => (M::Promised, 2, 0),
        };
        Formula { measure, numerator, denominator }
    }

    /// Its numbers among the sums of its measure.
    #[must_use]
    pub fn of(self, sums: &Values) -> Share {
        let formula = self.formula();
        Share { numerator: sums.at(formula.numerator), denominator: sums.at(formula.denominator) }
    }
}

/// Two numbers of things (分子与分母).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// What is counted.
    pub numerator: i64,
    /// Among how many.
    pub denominator: i64,
}

impl Share {
    /// The rate in basis points, half-up; `None` where nothing is counted: never 100 %.
    ///
    /// ```
    /// use stats::Share;
    /// let rate = |numerator, denominator| Share { numerator, denominator }.basis_points();
    /// assert_eq!([rate(82, 89), rate(249, 250), rate(977, 1_000)], [Some(9_213), Some(9_960), Some(9_770)]);
    /// assert_eq!([rate(7, 8), rate(1, 20_000), rate(0, 0)], [Some(8_750), Some(1), None]);
    /// ```
    #[must_use]
    pub fn basis_points(self) -> Option<i64> {
        rounded(i128::from(self.numerator) * 10_000, self.denominator)
    }

    /// The numerator for each of the denominator, half-up; `None` where nothing is counted.
    #[must_use]
    pub fn each(self) -> Option<i64> {
        rounded(self.numerator.into(), self.denominator)
    }

    /// How much more or less it is than `before`, in basis points of that; `None` where there was nothing.
    #[must_use]
    pub fn change(now: i64, before: i64) -> Option<i64> {
        rounded(i128::from(now - before) * 10_000, before)
    }
}

/// A quotient, half-up: 0.5 becomes 1, −0.5 becomes 0.
fn rounded(dividend: i128, divisor: i64) -> Option<i64> {
    if divisor <= 0 {
        return None;
    }
    let divisor = i128::from(divisor);
    i64::try_from((2 * dividend + divisor).div_euclid(2 * divisor)).ok()
}

#[cfg(test)]
mod tests;
