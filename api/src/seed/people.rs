//! People of the demo town (演示人员): synthetic names and numbers.

use entity::enums::{Role, ScopeKind};
use identity::phone::Phone;
use identity::{NewStaff, password};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::tx::Tx;

/// Password of every demo staff account.
pub const PASSWORD: &str = "Demo-Town-2026";
/// Number of the resident who signs in with a code.
pub const RESIDENT_PHONE: &str = "13900000001";

/// Demo staff: user name, name, role over the whole street.
pub const STAFF: [(&str, &str, Role); 8] = [
    ("dispatcher", "派小单", Role::Dispatcher),
    ("dispatcher2", "派二单", Role::Dispatcher),
    ("chief", "值班长", Role::DutyChief),
    ("inspector", "巡查员", Role::GridInspector),
    ("callback", "回访员", Role::CallbackAgent),
    ("neighbourhood", "居委干部", Role::NeighborhoodStaff),
    ("supervisor", "督办员", Role::Supervisor),
    ("admin", "管理员", Role::SystemAdmin),
];

/// Makes the staff and the first resident. Gives back how many people there are.
///
/// # Errors
/// When something cannot be written.
pub async fn load(base: &Base) -> anyhow::Result<usize> {
    // One salt for all: these passwords protect nothing.
    let hash = password::hash(PASSWORD.to_owned(), *b"demo-town-salt-1").await?;
    base.write(&Actor::System, &hash, |tx, hash| Box::pin(make(tx, hash))).await?;
    Ok(STAFF.len() + 1)
}

async fn make(tx: &mut Tx, hash: &str) -> kernel::error::Result<()> {
    let street = areas::store::by_code(tx.db(), "310112008").await?.ok_or(kernel::error::Error::NotFound)?;
    for (username, name, role) in STAFF {
        let staff = NewStaff { username: username.into(), password_hash: hash.into(), name: name.into(), phone: None };
        let account = identity::create_staff(tx, &staff).await?;
        identity::grant(tx, account.id, role, (ScopeKind::Area, street.id.0), None).await?;
    }
    let phone = Phone::parse("phone", RESIDENT_PHONE)?;
    identity::open_account(tx, &phone, Some("钱居民")).await?;
    Ok(())
}
