//! Mutations of what is done about a request beside its trunk.

use ::requests as slice;
use async_graphql::{Context, Object};

use crate::context::{Ask as _, Result};
use crate::requests::call::{Call, ServiceRequestPayload, ids, target};
use crate::requests::inputs::*;

/// Mutations.
#[derive(Default)]
pub struct OversightMutation;

/// 催办、督办、延期、挂起、会商、快速通道、重办 / Verbs beside the trunk of a service request.
#[Object]
impl OversightMutation {
    /// 快速通道 / Dispatches by the fast lane.
    async fn fast_track_service_request(
        &self,
        ctx: &Context<'_>,
        input: FastTrackServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "fastTrackServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawFastTrack {
            on,
            category_code: input.category_code.clone(),
            lead_unit: ctx.id(&input.lead_unit_id)?,
            co_units: ids(ctx, &input.co_unit_ids)?,
            instruction: input.instruction.clone(),
        };
        let command = raw.parse(&ctx.house().town());
        call.on(on, command, |tx, (town, command)| Box::pin(slice::fast_track(tx, town, command))).await
    }

    /// 申请延期 / Asks for more time.
    async fn request_extension(
        &self,
        ctx: &Context<'_>,
        input: RequestExtensionInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "requestExtension", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawRequestExtension { on, working_days: input.working_days, reason: input.reason.clone() };
        let command = raw.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::request_extension(tx, town, command))).await
    }

    /// 审批延期 / Decides on more time.
    async fn decide_extension(&self, ctx: &Context<'_>, input: DecideExtensionInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "decideExtension", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawDecideAsk { on, is_granted: input.is_granted, note: input.note.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::decide_extension(tx, town, command))).await
    }

    /// 申请挂起 / Asks for a pause.
    async fn request_suspension(
        &self,
        ctx: &Context<'_>,
        input: RequestSuspensionInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "requestSuspension", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let (reason, evidence) = (input.reason.into(), input.evidence.clone());
        let command = slice::RawRequestSuspension { on, reason, until: input.until, evidence }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::request_suspension(tx, town, command))).await
    }

    /// 审批挂起 / Decides on a pause.
    async fn decide_suspension(
        &self,
        ctx: &Context<'_>,
        input: DecideSuspensionInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "decideSuspension", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawDecideAsk { on, is_granted: input.is_granted, note: input.note.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::decide_suspension(tx, town, command))).await
    }

    /// 恢复办理 / Ends a pause.
    async fn resume_service_request(
        &self,
        ctx: &Context<'_>,
        input: ResumeServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "resumeServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawResume { on, note: input.note.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::resume(tx, town, command))).await
    }

    /// 催办 / Urges.
    async fn urge_service_request(
        &self,
        ctx: &Context<'_>,
        input: UrgeServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "urgeServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, input.expected_version)?;
        let command = slice::RawUrge { on, text: input.text.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::urge(tx, town, command))).await
    }

    /// 督办 / Supervises.
    async fn supervise_service_request(
        &self,
        ctx: &Context<'_>,
        input: SuperviseServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "superviseServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let instruction = input.instruction.clone();
        let raw = slice::RawSupervise { on, level: input.level.into(), reason: input.reason.into(), instruction };
        let command = raw.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::supervise(tx, town, command))).await
    }

    /// 回复督办 / Answers the supervisor.
    async fn answer_supervision(
        &self,
        ctx: &Context<'_>,
        input: AnswerSupervisionInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "answerSupervision", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawAnswerSupervision { on, reply: input.reply.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::answer_supervision(tx, town, command))).await
    }

    /// 登记会商结论 / Writes down a conference.
    async fn confer_service_request(
        &self,
        ctx: &Context<'_>,
        input: ConferServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "conferServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let (lead_unit, co_units) = (ctx.id(&input.lead_unit_id)?, ids(ctx, &input.co_unit_ids)?);
        let command = slice::RawConfer { on, lead_unit, co_units, conclusion: input.conclusion.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::confer(tx, town, command))).await
    }

    /// 登记回访未接通 / Records a call back in vain.
    async fn record_missed_callback(
        &self,
        ctx: &Context<'_>,
        input: RecordMissedCallbackInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "recordMissedCallback", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let (outcome, note) = (input.outcome.into(), input.note.clone());
        let command = slice::RawMissCallback { on, outcome, note }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::miss_callback(tx, town, command))).await
    }

    /// 有新情况，重新办理 / Has a closed case opened again.
    async fn reopen_service_request(
        &self,
        ctx: &Context<'_>,
        input: ReopenServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "reopenServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, input.expected_version)?;
        let command = slice::RawReopen { on, new_facts: input.new_facts.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::reopen(tx, town, command))).await
    }

    /// 重启疑难件 / Takes a closed case up again.
    async fn take_up_service_request(
        &self,
        ctx: &Context<'_>,
        input: TakeUpServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "takeUpServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawTakeUp { on, instruction: input.instruction.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::take_up(tx, town, command))).await
    }

    /// 并案 / Merges a request into another.
    async fn merge_service_request(
        &self,
        ctx: &Context<'_>,
        input: MergeServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "mergeServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let into = target(ctx, &input.into_id, Some(input.into_expected_version))?;
        let command = Ok(slice::Merge { on, into });
        call.on(on, command, |tx, (town, command)| Box::pin(slice::merge(tx, town, command))).await
    }

    /// 关注 / Follows a request of others.
    async fn follow_service_request(
        &self,
        ctx: &Context<'_>,
        input: FollowServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "followServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, None)?;
        let command = Ok(slice::Follow { on });
        call.on(on, command, |tx, (town, command)| Box::pin(slice::follow(tx, town, command))).await
    }

    /// 取消关注 / Follows it no more.
    async fn unfollow_service_request(
        &self,
        ctx: &Context<'_>,
        input: UnfollowServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "unfollowServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, None)?;
        let command = Ok(slice::Follow { on });
        call.on(on, command, |tx, (town, command)| Box::pin(slice::unfollow(tx, town, command))).await
    }
}
