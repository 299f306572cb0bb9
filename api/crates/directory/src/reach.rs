//! What stands above a category and above a place (上级事项、上级区域): whoever answers for one of those answers for it.

/// The category and those above it, most general first.
///
/// ```text
/// FACILITY.STREET_LIGHT -> FACILITY, FACILITY.STREET_LIGHT
/// ```
pub fn codes_above(code: &str) -> Vec<String> {
    ends(code, '.').map(|end| code[..end].to_owned()).chain((!code.is_empty()).then(|| code.to_owned())).collect()
}

/// The path and those above it, the street first.
///
/// ```text
/// /310112008/310112008-D1/ -> /310112008/, /310112008/310112008-D1/
/// ```
pub fn paths_above(path: &str) -> Vec<String> {
    ends(path, '/').filter(|end| *end > 0).map(|end| path[..=end].to_owned()).collect()
}

/// How many parts a code has.
pub fn code_depth(code: &str) -> usize {
    code.split('.').filter(|part| !part.is_empty()).count()
}

/// How many areas a path names.
pub fn path_depth(path: &str) -> usize {
    path.split('/').filter(|part| !part.is_empty()).count()
}

/// Where the separators are.
fn ends(text: &str, separator: char) -> impl Iterator<Item = usize> {
    text.match_indices(separator).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_answered_for_by_itself_and_all_above() {
        assert_eq!(codes_above("A.B_1.C"), ["A", "A.B_1", "A.B_1.C"]);
        assert_eq!(codes_above("A"), ["A"]);
        assert!(codes_above("").is_empty());
        assert_eq!(codes_above("A.B_1.C").iter().map(|code| code_depth(code)).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn a_place_is_answered_for_by_every_area_on_its_path() {
        assert_eq!(paths_above("/1/1-D1/1-D1-A2/"), ["/1/", "/1/1-D1/", "/1/1-D1/1-D1-A2/"]);
        assert_eq!(paths_above("/1/1-D1/").iter().map(|path| path_depth(path)).collect::<Vec<_>>(), [1, 2]);
        assert!(paths_above("").is_empty());
        assert!(paths_above("/").is_empty());
        assert_eq!(paths_above("/路/灯"), ["/路/"]);
    }
}
