//! What tells who somebody is, taken out of words (抹除): names and the like wherever they stand, numbers however they are
//! written. Pure.

use std::collections::BTreeSet;

/// What stands in place of what was taken out.
pub const REDACTED: &str = "＊＊＊";
/// Digits of the number of a phone in mainland China.
const DIGITS: usize = 11;
/// Signs that may stand between two of its digits.
const BETWEEN: usize = 3;
/// Digits in a row that name a person: of an identity card, a bank card.
const LONG: usize = 15;

/// What tells who somebody is (身份特征). It has no `Debug`: it does not belong in a log.
#[derive(Clone, Default)]
pub struct Traits {
    words: BTreeSet<String>,
    numbers: BTreeSet<String>,
    is_every_number: bool,
}

impl Traits {
    /// Adds a name, an id or the like. A single sign is no name: it would be found everywhere.
    pub fn add_words(&mut self, words: &str) {
        let words = words.trim();
        if words.chars().count() > 1 {
            self.words.insert(words.to_owned());
        }
    }

    /// Adds a phone number, as E.164 or as its last eleven digits.
    pub fn add_number(&mut self, number: &str) {
        if let Some(last) = number.len().checked_sub(DIGITS).and_then(|from| number.get(from..)) {
            self.numbers.insert(last.to_owned());
        }
    }

    /// Takes every number of a phone or a landline for the person's, and every long row of digits: where nobody may be told any more.
    pub fn add_every_number(&mut self) {
        self.is_every_number = true;
    }

    /// Adds what tells who somebody else is.
    pub fn add_all(&mut self, other: &Self) {
        self.words.extend(other.words.iter().cloned());
        self.numbers.extend(other.numbers.iter().cloned());
        self.is_every_number |= other.is_every_number;
    }

    /// The words, names and ids.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// The numbers alone, for words in which a name may be somebody else's.
    #[must_use]
    pub fn numbers_only(&self) -> Self {
        Self { words: BTreeSet::new(), ..self.clone() }
    }

    /// The numbers, eleven digits each.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        self.numbers.iter().map(String::as_str)
    }

    /// The words without what tells who it is; `None` when nothing does.
    ///
    /// ```
    /// use kernel::redact::Traits;
    /// let mut traits = Traits::default();
    /// traits.add_words("王秀英");
    /// traits.add_number("+8613800138000");
    /// let told = traits.redacted("王秀英，电话 138-0013 8000，三楼").unwrap();
    /// assert_eq!(told, "＊＊＊，电话 ＊＊＊，三楼");
    /// assert_eq!(traits.redacted("三楼漏水"), None);
    /// ```
    #[must_use]
    pub fn redacted(&self, text: &str) -> Option<String> {
        let short = self.is_every_number.then(|| without_rows(text));
        let mut left = self.without_numbers(short.as_deref().unwrap_or(text));
        // The longest first, so that a name that is part of another leaves no rest of it.
        let mut words: Vec<&String> = self.words.iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        for word in words {
            left = left.replace(word.as_str(), REDACTED);
        }
        (left != text).then_some(left)
    }

    fn without_numbers(&self, text: &str) -> String {
        let mut left = text.to_owned();
        let is_known = |number: &String| self.is_every_number || self.numbers.contains(number);
        // From the back, and again: what was taken out may have stood between the digits of another.
        while let Some((from, to, _)) = written(&left).into_iter().rev().find(|(.., number)| is_known(number)) {
            left.replace_range(from..to, REDACTED);
        }
        left
    }
}

/// A text without its rows of digits that tell of a person, each taken out as a whole.
fn without_rows(text: &str) -> String {
    let (mut left, mut row) = (String::with_capacity(text.len()), String::new());
    let put = |left: &mut String, row: &mut String| {
        let is_telling = row.chars().count() >= LONG || is_landline(row);
        left.push_str(if is_telling { REDACTED } else { row });
        row.clear();
    };
    for sign in text.chars() {
        // The last sign of an identity card may be a letter.
        let is_last = row.chars().count() + 1 >= LONG && matches!(sign, 'x' | 'X');
        if narrow(sign).is_ascii_digit() || is_last {
            row.push(sign);
        } else {
            put(&mut left, &mut row);
            left.push(sign);
        }
    }
    put(&mut left, &mut row);
    left
}

/// Whether a row of digits is the number of a landline (座机): eight digits as in large cities, or seven or eight behind an area code.
/// A day, as `20261126`, is none.
fn is_landline(row: &str) -> bool {
    let row: String = row.chars().map(narrow).collect();
    let is_local = |number: &str, lengths: &[usize]| {
        lengths.contains(&number.len()) && number.starts_with(|first: char| ('2'..='8').contains(&first))
    };
    if row.starts_with('0') {
        return [3, 4].iter().any(|code| row.get(*code..).is_some_and(|number| is_local(number, &[7, 8])));
    }
    let is_day = row.starts_with("20") && chrono::NaiveDate::parse_from_str(&row, "%Y%m%d").is_ok();
    is_local(&row, &[8]) && !is_day
}

/// The mobile numbers in a text, eleven digits each, however they are written: full-width, with signs between the digits.
///
/// ```
/// assert_eq!(kernel::redact::numbers_in("打 +86 (138) 0013–8000 或１３９-8765 0001"), ["13800138000", "13987650001"]);
/// assert!(kernel::redact::numbers_in("第 12 号楼 1380013 元").is_empty());
/// ```
#[must_use]
pub fn numbers_in(text: &str) -> Vec<String> {
    let mut numbers: Vec<String> = written(text).into_iter().map(|(.., number)| number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Where mobile numbers may stand in a text, first to last; in a longer run of digits, one over another.
fn written(text: &str) -> Vec<(usize, usize, String)> {
    let signs: Vec<(usize, char)> = text.char_indices().map(|(at, sign)| (at, narrow(sign))).collect();
    let begun = (0..signs.len()).filter_map(|first| {
        let (length, number) = number_at(&signs[first..])?;
        let end = signs.get(first + length).map_or(text.len(), |(at, _)| *at);
        Some((signs[first].0, end, number))
    });
    begun.collect()
}

/// The mobile number that begins here, and how many signs it takes.
fn number_at(signs: &[(usize, char)]) -> Option<(usize, String)> {
    let (mut number, mut between) = (String::with_capacity(DIGITS), 0);
    for (length, (_, sign)) in signs.iter().enumerate() {
        if sign.is_ascii_digit() {
            number.push(*sign);
            between = 0;
        } else if number.is_empty() || sign.is_alphanumeric() || between == BETWEEN {
            return None;
        } else {
            between += 1;
        }
        let is_begun = number.starts_with('1') && !matches!(number.as_bytes().get(1), Some(b'0'..=b'2'));
        if !is_begun {
            return None;
        }
        if number.len() == DIGITS {
            return Some((length + 1, number));
        }
    }
    None
}

fn narrow(sign: char) -> char {
    match sign {
        '０'..='９' => char::from_u32(u32::from(sign) - 0xFEE0).unwrap_or(sign),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn traits() -> Traits {
        let mut traits = Traits::default();
        traits.add_words("金丝雀");
        traits.add_words("金丝雀太太");
        traits.add_words("王");
        traits.add_number("+8613800138000");
        traits
    }

    #[test]
    fn names_and_numbers_go_however_they_are_written() {
        for (text, expected) in [
            ("我是金丝雀", "我是＊＊＊"),
            ("金丝雀太太说金丝雀不在", "＊＊＊说＊＊＊不在"),
            ("打13800138000", "打＊＊＊"),
            ("打+86 138 0013 8000吧", "打+86 ＊＊＊吧"),
            ("１３８００１３８０００", "＊＊＊"),
            ("138-0013-8000 或 138.0013.8000", "＊＊＊ 或 ＊＊＊"),
            ("138\n0013—8000", "＊＊＊"),
            ("(138) 0013／8000、139-8765-0001", "(＊＊＊、139-8765-0001"),
            ("1813800138000", "18＊＊＊"),
        ] {
            assert_eq!(traits().redacted(text).as_deref(), Some(expected), "{text}");
        }
        for kept in ["老王家漏水", "1380013800", "13800138001", "138元0013号8000", ""] {
            assert_eq!(traits().redacted(kept), None, "{kept}");
        }
        assert_eq!(traits().numbers_only().redacted("金丝雀"), None);
    }

    #[test]
    fn of_nobody_no_number_is_left() {
        let mut nobody = Traits::default();
        nobody.add_every_number();
        for (text, expected) in [
            ("打138-0013-8000或13987650001", "打＊＊＊或＊＊＊"),
            ("身份证11010519491231002X，卡6222020200112233445。", "身份证＊＊＊，卡＊＊＊。"),
            ("1381380013800138", "＊＊＊"),
            ("家里64881234，单位021-５４３２１００１", "家里＊＊＊，单位021-＊＊＊"),
            ("02164881234 或 05126488123", "＊＊＊ 或 ＊＊＊"),
        ] {
            assert_eq!(nobody.redacted(text).as_deref(), Some(expected), "{text}");
        }
        for kept in
            ["12号楼1808室", "XH20261123000001", "2026-11-23 09:30", "12345", "20261123", "花了5000000元", "96588000"]
        {
            assert_eq!(nobody.redacted(kept), None, "{kept}");
        }
    }

    proptest! {
        /// However many numbers run into one another, none of them is left.
        #[test]
        fn numbers_that_run_into_one_another_go(text in "[13-9 -]{0,40}") {
            let mut nobody = Traits::default();
            nobody.add_every_number();
            let left = nobody.redacted(&text).unwrap_or(text);
            prop_assert!(numbers_in(&left).is_empty(), "{}", left);
        }

        /// Whatever stands around it, afterwards it stands nowhere, and a second time finds nothing more.
        #[test]
        fn nothing_is_left(before in ".{0,20}", between in "[ -.]{0,2}", after in ".{0,20}") {
            let text = format!("{before}金丝雀{between}138{between}0013{between}8000{after}");
            let left = traits().redacted(&text).unwrap();
            prop_assert!(!left.contains("金丝雀") && !left.contains("13800138000"));
            prop_assert_eq!(traits().redacted(&left), None);
        }
    }
}
