//! Mutations of what is done about a request beside its trunk.

use ::requests as slice;
use async_graphql::{Context, Object};

use crate::context::{Ask as _, Result};
use crate::requests::call::{Call, ServiceRequestPayload, ids, target};
use crate::requests::inputs::*;

/// Mutations.
#[derive(Default)]
pub struct OversightMutation;

/// 催办、督办、矛盾预警、会商、快速通道、重办 / What is done about a request by those who watch over it.
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

    /// 矛盾预警：登记矛盾类型与人数，风险等级由规则得出，红色立即告知值班长；再次预警以最后一次为准 / Warns of a conflict: what about and how many people; how far it may
    /// go follows by rule, and of a red one the chief on duty is told at once. The last warning holds.
    async fn open_conflict_warning(
        &self,
        ctx: &Context<'_>,
        input: OpenConflictWarningInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "openConflictWarning", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let (kind, headcount, note) = (input.kind.into(), input.headcount, input.note.clone());
        let command = slice::RawOpenConflictWarning { on, kind, headcount, note }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::open_conflict_warning(tx, town, command))).await
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
}
