//! Decisions on reference data: input → decision → one verb → the thing as it was decided last.

use ::requests as slice;
use async_graphql::{Context, InputType, Object, SimpleObject};
use entity::edition;
use entity::id::EditionId;
use kernel::error::Result as KernelResult;
use slice::reference::routing::ROUTING;
use slice::reference::{Enact, FORBIDDEN_WORDS, LADDER, RAISES, RETENTION, Shelf, retire_category, retire_template};

use super::inputs::{
    RetireRequestCategoryInput, SaveRequestCategoryInput, SetForbiddenWordsInput, SetPriorityRulesInput,
    SetRetentionPolicyInput, SetSlaPolicyInput, SetWarningLadderInput, about,
};
use super::retention::RetentionPolicy;
use super::routing::{RoutingRules, SetRoutingRulesInput};
use super::templates::{ReplyTemplate, RetireReplyTemplateInput, SaveReplyTemplateInput};
use super::types::{ForbiddenWords, PriorityRules, SlaPolicy, WarningLadder};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::errors::UserError;
use crate::mutation::{Operation, Settled, perform};
use crate::requests::RequestCategory;

/// Declares the payload of a decision, which shows the edition decided last: the one made now, that of a replay, or the one
/// somebody else made meanwhile.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $thing:ident } from $shelf:ident) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            $(#[$field_doc])*
            $field: Option<$thing>,
            /// 是否重放 / Whether this had been done before.
            is_replay: bool,
            /// 业务性错误 / Refusals.
            user_errors: Vec<UserError>,
        }

        impl $name {
            fn of(ctx: &Context<'_>, code: &str, settled: Settled<edition::Model>) -> Self {
                let town = ctx.house().town();
                // Who may not decide is told nothing by what is refused for another reason.
                let may_see = slice::reference::may_enact(&ctx.caller().actor, &town);
                let latest = Shelf::latest(&town.reference.$shelf, code).filter(|_| may_see).cloned().map($thing::from);
                Self { $field: latest, is_replay: settled.is_replay, user_errors: settled.user_errors }
            }
        }
    };
}

payload! {
    /// 诉求分类返回 / Payload of a category.
    RequestCategoryPayload {
        /// 最新版次的分类 / The category as it was decided last.
        request_category: RequestCategory
    } from categories
}
payload! {
    /// 时限规则返回 / Payload of time limits.
    SlaPolicyPayload {
        /// 最新版次的时限规则 / The time limits as they were decided last.
        sla_policy: SlaPolicy
    } from policies
}
payload! {
    /// 预警阶梯返回 / Payload of the ladder of warnings.
    WarningLadderPayload {
        /// 最新版次的预警阶梯 / The ladder as it was decided last.
        warning_ladder: WarningLadder
    } from ladder
}
payload! {
    /// 人数升级规则返回 / Payload of the rules of raising.
    PriorityRulesPayload {
        /// 最新版次的规则 / The rules as they were decided last.
        priority_rules: PriorityRules
    } from raises
}

payload! {
    /// 派单规则返回 / Payload of the rules of dispatch.
    RoutingRulesPayload {
        /// 最新版次的规则集 / The set as it was decided last.
        routing_rules: RoutingRules
    } from routing
}

payload! {
    /// 违禁词返回 / Payload of the words that must not be published.
    ForbiddenWordsPayload {
        /// 最新版次的违禁词 / The list as it was decided last.
        forbidden_words: ForbiddenWords
    } from words
}

payload! {
    /// 回复模板返回 / Payload of a template of replies.
    ReplyTemplatePayload {
        /// 最新版次的模板 / The template as it was decided last.
        reply_template: ReplyTemplate
    } from templates
}

payload! {
    /// 留存规则返回 / Payload of the rule of keeping.
    RetentionPolicyPayload {
        /// 最新版次的留存规则 / The rule as it was decided last.
        retention_policy: RetentionPolicy
    } from retention
}

/// Decides, at most once; what this node knows is read anew, so that its next answer shows it.
pub(super) async fn decide(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl InputType,
    decision: KernelResult<Enact>,
) -> Result<Settled<edition::Model>> {
    ctx.person()?;
    let command = decision.map(|decision| (ctx.house().town(), decision));
    let settled = perform(
        ctx,
        operation,
        None::<EditionId>,
        input,
        command,
        |tx, (town, decision)| Box::pin(slice::reference::enact(tx, town, decision)),
        |row| row.id,
    );
    let settled = settled.await?;
    ctx.house().live_town.refresh(ctx.base()).await.or_fail(ctx)?;
    Ok(settled)
}

/// Mutations.
#[derive(Default)]
pub struct ReferenceMutation;

/// 参考数据维护，仅值班长 / Keeping reference data, for chiefs on duty.
#[Object]
impl ReferenceMutation {
    /// 新增或修改诉求分类，自生效时间起；在办件保留原分类 / Makes or changes a category from an instant on; cases keep what they were given.
    async fn save_request_category(
        &self,
        ctx: &Context<'_>,
        input: SaveRequestCategoryInput,
    ) -> Result<RequestCategoryPayload> {
        let settled = decide(ctx, ("saveRequestCategory", &input.idempotency_key), &input, input.parse()).await?;
        Ok(RequestCategoryPayload::of(ctx, &input.code, settled))
    }

    /// 停用诉求分类：不再用于新的诉求 / Retires a category: it is offered for no new requests.
    async fn retire_request_category(
        &self,
        ctx: &Context<'_>,
        input: RetireRequestCategoryInput,
    ) -> Result<RequestCategoryPayload> {
        let decision = retire_category(about(&input.code, Some(input.expected_version), input.valid_from));
        let settled = decide(ctx, ("retireRequestCategory", &input.idempotency_key), &input, decision).await?;
        Ok(RequestCategoryPayload::of(ctx, &input.code, settled))
    }

    /// 设定时限规则，自生效时间起；在办件的期限不变 / Sets time limits from an instant on; due times of open cases stay.
    async fn set_sla_policy(&self, ctx: &Context<'_>, input: SetSlaPolicyInput) -> Result<SlaPolicyPayload> {
        let settled = decide(ctx, ("setSlaPolicy", &input.idempotency_key), &input, input.parse()).await?;
        Ok(SlaPolicyPayload::of(ctx, &input.code, settled))
    }

    /// 设定预警阶梯，自生效时间起 / Sets the ladder of warnings from an instant on.
    async fn set_warning_ladder(
        &self,
        ctx: &Context<'_>,
        input: SetWarningLadderInput,
    ) -> Result<WarningLadderPayload> {
        let settled = decide(ctx, ("setWarningLadder", &input.idempotency_key), &input, input.parse()).await?;
        Ok(WarningLadderPayload::of(ctx, LADDER, settled))
    }

    /// 新增或修改回复模板，自生效时间起 / Makes or changes a template of replies, from an instant on.
    async fn save_reply_template(
        &self,
        ctx: &Context<'_>,
        input: SaveReplyTemplateInput,
    ) -> Result<ReplyTemplatePayload> {
        ctx.person()?;
        let decision = input.decision(ctx)?;
        let settled = decide(ctx, ("saveReplyTemplate", &input.idempotency_key), &input, decision).await?;
        Ok(ReplyTemplatePayload::of(ctx, &input.code, settled))
    }

    /// 停用回复模板 / Retires a template of replies.
    async fn retire_reply_template(
        &self,
        ctx: &Context<'_>,
        input: RetireReplyTemplateInput,
    ) -> Result<ReplyTemplatePayload> {
        let decision = retire_template(about(&input.code, Some(input.expected_version), input.valid_from));
        let settled = decide(ctx, ("retireReplyTemplate", &input.idempotency_key), &input, decision).await?;
        Ok(ReplyTemplatePayload::of(ctx, &input.code, settled))
    }

    /// 设定违禁词，自生效时间起；不影响此前已公开的文字，但公开的回复按现行词表显示 / Sets the words that must not be published from an instant on. What was
    /// published before stays so, but for replies, which are shown by the list in force.
    async fn set_forbidden_words(
        &self,
        ctx: &Context<'_>,
        input: SetForbiddenWordsInput,
    ) -> Result<ForbiddenWordsPayload> {
        let settled = decide(ctx, ("setForbiddenWords", &input.idempotency_key), &input, input.parse()).await?;
        Ok(ForbiddenWordsPayload::of(ctx, FORBIDDEN_WORDS, settled))
    }

    /// 设定派单规则，自生效时间起；派单建议以首条适用规则为先 / Sets the rules of dispatch from an instant on; suggestions begin with the first that
    /// fits.
    async fn set_routing_rules(&self, ctx: &Context<'_>, input: SetRoutingRulesInput) -> Result<RoutingRulesPayload> {
        ctx.person()?;
        let decision = input.decision(ctx)?;
        let settled = decide(ctx, ("setRoutingRules", &input.idempotency_key), &input, decision).await?;
        Ok(RoutingRulesPayload::of(ctx, ROUTING, settled))
    }

    /// 设定人数升级规则，自生效时间起 / Sets how many people raise a case how far, from an instant on.
    async fn set_priority_rules(
        &self,
        ctx: &Context<'_>,
        input: SetPriorityRulesInput,
    ) -> Result<PriorityRulesPayload> {
        let settled = decide(ctx, ("setPriorityRules", &input.idempotency_key), &input, input.parse()).await?;
        Ok(PriorityRulesPayload::of(ctx, RAISES, settled))
    }

    /// 设定留存规则，自生效时间起；对已办结的也适用，已匿名的不能恢复 / Sets how long cases are kept from an instant on, those that are over already too; what is
    /// nobody's stays so.
    async fn set_retention_policy(
        &self,
        ctx: &Context<'_>,
        input: SetRetentionPolicyInput,
    ) -> Result<RetentionPolicyPayload> {
        let settled = decide(ctx, ("setRetentionPolicy", &input.idempotency_key), &input, Ok(input.parse())).await?;
        Ok(RetentionPolicyPayload::of(ctx, RETENTION, settled))
    }
}
