//! Who handles what (承办目录): organisations, their units, the people in them, the areas and categories they answer for.
//!
//! ```text
//! organisation (机构) ──► unit (承办单位) ──► member (任职): leader or handler, from – to
//!                             ├──► areas it answers for (责任区域), with everything below
//!                             └──► categories it answers for (责任事项), with everything below
//! ```
//!
//! A place in a unit is a role: who is its leader or handler at an instant holds `UNIT_LEADER` or `HANDLER` in it, without
//! a grant being written. Two periods of one person in one unit never overlap, so at each instant a person is one thing
//! there.
//!
//! | file | what it answers |
//! | --- | --- |
//! | `command` | what someone wants: parsed names, codes, targets |
//! | `credit_code` | the code an organisation is registered by |
//! | `policy` | who may: maintain, staff a unit, read who is in it |
//! | `reach` | which codes and paths stand above a category and a place |
//! | `service` | the verbs |
//! | `store` | rows, and the lists and loaders that read them |
//! | `fact` | what happened: ids, states and times |

mod command;
mod credit_code;
mod fact;
pub mod policy;
mod reach;
mod service;
mod store;
#[cfg(test)]
mod tests;

pub use command::{
    AddUnitMember, CategoryCode, Edit, EndUnitMembership, NAME_LENGTH, Name, SaveOrganization, SaveUnit,
};
pub use credit_code::CreditCode;
pub use fact::{Change, OrganizationFact, UnitFact};
pub use policy::{Organization, OrganizationAction, Unit, UnitAction};
pub use service::{
    ANSWERS_PER_UNIT, MEMBERS_PER_UNIT, UNITS_PER_ORGANIZATION, add_unit_member, end_membership, end_unit_membership,
    save_organization, save_unit,
};
pub use store::{
    Candidate, active_units, areas_of, candidates, categories_of, is_member, leader_of, members_of, organizations,
    organizations_by_ids, pass_on_area, units_by_ids, units_of,
};
