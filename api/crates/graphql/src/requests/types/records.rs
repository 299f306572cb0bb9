//! Records of a request: orders, returns and answers.

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use entity::{assignment, return_request, survey};

use crate::context::Result;
use crate::directory::Unit;
use crate::enums::{AssignmentState, ReturnDecision, Solved};
use crate::loaders::load;

/// A unit's order.
pub struct Assignment(pub(super) assignment::Model);

/// 派单 / A unit's order within a request.
#[Object]
impl Assignment {
    /// 轮次 / Round.
    async fn round(&self) -> i32 {
        self.0.round
    }

    /// 单位 / Unit.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        load(ctx, self.0.unit_id).await.map(|row| row.map(Unit)).transpose()
    }

    /// 是否牵头 / Whether it leads.
    async fn is_lead(&self) -> bool {
        self.0.is_lead
    }

    /// 状态 / State.
    async fn state(&self) -> AssignmentState {
        self.0.state.into()
    }

    /// 派遣时间 / Sent.
    async fn dispatched_at(&self) -> DateTime<Utc> {
        self.0.dispatched_at
    }

    /// 签收时间 / Signed.
    async fn signed_at(&self) -> Option<DateTime<Utc>> {
        self.0.signed_at
    }

    /// 期限 / Due.
    async fn due_at(&self) -> DateTime<Utc> {
        self.0.due_at
    }

    /// 处置完成时间 / Handled.
    async fn handled_at(&self) -> Option<DateTime<Utc>> {
        self.0.handled_at
    }
}

/// A wish to return an order.
pub struct ReturnRequest(pub(super) return_request::Model);

/// 退单申请 / A unit's wish to return an order.
#[Object]
impl ReturnRequest {
    /// 轮次 / Round.
    async fn round(&self) -> i32 {
        self.0.round
    }

    /// 单位 / Unit.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        load(ctx, self.0.unit_id).await.map(|row| row.map(Unit)).transpose()
    }

    /// 理由 / Reason.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// 依据 / Legal basis.
    async fn basis(&self) -> &str {
        &self.0.basis
    }

    /// 建议单位 / Who should have it instead.
    async fn suggested_unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        let unit = self.0.suggested_unit_id;
        load(ctx, unit).await.map(|row| row.map(Unit)).transpose()
    }

    /// 决定 / Decision.
    async fn decision(&self) -> ReturnDecision {
        self.0.decision.into()
    }

    /// 申请时间 / When asked.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// 决定时间 / When decided.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }
}

/// An answer to the survey.
pub struct Survey(pub(super) survey::Model);

/// 回访评价 / An answer to the satisfaction survey.
#[Object]
impl Survey {
    /// 轮次 / Round.
    async fn round(&self) -> i32 {
        self.0.round
    }

    /// 是否解决 / Whether the reporter calls it solved.
    async fn solved(&self) -> Solved {
        self.0.solved.into()
    }

    /// 满意度 1–5，空为不评价 / Satisfaction, 1 very dissatisfied to 5 very satisfied (好差评); null when not rated.
    async fn satisfaction(&self) -> Option<i32> {
        self.0.satisfaction
    }

    /// 评语 / Words.
    async fn comment(&self) -> Option<&str> {
        self.0.comment.as_deref()
    }

    /// 是否由回访员登记 / Whether an agent asked by phone.
    async fn is_by_agent(&self) -> bool {
        self.0.is_by_agent
    }

    /// 时间 / When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
}
