//! What a command is about (指令对象): which object, and as which version its sender saw it.

use crate::error::{Error, Result, UserError, UserErrorCode};

/// Which object, and which version of it the person saw.
#[derive(Clone, Copy, Debug)]
pub struct Seen<K> {
    /// Which.
    pub id: K,
    /// The version seen; may be left out only where nobody's work is decided about.
    pub expected_version: Option<i32>,
}

impl<K> Seen<K> {
    /// Compares with the version that holds.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody was faster.
    pub fn check(&self, version: i32) -> Result<()> {
        if self.expected_version.is_some_and(|expected| expected != version) { Err(Error::Conflict) } else { Ok(()) }
    }
}

/// What a save is about: a new object, or an existing one as its editor last saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<K> {
    /// To be made.
    New,
    /// To be changed.
    Existing {
        /// Which.
        id: K,
        /// The version the editor saw.
        expected_version: i32,
    },
}

impl<K> Target<K> {
    /// Reads the two optional fields of an input.
    ///
    /// # Errors
    /// `REQUIRED` for an existing object without a version, `INVALID` for a new one with a version.
    ///
    /// ```
    /// use kernel::target::Target;
    /// assert_eq!(Target::of(Some(7), Some(2)), Ok(Target::Existing { id: 7, expected_version: 2 }));
    /// assert_eq!(Target::<u8>::of(None, None), Ok(Target::New));
    /// assert!(Target::of(Some(7), None).is_err());
    /// assert!(Target::<u8>::of(None, Some(2)).is_err());
    /// ```
    pub fn of(id: Option<K>, expected_version: Option<i32>) -> std::result::Result<Self, UserError> {
        let problem = |code| Err(UserError::at(code, "expectedVersion"));
        match (id, expected_version) {
            (None, None) => Ok(Self::New),
            (Some(id), Some(expected_version)) => Ok(Self::Existing { id, expected_version }),
            (Some(_), None) => problem(UserErrorCode::Required),
            (None, Some(_)) => problem(UserErrorCode::Invalid),
        }
    }
}
