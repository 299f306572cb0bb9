//! What slices record (事实).

use serde::Serialize;

use crate::error::{Error, Result};

/// A thing that happened, as a slice words it: serialises to an object whose `kind` names it, e.g. `request.accepted`, and
/// whose other members are ids, states and times.
pub trait Record: Serialize {
    /// Kind of subject, e.g. `request`.
    const SUBJECT: &'static str;
}

/// A fact as the fact table keeps it: its kind apart from its other members.
pub(crate) fn kind_and_data<F: Record>(happened: &F) -> Result<(String, serde_json::Value)> {
    let mut data = serde_json::to_value(happened)?;
    let kind = data.as_object_mut().and_then(|members| members.remove("kind"));
    match kind {
        Some(serde_json::Value::String(kind)) => Ok((kind, data)),
        _ => Err(Error::Fault(anyhow::anyhow!("a fact of {} has no kind", F::SUBJECT))),
    }
}
