//! Live updates of what is free.

use std::sync::Arc;

use ::bookings::{self as slice, Asked, Slot, Watch};
use ::queue::Queue;
use areas::shanghai_date;
use async_graphql::{Context, ID, Subscription};
use chrono::NaiveDate;
use entity::id::{CenterId, ServiceItemId, VenueId};
use futures_util::stream::{self, Stream};
use kernel::error::{Error, Result as KernelResult};
use kernel::live::Hint;

use super::places::{VenueSlot, length};
use super::queue::ServiceQueue;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::hints::{Watched, Watcher};
use crate::house::House;
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
        let house = ctx.house();
        let watcher = Watcher::of(Slots { center: row.center_id, watch: house.watched.watch(asked) }, house);
        Ok(stream::unfold((ctx, watcher), |(ctx, mut watcher)| async move {
            let seen = watcher.next(ctx.house()).await?.or_fail(ctx);
            Some((seen.map(|slots| slots.iter().copied().map(VenueSlot::of).collect()), (ctx, watcher)))
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
        let watcher = Watcher::of(Line(service), ctx.house());
        Ok(stream::unfold((ctx, watcher), |(ctx, mut watcher)| async move {
            let seen = watcher.next(ctx.house()).await?.or_fail(ctx);
            Some((seen.map(|queue| ServiceQueue(Queue::clone(&queue))), (ctx, watcher)))
        }))
    }
}

/// The slots of a venue.
struct Slots {
    center: CenterId,
    watch: Watch,
}

impl Watched for Slots {
    type Seen = Vec<Slot>;

    fn may_move(hint: &Hint) -> bool {
        slice::may_move_slots(hint)
    }

    async fn may_concern(&self, house: &House, hint: &Hint) -> KernelResult<bool> {
        house.watched.may_concern(&house.base, self.center, hint).await
    }

    async fn look(&self, house: &House) -> KernelResult<Arc<Vec<Slot>>> {
        self.watch.look(&house.base).await
    }
}

/// The line of today for a service.
struct Line(ServiceItemId);

impl Watched for Line {
    type Seen = Queue;

    fn may_move(hint: &Hint) -> bool {
        ::queue::may_move_lines(hint)
    }

    async fn may_concern(&self, house: &House, hint: &Hint) -> KernelResult<bool> {
        house.queues.may_concern(&house.base, self.0, hint).await
    }

    async fn look(&self, house: &House) -> KernelResult<Arc<Queue>> {
        house.queues.look(&house.base, self.0, shanghai_date(house.base.clock.now())).await
    }
}
