//! What a request was before it came in here.

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use entity::enums::Source;
use entity::service_request;

use crate::context::Result;
use crate::loaders::{DeviceEventsOf, load};

/// What a case was elsewhere.
pub struct RequestOrigin(service_request::Model);

impl RequestOrigin {
    /// Of a case that came from elsewhere.
    pub(super) fn of(row: &service_request::Model) -> Option<Self> {
        let is_from_elsewhere = row.external_no.is_some() || row.occurred_at.is_some();
        is_from_elsewhere.then(|| Self(row.clone()))
    }
}

/// 来历：热线、巡查、设备 / What it was before it came in here: of the hotline, a patrol, a device.
#[Object]
impl RequestOrigin {
    /// 平台工单编号 / Number that the platform gave it.
    async fn external_no(&self) -> Option<&str> {
        self.0.external_no.as_deref()
    }

    /// 平台办理时限 / Until when the platform wants the result.
    async fn external_due_at(&self) -> Option<DateTime<Utc>> {
        self.0.external_due_at
    }

    /// 发现或热线受理时间；时限自收到时起算 / When it was found, or the hotline took it; clocks begin at the receipt.
    async fn occurred_at(&self) -> Option<DateTime<Utc>> {
        self.0.occurred_at
    }

    /// 设备事件次数；非设备发现时为空 / How many events of the device tell of it; null for what no device saw.
    async fn device_event_count(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        if self.0.source != Source::Auto {
            return None;
        }
        load(ctx, DeviceEventsOf(self.0.id)).await.transpose()
    }
}
