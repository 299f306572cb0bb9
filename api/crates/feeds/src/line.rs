//! Content lines (内容行, RFC 5545 §3.1): escaped, folded, ended by CRLF. Pure.
//!
//! Written by hand: `icalendar` writes a stamp of the machine's clock into each component without one, time zones included, lets
//! nobody make a component of another name, and cuts lines with indices of characters taken for bytes.

/// Octets of a line, its end not counted.
const WIDTH: usize = 75;

/// Lines that are being written.
#[derive(Default)]
pub(crate) struct Lines(String);

impl Lines {
    /// Adds a property whose value is written as it is.
    pub(crate) fn put(&mut self, name: &str, value: &str) {
        let mut width = 0;
        for sign in [name, ":", value].into_iter().flat_map(str::chars) {
            let octets = sign.len_utf8();
            if width + octets > WIDTH {
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0.push(sign);
            width += octets;
        }
        self.0.push_str("\r\n");
    }

    /// Adds a property whose value is words of people (TEXT).
    pub(crate) fn say(&mut self, name: &str, words: &str) {
        self.put(name, &escaped(words));
    }

    /// All lines.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// Words as a TEXT value (RFC 5545 §3.3.11): what would end the value or the line is written otherwise or left out.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for sign in words.chars() {
        match sign {
            '\\' | ';' | ',' => text.extend(['\\', sign]),
            '\n' => text.push_str("\\n"),
            // No line ends for us, but for some who read it.
            '\u{2028}' | '\u{2029}' => text.push(' '),
            '\t' => text.push(sign),
            _ if sign.is_control() => {}
            _ => text.push(sign),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &str) -> String {
        let mut lines = Lines::default();
        lines.say("X", words);
        lines.finish()
    }

    #[test]
    fn what_would_break_a_value_is_escaped() {
        assert_eq!(said("a,b;c\\d\ne:f\"g\""), "X:a\\,b\\;c\\\\d\\ne:f\"g\"\r\n");
        assert_eq!(said("a\r\nEND:VEVENT\r\u{7}\u{0}\u{85}\u{2028}b\tc"), "X:a\\nEND:VEVENT b\tc\r\n");
    }

    #[test]
    fn lines_are_cut_between_characters() {
        for (words, lines) in [
            ("a".repeat(73), vec![75]),
            ("a".repeat(74), vec![75, 2]),
            // 73 octets are left beside `X:`, of which 24 characters need 72.
            ("预".repeat(25), vec![74, 4]),
            ("🎉".repeat(40), vec![74, 73, 17]),
        ] {
            let said = said(&words);
            assert!(said.ends_with("\r\n"));
            let widths: Vec<usize> = said.trim_end().split("\r\n").map(str::len).collect();
            assert_eq!(widths, lines, "{said}");
            assert_eq!(said.replace("\r\n ", ""), format!("X:{words}\r\n"));
        }
    }
}
