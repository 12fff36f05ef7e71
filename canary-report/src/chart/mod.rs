//! What the pictures of squeeze tests and of trends share.

pub(crate) mod braille;
pub(crate) mod svg;

/// A number on an axis: three digits are enough.
pub(crate) fn axis_text(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
