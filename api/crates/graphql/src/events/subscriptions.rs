//! Live updates of who is there.

use std::sync::Arc;

use ::events as slice;
use async_graphql::{Context, ID, Subscription};
use entity::id::EventId;
use futures_util::stream::{self, Stream};
use kernel::error::{Error, Result as KernelResult};
use kernel::live::Hint;

use super::attending::at_the_door;
use super::types::Event;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::hints::{Watched, Watcher};
use crate::house::House;

/// Subscriptions.
#[derive(Default)]
pub struct EventSubscription;

/// 签到实时更新 / Live updates of who is there.
#[Subscription]
impl EventSubscription {
    /// 签到人数变化；仅主办方：订阅时先给出当前内容，随后在有变化时给出 / Who is there changed; for who holds the event: the present one comes first, and it again whenever it
    /// differs. An error comes last.
    async fn check_ins_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "活动 / Event.")] event_id: ID,
    ) -> Result<impl Stream<Item = Result<Event>>> {
        ctx.person()?;
        let event = ctx.id::<EventId>(&event_id)?;
        at_the_door(ctx, event).await?.ok_or_else(|| ctx.fail(Error::NotFound))?;
        let watcher = Watcher::of(Door(event), ctx.house());
        Ok(stream::unfold((ctx, watcher), move |(ctx, mut watcher)| async move {
            let seen = watcher.next(ctx.house()).await?.or_fail(ctx);
            let read = async {
                seen?;
                // Whoever may not any more hears that, and nothing after it.
                at_the_door(ctx, event).await?.ok_or_else(|| ctx.fail(Error::NotFound))
            };
            let told = read.await;
            if told.is_err() {
                watcher.ends();
            }
            Some((told, (ctx, watcher)))
        }))
    }
}

/// Who is there.
struct Door(EventId);

impl Watched for Door {
    type Seen = slice::Tally;

    fn may_move(hint: &Hint) -> bool {
        slice::may_move_doors(hint)
    }

    async fn may_concern(&self, house: &House, hint: &Hint) -> KernelResult<bool> {
        house.doors.may_concern(&house.base, self.0, hint).await
    }

    async fn look(&self, house: &House) -> KernelResult<Arc<slice::Tally>> {
        house.doors.look(&house.base, self.0).await
    }
}
