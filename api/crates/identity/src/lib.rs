//! Who asks (身份): accounts, passwords, one-time codes, tokens, sessions and role grants.
//!
//! ```text
//! code, password or WeChat ──► session (a refresh family, in the database) ──► access token, 15 min
//!                                 │ refresh: rotated at each use; a reused old token ends the family
//!                                 └ revoked: bites within 5 s on every node, since the hot copy lives 4 s
//!
//! code asked for ──► Redis (its hash) and delivery PENDING (sealed) ──► the courier ──► SENT, or tried again, or DEAD: erased
//! ```

pub mod address;
pub mod audit;
mod change;
pub mod code;
pub mod consent;
pub mod delivery;
pub mod dependant;
pub mod id_number;
mod lockout;
pub mod password;
pub mod phone;
pub mod privacy;
mod service;
pub mod staff;
mod store;
pub mod token;
pub mod wechat;
mod whose;

pub use change::{ChangePhone, Changed, CorrectName, correct_name, replace_phone};
pub use service::{Device, Identity, Issued, SignedIn, StaffRules, open_account, revoke_all, revoke_session};
pub use staff::command::Reason;
pub use staff::{NewStaff, USERNAME, create_staff, grant};
pub use store::{
    Held, Holder, NewPerson, account_of, accounts_by_ids, active_among, credential, credential_of, credentials_of,
    dead_deliveries, forget_deliveries, forget_sessions, grant_by_id, grants_of, grants_of_many, holders,
    insert_people, keys_fit, lock_account, name_of, pass_on_grants, phone_of, queue_up, recovery_codes_left,
    roles_held, sealed_tables, secretaries, session, sessions_of, staff_accounts,
};
