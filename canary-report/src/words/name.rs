//! Names from outside, made safe to print and short enough to align.

use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Stands where the middle of a text was left out.
const ELLIPSIS: char = '…';

/// The most columns a name takes within a sentence.
const IN_PROSE: usize = 80;

/// The text with every character that could move the cursor, reorder or hide text written as its code
/// point: control characters, escapes, line ends, bidirectional and invisible formatting. An empty text
/// becomes a pair of quotes.
pub(crate) fn printable(text: &str) -> String {
    if text.is_empty() {
        return "\"\"".to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

/// Control characters, and Unicode's invisible ones: separators, bidirectional marks, tags, noncharacters.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A name within a sentence: printable, and of a length that leaves the sentence readable.
pub(crate) fn in_prose(text: &str) -> String {
    shorten(&printable(text), IN_PROSE)
}

/// The columns that a printable text takes on a terminal.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// The text in at most `limit` columns, with an ellipsis for what is left out of the middle: names
/// differ at their ends. Characters without a width count as one, so that the length is bounded too.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    if text.chars().map(cost).sum::<usize>() <= limit {
        return text.to_owned();
    }
    let kept = limit.saturating_sub(1);
    let tail_columns = kept / 2;
    let mut out = prefix(text.chars(), kept - tail_columns);
    if limit > 0 {
        out.push(ELLIPSIS);
    }
    let tail = prefix(text.chars().rev(), tail_columns);
    out.extend(tail.chars().rev());
    out
}

/// The text in at most `limit` columns, with an ellipsis for what is left out at the end.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    if columns(text) <= limit {
        return text.to_owned();
    }
    let mut out = prefix(text.chars(), limit.saturating_sub(1));
    if limit > 0 {
        out.push(ELLIPSIS);
    }
    out
}

/// As many of the characters as `limit` columns hold.
fn prefix(characters: impl Iterator<Item = char>, limit: usize) -> String {
    let mut used = 0;
    characters
        .take_while(|character| {
            used += cost(*character);
            used <= limit
        })
        .collect()
}

/// What a character takes of a limit.
fn cost(character: char) -> usize {
    character.width().unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hidden_characters_are_written_out() {
        assert_eq!(printable("a\u{1b}[31mb\r\n\u{202e}c"), r"a\u{1b}[31mb\u{d}\u{a}\u{202e}c");
        assert_eq!(printable(""), "\"\"");
        assert_eq!(printable("größe/µs ≥ 1"), "größe/µs ≥ 1");
    }

    #[test]
    fn the_middle_gives_way() {
        assert_eq!(shorten("ParNew_CollectionCount", 11), "ParNe…Count");
        assert_eq!(shorten("short", 5), "short");
        assert_eq!(shorten("ab", 1), "…");
        assert_eq!(shorten("ab", 0), "");
        assert_eq!(shorten("日本語の名前", 7), "日…前");
    }

    proptest! {
        #[test]
        fn no_text_takes_more_than_its_limit(text in any::<String>(), limit in 0_usize..40) {
            let safe = printable(&text);
            prop_assert!(safe.chars().all(|character| !is_hidden(character)));
            for short in [shorten(&safe, limit), cut(&safe, limit)] {
                prop_assert!(columns(&short) <= limit, "{short:?}");
            }
        }
    }
}
