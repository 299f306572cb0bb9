//! Mutations of centres and bookings: each names its input, its command and its verb.

use ::bookings as slice;
use async_graphql::{Context, ID, InputType, Object, SimpleObject};
use entity::id::{BookingId, CenterId, ClosureId, Id, VenueId};
use entity::{booking, closure, venue};
use kernel::error::Result as KernelResult;
use kernel::target::Seen;
use kernel::tx::Verb;
use schedule::series::Scope;

use super::centers::Center;
use super::inputs::*;
use super::places::{Closure, Venue};
use super::types::Booking;
use crate::context::{Ask as _, Result};
use crate::errors::UserError;
use crate::loaders::load;
use crate::mutation::{Operation, Settled, Subject, perform};

/// 邻里中心返回 / Payload of a centre.
#[derive(SimpleObject)]
pub struct CenterPayload {
    /// 邻里中心；被拒绝或版本冲突时为当前内容 / The centre; the current one when refused or on a conflict.
    center: Option<Center>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 场地返回 / Payload of a venue.
#[derive(SimpleObject)]
pub struct VenuePayload {
    /// 场地；被拒绝或版本冲突时为当前内容 / The venue; the current one when refused or on a conflict.
    venue: Option<Venue>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 闭馆返回 / Payload of a closure.
#[derive(SimpleObject)]
pub struct ClosurePayload {
    /// 闭馆记录；被拒绝或版本冲突时为当前内容 / The closure; the current one when refused or on a conflict.
    closure: Option<Closure>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 预约返回 / Payload of a booking.
#[derive(SimpleObject)]
pub struct BookingPayload {
    /// 预约；被拒绝或版本冲突时为当前内容 / The booking; the current one when refused or on a conflict.
    booking: Option<Booking>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

fn seen<K: Id>(ctx: &Context<'_>, id: &ID, expected_version: Option<i32>) -> Result<Seen<K>> {
    Ok(Seen { id: ctx.id(id)?, expected_version })
}

fn maybe<K: Id>(ctx: &Context<'_>, id: Option<&ID>) -> Result<Option<K>> {
    id.map(|id| ctx.id(id)).transpose()
}

async fn venue_of(ctx: &Context<'_>, settled: Settled<venue::Model>) -> Result<VenuePayload> {
    let venue = match settled.subject {
        Subject::Row(row) => Some(Venue(row)),
        Subject::Id(id) => load(ctx, VenueId(id)).await?.map(Venue),
        Subject::None => None,
    };
    Ok(VenuePayload { venue, is_replay: settled.is_replay, user_errors: settled.user_errors })
}

async fn closure_of(ctx: &Context<'_>, settled: Settled<closure::Model>) -> Result<ClosurePayload> {
    let closure = match settled.subject {
        Subject::Row(row) => Some(Closure(row)),
        Subject::Id(id) => load(ctx, ClosureId(id)).await?.map(Closure),
        Subject::None => None,
    };
    Ok(ClosurePayload { closure, is_replay: settled.is_replay, user_errors: settled.user_errors })
}

pub(super) async fn booking<C: Sync>(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl InputType,
    (target, command): (Option<BookingId>, KernelResult<C>),
    verb: Verb<C, booking::Model>,
) -> Result<BookingPayload> {
    let settled = perform(ctx, operation, target, input, command, verb, |row| row.id).await?;
    let booking = match settled.subject {
        Subject::Row(row) => Booking::by_id(ctx, row.id).await?,
        Subject::Id(id) => Booking::by_id(ctx, id.into()).await?,
        Subject::None => None,
    };
    Ok(BookingPayload { booking, is_replay: settled.is_replay, user_errors: settled.user_errors })
}

/// Mutations.
#[derive(Default)]
pub struct CenterMutation;

/// 邻里中心维护 / Keeping centres, their venues, and when these are open.
#[Object]
impl CenterMutation {
    /// 新增或修改邻里中心；系统管理员 / Enters or changes a centre; for system administrators.
    async fn save_center(&self, ctx: &Context<'_>, input: SaveCenterInput) -> Result<CenterPayload> {
        ctx.person()?;
        let id: Option<CenterId> = maybe(ctx, input.id.as_ref())?;
        let place = input.location.map(|point| {
            let place = point.place("location");
            place.map(|point| (point.longitude(), point.latitude()))
        });
        let raw = slice::RawSaveCenter {
            id,
            expected_version: input.expected_version,
            code: input.code.clone(),
            name: input.name.clone(),
            area_code: input.area_code.clone(),
            address: input.address.clone(),
            place,
            phone: input.phone.clone(),
            state: input.state.into(),
        };
        let operation = ("saveCenter", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, command| Box::pin(slice::save_center(tx, command));
        let settled = perform(ctx, operation, id, &input, raw.parse(), verb, |row| row.id).await?;
        let center = match settled.subject {
            Subject::Row(row) => Some(Center(row)),
            Subject::Id(id) => load(ctx, CenterId(id)).await?.map(Center),
            Subject::None => None,
        };
        Ok(CenterPayload { center, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }

    /// 新增或修改场地 / Enters or changes a venue.
    async fn save_venue(&self, ctx: &Context<'_>, input: SaveVenueInput) -> Result<VenuePayload> {
        ctx.person()?;
        let raw = raw_venue(ctx, &input)?;
        let id = raw.id;
        let operation = ("saveVenue", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, command| Box::pin(slice::save_venue(tx, command));
        venue_of(ctx, perform(ctx, operation, id, &input, raw.parse(), verb, |row| row.id).await?).await
    }

    /// 设定场地开放规则，整体替换；已有预约不受影响 / Says when a venue is open; what is left out holds no more, what was booked stays.
    async fn save_opening_rules(&self, ctx: &Context<'_>, input: SaveOpeningRulesInput) -> Result<VenuePayload> {
        ctx.person()?;
        let on: Seen<VenueId> = seen(ctx, &input.id, Some(input.expected_version))?;
        let rules = input.rules.iter().map(|rule| raw_rule(ctx, rule)).collect::<Result<Vec<_>>>()?;
        let operation = ("saveOpeningRules", input.idempotency_key.as_str());
        let command = slice::SaveOpening::parse(on, &rules);
        let verb: Verb<_, _> = |tx, command| Box::pin(slice::save_opening(tx, command));
        venue_of(ctx, perform(ctx, operation, Some(on.id), &input, command, verb, |row| row.id).await?).await
    }

    /// 临时闭馆；期间的预约由中心取消，不影响预约人 / Closes a centre, or a venue of it, for a time; what is booked then is called off, and who
    /// booked loses nothing by it.
    async fn close_center(&self, ctx: &Context<'_>, input: CloseCenterInput) -> Result<ClosurePayload> {
        ctx.person()?;
        let raw = slice::RawClose {
            center: ctx.id(&input.center_id)?,
            venue: maybe(ctx, input.venue_id.as_ref())?,
            begins_at: input.starts_at,
            ends_at: input.ends_at,
            reason: input.reason.into(),
            note: input.note.clone(),
        };
        let operation = ("closeCenter", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, command| Box::pin(flows::close_center(tx, command));
        let nothing = None::<ClosureId>;
        closure_of(ctx, perform(ctx, operation, nothing, &input, raw.parse(), verb, |row| row.id).await?).await
    }

    /// 留用场地：期间仅限指定人员预约，已有预约不受影响 / Keeps a venue for some people for a time: they book it as ever, nobody else does, and
    /// what was booked before stays.
    async fn reserve_venue(&self, ctx: &Context<'_>, input: ReserveVenueInput) -> Result<ClosurePayload> {
        ctx.person()?;
        let raw = slice::RawReserve {
            venue: ctx.id(&input.venue_id)?,
            begins_at: input.starts_at,
            ends_at: input.ends_at,
            note: input.note.clone(),
            phones: input.phones.clone(),
        };
        let operation = ("reserveVenue", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::reserve(tx, wanted));
        let nothing = None::<ClosureId>;
        closure_of(ctx, perform(ctx, operation, nothing, &input, raw.parse(), verb, |row| row.id).await?).await
    }

    /// 恢复开放，或撤销留用；已取消的预约不恢复 / Takes a closure back, or what is kept for some; what was called off stays so.
    async fn reopen_center(&self, ctx: &Context<'_>, input: ReopenCenterInput) -> Result<ClosurePayload> {
        ctx.person()?;
        let on: Seen<ClosureId> = seen(ctx, &input.id, Some(input.expected_version))?;
        let operation = ("reopenCenter", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(slice::reopen(tx, on));
        closure_of(ctx, perform(ctx, operation, Some(on.id), &input, Ok(on), verb, |row| row.id).await?).await
    }
}

fn raw_venue(ctx: &Context<'_>, input: &SaveVenueInput) -> Result<slice::RawSaveVenue> {
    Ok(slice::RawSaveVenue {
        id: maybe(ctx, input.id.as_ref())?,
        expected_version: input.expected_version,
        center: ctx.id(&input.center_id)?,
        within: maybe(ctx, input.within_id.as_ref())?,
        name: input.name.clone(),
        kind: input.kind.into(),
        capacity: input.capacity,
        is_accessible: input.is_accessible,
        introduction: input.introduction.clone(),
        units: input.units,
        questions: input.questions.as_ref().map(|questions| questions.iter().map(Into::into).collect()),
        photos: input.attachment_ids.as_ref().map(|ids| ids.iter().map(|id| ctx.id(id)).collect()).transpose()?,
        equipment: input.equipment.clone(),
        rules: input.rules.clone(),
        fee: input.fee.clone(),
        min_age: input.min_age,
        approval: input.approval.into(),
        start_interval: input.start_interval_minutes,
        min_minutes: input.min_minutes,
        max_minutes: input.max_minutes,
        group_max_minutes: input.group_max_minutes,
        buffer_before: input.buffer_before_minutes,
        buffer_after: input.buffer_after_minutes,
        days_ahead: input.days_ahead,
        opens_at: input.opens_at.clone(),
        is_bookable: input.is_bookable,
    })
}

fn raw_rule(ctx: &Context<'_>, input: &OpeningRuleInput) -> Result<slice::RawOpeningLine> {
    Ok(slice::RawOpeningLine {
        days: input.days.into(),
        weekdays: input.weekdays.clone().unwrap_or_default(),
        from: input.from.clone(),
        to: input.to.clone(),
        session: input.session.into(),
        duty: maybe(ctx, input.duty_user_id.as_ref())?,
        valid_from: input.valid_from,
        valid_to: input.valid_to,
    })
}

/// Mutations.
#[derive(Default)]
pub struct BookingMutation;

/// 预约 / Verbs of bookings.
#[Object]
impl BookingMutation {
    /// 预约场地；时段已被预约时可候补 / Books a venue, or waits for it when somebody else has it.
    async fn book_venue(&self, ctx: &Context<'_>, input: BookVenueInput) -> Result<BookingPayload> {
        ctx.person()?;
        let raw = slice::RawBook {
            venue: ctx.id(&input.venue_id)?,
            begins_at: input.starts_at,
            ends_at: input.ends_at,
            party_size: input.party_size,
            purpose: input.purpose.clone(),
            group_name: input.group_name.clone(),
            service: maybe(ctx, input.service_item_id.as_ref())?,
            answers: input.answers.iter().flatten().map(Into::into).collect(),
            joins_waitlist: input.join_waitlist.unwrap_or_default(),
        };
        let operation = ("bookVenue", input.idempotency_key.as_str());
        booking(ctx, operation, &input, (None, raw.parse()), |tx, wanted| Box::pin(slice::book(tx, wanted))).await
    }

    /// 接受候补 / Takes what fell free.
    async fn accept_booking_offer(&self, ctx: &Context<'_>, input: AcceptBookingOfferInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let operation = ("acceptBookingOffer", input.idempotency_key.as_str());
        booking(ctx, operation, &input, (Some(on.id), Ok(on)), |tx, on| Box::pin(slice::accept_offer(tx, on))).await
    }

    /// 取消预约，或系列中的多次；开始前两小时内为临时取消 / Takes a booking back, or more of its series; within two hours before it begins that is
    /// late.
    async fn cancel_booking(&self, ctx: &Context<'_>, input: CancelBookingInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on: Seen<BookingId> = seen(ctx, &input.id, input.expected_version)?;
        let wanted = slice::Cancel { on, scope: input.scope.unwrap_or_default().into() };
        let operation = ("cancelBooking", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::cancel(tx, wanted));
        booking(ctx, operation, &input, (Some(on.id), Ok(wanted)), verb).await
    }

    /// 改期：换时间或同一中心的其他场地；开始前两小时内不可；时段已被预约时原预约不变 / Has it at another time, or in another venue of the
    /// centre; not within two hours of its beginning. When the wanted time is taken, it stays as it was.
    async fn reschedule_booking(&self, ctx: &Context<'_>, input: RescheduleBookingInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on: Seen<BookingId> = seen(ctx, &input.id, input.expected_version)?;
        let (begins_at, ends_at) = (input.starts_at, input.ends_at);
        let (note, scope) = (None, Scope::This);
        let raw = slice::RawReschedule { on, venue: ctx.id(&input.venue_id)?, begins_at, ends_at, note, scope };
        let operation = ("rescheduleBooking", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::reschedule(tx, wanted));
        booking(ctx, operation, &input, (Some(on.id), raw.parse()), verb).await
    }

    /// 中心调整预约的时间或场地，或系列中的多次；系列中不能调整的保持不变，见系列的 refusals / The centre has it at another time, or in another of its
    /// venues, or more of its series; those of a series that cannot be moved stay as they were, as `refusals` of the series tell.
    async fn move_booking(&self, ctx: &Context<'_>, input: MoveBookingInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on: Seen<BookingId> = seen(ctx, &input.id, Some(input.expected_version))?;
        let (begins_at, ends_at, note) = (input.starts_at, input.ends_at, input.note.clone());
        let scope = input.scope.unwrap_or_default().into();
        let raw = slice::RawReschedule { on, venue: ctx.id(&input.venue_id)?, begins_at, ends_at, note, scope };
        let operation = ("moveBooking", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::move_to(tx, wanted));
        booking(ctx, operation, &input, (Some(on.id), raw.parse()), verb).await
    }

    /// 中心通过预约 / The centre says yes.
    async fn approve_booking(&self, ctx: &Context<'_>, input: ApproveBookingInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, Some(input.expected_version))?;
        let operation = ("approveBooking", input.idempotency_key.as_str());
        booking(ctx, operation, &input, (Some(on.id), Ok(on)), |tx, on| Box::pin(slice::approve(tx, on))).await
    }

    /// 中心不通过预约 / The centre says no.
    async fn reject_booking(&self, ctx: &Context<'_>, input: RejectBookingInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::Reject::parse(on, input.reason.into(), input.note.as_deref());
        let operation = ("rejectBooking", input.idempotency_key.as_str());
        booking(ctx, operation, &input, (Some(on.id), command), |tx, no| Box::pin(slice::reject(tx, no))).await
    }

    /// 中心取消预约，或系列中的多次，不影响预约人 / The centre calls it off, or more of its series; who booked loses nothing by it.
    async fn call_off_booking(&self, ctx: &Context<'_>, input: CallOffBookingInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::CallOff::parse(
            on,
            input.reason.into(),
            input.note.as_deref(),
            input.scope.unwrap_or_default().into(),
        );
        let operation = ("callOffBooking", input.idempotency_key.as_str());
        booking(ctx, operation, &input, (Some(on.id), command), |tx, off| Box::pin(slice::call_off(tx, off))).await
    }

    /// 工作人员签到：开始前后 15 分钟内 / The staff note that the people are there, within a quarter of an hour of its beginning.
    async fn check_in_booking(&self, ctx: &Context<'_>, input: CheckInBookingInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, Some(input.expected_version))?;
        let operation = ("checkInBooking", input.idempotency_key.as_str());
        booking(ctx, operation, &input, (Some(on.id), Ok(on)), |tx, on| Box::pin(slice::check_in(tx, on))).await
    }

    /// 扫码签到：开始前后 15 分钟内 / Says that the people are there, by the code at the door, within a quarter of an hour of the beginning.
    async fn check_in_by_code(&self, ctx: &Context<'_>, input: CheckInByCodeInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let command = slice::ScanCode::parse(on, &input.code);
        let operation = ("checkInByCode", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, scan| Box::pin(slice::check_in_by_code(tx, scan));
        booking(ctx, operation, &input, (Some(on.id), command), verb).await
    }

    /// 登记损坏：使用中至结束后七天 / Notes that something was left broken, up to a week after.
    async fn record_damage(&self, ctx: &Context<'_>, input: RecordDamageInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RecordDamage::parse(on, &input.note);
        let operation = ("recordDamage", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, damage| Box::pin(slice::record_damage(tx, damage));
        booking(ctx, operation, &input, (Some(on.id), command), verb).await
    }

    /// 结束使用；剩余时段释放 / The people leave; what is left of the time falls free.
    async fn end_booking(&self, ctx: &Context<'_>, input: EndBookingInput) -> Result<BookingPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let operation = ("endBooking", input.idempotency_key.as_str());
        booking(ctx, operation, &input, (Some(on.id), Ok(on)), |tx, on| Box::pin(slice::end(tx, on))).await
    }
}
