//! Whose account it is (归户规则): one person, one account, many ways to sign in; and numbers that the operator gave to
//! somebody else (二次放号). Pure.

use chrono::TimeDelta;

/// An account unused for longer than this may belong to the number's former owner.
pub const IDLE: TimeDelta = TimeDelta::days(365);

/// What is known of the account that holds a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// How long nobody used it.
    pub idle: TimeDelta,
    /// Whether it is bound to a WeChat identity other than the caller's: its owner can come back without the number.
    pub has_other_wechat: bool,
}

/// Whose a number is that somebody has just proved to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// No account holds it.
    Free,
    /// That of the account that holds it.
    Holders,
    /// The account that holds it lost it: its owner gave it up, and the operator gave it to somebody else.
    Recycled,
}

/// Whose a number is.
#[must_use]
pub fn number(holder: Option<Holder>) -> Number {
    match holder {
        None => Number::Free,
        Some(Holder { idle, has_other_wechat: true }) if idle > IDLE => Number::Recycled,
        Some(_) => Number::Holders,
    }
}

/// Which account somebody signs in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// The one that the openid is bound to.
    OfWechat,
    /// The one that holds the number; an openid that comes with it is bound to it.
    OfNumber,
    /// A new one, with what the person brought. A recycled number is taken from who held it.
    New,
}

/// Which account somebody signs in to who brings a number, an openid, or both: a known openid decides, since WeChat knows
/// its person; else the number does.
#[must_use]
pub fn account(is_openid_known: bool, number: Option<Number>) -> Account {
    match (is_openid_known, number) {
        (true, _) => Account::OfWechat,
        (false, Some(Number::Holders)) => Account::OfNumber,
        (false, Some(Number::Free | Number::Recycled) | None) => Account::New,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(days: i64, has_other_wechat: bool) -> Option<Holder> {
        Some(Holder { idle: TimeDelta::days(days), has_other_wechat })
    }

    #[test]
    fn a_number_is_recycled_when_its_account_is_long_unused_and_can_be_reached_otherwise() {
        for (holder, expected) in [
            (None, Number::Free),
            (held(0, false), Number::Holders),
            (held(0, true), Number::Holders),
            (held(365, true), Number::Holders),
            (held(366, true), Number::Recycled),
            (held(3660, false), Number::Holders),
        ] {
            assert_eq!(number(holder), expected, "{holder:?}");
        }
    }

    #[test]
    fn who_signs_in_where() {
        use {Account as A, Number as N};
        for (is_known, number, expected) in [
            (true, None, A::OfWechat),
            (true, Some(N::Free), A::OfWechat),
            (true, Some(N::Holders), A::OfWechat),
            (true, Some(N::Recycled), A::OfWechat),
            (false, None, A::New),
            (false, Some(N::Free), A::New),
            (false, Some(N::Holders), A::OfNumber),
            (false, Some(N::Recycled), A::New),
        ] {
            assert_eq!(account(is_known, number), expected, "{is_known} {number:?}");
        }
    }
}
