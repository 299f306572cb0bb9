//! Types of residence and proxies; who reaches one may see it.

use std::collections::HashMap;
use std::sync::Arc;

use ::residents as slice;
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::id::{Id as _, ServiceRequestId};
use entity::residence;
use kernel::guarded::{Decision, Guarded as _};
use kernel::page::Cursor;
use slice::Flat;

use super::enums::{
    ProxyAction, ProxyState, ProxyVerb, ResidenceAction, ResidenceRejectReason, ResidenceRelation, ResidenceState,
    proxy_action, residence_action,
};
use crate::areas::Area;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::identity::User;
use crate::loaders::load;
use crate::page::connection;
use crate::requests::ServiceRequest;

/// A proof of residence as who lives there and the neighbourhood see it.
#[derive(Clone)]
pub struct Residence {
    row: Arc<slice::Residence>,
    flat: Arc<Flat>,
}

impl Residence {
    /// The proof, with its flat in clear.
    pub(crate) fn of(ctx: &Context<'_>, row: residence::Model) -> Result<Self> {
        let flat = slice::flat_of(ctx.base(), &row).or_fail(ctx)?;
        Ok(Self { row: Arc::new(slice::Residence(row)), flat: Arc::new(flat) })
    }

    pub(super) fn cursor(&self) -> Cursor {
        Cursor { at: self.row.0.created_at, id: self.row.0.id.into() }
    }
}

connection!(ResidenceConnection, ResidenceEdge, Residence, "居住认证", "proofs of residence");

/// 居住认证；只有本人和所在居村可见 / A proof of residence; seen by who lives there and by the neighbourhood's staff only.
#[Object]
impl Residence {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.row.0.id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.row.0.version
    }

    /// 状态 / State.
    async fn state(&self) -> ResidenceState {
        self.row.0.state.into()
    }

    /// 居住关系 / As what.
    async fn relation(&self) -> ResidenceRelation {
        self.row.0.relation.into()
    }

    /// 申请人 / Who lives there.
    async fn applicant(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.row.0.account_id).await.map(|row| row.map(User)).transpose()
    }

    /// 所在区域 / The area it was applied for.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        load(ctx, self.row.0.area_id).await.map(|row| row.map(Area)).transpose()
    }

    /// 小区 / Name of the compound.
    async fn compound(&self) -> &str {
        &self.row.0.compound
    }

    /// 幢、号楼 / Building.
    async fn building(&self) -> &str {
        &self.flat.building
    }

    /// 单元 / Entrance.
    async fn unit(&self) -> Option<&str> {
        self.flat.unit.as_deref()
    }

    /// 室 / Room.
    async fn room(&self) -> &str {
        &self.flat.room
    }

    /// 未通过的原因 / Why it was refused.
    async fn reject_reason(&self) -> Option<ResidenceRejectReason> {
        self.row.0.reject_reason.map(Into::into)
    }

    /// 居村的说明 / What the neighbourhood said with it.
    async fn note(&self) -> Option<&str> {
        self.row.0.note.as_deref()
    }

    /// 有效期至；长期有效为空 / Until when it holds; open end when null.
    async fn valid_until(&self) -> Option<DateTime<Utc>> {
        self.row.0.valid_until
    }

    /// 认证或拒绝的时间 / When it was decided.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.row.0.decided_at
    }

    /// 失效时间 / When it was over.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.row.0.ended_at
    }

    /// 申请时间 / Applied.
    async fn created_at(&self) -> DateTime<Utc> {
        self.row.0.created_at
    }

    /// 当前用户可执行的操作 / What the viewer may do now.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Vec<ResidenceAction> {
        let actions = slice::residence_actions(&ctx.caller().actor, &self.row);
        actions.into_iter().filter_map(residence_action).collect()
    }
}

/// A proxy as one viewer sees it.
#[derive(Clone)]
pub struct ProxyGrant {
    proxy: Arc<slice::Proxy>,
    requests: Arc<Vec<ServiceRequest>>,
}

impl ProxyGrant {
    /// The proxies with those of their requests that the caller may see, in one read for all.
    pub(crate) async fn all(ctx: &Context<'_>, proxies: Vec<slice::Proxy>) -> Result<Vec<Self>> {
        let actor = &ctx.caller().actor;
        let ids: Vec<ServiceRequestId> = proxies.iter().flat_map(|proxy| proxy.cases.iter().copied()).collect();
        let cases = if ids.is_empty() {
            Vec::new()
        } else {
            ::requests::cases_by_ids(ctx.base(), actor, &ids).await.or_fail(ctx)?
        };
        let mut seen = HashMap::new();
        for case in cases {
            seen.insert(case.row.id, ServiceRequest::of(ctx, case)?);
        }
        let whole = |proxy: slice::Proxy| {
            let requests = proxy.cases.iter().filter_map(|id| seen.get(id).cloned()).collect();
            Self { proxy: Arc::new(proxy), requests: Arc::new(requests) }
        };
        Ok(proxies.into_iter().map(whole).collect())
    }

    fn is_told_the_number(&self, ctx: &Context<'_>) -> bool {
        self.proxy.decide(&ctx.caller().actor, slice::ProxyAction::ReadGranter) == Decision::Allow
    }
}

/// 代办授权；只有双方和窗口可见 / A proxy: somebody may act for another in named requests; seen by both, and by the counter that
/// granted it.
#[Object]
impl ProxyGrant {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.proxy.row.id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.proxy.row.version
    }

    /// 状态 / State.
    async fn state(&self) -> ProxyState {
        self.proxy.row.state.into()
    }

    /// 委托人；没有账号的人为空 / For whom; null for a person without an account.
    async fn principal(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.proxy.row.principal_id?).await.map(|row| row.map(User)).transpose()
    }

    /// 代办人；接受后可见 / Who acts; null until the invitation is accepted.
    async fn agent(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.proxy.row.agent_id?).await.map(|row| row.map(User)).transpose()
    }

    /// 代办人手机号，脱敏；委托人和窗口可见 / The number that was invited, masked; for the principal and the counter.
    async fn agent_phone(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let is_told = self.is_told_the_number(ctx);
        let phone = || slice::agent_phone_of(ctx.base(), &self.proxy.row).or_fail(ctx).map(|phone| phone.masked());
        is_told.then(phone)
    }

    /// 授权理由，窗口可见 / Why the counter granted it; for the counter.
    async fn reason(&self, ctx: &Context<'_>) -> Option<&str> {
        self.proxy.row.reason.as_deref().filter(|_| self.is_told_the_number(ctx))
    }

    /// 诉求，至多 20 件；接受后代办人可见 / The requests, at most 20, so not paged; for the agent once accepted.
    async fn service_requests(&self) -> Vec<ServiceRequest> {
        self.requests.to_vec()
    }

    /// 代办权限 / What the agent may do.
    async fn verbs(&self) -> Vec<ProxyVerb> {
        slice::Verbs::read(&self.proxy.row.verbs).iter().map(Into::into).collect()
    }

    /// 有效期至 / Until when it holds.
    async fn valid_until(&self) -> DateTime<Utc> {
        self.proxy.row.valid_until
    }

    /// 授权时间 / Granted.
    async fn created_at(&self) -> DateTime<Utc> {
        self.proxy.row.created_at
    }

    /// 接受时间 / Accepted.
    async fn accepted_at(&self) -> Option<DateTime<Utc>> {
        self.proxy.row.accepted_at
    }

    /// 终止或到期的时间 / When it was over.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.proxy.row.ended_at
    }

    /// 当前用户可执行的操作 / What the viewer may do now.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Vec<ProxyAction> {
        let now = ctx.base().clock.now();
        let actions = slice::proxy_actions(&ctx.caller().actor, &self.proxy, now);
        actions.into_iter().filter_map(proxy_action).collect()
    }
}
