//! How people register, as who plans an event says it.

use chrono::{DateTime, Utc};
use entity::enums::WaitlistPromotion;
use forms::{Form, Question};
use kernel::error::{Result, UserError};
use kernel::text::Problems;

use super::{SEATS, SEATS_OF_ONE};

/// How people register, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawTerms {
    /// From when on.
    pub from: Option<DateTime<Utc>>,
    /// Until when; until it begins when absent.
    pub to: Option<DateTime<Utc>>,
    /// Until when a registration is taken back; until it begins when absent.
    pub withdraw_until: Option<DateTime<Utc>>,
    /// Seats.
    pub capacity: Option<i32>,
    /// Registrations that wait at most.
    pub waitlist_limit: Option<i32>,
    /// Seats of one registration at most.
    pub most_seats: i32,
    /// How a seat that falls free goes to who waits.
    pub promotion: WaitlistPromotion,
    /// Whether it is for who lives in its area only.
    pub is_for_residents: bool,
    /// What it asks.
    pub questions: Vec<Question>,
}

/// How people register (报名条件).
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// From when on.
    pub from: Option<DateTime<Utc>>,
    /// Until when.
    pub to: DateTime<Utc>,
    /// Until when a registration is taken back.
    pub withdraw_until: DateTime<Utc>,
    /// Seats.
    pub capacity: Option<i32>,
    /// Registrations that wait at most.
    pub waitlist_limit: Option<i32>,
    /// Seats of one registration at most.
    pub most_seats: i16,
    /// How a seat that falls free goes to who waits.
    pub promotion: WaitlistPromotion,
    /// Whether it is for who lives in its area only.
    pub is_for_residents: bool,
    /// What it asks.
    pub form: Form,
}

impl RawTerms {
    pub(super) fn parse(&self, begins_at: DateTime<Utc>) -> Result<Terms> {
        let mut problems = Problems::default();
        let (to, withdraw_until) = (self.to.unwrap_or(begins_at), self.withdraw_until.unwrap_or(begins_at));
        if to > begins_at {
            problems.add(UserError::because("registration.closesAt", "after_start"));
        }
        if withdraw_until > begins_at {
            problems.add(UserError::because("registration.withdrawUntil", "after_start"));
        }
        if self.from.is_some_and(|from| from >= to) {
            problems.add(UserError::because("registration.closesAt", "before_start"));
        }
        if self.capacity.is_some_and(|seats| !(1..=SEATS).contains(&seats)) {
            problems.add(UserError::because("registration.capacity", "out_of_range"));
        }
        if self.waitlist_limit.is_some_and(|most| !(0..=SEATS).contains(&most)) {
            problems.add(UserError::because("registration.waitlistLimit", "out_of_range"));
        }
        let most_seats = i16::try_from(self.most_seats).ok();
        let most_seats = most_seats.filter(|most| (1..=SEATS_OF_ONE).contains(&i32::from(*most)));
        if most_seats.is_none() {
            problems.add(UserError::because("registration.mostSeats", "out_of_range"));
        }
        let form = problems.all(Form::parse("registration.questions", self.questions.clone()))?;
        problems.none()?;
        Ok(Terms {
            from: self.from,
            to,
            withdraw_until,
            capacity: self.capacity,
            waitlist_limit: self.waitlist_limit,
            most_seats: Problems::given(most_seats)?,
            promotion: self.promotion,
            is_for_residents: self.is_for_residents,
            form: Problems::given(form)?,
        })
    }
}
