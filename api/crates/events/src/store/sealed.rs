//! What is sealed anew after the master key was changed.

use entity::event_guest::{Column, Entity};
use kernel::reseal::{Sealed, Table};

use super::guests::NAME;

/// The tables of this slice with sealed columns.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn Table>> {
    vec![Box::new(Sealed::<Entity> { columns: &[(Column::NameSealed, NAME)], reindex: |_, _| Ok(()) })]
}
