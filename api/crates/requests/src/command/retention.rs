//! What is sent about how long a case is kept.

use super::*;

/// A legal hold, or the end of one, as sent.
#[derive(Clone, Debug)]
pub struct RawLegalHold {
    /// Which case.
    pub on: Target,
    /// Why.
    pub reason: String,
}

/// A legal hold, or the end of one (诉讼保全).
#[derive(Clone, Debug)]
pub struct LegalHold {
    /// Which case.
    pub on: Target,
    /// Why.
    pub reason: String,
}

impl RawLegalHold {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<LegalHold> {
        Ok(LegalHold { on: self.on, reason: words("reason", &self.reason, WORDS)? })
    }
}
