//! Types of attendance and of records of meetings; who reaches one may see it. None is a `Node`: lists of members are not fetched by id.

use std::sync::Arc;

use ::events as slice;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::event_record;
use entity::id::{EventAttendanceId, EventResolutionId, Id as _};
use kernel::page::{Cursor, Page};

use super::enums::{AttendanceAction, AttendanceStatus, CheckInMethod, LeaveState, attendance_action};
use super::types::Event;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::identity::User;
use crate::loaders::{RecordPhotosOf, RosterName, load};
use crate::media::Attachment;
use crate::page::connection;

/// A line of the attendance of an event, as whose it is and who holds the event see it.
#[derive(Clone)]
pub struct EventAttendance(Arc<slice::Attendance>);

impl From<slice::Attendance> for EventAttendance {
    fn from(found: slice::Attendance) -> Self {
        Self(Arc::new(found))
    }
}

impl EventAttendance {
    /// By id; `None` when absent or hidden.
    pub(super) async fn by_id(ctx: &Context<'_>, id: EventAttendanceId) -> Result<Option<Self>> {
        let found = slice::attendance_by_id(ctx.base(), &ctx.caller().actor, id).await.or_fail(ctx)?;
        Ok(found.map(Into::into))
    }

    pub(super) fn row(&self) -> &entity::event_attendance::Model {
        &self.0.row
    }

    /// Whether the viewer may read what a roster says of it: of the own line, of who registered, and where the roster is the viewer's to read.
    async fn is_read(&self, ctx: &Context<'_>) -> Result<bool> {
        match self.row().member_id.filter(|_| !self.0.is_own) {
            Some(member) => Ok(load(ctx, RosterName(member)).await?.is_some()),
            None => Ok(true),
        }
    }
}

connection!(EventAttendanceConnection, EventAttendanceEdge, EventAttendance, "签到名单", "the attendance of an event");

/// A page of lines.
pub(super) fn shown(page: Page<slice::Attendance>) -> EventAttendanceConnection {
    EventAttendanceConnection::of(page.map(|found| {
        let node = EventAttendance::from(found);
        let cursor = Cursor { at: node.row().created_at, id: node.row().id.into() };
        (node, cursor)
    }))
}

/// 签到名单中的一行；只有本人和主办方可见 / A line of the attendance of an event; seen by whose it is and by who holds the event only.
#[Object]
impl EventAttendance {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.row().id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.row().version
    }

    /// 活动 / Event.
    async fn event(&self, ctx: &Context<'_>) -> Option<Result<Event>> {
        Event::by_id(ctx, self.row().event_id).await.transpose()
    }

    /// 名册上的姓名；不按名册应到的，以及当前用户不能查阅其名册的为空 / Name, as the roster has it; null of who is not expected by a roster, and where the viewer may not read
    /// that roster.
    async fn roster_name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        load(ctx, RosterName(self.row().member_id?)).await.transpose()
    }

    /// 报名人或到场的人；按名册应到的为空 / Who registered or came; null of who is expected by a roster.
    async fn attendee(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.row().account_id?).await.map(|row| row.map(User)).transpose()
    }

    /// 人数，含同行人 / People it stands for, with those whom the person brings.
    async fn seats(&self) -> i32 {
        self.row().seats.into()
    }

    /// 是否有表决权；当前用户不能查阅其名册的为空 / Whether the person votes; null where the viewer may not read that roster.
    async fn has_vote(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        Ok(self.is_read(ctx).await?.then_some(self.row().has_vote))
    }

    /// 出席情况 / What became of it.
    async fn status(&self) -> AttendanceStatus {
        self.row().status.into()
    }

    /// 签到方式 / How it was known that the person is there.
    async fn method(&self) -> Option<CheckInMethod> {
        self.row().method.map(Into::into)
    }

    /// 签到时间 / When the person came.
    async fn checked_in_at(&self) -> Option<DateTime<Utc>> {
        self.row().arrived_at
    }

    /// 签退时间 / When the person left.
    async fn checked_out_at(&self) -> Option<DateTime<Utc>> {
        self.row().left_at
    }

    /// 在场分钟，限活动时间内；未签退为空 / Minutes between, within the time of the event; null of who did not say when leaving.
    async fn minutes(&self) -> Option<i32> {
        self.row().minutes
    }

    /// 请假状态 / Whether leave was asked for, and given.
    async fn leave_state(&self) -> Option<LeaveState> {
        self.row().leave_state.map(Into::into)
    }

    /// 请假或免于出席的原因；当前用户不能查阅其名册的为空 / Why the person is on leave or exempt; null where the viewer may not read that roster.
    async fn reason(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        if !self.is_read(ctx).await? {
            return Ok(None);
        }
        slice::reason_of(&ctx.base().vault, self.row()).or_fail(ctx)
    }

    /// 当前用户可执行的操作 / What the viewer may do now.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Vec<AttendanceAction> {
        let actions = slice::attendance_actions(&ctx.caller().actor, &self.0, ctx.base().clock.now());
        actions.into_iter().filter_map(attendance_action).collect()
    }
}

/// 出席统计；仅主办方可见 / How many of whom became what; for who holds the event.
pub struct EventAttendanceTally {
    pub(super) tally: slice::Tally,
    pub(super) expected: slice::Expected,
}

/// 出席统计；仅主办方可见 / How many of whom became what; for who holds the event.
#[Object]
impl EventAttendanceTally {
    /// 应到，不含免于出席的；自由参加的活动为空 / Who should be there; not those who are exempt. Null where nobody is expected.
    async fn expected_count(&self) -> Option<i32> {
        (self.expected != slice::Expected::Nobody).then(|| self.tally.expected())
    }

    /// 准时 / There, in time.
    async fn present_count(&self) -> i32 {
        self.tally.present
    }

    /// 迟到 / There, late.
    async fn late_count(&self) -> i32 {
        self.tally.late
    }

    /// 请假 / On leave.
    async fn leave_count(&self) -> i32 {
        self.tally.leave
    }

    /// 缺席；活动结束后才有 / Not there; once it is over.
    async fn absent_count(&self) -> i32 {
        self.tally.absent
    }

    /// 免于出席 / Exempt.
    async fn exempt_count(&self) -> i32 {
        self.tally.exempt
    }

    /// 待批准的请假 / Leave that was asked for, and is not decided.
    async fn pending_leave_count(&self) -> i32 {
        self.tally.asks
    }

    /// 出席率，万分之一为单位：准时和迟到的占应到的；无人应到为空 / Who of those expected was there, in basis points; null where nobody is expected.
    async fn rate_bp(&self) -> Option<i32> {
        self.tally.rate().filter(|_| self.expected != slice::Expected::Nobody)
    }

    /// 应到的有表决权人数 / Who should be there and votes.
    async fn voter_count(&self) -> i32 {
        self.tally.quorum.voters
    }

    /// 到会的有表决权人数 / Who of them is there.
    async fn voters_present_count(&self) -> i32 {
        self.tally.quorum.present
    }

    /// 到会是否过半，可以表决 / Whether more than half of them are there, so that there may be a vote.
    async fn is_quorate(&self) -> bool {
        self.tally.quorum.is_reached()
    }
}

/// The record of a meeting.
pub struct EventRecord(pub(super) slice::Record);

/// 会议记录；仅主办方可见 / The record of a meeting; for who holds it.
#[Object]
impl EventRecord {
    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// 主持人 / Who chaired it.
    async fn chair(&self) -> &str {
        &self.0.chair
    }

    /// 记录人 / Who took the minutes.
    async fn recorder(&self) -> &str {
        &self.0.recorder
    }

    /// 记录 / The minutes.
    async fn minutes(&self) -> &str {
        &self.0.minutes
    }

    /// 照片，按显示顺序，至多 6 张 / Photos in the order in which they are shown, at most 6; so not paged.
    async fn photos(&self, ctx: &Context<'_>) -> Option<Result<Vec<Attachment>>> {
        Some(photos(ctx, &self.0.row).await)
    }

    /// 照片经他人核对的时间；之后参加范围内的人可见 / When somebody else looked at the photos; since then those see them whom the event is for.
    async fn checked_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.checked_at
    }

    /// 最后修改 / Last change.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.row.updated_at
    }
}

/// Photos of a record, in their order.
pub(super) async fn photos(ctx: &Context<'_>, row: &event_record::Model) -> Result<Vec<Attachment>> {
    let rows = load(ctx, RecordPhotosOf(row.id)).await?.unwrap_or_default();
    Ok(Attachment::in_order(rows, &row.photos))
}

/// What was voted on.
pub struct EventResolution(slice::Resolution);

impl From<slice::Resolution> for EventResolution {
    fn from(found: slice::Resolution) -> Self {
        Self(found)
    }
}

impl EventResolution {
    /// By id, for who wrote it down.
    pub(super) async fn by_id(ctx: &Context<'_>, id: EventResolutionId) -> Result<Option<Self>> {
        Ok(slice::resolution_by_id(ctx.base(), id).await.or_fail(ctx)?.map(Self))
    }
}

/// 表决事项；仅主办方可见 / What was voted on; for who holds the meeting.
#[Object]
impl EventResolution {
    /// 全局标识 / Global id.
    async fn id(&self) -> ID {
        self.0.row.id.text().into()
    }

    /// 事项 / What was voted on.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// 应到的有表决权人数 / Who should be there and votes, as it was then.
    async fn voter_count(&self) -> i32 {
        self.0.row.voters
    }

    /// 到会的有表决权人数 / Who of them was there.
    async fn voters_present_count(&self) -> i32 {
        self.0.row.present
    }

    /// 赞成 / Who said yes.
    async fn votes_for(&self) -> i32 {
        self.0.row.votes_for
    }

    /// 反对 / Who said no.
    async fn votes_against(&self) -> i32 {
        self.0.row.votes_against
    }

    /// 弃权 / Who said neither.
    async fn abstained(&self) -> i32 {
        self.0.row.abstained
    }

    /// 是否通过：赞成超过应到的半数 / Whether more than half of those who should be there said yes.
    async fn is_passed(&self) -> bool {
        self.0.row.is_passed
    }

    /// 登记时间 / When it was written down.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.0.row.recorded_at
    }
}

/// 会议档案；仅主办方可见 / What is kept of a meeting; for who holds it.
#[derive(SimpleObject)]
pub struct EventFile {
    /// 会议记录；未记录为空 / The record; null until it is written.
    pub(super) record: Option<EventRecord>,
    /// 表决事项，按先后，至多 20 项 / What was voted on, in order, at most 20; so not paged.
    pub(super) resolutions: Vec<EventResolution>,
}
