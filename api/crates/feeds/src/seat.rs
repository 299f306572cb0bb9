//! A registration for an event as an entry of a calendar (活动日程). Pure.
//!
//! An address shows what it shows to whoever has it, and calendar apps keep copies: of an event that is for members of the party it
//! says when and where, and not what it is.

use entity::enums::{EventAudience, RegistrationState};
use entity::id::Id as _;
use events::Registration;

use crate::calendar::{Entry, Status};

/// A registration as an entry.
pub(crate) fn entry(Registration { row, event }: &Registration) -> Entry {
    let event = &event.row;
    let status = if row.state == RegistrationState::Confirmed { Status::Confirmed } else { Status::Cancelled };
    let is_public = event.audience == EventAudience::Public;
    let title = if is_public { event.title.as_str() } else { "活动" };
    // Not every app shows how far an entry stands.
    let summary = match status {
        Status::Cancelled => format!("【已取消】{title}"),
        Status::Tentative | Status::Confirmed => title.to_owned(),
    };
    let mut said = vec![format!("报名码：{}", row.code), format!("人数：{}", row.seats)];
    if is_public {
        said.push(format!("主办方：{}", event.organizer));
    }
    Entry {
        uid: format!("{}@zhilitong", row.id.text()),
        // Either moves by itself, and neither goes back.
        sequence: row.version + event.version,
        created_at: row.created_at,
        changed_at: row.updated_at.max(event.updated_at),
        begins_at: event.begins_at,
        ends_at: event.ends_at,
        status,
        summary,
        location: event.place.clone(),
        position: event.latitude.zip(event.longitude),
        description: said.join("\n"),
    }
}
