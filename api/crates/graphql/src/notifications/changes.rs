//! What moved while a client was away.

use ::notifications::{Position, changes_since};
use async_graphql::{Context, ID, SimpleObject};
use entity::id::Id as _;

use crate::context::{Ask as _, OrFail as _, Result};

/// 离开期间的变化 / What moved while a client was away.
#[derive(SimpleObject)]
pub struct Changes {
    /// 变化的诉求，每件一次，最久未动的在前 / Requests that moved, each once, the longest unmoved first.
    nodes: Vec<Change>,
    /// 下次从这里继续 / Where to go on.
    next_cursor: String,
    /// 现在还有更多 / Whether to ask on at once.
    has_more: bool,
}

/// 变化的诉求 / A request that moved.
#[derive(SimpleObject)]
pub struct Change {
    /// 诉求的全局标识 / Global id of the request.
    id: ID,
    /// 已到的版本 / The version it has reached.
    version: i32,
}

/// What moved after a cursor.
pub(super) async fn since(ctx: &Context<'_>, cursor: Option<&str>, first: Option<i32>) -> Result<Changes> {
    ctx.person()?;
    let after = cursor.map(Position::parse).transpose().or_fail(ctx)?;
    let changes = changes_since(ctx.base(), &ctx.caller().actor, after, first).await.or_fail(ctx)?;
    let change = |(id, version): (entity::id::ServiceRequestId, i32)| Change { id: id.text().into(), version };
    Ok(Changes {
        nodes: changes.moved.into_iter().map(change).collect(),
        next_cursor: changes.next.text(),
        has_more: changes.has_more,
    })
}
