//! How many feeds a person may have (订阅限额). Pure.

use kernel::error::{Detail, UserError, UserErrorCode};

/// Feeds of a person at once, at most: the own, and some venues of whoever works there.
pub const LIVE: usize = 10;

/// Whether a person who has so many may have another one.
///
/// # Errors
/// `LIMIT_EXCEEDED`, with the limit.
pub(crate) fn check(live: usize) -> Result<(), UserError> {
    let too_many = UserError::new(UserErrorCode::LimitExceeded).with(Detail::Limit(LIVE as i64));
    if live < LIVE { Ok(()) } else { Err(too_many) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_is_too_many() {
        assert_eq!(check(LIVE - 1), Ok(()));
        assert_eq!(check(LIVE).unwrap_err().detail, Detail::Limit(10));
    }
}
