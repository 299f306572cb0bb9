//! 热线工单 / Orders of the hotline on the wire.

mod mutations;
mod queries;
mod types;

pub use mutations::{ExportHotlineResultsPayload, HotlineMutation, ImportHotlineOrdersPayload};
pub use queries::HotlineQuery;
pub use types::{
    HotlineBatch, HotlineColumn, HotlineImport, HotlineRow, HotlineRowCode, HotlineRowConnection, HotlineRowEdge,
    HotlineRowProblem, ImportState, RowOutcome,
};
