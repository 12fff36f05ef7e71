//! What a metric's canary does against its baseline, tick by tick, on a scale on which its noise is even.

use super::size::{Location, location};
use crate::preprocess::{Prepared, Role};
use crate::stats::{median, power_of_two_scale};

/// Above this share of pairs that disagree in sign there is no ratio, as in the judge.
const MAX_ODD_SHARE: f64 = 0.1;
/// Above this share of one-sided zeros the log ratio says too little, as in the judge.
const MAX_ONE_SIDED_SHARE: f64 = 0.25;
/// Fewer usable log ratios than this are too few.
const MIN_LOG_RATIOS: usize = 12;
/// A past of fewer pairs is no past, as in the judge.
const MIN_PAST: usize = 30;

/// What a deviation is, and what it takes to turn its location into a ratio.
#[derive(Clone, Debug)]
pub(crate) enum Scale {
    /// ln(canary / baseline).
    LogRatio,
    /// √canary − √baseline, for series full of zeros: the root evens out the noise of counts (Anscombe 1948). Holds
    /// the magnitudes, (baseline, canary) a tick, NaN where missing.
    Roots(Vec<(f64, f64)>),
    /// (canary − baseline) over the median magnitude, for values on both sides of zero.
    Difference,
}

/// One deviation a tick, NaN where a side has no value.
#[derive(Clone, Debug)]
pub(crate) struct Deviations {
    pub(crate) scale: Scale,
    pub(crate) values: Vec<f64>,
    /// The standard error of what was taken off for the past.
    pub(crate) past_error: f64,
}

/// The deviations of one metric; of a count per unit of its traffic. `None` where nothing says how much is much.
/// Cost: O(ticks).
pub(crate) fn deviations(prepared: &Prepared) -> Option<Deviations> {
    let pairs = pairs(prepared);
    let usable = || pairs.iter().filter(|(b, c)| !b.is_nan() && !c.is_nan());
    let count = usable().count();
    let upright = usable().filter(|(b, c)| *b >= 0.0 && *c >= 0.0).count();
    let inverted = usable().filter(|(b, c)| *b <= 0.0 && *c <= 0.0).count();
    let mut sizes: Vec<f64> = usable().flat_map(|(b, c)| [b.abs(), c.abs()]).filter(|size| *size > 0.0).collect();
    let level = median(&mut sizes).filter(|level| level.is_finite())?;
    if (count - upright.max(inverted)) as f64 > MAX_ODD_SHARE * count as f64 {
        let values = pairs.iter().map(|(b, c)| c / level - b / level).collect();
        return Some(Deviations { scale: Scale::Difference, values, past_error: 0.0 });
    }
    let sign = if inverted > upright { -1.0 } else { 1.0 };
    // By a power of two, as in the judge: no bit of a ratio changes, and no sum overflows.
    let scale = sign * power_of_two_scale(pairs.iter().flat_map(|(b, c)| [b, c]).filter(|value| !value.is_nan()));
    let magnitudes: Vec<(f64, f64)> =
        pairs.into_iter().map(|(b, c)| (magnitude(b * scale), magnitude(c * scale))).collect();
    let finite = magnitudes.iter().filter(|(b, c)| *b > 0.0 && *c > 0.0).count();
    let one_sided = magnitudes.iter().filter(|(b, c)| (*b > 0.0 && *c == 0.0) || (*b == 0.0 && *c > 0.0)).count();
    if finite >= MIN_LOG_RATIOS && one_sided as f64 <= MAX_ONE_SIDED_SHARE * (finite + one_sided) as f64 {
        let past = past(&prepared.before, sign);
        let (past, past_error) = past.map_or((0.0, 0.0), |past| (past.at, past.error));
        // A pair of zeros says nothing of a ratio: NaN, as if it were not there.
        let values = magnitudes.iter().map(|(b, c)| c.ln() - b.ln() - past).collect();
        return Some(Deviations { scale: Scale::LogRatio, values, past_error });
    }
    let values = magnitudes.iter().map(|(b, c)| c.sqrt() - b.sqrt()).collect();
    Some(Deviations { scale: Scale::Roots(magnitudes), values, past_error: 0.0 })
}

/// What separated the sides before the deployment, where there is such a time: the log ratio that is no change.
fn past(pairs: &[(f64, f64)], sign: f64) -> Option<Location> {
    let mut before: Vec<f64> = pairs.iter().map(|(b, c)| (c * sign).ln() - (b * sign).ln()).collect();
    before.retain(|value| value.is_finite());
    if before.len() < MIN_PAST { None } else { location(&before) }
}

/// A value on the wrong side of zero is as low as can be. NaN stays what it is.
fn magnitude(value: f64) -> f64 {
    if value < 0.0 { 0.0 } else { value }
}

fn pairs(prepared: &Prepared) -> Vec<(f64, f64)> {
    let values = prepared.baseline.iter().copied().zip(prepared.canary.iter().copied());
    if prepared.role != Role::Exposure {
        return values.collect();
    }
    let traffic = prepared.traffic.baseline.iter().zip(&prepared.traffic.canary);
    let rate = |events: f64, traffic: f64| if traffic > 0.0 { events / traffic } else { f64::NAN };
    values.zip(traffic).map(|((b, c), (of_b, of_c))| (rate(b, *of_b), rate(c, *of_c))).collect()
}
