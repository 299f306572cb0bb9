//! Rosters of the party that come in as files (党员名册导入).

use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::base::Base;
use kernel::error::Result;
use party::{File, Imported, RowError};

/// Reads a file, and sees whether it fits what was imported before; changes nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn read(base: &Base, text: &str) -> Result<std::result::Result<File, Vec<RowError>>> {
    let file = match File::parse(text, base.clock.now()) {
        Ok(file) => file,
        Err(errors) => return Ok(Err(errors)),
    };
    Ok(party::check(base, &file).await?.map(|()| file))
}

/// Enters a file, all of it or nothing, with one line of the audit chain that names nobody.
///
/// # Errors
/// As [`party::import`].
pub async fn import(base: &Base, file: &File) -> Result<Imported> {
    let act = Act { action: "partyImport", subject: None, address: None };
    base.write(Actor::System.doing(&act), file, |tx, file| Box::pin(party::import(tx, file))).await
}
