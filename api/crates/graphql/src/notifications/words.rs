//! What notifications say (通知用语): sentences by template and language; the fields are those of the fact.

mod bookings;
mod requests;

use ::notifications::Data;
use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::NotificationTemplate as Template;

use crate::errors::Language;

/// A title and a sentence or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Title.
    pub title: String,
    /// What is said.
    pub body: String,
}

/// Puts a notification in words; `name` is that of what it is about: of a category, or of a venue.
pub(super) fn words(template: Template, data: &Data, name: Option<&str>, language: Language) -> Words {
    match data {
        Data::Case(data) => requests::words(template, data, name, language),
        Data::Booking(data) => bookings::words(template, data, name, language),
    }
}

/// An instant as clocks in Shanghai show it.
fn clock(at: DateTime<Utc>, language: Language) -> String {
    let there = at + TimeDelta::hours(8);
    there.format(language.pick("%-m月%-d日 %H:%M", "%-d %b, %H:%M")).to_string()
}

#[cfg(test)]
mod tests {
    use ::notifications::matrix::kind_of;
    use entity::enums::NotificationKind as Kind;
    use strum::IntoEnumIterator as _;

    use super::*;

    /// The templates of what is said about bookings, or about requests.
    pub(super) fn of_bookings(is_wanted: bool) -> impl Iterator<Item = Template> {
        let is_of_bookings =
            |template| matches!(kind_of(template), Kind::BookingStatus | Kind::BookingReminder | Kind::BookingDesk);
        Template::iter().filter(move |template| is_of_bookings(*template) == is_wanted)
    }
}
