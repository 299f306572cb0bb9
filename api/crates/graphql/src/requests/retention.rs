//! Mutations of how long a request is kept.

use ::requests as slice;
use async_graphql::{Context, Object};

use crate::context::Result;
use crate::requests::call::{Call, ServiceRequestPayload, target};
use crate::requests::inputs::*;

/// Mutations.
#[derive(Default)]
pub struct RetentionMutation;

/// 诉讼保全 / Legal hold.
#[Object]
impl RetentionMutation {
    /// 诉讼保全，仅督办员 / Has nothing of a request taken away; for supervisors.
    async fn place_legal_hold(&self, ctx: &Context<'_>, input: PlaceLegalHoldInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "placeLegalHold", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawLegalHold { on, reason: input.reason.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::place_legal_hold(tx, town, command))).await
    }

    /// 解除诉讼保全，仅督办员；其间注销的账号在此件中的个人信息随即删去 / Ends a legal hold; for supervisors. What of people who were forgotten
    /// meanwhile stands in it is taken out at once.
    async fn release_legal_hold(
        &self,
        ctx: &Context<'_>,
        input: ReleaseLegalHoldInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "releaseLegalHold", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawLegalHold { on, reason: input.reason.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::release_legal_hold(tx, town, command))).await
    }
}
