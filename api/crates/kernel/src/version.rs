//! Versions of clients (客户端版本).

use std::fmt;

/// A version of one to three numbers (版本号); what is left out is 0.
///
/// ```
/// use kernel::version::Version;
/// let version = |text| Version::parse(text).unwrap();
/// assert!(version("1.10") > version("1.9.9") && version("2") == version("2.0.0"));
/// assert_eq!(version("1.2").to_string(), "1.2.0");
/// for bad in ["", "1.", ".1", "1..2", "1.2.3.4", "v1", "1.2-beta", "+1", " 1", "1.4294967296"] {
///     assert_eq!(Version::parse(bad), None, "{bad}");
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u32; 3]);

impl Version {
    /// Reads `MAJOR.MINOR.PATCH`; the last two may be left out.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = [0; 3];
        let mut places = numbers.iter_mut();
        for part in text.split('.') {
            let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            *places.next()? = part.parse().ok().filter(|_| is_number)?;
        }
        Some(Self(numbers))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}
