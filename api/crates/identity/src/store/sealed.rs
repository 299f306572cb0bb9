//! What is sealed anew after the master key was changed.

use entity::enums::IdentityKind;
use entity::{account, delivery, dependant, former_trait, identity, staff_credential};
use kernel::reseal::{Sealed, Table};

use super::deliveries::PAYLOAD;
use super::dependants;
use super::identities::{VALUE, openid_index};
use super::privacy::FORMER;
use super::staff::{PENDING, TOTP};
use super::{NAME, PHONE};
use crate::phone::Phone;
use crate::wechat::Openid;

/// The tables of this slice with sealed columns.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn Table>> {
    vec![
        Box::new(Sealed::<account::Entity> {
            columns: &[(account::Column::NameSealed, NAME), (account::Column::PhoneSealed, PHONE)],
            reindex: |vault, account| {
                if let Some(phone) = &account.phone_sealed {
                    account.phone_index = Some(Phone::from_stored(vault.open(PHONE, phone)?).index(vault));
                }
                Ok(())
            },
        }),
        Box::new(Sealed::<identity::Entity> {
            columns: &[(identity::Column::ValueSealed, VALUE)],
            reindex: |vault, identity| {
                let value = vault.open(VALUE, &identity.value_sealed)?;
                identity.value_index = match identity.kind {
                    IdentityKind::WechatOpenid => openid_index(vault, &Openid::new(value)),
                };
                Ok(())
            },
        }),
        Box::new(Sealed::<staff_credential::Entity> {
            columns: &[(staff_credential::Column::TotpSealed, TOTP), (staff_credential::Column::TotpPending, PENDING)],
            reindex: |_, _| Ok(()),
        }),
        Box::new(Sealed::<delivery::Entity> {
            columns: &[(delivery::Column::PayloadSealed, PAYLOAD)],
            reindex: |_, _| Ok(()),
        }),
        Box::new(Sealed::<former_trait::Entity> {
            columns: &[(former_trait::Column::ValueSealed, FORMER)],
            reindex: |_, _| Ok(()),
        }),
        Box::new(Sealed::<dependant::Entity> {
            columns: &[
                (dependant::Column::NameSealed, dependants::NAME),
                (dependant::Column::BirthMonthSealed, dependants::BIRTH_MONTH),
            ],
            reindex: |_, _| Ok(()),
        }),
    ]
}
