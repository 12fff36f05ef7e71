//! Values that several commands take.

use canary_core::config::{NotASpan, Span};
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Color {
    /// On a terminal that can, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// One of some words, each standing for a value; an unknown word is an error that lists them.
pub(crate) fn words<T: Clone + Send + Sync + 'static>(
    choices: Vec<(&'static str, T)>,
) -> impl TypedValueParser<Value = T> {
    let names: Vec<&'static str> = choices.iter().map(|(name, _)| *name).collect();
    PossibleValuesParser::new(names).try_map(move |word| {
        let found = choices.iter().find(|(name, _)| *name == word);
        found.map(|(_, value)| value.clone()).ok_or("not one of the choices")
    })
}

pub(crate) fn colors() -> impl TypedValueParser<Value = Color> {
    words(vec![("auto", Color::Auto), ("always", Color::Always), ("never", Color::Never)])
}

/// A length of time above 0.
pub(crate) fn step(text: &str) -> Result<Span, String> {
    let span: Span = text.parse().map_err(|error: NotASpan| error.to_string())?;
    if span > Span::ZERO { Ok(span) } else { Err("expected a millisecond or more".to_owned()) }
}

/// A rate above 0.
pub(crate) fn rate(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number above 0".to_owned())?;
    if number > 0.0 && number.is_finite() { Ok(number) } else { Err("expected a number above 0".to_owned()) }
}

/// A share from 0 to below 1, as `0.03` or `3%`.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    let expected = || "expected a share from 0 to below 1, such as 0.03 or 3%".to_owned();
    number.ok().filter(|share| (0.0..1.0).contains(share)).ok_or_else(expected)
}
