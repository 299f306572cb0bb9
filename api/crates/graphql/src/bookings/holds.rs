//! Venues that are kept for who fills in a form, on the wire.

use ::bookings as slice;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{Id as _, SlotHoldId};
use entity::slot_hold;
use kernel::tx::Verb;

use super::places::Venue;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::errors::UserError;
use crate::loaders::load;
use crate::mutation::{Settled, Subject, perform};

/// What the viewer holds.
pub struct SlotHold(slot_hold::Model);

/// 预占：填写期间保留的时段；仅本人可见 / A time of a venue, kept for the viewer while a form is filled in; seen by its person alone.
#[Object]
impl SlotHold {
    /// 标识，用于放弃；不是 Node / Id, for giving it back; not a Node.
    async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 场地 / Venue.
    async fn venue(&self, ctx: &Context<'_>) -> Option<Result<Venue>> {
        load(ctx, self.0.venue_id).await.map(|row| row.map(Venue)).transpose()
    }

    /// 起 / From.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.begins_at
    }

    /// 止 / Up to.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.ends_at
    }

    /// 保留至 / Until when it is kept.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }
}

/// 预占时段 / Keeps a time of a venue.
#[derive(InputObject, Clone, Debug)]
pub struct HoldSlotInput {
    /// 场地 / Venue.
    venue_id: ID,
    /// 起 / From.
    starts_at: DateTime<Utc>,
    /// 止 / Up to.
    ends_at: DateTime<Utc>,
    /// 是否团体，团体可约更长 / Whether for a group, which may have longer.
    #[graphql(default)]
    is_group: bool,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 放弃预占 / Gives back what is kept.
#[derive(InputObject, Clone, Debug)]
pub struct ReleaseSlotHoldInput {
    /// 预占 / What is kept.
    id: ID,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 预占返回 / Payload of what is kept.
#[derive(SimpleObject)]
pub struct SlotHoldPayload {
    /// 预占；放弃、到期或被拒绝后为空 / What is kept; null when it is given back, over, or refused.
    slot_hold: Option<SlotHold>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct HoldMutation;

/// 预占 / What is kept while a form is filled in.
#[Object]
impl HoldMutation {
    /// 填写预约时保留时段五分钟，之后用 bookVenue 预约；每人同时一个，在同一中心预约后即用完，到期给候补的人 / Keeps a time of a venue for five
    /// minutes while the form is filled in; then it is booked by `bookVenue`. One at a time; a booking in the same centre uses it up, and
    /// what lapses is offered to who waits.
    async fn hold_slot(&self, ctx: &Context<'_>, input: HoldSlotInput) -> Result<SlotHoldPayload> {
        ctx.person()?;
        let raw = slice::RawHoldSlot {
            venue: ctx.id(&input.venue_id)?,
            begins_at: input.starts_at,
            ends_at: input.ends_at,
            is_group: input.is_group,
        };
        let operation = ("holdSlot", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::hold_slot(tx, wanted));
        let settled = perform(ctx, operation, None::<SlotHoldId>, &input, raw.parse(), verb, |row| row.id).await?;
        payload(ctx, settled).await
    }

    /// 放弃预占 / Gives back what is kept, before its time is over.
    async fn release_slot_hold(&self, ctx: &Context<'_>, input: ReleaseSlotHoldInput) -> Result<SlotHoldPayload> {
        ctx.person()?;
        let id: SlotHoldId = ctx.id(&input.id)?;
        let operation = ("releaseSlotHold", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, id| Box::pin(slice::release_hold(tx, id));
        let settled = perform(ctx, operation, Some(id), &input, Ok(id), verb, |row| row.id).await?;
        payload(ctx, settled).await
    }
}

/// What there is of it now.
async fn payload(ctx: &Context<'_>, settled: Settled<slot_hold::Model>) -> Result<SlotHoldPayload> {
    let Settled { subject, is_replay, user_errors } = settled;
    let id = match subject {
        Subject::Row(row) => Some(row.id),
        Subject::Id(id) => Some(id.into()),
        Subject::None => None,
    };
    let held = own(ctx).await?.filter(|held| Some(held.0.id) == id);
    Ok(SlotHoldPayload { slot_hold: held, is_replay, user_errors })
}

/// What the viewer holds now.
pub(crate) async fn own(ctx: &Context<'_>) -> Result<Option<SlotHold>> {
    let account = ctx.person()?.account;
    Ok(slice::held_by(ctx.base(), account).await.or_fail(ctx)?.map(SlotHold))
}
