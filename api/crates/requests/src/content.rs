//! What must not be published (内容检查): a local list of words, looked for after folding.
//!
//! A hit holds words back until a person has looked; it refuses nothing and names no word, since a list that answers can be
//! probed word by word.

use std::sync::LazyLock;

use crate::search::fold;

static FORBIDDEN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let lines = include_str!("../data/forbidden-words.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(squeeze).collect()
});

/// Whether words must be held back from publication.
///
/// ```
/// assert!(requests::is_forbidden("专业 代·開·發·票，加微信"));
/// assert!(!requests::is_forbidden("小区门口路灯坏了"));
/// ```
#[must_use]
pub fn is_forbidden(text: &str) -> bool {
    let squeezed = squeeze(text);
    FORBIDDEN.iter().any(|word| squeezed.contains(word.as_str()))
}

/// Folds, and drops all that is strewn between characters to slip through.
fn squeeze(text: &str) -> String {
    fold(text).chars().filter(|sign| sign.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_and_signs_between_do_not_slip_through() {
        for text in
            ["代开发票", "代開發票", "代 开 发 票", "代-开_发*票", "专业代开发票！", "线上賭博", "ＤＡＩＫＡＩ代開發票"]
        {
            assert!(is_forbidden(text), "{text}");
        }
    }

    #[test]
    fn what_residents_say_is_published() {
        for text in ["发票开错了怎么办", "楼上装修噪音扰民", "电动车飞线充电", "有人在楼道打牌很吵", ""]
        {
            assert!(!is_forbidden(text), "{text}");
        }
    }

    #[test]
    fn every_word_of_the_list_is_long_enough_to_mean_something() {
        assert!(FORBIDDEN.iter().all(|word| word.chars().count() >= 3));
        assert!(FORBIDDEN.len() >= 20);
    }
}
