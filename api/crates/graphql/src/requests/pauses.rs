//! Mutations of a request's time: more of it, and pauses.

use ::requests as slice;
use async_graphql::{Context, Object};

use crate::context::Result;
use crate::requests::call::{Call, ServiceRequestPayload, target};
use crate::requests::inputs::*;

/// Mutations.
#[derive(Default)]
pub struct PauseMutation;

/// 延期、挂起 / What units ask for, and what comes of it.
#[Object]
impl PauseMutation {
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
}
