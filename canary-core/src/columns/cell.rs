//! Cells of text as numbers and times.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::Offset;

/// The words for nothing, besides the empty text and what `f64` itself reads (`nan`, `inf`, `infinity`).
const NOTHING: [&str; 3] = ["null", "na", "n/a"];

/// A number as people and programs write it: `NaN` for `null`, `NA`, `n/a` or nothing, 1 and 0 for `true` and
/// `false`; `None` for any other word.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.is_empty() || NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Some(f64::NAN);
    }
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(1.0),
        "false" => Some(0.0),
        _ => None,
    }
}

/// A whole number, such as a time that counts seconds.
#[must_use]
pub fn whole_number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

/// Whether times are instants or wall-clock times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// With a zone or an offset.
    Given,
    /// Without: taken as UTC.
    None,
}

/// A time in text. Finer than microseconds does not occur in samples of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub microseconds: i64,
    /// Whether the text said in which zone.
    pub zone: Zone,
}

impl Moment {
    /// RFC 3339 or ISO 8601, with `T` or a space; also `2025-03-03 08:00:00 UTC`, as databases print it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const PARSER: DateTimeParser = DateTimeParser::new();
        let text = text.trim();
        if let Some(utc) = text.strip_suffix(" UTC") {
            return Some(Self { microseconds: as_utc(PARSER.parse_datetime(utc).ok()?)?, zone: Zone::Given });
        }
        // The civil parser would drop an offset silently, so the offset is looked for first.
        let has_offset = text.get(10..).is_some_and(|clock| clock.contains(['Z', 'z', '+', '-']));
        if has_offset {
            let instant = PARSER.parse_timestamp(text).ok()?;
            return Some(Self { microseconds: instant.as_microsecond(), zone: Zone::Given });
        }
        Some(Self { microseconds: as_utc(PARSER.parse_datetime(text).ok()?)?, zone: Zone::None })
    }
}

fn as_utc(wall: DateTime) -> Option<i64> {
    Offset::UTC.to_timestamp(wall).ok().map(Timestamp::as_microsecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, value) in [("1.5", 1.5), (" 2e3 ", 2000.0), ("true", 1.0), ("False", 0.0), ("inf", f64::INFINITY)] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["", " ", "NA", "n/a", "null", "NaN"] {
            assert!(number(text).is_some_and(f64::is_nan), "{text}");
        }
        assert_eq!(number("12ms"), None);
        assert_eq!((whole_number(" 12 "), whole_number("1.5")), (Some(12), None));
    }

    #[test]
    fn times_with_and_without_a_zone() {
        let eight = 1_740_988_800_000_000;
        for text in ["2025-03-03T08:00:00Z", "2025-03-03 09:00:00+01:00", "2025-03-03 08:00:00 UTC"] {
            assert_eq!(Moment::parse(text), Some(Moment { microseconds: eight, zone: Zone::Given }), "{text}");
        }
        assert_eq!(Moment::parse("2025-03-03 08:00"), Some(Moment { microseconds: eight, zone: Zone::None }));
        assert_eq!(Moment::parse("yesterday"), None);
    }
}
