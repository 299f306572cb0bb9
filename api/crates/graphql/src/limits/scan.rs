//! The pre-scan of raw text (词法预检): one pass, no recursion, no allocation.
//!
//! It must never see less nesting than the parser would: comments end at CR as well as LF, block strings know `\"""`,
//! and a string that does not end is a syntax error here, because the parser would go on behind its first quotes.

use super::{Limit, Limits, Refusal};

/// Why the scan stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A bound is crossed.
    Refused(Refusal),
    /// A string does not end; the document cannot be valid.
    Syntax,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Counts the tokens of a document, and bounds them and its open brackets.
///
/// # Errors
/// [`Stop::Refused`] at the first excess, [`Stop::Syntax`] for a string without end.
pub fn scan(text: &str, limits: &Limits) -> Result<usize, Stop> {
    Refusal::over_len(Limit::DocumentBytes, limits.document_bytes, text.len())?;
    let mut rest = text.as_bytes();
    let (mut tokens, mut open) = (0_usize, 0_usize);
    while let Some(&byte) = rest.first() {
        let length = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                rest = tail(rest, 1);
                continue;
            }
            b'#' => {
                rest = tail(rest, run(rest, |b| b != b'\n' && b != b'\r'));
                continue;
            }
            b'"' => string(rest).ok_or(Stop::Syntax)?,
            b'.' => run(rest, |b| b == b'.').min(3),
            b'-' | b'0'..=b'9' => 1 + run(tail(rest, 1), in_number),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => run(rest, in_name),
            b'{' | b'[' | b'(' => {
                open += 1;
                1
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                1
            }
            _ => 1,
        };
        tokens += 1;
        Refusal::over_len(Limit::Tokens, limits.tokens, tokens)?;
        Refusal::over_len(Limit::Brackets, limits.brackets, open)?;
        rest = tail(rest, length);
    }
    Ok(tokens)
}

fn tail(bytes: &[u8], from: usize) -> &[u8] {
    bytes.get(from..).unwrap_or_default()
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| belongs(**byte)).count()
}

fn in_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

fn in_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-')
}

/// Length of the string that `bytes` begins with, quotes included; `None` when it does not end.
fn string(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(br#"""""#) { block_string(bytes) } else { line_string(bytes) }
}

fn block_string(bytes: &[u8]) -> Option<usize> {
    let mut at = 3;
    loop {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        if rest.starts_with(br#"\""""#) {
            at += 4;
        } else if rest.starts_with(br#"""""#) {
            return Some(at + 3);
        } else {
            at += 1;
        }
    }
}

fn line_string(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' | b'\r' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Result<usize, Stop> {
        scan(text, &Limits::default())
    }

    fn limit(text: &str) -> Limit {
        match tokens(text) {
            Err(Stop::Refused(refusal)) => refusal.limit,
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn tokens_are_counted_as_the_grammar_does() {
        for (text, expected) in [
            ("", 0),
            ("{a}", 3),
            ("query Q($a: [Int!]! = -1.5e3) { a: b(c: $a) @d ... F }", 29),
            ("# {{{{\r{a}", 3),
            ("{a # {{{\n}", 3),
            (r#"{a(b: "\"{{{")}"#, 8),
            (r#"{a(b: """ \""" {{{ "" """)}"#, 8),
            ("{a(b: \"\")}", 8),
        ] {
            assert_eq!(tokens(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn an_endless_string_is_a_syntax_error() {
        for text in [r#"{a(b: ["""a" {{{{{{{"#, "{a(b: \"x\n\")}", "\"", r#""\"#, r#"""""#] {
            assert_eq!(tokens(text), Err(Stop::Syntax), "{text}");
        }
    }

    #[test]
    fn excess_is_refused() {
        assert_eq!(limit(&"{".repeat(100_000)), Limit::Brackets);
        assert_eq!(limit(&"[(".repeat(50_000)), Limit::Brackets);
        assert_eq!(limit(&"a ".repeat(50_000)), Limit::Tokens);
        assert_eq!(limit(&"{".repeat(1 << 20)), Limit::DocumentBytes);
    }
}
