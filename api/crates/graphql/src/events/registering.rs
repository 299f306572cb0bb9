//! Verbs of registrations, on the wire.

use ::events as slice;
use async_graphql::{Context, ID, InputType, Object, SimpleObject};
use entity::event_registration;
use entity::id::EventRegistrationId;
use kernel::error::Result as KernelResult;
use kernel::target::Seen;
use kernel::tx::Verb;

use super::inputs::{
    AcceptEventOfferInput, CancelEventRegistrationInput, HoldEventSeatsInput, RegisterForEventInput,
    ReleaseEventSeatsInput, RemoveEventRegistrationInput,
};
use super::registration::EventRegistration;
use crate::context::{Ask as _, Result};
use crate::errors::UserError;
use crate::mutation::{Operation, Subject, perform};

/// 活动报名返回 / Payload of a registration.
#[derive(SimpleObject)]
pub struct EventRegistrationPayload {
    /// 报名；被拒绝或版本冲突时为当前内容 / The registration; the current one when refused or on a conflict.
    registration: Option<EventRegistration>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct RegistrationMutation;

/// 活动报名 / Verbs of registrations.
#[Object]
impl RegistrationMutation {
    /// 占位：填写期间保留名额五分钟，每人一处 / Keeps seats for five minutes while a form is filled in, at one event at a time.
    async fn hold_event_seats(
        &self,
        ctx: &Context<'_>,
        input: HoldEventSeatsInput,
    ) -> Result<EventRegistrationPayload> {
        ctx.person()?;
        let command = slice::HoldSeats::parse(ctx.id(&input.event_id)?, input.seats);
        let operation = ("holdEventSeats", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::hold_seats(tx, wanted));
        payload(ctx, operation, &input, (None, command), verb).await
    }

    /// 放弃占位 / Gives seats back that are kept.
    async fn release_event_seats(
        &self,
        ctx: &Context<'_>,
        input: ReleaseEventSeatsInput,
    ) -> Result<EventRegistrationPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, None)?;
        let operation = ("releaseEventSeats", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(slice::release_seats(tx, on));
        payload(ctx, operation, &input, (Some(on.id), Ok(on)), verb).await
    }

    /// 报名，可带被监护人和其他同行人；名额不足时按需候补 / Registers for an event, with children in care and others; waits when it is full, if wanted.
    async fn register_for_event(
        &self,
        ctx: &Context<'_>,
        input: RegisterForEventInput,
    ) -> Result<EventRegistrationPayload> {
        ctx.person()?;
        let children = input.dependant_ids.iter().flatten();
        let raw = slice::RawRegister {
            event: ctx.id(&input.event_id)?,
            dependants: children.map(|id| ctx.id(id)).collect::<Result<_>>()?,
            guests: input.guest_names.clone().unwrap_or_default(),
            answers: input.answers.iter().flatten().map(Into::into).collect(),
            joins_waitlist: input.join_waitlist,
        };
        let operation = ("registerForEvent", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::register(tx, wanted));
        payload(ctx, operation, &input, (None, raw.parse()), verb).await
    }

    /// 接受候补 / Takes the seats that were offered.
    async fn accept_event_offer(
        &self,
        ctx: &Context<'_>,
        input: AcceptEventOfferInput,
    ) -> Result<EventRegistrationPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let operation = ("acceptEventOffer", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(slice::accept_offer(tx, on));
        payload(ctx, operation, &input, (Some(on.id), Ok(on)), verb).await
    }

    /// 取消报名；空出的名额递补给候补者 / Takes a registration back; what falls free is theirs who wait.
    async fn cancel_event_registration(
        &self,
        ctx: &Context<'_>,
        input: CancelEventRegistrationInput,
    ) -> Result<EventRegistrationPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let operation = ("cancelEventRegistration", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(slice::withdraw(tx, on));
        payload(ctx, operation, &input, (Some(on.id), Ok(on)), verb).await
    }

    /// 移出报名；仅主办方 / Takes a person off; for who holds the event.
    async fn remove_event_registration(
        &self,
        ctx: &Context<'_>,
        input: RemoveEventRegistrationInput,
    ) -> Result<EventRegistrationPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, Some(input.expected_version))?;
        let operation = ("removeEventRegistration", input.idempotency_key.as_str());
        let command = slice::Remove::parse(on, &input.note);
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::remove(tx, wanted));
        payload(ctx, operation, &input, (Some(on.id), command), verb).await
    }
}

fn seen(ctx: &Context<'_>, id: &ID, expected_version: Option<i32>) -> Result<Seen<EventRegistrationId>> {
    Ok(Seen { id: ctx.id(id)?, expected_version })
}

async fn payload<C: Sync>(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl InputType,
    (target, command): (Option<EventRegistrationId>, KernelResult<C>),
    verb: Verb<C, event_registration::Model>,
) -> Result<EventRegistrationPayload> {
    let settled = perform(ctx, operation, target, input, command, verb, |row| row.id).await?;
    let registration = match settled.subject {
        Subject::Row(row) => EventRegistration::by_id(ctx, row.id).await?,
        Subject::Id(id) => EventRegistration::by_id(ctx, id.into()).await?,
        Subject::None => None,
    };
    Ok(EventRegistrationPayload { registration, is_replay: settled.is_replay, user_errors: settled.user_errors })
}
