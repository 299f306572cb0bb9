//! Queries about reference data.

use ::requests as slice;
use async_graphql::{Context, ID, Object};
use kernel::error::Error;
use slice::Town;
use slice::reference::routing::ROUTING;
use slice::reference::{FORBIDDEN_WORDS, LADDER, RAISES, RETENTION};

use super::retention::RetentionPolicy;
use super::routing::{RoutingRules, RoutingSimulation, SimulateRoutingInput, simulate};
use super::templates::{ReplyTemplate, templates};
use super::types::{ForbiddenWords, PriorityRules, SlaPolicy, WarningLadder};
use crate::context::{Ask as _, Result};

/// Queries.
#[derive(Default)]
pub struct ReferenceQuery;

/// The town, for who works here.
fn town(ctx: &Context<'_>) -> Result<Town> {
    ctx.person()?;
    let is_staff = slice::reference::may_read(&ctx.caller().actor);
    if is_staff { Ok(ctx.house().town()) } else { Err(ctx.fail(Error::Forbidden)) }
}

/// 参考数据查询，仅工作人员 / Queries about reference data, for staff.
#[Object]
impl ReferenceQuery {
    /// 现行时限规则，按代码排序；条数不多，不分页 / The time limits in force, by code; few, so not paged.
    async fn sla_policies(&self, ctx: &Context<'_>) -> Option<Result<Vec<SlaPolicy>>> {
        let now = ctx.base().clock.now();
        Some(town(ctx).map(|town| town.reference.policies.all_at(now).cloned().map(SlaPolicy).collect()))
    }

    /// 现行预警阶梯 / The ladder of warnings in force.
    async fn warning_ladder(&self, ctx: &Context<'_>) -> Option<Result<WarningLadder>> {
        let now = ctx.base().clock.now();
        town(ctx).map(|town| town.reference.ladder.at(LADDER, now).cloned().map(WarningLadder)).transpose()
    }

    /// 现行违禁词，仅值班长 / The words that must not be published now; for chiefs on duty.
    async fn forbidden_words(&self, ctx: &Context<'_>) -> Option<Result<ForbiddenWords>> {
        let now = ctx.base().clock.now();
        let town = match town(ctx) {
            Ok(town) if slice::reference::may_enact(&ctx.caller().actor, &town) => town,
            Ok(_) => return Some(Err(ctx.fail(Error::Forbidden))),
            Err(error) => return Some(Err(error)),
        };
        town.reference.words.at(FORBIDDEN_WORDS, now).cloned().map(|list| Ok(ForbiddenWords(list)))
    }

    /// 现行回复模板，按代码排序；给出诉求则只列适用的并填好 / The templates of replies in force, by code; of a case, those that are for it, filled. Few, so not
    /// paged.
    async fn reply_templates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "诉求 / Request.")] service_request_id: Option<ID>,
    ) -> Option<Result<Vec<ReplyTemplate>>> {
        Some(templates(ctx, service_request_id).await)
    }

    /// 现行派单规则；未设定为空 / The rules of dispatch in force; null before any were set.
    async fn routing_rules(&self, ctx: &Context<'_>) -> Option<Result<RoutingRules>> {
        let now = ctx.base().clock.now();
        town(ctx).map(|town| town.reference.routing.at(ROUTING, now).cloned().map(RoutingRules)).transpose()
    }

    /// 派单模拟：一组规则若用于过去一段时间的诉求会怎样，不作任何更改；仅值班长 / What a set of rules would have done with the cases of a period;
    /// changes nothing; for chiefs on duty.
    async fn simulate_routing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "规则与时段 / Which rules, and which period.")] input: SimulateRoutingInput,
    ) -> Option<Result<RoutingSimulation>> {
        Some(simulate(ctx, &input).await)
    }

    /// 现行人数升级规则 / How many people raise a case how far now.
    async fn priority_rules(&self, ctx: &Context<'_>) -> Option<Result<PriorityRules>> {
        let now = ctx.base().clock.now();
        town(ctx).map(|town| town.reference.raises.at(RAISES, now).cloned().map(PriorityRules)).transpose()
    }

    /// 现行留存规则 / How long cases are kept now.
    async fn retention_policy(&self, ctx: &Context<'_>) -> Option<Result<RetentionPolicy>> {
        let now = ctx.base().clock.now();
        town(ctx).map(|town| town.reference.retention.at(RETENTION, now).cloned().map(RetentionPolicy)).transpose()
    }
}
