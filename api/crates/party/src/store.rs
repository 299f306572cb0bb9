//! The only files of this slice that name columns (存取).

mod members;
mod organizations;
mod sealed;

pub use members::{
    Expected, Member, accounts_of, all_of, bind, bound_to, expected, forget, forget_numbers, indexes_of,
    insert_members, invitations, invitations_of, is_expected, key_of, membership_of, names_for, page_of, release,
    renew, row_of, unbind,
};
pub use organizations::{
    all, are_within, bound_within, circle_of, insert_organization, organization, organizations, organizations_by_ids,
    rename_organization,
};
pub use sealed::sealed_tables;
