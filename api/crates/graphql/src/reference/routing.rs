//! Rules of dispatch, and what they would have done.

use std::collections::HashMap;

use ::requests as slice;
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{ServiceRequestId, UnitId};
use kernel::error::{Error, Result as KernelResult};
use slice::Case;
use slice::reference::routing::{Change, ROUTING, Rule, Window};
use slice::reference::{Edition, Enact, Simulate, try_rules};

use super::inputs::about;
use super::types::EditionInfo;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::directory::Unit;
use crate::enums::{Lane, Priority};
use crate::loaders::load;
use crate::requests::ServiceRequest;

/// 时段 / In which hours a rule holds.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(name = "RoutingHours", remote = "slice::reference::routing::Hours")]
pub enum Hours {
    /// 全天 / at any time.
    Any,
    /// 工作时间 / while offices are open.
    Working,
    /// 非工作时间 / at night, at noon, and on days off.
    Off,
}

/// 派单规则 / A rule: category × place × time → unit, lane, priority.
#[derive(InputObject, Clone, Debug)]
pub struct RoutingRuleInput {
    /// 分类代码，含下级；不填为全部 / Code of a category, with all below; all when absent.
    pub category_code: Option<String>,
    /// 区域代码，含下级；不填为全部 / Code of an area, with all below; all when absent.
    pub area_code: Option<String>,
    /// 时段 / In which hours.
    #[graphql(default_with = "Hours::Any")]
    pub hours: Hours,
    /// 星期，1 为星期一；不填为每天 / Days of the week, 1 for Monday; every day when empty.
    #[graphql(default)]
    pub weekdays: Vec<i32>,
    /// 起始日期 / From this date on.
    pub from: Option<NaiveDate>,
    /// 截止日期，含当日 / Until this date, included.
    pub until: Option<NaiveDate>,
    /// 主办单位 / The unit that leads.
    pub unit_id: ID,
    /// 通道 / Lane.
    pub lane: Option<Lane>,
    /// 优先级 / Priority.
    pub priority: Option<Priority>,
}

impl RoutingRuleInput {
    fn rule(&self, ctx: &Context<'_>) -> Result<Rule> {
        let code = |code: &Option<String>| code.clone().filter(|code| !code.is_empty());
        Ok(Rule {
            category_code: code(&self.category_code),
            area_code: code(&self.area_code),
            window: Window {
                hours: self.hours.into(),
                weekdays: self.weekdays.iter().map(|day| u32::try_from(*day).unwrap_or_default()).collect(),
                from: self.from,
                until: self.until,
            },
            unit: ctx.id(&self.unit_id)?,
            lane: self.lane.map(Into::into),
            priority: self.priority.map(Into::into),
        })
    }
}

/// 设定派单规则 / Sets the whole set of rules of dispatch; the first that fits decides.
#[derive(InputObject, Clone, Debug)]
pub struct SetRoutingRulesInput {
    /// 看到的最新版本；首次设定时不填 / Version of the newest edition as seen; absent for the first one.
    pub expected_version: Option<i32>,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 各条，依次匹配，至多 200 条 / The rules in order, at most 200.
    pub rules: Vec<RoutingRuleInput>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

impl SetRoutingRulesInput {
    pub(super) fn decision(&self, ctx: &Context<'_>) -> Result<KernelResult<Enact>> {
        let rules = rules(ctx, &self.rules)?;
        Ok(slice::reference::routing_rules(rules, about(ROUTING, self.expected_version, self.valid_from)))
    }
}

fn rules(ctx: &Context<'_>, rules: &[RoutingRuleInput]) -> Result<Vec<Rule>> {
    rules.iter().map(|rule| rule.rule(ctx)).collect()
}

/// 派单模拟 / Which rules are tried on which cases.
#[derive(InputObject, Clone, Debug)]
pub struct SimulateRoutingInput {
    /// 待试的规则；不填则用现行规则 / The rules to be tried; those in force when absent.
    pub rules: Option<Vec<RoutingRuleInput>>,
    /// 待试的版本；与 rules 二选一 / Or a version of the set.
    pub version: Option<i32>,
    /// 第一天 / First day.
    pub from: NaiveDate,
    /// 最后一天，含当日，至多一年 / Last day, included; at most a year.
    pub to: NaiveDate,
    /// 列出多少件变化的诉求，至多 100 / How many of the changed cases are listed, at most 100.
    #[graphql(default = 20)]
    pub first: i32,
    /// 跳过前多少件 / How many are left out before.
    #[graphql(default = 0)]
    pub skip: i32,
}

/// A rule of the set, with its number.
pub struct RoutingRule(usize, Rule);

/// 派单规则 / A rule: category × place × time → unit, lane, priority.
#[Object]
impl RoutingRule {
    /// 序号，从 1 起 / Number, from 1.
    async fn number(&self) -> i32 {
        i32::try_from(self.0).unwrap_or(i32::MAX)
    }

    /// 分类代码，含下级 / Code of a category, with all below.
    async fn category_code(&self) -> Option<&str> {
        self.1.category_code.as_deref()
    }

    /// 区域代码，含下级 / Code of an area, with all below.
    async fn area_code(&self) -> Option<&str> {
        self.1.area_code.as_deref()
    }

    /// 时段 / In which hours.
    async fn hours(&self) -> Hours {
        self.1.window.hours.into()
    }

    /// 星期，1 为星期一；空为每天 / Days of the week, 1 for Monday; every day when empty.
    async fn weekdays(&self) -> Vec<i32> {
        self.1.window.weekdays.iter().filter_map(|day| i32::try_from(*day).ok()).collect()
    }

    /// 起始日期 / From this date on.
    async fn from(&self) -> Option<NaiveDate> {
        self.1.window.from
    }

    /// 截止日期，含当日 / Until this date, included.
    async fn until(&self) -> Option<NaiveDate> {
        self.1.window.until
    }

    /// 主办单位 / The unit that leads.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit(ctx, self.1.unit).await
    }

    /// 通道 / Lane.
    async fn lane(&self) -> Option<Lane> {
        self.1.lane.map(Into::into)
    }

    /// 优先级 / Priority.
    async fn priority(&self) -> Option<Priority> {
        self.1.priority.map(Into::into)
    }
}

async fn unit(ctx: &Context<'_>, id: UnitId) -> Option<Result<Unit>> {
    load(ctx, id).await.map(|row| row.and_then(|row| Unit::seen(ctx, row))).transpose()
}

/// The set as one edition says.
pub struct RoutingRules(pub(super) Edition<Vec<Rule>>);

impl From<Edition<Vec<Rule>>> for RoutingRules {
    fn from(edition: Edition<Vec<Rule>>) -> Self {
        Self(edition)
    }
}

/// 派单规则集，依次匹配，首条适用者生效 / The set of rules of dispatch; the first that fits decides.
#[Object]
impl RoutingRules {
    /// 各条 / The rules in order.
    async fn rules(&self) -> Vec<RoutingRule> {
        (1..).zip(self.0.content.iter().cloned()).map(|(number, rule)| RoutingRule(number, rule)).collect()
    }

    /// 版次 / Which edition says so.
    async fn edition(&self, ctx: &Context<'_>) -> EditionInfo {
        EditionInfo::of(&self.0, ctx.house().town().reference.routing.editions(ROUTING))
    }

    /// 全部版次，新的在前；版次不多，不分页 / All editions, newest first; few, so not paged.
    async fn history(&self, ctx: &Context<'_>) -> Vec<RoutingRules> {
        ctx.house().town().reference.routing.editions(ROUTING).iter().rev().cloned().map(RoutingRules).collect()
    }
}

/// A case that would have been sent elsewhere.
pub struct RoutingChange {
    change: Change<ServiceRequestId>,
    case: Option<Case>,
}

/// 派单变化：按这些规则会派给其他单位的诉求 / A case that the rules would have sent to another unit.
#[Object]
impl RoutingChange {
    /// 诉求；无权查看时为空 / The case; null when it is hidden from the viewer.
    async fn service_request(&self, ctx: &Context<'_>) -> Option<Result<ServiceRequest>> {
        self.case.clone().map(|case| ServiceRequest::of(ctx, case))
    }

    /// 现主办单位 / The unit that leads it.
    async fn led_by(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit(ctx, self.change.led_by).await
    }

    /// 规则指定的单位 / The unit the rules name.
    async fn to(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit(ctx, self.change.to).await
    }

    /// 适用规则的序号 / Number of the rule, from 1.
    async fn rule(&self) -> i32 {
        i32::try_from(self.change.rule).unwrap_or(i32::MAX)
    }
}

/// 派单模拟结果 / What a set of rules would have done.
#[derive(SimpleObject)]
pub struct RoutingSimulation {
    /// 考察的诉求件数 / Cases looked at.
    scanned: i64,
    /// 期内是否还有更早的未考察；至多考察 5000 件，新的在前 / Whether older cases of the period were left out; at most 5,000, the newest first.
    is_cut: bool,
    /// 有规则适用的件数 / Cases for which some rule names a unit.
    assigned: i64,
    /// 无规则适用的件数 / Cases for which none does.
    unassigned: i64,
    /// 单位会变化的件数 / Cases that another unit leads.
    changed: i64,
    /// 变化的诉求，新的在前 / Some of these, newest first.
    changes: Vec<RoutingChange>,
}

/// Runs the rules asked for.
pub(super) async fn simulate(ctx: &Context<'_>, input: &SimulateRoutingInput) -> Result<RoutingSimulation> {
    ctx.person()?;
    let (town, now) = (ctx.house().town(), ctx.base().clock.now());
    if !slice::reference::may_enact(&ctx.caller().actor, &town) {
        return Err(ctx.fail(Error::Forbidden));
    }
    let known = &town.reference.routing;
    let rules = match (&input.rules, input.version) {
        (Some(_), Some(_)) => return Err(ctx.fail(Error::BadRequest("`rules` or `version`, not both"))),
        (Some(given), None) => rules(ctx, given)?,
        (None, Some(version)) => {
            let edition = known.version(ROUTING, version).ok_or_else(|| ctx.fail(Error::NotFound))?;
            edition.content.clone()
        }
        (None, None) => known.at(ROUTING, now).map(|edition| edition.content.clone()).unwrap_or_default(),
    };
    let (first, skip) = (usize::try_from(input.first).ok(), usize::try_from(input.skip).ok());
    let Some((first, skip)) = first.filter(|first| *first <= 100).zip(skip) else {
        return Err(ctx.fail(Error::BadRequest("`first` is 0–100, `skip` not less than 0")));
    };
    let wanted = Simulate { rules, from: input.from, to: input.to };
    let done = match try_rules(ctx.base(), &ctx.caller().actor, &town, &wanted).await {
        // A query has no place for refusals of fields.
        Err(Error::Refused(_)) => Err(Error::BadRequest("the rules or the period make no sense")),
        done => done,
    };
    let done = done.or_fail(ctx)?;
    let outcome = done.outcome;
    let changed = i64::try_from(outcome.changed.len()).unwrap_or(i64::MAX);
    let shown: Vec<_> = outcome.changed.into_iter().skip(skip).take(first).collect();
    let ids: Vec<ServiceRequestId> = shown.iter().map(|change| change.case).collect();
    let cases = slice::cases_by_ids(ctx.base(), &ctx.caller().actor, &ids).await.or_fail(ctx)?;
    let mut cases: HashMap<ServiceRequestId, Case> = cases.into_iter().map(|case| (case.row.id, case)).collect();
    Ok(RoutingSimulation {
        scanned: outcome.assigned + outcome.unassigned,
        is_cut: done.is_cut,
        assigned: outcome.assigned,
        unassigned: outcome.unassigned,
        changed,
        changes: shown.into_iter().map(|change| RoutingChange { case: cases.remove(&change.case), change }).collect(),
    })
}
