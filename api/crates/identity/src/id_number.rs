//! Numbers of identity cards (公民身份号码, GB 11643-1999): checked at the counter, never kept.

use std::fmt;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use kernel::clock::shanghai_date;
use kernel::error::{Detail, UserError, UserErrorCode};
use kernel::text::line;

/// Characters that are looked at as a number at most.
const LONGEST: usize = 32;
/// What each digit but the last counts for.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The last sign, by the sum of the others modulo eleven.
const CHECK: [u8; 11] = *b"10X98765432";
/// Provinces, regions and municipalities, and the residence permits of people from Hong Kong, Macao and Taiwan.
const REGIONS: [std::ops::RangeInclusive<u32>; 9] =
    [11..=15, 21..=23, 31..=37, 41..=46, 50..=54, 61..=65, 71..=71, 81..=83, 91..=91];

/// A number that a card may bear (公民身份号码). Its `Debug` says nothing: it never reaches a log.
#[derive(Clone, PartialEq, Eq)]
pub struct IdNumber {
    born: NaiveDate,
}

impl IdNumber {
    /// Takes what was typed from a card: eighteen signs, a region that exists, a date of the calendar between 1900 and today, and
    /// the check sign. Cards of fifteen digits have been void since 2013.
    ///
    /// # Errors
    /// `INVALID` at the field; as [`kernel::text::line`].
    ///
    /// ```
    /// use identity::id_number::IdNumber;
    /// let now = "2026-11-25T04:00:00Z".parse().unwrap();
    /// assert!(IdNumber::parse("idNumber", "11010519491231002x", now).is_ok());
    /// assert!(IdNumber::parse("idNumber", "110105194912310021", now).is_err());
    /// ```
    pub fn parse(field: &str, text: &str, now: DateTime<Utc>) -> Result<Self, UserError> {
        let invalid = || UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("id_number"));
        let text = line(field, text, LONGEST)?.to_ascii_uppercase();
        let signs = <&[u8; 18]>::try_from(text.as_bytes()).map_err(|_| invalid())?;
        let (digits, check) = (&signs[..17], signs[17]);
        if !digits.iter().all(u8::is_ascii_digit) || check_of(digits) != check {
            return Err(invalid());
        }
        let number = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok());
        let region = number(0, 2).ok_or_else(invalid)?;
        let born = NaiveDate::parse_from_str(&text[6..14], "%Y%m%d").map_err(|_| invalid())?;
        let is_date = born.year() >= 1900 && born <= shanghai_date(now);
        let is_region = REGIONS.iter().any(|regions| regions.contains(&region));
        if is_date && is_region { Ok(Self { born }) } else { Err(invalid()) }
    }

    /// Whole years of age in Shanghai at an instant.
    #[must_use]
    pub fn age(&self, now: DateTime<Utc>) -> i32 {
        let today = shanghai_date(now);
        let had_birthday = (today.month(), today.day()) >= (self.born.month(), self.born.day());
        today.year() - self.born.year() - i32::from(!had_birthday)
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdNumber(…)")
    }
}

fn check_of(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECK[(sum % 11) as usize]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-25T04:00:00Z".parse().unwrap()
    }

    fn is_good(text: &str) -> bool {
        IdNumber::parse("idNumber", text, now()).is_ok()
    }

    /// The vectors of GB 11643, and synthetic ones of the sub-district.
    #[test]
    fn numbers_that_exist_and_numbers_that_do_not() {
        for good in [
            "310112190003010014",
            "310112190012310027",
            "31011219001231006X",
            "31011219001231006x",
            "11010519491231002X",
        ] {
            assert!(is_good(good), "{good}");
        }
        for bad in [
            "310112190003010015",  // check sign
            "310112190002290018",  // 1900 was no leap year, though the check sign fits
            "310112190013010018",  // month 13, though the check sign fits
            "110105491231002",     // fifteen digits
            "3101121900030100140", // nineteen
            "31011219000301001Ｘ",
            "X10112190003010014",
            "",
        ] {
            assert!(!is_good(bad), "{bad}");
        }
    }

    #[test]
    fn who_is_born_later_or_nowhere_has_no_number() {
        let with_check = |digits: &str| format!("{digits}{}", char::from(check_of(digits.as_bytes())));
        assert!(is_good(&with_check("31011220261125001")), "born today");
        assert!(!is_good(&with_check("31011220261126001")), "born tomorrow");
        assert!(!is_good(&with_check("31011218991231001")), "before 1900");
        assert!(!is_good(&with_check("01011219900101001")), "no such region");
        assert!(is_good(&with_check("81000019900101001")), "a residence permit");
        let age = |digits: &str| IdNumber::parse("idNumber", &with_check(digits), now()).unwrap().age(now());
        assert_eq!((age("31011220121125001"), age("31011220121126001")), (14, 13));
    }

    proptest! {
        /// One digit typed wrong is always found out.
        #[test]
        fn a_wrong_digit_is_found_out(at in 0_usize..17, digit in 0_u8..10) {
            let good = "310112190003010014";
            let mut typed = good.as_bytes().to_vec();
            typed[at] = b'0' + digit;
            let typed = String::from_utf8(typed).unwrap();
            prop_assert!(typed == good || !is_good(&typed));
        }
    }
}
