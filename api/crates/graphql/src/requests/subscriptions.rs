//! Live updates of service requests: hints, always refetchable by id.

use ::requests as slice;
use async_graphql::{Context, ID, Subscription};
use entity::id::ServiceRequestId;
use futures_util::stream::{self, Stream};
use kernel::error::Error;
use kernel::live::Hint;
use kernel::tx::Record as _;

use crate::context::{Ask as _, OrFail as _, Result};
use crate::hints::{gathers, hears};
use crate::requests::types::ServiceRequest;

/// Subscriptions.
#[derive(Default)]
pub struct RequestSubscription;

/// 诉求实时更新 / Live updates of service requests.
#[Subscription]
impl RequestSubscription {
    /// 诉求变化；订阅时先给出当前内容 / One request changed; the current one comes first. Ends when it is hidden from the viewer.
    async fn service_request_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "诉求 / Request.")] id: ID,
    ) -> Result<impl Stream<Item = Result<ServiceRequest>>> {
        let id: ServiceRequestId = ctx.id(&id)?;
        let heard = ctx.house().live.subscribe();
        Ok(stream::unfold((ctx, heard, true), move |(ctx, mut heard, is_first)| async move {
            if !is_first && !hears(&mut heard, |hint| hint.subject == id.0).await {
                return None;
            }
            let found = slice::case_by_id(ctx.base(), &ctx.caller().actor, id).await.or_fail(ctx);
            let item = found.and_then(|case| case.map(|case| ServiceRequest::of(ctx, case)).transpose());
            item.transpose().map(|item| (item, (ctx, heard, false)))
        }))
    }

    /// 工作台变化；给出各标签件数，仅工作人员 / The viewer's work changed: how many cases each tab holds; for people who hold a
    /// role. The current numbers come first; an error comes last.
    async fn work_queue_changed(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Result<Vec<crate::requests::queries::WorkQueueCount>>>> {
        if ctx.person()?.grants.is_empty() {
            return Err(ctx.fail(Error::Forbidden));
        }
        let heard = ctx.house().live.subscribe();
        Ok(stream::unfold((ctx, heard, Seen::Nothing), |(ctx, mut heard, seen)| async move {
            loop {
                match seen {
                    Seen::Nothing => {}
                    Seen::Counts(_) if hears(&mut heard, is_of_a_request).await => gathers(&mut heard).await,
                    Seen::Counts(_) | Seen::Failure => return None,
                }
                let counts = slice::work_queue_counts(ctx.base(), &ctx.caller().actor).await.or_fail(ctx);
                match counts {
                    Ok(counts) if matches!(&seen, Seen::Counts(last) if *last == counts) => {}
                    Ok(counts) => {
                        let item = crate::requests::queries::counted(&counts);
                        return Some((Ok(item), (ctx, heard, Seen::Counts(counts))));
                    }
                    Err(error) => return Some((Err(error), (ctx, heard, Seen::Failure))),
                }
            }
        }))
    }
}

/// What a subscriber to the queue was told last.
enum Seen {
    Nothing,
    Counts(slice::WorkQueueCounts),
    /// It ends the stream: counting again at once would spin while the database is away.
    Failure,
}

fn is_of_a_request(hint: &Hint) -> bool {
    hint.subject_kind == slice::Fact::SUBJECT
}
