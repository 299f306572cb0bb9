//! Mutations of service requests: each names its input, its command and its verb; the rest is the same for all.

use ::requests as slice;
use async_graphql::{Context, Object, SimpleObject};

use crate::context::{Ask as _, Result};
use crate::errors::UserError;
use crate::mutation::{Subject, perform};
use crate::requests::call::{Call, ServiceRequestPayload, ids, target};
use crate::requests::inputs::*;

/// 交接返回 / Payload of a hand-over.
#[derive(SimpleObject)]
pub struct HandOverPayload {
    /// 移交件数；重放或被拒时为空 / How many cases changed hands; null when refused, and on a replay.
    count: Option<i32>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct RequestMutation;

/// 诉求办理 / Verbs of a service request.
#[Object]
impl RequestMutation {
    /// 提交诉求 / Files a request.
    async fn submit_service_request(
        &self,
        ctx: &Context<'_>,
        input: SubmitServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "submitServiceRequest", &input.idempotency_key, &input)?;
        let on_behalf_of = input.on_behalf_of.clone();
        let raw = slice::RawSubmit {
            kind: input.kind.into(),
            category_code: input.category_code.clone(),
            description: input.description.clone(),
            place: input.place.map(|place| slice::RawPlace {
                datum: place.datum.into(),
                longitude: place.longitude,
                latitude: place.latitude,
            }),
            area_code: input.area_code.clone(),
            address: input.address.clone(),
            photos: ids(ctx, &input.attachment_ids)?,
            is_anonymous: input.is_anonymous,
            is_confidential: input.is_confidential,
            may_contact: Some(input.may_contact),
            visibility: Some(input.visibility.into()),
            channel: input.channel.into(),
            contact_phone: input.contact_phone.clone(),
            on_behalf_of: on_behalf_of.map(|person| slice::RawOnBehalfOf { name: person.name, phone: person.phone }),
        };
        let command = raw.parse(&ctx.house().town());
        call.run(None, command, |tx, (town, command)| Box::pin(slice::submit(tx, town, command))).await
    }

    /// 补充 / Adds words or photos.
    async fn supplement_service_request(
        &self,
        ctx: &Context<'_>,
        input: SupplementServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "supplementServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, input.expected_version)?;
        let photos = ids(ctx, &input.attachment_ids)?;
        let command = slice::RawSupplement { on, text: input.text.clone(), photos }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::supplement(tx, town, command))).await
    }

    /// 撤回，立案前 / Withdraws, before it is on file.
    async fn withdraw_service_request(
        &self,
        ctx: &Context<'_>,
        input: WithdrawServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "withdrawServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, input.expected_version)?;
        let command = slice::RawWithdraw { on, reason: input.reason.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::withdraw(tx, town, command))).await
    }

    /// 对不予受理提出异议 / Objects to a rejection; once.
    async fn object_to_rejection(
        &self,
        ctx: &Context<'_>,
        input: ObjectToRejectionInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "objectToRejection", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, input.expected_version)?;
        let command = slice::RawObject { on, text: input.text.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::object(tx, town, command))).await
    }

    /// 受理 / Accepts.
    async fn accept_service_request(
        &self,
        ctx: &Context<'_>,
        input: AcceptServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "acceptServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawAccept {
            on,
            category_code: input.category_code.clone(),
            kind: input.kind.map(Into::into),
            priority: input.priority.map(Into::into),
            visibility: input.visibility.map(Into::into),
            is_held: input.is_held,
        };
        let command = raw.parse(&ctx.house().town());
        call.on(on, command, |tx, (town, command)| Box::pin(slice::accept(tx, town, command))).await
    }

    /// 不予受理 / Refuses.
    async fn reject_service_request(
        &self,
        ctx: &Context<'_>,
        input: RejectServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "rejectServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let explanation = input.explanation.clone();
        let command = slice::RawReject { on, reason: input.reason.into(), explanation }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::reject(tx, town, command))).await
    }

    /// 立案 / Puts on file.
    async fn file_service_request(
        &self,
        ctx: &Context<'_>,
        input: FileServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "fileServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = Ok(slice::File { on });
        call.on(on, command, |tx, (town, command)| Box::pin(slice::file(tx, town, command))).await
    }

    /// 派遣 / Dispatches.
    async fn dispatch_service_request(
        &self,
        ctx: &Context<'_>,
        input: DispatchServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "dispatchServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawDispatch {
            on,
            lead_unit: ctx.id(&input.lead_unit_id)?,
            co_units: ids(ctx, &input.co_unit_ids)?,
            instruction: input.instruction.clone(),
        };
        let command = raw.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::dispatch(tx, town, command))).await
    }

    /// 签收 / Signs for.
    async fn sign_service_request(
        &self,
        ctx: &Context<'_>,
        input: SignServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "signServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = Ok(slice::Sign { on });
        call.on(on, command, |tx, (town, command)| Box::pin(slice::sign(tx, town, command))).await
    }

    /// 登记先行联系 / Records an attempt to reach the reporter.
    async fn record_contact(&self, ctx: &Context<'_>, input: RecordContactInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "recordContact", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let (method, outcome) = (input.method.into(), input.outcome.into());
        let command = slice::RawRecordContact { on, method, outcome, note: input.note.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::record_contact(tx, town, command))).await
    }

    /// 提交处置结果 / Submits the handling.
    async fn submit_handling(&self, ctx: &Context<'_>, input: SubmitHandlingInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "submitHandling", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawSubmitHandling {
            on,
            result: input.result.into(),
            reply: input.reply.clone(),
            photos: ids(ctx, &input.attachment_ids)?,
        };
        let command = raw.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::submit_handling(tx, town, command))).await
    }

    /// 核查：通过，或返工 / Verifies: pass or rework.
    async fn verify_service_request(
        &self,
        ctx: &Context<'_>,
        input: VerifyServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "verifyServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawVerify { on, is_passed: input.is_passed, note: input.note.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::verify(tx, town, command))).await
    }

    /// 诉求人评价；未解决或差评则重办 / The reporter's answer; unsolved or bad means a rework.
    async fn survey_service_request(
        &self,
        ctx: &Context<'_>,
        input: SurveyServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "surveyServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, input.expected_version)?;
        let raw = slice::RawSurvey {
            on,
            solved: input.solved.into(),
            satisfaction: Some(input.satisfaction),
            comment: input.comment.clone(),
        };
        let command = raw.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::survey(tx, town, command))).await
    }

    /// 登记回访 / Records the answer given on the phone.
    async fn record_callback(&self, ctx: &Context<'_>, input: RecordCallbackInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "recordCallback", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawSurvey {
            on,
            solved: input.solved.into(),
            satisfaction: input.satisfaction,
            comment: input.comment.clone(),
        };
        let command = raw.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::record_callback(tx, town, command))).await
    }

    /// 申请退单 / Asks to return an order.
    async fn request_return(&self, ctx: &Context<'_>, input: RequestReturnInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "requestReturn", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawRequestReturn {
            on,
            reason: input.reason.clone(),
            basis: input.basis.clone(),
            suggested_unit: ctx.id(&input.suggested_unit_id)?,
        };
        let command = raw.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::request_return(tx, town, command))).await
    }

    /// 审核退单 / Decides a return.
    async fn decide_return(&self, ctx: &Context<'_>, input: DecideReturnInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "decideReturn", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawDecideReturn { on, is_granted: input.is_granted, note: input.note.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::decide_return(tx, town, command))).await
    }

    /// 离任交接 / Hands a leaver's open cases to a successor of the same unit, and ends the leaver's place.
    async fn hand_over_service_requests(
        &self,
        ctx: &Context<'_>,
        input: HandOverServiceRequestsInput,
    ) -> Result<HandOverPayload> {
        ctx.person()?;
        let command = slice::HandOver {
            unit: ctx.id(&input.unit_id)?,
            leaver: ctx.id(&input.leaver_id)?,
            successor: ctx.id(&input.successor_id)?,
        };
        let town = ctx.house().town();
        let operation = ("handOverServiceRequests", input.idempotency_key.as_str());
        let settled = perform(
            ctx,
            operation,
            Some(command.unit),
            &input,
            Ok((town, command)),
            |tx, (town, command)| {
                Box::pin(async move { Ok((command.unit, slice::hand_over(tx, town, command).await?)) })
            },
            |(unit, _)| *unit,
        );
        let settled = settled.await?;
        let count = match &settled.subject {
            Subject::Row((_, cases)) => i32::try_from(cases.len()).ok(),
            Subject::Id(_) | Subject::None => None,
        };
        Ok(HandOverPayload { count, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }
}
