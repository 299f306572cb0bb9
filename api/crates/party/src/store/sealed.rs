//! What is sealed anew after the master key was changed.

use entity::party_member::{Column, Entity};
use identity::phone::Phone;
use kernel::reseal::{Sealed, Table};

use super::members::{JOIN_MONTH, NAME, PHONE};

/// The tables of this slice with sealed columns.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn Table>> {
    vec![Box::new(Sealed::<Entity> {
        columns: &[(Column::NameSealed, NAME), (Column::JoinMonthSealed, JOIN_MONTH), (Column::PhoneSealed, PHONE)],
        reindex: |vault, row| {
            if let Some(phone) = &row.phone_sealed {
                row.phone_index = Some(Phone::from_stored(vault.open(PHONE, phone)?).index(vault));
            }
            Ok(())
        },
    })]
}
