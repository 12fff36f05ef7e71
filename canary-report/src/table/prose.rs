//! Sentences, broken at words.

use crate::words::{columns, shorten};

/// The words in lines of at most `width` columns; lines after the first start with `indent` blanks.
pub(crate) fn wrapped(text: &str, width: usize, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in unbroken(text) {
        let word = shorten(&word, width.saturating_sub(indent));
        if line.is_empty() || columns(&line) + 1 + columns(&word) <= width {
            if !line.is_empty() {
                line.push(' ');
            }
        } else {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines
}

/// The words, with a number left together with what it counts and a comparison with what it compares.
/// Two colons never start a line: within a CI log they would start a workflow command.
fn unbroken(text: &str) -> Vec<String> {
    const OPERATORS: [&str; 5] = [">=", ">", "<", "->", "%"];
    let is_number =
        |word: &str| word.starts_with('(') || word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let mut words: Vec<String> = Vec::new();
    let mut glued = false;
    for word in text.split(' ') {
        let is_operator = OPERATORS.contains(&word.trim_end_matches([',', ')']));
        match words.last_mut() {
            Some(last) if glued || is_operator || word.starts_with("::") => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
        glued = is_operator && word != "%" || is_number(word);
    }
    words
}
