//! Relay's `node` (全局标识取对象).

use async_graphql::{Context, ID, Interface, Object};
use entity::id::{AreaId, Id as _, OrganizationId, ServiceRequestId, UnitId};
use kernel::error::Error;

use crate::areas::Area;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::directory::{Organization, Unit};
use crate::loaders::load;
use crate::requests::ServiceRequest;

/// 可由全局标识取回的对象 / An object that can be fetched again by its global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "全局标识 / Global id."))]
pub enum Node {
    /// A service request.
    ServiceRequest(ServiceRequest),
    /// An area.
    Area(Area),
    /// An organisation.
    Organization(Organization),
    /// A unit.
    Unit(Unit),
}

/// Queries.
#[derive(Default)]
pub struct NodeQuery;

/// 按标识取对象 / Fetching by id.
#[Object]
impl NodeQuery {
    /// 按全局标识取对象；不存在或无权查看时为空 / Fetches by global id; null when absent or hidden.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> Option<Result<Node>> {
        find(ctx, &id).await.transpose()
    }

    /// 批量取对象，至多 100 个，与标识同序 / Fetches many, at most 100, in the order of the ids.
    async fn nodes(&self, ctx: &Context<'_>, ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
        if ids.len() > 100 {
            return Err(ctx.fail(Error::BadRequest("`ids` has at most 100")));
        }
        let mut found = Vec::with_capacity(ids.len());
        for id in &ids {
            found.push(find(ctx, id).await?);
        }
        Ok(found)
    }
}

async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let actor = &ctx.caller().actor;
    if let Some(id) = ServiceRequestId::parse(id) {
        let case = requests::case_by_id(ctx.base(), actor, id).await.or_fail(ctx)?;
        return case.map(|case| ServiceRequest::of(ctx, case).map(Node::ServiceRequest)).transpose();
    }
    if let Some(id) = AreaId::parse(id) {
        return Ok(load(ctx, id).await?.map(|row| Node::Area(Area(row))));
    }
    if directory::policy::admit(actor).is_err() {
        return Ok(None);
    }
    if let Some(id) = OrganizationId::parse(id) {
        return Ok(load(ctx, id).await?.map(|row| Node::Organization(Organization(row))));
    }
    match UnitId::parse(id) {
        Some(id) => Ok(load(ctx, id).await?.map(|row| Node::Unit(Unit(row)))),
        None => Ok(None),
    }
}
