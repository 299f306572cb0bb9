//! How long a step may take, as data: `15min`, `24h`, `4wh`, `5wd`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The time a step may take (时限), counted naturally or in working time.
///
/// [`crate::Calendar::due`] turns it into an instant. The text form is a count from 1 to [`TimeLimit::LONGEST`] and a
/// unit, without a space; it is what tables and files hold.
/// ```
/// use areas::TimeLimit;
/// assert_eq!("5wd".parse(), Ok(TimeLimit::WorkingDays(5)));
/// assert_eq!(TimeLimit::Minutes(15).to_string(), "15min");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TimeLimit {
    /// Minutes of the clock on the wall (自然分钟).
    Minutes(u32),
    /// Hours of the clock on the wall (自然小时).
    Hours(u32),
    /// Hours that count only while offices are open (工作小时).
    WorkingHours(u32),
    /// Working days after the day it starts (工作日); the starting day is not counted.
    WorkingDays(u32),
}

impl TimeLimit {
    /// The largest count; greater ones are refused as text and counted as this many.
    pub const LONGEST: u32 = 100_000;

    /// Whether it counts the clock on the wall, not working time.
    ///
    /// ```
    /// assert!(areas::TimeLimit::Hours(24).is_natural());
    /// assert!(!areas::TimeLimit::WorkingHours(4).is_natural());
    /// ```
    #[must_use]
    pub const fn is_natural(self) -> bool {
        matches!(self, Self::Minutes(_) | Self::Hours(_))
    }

    const fn parts(self) -> (u32, &'static str) {
        match self {
            Self::Minutes(count) => (count, "min"),
            Self::Hours(count) => (count, "h"),
            Self::WorkingHours(count) => (count, "wh"),
            Self::WorkingDays(count) => (count, "wd"),
        }
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = self.parts();
        write!(f, "{count}{unit}")
    }
}

/// A text that is not a time limit (时限格式错误).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time limit is a number from 1 to {max} with min, h, wh or wd, such as 5wd", max = TimeLimit::LONGEST)]
pub struct BadTimeLimit;

impl FromStr for TimeLimit {
    type Err = BadTimeLimit;

    /// Reads the one canonical form; signs, spaces, leading zeros and zero are refused.
    fn from_str(text: &str) -> Result<Self, BadTimeLimit> {
        let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let (number, unit) = text.split_at_checked(text.len() - digits.len()).ok_or(BadTimeLimit)?;
        let count = number.parse().map_err(|_| BadTimeLimit)?;
        if number.starts_with('0') || count > Self::LONGEST {
            return Err(BadTimeLimit);
        }
        match unit {
            "min" => Ok(Self::Minutes(count)),
            "h" => Ok(Self::Hours(count)),
            "wh" => Ok(Self::WorkingHours(count)),
            "wd" => Ok(Self::WorkingDays(count)),
            _ => Err(BadTimeLimit),
        }
    }
}

impl TryFrom<String> for TimeLimit {
    type Error = BadTimeLimit;

    fn try_from(text: String) -> Result<Self, BadTimeLimit> {
        text.parse()
    }
}

impl From<TimeLimit> for String {
    fn from(limit: TimeLimit) -> Self {
        limit.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bad_texts_are_refused() {
        let texts =
            ["", "5", "wd", "0wd", "05wd", "-1h", "+1h", "1 h", "1d", "5WD", "100001min", "99999999999h", "５h", "1h "];
        for text in texts {
            assert_eq!(text.parse::<TimeLimit>(), Err(BadTimeLimit), "{text}");
        }
        assert!(BadTimeLimit.to_string().contains("100000"));
    }

    #[test]
    fn json_holds_the_text_form() {
        assert_eq!(serde_json::to_string(&TimeLimit::WorkingHours(4)).unwrap(), r#""4wh""#);
        assert_eq!(serde_json::from_str::<TimeLimit>(r#""24h""#).unwrap(), TimeLimit::Hours(24));
        assert!(serde_json::from_str::<TimeLimit>(r#""soon""#).is_err());
    }

    proptest! {
        #[test]
        fn text_round_trips(count in 1..=TimeLimit::LONGEST, unit in 0..4usize) {
            let make = [TimeLimit::Minutes, TimeLimit::Hours, TimeLimit::WorkingHours, TimeLimit::WorkingDays][unit];
            prop_assert_eq!(make(count).to_string().parse(), Ok(make(count)));
        }

        #[test]
        fn any_text_gives_an_answer(text in any::<String>()) {
            if let Ok(limit) = text.parse::<TimeLimit>() {
                prop_assert_eq!(limit.to_string(), text);
            }
        }
    }
}
