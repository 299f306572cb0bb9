//! Queries about residence and proxies.

use ::residents as slice;
use async_graphql::{Context, Object};
use entity::id::{ProxyGrantId, ResidenceId};
use kernel::guarded::{Decision, Guarded as _};
use kernel::page::Page;

use super::enums::ResidenceState;
use super::types::{ProxyGrant, Residence, ResidenceConnection};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::page::page;

/// Queries.
#[derive(Default)]
pub struct ResidentQuery;

/// 居住认证查询 / Queries about proofs of residence.
#[Object]
impl ResidentQuery {
    /// 本居村的居住认证申请，先申请的在前；仅居村干部 / Proofs of residence in the viewer's neighbourhoods, first applied first; for the
    /// neighbourhood's staff.
    async fn residence_applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "ResidenceState::Applied", desc = "状态 / State.")] state: ResidenceState,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ResidenceConnection>> {
        let found = async {
            ctx.person()?;
            let page = page(first, after, last, before).or_fail(ctx)?;
            let actor = &ctx.caller().actor;
            let Page { rows, has_next, has_previous } =
                slice::applications(ctx.base(), actor, state.into(), &page).await.or_fail(ctx)?;
            let rows = rows.into_iter().map(|row| Residence::of(ctx, row).map(|node| (node.clone(), node.cursor())));
            let rows = rows.collect::<Result<Vec<_>>>()?;
            Ok(ResidenceConnection::of(Page { rows, has_next, has_previous }))
        };
        Some(found.await)
    }
}

/// The viewer's own proofs of residence.
pub(crate) async fn residences(ctx: &Context<'_>) -> Result<Vec<Residence>> {
    let account = ctx.person()?.account;
    let rows = slice::residences_of(ctx.base(), account).await.or_fail(ctx)?;
    rows.into_iter().map(|row| Residence::of(ctx, row)).collect()
}

/// Proxies that the viewer granted, holds, or is invited to.
pub(crate) async fn proxy_grants(ctx: &Context<'_>) -> Result<Vec<ProxyGrant>> {
    ctx.person()?;
    let proxies = slice::proxies_of(ctx.base(), &ctx.caller().actor).await.or_fail(ctx)?;
    ProxyGrant::all(ctx, proxies).await
}

impl Residence {
    /// By id; `None` when absent or hidden.
    pub(crate) async fn by_id(ctx: &Context<'_>, id: ResidenceId) -> Result<Option<Self>> {
        let row = slice::residence_by_id(ctx.base(), &ctx.caller().actor, id).await.or_fail(ctx)?;
        row.map(|row| Self::of(ctx, row)).transpose()
    }
}

impl ProxyGrant {
    /// By id; `None` when absent or hidden.
    pub(crate) async fn by_id(ctx: &Context<'_>, id: ProxyGrantId) -> Result<Option<Self>> {
        let actor = &ctx.caller().actor;
        let mut found = slice::proxies_by_ids(ctx.base(), actor, &[id]).await.or_fail(ctx)?;
        found.retain(|proxy| proxy.decide(actor, slice::ProxyAction::Read) == Decision::Allow);
        Ok(Self::all(ctx, found).await?.pop())
    }
}
