//! Queries about orders of the hotline.

use ::hotline as slice;
use async_graphql::{Context, ID, Object};
use entity::id::{HotlineBatchId, HotlineImportId};

use super::types::{HotlineBatch, HotlineImport};
use crate::context::{Ask as _, OrFail as _, Result};

/// Queries.
#[derive(Default)]
pub struct HotlineQuery;

/// 热线工单查询 / Queries about orders of the hotline.
#[Object]
impl HotlineQuery {
    /// 热线工单导入及其进度；仅该街道派单员、值班长 / An import and how far it is; for dispatchers of its street and its chief on duty.
    async fn hotline_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "全局标识 / Global id.")] id: ID,
    ) -> Option<Result<HotlineImport>> {
        let read = async {
            ctx.person()?;
            let id: HotlineImportId = ctx.id(&id)?;
            let town = ctx.house().town();
            let found = slice::import_of(ctx.base(), &town, &ctx.caller().actor, id);
            Ok(found.await.or_fail(ctx)?.map(HotlineImport))
        };
        read.await.transpose()
    }

    /// 结果回传批次，三十天内可再次下载；仅该街道派单员、值班长 / A batch of results, to be fetched again within 30 days; for the same.
    async fn hotline_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "全局标识 / Global id.")] id: ID,
    ) -> Option<Result<HotlineBatch>> {
        let read = async {
            ctx.person()?;
            let id: HotlineBatchId = ctx.id(&id)?;
            let town = ctx.house().town();
            let found = slice::batch_of(ctx.base(), &town, &ctx.caller().actor, id);
            Ok(found.await.or_fail(ctx)?.map(|row| HotlineBatch::of(ctx, &row)))
        };
        read.await.transpose()
    }
}
