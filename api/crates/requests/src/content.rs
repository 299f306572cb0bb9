//! What must not be published (内容检查): a list of words that people keep, looked for after folding.
//!
//! A hit holds words back until a person has looked; it refuses nothing and names no word, since a list that answers can be
//! probed word by word.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::search::fold;

/// Words that must not be published (违禁词), as one edition lists them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct ForbiddenWords {
    words: Vec<String>,
    /// As they are looked for.
    squeezed: Vec<String>,
}

impl From<Vec<String>> for ForbiddenWords {
    fn from(words: Vec<String>) -> Self {
        let squeezed = words.iter().map(|word| squeeze(word)).filter(|word| !word.is_empty()).collect();
        Self { words, squeezed }
    }
}

impl From<ForbiddenWords> for Vec<String> {
    fn from(list: ForbiddenWords) -> Self {
        list.words
    }
}

impl ForbiddenWords {
    /// The words as people wrote them.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether words must be held back from publication.
    ///
    /// ```
    /// use requests::reference::ForbiddenWords;
    /// let list = ForbiddenWords::from(vec!["代开发票".to_owned()]);
    /// assert!(list.holds_back("专业 代·開·發·票，加微信"));
    /// assert!(!list.holds_back("小区门口路灯坏了"));
    /// ```
    #[must_use]
    pub fn holds_back(&self, text: &str) -> bool {
        let squeezed = squeeze(text);
        self.squeezed.iter().any(|word| squeezed.contains(word.as_str()))
    }
}

/// Folds, and drops all that is strewn between characters to slip through: what looks alike is alike (NFKC), whatever its width,
/// case or writing.
pub(crate) fn squeeze(text: &str) -> String {
    let plain: String = text.nfkc().collect();
    fold(&plain).chars().filter(|sign| sign.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> ForbiddenWords {
        let lines = include_str!("../../../../migration/data/forbidden-words.txt").lines().map(str::trim);
        let words = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned);
        ForbiddenWords::from(words.collect::<Vec<_>>())
    }

    #[test]
    fn folds_and_signs_between_do_not_slip_through() {
        for text in
            ["代开发票", "代開發票", "代 开 发 票", "代-开_发*票", "专业代开发票！", "线上賭博", "ＤＡＩＫＡＩ代開發票"]
        {
            assert!(list().holds_back(text), "{text}");
        }
        let latin = ForbiddenWords::from(vec!["casino".to_owned()]);
        for text in ["CASINO", "ｃａｓｉｎｏ", "ⓒⓐⓢⓘⓝⓞ", "c.a.s.i.n.o", "𝐜𝐚𝐬𝐢𝐧𝐨"] {
            assert!(latin.holds_back(text), "{text}");
        }
    }

    #[test]
    fn what_residents_say_is_published() {
        for text in ["发票开错了怎么办", "楼上装修噪音扰民", "电动车飞线充电", "有人在楼道打牌很吵", ""]
        {
            assert!(!list().holds_back(text), "{text}");
        }
        assert!(!ForbiddenWords::default().holds_back("什么都可以"));
    }

    #[test]
    fn every_word_of_the_list_is_long_enough_to_mean_something() {
        assert!(list().squeezed.iter().all(|word| word.chars().count() >= 3));
        assert!(list().words().len() >= 20);
    }
}
