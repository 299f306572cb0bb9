//! Words people type (文本): every one is hostile until parsed.

use crate::error::{Detail, UserError, UserErrorCode};

/// Takes words of at most `limit` characters: trimmed, without control characters but line feed and tab, without the
/// marks that reorder text on a screen.
///
/// # Errors
/// `REQUIRED` when empty, `TOO_LONG` with the limit, `INVALID` for characters that have no place in words.
///
/// ```
/// use kernel::text::words;
/// assert_eq!(words("description", "  路灯坏了\r\n", 10).as_deref(), Ok("路灯坏了"));
/// assert!(words("description", "路灯\u{0}坏了", 10).is_err());
/// assert!(words("description", "一二三四", 3).is_err());
/// ```
pub fn words(field: &str, text: &str, limit: usize) -> Result<String, UserError> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Err(UserError::at(UserErrorCode::Required, field));
    }
    if text.chars().count() > limit {
        return Err(UserError::at(UserErrorCode::TooLong, field).with(Detail::Limit(limit as i64)));
    }
    if text.chars().any(is_out_of_place) {
        return Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("control_character")));
    }
    Ok(text)
}

/// As [`words`], on one line: names, addresses, numbers.
///
/// # Errors
/// As [`words`], and `INVALID` for line breaks and tabs.
pub fn line(field: &str, text: &str, limit: usize) -> Result<String, UserError> {
    let text = words(field, text, limit)?;
    if text.chars().any(char::is_control) {
        return Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("line_break")));
    }
    Ok(text)
}

/// An optional text: absent when `None` or blank.
///
/// # Errors
/// As the parser given.
pub fn optional(
    field: &str,
    text: Option<&str>,
    limit: usize,
    parse: fn(&str, &str, usize) -> Result<String, UserError>,
) -> Result<Option<String>, UserError> {
    text.filter(|text| !text.trim().is_empty()).map(|text| parse(field, text, limit)).transpose()
}

fn is_out_of_place(c: char) -> bool {
    let reorders =
        matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}');
    reorders || (c.is_control() && c != '\n' && c != '\t')
}

/// Collects every refusal of an input instead of stopping at the first, so that a form can show them all at once.
#[derive(Default)]
pub struct Problems(Vec<UserError>);

impl Problems {
    /// The value, or a place holder after its refusal was noted; the place holder never leaves, see [`Problems::none`].
    pub fn keep<T: Default>(&mut self, parsed: Result<T, UserError>) -> T {
        parsed.unwrap_or_else(|error| {
            self.0.push(error);
            T::default()
        })
    }

    /// The value, or `None` after its refusal was noted.
    pub fn take<T>(&mut self, parsed: Result<T, UserError>) -> Option<T> {
        parsed.map_err(|error| self.0.push(error)).ok()
    }

    /// The value of a part that collects its own refusals, or `None` after these were noted.
    ///
    /// # Errors
    /// What is no refusal.
    pub fn all<T>(&mut self, parsed: crate::error::Result<T>) -> crate::error::Result<Option<T>> {
        match parsed {
            Err(crate::error::Error::Refused(errors)) => {
                self.0.extend(errors);
                Ok(None)
            }
            parsed => parsed.map(Some),
        }
    }

    /// Notes a refusal.
    pub fn add(&mut self, error: UserError) {
        self.0.push(error);
    }

    /// What a parse without problems must have given.
    ///
    /// # Errors
    /// A fault when it did not.
    pub fn given<T>(value: Option<T>) -> crate::error::Result<T> {
        value.ok_or_else(|| anyhow::anyhow!("a parse without problems gave no value").into())
    }

    /// Ends the parsing.
    ///
    /// # Errors
    /// All refusals noted so far, if any.
    pub fn none(self) -> crate::error::Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(crate::error::Error::Refused(self.0)) }
    }
}
