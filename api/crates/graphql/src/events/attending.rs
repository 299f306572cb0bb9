//! Verbs of attendance and of records of meetings, on the wire.

use ::events as slice;
use async_graphql::{Context, Enum, ID, InputType, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{EventAttendanceId, EventId};
use entity::{event_attendance, event_record};
use kernel::error::{Result as KernelResult, UserError as Refusal};
use kernel::target::Seen;
use kernel::tx::Verb;

use super::attendance::{EventAttendance, EventRecord, EventResolution};
use super::inputs::{
    CheckEventRecordInput, CheckInPlaceInput, CheckInToEventInput, CheckOutOfEventInput, DecideEventLeaveInput,
    MarkEventAttendanceInput, RecordEventVoteInput, RedeemCheckInInput, RequestEventLeaveInput, SaveEventRecordInput,
};
use super::types::Event;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::errors::UserError;
use crate::mutation::{Operation, Subject, perform};

/// 签到返回 / Payload of attendance.
#[derive(SimpleObject)]
pub struct EventAttendancePayload {
    /// 签到名单中的一行；被拒绝或版本冲突时为当前内容 / The line; the current one when refused or on a conflict.
    attendance: Option<EventAttendance>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 扫码核销结果 / What came of a scan.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckInResult {
    /// 签到成功，为首次扫码 / it is the first scan, and counts.
    Ok,
    /// 此前已签到 / the person was there before.
    AlreadyCheckedIn,
}

/// 扫码核销返回 / Payload of a scan.
#[derive(SimpleObject)]
pub struct RedeemCheckInPayload {
    /// 结果；被拒绝时为空，原因见 userErrors / What came of it; null when refused, as `userErrors` say.
    result: Option<CheckInResult>,
    /// 签到名单中的一行 / The line.
    attendance: Option<EventAttendance>,
    /// 首次签到时间；补录的为空 / When the person came; null where only the day is known.
    first_checked_in_at: Option<DateTime<Utc>>,
    /// 已到人数，含同行人 / People who are there, with those whom they bring.
    checked_in_count: Option<i32>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 会议记录返回 / Payload of a record.
#[derive(SimpleObject)]
pub struct EventRecordPayload {
    /// 会议记录；被拒绝和重放时为空 / The record; null when refused, and on a replay.
    record: Option<EventRecord>,
    /// 是否重放；重放时请重新查询记录 / Whether this had been done before; then ask for the record again.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 表决返回 / Payload of a vote.
#[derive(SimpleObject)]
pub struct EventVotePayload {
    /// 表决事项；被拒绝和重放时为空 / What was voted on; null when refused, and on a replay.
    resolution: Option<EventResolution>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct AttendanceMutation;

/// 活动签到 / Verbs of attendance.
#[Object]
impl AttendanceMutation {
    /// 本人签到：扫主办方屏幕上的动态码，或在 300 米内定位；开始前 30 分钟至结束 / The person is there, by the code on the organiser's screen or by where
    /// the phone is, within 300 m; from half an hour before it begins until it is over.
    async fn check_in_to_event(&self, ctx: &Context<'_>, input: CheckInToEventInput) -> Result<EventAttendancePayload> {
        ctx.person()?;
        let command = presence(ctx, &input.event_id, input.code.as_deref(), input.place.as_ref())?;
        let operation = ("checkInToEvent", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::check_in(tx, wanted));
        payload(ctx, operation, &input, (None, command), verb).await
    }

    /// 本人签退，方式同签到；结束后一小时内 / The person leaves, and shows so in the same ways; until an hour after it is over.
    async fn check_out_of_event(
        &self,
        ctx: &Context<'_>,
        input: CheckOutOfEventInput,
    ) -> Result<EventAttendancePayload> {
        ctx.person()?;
        let command = presence(ctx, &input.event_id, input.code.as_deref(), input.place.as_ref())?;
        let operation = ("checkOutOfEvent", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::check_out(tx, wanted));
        payload(ctx, operation, &input, (None, command), verb).await
    }

    /// 请假：按名册应到的党员，开始前 / Asks for leave: members who are expected by a roster, before it begins.
    async fn request_event_leave(
        &self,
        ctx: &Context<'_>,
        input: RequestEventLeaveInput,
    ) -> Result<EventAttendancePayload> {
        ctx.person()?;
        let command = slice::AskLeave::parse(ctx.id(&input.event_id)?, &input.reason);
        let operation = ("requestEventLeave", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::ask_leave(tx, wanted));
        payload(ctx, operation, &input, (None, command), verb).await
    }

    /// 审批请假；主办方，结束后七天内 / Gives leave, or does not; who holds the event, until a week after it.
    async fn decide_event_leave(
        &self,
        ctx: &Context<'_>,
        input: DecideEventLeaveInput,
    ) -> Result<EventAttendancePayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let command = slice::DecideLeave { on, is_granted: input.is_granted };
        let operation = ("decideEventLeave", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::decide_leave(tx, wanted));
        payload(ctx, operation, &input, (Some(on.id), Ok(command)), verb).await
    }

    /// 登记出席情况，如手机没电的人；主办方，结束后七天内 / Says how it was with somebody, e.g. with a dead phone; who holds the event, until a week after it.
    async fn mark_event_attendance(
        &self,
        ctx: &Context<'_>,
        input: MarkEventAttendanceInput,
    ) -> Result<EventAttendancePayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let command = slice::Mark::parse(on, input.status.into(), input.reason.as_deref());
        let operation = ("markEventAttendance", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::mark(tx, wanted));
        payload(ctx, operation, &input, (Some(on.id), command), verb).await
    }

    /// 扫报名码核销；可离线扫码后补传，以最早一次为准；主办方 / Scans a ticket at the door; scans without a network are told later, and the first one
    /// counts. For who holds the event.
    async fn redeem_check_in(&self, ctx: &Context<'_>, input: RedeemCheckInInput) -> Result<RedeemCheckInPayload> {
        ctx.person()?;
        let (event, now) = (ctx.id::<EventId>(&input.event_id)?, ctx.base().clock.now());
        let command = slice::Redeem::parse(event, &input.secret, input.scanned_at, now);
        let operation = ("redeemCheckIn", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::redeem(tx, wanted));
        let done = payload(ctx, operation, &input, (None, command), verb).await?;
        let line = done.attendance.as_ref().map(EventAttendance::row);
        let told = |line| match slice::is_first(line, input.scanned_at) {
            true => CheckInResult::Ok,
            false => CheckInResult::AlreadyCheckedIn,
        };
        let (result, first) = (line.map(told), line.and_then(|line| line.arrived_at));
        let tally = slice::tallies(ctx.base().db.reader(), &[event]).await.or_fail(ctx)?.remove(&event);
        Ok(RedeemCheckInPayload {
            result,
            checked_in_count: tally.filter(|_| done.attendance.is_some()).map(|tally| tally.people),
            attendance: done.attendance,
            first_checked_in_at: first,
            is_replay: done.is_replay,
            user_errors: done.user_errors,
        })
    }
}

/// Mutations.
#[derive(Default)]
pub struct RecordMutation;

/// 会议记录 / Verbs of records of meetings.
#[Object]
impl RecordMutation {
    /// 写会议记录；主办方，结束后三十天内；照片经他人核对后参加者可见 / Writes the record of a meeting; who holds it, until thirty days after it. Those whom it is for see the
    /// photos once somebody else looked at them.
    async fn save_event_record(&self, ctx: &Context<'_>, input: SaveEventRecordInput) -> Result<EventRecordPayload> {
        ctx.person()?;
        let raw = slice::RawRecord {
            event: ctx.id(&input.event_id)?,
            expected_version: input.expected_version,
            chair: input.chair.clone(),
            recorder: input.recorder.clone(),
            minutes: input.minutes.clone(),
            photos: input.attachment_ids.as_ref().map(|ids| ids.iter().map(|id| ctx.id(id)).collect()).transpose()?,
        };
        let operation = ("saveEventRecord", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::save_record(tx, wanted));
        record(ctx, operation, &input, (raw.event, raw.parse()), verb).await
    }

    /// 核对会议照片，须由他人 / Says that the photos of a record are fit to be seen; somebody else does.
    async fn check_event_record(&self, ctx: &Context<'_>, input: CheckEventRecordInput) -> Result<EventRecordPayload> {
        ctx.person()?;
        let on = Seen { id: ctx.id::<EventId>(&input.event_id)?, expected_version: Some(input.expected_version) };
        let operation = ("checkEventRecord", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(slice::check_record(tx, on));
        record(ctx, operation, &input, (on.id, Ok(on)), verb).await
    }

    /// 登记表决；到会有表决权的人须超过应到的半数，赞成超过应到的半数为通过 / Writes down a vote: more than half of those who should be there and vote have to be there, and it
    /// is passed when more than half of these say yes.
    async fn record_event_vote(&self, ctx: &Context<'_>, input: RecordEventVoteInput) -> Result<EventVotePayload> {
        ctx.person()?;
        let raw = slice::Vote {
            event: ctx.id(&input.event_id)?,
            title: input.title.clone(),
            votes_for: input.votes_for,
            votes_against: input.votes_against,
            abstained: input.abstained,
        };
        let operation = ("recordEventVote", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::vote(tx, wanted));
        let settled =
            perform(ctx, operation, None, &input, raw.parse(), verb, |row: &entity::event_resolution::Model| row.id);
        let settled = settled.await?;
        // As of records: shown to who wrote it down just now, and to nobody by a replay.
        let resolution = match settled.subject {
            Subject::Row(row) => EventResolution::by_id(ctx, row.id).await?,
            Subject::Id(_) | Subject::None => None,
        };
        Ok(EventVotePayload { resolution, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }
}

fn seen(ctx: &Context<'_>, id: &ID, expected_version: i32) -> Result<Seen<EventAttendanceId>> {
    Ok(Seen { id: ctx.id(id)?, expected_version: Some(expected_version) })
}

fn presence(
    ctx: &Context<'_>,
    event: &ID,
    code: Option<&str>,
    place: Option<&CheckInPlaceInput>,
) -> Result<KernelResult<slice::Presence>> {
    let event = ctx.id(event)?;
    let position: std::result::Result<_, Refusal> = place.map(CheckInPlaceInput::position).transpose();
    Ok(position.map_err(Into::into).and_then(|position| slice::Presence::parse(event, code, position)))
}

async fn payload<C: Sync>(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl InputType,
    (target, command): (Option<EventAttendanceId>, KernelResult<C>),
    verb: Verb<C, event_attendance::Model>,
) -> Result<EventAttendancePayload> {
    let settled = perform(ctx, operation, target, input, command, verb, |row| row.id).await?;
    let attendance = match settled.subject {
        Subject::Row(row) => EventAttendance::by_id(ctx, row.id).await?,
        Subject::Id(id) => EventAttendance::by_id(ctx, id.into()).await?,
        Subject::None => None,
    };
    Ok(EventAttendancePayload { attendance, is_replay: settled.is_replay, user_errors: settled.user_errors })
}

/// The record as it is now is shown to who wrote it just now, and to nobody by a replay: each look at it is noted.
async fn record<C: Sync>(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl InputType,
    (event, command): (EventId, KernelResult<C>),
    verb: Verb<C, event_record::Model>,
) -> Result<EventRecordPayload> {
    let settled = perform(ctx, operation, Some(event), input, command, verb, |row| row.event_id).await?;
    let record = match settled.subject {
        Subject::Row(row) => Some(EventRecord(slice::open_record(ctx.base(), row).or_fail(ctx)?)),
        Subject::Id(_) | Subject::None => None,
    };
    Ok(EventRecordPayload { record, is_replay: settled.is_replay, user_errors: settled.user_errors })
}

/// Whether the viewer takes the attendance of an event now.
pub(super) fn takes_attendance(ctx: &Context<'_>, event: &slice::Event) -> bool {
    slice::takes_attendance(&ctx.caller().actor, event, ctx.base())
}

/// An event as it is at this moment, for who takes its attendance.
pub(super) async fn at_the_door(ctx: &Context<'_>, id: EventId) -> Result<Option<Event>> {
    let found = Event::read(ctx, id).await?;
    Ok(found.filter(|event| takes_attendance(ctx, &event.0)))
}
