//! The default judge: the confidence interval of the ratio, honest under autocorrelation.
//!
//! Pairs are taken minute by minute, so that the load which both sides share cancels. The location is a
//! Huber M-estimate of the log ratios; its standard error is made of the long-run variance of the scores.
//! Series full of zeros have no log ratio: there the ratio of the sums, with an interval by block sign
//! flips. `docs/method.md` has sources, reasons and measured error rates.

use super::comparison::{Comparison, Workspace, paired_averages};
use super::position::{above, below};
use crate::config::Settings;
use crate::preprocess::Prepared;
use crate::report::{Average, Flag, Method, Reason};
use crate::stats::{
    HuberLocation, SignFlips, ar1, huber_location, huber_scores, long_run, power_of_two_scale, student_quantile,
    student_sf,
};

/// A metric with more of its pairs than this at odds in sign has no ratio.
const MAX_ODD_SHARE: f64 = 0.1;
/// Above this share of one-sided zeros the log ratio says too little.
const MAX_ONE_SIDED_SHARE: f64 = 0.25;
/// Fewer usable log ratios than this, or than half of the pairs, are too few.
const MIN_LOG_RATIOS: usize = 12;
const MIN_USABLE_SHARE: f64 = 0.5;
/// A block of flips is never longer than this share of the series: ten blocks at least.
const MIN_BLOCKS: usize = 10;

/// Compares the pairs of `prepared`. Cost: O(n × degrees of freedom); 25 degrees at 480 points.
pub(super) fn compare(
    prepared: &Prepared,
    settings: &Settings,
    _seed: u64,
    workspace: &mut Workspace,
) -> Result<Comparison, Reason> {
    let pairs = prepared.pairs.as_slice();
    let Orientation { sign, odd } = orientation(pairs)?;
    let usable = log_ratios(pairs, sign, &mut workspace.log_ratios);
    let average = paired_averages(pairs, &mut workspace.scratch);
    let mut comparison = if usable.total() == 0 {
        both_zero(average)
    } else if usable.enough_for_logs(pairs.len()) {
        match huber_location(&workspace.log_ratios, &mut workspace.scratch) {
            Some(found) if found.scale > 0.0 => by_location(&found, settings, average, workspace),
            Some(found) if usable.one_sided == 0 => deterministic(found.location, usable.finite, settings, average),
            _ => by_sign_flips(&magnitudes(pairs, sign), settings, average),
        }
    } else {
        by_sign_flips(&magnitudes(pairs, sign), settings, average)
    };
    comparison.odd_signs = odd as u64;
    if sign < 0.0 {
        comparison.flags.push(Flag::NegativeLevel);
    }
    Ok(comparison)
}

/// On which side of zero a metric lives.
struct Orientation {
    /// 1 above zero, -1 below.
    sign: f64,
    /// Pairs with a value on the other side.
    odd: usize,
}

/// Most pairs decide; an error where too many disagree.
fn orientation(pairs: &[(f64, f64)]) -> Result<Orientation, Reason> {
    let upright = pairs.iter().filter(|(b, c)| *b >= 0.0 && *c >= 0.0).count();
    if upright == pairs.len() {
        return Ok(Orientation { sign: 1.0, odd: 0 });
    }
    let inverted = pairs.iter().filter(|(b, c)| *b <= 0.0 && *c <= 0.0).count();
    let odd = pairs.len() - upright.max(inverted);
    let share = odd as f64 / pairs.len().max(1) as f64;
    if share > MAX_ODD_SHARE {
        return Err(Reason::MixedSigns { share });
    }
    Ok(Orientation { sign: if inverted > upright { -1.0 } else { 1.0 }, odd })
}

/// A value on the wrong side of zero is as low as can be: zero.
fn magnitude(value: f64, sign: f64) -> f64 {
    let value = value * sign;
    if value > 0.0 { value } else { 0.0 }
}

/// The pairs' magnitudes, scaled by a power of two: no bit of a ratio changes, and no sum overflows.
fn magnitudes(pairs: &[(f64, f64)], sign: f64) -> Vec<(f64, f64)> {
    let scale = sign * power_of_two_scale(pairs.iter().flat_map(|(b, c)| [b, c]));
    pairs.iter().map(|&(b, c)| (magnitude(b, scale), magnitude(c, scale))).collect()
}

/// How many pairs have which kind of log ratio.
struct Usable {
    finite: usize,
    one_sided: usize,
}

impl Usable {
    fn total(&self) -> usize {
        self.finite + self.one_sided
    }

    fn enough_for_logs(&self, pairs: usize) -> bool {
        let total = self.total() as f64;
        self.total() >= MIN_LOG_RATIOS
            && total >= MIN_USABLE_SHARE * pairs as f64
            && self.one_sided as f64 <= MAX_ONE_SIDED_SHARE * total
    }
}

/// ln(canary / baseline) of every pair that is not zero on both sides; a one-sided zero is infinite.
fn log_ratios(pairs: &[(f64, f64)], sign: f64, out: &mut Vec<f64>) -> Usable {
    out.clear();
    let mut usable = Usable { finite: 0, one_sided: 0 };
    for &(baseline, canary) in pairs {
        let (baseline, canary) = (magnitude(baseline, sign), magnitude(canary, sign));
        if baseline == 0.0 && canary == 0.0 {
            continue;
        }
        if baseline == 0.0 || canary == 0.0 {
            usable.one_sided += 1;
        } else {
            usable.finite += 1;
        }
        let quotient = canary / baseline;
        // Where the quotient leaves the range of normal numbers, the difference of logarithms does not.
        out.push(if quotient.is_normal() { quotient.ln() } else { canary.ln() - baseline.ln() });
    }
    usable
}

fn by_location(found: &HuberLocation, settings: &Settings, average: Average, workspace: &mut Workspace) -> Comparison {
    let Workspace { log_ratios, scores, .. } = workspace;
    huber_scores(log_ratios, found, scores);
    let count = scores.len() as f64;
    let long_run = long_run(scores);
    let error = found.scale * (long_run.variance / count).sqrt() * count / found.inliers.max(1) as f64;
    let (level, degrees) = (settings.level.get(), long_run.degrees);
    let margin = student_quantile(f64::midpoint(1.0, -level), degrees) * error;
    let (lower, upper) = (settings.bounds.lower().ln(), settings.bounds.upper().ln());
    let p_above = student_sf((found.location - upper) / error, degrees);
    let p_below = student_sf((lower - found.location) / error, degrees);
    Comparison {
        ratio: found.location.exp(),
        interval: Some(((found.location - margin).exp(), (found.location + margin).exp())),
        p_value: Some(two_sided(p_above, p_below)),
        effective: Some(long_run.effective),
        average,
        flags: Vec::new(),
        method: Some(Method::PairedHuber),
        special: None,
        odd_signs: 0,
    }
}

fn two_sided(p_above: f64, p_below: f64) -> f64 {
    (2.0 * p_above.min(p_below)).min(1.0)
}

/// Every pair has the same ratio: the interval has no width.
fn deterministic(log_ratio: f64, pairs: usize, settings: &Settings, average: Average) -> Comparison {
    let ratio = log_ratio.exp();
    let bounds = settings.bounds;
    let outside = above(ratio, bounds) || below(ratio, bounds);
    Comparison {
        ratio,
        interval: Some((ratio, ratio)),
        p_value: Some(if outside { 0.0 } else { 1.0 }),
        effective: Some(pairs as f64),
        average,
        flags: vec![Flag::Deterministic],
        method: Some(Method::Deterministic),
        special: None,
        odd_signs: 0,
    }
}

fn both_zero(average: Average) -> Comparison {
    Comparison {
        ratio: 1.0,
        interval: None,
        p_value: Some(1.0),
        effective: None,
        average,
        flags: Vec::new(),
        method: Some(Method::Deterministic),
        special: Some(Reason::BothZero),
        odd_signs: 0,
    }
}

fn by_sign_flips(pairs: &[(f64, f64)], settings: &Settings, average: Average) -> Comparison {
    let flips = SignFlips::new(pairs, block_length(pairs));
    let special = if flips.ratio.is_infinite() {
        Some(Reason::BaselineZero)
    } else if flips.ratio == 0.0 {
        Some(Reason::CanaryZero)
    } else {
        None
    };
    let bounds = settings.bounds;
    Comparison {
        ratio: flips.ratio,
        interval: Some(flips.interval(settings.level.get())),
        p_value: Some(two_sided(flips.p_above(bounds.upper()), flips.p_below(bounds.lower()))),
        effective: Some(flips.blocks as f64),
        average,
        flags: Vec::new(),
        method: Some(Method::SignFlip),
        special,
        odd_signs: 0,
    }
}

/// n^(1/3) ticks, longer where the differences are autocorrelated, but ten blocks at least.
fn block_length(pairs: &[(f64, f64)]) -> usize {
    let count = pairs.len();
    let mean = pairs.iter().map(|(b, c)| c - b).sum::<f64>() / count.max(1) as f64;
    let centred: Vec<f64> = pairs.iter().map(|(b, c)| c - b - mean).collect();
    let per_independent = count as f64 / ar1(&centred).effective.max(1.0);
    let length = (count as f64).cbrt().max(per_independent).round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the number of pairs")]
    let length = length as usize;
    length.min(count / MIN_BLOCKS).max(1)
}
