//! Orders of the city's hotline (12345热线工单): files of the district's platform come in, results go back, each once.
//!
//! ```text
//!   file ──► import: QUEUED ──► RUNNING ──► DONE        a row: CREATED · KNOWN · WITHDRAWN · REFUSED
//!                       │  some rows in each transaction,
//!                       └─ which moves the count of rows done: cut off, it goes on where it was
//!
//!   case closed, refused or withdrawn ──► waits ──► batch (a file for the district)
//!                                           ▲ │
//!                                           └─┘ closed anew: sent again, as a correction
//! ```
//! A good row comes in whatever is wrong with others: a caller waits for each, and who imports sees the bad ones with column and
//! code, mends them and brings the same file again. The number of an order is a street's own; a row that came before is known by its
//! keyed hash, and one that says otherwise than before is refused, since people work on what was said.
//!
//! | module | what it holds | |
//! | --- | --- | --- |
//! | `sheet` | a file as rows of text: encodings, CSV, bounds | pure |
//! | `workbook` | the same of an Excel file | pure |
//! | `column` | the columns of a file | pure |
//! | `order` | a row as an order, or what is wrong with it | pure |
//! | `result` | what is sent back | pure |
//! | `store` | the only files that name columns | SQL |
//! | `service` | one function per verb | |

mod column;
mod order;
mod result;
mod service;
mod sheet;
mod store;
mod workbook;

pub use column::Column;
pub use order::{AGE, Problem, RowProblem};
pub use service::{
    BeginImport, Import, Job, LIFE, SendResults, address, batch_of, begin, enter, fail, forget, import_of, is_waiting,
    next_job, prepare, rows_of, send_results, serve,
};
pub use sheet::{FileProblem, Prepared, ROWS, TEMPLATE};
pub use store::sealed_tables;
