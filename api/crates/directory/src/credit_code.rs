//! The unified social credit code (统一社会信用代码, GB 32100-2015).

use kernel::error::{Detail, UserError, UserErrorCode};

/// What the code is written in: digits and capitals without I, O, S, V, Z. A character stands for its place.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Characters of a code.
const LENGTH: usize = 18;
/// Where the code of the area stands, in digits (GB/T 2260).
const AREA: std::ops::Range<usize> = 2..8;

/// The code of an organisation (统一社会信用代码): registrar, class, area, body, check character.
///
/// The body has a check of its own (GB 11714), which is not judged: old bodies that fail it exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditCode(String);

impl CreditCode {
    /// Takes what a person typed; small letters are folded.
    ///
    /// # Errors
    /// `INVALID` for the field.
    ///
    /// ```
    /// use directory::CreditCode;
    /// assert_eq!(CreditCode::parse("creditCode", " 91310112ma000004xe").unwrap().as_str(), "91310112MA000004XE");
    /// assert!(CreditCode::parse("creditCode", "91310112MA00000077").is_err());
    /// ```
    pub fn parse(field: &str, text: &str) -> Result<Self, UserError> {
        let code = text.trim().to_ascii_uppercase();
        let is_sound = values(&code).is_some_and(|values| check(&values) == values[LENGTH - 1]);
        if is_sound && code.as_bytes()[AREA].iter().all(u8::is_ascii_digit) {
            return Ok(Self(code));
        }
        Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("credit_code")))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What each character stands for.
fn values(code: &str) -> Option<[usize; LENGTH]> {
    let values: Option<Vec<usize>> =
        code.bytes().map(|character| ALPHABET.iter().position(|known| *known == character)).collect();
    values?.try_into().ok()
}

/// What the check character must stand for: weights are the powers of 3, and all but it count.
fn check(values: &[usize; LENGTH]) -> usize {
    let (sum, _) =
        values[..LENGTH - 1].iter().fold((0, 1), |(sum, weight), value| (sum + value * weight, weight * 3 % 31));
    (31 - sum % 31) % 31
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALID: [&str; 6] = [
        "91310112MA00000076",
        "91310112MA00004370",
        "91310112MA000004XE",
        "52310112000000000E",
        "11310112TERT00016B",
        "91350100M000100Y43",
    ];

    /// Completes a code by its check character.
    fn completed(body: &str) -> String {
        let mut code = format!("{body}0");
        let check = check(&values(&code).unwrap());
        code.pop();
        code.push(char::from(ALPHABET[check]));
        code
    }

    #[test]
    fn codes_of_the_standard_are_taken() {
        for code in VALID {
            assert_eq!(CreditCode::parse("c", code).unwrap().as_str(), code);
            assert_eq!(CreditCode::parse("c", &format!(" {} ", code.to_lowercase())).unwrap().as_str(), code);
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for bad in [
            "91310112MA00000077",
            "91310112MA0O000076",
            "9131011MA00000076",
            "91310112MA000000760",
            "",
            "91310112MA0000007６",
            "91310112MA 0000076",
            "一二三四五六",
            &completed("91A10112MA0000007"),
        ] {
            let refused = CreditCode::parse("creditCode", bad).unwrap_err();
            assert_eq!(
                (refused.code, refused.detail),
                (UserErrorCode::Invalid, Detail::Because("credit_code")),
                "{bad}"
            );
            assert_eq!(refused.field, ["creditCode"]);
        }
    }

    #[test]
    fn a_body_that_fails_its_own_check_is_taken() {
        assert!(CreditCode::parse("c", &completed("91310112MA0000008")).is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn one_wrong_character_is_found(
            area in 0u32..1_000_000,
            registrar in 0usize..31 * 31,
            body in proptest::collection::vec(0usize..31, 9),
            place in 0usize..LENGTH,
            shift in 1usize..31,
        ) {
            let letter = |value: usize| char::from(ALPHABET[value % 31]);
            let body: String = body.into_iter().map(letter).collect();
            let code = completed(&format!("{}{}{area:06}{body}", letter(registrar / 31), letter(registrar)));
            prop_assert!(CreditCode::parse("c", &code).is_ok(), "{}", code);
            let value = values(&code).unwrap()[place];
            let mut wrong = code.clone();
            wrong.replace_range(place..=place, &letter(value + shift).to_string());
            prop_assert!(CreditCode::parse("c", &wrong).is_err(), "{} for {}", wrong, code);
        }
    }
}
