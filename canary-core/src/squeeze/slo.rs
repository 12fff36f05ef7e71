//! What users accept: at most so many requests may fail or be slow.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// At most `share` of the requests may fail, or take longer than `limit_ms`.
///
/// Written `p99<120ms` (errors and replies slower than 120 ms are together at most 1 %), `errors<0.1%` (errors
/// alone), `bad(120ms)<0.5%` (as `p99.5<120ms`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Objective {
    /// The slowest good reply, milliseconds; `None` where only errors count.
    pub limit_ms: Option<f64>,
    /// The largest share of bad requests, 0 to 1, both excluded.
    pub share: f64,
}

/// All objectives; each must hold. Without any, the sweet spot is the capacity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Slo {
    /// The objectives.
    pub objectives: Vec<Objective>,
}

/// Text that is no objective.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("objective `{found}`: {problem}; expected such as `p99<120ms` or `errors<0.1%`")]
pub struct SloError {
    /// The text.
    pub found: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Slo {
    /// The latency limits, milliseconds: what a histogram should have as ends of buckets.
    #[must_use]
    pub fn limits_ms(&self) -> Vec<f64> {
        self.objectives.iter().filter_map(|objective| objective.limit_ms).collect()
    }
}

impl FromStr for Objective {
    type Err = SloError;

    fn from_str(text: &str) -> Result<Self, SloError> {
        let error = |problem| SloError { found: text.to_owned(), problem };
        let plain = text.replace(' ', "").to_lowercase();
        let (left, right) = plain.split_once('<').ok_or_else(|| error("it has no `<`"))?;
        let right = right.strip_prefix('=').unwrap_or(right);
        if left == "errors" {
            let share = share(right).ok_or_else(|| error("the right side is no share between 0 and 1"))?;
            return Ok(Self { limit_ms: None, share });
        }
        if let Some(limit) = left.strip_prefix("bad(").and_then(|rest| rest.strip_suffix(')')) {
            let limit_ms = milliseconds(limit).ok_or_else(|| error("the limit is no time above 0"))?;
            let share = share(right).ok_or_else(|| error("the right side is no share between 0 and 1"))?;
            return Ok(Self { limit_ms: Some(limit_ms), share });
        }
        let percent = left.strip_prefix('p').and_then(|digits| digits.parse::<f64>().ok());
        let percent = percent.filter(|percent| *percent > 0.0 && *percent < 100.0);
        let percent = percent.ok_or_else(|| error("the left side is no percentile between 0 and 100"))?;
        let limit_ms = milliseconds(right).ok_or_else(|| error("the right side is no time above 0"))?;
        // Neither 1 - 0.999 nor 100 - 99.9 is the number that was meant; digits beyond the ninth are not.
        Ok(Self { limit_ms: Some(limit_ms), share: ((100.0 - percent) * 1e9).round() / 1e11 })
    }
}

/// `0.1%` or `0.001`, between 0 and 1.
fn share(text: &str) -> Option<f64> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok()? / 100.0,
        None => text.parse().ok()?,
    };
    (share > 0.0 && share < 1.0).then_some(share)
}

/// `120ms`, `1.5s` or `800us` in milliseconds. A bare number has no unit and is refused.
fn milliseconds(text: &str) -> Option<f64> {
    let units = [("ms", 1.0), ("us", 1e-3), ("µs", 1e-3), ("s", 1e3)];
    let (number, in_ms) = units.iter().find_map(|(unit, ms)| Some((text.strip_suffix(unit)?, ms)))?;
    let ms = number.parse::<f64>().ok()? * in_ms;
    (ms > 0.0 && ms.is_finite()).then_some(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objective(text: &str) -> Option<(Option<f64>, f64)> {
        text.parse::<Objective>().ok().map(|objective| (objective.limit_ms, objective.share))
    }

    #[test]
    fn objectives_as_people_write_them() {
        assert_eq!(objective("p99<120ms"), Some((Some(120.0), 0.01)));
        assert_eq!(objective("p99.9<2s"), Some((Some(2000.0), 0.001)));
        assert_eq!(objective("p50 <= 1.5s"), Some((Some(1500.0), 0.5)));
        assert_eq!(objective("P95<800us"), Some((Some(0.8), 0.05)));
        assert_eq!(objective("errors<0.1%"), Some((None, 0.001)));
        assert_eq!(objective("errors < 0.02"), Some((None, 0.02)));
        assert_eq!(objective("bad(120ms)<0.5%"), Some((Some(120.0), 0.005)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for text in [
            "",
            "p99",
            "p99<120",
            "p100<1s",
            "p0<1s",
            "p99<-1ms",
            "p99<infs",
            "p99<nanms",
            "errors<0",
            "errors<100%",
            "errors<-1%",
            "mean<10ms",
            "p99>120ms",
            "bad()<1%",
            "bad(5ms)<2",
        ] {
            let found = text.parse::<Objective>();
            assert!(found.is_err(), "{text}: {found:?}");
        }
        let message = "p99<120".parse::<Objective>().unwrap_err().to_string();
        assert_eq!(
            message,
            "objective `p99<120`: the right side is no time above 0; expected such as `p99<120ms` or `errors<0.1%`"
        );
    }
}
