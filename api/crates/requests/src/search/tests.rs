use proptest::prelude::*;

use super::*;

#[test]
fn what_is_meant_alike_folds_alike() {
    let alike = [
        ("路燈壞了", "路灯坏了"),
        ("電動車違規充電", "电动车违规充电"),
        ("ＡＰＰ　１２３４５", "app 12345"),
        ("樓道堆物，佔用消防通道", "楼道堆物,占用消防通道"),
        ("Zara HOME", "zara home"),
    ];
    for (one, other) in alike {
        assert_eq!(fold(one), fold(other));
        assert_eq!(terms(one), terms(other));
    }
}

#[test]
fn the_table_is_whole() {
    assert!(SIMPLIFIED.len() > 2_500);
    assert!(SIMPLIFIED.iter().all(|(from, to)| from != to && is_chinese(*from) && is_chinese(*to)));
}

#[test]
fn pairs_words_and_last_characters_are_kept() {
    let kept: Vec<String> = terms("3号楼302室 wifi坏").into_iter().collect();
    assert_eq!(kept, ["3", "302", "wifi", "号楼", "坏", "室", "楼"]);
    assert_eq!(wanted("灯"), [Wanted::Beginning("灯".to_owned())]);
    assert_eq!(wanted("灯坏 A1"), [Wanted::Whole("a1".to_owned()), Wanted::Whole("灯坏".to_owned())]);
    assert!(wanted("，。!").is_empty());
}

proptest! {
    #[test]
    fn any_text_is_cut_into_terms_that_fit_the_column(text in any::<String>()) {
        prop_assert!(terms(&text).iter().all(|term| (1..=LONGEST).contains(&term.chars().count())));
        prop_assert!(wanted(&text).len() <= MOST);
    }

    #[test]
    fn what_was_written_is_found_by_any_stretch_of_it(text in "[一-龥]{2,40}", from in 0usize..38, length in 2usize..8) {
        let signs: Vec<char> = text.chars().collect();
        let from = from.min(signs.len() - 2);
        let part: String = signs.iter().skip(from).take(length).collect();
        let written = terms(&text);
        let is_there = |wanted: &Wanted| match wanted {
            Wanted::Whole(term) => written.contains(term),
            Wanted::Beginning(start) => written.iter().any(|term| term.starts_with(start.as_str())),
        };
        prop_assert!(wanted(&part).iter().all(is_there));
    }
}
