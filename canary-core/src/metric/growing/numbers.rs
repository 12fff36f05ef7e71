//! Numbers as one text, exact whatever reads and writes it: `100.25 101 . 99.5`, a dot where one is missing.

use std::borrow::Cow;
use std::fmt::Write;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

const MISSING: &str = ".";

pub(super) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::with_capacity(8 * values.len());
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        if value.is_nan() {
            text.push_str(MISSING);
        } else {
            // The shortest text that reads back as the number; writing to a String cannot fail.
            let _ = write!(text, "{value:?}");
        }
    }
    serializer.serialize_str(&text)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    let number = |word: &str| match word {
        MISSING => Ok(f64::NAN),
        word => word
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .ok_or_else(|| D::Error::custom(format!("found `{word}`, expected a number or `{MISSING}`"))),
    };
    text.split_ascii_whitespace().map(number).collect()
}
