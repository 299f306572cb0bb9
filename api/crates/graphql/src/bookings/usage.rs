//! How a centre is used, and the sheet of its day, for its staff.

use ::bookings as slice;
use async_graphql::{Object, SimpleObject};
use chrono::{DateTime, Utc};

use super::places::Venue;

/// How a centre is used.
pub struct CenterUsage(pub(super) slice::Usage);

/// 使用统计 / How a centre is used in a period.
#[Object]
impl CenterUsage {
    /// 到场使用的预约数 / Bookings of which people came.
    async fn used(&self) -> u32 {
        self.0.used
    }

    /// 爽约数 / Bookings to which nobody came.
    async fn no_shows(&self) -> u32 {
        self.0.no_shows
    }

    /// 爽约率，万分之一；没有应到的预约时为空 / No-shows of those that were to be used, in basis points; null when there were none.
    async fn no_show_rate_bp(&self) -> Option<u32> {
        basis_points(self.0.no_shows, self.0.no_shows.saturating_add(self.0.used))
    }

    /// 本人取消数 / Bookings that their people took back.
    async fn cancelled(&self) -> u32 {
        self.0.cancelled
    }

    /// 其中临期取消数 / Of these, those that were taken back too late.
    async fn late_cancellations(&self) -> u32 {
        self.0.late
    }

    /// 中心取消数 / Bookings that the centre called off.
    async fn called_off(&self) -> u32 {
        self.0.called_off
    }

    /// 开放时间的占用率，万分之一；未开放时为空 / Which part of the open time is had, in basis points; null when nothing is open.
    async fn occupancy_bp(&self) -> Option<u32> {
        let (open, had) = self.0.hours.iter().fold((0, 0), |(open, had), hour| (open + hour.open, had + hour.had));
        basis_points(had, open)
    }

    /// 按一天中的小时，仅有开放的小时 / By the hour of the day in Asia/Shanghai, those in which anything is open.
    async fn hours(&self) -> Vec<HourUsage> {
        let hours = (0..).zip(self.0.hours).filter(|(_, pieces)| pieces.open > 0);
        let usage = |(hour, slice::Pieces { open, had })| HourUsage {
            hour,
            open_minutes: open.saturating_mul(15),
            booked_minutes: had.saturating_mul(15),
            occupancy_bp: basis_points(had, open),
        };
        hours.map(usage).collect()
    }

    /// 按场地，按名称；整厅含其分隔的各厅 / By venue, by name; a hall has the hours of its parts. At most 100, so not paged.
    async fn venues(&self) -> Vec<VenueUsage> {
        let of = |usage: &slice::VenueUsage| VenueUsage {
            venue: Venue(usage.venue.clone()),
            used: usage.used,
            no_shows: usage.no_shows,
            no_show_rate_bp: basis_points(usage.no_shows, usage.no_shows.saturating_add(usage.used)),
            open_minutes: usage.pieces.open.saturating_mul(15),
            booked_minutes: usage.pieces.had.saturating_mul(15),
            occupancy_bp: basis_points(usage.pieces.had, usage.pieces.open),
        };
        self.0.venues.iter().map(of).collect()
    }
}

/// 场地使用统计 / How a venue is used in a period.
#[derive(SimpleObject)]
pub struct VenueUsage {
    /// 场地 / Venue.
    venue: Venue,
    /// 到场使用的预约数 / Bookings of it of which people came.
    used: u32,
    /// 爽约数 / Bookings of it to which nobody came.
    no_shows: u32,
    /// 爽约率，万分之一 / No-shows of those that were to be used, in basis points; null when there were none.
    no_show_rate_bp: Option<u32>,
    /// 开放分钟数，各名额、各分隔厅分别计 / Minutes in which it is open: of each place, and of each part.
    open_minutes: u32,
    /// 其中被预约的分钟数 / Of these, those that are had.
    booked_minutes: u32,
    /// 占用率，万分之一 / Which part that is, in basis points.
    occupancy_bp: Option<u32>,
}

/// 一小时的使用 / How an hour of the day is used.
#[derive(SimpleObject)]
pub struct HourUsage {
    /// 小时，0–23 / Hour, 0–23.
    hour: i32,
    /// 各场地开放分钟数之和 / Minutes in which rooms are open, summed; a hall is its parts.
    open_minutes: u32,
    /// 其中被预约的分钟数 / Of these, those that are had.
    booked_minutes: u32,
    /// 占用率，万分之一 / Which part that is, in basis points.
    occupancy_bp: Option<u32>,
}

fn basis_points(part: u32, whole: u32) -> Option<u32> {
    let points = (u64::from(part) * 10_000 + u64::from(whole) / 2).checked_div(u64::from(whole))?;
    u32::try_from(points).ok()
}

/// 当日预约表 / The sheet of a day.
#[derive(SimpleObject)]
pub struct DaySheet {
    /// 地址，相对于服务；凭地址即可下载，勿外传 / Address, relative to the service; whoever has it may fetch it.
    url: String,
    /// 有效至 / Until when.
    expires_at: DateTime<Utc>,
}

impl From<slice::SheetAddress> for DaySheet {
    fn from(slice::SheetAddress { url, expires_at }: slice::SheetAddress) -> Self {
        Self { url, expires_at }
    }
}
