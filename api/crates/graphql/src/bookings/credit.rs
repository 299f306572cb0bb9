//! How people keep to what was agreed, on the wire; a person sees the own lines, a centre the appeals it decides about.

use std::sync::Arc;

use ::bookings as slice;
use async_graphql::{Context, ID, InputType, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{CreditAppealId, Id as _};
use entity::{center, credit_appeal};
use kernel::error::Result as KernelResult;
use kernel::page::{Cursor, Page, PageRequest};
use kernel::target::Seen;
use kernel::tx::Verb;
use schedule::credit::{Standing, What};

use super::centers::Center;
use super::enums::{CreditAppealAction, CreditAppealState, CreditKind, appeal_action};
use super::inputs::{AppealCreditInput, DecideCreditAppealInput};
use super::types::Booking;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::errors::UserError;
use crate::loaders::load;
use crate::mutation::{Operation, Subject, perform};
use crate::page::{connection, page};

/// Where the viewer stands.
pub struct Credit(Standing);

/// The viewer's credit.
pub(crate) async fn credit(ctx: &Context<'_>) -> Result<Credit> {
    let account = ctx.person()?.account;
    let base = ctx.base();
    let standing = schedule::store::standing(base.db.reader(), account, base.clock.now()).await;
    Ok(Credit(standing.or_fail(ctx)?))
}

/// 预约信用：中心内部规则，仅本人可见 / How the viewer keeps to what was agreed: a rule of the centres, seen by the viewer only.
#[Object]
impl Credit {
    /// 分值，0–100 / Score, 0–100.
    async fn score(&self) -> i32 {
        self.0.score
    }

    /// 暂停预约至 / Until when the viewer books nothing.
    async fn barred_until(&self) -> Option<DateTime<Utc>> {
        self.0.barred_until
    }

    /// 预约是否需中心审批：分值低于 60 / Whether bookings wait for the centre: with a score below 60.
    async fn needs_approval(&self) -> bool {
        self.0.needs_approval
    }

    /// 明细，最近的在前 / Lines, latest first.
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<CreditEntryConnection>> {
        Some(entries(ctx, page(first, after, last, before)).await)
    }
}

async fn entries(ctx: &Context<'_>, page: KernelResult<PageRequest>) -> Result<CreditEntryConnection> {
    let page = page.or_fail(ctx)?;
    let found = slice::credit_lines(ctx.base(), &ctx.caller().actor, &page).await.or_fail(ctx)?;
    Ok(CreditEntryConnection::of(found.map(|line| {
        let cursor = Cursor { at: line.entry.at, id: line.entry.id.into() };
        (CreditEntry(line), cursor)
    })))
}

/// A line of credit.
#[derive(Clone)]
pub struct CreditEntry(slice::Line);

connection!(CreditEntryConnection, CreditEntryEdge, CreditEntry, "信用记录", "credit entries");

/// 信用记录 / A line of credit.
#[Object]
impl CreditEntry {
    /// 标识 / Id.
    async fn id(&self) -> ID {
        self.0.entry.id.text().into()
    }

    /// 类型 / What it says.
    async fn kind(&self) -> CreditKind {
        self.0.entry.kind.into()
    }

    /// 分值变化；按月封顶和一年后不计的规则之前 / Points, before the month's limit and fading are applied.
    async fn points(&self) -> i32 {
        What::of(self.0.entry.kind, ()).points()
    }

    /// 时间 / When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.entry.at
    }

    /// 是否已撤销 / Whether it was wrong, and counts no more.
    async fn is_reversed(&self) -> bool {
        self.0.is_reversed
    }

    /// 是否可申诉：七天内一次 / Whether the viewer may appeal: within seven days, once.
    async fn is_appealable(&self, ctx: &Context<'_>) -> bool {
        self.0.may_be_appealed(ctx.base().clock.now())
    }

    /// 相关预约 / Booking it is about.
    async fn booking(&self) -> Option<Booking> {
        self.0.booking.clone().map(Into::into)
    }

    /// 申诉 / What was said against it.
    async fn appeal(&self) -> Option<CreditAppeal> {
        self.0.appeal.clone().map(Into::into)
    }
}

/// An appeal.
#[derive(Clone)]
pub struct CreditAppeal(Arc<slice::Appeal>);

impl From<slice::Appeal> for CreditAppeal {
    fn from(found: slice::Appeal) -> Self {
        Self(Arc::new(found))
    }
}

impl CreditAppeal {
    /// By id; `None` when absent or hidden.
    pub(crate) async fn by_id(ctx: &Context<'_>, id: CreditAppealId) -> Result<Option<Self>> {
        let found = slice::appeals_by_ids(ctx.base().db.reader(), &ctx.caller().actor, &[id]).await.or_fail(ctx)?.pop();
        Ok(found.map(Into::into))
    }
}

connection!(CreditAppealConnection, CreditAppealEdge, CreditAppeal, "信用申诉", "credit appeals");

/// 信用申诉；本人和中心工作人员可见 / An appeal against a line of credit; seen by its person and the centre's staff.
#[Object]
impl CreditAppeal {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.0.row.id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// 状态 / Where it stands.
    async fn state(&self) -> CreditAppealState {
        self.0.row.state.into()
    }

    /// 申诉的记录类型 / What the line says.
    async fn kind(&self) -> CreditKind {
        self.0.entry.kind.into()
    }

    /// 申诉理由 / What the person says.
    async fn reason(&self) -> &str {
        &self.0.row.reason
    }

    /// 中心的答复 / What the centre answers.
    async fn answer(&self) -> Option<&str> {
        self.0.row.answer.as_deref()
    }

    /// 相关预约 / Booking it is about.
    async fn booking(&self) -> Booking {
        self.0.booking.clone().into()
    }

    /// 邻里中心 / Centre that decides.
    async fn center(&self, ctx: &Context<'_>) -> Option<Result<Center>> {
        load(ctx, self.0.row.center_id).await.map(|row| row.map(Center)).transpose()
    }

    /// 提交时间 / Made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.row.created_at
    }

    /// 处理时间 / Decided.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.decided_at
    }

    /// 当前用户可执行的操作 / What the viewer may do now.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Vec<CreditAppealAction> {
        let actions = slice::appeal_actions(&ctx.caller().actor, &self.0);
        actions.into_iter().filter_map(appeal_action).collect()
    }
}

/// What a centre decides about, for who may.
pub(super) async fn appeals_at(
    ctx: &Context<'_>,
    center: &center::Model,
    is_open: Option<bool>,
    page: KernelResult<PageRequest>,
) -> Result<CreditAppealConnection> {
    let page = page.or_fail(ctx)?;
    let found: Page<_> = slice::appeals_at(ctx.base(), center, is_open, &page).await.or_fail(ctx)?;
    Ok(CreditAppealConnection::of(found.map(|appeal| {
        let cursor = Cursor { at: appeal.row.created_at, id: appeal.row.id.into() };
        (appeal.into(), cursor)
    })))
}

/// 信用申诉返回 / Payload of an appeal.
#[derive(SimpleObject)]
pub struct CreditAppealPayload {
    /// 申诉；被拒绝或版本冲突时为当前内容 / The appeal; the current one when refused or on a conflict.
    appeal: Option<CreditAppeal>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

async fn appeal<C: Sync>(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl InputType,
    (target, command): (Option<CreditAppealId>, KernelResult<C>),
    verb: Verb<C, credit_appeal::Model>,
) -> Result<CreditAppealPayload> {
    let settled = perform(ctx, operation, target, input, command, verb, |row| row.id).await?;
    let appeal = match settled.subject {
        Subject::Row(row) => CreditAppeal::by_id(ctx, row.id).await?,
        Subject::Id(id) => CreditAppeal::by_id(ctx, id.into()).await?,
        Subject::None => None,
    };
    Ok(CreditAppealPayload { appeal, is_replay: settled.is_replay, user_errors: settled.user_errors })
}

/// Mutations.
#[derive(Default)]
pub struct CreditMutation;

/// 预约信用 / Verbs of credit.
#[Object]
impl CreditMutation {
    /// 信用申诉：记录后七天内，每条一次 / Says that a line of the own credit is wrong, within seven days, once for each.
    async fn appeal_credit(&self, ctx: &Context<'_>, input: AppealCreditInput) -> Result<CreditAppealPayload> {
        ctx.person()?;
        let command = slice::MakeAppeal::parse(ctx.id(&input.entry_id)?, &input.reason);
        let operation = ("appealCredit", input.idempotency_key.as_str());
        appeal(ctx, operation, &input, (None, command), |tx, wanted| Box::pin(slice::appeal(tx, wanted))).await
    }

    /// 处理信用申诉；成立则撤销记录及其后果 / Decides about an appeal; one that is granted reverses the line, and what followed from it.
    async fn decide_credit_appeal(
        &self,
        ctx: &Context<'_>,
        input: DecideCreditAppealInput,
    ) -> Result<CreditAppealPayload> {
        ctx.person()?;
        let on = Seen { id: ctx.id(&input.id)?, expected_version: Some(input.expected_version) };
        let command = slice::DecideAppeal::parse(on, input.is_granted, input.answer.as_deref());
        let operation = ("decideCreditAppeal", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, decision| Box::pin(slice::decide_appeal(tx, decision));
        appeal(ctx, operation, &input, (Some(on.id), command), verb).await
    }
}
