//! Accounts of staff (工作人员账号): signing in with password and second factor, and who administers whom.

pub mod command;
mod passwords;
pub mod policy;
pub mod second_factor;
mod service;
pub(crate) mod sign_in;

pub use passwords::{FirstPassword, first_password};
pub use service::{
    GRANTS_PER_PERSON, Moved, create_account, create_staff, grant, grant_role, reset_password, reset_second_factor,
    revoke_role, set_status,
};
pub use sign_in::PasswordSignIn;

use crate::phone::Phone;

/// Characters of a user name at most.
pub const USERNAME: usize = 64;

/// A staff account to be made.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// Sign-in name.
    pub username: String,
    /// Password hash, in PHC form.
    pub password_hash: String,
    /// Name.
    pub name: String,
    /// Phone, if known.
    pub phone: Option<Phone>,
    /// Whether the password must be changed at first use: whoever made it knows it.
    pub must_change: bool,
}
