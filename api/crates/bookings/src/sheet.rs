//! The sheet of a day (当日预约表): who has which room when, for the desk, to be printed or opened by a spreadsheet program. It has what people
//! said of themselves, groups and purposes, and names no account.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::enums::BookingState as S;
use entity::id::{CenterId, Id as _, ServiceItemId};
use entity::{booking, venue};
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::link;
use kernel::sheet::{csv, harmless};

use crate::services::Content;
use crate::store;

/// For how long the address of a sheet opens it.
const LIFE: TimeDelta = TimeDelta::minutes(10);
/// First part of its address.
const FOLDER: &str = "day-sheets";

/// The heading.
const HEADING: [&str; 11] = ["开始", "结束", "场地", "服务", "预约码", "状态", "团体", "人数", "用途", "回答", "签到"];

/// Which bookings stand on it, as the desk says it: those that keep their room, or kept it to the end.
const SHOWN: [(S, &str); 6] = [
    (S::Offered, "候补待确认"),
    (S::PendingApproval, "待审批"),
    (S::Confirmed, "已预约"),
    (S::CheckedIn, "已签到"),
    (S::Completed, "已完成"),
    (S::NoShow, "未到场"),
];

/// Where the sheet of a day is fetched (当日预约表地址), and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetAddress {
    /// Relative to the service.
    pub url: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Where the sheet of a centre's day is fetched; whoever has the address may, for ten minutes.
#[must_use]
pub fn day_sheet(base: &Base, center: CenterId, on: NaiveDate) -> SheetAddress {
    let expires_at = base.clock.now() + LIFE;
    let url = link::address(&base.vault, FOLDER, &[&center.text(), &on.to_string()], expires_at.timestamp());
    SheetAddress { url, expires_at }
}

/// Hands out the sheet of a signed address: the last parts of its path, and `expires` and `signature` of its query. As CSV.
///
/// # Errors
/// [`Error::NotFound`] for every other address.
pub async fn serve_day_sheet(base: &Base, (center, on): (&str, &str), query: (&str, &str)) -> Result<Vec<u8>> {
    if !link::opens(&base.vault, base.clock.now(), &[center, on], query) {
        return Err(Error::NotFound);
    }
    let (center, on) = CenterId::parse(center).zip(on.parse().ok()).ok_or(Error::NotFound)?;
    let db = base.db.reader();
    let center = store::center(db, center).await?.ok_or(Error::NotFound)?;
    let venues = store::venues_of(db, &[center.id]).await?;
    let rows = store::begun_on(db, center.id, on, &SHOWN.map(|(state, _)| state)).await?;
    let services: Vec<_> = rows.iter().filter_map(|row| row.service_id.zip(row.service_version)).collect();
    let services: HashMap<_, _> = store::editions_of_services(db, &services).await?.into_iter().collect();
    let lines = rows.iter().map(|row| line(row, &venues, &services).map(|text| harmless(&text)));
    csv(std::iter::once(HEADING.map(str::to_owned)).chain(lines)).map(String::into_bytes)
}

fn line(
    row: &booking::Model,
    venues: &[venue::Model],
    services: &HashMap<(ServiceItemId, i32), Content>,
) -> [String; 11] {
    let clock = |at: DateTime<Utc>| (at + TimeDelta::hours(8)).format("%H:%M").to_string();
    let venue = venues.iter().find(|venue| venue.id == row.venue_id);
    let service = row.service_id.zip(row.service_version).and_then(|booked| services.get(&booked));
    let answers = forms::kept_answers(&row.answers).into_iter();
    let answers = answers.map(|answer| format!("{}：{}", answer.label, answer.values.join("、")));
    [
        clock(row.begins_at),
        clock(row.ends_at),
        venue.map(|venue| venue.name.clone()).unwrap_or_default(),
        service.map(|service| service.name.clone()).unwrap_or_default(),
        row.code.clone(),
        state(row.state).to_owned(),
        row.group_name.clone().unwrap_or_default(),
        row.party_size.to_string(),
        row.purpose.clone(),
        answers.collect::<Vec<_>>().join("；"),
        row.checked_in_at.map(clock).unwrap_or_default(),
    ]
}

/// A state as the desk says it.
fn state(state: S) -> &'static str {
    SHOWN.iter().find(|(shown, _)| *shown == state).map(|(_, word)| *word).unwrap_or_default()
}
