//! A length of time as people write it: `10m`, `90s`, `1h 30m`.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A length of time that is not negative, in whole milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
pub struct Span(i64);

/// A text that is not a length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found `{found}`, expected a length of time such as 10m, 90s or 1h 30m")]
pub struct NotASpan {
    found: String,
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// From milliseconds; negative ones become zero.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.max(0))
    }

    /// In milliseconds.
    #[must_use]
    pub fn ms(self) -> i64 {
        self.0
    }
}

impl FromStr for Span {
    type Err = NotASpan;
    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let ms = text.parse::<SignedDuration>().ok().and_then(|duration| i64::try_from(duration.as_millis()).ok());
        match ms {
            Some(ms) if ms >= 0 => Ok(Self(ms)),
            _ => Err(NotASpan { found: text.to_owned() }),
        }
    }
}

impl TryFrom<String> for Span {
    type Error = NotASpan;
    fn try_from(text: String) -> Result<Self, NotASpan> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", SignedDuration::from_millis(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in ["0s", "10m", "90s", "1h 30m", "250ms", "24h"] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.to_string().parse(), Ok(span), "{text}");
        }
        assert_eq!("10m".parse::<Span>().unwrap().ms(), 600_000);
    }

    #[test]
    fn refuses_the_rest() {
        for text in ["", "10", "ten minutes", "-5m", "m10"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
