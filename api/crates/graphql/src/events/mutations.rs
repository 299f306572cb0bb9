//! Verbs of events, on the wire.

use ::events as slice;
use async_graphql::{Context, ID, InputType, Object, SimpleObject};
use entity::event;
use entity::id::EventId;
use kernel::error::Result as KernelResult;
use kernel::target::Seen;
use kernel::tx::Verb;

use super::inputs::{
    ApproveEventInput, CancelEventInput, ChangeEventInput, EventRegistrationTermsInput, PublishEventInput,
    ReturnEventInput, SaveEventInput, SubmitEventInput,
};
use super::types::Event;
use crate::areas::GeoPointInput;
use crate::context::{Ask as _, Result};
use crate::errors::UserError;
use crate::mutation::{Operation, Subject, perform};

/// 活动返回 / Payload of an event.
#[derive(SimpleObject)]
pub struct EventPayload {
    /// 活动；被拒绝或版本冲突时为当前内容 / The event; the current one when refused or on a conflict.
    event: Option<Event>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct EventMutation;

/// 活动 / Verbs of events.
#[Object]
impl EventMutation {
    /// 起草或修改活动；审核通过后修改须重新审核 / Makes an event, or writes it anew; what was reviewed has to be reviewed again.
    async fn save_event(&self, ctx: &Context<'_>, input: SaveEventInput) -> Result<EventPayload> {
        ctx.person()?;
        let raw = raw(ctx, &input)?;
        let operation = ("saveEvent", input.idempotency_key.as_str());
        let command = raw.and_then(|raw| raw.parse(ctx.base().clock.now()));
        let target = input.id.as_ref().map(|id| ctx.id(id)).transpose()?;
        let verb: Verb<_, _> = |tx, wanted| Box::pin(flows::save_event(tx, wanted));
        payload(ctx, operation, &input, (target, command), verb).await
    }

    /// 提交审核；仅面向指定党组织的活动无需审核 / Asks for a review; what is for some organisations only needs none.
    async fn submit_event(&self, ctx: &Context<'_>, input: SubmitEventInput) -> Result<EventPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let operation = ("submitEvent", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(slice::submit(tx, on));
        payload(ctx, operation, &input, (Some(on.id), Ok(on)), verb).await
    }

    /// 审核通过，须由他人 / Says yes to an event; somebody else does.
    async fn approve_event(&self, ctx: &Context<'_>, input: ApproveEventInput) -> Result<EventPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let operation = ("approveEvent", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(slice::approve(tx, on));
        payload(ctx, operation, &input, (Some(on.id), Ok(on)), verb).await
    }

    /// 退回修改，须由他人 / Asks for other words; somebody else does.
    async fn return_event(&self, ctx: &Context<'_>, input: ReturnEventInput) -> Result<EventPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let operation = ("returnEvent", input.idempotency_key.as_str());
        let command = slice::Return::parse(on, &input.note);
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::return_to_draft(tx, wanted));
        payload(ctx, operation, &input, (Some(on.id), command), verb).await
    }

    /// 发布活动，并占用场地 / Publishes an event, and has its room.
    async fn publish_event(&self, ctx: &Context<'_>, input: PublishEventInput) -> Result<EventPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let operation = ("publishEvent", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(flows::publish_event(tx, on));
        payload(ctx, operation, &input, (Some(on.id), Ok(on)), verb).await
    }

    /// 变更已发布活动的时间、地点或名额；已报名的人各收到一次通知，报名仍有效 / Gives a published event another time, place or number of seats; who is registered is
    /// told once, and stays registered.
    async fn change_event(&self, ctx: &Context<'_>, input: ChangeEventInput) -> Result<EventPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let site = site(ctx, input.venue_id.as_ref(), &input.address, input.location)?;
        let command = site.and_then(|site| {
            let (begins_at, ends_at) = (input.starts_at, input.ends_at);
            let raw =
                slice::RawChange { on, site, begins_at, ends_at, capacity: input.capacity, note: input.note.clone() };
            raw.parse(ctx.base().clock.now())
        });
        let operation = ("changeEvent", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(flows::change_event(tx, wanted));
        payload(ctx, operation, &input, (Some(on.id), command), verb).await
    }

    /// 取消活动；报名随之取消，每人通知一次，场地归还 / Calls an event off, and all registrations with it; everybody is told once, and its room is others'.
    async fn cancel_event(&self, ctx: &Context<'_>, input: CancelEventInput) -> Result<EventPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let operation = ("cancelEvent", input.idempotency_key.as_str());
        let command = slice::Cancel::parse(on, &input.note);
        let verb: Verb<_, _> = |tx, wanted| Box::pin(flows::cancel_event(tx, wanted));
        payload(ctx, operation, &input, (Some(on.id), command), verb).await
    }
}

fn seen(ctx: &Context<'_>, id: &ID, expected_version: i32) -> Result<Seen<EventId>> {
    Ok(Seen { id: ctx.id(id)?, expected_version: Some(expected_version) })
}

fn site(
    ctx: &Context<'_>,
    venue: Option<&ID>,
    place: &str,
    location: Option<GeoPointInput>,
) -> Result<KernelResult<slice::Site>> {
    let venue = venue.map(|id| ctx.id(id)).transpose()?;
    let point = location.map(|location| location.place("location")).transpose();
    Ok(point.map_err(Into::into).map(|point| slice::Site {
        venue,
        place: place.to_owned(),
        point: point.map(|point| (point.longitude(), point.latitude())),
    }))
}

fn raw(ctx: &Context<'_>, input: &SaveEventInput) -> Result<KernelResult<slice::RawSave>> {
    let site = match site(ctx, input.venue_id.as_ref(), &input.address, input.location)? {
        Ok(site) => site,
        Err(error) => return Ok(Err(error)),
    };
    let agenda = input.agenda.iter().flatten();
    let agenda = agenda.map(|line| slice::AgendaLine { begins_at: line.starts_at, title: line.title.clone() });
    let below = input.organization_ids.iter().flatten();
    Ok(Ok(slice::RawSave {
        id: input.id.as_ref().map(|id| ctx.id(id)).transpose()?,
        expected_version: input.expected_version,
        kind: input.kind.into(),
        audience: input.audience.into(),
        title: input.title.clone(),
        summary: input.summary.clone(),
        body: input.body.clone(),
        organizer: input.organizer.clone(),
        tags: input.tags.clone().unwrap_or_default(),
        area_code: input.area_code.clone(),
        organization: input.organization_id.as_ref().map(|id| ctx.id(id)).transpose()?,
        organizations: below.map(|id| ctx.id(id)).collect::<Result<_>>()?,
        site,
        begins_at: input.starts_at,
        ends_at: input.ends_at,
        terms: input.registration.as_ref().map(raw_terms),
        agenda: agenda.collect(),
        photos: input.attachment_ids.as_ref().map(|ids| ids.iter().map(|id| ctx.id(id)).collect()).transpose()?,
    }))
}

fn raw_terms(input: &EventRegistrationTermsInput) -> slice::RawTerms {
    slice::RawTerms {
        from: input.opens_at,
        to: input.closes_at,
        withdraw_until: input.withdraw_until,
        capacity: input.capacity,
        waitlist_limit: input.waitlist_limit,
        most_seats: input.most_seats,
        promotion: input.promotion.into(),
        is_for_residents: input.is_for_residents,
        questions: input.questions.iter().flatten().map(Into::into).collect(),
    }
}

async fn payload<C: Sync>(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl InputType,
    (target, command): (Option<EventId>, KernelResult<C>),
    verb: Verb<C, event::Model>,
) -> Result<EventPayload> {
    let settled = perform(ctx, operation, target, input, command, verb, |row| row.id).await?;
    let event = match settled.subject {
        Subject::Row(row) => Event::by_id(ctx, row.id).await?,
        Subject::Id(id) => Event::by_id(ctx, id.into()).await?,
        Subject::None => None,
    };
    Ok(EventPayload { event, is_replay: settled.is_replay, user_errors: settled.user_errors })
}
