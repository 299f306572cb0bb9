//! What is sealed anew after the master key was changed.

use entity::{event_attendance, event_guest, event_record, event_resolution};
use kernel::reseal::{Sealed, Table};

use super::{attendance, guests, record};

/// The tables of this slice with sealed columns.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn Table>> {
    vec![
        Box::new(Sealed::<event_guest::Entity> {
            columns: &[(event_guest::Column::NameSealed, guests::NAME)],
            reindex: |_, _| Ok(()),
        }),
        Box::new(Sealed::<event_attendance::Entity> {
            columns: &[(event_attendance::Column::ReasonSealed, attendance::REASON)],
            reindex: |_, _| Ok(()),
        }),
        Box::new(Sealed::<event_record::Entity> {
            columns: &[
                (event_record::Column::ChairSealed, record::CHAIR),
                (event_record::Column::RecorderSealed, record::RECORDER),
                (event_record::Column::MinutesSealed, record::MINUTES),
            ],
            reindex: |_, _| Ok(()),
        }),
        Box::new(Sealed::<event_resolution::Entity> {
            columns: &[(event_resolution::Column::TitleSealed, record::TITLE)],
            reindex: |_, _| Ok(()),
        }),
    ]
}
