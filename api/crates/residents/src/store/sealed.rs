//! What is sealed anew after the master key was changed.

use entity::{proxy_grant, residence};
use identity::phone::Phone;
use kernel::reseal::{Sealed, Table};

use super::proxies::PHONE;
use super::residences::{BUILDING, ROOM, UNIT, flat_index};

/// The tables of this slice with sealed columns.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn Table>> {
    vec![
        Box::new(Sealed::<residence::Entity> {
            columns: &[
                (residence::Column::BuildingSealed, BUILDING),
                (residence::Column::UnitSealed, UNIT),
                (residence::Column::RoomSealed, ROOM),
            ],
            reindex: |vault, row| {
                row.flat_index = flat_index(vault, row)?;
                Ok(())
            },
        }),
        Box::new(Sealed::<proxy_grant::Entity> {
            columns: &[(proxy_grant::Column::AgentPhoneSealed, PHONE)],
            reindex: |vault, row| {
                row.agent_phone_index = Phone::from_stored(vault.open(PHONE, &row.agent_phone_sealed)?).index(vault);
                Ok(())
            },
        }),
    ]
}
