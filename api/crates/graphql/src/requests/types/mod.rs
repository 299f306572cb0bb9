//! Types of service requests: one object, its fields shown by audience.

mod action;
mod category;
mod content;
mod origin;
mod oversight;
mod records;
mod retention;
mod seen;
mod status;

use ::requests as slice;
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::id::Id as _;

use crate::areas::{Area, GeoDatum, GeoPoint};
use crate::context::{Ask as _, Result};
use crate::directory::Unit;
use crate::enums::{
    Channel, HandlingResult, Lane, Priority, RejectReason, RequestKind, ServiceRequestState, Source, Visibility,
};
use crate::identity::User;
use crate::loaders::{FollowersOf, PhotosOf, ReturnsOf, SurveysOf, TimelineOf, load, load_all};
use crate::media::Attachment;
use crate::page::connection;
use crate::requests::timeline::TimelineEntry;
use crate::requests::types::action::action;
use crate::requests::types::content::Content;
use crate::requests::types::oversight::Oversight;
use crate::requests::types::retention::LegalHold;

pub use action::RequestAction;
pub use category::RequestCategory;
pub use content::ContentReport;
pub use origin::RequestOrigin;
pub use records::{Assignment, ReturnRequest, Survey};
pub use seen::ServiceRequest;
pub use status::{DeadlineState, PublicStatus};

connection!(ServiceRequestConnection, ServiceRequestEdge, ServiceRequest, "诉求", "service requests");

/// 居民诉求 / A resident's request. Fields that a viewer may not see are null.
#[Object]
impl ServiceRequest {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.row().id.text().into()
    }

    /// 编号，如 XH20261122000123 / Case number.
    async fn case_no(&self) -> &str {
        &self.row().case_no
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.row().version
    }

    /// 状态 / State.
    async fn state(&self) -> ServiceRequestState {
        self.row().state.into()
    }

    /// 居民看到的进度 / Progress in five steps.
    async fn public_status(&self) -> PublicStatus {
        self.row().state.into()
    }

    /// 处置轮次，从 1 起 / Handling round, from 1.
    async fn round(&self) -> i32 {
        self.row().round
    }

    /// 类型 / Kind.
    async fn kind(&self) -> RequestKind {
        self.row().kind.into()
    }

    /// 分类 / Category.
    async fn category(&self, ctx: &Context<'_>) -> Option<RequestCategory> {
        let now = ctx.base().clock.now();
        ctx.house().town().category(&self.row().category_code, now).cloned().map(RequestCategory)
    }

    /// 内容 / The words.
    async fn description(&self) -> &str {
        &self.view.description
    }

    /// 地址；公众不可见 / Address; null for the public.
    async fn address(&self) -> Option<&str> {
        self.view.address.as_deref()
    }

    /// 位置；对公众只到约 500 米的方格 / Location; for the public the middle of a cell of about 500 m.
    async fn location(
        &self,
        #[graphql(default_with = "GeoDatum::Gcj02", desc = "坐标基准 / Datum.")] datum: GeoDatum,
    ) -> Option<GeoPoint> {
        self.view.place.and_then(|place| GeoPoint::of(place.longitude(), place.latitude(), datum))
    }

    /// 所在网格；对公众只到自治网格 / The grid it lies in; for the public the neighbourhood's.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        load(ctx, self.area_shown(ctx)?).await.map(|row| row.map(Area)).transpose()
    }

    /// 提交时所在网格，网格调整后不变；对公众为空 / The grid that had its place when it was filed, whatever grids are drawn anew; null for the public.
    async fn filed_area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        let filed = self.participants(Some(self.row().filed_area_id))?;
        load(ctx, filed).await.map(|row| row.map(Area)).transpose()
    }

    /// 诉求人；匿名、保密时不显示 / Reporter; null when anonymous, or confidential to the viewer.
    async fn reporter(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let reporter = self.view.reporter?;
        load(ctx, reporter).await.map(|row| row.map(User)).transpose()
    }

    /// 代办对象姓名 / Name of the person served, when somebody else filed it.
    async fn on_behalf_of_name(&self) -> Option<&str> {
        self.view.on_behalf_name.as_deref()
    }

    /// 联系电话，脱敏 / Number to call, masked.
    async fn contact_phone(&self) -> Option<&str> {
        self.view.contact_phone.as_deref()
    }

    /// 是否可用 revealContact 查看联系电话 / Whether the viewer may learn the number by `revealContact`.
    async fn can_reveal_contact(&self, ctx: &Context<'_>) -> bool {
        slice::may_reveal(&self.case, &ctx.caller().actor)
    }

    /// 是否匿名 / Whether nobody learns the reporter.
    async fn is_anonymous(&self) -> bool {
        self.row().is_anonymous
    }

    /// 是否保密 / Whether handlers do not learn the reporter.
    async fn is_confidential(&self) -> bool {
        self.row().is_confidential
    }

    /// 渠道 / Channel.
    async fn channel(&self) -> Channel {
        self.row().channel.into()
    }

    /// 来源 / Who found it.
    async fn source(&self) -> Source {
        self.row().source.into()
    }

    /// 来历：热线、巡查、设备；工作人员可见 / What it was before it came in here; for staff.
    async fn origin(&self) -> Option<RequestOrigin> {
        self.staff(RequestOrigin::of(self.row()))
    }

    /// 通道 / Lane.
    async fn lane(&self) -> Lane {
        self.row().lane.into()
    }

    /// 优先级 / Priority.
    async fn priority(&self) -> Priority {
        self.row().priority.into()
    }

    /// 公开范围 / Who may see it.
    async fn visibility(&self) -> Visibility {
        self.row().visibility.into()
    }

    /// 是否疑难件：第三次差评后结案 / Whether it was closed on a third bad answer; for staff.
    async fn is_hard(&self) -> Option<bool> {
        self.staff(Some(self.row().is_hard))
    }

    /// 牵头单位；未登录者不可见 / The unit that leads; null for strangers.
    async fn lead_unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        let Some(unit) = self.row().lead_unit_id else { return Ok(None) };
        Ok(load(ctx, unit).await?.and_then(|row| Unit::seen(ctx, row)))
    }

    /// 协办单位，至多五个；未登录者不可见 / Units that help; at most 5, so not paged. None for strangers.
    async fn co_units(&self, ctx: &Context<'_>) -> Result<Vec<Unit>> {
        let rows = load_all(ctx, self.case.co_units().collect()).await?;
        Ok(rows.into_iter().filter_map(|row| Unit::seen(ctx, row)).collect())
    }

    /// 承办人，工作人员可见 / Who handles it; for staff.
    async fn handler(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let handler = self.staff(self.row().handler_id)?;
        load(ctx, handler).await.map(|row| row.map(User)).transpose()
    }

    /// 派单记录，工作人员可见 / Orders, newest round last; for staff.
    async fn assignments(&self) -> Option<Vec<Assignment>> {
        self.staff(Some(self.case.assignments.iter().cloned().map(Assignment).collect()))
    }

    /// 退单申请，工作人员可见 / Wishes to return; for staff.
    async fn returns(&self, ctx: &Context<'_>) -> Option<Result<Vec<ReturnRequest>>> {
        self.staff(Some(()))?;
        let rows = load(ctx, ReturnsOf(self.row().id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(ReturnRequest).collect()))
    }

    /// What is done about it beside its trunk.
    #[graphql(flatten)]
    async fn oversight(&self) -> Oversight<'_> {
        Oversight(self)
    }

    /// 对居民承诺的时间 / When the citizen was promised an answer; set once.
    async fn promised_at(&self) -> Option<DateTime<Utc>> {
        self.participants(self.row().promised_at)
    }

    /// 受理期限 / Acceptance due; for staff.
    async fn accept_due_at(&self) -> Option<DateTime<Utc>> {
        self.staff(self.row().accept_due_at)
    }

    /// 签收期限 / Signing due; for staff.
    async fn sign_due_at(&self) -> Option<DateTime<Utc>> {
        self.staff(self.row().sign_due_at)
    }

    /// 先行联系期限 / First contact due.
    async fn contact_due_at(&self) -> Option<DateTime<Utc>> {
        self.participants(self.row().contact_due_at)
    }

    /// 处置期限 / Handling due.
    async fn due_at(&self) -> Option<DateTime<Utc>> {
        self.participants(self.row().due_at)
    }

    /// 核查期限 / Verification due; for staff.
    async fn verify_due_at(&self) -> Option<DateTime<Utc>> {
        self.staff(self.row().verify_due_at)
    }

    /// 评价截止 / Survey open until.
    async fn survey_due_at(&self) -> Option<DateTime<Utc>> {
        self.participants(self.row().survey_due_at)
    }

    /// 当前环节的时限状态 / Whether the present step is in time; for staff.
    async fn deadline_state(&self, ctx: &Context<'_>) -> Option<DeadlineState> {
        let now = ctx.base().clock.now();
        self.staff(Some(self.case.deadline(now).into()))
    }

    /// 期限是否超出已知工作日历 / Whether a due time lies outside the known working calendar.
    async fn is_calendar_uncertain(&self) -> bool {
        self.row().is_calendar_uncertain
    }

    /// 首次联系时间 / First contact made.
    async fn contacted_at(&self) -> Option<DateTime<Utc>> {
        self.participants(self.row().contacted_at)
    }

    /// 处置完成时间 / Handling finished.
    async fn handled_at(&self) -> Option<DateTime<Utc>> {
        self.row().handled_at
    }

    /// 结束时间 / End.
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.row().closed_at
    }

    /// 归档时间；此后只能查看 / When it was archived: it is only read since.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.row().archived_at
    }

    /// 匿名化时间；此后无人知道是谁的 / When it was made nobody's.
    async fn anonymised_at(&self) -> Option<DateTime<Utc>> {
        self.row().anonymised_at
    }

    /// 诉讼保全，工作人员可见 / The legal hold, while it lasts; for staff.
    async fn legal_hold(&self, ctx: &Context<'_>) -> Option<Result<LegalHold>> {
        LegalHold::of(ctx, self).await
    }

    /// 处置结果 / Result of handling.
    async fn result(&self) -> Option<HandlingResult> {
        self.row().result.map(Into::into)
    }

    /// 答复 / Reply to the reporter.
    async fn reply(&self) -> Option<&str> {
        self.view.reply.as_deref()
    }

    /// 不予受理的原因 / Why it was refused.
    async fn reject_reason(&self) -> Option<RejectReason> {
        self.participants(self.row().reject_reason.map(Into::into))
    }

    /// 提交时间 / Received.
    async fn created_at(&self) -> DateTime<Utc> {
        self.row().created_at
    }

    /// What is published of it.
    #[graphql(flatten)]
    async fn content(&self) -> Content<'_> {
        Content(self)
    }

    /// 最近更新 / Last change.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.row().updated_at
    }

    /// 关注人数 / How many follow it.
    async fn follower_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(load(ctx, FollowersOf(self.row().id)).await?.unwrap_or_default())
    }

    /// 当前用户是否关注 / Whether the viewer follows it.
    async fn is_followed(&self) -> bool {
        self.case.ties.is_follower
    }

    /// 并入的诉求，办理在那里继续 / The request it was merged into, where it goes on.
    async fn merged_into(&self, ctx: &Context<'_>) -> Option<Result<ServiceRequest>> {
        self.merged_into_case(ctx).await
    }

    /// 并入本诉求的件数 / How many requests were merged into it.
    async fn merged_count(&self) -> i32 {
        self.row().merged_count
    }

    /// 并入本诉求的诉求，工作人员可见 / The requests that were merged into it; for staff.
    async fn merged_requests(&self, ctx: &Context<'_>) -> Option<Result<Vec<ServiceRequest>>> {
        self.merged_cases(ctx).await
    }

    /// 当前用户可执行的操作 / What the viewer may do now.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Result<Vec<RequestAction>> {
        Ok(self.actions(ctx)?.into_iter().filter_map(action).collect())
    }

    /// 照片，诉求人至多 9 张，每次处置至多 9 张 / Photos; at most 9 of the reporter and 9 of each handling, so not paged. The public sees those of the
    /// report, and those of verified work; staff those of merged cases too.
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let rows = load(ctx, PhotosOf(self.row().id)).await?.unwrap_or_default();
        Ok(rows.into_iter().filter(|photo| self.is_shown(photo)).map(Attachment).collect())
    }

    /// 办理过程，按时间先后；一件诉求的步骤有限，不分页 / What happened, oldest first; a case has few steps, so not paged.
    async fn timeline(&self, ctx: &Context<'_>) -> Option<Result<Vec<TimelineEntry>>> {
        let entries = load(ctx, TimelineOf(self.row().id, self.view.audience)).await;
        Some(entries.map(|entries| entries.unwrap_or_default().into_iter().map(TimelineEntry).collect()))
    }

    /// 评价，每轮至多一次 / Answers to the survey; at most one a round. For the reporter and staff.
    async fn surveys(&self, ctx: &Context<'_>) -> Option<Result<Vec<Survey>>> {
        self.participants(Some(()))?;
        let rows = load(ctx, SurveysOf(self.row().id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(Survey).collect()))
    }
}
