//! Mutations of residence and proxies: each names its input, its command and its verb.

use ::requests as requests_slice;
use ::residents as slice;
use async_graphql::{Context, ID, InputType, Object, SimpleObject};
use entity::id::{Id, ProxyGrantId, ResidenceId, ServiceRequestId};
use entity::residence;
use kernel::error::Result as KernelResult;
use kernel::target::Seen;
use kernel::tx::Verb;
use slice::Decide;

use super::inputs::*;
use super::types::{ProxyGrant, Residence};
use crate::context::{Ask as _, Result, once};
use crate::errors::UserError;
use crate::mutation::{Operation, Subject, act, perform, settle};

/// 居住认证返回 / Payload of a proof of residence.
#[derive(SimpleObject)]
pub struct ResidencePayload {
    /// 居住认证；被拒绝或版本冲突时为当前内容 / The proof; the current one when refused or on a conflict.
    residence: Option<Residence>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 代办授权返回 / Payload of a proxy; the same for known and unknown numbers.
#[derive(SimpleObject)]
pub struct ProxyGrantPayload {
    /// 代办授权；被拒绝或版本冲突时为当前内容 / The proxy; the current one when refused or on a conflict.
    proxy_grant: Option<ProxyGrant>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

fn target<K: Id>(ctx: &Context<'_>, id: &ID, expected_version: Option<i32>) -> Result<Seen<K>> {
    Ok(Seen { id: ctx.id(id)?, expected_version })
}

async fn residence<C: Sync>(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl InputType,
    (target, command): (Option<ResidenceId>, KernelResult<C>),
    verb: Verb<C, residence::Model>,
) -> Result<ResidencePayload> {
    let settled = perform(ctx, operation, target, input, command, verb, |row| row.id).await?;
    let residence = match settled.subject {
        Subject::Row(row) => Some(Residence::of(ctx, row)?),
        Subject::Id(id) => Residence::by_id(ctx, id.into()).await?,
        Subject::None => None,
    };
    Ok(ResidencePayload { residence, is_replay: settled.is_replay, user_errors: settled.user_errors })
}

async fn proxy<C: Sync>(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl InputType,
    (target, command): (Option<ProxyGrantId>, KernelResult<C>),
    verb: Verb<C, slice::Proxy>,
) -> Result<ProxyGrantPayload> {
    let settled = perform(ctx, operation, target, input, command, verb, |proxy| proxy.row.id).await?;
    let proxy_grant = match settled.subject {
        Subject::Row(proxy) => ProxyGrant::all(ctx, vec![proxy]).await?.pop(),
        Subject::Id(id) => ProxyGrant::by_id(ctx, id.into()).await?,
        Subject::None => None,
    };
    Ok(ProxyGrantPayload { proxy_grant, is_replay: settled.is_replay, user_errors: settled.user_errors })
}

fn raw_grant(
    (agent_phone, verbs): (&str, Option<&Vec<super::enums::ProxyVerb>>),
    until: chrono::DateTime<chrono::Utc>,
    cases: Vec<ServiceRequestId>,
    reason: Option<String>,
) -> slice::RawGrantProxy {
    let verbs = verbs.map(|verbs| verbs.iter().map(|verb| (*verb).into()).collect());
    slice::RawGrantProxy { cases, agent_phone: agent_phone.to_owned(), verbs, until, reason }
}

/// Mutations.
#[derive(Default)]
pub struct ResidentMutation;

/// 居住认证与代办授权 / Verbs of residence and proxies.
#[Object]
impl ResidentMutation {
    /// 申请居住认证；同时至多三件待认证 / Applies for a proof of residence; at most three wait at once.
    async fn apply_for_residence(&self, ctx: &Context<'_>, input: ApplyForResidenceInput) -> Result<ResidencePayload> {
        ctx.person()?;
        let raw = slice::RawApply {
            area_code: input.area_code.clone(),
            compound: input.compound.clone(),
            building: input.building.clone(),
            unit: input.unit.clone(),
            room: input.room.clone(),
            relation: input.relation.into(),
        };
        let command = raw.parse(&ctx.house().town().areas);
        let operation = ("applyForResidence", input.idempotency_key.as_str());
        residence(ctx, operation, &input, (None, command), |tx, wanted| Box::pin(slice::apply(tx, wanted))).await
    }

    /// 居村通过居住认证 / The neighbourhood verifies a residence.
    async fn verify_residence(&self, ctx: &Context<'_>, input: VerifyResidenceInput) -> Result<ResidencePayload> {
        ctx.person()?;
        let on: Seen<ResidenceId> = target(ctx, &input.id, Some(input.expected_version))?;
        let operation = ("verifyResidence", input.idempotency_key.as_str());
        let command = (Some(on.id), Ok(Decide { on }));
        residence(ctx, operation, &input, command, |tx, decision| Box::pin(slice::verify(tx, decision))).await
    }

    /// 居村不予居住认证 / The neighbourhood refuses a residence.
    async fn reject_residence(&self, ctx: &Context<'_>, input: RejectResidenceInput) -> Result<ResidencePayload> {
        ctx.person()?;
        let on: Seen<ResidenceId> = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawReject { on, reason: input.reason.into(), note: input.note.clone() };
        let operation = ("rejectResidence", input.idempotency_key.as_str());
        let command = (Some(on.id), raw.parse());
        residence(ctx, operation, &input, command, |tx, refusal| Box::pin(slice::reject(tx, refusal))).await
    }

    /// 本人终止居住认证，或撤回申请 / The person ends a residence, or takes the application back.
    async fn end_residence(&self, ctx: &Context<'_>, input: EndResidenceInput) -> Result<ResidencePayload> {
        ctx.person()?;
        let on: Seen<ResidenceId> = target(ctx, &input.id, input.expected_version)?;
        let operation = ("endResidence", input.idempotency_key.as_str());
        let command = (Some(on.id), Ok(Decide { on }));
        residence(ctx, operation, &input, command, |tx, end| Box::pin(slice::end_residence(tx, end))).await
    }

    /// 居村在窗口为遗失号码的居民换绑；所有设备随即退出 / The neighbourhood moves a verified resident who lost the number to a new one;
    /// every device is signed out.
    async fn replace_lost_phone(&self, ctx: &Context<'_>, input: ReplaceLostPhoneInput) -> Result<ResidencePayload> {
        ctx.person()?;
        let on: Seen<ResidenceId> = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawReplacePhone {
            on,
            id_number: input.id_number.clone(),
            new_phone: input.new_phone.clone(),
            new_code: input.new_code.clone(),
            is_wechat_lost: input.is_wechat_lost,
            reason: input.reason.clone(),
        };
        let (actor, identity) = (&ctx.caller().actor, &ctx.house().identity);
        let act = act(ctx, "replaceLostPhone", Some(on.id));
        let parsed = once("replaceLostPhone", &input.idempotency_key, &input)
            .and_then(|once| Ok((once, raw.parse(ctx.base())?)));
        let moved = match parsed {
            Ok((once, command)) => slice::replace_lost_phone(identity, actor, &once, &command, &act).await,
            Err(error) => {
                ctx.base().note_refusal(actor.doing(&act), &error).await;
                Err(error)
            }
        };
        let settled = settle(ctx, moved, None)?;
        if let Subject::Row(changed) = &settled.subject {
            identity.cool(&changed.ended).await;
        }
        let residence = Residence::by_id(ctx, on.id).await?;
        Ok(ResidencePayload { residence, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }

    /// 授权他人代办本人的诉求；对方接受后生效，手机号是否注册都同样回答 / Invites somebody to act in the viewer's own requests; in force once
    /// accepted. The answer is the same whether the number has an account or not.
    async fn grant_proxy(&self, ctx: &Context<'_>, input: GrantProxyInput) -> Result<ProxyGrantPayload> {
        ctx.person()?;
        let cases = input.service_request_ids.iter().map(|id| ctx.id(id)).collect::<Result<Vec<_>>>()?;
        let raw = raw_grant((&input.agent_phone, input.verbs.as_ref()), input.until, cases, None);
        let operation = ("grantProxy", input.idempotency_key.as_str());
        proxy(ctx, operation, &input, (None, raw.parse()), |tx, grant| Box::pin(requests_slice::grant_proxy(tx, grant)))
            .await
    }

    /// 窗口为没有账号的人授权代办，仅所在居村 / The neighbourhood's counter lets somebody act for a person without an account.
    async fn grant_proxy_at_counter(
        &self,
        ctx: &Context<'_>,
        input: GrantProxyAtCounterInput,
    ) -> Result<ProxyGrantPayload> {
        ctx.person()?;
        let id: ServiceRequestId = ctx.id(&input.service_request_id)?;
        let on = requests_slice::Target { id, expected_version: Some(input.expected_version) };
        let granted = (input.agent_phone.as_str(), input.verbs.as_ref());
        let raw = raw_grant(granted, input.until, vec![id], Some(input.reason.clone()));
        let command = raw.parse_at_counter().map(|grant| requests_slice::GrantAtCounter { on, grant });
        let operation = ("grantProxyAtCounter", input.idempotency_key.as_str());
        proxy(ctx, operation, &input, (None, command), |tx, command| {
            Box::pin(requests_slice::grant_proxy_at_counter(tx, command))
        })
        .await
    }

    /// 接受代办授权；手机号须与邀请一致 / Accepts a proxy; the number invited must be the viewer's own.
    async fn accept_proxy(&self, ctx: &Context<'_>, input: AcceptProxyInput) -> Result<ProxyGrantPayload> {
        ctx.person()?;
        let on: Seen<ProxyGrantId> = target(ctx, &input.id, input.expected_version)?;
        let operation = ("acceptProxy", input.idempotency_key.as_str());
        let command = (Some(on.id), Ok(Decide { on }));
        proxy(ctx, operation, &input, command, |tx, answer| Box::pin(slice::accept_proxy(tx, answer))).await
    }

    /// 终止代办授权，双方均可，立即生效 / Ends a proxy, at once; either side may.
    async fn end_proxy(&self, ctx: &Context<'_>, input: EndProxyInput) -> Result<ProxyGrantPayload> {
        ctx.person()?;
        let on: Seen<ProxyGrantId> = target(ctx, &input.id, input.expected_version)?;
        let operation = ("endProxy", input.idempotency_key.as_str());
        let command = (Some(on.id), Ok(Decide { on }));
        proxy(ctx, operation, &input, command, |tx, end| Box::pin(slice::end_proxy(tx, end))).await
    }
}
