//! Words made findable (检索): the same folding when they are written and when they are looked for.
//!
//! Full-width signs fold to half-width, capitals to small letters, traditional characters to simplified ones. Latin words
//! and numbers are kept whole; runs of Chinese characters are cut into overlapping pairs, so that any two characters
//! that stand together are found without knowing where words end.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// Length of a term at most, as the column allows.
const LONGEST: usize = 32;
/// Terms of one search at most; more narrow the result no further.
const MOST: usize = 8;

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let lines = include_str!("../data/traditional.txt").lines().filter(|line| !line.starts_with('#'));
    let signs: Vec<char> = lines.flat_map(str::chars).collect();
    signs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
});

/// Folds what is written differently but meant alike.
///
/// ```
/// assert_eq!(requests::fold("ＡＢｃ１２　路燈壞了"), "abc12 路灯坏了");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().map(narrow).flat_map(char::to_lowercase).map(simplify).collect()
}

/// Full-width signs are their ASCII twins moved up by a constant; the ideographic space stands alone.
fn narrow(sign: char) -> char {
    match sign {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(sign) - 0xFEE0).unwrap_or(sign),
        '\u{3000}' => ' ',
        other => other,
    }
}

fn simplify(sign: char) -> char {
    SIMPLIFIED.get(&sign).copied().unwrap_or(sign)
}

/// The terms under which words are found: whole Latin words and numbers, pairs of Chinese characters, and the last
/// character of each run, so that one character alone finds all that begin with it.
///
/// ```
/// let terms: Vec<String> = requests::terms("路燈壞了, Room 302").into_iter().collect();
/// assert_eq!(terms, ["302", "room", "了", "坏了", "灯坏", "路灯"]);
/// ```
#[must_use]
pub fn terms(text: &str) -> BTreeSet<String> {
    runs(&fold(text))
        .into_iter()
        .flat_map(|run| {
            let mut found = pieces(&run);
            found.extend(last_of(&run));
            found
        })
        .collect()
}

/// What is looked for, as terms that must all be there; a lone Chinese character is looked for as a beginning.
#[must_use]
pub fn wanted(text: &str) -> Vec<Wanted> {
    let wanted = runs(&fold(text)).into_iter().flat_map(|run| match run.as_slice() {
        [sign] if is_chinese(*sign) => vec![Wanted::Beginning(sign.to_string())],
        _ => pieces(&run).into_iter().map(Wanted::Whole).collect(),
    });
    wanted.collect::<BTreeSet<_>>().into_iter().take(MOST).collect()
}

/// One thing that must be there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// This term.
    Whole(String),
    /// A term that begins so.
    Beginning(String),
}

/// Unbroken stretches of Chinese characters, or of Latin letters and digits.
fn runs(folded: &str) -> Vec<Vec<char>> {
    let mut runs: Vec<Vec<char>> = Vec::new();
    let mut before = None;
    for sign in folded.chars() {
        let sort = if is_chinese(sign) { Some(true) } else { sign.is_alphanumeric().then_some(false) };
        match (sort, runs.last_mut()) {
            (Some(_), Some(run)) if sort == before => run.push(sign),
            (Some(_), _) => runs.push(vec![sign]),
            (None, _) => {}
        }
        before = sort;
    }
    runs
}

fn pieces(run: &[char]) -> Vec<String> {
    if run.iter().copied().all(is_chinese) {
        return run.windows(2).map(|pair| pair.iter().collect()).collect();
    }
    vec![run.iter().take(LONGEST).collect()]
}

fn last_of(run: &[char]) -> Option<String> {
    run.last().filter(|sign| is_chinese(**sign)).map(char::to_string)
}

fn is_chinese(sign: char) -> bool {
    matches!(sign, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests;
