//! Services that a centre offers.

use std::collections::BTreeSet;

use entity::enums::{ServiceCategory, ServiceState};
use entity::id::{CenterId, ServiceItemId, VenueId};
use kernel::error::{Result, UserError, UserErrorCode};
use kernel::target::Target;
use kernel::text::{Problems, line, optional, words};

use super::NOTE;
use super::places::{NAME, RULES, code};
use crate::services::Content;

/// Characters of whom it is for at most.
const AUDIENCE: usize = 120;
/// Things to bring along at most, and characters of each.
const MATERIALS: (usize, usize) = (12, 40);
/// Numbers that are given on a day at most.
const TICKETS: i32 = 999;
/// Venues at which a service is given at most.
const VENUES: usize = 20;

/// A service, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawSaveService {
    /// Which.
    pub id: Option<ServiceItemId>,
    /// The version its editor saw.
    pub expected_version: Option<i32>,
    /// Its centre.
    pub center: CenterId,
    /// Code.
    pub code: String,
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
    /// What it costs, in words.
    pub fee: Option<String>,
    /// How long an appointment takes.
    pub minutes: Option<i32>,
    /// Numbers that are given on a day.
    pub tickets_per_day: Option<i32>,
    /// Where it stands.
    pub state: ServiceState,
    /// Where, or by whom, it is given.
    pub venues: Vec<VenueId>,
}

/// Enters or changes a service (维护服务项目).
#[derive(Clone, Debug)]
pub struct SaveService {
    /// Which.
    pub target: Target<ServiceItemId>,
    /// Its centre.
    pub center: CenterId,
    /// Code.
    pub code: String,
    /// What it says.
    pub content: Content,
    /// Where it stands.
    pub state: ServiceState,
    /// Where, or by whom, it is given; one at least.
    pub venues: BTreeSet<VenueId>,
}

impl RawSaveService {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(&self) -> Result<SaveService> {
        let mut problems = Problems::default();
        let target = problems.take(Target::of(self.id, self.expected_version));
        let code = problems.keep(code("code", &self.code));
        let name = problems.keep(line("name", &self.name, NAME));
        let description = problems.keep(optional("description", self.description.as_deref(), RULES, words));
        let audience = problems.keep(optional("audience", self.audience.as_deref(), AUDIENCE, line));
        let fee = problems.keep(optional("fee", self.fee.as_deref(), NOTE, line));
        let materials = self.materials.iter().map(|thing| line("materials", thing, MATERIALS.1));
        let materials = problems.keep(materials.collect::<std::result::Result<Vec<_>, _>>());
        if materials.len() > MATERIALS.0 {
            problems.add(UserError::at_most("materials", MATERIALS.0 as i64));
        }
        let minutes = problems.keep(ranged("minutes", self.minutes, 15..=240, 15));
        let tickets_per_day = problems.keep(ranged("ticketsPerDay", self.tickets_per_day, 1..=TICKETS, 1));
        let venues: BTreeSet<VenueId> = self.venues.iter().copied().collect();
        if venues.is_empty() {
            problems.add(UserError::at(UserErrorCode::Required, "venueIds"));
        }
        if venues.len() > VENUES {
            problems.add(UserError::at_most("venueIds", VENUES as i64));
        }
        problems.none()?;
        let category = self.category;
        let content = Content { name, category, description, audience, materials, fee, minutes, tickets_per_day };
        let (center, state) = (self.center, self.state);
        Ok(SaveService { target: Problems::given(target)?, center, code, content, state, venues })
    }
}

/// A small number in a range and in steps, where there is one.
fn ranged(
    field: &str,
    value: Option<i32>,
    range: std::ops::RangeInclusive<i32>,
    step: i32,
) -> std::result::Result<Option<i16>, UserError> {
    let Some(value) = value else { return Ok(None) };
    let small = i16::try_from(value).ok().filter(|_| range.contains(&value) && value % step == 0);
    small.map(Some).ok_or_else(|| UserError::because(field, "out_of_range"))
}
