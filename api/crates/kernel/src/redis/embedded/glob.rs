//! Redis patterns: `*`, `?`, `[a-z]`, `[^a]` and `\` before a byte taken as it is.

/// Whether `text` fits `pattern`. Only the last `*` is ever retried, so the work is at most the product of lengths.
pub(super) fn matches(mut pattern: &[u8], mut text: &[u8]) -> bool {
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.split_first(), text.split_first()) {
            (Some((b'*', rest)), _) => {
                retry = Some((rest, text));
                pattern = rest;
                continue;
            }
            (None, None) => return true,
            (Some(_), Some((&byte, after))) => {
                if let Some(rest) = fit(pattern, byte) {
                    (pattern, text) = (rest, after);
                    continue;
                }
            }
            _ => {}
        }
        let Some((rest, [_, after @ ..])) = retry else {
            return false;
        };
        retry = Some((rest, after));
        (pattern, text) = (rest, after);
    }
}

/// The pattern left after its first element took `byte`, if it does.
fn fit(pattern: &[u8], byte: u8) -> Option<&[u8]> {
    match pattern {
        [b'?', rest @ ..] => Some(rest),
        [b'[', class @ ..] => fit_class(class, byte),
        [b'\\', literal, rest @ ..] | [literal, rest @ ..] => (*literal == byte).then_some(rest),
        [] => None,
    }
}

fn fit_class(class: &[u8], byte: u8) -> Option<&[u8]> {
    let (negated, mut class) = class.strip_prefix(b"^").map_or((false, class), |rest| (true, rest));
    let mut found = false;
    let rest = loop {
        match class {
            [b']', rest @ ..] => break rest,
            [] => break class,
            [low, b'-', high, rest @ ..] if *low != b'\\' => {
                found |= (*low.min(high)..=*low.max(high)).contains(&byte);
                class = rest;
            }
            [b'\\', member, rest @ ..] | [member, rest @ ..] => {
                found |= *member == byte;
                class = rest;
            }
        }
    };
    (found != negated).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_follow_redis() {
        let rows: &[(&str, &str, bool)] = &[
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*c", "abbc", true),
            ("a*c", "abbd", false),
            ("a**b", "ab", true),
            ("?", "", false),
            ("a?c", "abc", true),
            ("[a-c]x", "bx", true),
            ("[c-a]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("[^a]", "b", true),
            ("[ab", "b", true),
            ("[\\]]", "]", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("\\", "\\", true),
            ("session:*:x", "session:1:2:x", true),
            ("*aab", "aaaaab", true),
        ];
        for (pattern, text, expected) in rows {
            assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), *expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn many_stars_stay_cheap() {
        let text = vec![b'a'; 4096];
        let mut pattern = b"a*".repeat(512);
        pattern.push(b'b');
        assert!(!matches(&pattern, &text));
    }
}
