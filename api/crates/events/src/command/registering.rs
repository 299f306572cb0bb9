//! What who registers sends.

use entity::id::{DependantId, EventId, EventRegistrationId};
use forms::Given;
use kernel::error::{Result, UserError};
use kernel::target::Seen;
use kernel::text::{Problems, line};

use super::{NOTE, SEATS_OF_ONE};

/// Characters of a guest's name at most.
const NAME: usize = 32;

/// A registration, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawRegister {
    /// For which event.
    pub event: EventId,
    /// Children in the person's care who come too.
    pub dependants: Vec<DependantId>,
    /// Names of others who come too.
    pub guests: Vec<String>,
    /// Answers to what the event asks.
    pub answers: Vec<Given>,
    /// Whether to wait when it is full.
    pub joins_waitlist: bool,
}

/// Registers for an event (报名).
#[derive(Clone, Debug)]
pub struct Register {
    /// For which event.
    pub event: EventId,
    /// Children in the person's care who come too, each once.
    pub dependants: Vec<DependantId>,
    /// Names of others who come too.
    pub guests: Vec<String>,
    /// Answers to what the event asks; whether they are, is asked of the event.
    pub answers: Vec<Given>,
    /// Whether to wait when it is full.
    pub joins_waitlist: bool,
}

impl Register {
    /// Seats: the person's own, and one for each who comes too.
    #[must_use]
    pub fn seats(&self) -> i16 {
        i16::try_from(1 + self.dependants.len() + self.guests.len()).unwrap_or(i16::MAX)
    }
}

impl RawRegister {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(&self) -> Result<Register> {
        let mut problems = Problems::default();
        let mut dependants = self.dependants.clone();
        dependants.sort_unstable();
        dependants.dedup();
        if dependants.len() < self.dependants.len() {
            problems.add(UserError::because("dependantIds", "named_twice"));
        }
        let mut guests = Vec::new();
        if self.guests.len() + dependants.len() >= SEATS_OF_ONE as usize {
            problems.add(UserError::at_most("guestNames", i64::from(SEATS_OF_ONE) - 1));
        } else {
            guests = self.guests.iter().map(|name| problems.keep(line("guestNames", name, NAME))).collect();
        }
        let answers = forms::given("answers", &self.answers, &mut problems);
        problems.none()?;
        Ok(Register { event: self.event, dependants, guests, answers, joins_waitlist: self.joins_waitlist })
    }
}

/// Keeps seats for who fills in a form (占位).
#[derive(Clone, Copy, Debug)]
pub struct HoldSeats {
    /// For which event.
    pub event: EventId,
    /// How many.
    pub seats: i16,
}

impl HoldSeats {
    /// Parses it.
    ///
    /// # Errors
    /// `INVALID` at `seats`.
    pub fn parse(event: EventId, seats: i32) -> Result<Self> {
        let seats = i16::try_from(seats).ok().filter(|seats| (1..=SEATS_OF_ONE).contains(&i32::from(*seats)));
        let seats = seats.ok_or_else(|| UserError::because("seats", "out_of_range"))?;
        Ok(Self { event, seats })
    }
}

/// Who holds the event takes a person off (移出报名).
#[derive(Clone, Debug)]
pub struct Remove {
    /// Which.
    pub on: Seen<EventRegistrationId>,
    /// What the person is told.
    pub note: String,
}

impl Remove {
    /// Parses it.
    ///
    /// # Errors
    /// As [`kernel::text::line`], at `note`.
    pub fn parse(on: Seen<EventRegistrationId>, note: &str) -> Result<Self> {
        Ok(Self { on, note: line("note", note, NOTE)? })
    }
}
