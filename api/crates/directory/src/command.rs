//! What someone wants of the directory (指令); values are parsed, so that a command that exists is well-formed.

use chrono::{DateTime, Utc};
use entity::enums::{OrganizationKind, UnitDuty};
use entity::id::{AccountId, AreaId, OrganizationId, UnitId};
use kernel::error::{Detail, UserError, UserErrorCode};
use kernel::target::Target;
use kernel::text;

use crate::credit_code::CreditCode;

/// Characters of an organisation's or unit's name at most.
pub const NAME_LENGTH: usize = 64;
/// Characters of a category's code at most, as its column holds them.
const CODE_LENGTH: usize = 32;

/// The name of an organisation or unit (名称): one line, at most [`NAME_LENGTH`] characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Takes what a person typed.
    ///
    /// # Errors
    /// As [`kernel::text::line`], for the field.
    ///
    /// ```
    /// use directory::Name;
    /// assert_eq!(Name::parse("name", " 爱博家园物业 ").unwrap().as_str(), "爱博家园物业");
    /// assert!(Name::parse("name", "两\n行").is_err());
    /// assert!(Name::parse("name", &"长".repeat(65)).is_err());
    /// ```
    pub fn parse(field: &str, text: &str) -> Result<Self, UserError> {
        text::line(field, text, NAME_LENGTH).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The code of a request category (事项代码): parts in capitals, joined by dots, each extending its parent's code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CategoryCode(String);

impl CategoryCode {
    /// Takes a code; whether the category exists is asked when it is saved.
    ///
    /// # Errors
    /// `INVALID` for the field.
    ///
    /// ```
    /// use directory::CategoryCode;
    /// assert!(CategoryCode::parse("categoryCodes", "FACILITY.STREET_LIGHT").is_ok());
    /// for bad in ["", "FACILITY.", ".LIGHT", "facility", "FACILITY%", "路灯"] {
    ///     assert!(CategoryCode::parse("categoryCodes", bad).is_err(), "{bad}");
    /// }
    /// ```
    pub fn parse(field: &str, text: &str) -> Result<Self, UserError> {
        let is_part = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        };
        if text.len() <= CODE_LENGTH && text.split('.').all(is_part) {
            return Ok(Self(text.to_owned()));
        }
        Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("category_code")))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a save does to a value that may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Edit<T> {
    /// It stays as it is: whoever edits may not know of it.
    #[default]
    Keep,
    /// It is taken away.
    Clear,
    /// It is this from now on.
    Set(T),
}

/// Makes or changes an organisation.
#[derive(Clone, Debug)]
pub struct SaveOrganization {
    /// Which.
    pub target: Target<OrganizationId>,
    /// Its name.
    pub name: Name,
    /// Its kind.
    pub kind: OrganizationKind,
    /// Its unified social credit code.
    pub credit_code: Edit<CreditCode>,
}

/// Makes or changes a unit, with all it answers for: what the sets leave out is taken from it.
#[derive(Clone, Debug)]
pub struct SaveUnit {
    /// Which.
    pub target: Target<UnitId>,
    /// Whose; a unit may move to another organisation.
    pub organization: OrganizationId,
    /// Its name.
    pub name: Name,
    /// Whether it takes new orders.
    pub is_active: bool,
    /// The areas it answers for, each with everything below.
    pub areas: Vec<AreaId>,
    /// The categories it answers for, each with everything below.
    pub categories: Vec<CategoryCode>,
}

/// Gives a person a place in a unit.
#[derive(Clone, Debug)]
pub struct AddUnitMember {
    /// Where.
    pub unit: UnitId,
    /// The version of the unit its editor saw.
    pub expected_version: i32,
    /// Who.
    pub account: AccountId,
    /// As what.
    pub duty: UnitDuty,
    /// From when; from now on when `None`. Never in the past: rights are not given backwards.
    pub from: Option<DateTime<Utc>>,
    /// Until when, that instant not included; open end when `None`.
    pub until: Option<DateTime<Utc>>,
}

/// Ends a person's place in a unit now, planned later periods included.
#[derive(Clone, Debug)]
pub struct EndUnitMembership {
    /// Where.
    pub unit: UnitId,
    /// The version of the unit its editor saw.
    pub expected_version: i32,
    /// Who.
    pub account: AccountId,
}
