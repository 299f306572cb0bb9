//! Live updates of what is free.

use std::sync::Arc;

use ::bookings::{self as slice, Asked, Slot, Watch};
use ::queue::Queue;
use areas::shanghai_date;
use async_graphql::{Context, ID, Subscription};
use chrono::NaiveDate;
use entity::id::{CenterId, ServiceItemId, VenueId};
use futures_util::stream::{self, Stream};
use kernel::error::Error;
use kernel::live::Heard;

use super::places::{VenueSlot, length};
use super::queue::ServiceQueue;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::hints::{Hints, gathers, next};
use crate::loaders::load;

/// Subscriptions.
#[derive(Default)]
pub struct BookingSubscription;

/// 时段实时更新 / Live updates of what is free.
#[Subscription]
impl BookingSubscription {
    /// 时段变化；订阅时先给出当前内容，随后仅在有变化时给出全部时段。到点放号看 opensAt，不另推送；留用的时段不在其中 / The slots of a venue on a date changed; the present
    /// ones come first, and all of them again whenever one differs. That slots open or begin by the clock is not told: `opensAt` and
    /// `startsAt` say when. Times that are kept for some people are left out for everybody. An error comes last.
    async fn slots_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "场地 / Venue.")] venue_id: ID,
        #[graphql(desc = "日期 / Date in Asia/Shanghai.")] on: NaiveDate,
        #[graphql(default = 60, desc = "时长，分钟 / How long, in minutes.")] minutes: i32,
        #[graphql(default, desc = "是否团体，团体可约更长 / Whether for a group, which may have longer.")]
        is_group: bool,
    ) -> Result<impl Stream<Item = Result<Vec<VenueSlot>>>> {
        let venue = ctx.id::<VenueId>(&venue_id)?;
        let row = load(ctx, venue).await?.ok_or_else(|| ctx.fail(Error::NotFound))?;
        // As anybody sees them, so that all who watch share a look.
        let asked = Asked { venue, from: on, days: 1, length: length(minutes).or_fail(ctx)?, is_group, who: None };
        if !slice::is_length(&row, minutes, is_group) {
            return Err(ctx.fail(Error::BadRequest("`minutes` is no length of the venue")));
        }
        // Listened to before anybody looks, so that nothing changes unheard between.
        let hints = ctx.house().live.subscribe();
        let watch = ctx.house().watched.watch(asked);
        let watcher = Watcher { center: row.center_id, watch, hints, last: None, is_over: false };
        Ok(stream::unfold((ctx, watcher), |(ctx, mut watcher)| async move {
            let item = watcher.next(ctx).await?;
            Some((item, (ctx, watcher)))
        }))
    }

    /// 排队变化：订阅时先给出今日情况，随后在有变化时给出；供大厅屏幕和等候的人 / The line of today for a service: the present one comes first, and it
    /// again whenever it differs. An error comes last.
    async fn service_queue_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "服务项目 / For which service.")] service_item_id: ID,
    ) -> Result<impl Stream<Item = Result<ServiceQueue>>> {
        let service = ctx.id::<ServiceItemId>(&service_item_id)?;
        load(ctx, service).await?.ok_or_else(|| ctx.fail(Error::NotFound))?;
        let hints = ctx.house().live.subscribe();
        let line = Line { service, hints, last: None, is_over: false };
        Ok(stream::unfold((ctx, line), |(ctx, mut line)| async move {
            let item = line.next(ctx).await?;
            Some((item, (ctx, line)))
        }))
    }
}

/// One who watches a line.
struct Line {
    service: ServiceItemId,
    hints: Hints,
    /// What was told last.
    last: Option<Arc<Queue>>,
    is_over: bool,
}

impl Line {
    /// The line as it is once something happened in it, or at first; `None` when nothing more will come.
    async fn looks(&mut self, ctx: &Context<'_>) -> kernel::error::Result<Option<Arc<Queue>>> {
        let queues = &ctx.house().queues;
        while self.last.is_some() {
            match next(&mut self.hints, ::queue::may_move_lines).await {
                None => return Ok(None),
                Some(Heard::Hint(hint)) if !queues.may_concern(ctx.base(), self.service, &hint).await? => {}
                Some(_) => {
                    gathers(&mut self.hints).await;
                    break;
                }
            }
        }
        let today = shanghai_date(ctx.base().clock.now());
        Ok(Some(queues.look(ctx.base(), self.service, today).await?))
    }

    /// The line when it differs from what was told last; `None` at the end.
    async fn next(&mut self, ctx: &Context<'_>) -> Option<Result<ServiceQueue>> {
        while !self.is_over {
            match self.looks(ctx).await.or_fail(ctx) {
                Ok(None) => return None,
                Ok(Some(queue)) if self.last.as_ref() == Some(&queue) => {}
                Ok(Some(queue)) => {
                    let told = ServiceQueue(Queue::clone(&queue));
                    self.last = Some(queue);
                    return Some(Ok(told));
                }
                // Looking again at once would spin while the database is away.
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// One who watches.
struct Watcher {
    center: CenterId,
    watch: Watch,
    hints: Hints,
    /// What was told last.
    last: Option<Arc<Vec<Slot>>>,
    is_over: bool,
}

impl Watcher {
    /// The slots as they are once something happened in the centre, or at first; `None` when nothing more will come.
    async fn looks(&mut self, ctx: &Context<'_>) -> kernel::error::Result<Option<Arc<Vec<Slot>>>> {
        while self.last.is_some() {
            match next(&mut self.hints, slice::may_move_slots).await {
                None => return Ok(None),
                Some(Heard::Hint(hint)) if !ctx.house().watched.may_concern(ctx.base(), self.center, &hint).await? => {}
                Some(_) => {
                    gathers(&mut self.hints).await;
                    break;
                }
            }
        }
        Ok(Some(self.watch.look(ctx.base()).await?))
    }

    /// The slots when they differ from what was told last; `None` at the end.
    async fn next(&mut self, ctx: &Context<'_>) -> Option<Result<Vec<VenueSlot>>> {
        loop {
            if self.is_over {
                return None;
            }
            match self.looks(ctx).await.or_fail(ctx) {
                Ok(None) => return None,
                Ok(Some(slots)) if self.last.as_ref() == Some(&slots) => {}
                Ok(Some(slots)) => {
                    let told = slots.iter().copied().map(VenueSlot::of).collect();
                    self.last = Some(slots);
                    return Some(Ok(told));
                }
                // Looking again at once would spin while the database is away.
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
    }
}
