//! What a centre offers beside its rooms (服务项目): given at its venues, by appointment or by number. Pure.

use entity::enums::{ServiceCategory, ServiceState};
use entity::{service_item, venue};
use kernel::error::{UserError, UserErrorCode};
use schedule::span::Span;
use serde::{Deserialize, Serialize};

use crate::window;

/// What a service says: each of its versions is kept, so that who booked one keeps it (服务项目内容).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Name.
    pub name: String,
    /// What it is about.
    pub category: ServiceCategory,
    /// What is done.
    pub description: Option<String>,
    /// For whom.
    pub audience: Option<String>,
    /// What people bring along.
    pub materials: Vec<String>,
    /// What it costs, in words; free when `None`.
    pub fee: Option<String>,
    /// How long an appointment takes; `None` when none are made.
    pub minutes: Option<i16>,
    /// Numbers that are given on a day; `None` when nobody stands in line for it.
    pub tickets_per_day: Option<i16>,
}

/// Whether every venue at which it is given is had for as long as an appointment takes.
///
/// # Errors
/// `INVALID` at `minutes`.
pub fn fits(minutes: Option<i16>, venues: &[&venue::Model]) -> Result<(), UserError> {
    let Some(minutes) = minutes else { return Ok(()) };
    if venues.iter().all(|venue| window::is_length(venue, minutes.into(), false)) {
        return Ok(());
    }
    Err(UserError::because("minutes", "no_length_there"))
}

/// Whether an appointment for a service may be made for a span at a venue; `is_given_there` tells whether it is given at that one.
///
/// # Errors
/// `SLOT_CLOSED` at `serviceItemId` for what is paused or offered no more; `INVALID` there for what is given elsewhere, or takes no
/// appointments; at `endsAt` for another length.
pub fn appointment(item: &service_item::Model, is_given_there: bool, span: Span) -> Result<(), UserError> {
    if item.state != ServiceState::Offered {
        return Err(UserError::at(UserErrorCode::SlotClosed, "serviceItemId"));
    }
    if !is_given_there {
        return Err(UserError::because("serviceItemId", "not_given_there"));
    }
    let Some(minutes) = item.minutes else { return Err(UserError::because("serviceItemId", "no_appointments")) };
    if span.count() * 15 == i32::from(minutes) { Ok(()) } else { Err(UserError::because("endsAt", "another_length")) }
}
