//! Times of day as tools write them.

use serde::Deserialize;

use crate::error::{Fault, Place};

/// A time in RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Time(pub(crate) jiff::Timestamp);

impl TryFrom<String> for Time {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("found the time `{text}`, expected such as 2026-03-01T08:00:00Z"))
    }
}

/// The form of the times in a column: one for all of its rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Clock {
    /// A number since 1970; milliseconds in its unit.
    Epoch(f64),
    /// RFC 3339.
    Rfc3339,
}

impl Clock {
    /// The form of the first row's time. Between 2001 and 2286 seconds have ten digits.
    pub(crate) fn of(stamp: &[u8], line: u64) -> Result<Self, Fault> {
        if rfc3339(stamp).is_some() {
            return Ok(Self::Rfc3339);
        }
        let digits = stamp.split(|&byte| byte == b'.').next().unwrap_or_default();
        let known = digits.iter().all(u8::is_ascii_digit);
        Ok(Self::Epoch(match (known, digits.len()) {
            (true, 10) => 1000.0,
            (true, 13) => 1.0,
            (true, 16) => 1e-3,
            (true, 19) => 1e-6,
            _ => return Err(wrong(stamp, line)),
        }))
    }

    /// Milliseconds since 1970. A number whose size is another unit's is an error.
    pub(crate) fn milliseconds(self, stamp: &[u8], line: u64) -> Result<f64, Fault> {
        let ms = match self {
            Self::Epoch(unit_ms) => fast_float2::parse::<f64, _>(stamp).ok().map(|number| number * unit_ms),
            Self::Rfc3339 => rfc3339(stamp).map(|time| time.as_nanosecond() as f64 / 1e6),
        };
        // From 2001 to 2286, whatever the unit: a column that mixes units leaves it.
        ms.filter(|ms| (1e12..1e13).contains(ms)).ok_or_else(|| wrong(stamp, line))
    }
}

fn rfc3339(stamp: &[u8]) -> Option<jiff::Timestamp> {
    std::str::from_utf8(stamp).ok()?.parse().ok()
}

fn wrong(stamp: &[u8], line: u64) -> Fault {
    let expected = "a time since 1970 in s, ms, us or ns, or RFC 3339, all in one unit";
    Fault::new(Place::Line(line), format!("the time `{}`", String::from_utf8_lossy(stamp)), expected)
}
