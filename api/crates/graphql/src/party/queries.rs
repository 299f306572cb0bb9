//! Queries about the party.

use ::party as slice;
use async_graphql::{Context, ID, Object};
use entity::id::{Id as _, PartyOrganizationId};

use super::types::{PartyInvitation, PartyMembership, PartyOrganization, PartyRosterConnection, PartyRosterMember};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::mutation::act;
use crate::page::page;

/// Queries.
#[derive(Default)]
pub struct PartyQuery;

/// 党员信息查询 / Queries about the party.
#[Object]
impl PartyQuery {
    /// 党组织名册，先登记的在前；仅本组织书记及本级、上级党建专员。每次查阅，无论是否获准，均记入审计 / The roster of an organisation, first entered
    /// first; for its secretary, and for the party's staff of it or above. Each read, done or refused, is noted in the audit
    /// chain.
    async fn party_roster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "党组织 / Organisation of the party.")] organization_id: ID,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<PartyRosterConnection>> {
        let read = async {
            ctx.person()?;
            let page = page(first, after, last, before).or_fail(ctx)?;
            let organization = PartyOrganizationId::parse(&organization_id);
            let act = act(ctx, "partyRoster", organization);
            let acting = ctx.caller().actor.doing(&act);
            let wanted = slice::Roster { organization, page };
            let read = ctx.base().write(acting, &wanted, |tx, wanted| Box::pin(slice::roster(tx, wanted)));
            let rows = read.await.or_fail(ctx)?.map(|member| {
                let line = PartyRosterMember(member);
                let at = line.cursor();
                (line, at)
            });
            Ok(PartyRosterConnection::of(rows))
        };
        Some(read.await)
    }

    /// 本人任职的党组织及其上下级，至多 500 个；其他人为空 / The organisations in which the viewer has something to do for the party, with
    /// those above and below; at most 500, so not paged. Empty for everybody else.
    async fn party_organizations(&self, ctx: &Context<'_>) -> Option<Result<Vec<PartyOrganization>>> {
        let found = slice::organizations(ctx.base(), &ctx.caller().actor).await.or_fail(ctx);
        Some(found.map(|rows| rows.into_iter().map(PartyOrganization).collect()))
    }
}

/// The viewer's own membership.
pub(crate) async fn membership(ctx: &Context<'_>) -> Result<Option<PartyMembership>> {
    let account = ctx.person()?.account;
    Ok(slice::membership_of(ctx.base(), account).await.or_fail(ctx)?.map(PartyMembership))
}

/// Lines of rosters that wait for the viewer.
pub(crate) async fn invitations(ctx: &Context<'_>) -> Result<Vec<PartyInvitation>> {
    let account = ctx.person()?.account;
    let found = slice::invitations_of(ctx.base(), account).await.or_fail(ctx)?;
    Ok(found.into_iter().map(PartyInvitation).collect())
}
