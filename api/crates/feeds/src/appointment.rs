//! A booking as an entry of a calendar (预约日程), and what it says to whom. Pure.

use entity::enums::BookingState as S;
use entity::id::Id as _;
use entity::{booking, center, venue};

use crate::calendar::{Entry, Status};

/// Who reads it (阅读者): what an address shows, it shows to whoever has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Who booked: what the person wrote is there too.
    Own,
    /// Staff of the centre: no names, no numbers, no words of people.
    Staff,
}

/// Where it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    /// The centre.
    pub center: &'p center::Model,
    /// The venue of it.
    pub venue: &'p venue::Model,
}

/// How far a booking stands, as calendars know it.
pub(crate) const fn status(state: S) -> Status {
    match state {
        S::Waitlisted | S::Offered | S::PendingApproval => Status::Tentative,
        S::Confirmed | S::CheckedIn | S::Completed => Status::Confirmed,
        // Of those who did not come the time was given to others.
        S::CancelledByUser | S::CancelledByCenter | S::Rejected | S::NoShow | S::Expired => Status::Cancelled,
    }
}

const fn word(state: S) -> &'static str {
    match state {
        S::Waitlisted => "候补中",
        S::Offered => "待确认",
        S::PendingApproval => "待审批",
        S::Confirmed => "已确认",
        S::CheckedIn => "已签到",
        S::Completed => "已完成",
        S::CancelledByUser => "已取消",
        S::CancelledByCenter => "中心取消",
        S::Rejected => "未通过",
        S::NoShow => "未到场",
        S::Expired => "已失效",
    }
}

/// A booking as an entry.
pub(crate) fn entry(row: &booking::Model, Place { center, venue }: Place<'_>, sight: Sight) -> Entry {
    let word = word(row.state);
    let summary = match (sight, status(row.state)) {
        (Sight::Staff, _) => format!("{}：{word}，{} 人", venue.name, row.party_size),
        (Sight::Own, Status::Confirmed) => format!("{}（{}）", venue.name, center.name),
        // Not every app shows how far an entry stands.
        (Sight::Own, _) => format!("【{word}】{}（{}）", venue.name, center.name),
    };
    let mut said = vec![format!("预约码：{}", row.code), format!("状态：{word}"), format!("人数：{}", row.party_size)];
    if sight == Sight::Own {
        said.extend(row.group_name.as_ref().map(|group| format!("团体：{group}")));
        said.push(format!("用途：{}", row.purpose));
        said.extend(center.phone.as_ref().map(|phone| format!("服务台：{phone}")));
    }
    Entry {
        uid: format!("{}@zhilitong", row.id.text()),
        sequence: row.version,
        created_at: row.created_at,
        changed_at: row.updated_at.max(venue.updated_at).max(center.updated_at),
        begins_at: row.begins_at,
        ends_at: row.ends_at,
        status: status(row.state),
        summary,
        location: format!("{} {}，{}", center.name, venue.name, center.address),
        position: center.latitude.zip(center.longitude),
        description: said.join("\n"),
    }
}

#[cfg(test)]
mod tests;
