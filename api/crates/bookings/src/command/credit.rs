//! About credit.

use entity::id::{BookingId, CreditAppealId, CreditEntryId};
use kernel::error::{Result, UserError, UserErrorCode};
use kernel::target::Seen;
use kernel::text::{line, optional, words};

use super::NOTE;

/// Characters of an appeal at most.
const REASON: usize = 500;

/// Says that a line of the own credit is wrong (信用申诉).
#[derive(Clone, Debug)]
pub struct MakeAppeal {
    /// Which line.
    pub entry: CreditEntryId,
    /// What the person says.
    pub reason: String,
}

impl MakeAppeal {
    /// Parses it.
    ///
    /// # Errors
    /// As [`kernel::text::words`], at `reason`.
    pub fn parse(entry: CreditEntryId, reason: &str) -> Result<Self> {
        Ok(Self { entry, reason: words("reason", reason, REASON)? })
    }
}

/// The centre decides about an appeal (申诉处理).
#[derive(Clone, Debug)]
pub struct DecideAppeal {
    /// Which.
    pub on: Seen<CreditAppealId>,
    /// Whether the line was wrong.
    pub is_granted: bool,
    /// What it answers.
    pub answer: Option<String>,
}

impl DecideAppeal {
    /// Parses it.
    ///
    /// # Errors
    /// `REQUIRED` at `answer` when the line stands; as [`kernel::text::line`].
    pub fn parse(on: Seen<CreditAppealId>, is_granted: bool, answer: Option<&str>) -> Result<Self> {
        let answer = optional("answer", answer, NOTE, line)?;
        if !is_granted && answer.is_none() {
            return Err(UserError::at(UserErrorCode::Required, "answer").into());
        }
        Ok(Self { on, is_granted, answer })
    }
}

/// Something was left broken (损坏登记).
#[derive(Clone, Debug)]
pub struct RecordDamage {
    /// By whose use.
    pub on: Seen<BookingId>,
    /// What is broken.
    pub note: String,
}

impl RecordDamage {
    /// Parses it.
    ///
    /// # Errors
    /// As [`kernel::text::line`], at `note`.
    pub fn parse(on: Seen<BookingId>, note: &str) -> Result<Self> {
        Ok(Self { on, note: line("note", note, NOTE)? })
    }
}
