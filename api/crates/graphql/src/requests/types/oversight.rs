//! What is going on about a request beside its trunk.

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::service_request::Model;

use crate::context::Result;
use crate::directory::Unit;
use crate::enums::{AskKind, ConflictKind, RiskLevel, SupervisionLevel, SuspendReason};
use crate::loaders::load;
use crate::requests::types::ServiceRequest;

/// The fields of a request that tell of it; they stand among its own.
pub struct Oversight<'r>(pub(super) &'r ServiceRequest);

#[Object]
impl Oversight<'_> {
    /// 挂起：原因与恢复时间 / Its pause, while it lasts: why and until when.
    async fn suspension(&self) -> Option<Suspension> {
        self.0.participants(Suspension::of(self.0.row()))
    }

    /// 单位提出、待审批的申请，工作人员可见 / What the unit asks for and waits to be decided; for staff.
    async fn pending_ask(&self) -> Option<PendingAsk> {
        self.0.staff(PendingAsk::of(self.0.row()))
    }

    /// 督办，未回复时有值，工作人员可见 / The supervision that waits for its answer; for staff.
    async fn supervision(&self) -> Option<Supervision> {
        self.0.staff(Supervision::of(self.0.row()))
    }

    /// 矛盾预警，工作人员可见 / The last warning that people are in conflict about it; for staff.
    async fn conflict_warning(&self) -> Option<ConflictWarning> {
        self.0.staff(ConflictWarning::of(self.0.row()))
    }

    /// 会商指定的牵头单位，工作人员可见 / The unit that a conference named to lead; for staff.
    async fn bound_unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        let unit = self.0.staff(self.0.row().bound_unit_id)?;
        load(ctx, unit).await.map(|row| row.map(Unit)).transpose()
    }

    /// 是否预警：有过差评而重办，工作人员可见 / Whether a bad answer opened it again (预警); for staff.
    async fn is_warned(&self) -> Option<bool> {
        self.0.staff(Some(self.0.row().reopenings > 0))
    }

    /// 已批准的延期次数 / Extensions granted.
    async fn extension_count(&self) -> Option<i32> {
        self.0.participants(Some(self.0.row().extensions))
    }

    /// 催办 / How often it was urged, and from when on it may be again.
    async fn urges(&self) -> Option<Urges> {
        self.0.participants(Some(Urges::of(self.0.row())))
    }

    /// 回访未接通次数，工作人员可见 / Calls back in vain, this round; for staff.
    async fn missed_callback_count(&self) -> Option<i32> {
        self.0.staff(Some(self.0.row().missed_callbacks))
    }
}

/// 挂起 / A pause.
#[derive(SimpleObject)]
pub struct Suspension {
    /// 原因 / Why.
    reason: SuspendReason,
    /// 挂起时间 / Since when.
    suspended_at: DateTime<Utc>,
    /// 到期自动恢复 / Until when; then it resumes by itself.
    until: DateTime<Utc>,
}

impl Suspension {
    pub(super) fn of(row: &Model) -> Option<Self> {
        let (reason, suspended_at) = row.suspend_reason.zip(row.suspended_at)?;
        Some(Self { reason: reason.into(), suspended_at, until: row.suspended_until? })
    }
}

/// 待审批的申请 / What the unit asks for.
#[derive(SimpleObject)]
pub struct PendingAsk {
    /// 事项 / What.
    kind: AskKind,
    /// 申请延期的工作日数 / Working days more, of an extension.
    working_days: Option<i32>,
    /// 挂起原因 / Why, of a pause.
    reason: Option<SuspendReason>,
    /// 挂起至 / Until when, of a pause.
    until: Option<DateTime<Utc>>,
    /// 审批期限 / Decision due.
    due_at: Option<DateTime<Utc>>,
}

impl PendingAsk {
    pub(super) fn of(row: &Model) -> Option<Self> {
        Some(Self {
            kind: row.asked?.into(),
            working_days: row.asked_days,
            reason: row.asked_reason.map(Into::into),
            until: row.asked_until,
            due_at: row.asked_due_at,
        })
    }
}

/// 矛盾预警 / A warning of people in conflict.
#[derive(SimpleObject)]
pub struct ConflictWarning {
    /// 类型 / What about.
    kind: ConflictKind,
    /// 涉及人数 / How many people.
    headcount: i32,
    /// 风险等级 / How far it may go.
    risk: RiskLevel,
}

impl ConflictWarning {
    pub(super) fn of(row: &Model) -> Option<Self> {
        let (kind, risk) = row.conflict_kind.zip(row.conflict_risk)?;
        Some(Self { kind: kind.into(), headcount: row.conflict_headcount?, risk: risk.into() })
    }
}

/// 督办 / A supervisor's order that waits for its answer.
#[derive(SimpleObject)]
pub struct Supervision {
    /// 级别 / From how high.
    level: SupervisionLevel,
    /// 回复期限 / Answer due.
    due_at: DateTime<Utc>,
}

impl Supervision {
    pub(super) fn of(row: &Model) -> Option<Self> {
        let (level, due_at) = row.supervision_level.zip(row.supervision_due_at)?;
        Some(Self { level: level.into(), due_at })
    }
}

/// 催办 / The reporter's urging.
#[derive(SimpleObject)]
pub struct Urges {
    /// 次数 / How often.
    count: i32,
    /// 此后可再次催办；没有催办过时为空 / It may be urged again from then on; null before the first time.
    again_at: Option<DateTime<Utc>>,
}

impl Urges {
    pub(super) fn of(row: &Model) -> Self {
        Self { count: row.urges, again_at: row.urge_again_at }
    }
}
