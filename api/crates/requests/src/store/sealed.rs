//! What is sealed anew after the master key was changed.

use entity::request_original;
use entity::service_request::{Column, Entity};
use identity::phone::Phone;
use kernel::reseal::{Sealed, Table};

use super::originals::{ADDRESS, DESCRIPTION};
use super::retention::OWED;
use super::rows::{NAME, PHONE};

/// The tables of this slice with sealed columns.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn Table>> {
    let originals = Sealed::<request_original::Entity> {
        columns: &[
            (request_original::Column::DescriptionSealed, DESCRIPTION),
            (request_original::Column::AddressSealed, ADDRESS),
        ],
        reindex: |_, _| Ok(()),
    };
    let requests = Sealed::<Entity> {
        columns: &[(Column::OnBehalfNameSealed, NAME), (Column::ContactPhoneSealed, PHONE), (Column::OwedSealed, OWED)],
        reindex: |vault, row| {
            if let Some(phone) = &row.contact_phone_sealed {
                row.contact_phone_index = Some(Phone::from_stored(vault.open(PHONE, phone)?).index(vault));
            }
            Ok(())
        },
    };
    vec![Box::new(requests), Box::new(originals)]
}
