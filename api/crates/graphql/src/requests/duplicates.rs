//! Matters that were reported already: what is like it, merging, following.

use ::requests as slice;
use async_graphql::{Context, Object, SimpleObject};
use kernel::page::Cursor;
use slice::Case;

use crate::areas::GeoPointInput;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::page::page;
use crate::requests::call::{Call, ServiceRequestPayload, target};
use crate::requests::inputs::*;
use crate::requests::queries::connection;
use crate::requests::types::{ServiceRequest, ServiceRequestConnection};

/// 相似诉求 / A request that may be of the same matter.
#[derive(SimpleObject)]
pub struct SimilarServiceRequest {
    /// 诉求 / The request.
    service_request: ServiceRequest,
    /// 相距米数；确切位置不可见时为空 / Metres away; null where the exact place is not for the viewer.
    distance_meters: Option<i32>,
}

/// Queries.
#[derive(Default)]
pub struct DuplicateQuery;

/// 相似与关注 / What was reported already, and what the viewer follows.
#[Object]
impl DuplicateQuery {
    /// 提交前查找 250 米内的同类诉求，近的在前，至多 10 件；可改为关注 / Requests of the same category within 250 m, open or closed lately, the
    /// nearest first, at most 10; asked before submitting, to follow one instead.
    async fn similar_service_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "分类代码 / Code of the category.")] category_code: String,
        #[graphql(desc = "位置 / Place.")] place: GeoPointInput,
    ) -> Option<Result<Vec<SimilarServiceRequest>>> {
        let found = async {
            ctx.person()?;
            let bad_place = |_| kernel::error::Error::BadRequest("`place` is no place of ours");
            let place = place.place("place").map_err(bad_place).or_fail(ctx)?;
            let found = slice::similar(ctx.base(), &ctx.caller().actor, &category_code, place).await.or_fail(ctx)?;
            let shown = found.into_iter().map(|similar| {
                let distance_meters = similar.metres.map(|metres| metres.round() as i32);
                Ok(SimilarServiceRequest { service_request: ServiceRequest::of(ctx, similar.case)?, distance_meters })
            });
            shown.collect()
        };
        Some(found.await)
    }

    /// 关注的诉求，新的在前 / Requests the viewer follows, newest first.
    async fn followed_service_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ServiceRequestConnection>> {
        let found = async {
            let actor = &ctx.caller().actor;
            let page = page(first, after, last, before).or_fail(ctx)?;
            let by_age: fn(&Case) -> Cursor = Case::cursor_by_age;
            connection(ctx, slice::followed_requests(ctx.base(), actor, &page).await, by_age)
        };
        Some(found.await)
    }
}

/// Mutations.
#[derive(Default)]
pub struct DuplicateMutation;

/// 并案与关注 / What becomes of several requests about one matter.
#[Object]
impl DuplicateMutation {
    /// 并案 / Merges a request into another.
    async fn merge_service_request(
        &self,
        ctx: &Context<'_>,
        input: MergeServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "mergeServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let into = target(ctx, &input.into_id, Some(input.into_expected_version))?;
        let command = Ok(slice::Merge { on, into });
        call.on(on, command, |tx, (town, command)| Box::pin(slice::merge(tx, town, command))).await
    }

    /// 关注 / Follows a request of others.
    async fn follow_service_request(
        &self,
        ctx: &Context<'_>,
        input: FollowServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "followServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, None)?;
        let command = Ok(slice::Follow { on });
        call.on(on, command, |tx, (town, command)| Box::pin(slice::follow(tx, town, command))).await
    }

    /// 取消关注 / Follows it no more.
    async fn unfollow_service_request(
        &self,
        ctx: &Context<'_>,
        input: UnfollowServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "unfollowServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, None)?;
        let command = Ok(slice::Follow { on });
        call.on(on, command, |tx, (town, command)| Box::pin(slice::unfollow(tx, town, command))).await
    }
}
