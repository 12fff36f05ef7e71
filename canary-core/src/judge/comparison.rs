//! What a judge says of one metric, and what every judge needs to say it.

use super::finite;
use crate::preprocess::Prepared;
use crate::report::{Average, Flag, Interval, Method, Reason};
use crate::stats::mean;

/// What a judge says of one metric. Ratios may be infinite here; the report knows only finite numbers.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    /// Canary over baseline; infinite over a baseline of zero.
    pub(crate) ratio: f64,
    /// Lower and upper end, where the judge has an interval.
    pub(crate) interval: Option<(f64, f64)>,
    /// Two-sided p-value of "within the bounds".
    pub(crate) p_value: Option<f64>,
    /// How many independent points this is worth.
    pub(crate) effective: Option<f64>,
    pub(crate) average: Average,
    pub(crate) flags: Vec<Flag>,
    pub(crate) method: Option<Method>,
    /// A reason that says more than "above", "below" or "within".
    pub(crate) special: Option<Reason>,
    /// Pairs with a value on the other side of zero than the rest; there it was taken for zero.
    pub(crate) odd_signs: u64,
}

/// Buffers that are used again for every metric.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(super) log_ratios: Vec<f64>,
    pub(super) scores: Vec<f64>,
    pub(super) scratch: Vec<f64>,
}

impl Comparison {
    /// Nothing compared: only what was seen.
    pub(crate) fn none(prepared: &Prepared) -> Self {
        Self {
            ratio: f64::NAN,
            interval: None,
            p_value: None,
            effective: None,
            average: own_averages(prepared),
            flags: Vec::new(),
            method: None,
            special: None,
            odd_signs: 0,
        }
    }

    /// The interval for the report. An interval at infinity has no finite end to show.
    pub(crate) fn wire_interval(&self, level: f64) -> Option<Interval> {
        let (lower, upper) = self.interval.filter(|(lower, _)| lower.is_finite())?;
        Some(Interval { level, lower: finite(lower), upper: finite(upper) })
    }
}

/// Each side's average over all of its usable points.
pub(super) fn own_averages(prepared: &Prepared) -> Average {
    let of = |series: &[f64]| {
        let usable: Vec<f64> = series.iter().copied().filter(|value| !value.is_nan()).collect();
        mean(&usable).and_then(finite)
    };
    Average { baseline: of(&prepared.baseline), canary: of(&prepared.canary) }
}

/// Each side's average over the pairs.
pub(super) fn paired_averages(pairs: &[(f64, f64)], scratch: &mut Vec<f64>) -> Average {
    let mut of = |side: fn(&(f64, f64)) -> f64| {
        scratch.clear();
        scratch.extend(pairs.iter().map(side));
        mean(scratch).and_then(finite)
    };
    Average { baseline: of(|pair| pair.0), canary: of(|pair| pair.1) }
}
