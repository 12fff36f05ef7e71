//! The rule with one weakness mended.

use super::classify::{Comparison, Label, classify, critical};
use super::rank_test::{RankTest, Shift};
use super::root;
use super::rule::{EffectSize, Measure, NanStrategy, OutlierStrategy, Rule};
use super::sample::{cleaned, without_nan};
use super::weakness::{Difference, Weakness};
use crate::config::{Bounds, Direction};
use crate::stats::{ar1, mean, median, power_of_two_scale};

/// Autocorrelation above this is looked at.
const NOTABLE_AUTOCORRELATION: f64 = 0.3;
/// A share of tied pairs above this is looked at.
const NOTABLE_TIES: f64 = 0.1;
/// The root finder's tolerance is negligible where values are this many times larger.
const FINE_UNIT: f64 = 1_048_576.0;
/// The window is cut into this many parts; the last is judged alone.
const PARTS: usize = 4;
/// With fewer values than this a part of the window says nothing.
const LEAST_PART: usize = 8;

/// What the rule would say with this weakness mended, in one way or several; nothing where the weakness does not
/// come into play.
pub(super) fn mended(weakness: Weakness, case: &Difference<'_>) -> Vec<Label> {
    let label = match weakness {
        Weakness::IndependentMinutes => with_autocorrelation(case),
        Weakness::ZeroInflated => without_root_error(case),
        Weakness::UnitDependent => in_fine_unit(case),
        Weakness::LateOnset => at_the_end(case),
        Weakness::OnlyLocation => return beyond_location(case),
        Weakness::NegativeMean => by_probability(case),
        Weakness::ZeroMean => without_effect(case),
        Weakness::TinySamples => return too_small(case),
        Weakness::NoPairing => paired(case),
        Weakness::NoPracticalMargin => within_bounds(case),
        Weakness::ToleranceBand => Some(rejudged(case, &Rule { tolerance: 0.0, ..*case.rule })),
        Weakness::MissingAsZero => (case.rule.nan_strategy == NanStrategy::Replace)
            .then(|| rejudged(case, &Rule { nan_strategy: NanStrategy::Remove, ..*case.rule })),
        Weakness::InfiniteValues => without_infinities(case),
        Weakness::OutliersTrimmed => (case.rule.outliers != OutlierStrategy::Keep)
            .then(|| rejudged(case, &Rule { outliers: OutlierStrategy::Keep, ..*case.rule })),
    };
    label.into_iter().collect()
}

/// The samples as the test sees them.
struct Cleaned {
    baseline: Vec<f64>,
    canary: Vec<f64>,
}

impl Cleaned {
    fn of(case: &Difference<'_>) -> Self {
        Self { baseline: cleaned(case.baseline, case.rule), canary: cleaned(case.canary, case.rule) }
    }

    fn test(&self) -> Option<RankTest> {
        RankTest::new(&self.baseline, &self.canary)
    }

    fn compared(&self, case: &Difference<'_>) -> Option<Comparison> {
        Comparison::new(&self.baseline, &self.canary, case.rule, case.seed).ok()
    }

    /// The label where the shift is `shift` instead.
    fn label_of(&self, case: &Difference<'_>, shift: Shift) -> Option<Label> {
        let comparison = self.compared(case)?;
        Some(Comparison { shift, ..comparison }.outcome(case.rule).label)
    }
}

fn rejudged(case: &Difference<'_>, rule: &Rule) -> Label {
    classify(case.baseline, case.canary, rule, case.seed).label
}

fn rejudged_on(baseline: &[f64], canary: &[f64], case: &Difference<'_>) -> Label {
    classify(baseline, canary, case.rule, case.seed).label
}

fn with_autocorrelation(case: &Difference<'_>) -> Option<Label> {
    let samples = Cleaned::of(case);
    let (baseline, canary) = (autocorrelation(&samples.baseline)?, autocorrelation(&samples.canary)?);
    if baseline.max(canary) <= NOTABLE_AUTOCORRELATION {
        return None;
    }
    let odds = |correlation: f64| (1.0 + correlation) / (1.0 - correlation);
    let (n, m) = (samples.baseline.len() as f64, samples.canary.len() as f64);
    // The variance of U is m n (n v(canary) + m v(baseline)) to first order, v the variance of one rank.
    let inflation = ((n * odds(canary) + m * odds(baseline)) / (n + m)).sqrt();
    let shift = samples.test()?.shift_at(critical(case.rule) * inflation).ok()?;
    samples.label_of(case, shift)
}

/// The lag-1 autocorrelation, corrected for its bias; `None` for no values.
fn autocorrelation(values: &[f64]) -> Option<f64> {
    let scale = power_of_two_scale(values);
    let scaled: Vec<f64> = values.iter().map(|value| value * scale).collect();
    let mean = mean(&scaled)?;
    let centred: Vec<f64> = scaled.iter().map(|value| value - mean).collect();
    Some(ar1(&centred).correlation)
}

fn without_root_error(case: &Difference<'_>) -> Option<Label> {
    let samples = Cleaned::of(case);
    if tied_share(&samples)? < NOTABLE_TIES {
        return None;
    }
    let shift = if case.label.is_flagged() {
        let snapped = |end: f64| if end.abs() <= 2.0 * root::TOLERANCE { 0.0 } else { end };
        let Shift { lower, upper, estimate } = samples.compared(case)?.shift;
        Shift { lower: snapped(lower), upper: snapped(upper), estimate: snapped(estimate) }
    } else {
        let statistic = samples.test()?.statistic(0.0).ok()?;
        let shown = if statistic.abs() > critical(case.rule) { statistic.signum() } else { 0.0 };
        Shift { lower: shown, upper: shown, estimate: shown }
    };
    samples.label_of(case, shift)
}

/// The share of pairs that are tied at the most common value.
#[allow(clippy::float_cmp, reason = "tied is equal")]
fn tied_share(samples: &Cleaned) -> Option<f64> {
    let mut pool: Vec<f64> = samples.baseline.iter().chain(&samples.canary).copied().collect();
    pool.sort_unstable_by(f64::total_cmp);
    let common = *pool.chunk_by(|one, next| one == next).max_by_key(|run| run.len())?.first()?;
    let share = |values: &[f64]| values.iter().filter(|value| **value == common).count() as f64 / values.len() as f64;
    Some(share(&samples.baseline) * share(&samples.canary))
}

fn in_fine_unit(case: &Difference<'_>) -> Option<Label> {
    let finite = |value: &&f64| value.is_finite();
    let scale = power_of_two_scale(case.baseline.iter().chain(case.canary).filter(finite)) * FINE_UNIT;
    let scaled = |values: &[f64]| values.iter().map(|value| value * scale).collect::<Vec<_>>();
    (scale > 1.0).then(|| rejudged_on(&scaled(case.baseline), &scaled(case.canary), case))
}

fn at_the_end(case: &Difference<'_>) -> Option<Label> {
    let ticks = case.baseline.len().max(case.canary.len());
    let from = ticks - ticks / PARTS;
    let part = |values: &[f64]| values.get(from..).map(without_nan).filter(|part| part.len() >= LEAST_PART);
    Some(rejudged_on(&part(case.baseline)?, &part(case.canary)?, case))
}

fn beyond_location(case: &Difference<'_>) -> Vec<Label> {
    if case.label != Label::Pass {
        return Vec::new();
    }
    let samples = Cleaned::of(case);
    [spread_label(&samples, case), mean_label(&samples, case)].into_iter().flatten().collect()
}

/// A change of the spread, up or down, in the direction of the state it would explain.
fn spread_label(samples: &Cleaned, case: &Difference<'_>) -> Option<Label> {
    let distances = |values: &[f64]| {
        let centre = median(&mut values.to_vec())?;
        Some(values.iter().map(|value| (value - centre).abs()).collect::<Vec<_>>())
    };
    let (baseline, canary) = (distances(&samples.baseline)?, distances(&samples.canary)?);
    let rule = Rule {
        direction: Direction::Either,
        effect_size: EffectSize::default(),
        outliers: OutlierStrategy::Keep,
        ..*case.rule
    };
    let flagged = classify(&baseline, &canary, &rule, case.seed).label.is_flagged();
    [Label::High, Label::Low].into_iter().find(|label| flagged && case.agrees(*label))
}

/// The mean ratio beyond the bounds while the estimated shift is not: a tail moved, the middle did not.
fn mean_label(samples: &Cleaned, case: &Difference<'_>) -> Option<Label> {
    let comparison = samples.compared(case)?;
    let by_means = beside(comparison.deviation?, case.bounds)?;
    let of_middle = 1.0 + comparison.shift.estimate / median(&mut samples.baseline.clone())?;
    (beside(of_middle, case.bounds) != Some(by_means)).then_some(by_means)
}

fn beside(ratio: f64, bounds: Bounds) -> Option<Label> {
    if ratio > bounds.upper() {
        Some(Label::High)
    } else if ratio < bounds.lower() {
        Some(Label::Low)
    } else {
        None
    }
}

fn by_probability(case: &Difference<'_>) -> Option<Label> {
    let samples = Cleaned::of(case);
    let negative = mean(&samples.baseline)? < 0.0 || mean(&samples.canary)? < 0.0;
    let applies = negative && case.rule.effect_size.measure == Measure::MeanRatio;
    applies.then(|| rejudged(case, &Rule { effect_size: EffectSize::neutral(Measure::Cles), ..*case.rule }))
}

fn without_effect(case: &Difference<'_>) -> Option<Label> {
    let unknown = Cleaned::of(case).compared(case)?.effect.is_none();
    (unknown && case.label.is_flagged()).then_some(Label::Pass)
}

fn too_small(case: &Difference<'_>) -> Vec<Label> {
    let can_exclude = Cleaned::of(case).test().map(|mut test| test.can_exclude(critical(case.rule)));
    match can_exclude {
        Some(Ok(false) | Err(_)) => vec![Label::Pass, Label::Nodata],
        _ => Vec::new(),
    }
}

fn paired(case: &Difference<'_>) -> Option<Label> {
    let both = || case.baseline.iter().zip(case.canary).filter(|(b, c)| !b.is_nan() && !c.is_nan());
    let levels: Vec<f64> = both().map(|(b, c)| f64::midpoint(*b, *c)).collect();
    if levels.len() < LEAST_PART {
        return None;
    }
    let centre = mean(&levels)?;
    // What is left of each side is its half of the difference, about a common centre.
    let half = |sign: f64| both().map(|(b, c)| centre + sign * (c - b) / 2.0).collect::<Vec<_>>();
    let samples = Cleaned { baseline: half(-1.0), canary: half(1.0) };
    let shift = samples.test()?.shift_at(critical(case.rule) * std::f64::consts::SQRT_2).ok()?;
    samples.label_of(case, shift)
}

fn within_bounds(case: &Difference<'_>) -> Option<Label> {
    let allowed = EffectSize {
        allowed_increase: case.bounds.upper(),
        allowed_decrease: case.bounds.lower(),
        ..EffectSize::default()
    };
    case.label.is_flagged().then(|| rejudged(case, &Rule { effect_size: allowed, ..*case.rule }))
}

fn without_infinities(case: &Difference<'_>) -> Option<Label> {
    let without = |values: &[f64]| -> Vec<f64> {
        values.iter().map(|&value| if value.is_infinite() { f64::NAN } else { value }).collect()
    };
    let any = case.baseline.iter().chain(case.canary).any(|value| value.is_infinite());
    any.then(|| rejudged_on(&without(case.baseline), &without(case.canary), case))
}
