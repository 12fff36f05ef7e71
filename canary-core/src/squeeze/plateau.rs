//! Capacity in an open loop: the plateau of goodput against offered rate.

use super::observed::{Observed, base_latency, lowest_third};
use super::report::{Kind, Reason};
use super::smooth_minimum::{ALIKE, Fits, Point, SOFT_BELOW, SmoothMinimum};
use crate::stats::{MAD_TO_SD, long_run, median, student_quantile};

/// A step that answers less than this share of what arrived is saturated, however quiet the clean ones are.
const LEAST_LOSS: f64 = 0.03;
/// So many robust standard deviations of the clean steps' shares are noise.
const NOISE_SPREADS: f64 = 4.0;
/// Whatever the noise, a step that loses more than this is saturated.
const MOST_NOISE: f64 = 0.1;
/// Goodput at the lowest rate that is this share of the median is as good as any: nothing was below the plateau.
const FLAT: f64 = 0.85;
/// Rates must span so much for flatness to mean anything.
const SPAN: f64 = 1.3;
/// A clean step at a rate so much higher than a saturated one contradicts it.
const CLEARLY_HIGHER: f64 = 1.05;
/// A residual of the logarithm beyond this is no noise.
const MISFIT: f64 = 0.08;
/// More misfits than this share contradict the curve.
const MOST_MISFITS: f64 = 0.25;
/// A fall from the peak by more than this is no plateau.
const FALL: f64 = 0.12;
/// Two rates within this share are one level.
const SAME_LEVEL: f64 = 0.03;
/// A generator that sends less than this share of what it was asked is behind.
const BEHIND: f64 = 0.97;
/// CPU of a generator from which its timing cannot be trusted, percent.
const GENERATOR_CPU: f64 = 90.0;
/// Degrees of freedom that the spread expected of counts is worth beside the spread between steps.
const PRIOR_DEGREES: f64 = 4.0;
/// The spread of a step's count of replies without knowledge of its seconds, in those of a Poisson count.
const COUNT_SPREAD: f64 = 1.0;
/// No interval is narrower: clocks, start and end of steps.
const LEAST_SPREAD: f64 = 0.002;
/// The model's own error beside noise: service times, settling; measured by `squeeze_accuracy`.
const WIDENING: f64 = 1.3;

/// What the goodput of an open-loop run shows.
#[derive(Clone, Debug)]
pub(super) struct Plateau {
    pub(super) shown: Shown,
    /// By place in the observations.
    pub(super) saturated: Vec<bool>,
    pub(super) outliers: Vec<usize>,
    pub(super) behind: Vec<usize>,
    pub(super) curve: Option<SmoothMinimum>,
}

/// The outcome.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    Measured {
        kind: Kind,
        capacity: f64,
        lower: f64,
        upper: Option<f64>,
    },
    AtLeast(f64),
    FromStart {
        capacity: f64,
        lower: f64,
        upper: f64,
    },
    /// The same, and more is answered the more is offered: no plateau.
    FromStartSoft(f64),
    FromStartOnly,
    Behind(f64),
    Unstable(Reason),
    TooFew,
}

/// Judges the goodput of steps sorted by rate, at the two-sided `alpha`. Cost: O(steps), times the grid of
/// [`SmoothMinimum::fit`].
pub(super) fn plateau(steps: &[Observed], alpha: f64) -> Plateau {
    let base = base_latency(steps).unwrap_or(0.0);
    let behind: Vec<usize> =
        (0..steps.len()).filter(|&at| steps.get(at).is_some_and(|step| is_behind(step, steps))).collect();
    let mut kept: Vec<usize> = (0..steps.len()).filter(|at| !behind.contains(at)).collect();
    let mut found = Plateau {
        shown: Shown::TooFew,
        saturated: vec![false; steps.len()],
        outliers: Vec::new(),
        behind,
        curve: None,
    };
    if kept.len() + usize::from(!found.behind.is_empty()) < 3 {
        return found;
    }
    let (noise, clean) = (noise(steps, base), clean_share(steps, base));
    for (at, saturated) in found.saturated.iter_mut().enumerate() {
        let lost = |step: &Observed| step.answered(base) < clean * (1.0 - noise.max(loss_of_chance(step, base)));
        *saturated = kept.contains(&at) && steps.get(at).is_some_and(lost);
    }
    drop_contradicted(steps, &mut kept, &mut found);
    if found.outliers.len() > 1.max(steps.len() / 5) {
        found.shown = Shown::Unstable(Reason::ContradictingSteps);
        return found;
    }
    let used: Vec<&Observed> = kept.iter().filter_map(|&at| steps.get(at)).collect();
    let saturated: Vec<bool> = kept.iter().map(|&at| found.saturated.get(at).copied().unwrap_or(false)).collect();
    found.shown = judge(&used, &saturated, base, clean, alpha, &mut found);
    found
}

/// Whether the generator, not the server, is why a step was not answered: it sent less than it was asked while
/// replies stayed fast and good.
fn is_behind(step: &Observed, steps: &[Observed]) -> bool {
    let asked = step.offered * step.seconds_long;
    let sent = step.sent * step.seconds_long;
    let short = sent < BEHIND * asked && sent < asked - 4.0 * asked.sqrt();
    let base = lowest_third(steps, |step| step.median_latency);
    let fast = match (step.median_latency, base) {
        (Some(median), Some(base)) => median < 2.0 * base,
        // Without latencies only the generator's own word counts.
        _ => step.dropped > 0.0,
    };
    let busy = step.generator_cpu.is_some_and(|cpu| cpu > GENERATOR_CPU);
    let good = step.errors < 0.01 * step.finished;
    (short && good && fast) || (busy && step.goodput < BEHIND * step.offered)
}

/// The spread of the clean steps' answered shares that is noise.
fn noise(steps: &[Observed], base: f64) -> f64 {
    let centre = lowest_third(steps, |step| Some(step.answered(base))).unwrap_or(1.0);
    let spread = lowest_third(steps, |step| Some((step.answered(base) - centre).abs())).unwrap_or(0.0);
    (NOISE_SPREADS * MAD_TO_SD * spread).clamp(LEAST_LOSS, MOST_NOISE)
}

/// The share that is answered well at low rates: 1, or less where the same share fails at each of them, as a test does
/// that asks for what does not exist. A share that falls with the rate is the server's.
fn clean_share(steps: &[Observed], base: f64) -> f64 {
    let shares: Vec<f64> = steps.iter().take(steps.len().div_ceil(3).max(2)).map(|step| step.answered(base)).collect();
    let low = shares.iter().copied().fold(1.0, f64::min);
    let high = shares.iter().copied().fold(0.0, f64::max);
    let failing = steps.first().is_some_and(|step| step.errors > 0.5 * (1.0 - step.answered(base)) * step.finished);
    if high < 1.0 - LEAST_LOSS / 3.0 && high - low < LEAST_LOSS / 3.0 && failing { high } else { 1.0 }
}

/// A saturated step below a clean one contradicts it and is left out.
fn drop_contradicted(steps: &[Observed], kept: &mut Vec<usize>, found: &mut Plateau) {
    let rate = |at: usize| steps.get(at).map_or(0.0, |step| step.rate);
    let is_saturated = |at: usize| found.saturated.get(at).copied().unwrap_or(false);
    let highest_clean = kept.iter().copied().filter(|&at| !is_saturated(at)).map(rate).fold(0.0, f64::max);
    let contradicted = |at: usize| is_saturated(at) && rate(at) * CLEARLY_HIGHER < highest_clean;
    let outliers: Vec<usize> = kept.iter().copied().filter(|&at| contradicted(at)).collect();
    kept.retain(|at| !outliers.contains(at));
    found.outliers = outliers;
}

fn judge(used: &[&Observed], saturated: &[bool], base: f64, clean: f64, alpha: f64, found: &mut Plateau) -> Shown {
    let beyond: Vec<&Observed> =
        used.iter().zip(saturated).filter(|(_, saturated)| **saturated).map(|(step, _)| *step).collect();
    let best = used.iter().map(|step| step.goodput).fold(0.0, f64::max);
    if used.len() >= 3 && flat_from_start(used, base) {
        return from_start(used, base, alpha);
    }
    if beyond.is_empty() {
        return if found.behind.is_empty() { Shown::AtLeast(best) } else { Shown::Behind(best) };
    }
    if used.len() < 3 {
        return Shown::TooFew;
    }
    if let Some(shown) = fall(&beyond, alpha) {
        return shown;
    }
    let point = |(step, saturated): (&&Observed, &bool)| Point {
        ln_rate: (clean * step.rate).ln(),
        ln_goodput: if *saturated { step.settled.ln() } else { (step.rate * step.answered(base)).ln() },
    };
    let points: Vec<Point> =
        used.iter().zip(saturated).map(point).filter(|point| point.ln_goodput.is_finite()).collect();
    let Some(fits) = SmoothMinimum::fit(&points) else { return Shown::TooFew };
    let curve = fits.best;
    found.curve = Some(curve);
    let allowed = |step: &Observed| f64::max(MISFIT, 3.0 / (step.goodput * step.seconds_long).max(1.0).sqrt());
    let misfits = points.iter().zip(used).filter(|(point, step)| curve.residual(**point).abs() > allowed(step)).count();
    if misfits as f64 > MOST_MISFITS * used.len() as f64 {
        return Shown::Unstable(Reason::ContradictingSteps);
    }
    measured(&beyond, &points, saturated, fits, base, alpha, best)
}

/// Whether already the lowest rate was not answered, and gave as much goodput as the others. A server that sheds from
/// the start but answers more when more is offered is not flat.
fn flat_from_start(used: &[&Observed], base: f64) -> bool {
    let (Some(first), Some(last)) = (used.first(), used.last()) else { return false };
    let mut levels: Vec<f64> = used.iter().map(|step| step.settled).collect();
    let middle = median(&mut levels).unwrap_or(0.0);
    first.answered(base) < 1.0 - loss_of_chance(first, base)
        && first.settled >= FLAT * middle
        && last.rate >= SPAN * first.rate
}

/// The loss that requests under way at the end of a clean step may look like, whose number is a draw.
fn loss_of_chance(step: &Observed, base: f64) -> f64 {
    let sent = step.rate * step.seconds_long;
    f64::max(LEAST_LOSS, NOISE_SPREADS * (step.rate * base).max(1.0).sqrt() / sent)
}

/// Even the lowest rate is too much: where two steps or more agree, they show the plateau.
fn from_start(beyond: &[&Observed], base: f64, alpha: f64) -> Shown {
    let mut levels: Vec<f64> = beyond.iter().map(|step| step.settled.ln()).collect();
    let residuals = |centre: f64| beyond.iter().map(move |step| step.settled.ln() - centre).collect::<Vec<f64>>();
    let Some(centre) = median(&mut levels).filter(|centre| centre.is_finite() && beyond.len() >= 2) else {
        return Shown::FromStartOnly;
    };
    let spread = spread_of_mean(beyond, &residuals(centre), base, centre.exp());
    let point = |step: &&Observed| Point { ln_rate: step.rate.ln(), ln_goodput: step.settled.ln() };
    let points: Vec<Point> = beyond.iter().map(point).filter(|point| point.ln_goodput.is_finite()).collect();
    let Some(fits) = SmoothMinimum::fit(&points) else { return Shown::FromStartOnly };
    // A bend instead of a level counts where it explains more than chance in the counts does.
    let flat: f64 = residuals(centre).iter().map(|residual| residual * residual).sum();
    let curved: f64 = points.iter().map(|&point| fits.best.residual(point).powi(2)).sum();
    if fits.best.sharpness < SOFT_BELOW && flat - curved > ALIKE * spread.expected {
        let best = beyond.iter().map(|step| step.goodput).fold(0.0, f64::max);
        // Its seconds may show that its count is less certain than that of independent replies.
        let by_seconds = best * (-2.0 * spread.expected.sqrt()).exp();
        return Shown::FromStartSoft(least_plateau(best, beyond).min(by_seconds));
    }
    if spread.between > MISFIT {
        return Shown::FromStartOnly;
    }
    let half = spread.half_width(alpha);
    // A sharpness that fits as well leaves the plateau further up.
    let (lower, upper) = (centre.min(fits.lowest) - half, centre.max(fits.highest) + half);
    Shown::FromStart { capacity: centre.exp(), lower: lower.exp(), upper: upper.exp() }
}

/// What a server that sheds is known to answer: the goodput of its best step, less the chance in its count.
fn least_plateau(best: f64, steps: &[&Observed]) -> f64 {
    let seconds = steps.first().map_or(1.0, |step| step.seconds_long);
    best * (1.0 - 2.0 / (best * seconds).max(4.0).sqrt())
}

/// A fall from the peak beyond what a plateau has: smooth, or onto a shelf.
fn fall(beyond: &[&Observed], alpha: f64) -> Option<Shown> {
    let (place, peak) = beyond
        .iter()
        .enumerate()
        .map(|(place, step)| (place, step.settled))
        .max_by(|one, other| one.1.total_cmp(&other.1))?;
    let after: Vec<f64> = beyond.iter().skip(place + 1).map(|step| step.settled).collect();
    let last = *after.last()?;
    let noise = 3.0 / (peak * beyond.first()?.seconds_long).max(1.0).sqrt();
    if last >= peak * (1.0 - FALL.max(noise)) || after.len() < 2 {
        return None;
    }
    let before_last = after.get(after.len() - 2).copied()?;
    if last < before_last * (1.0 - SAME_LEVEL) {
        let half = student_quantile(alpha / 2.0, PRIOR_DEGREES)
            * (COUNT_SPREAD / (peak * beyond.first()?.seconds_long).sqrt()).max(LEAST_SPREAD);
        let (lower, upper) = (peak * (-WIDENING * half).exp(), peak * (WIDENING * half).exp());
        return Some(Shown::Measured { kind: Kind::Retrograde, capacity: peak, lower, upper: Some(upper) });
    }
    Some(Shown::Unstable(Reason::FellToShelf))
}

fn measured(
    beyond: &[&Observed],
    points: &[Point],
    saturated: &[bool],
    fits: Fits,
    base: f64,
    alpha: f64,
    best: f64,
) -> Shown {
    let curve = fits.best;
    let capacity = curve.ln_capacity.exp();
    // One step that sheds shows that requests are lost there, not where that ends.
    let sheds = |step: &&Observed| step.errors > 0.5 * (1.0 - step.answered(base)) * step.finished;
    let lonely = beyond.len() == 1 && beyond.iter().all(sheds);
    if curve.sharpness < SOFT_BELOW || lonely {
        return Shown::Measured { kind: Kind::Soft, capacity, lower: least_plateau(best, beyond), upper: None };
    }
    let residuals: Vec<f64> = points
        .iter()
        .zip(saturated)
        .filter(|(_, saturated)| **saturated)
        .map(|(point, _)| curve.residual(*point))
        .collect();
    let spread = spread_of_mean(beyond, &residuals, base, capacity);
    let half = spread.half_width(alpha);
    let (lower, upper) = ((fits.lowest - half).exp(), (fits.highest + half).exp());
    Shown::Measured { kind: Kind::Hard, capacity, lower, upper: Some(upper) }
}

/// How far the mean of the saturated steps' logarithms may be off.
struct Spread {
    between: f64,
    /// The variance of one step that its counts let expect.
    expected: f64,
    error: f64,
    degrees: f64,
}

impl Spread {
    fn half_width(&self, alpha: f64) -> f64 {
        WIDENING * student_quantile(alpha / 2.0, self.degrees) * self.error
    }
}

/// The spread between steps, pooled with the one that a step's own seconds let expect: two or three steps alone say
/// little about it.
fn spread_of_mean(beyond: &[&Observed], residuals: &[f64], base: f64, capacity: f64) -> Spread {
    let count = beyond.len() as f64;
    let mut sizes: Vec<f64> = residuals.iter().map(|residual| residual.abs()).collect();
    let between = MAD_TO_SD * median(&mut sizes).unwrap_or(0.0);
    let squares: f64 = residuals.iter().map(|residual| residual.clamp(-MISFIT, MISFIT).powi(2)).sum();
    let expected: f64 = beyond.iter().map(|step| expected_variance(step, base, capacity)).sum::<f64>() / count;
    let degrees = PRIOR_DEGREES + count - 1.0;
    let variance = (PRIOR_DEGREES * expected + squares) / degrees;
    Spread { between, expected, error: (variance / count).sqrt().max(LEAST_SPREAD), degrees }
}

/// The variance of the logarithm of one step's goodput that its seconds show.
fn expected_variance(step: &Observed, base: f64, capacity: f64) -> f64 {
    let seconds = step.settled_seconds(base);
    let mean = seconds.iter().map(|second| second.ok).sum::<f64>() / seconds.len().max(1) as f64;
    if seconds.len() >= 4 && mean > 0.0 {
        let centred: Vec<f64> = seconds.iter().map(|second| second.ok / mean - 1.0).collect();
        return long_run(&centred).variance / seconds.len() as f64;
    }
    COUNT_SPREAD.powi(2) / (capacity * step.seconds_long).max(1.0)
}
