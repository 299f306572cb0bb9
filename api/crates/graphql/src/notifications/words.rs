//! What notifications say (通知用语): sentences by template and language; the fields are those of the fact.

mod bookings;
mod events;
mod requests;

use ::notifications::Data;
use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::NotificationTemplate as Template;
use kernel::clock::shanghai_date;

use crate::errors::Language;

/// A title and a sentence or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Title.
    pub title: String,
    /// What is said.
    pub body: String,
}

/// Puts a notification in words; `name` is that of what it is about: of a category, a venue or an event.
pub(super) fn words(template: Template, data: &Data, name: Option<&str>, language: Language) -> Words {
    match data {
        Data::Case(data) => requests::words(template, data, name, language),
        Data::Booking(data) => bookings::words(template, data, name, language),
        Data::Event(data) => events::words(template, data, name, language),
    }
}

/// From when to when, as people say it.
fn span(begins_at: DateTime<Utc>, ends_at: DateTime<Utc>, language: Language) -> String {
    let begins = clock(begins_at, language);
    if shanghai_date(begins_at) == shanghai_date(ends_at) {
        let ends = (ends_at + TimeDelta::hours(8)).format("%H:%M");
        format!("{begins}–{ends}")
    } else {
        format!("{begins} – {}", clock(ends_at, language))
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

    /// The templates of what is said about some kinds.
    pub(super) fn of_kinds(kinds: &'static [Kind]) -> impl Iterator<Item = Template> {
        Template::iter().filter(move |template| kinds.contains(&kind_of(*template)))
    }
}
