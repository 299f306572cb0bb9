//! 参考数据 / Reference data on the wire: what people decide on from an instant on.

mod inputs;
mod mutations;
mod queries;
mod retention;
mod routing;
mod templates;
mod types;

pub use mutations::ReferenceMutation;
pub use queries::ReferenceQuery;
pub use types::EditionInfo;
