//! The only files of this slice that name columns (存取).

mod imports;
mod results;
mod sealed;

pub use imports::{
    Counts, content, digests, import, insert_import, insert_orders, insert_rows, is_waiting, move_on, next, page,
    settle,
};
pub use results::{batch, forget, insert_batch, mark_sent, next_number, waiting};
pub use sealed::{FILE, RESULTS, sealed_tables};
