//! What is sealed anew after the master key was changed.

use entity::{hotline_batch, hotline_import};
use kernel::reseal::{Sealed, Table};

/// Under which name files that come in are sealed.
pub const FILE: &str = "hotline.import";
/// And those that go out.
pub const RESULTS: &str = "hotline.results";

/// The tables of this slice with sealed columns.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn Table>> {
    vec![
        Box::new(Sealed::<hotline_import::Entity> {
            columns: &[(hotline_import::Column::ContentSealed, FILE)],
            reindex: |_, _| Ok(()),
        }),
        Box::new(Sealed::<hotline_batch::Entity> {
            columns: &[(hotline_batch::Column::ContentSealed, RESULTS)],
            reindex: |_, _| Ok(()),
        }),
    ]
}
