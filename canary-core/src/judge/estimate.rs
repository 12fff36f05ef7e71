//! An estimated ratio that can be held against any bound at any level.
//!
//! The level is known last: the run's budget decides it once every metric's p-value is known. So an
//! estimate keeps what it needs to answer for all of them.

use crate::stats::{
    InstanceShift, RateRatio, RatioOfBracketed, SignFlips, Spread, normal_isf_ln, normal_quantile, student_quantile,
    student_sf,
};

/// A ratio with what is needed for its p-values and intervals. For every method "the one-sided p-value at
/// a bound is at most α/2" and "the interval at level 1 - α lies beyond the bound" are the same statement.
#[derive(Clone, Debug)]
pub(crate) enum Estimate {
    /// Student's t about a location: of the log ratio, or of the difference.
    Student(Student),
    /// The ratio of the sums under block sign flips.
    Flips(SignFlips),
    /// The ratio of two rates of events.
    Rate(Rate),
    /// A location of instances, not of minutes.
    Instances(Box<ByInstance>),
    /// Of two numbers that a test of their own measured.
    Measured(RatioOfBracketed),
    /// No noise: every pair has this ratio.
    Exact(f64),
}

/// A location with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Student {
    pub(crate) location: f64,
    pub(crate) error: f64,
    pub(crate) degrees: f64,
    pub(crate) scale: Scale,
}

/// The ratio of two rates, and how far their variance is from what chance alone makes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    /// With its dispersion.
    pub(crate) ratio: RateRatio,
    pub(crate) dispersion: Dispersion,
}

/// The variance of a split of events over the binomial one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Dispersion {
    /// At least 1.
    pub(crate) factor: f64,
    /// How well it is known: degrees of freedom of Student's t in place of the normal; `None` where chance alone
    /// explains it.
    pub(crate) degrees: Option<f64>,
}

impl Rate {
    /// The p-value of a normal quantile as that of Student's t.
    fn p(&self, by_normal: f64) -> f64 {
        self.dispersion.degrees.map_or(by_normal, |degrees| student_sf(normal_isf_ln(by_normal.ln()), degrees))
    }

    /// The dispersion at which the normal quantile of `alpha` is that of Student's t.
    fn interval(&self, alpha: f64) -> (f64, f64) {
        let Some(degrees) = self.dispersion.degrees else { return self.ratio.interval(alpha) };
        let normal = normal_isf_ln((alpha / 2.0).ln());
        let heavier = student_quantile(alpha / 2.0, degrees) / normal;
        if !heavier.is_finite() {
            return (0.0, f64::INFINITY);
        }
        self.ratio.with_dispersion(self.dispersion.factor * heavier * heavier).interval(alpha)
    }
}

/// One value an instance, compared between the sides.
#[derive(Clone, Debug)]
pub(crate) struct ByInstance {
    pub(crate) shift: InstanceShift,
    pub(crate) scale: Scale,
    values: Values,
}

/// What instances are compared by.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    /// One value an instance of the baseline.
    pub(crate) baseline: Vec<f64>,
    /// One value an instance of the canary.
    pub(crate) canary: Vec<f64>,
    /// The standard error over time of the difference of the sides' means; 0 where unknown.
    pub(crate) time_error: f64,
    /// The smallest one-sided level that may be asked for.
    pub(crate) tail: f64,
}

/// The level of the interval that a standard error is taken from.
const ERROR_LEVEL: f64 = 0.95;
/// More instances than this are nobody's advice.
const MOST_INSTANCES: u32 = 1000;

impl ByInstance {
    /// Compares; `None` where a side has no instance, or one without a finite value.
    pub(crate) fn new(values: Values, scale: Scale) -> Option<Self> {
        let Values { baseline, canary, time_error, tail } = &values;
        let shift = InstanceShift::new(baseline, canary, *time_error, None, *tail)?;
        Some(Self { shift, scale, values })
    }

    /// How much the instances of a side differ, over both sides.
    pub(crate) fn spread(&self) -> Spread {
        let (mut squares, mut degrees) = (0.0, 0.0);
        for side in [&self.values.baseline, &self.values.canary] {
            let count = side.len() as f64;
            let mean = side.iter().sum::<f64>() / count;
            squares += side.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
            degrees += count - 1.0;
        }
        Spread { variance: if degrees > 0.0 { squares / degrees } else { 0.0 }, degrees }
    }

    /// Adds what is known of the spread from elsewhere; ranks need none.
    pub(crate) fn learn(&mut self, learnt: Spread) {
        let Values { baseline, canary, time_error, tail } = &self.values;
        if let Some(shift) = InstanceShift::new(baseline, canary, *time_error, Some(learnt), *tail) {
            self.shift = shift;
        }
    }

    /// How many instances a side it would take for an interval at 1 - `alpha` to reach no further than
    /// `distance` from the ratio, in the unit of the scale; `None` by ranks, or where no number would do.
    pub(crate) fn instances_needed(&self, alpha: f64, distance: f64) -> Option<u32> {
        let degrees = self.shift.degrees?;
        let (lower, upper) = self.shift.interval(alpha);
        let error = (upper - lower) / 2.0 / student_quantile(alpha / 2.0, degrees);
        let (baseline, canary) = (self.values.baseline.len() as f64, self.values.canary.len() as f64);
        let spread = error / (1.0 / baseline + 1.0 / canary).sqrt();
        let margin = |count: f64| student_quantile(alpha / 2.0, 2.0 * count - 2.0) * spread * (2.0 / count).sqrt();
        (2..=MOST_INSTANCES).find(|&count| margin(f64::from(count)) <= distance)
    }
}

/// What a location means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scale {
    /// The logarithm of the ratio.
    Log,
    /// The difference canary - baseline over the level m that both share. Its ratio is that of m + d/2 to
    /// m - d/2, so that swapping the sides inverts it.
    Difference,
}

impl Scale {
    pub(crate) fn ratio(self, location: f64) -> f64 {
        match self {
            Self::Log => location.exp(),
            Self::Difference if location >= 2.0 => f64::INFINITY,
            Self::Difference if location <= -2.0 => 0.0,
            Self::Difference => (2.0 + location) / (2.0 - location),
        }
    }

    pub(crate) fn location(self, ratio: f64) -> f64 {
        match self {
            Self::Log => ratio.ln(),
            Self::Difference => 2.0 * (ratio - 1.0) / (ratio + 1.0),
        }
    }
}

impl Estimate {
    /// Canary over baseline; infinite over a baseline of zero, NaN where only a bound of it is known.
    pub(crate) fn ratio(&self) -> f64 {
        match self {
            Self::Student(student) => student.scale.ratio(student.location),
            Self::Flips(flips) => flips.ratio,
            Self::Rate(rate) => rate.ratio.ratio,
            Self::Instances(found) => found.scale.ratio(found.shift.estimate),
            Self::Measured(found) => found.ratio.unwrap_or(f64::NAN),
            Self::Exact(ratio) => *ratio,
        }
    }

    /// The smaller of the one-sided p-values of "the true ratio is at most `upper`" and "at least `lower`", a half
    /// where neither is smaller.
    ///
    /// Where the estimate alone says which one that is, only that one is asked for: it is most of what a metric costs
    /// after its comparison.
    pub(crate) fn p_outside(&self, lower: f64, upper: f64) -> f64 {
        let p_value = match self {
            Self::Student(_) | Self::Flips(_) if self.ratio() > upper => self.p_above(upper),
            Self::Student(_) | Self::Flips(_) if self.ratio() < lower => self.p_below(lower),
            Self::Student(_) | Self::Flips(_) => 0.5,
            _ => self.p_above(upper).min(self.p_below(lower)),
        };
        // One that is not a number counts as no evidence.
        p_value.min(0.5)
    }

    /// One-sided p-value of "the true ratio is at most `bound`".
    fn p_above(&self, bound: f64) -> f64 {
        match self {
            Self::Student(s) => student_sf((s.location - s.scale.location(bound)) / s.error, s.degrees),
            Self::Flips(flips) => flips.p_above(bound),
            Self::Rate(rate) => rate.p(rate.ratio.p_above(bound)),
            Self::Instances(found) => found.shift.p_above(found.scale.location(bound)),
            Self::Measured(found) => found.p_above(bound),
            Self::Exact(ratio) => certain(*ratio > bound),
        }
    }

    /// One-sided p-value of "the true ratio is at least `bound`".
    fn p_below(&self, bound: f64) -> f64 {
        match self {
            Self::Student(s) => student_sf((s.scale.location(bound) - s.location) / s.error, s.degrees),
            Self::Flips(flips) => flips.p_below(bound),
            Self::Rate(rate) => rate.p(rate.ratio.p_below(bound)),
            Self::Instances(found) => found.shift.p_below(found.scale.location(bound)),
            Self::Measured(found) => found.p_below(bound),
            Self::Exact(ratio) => certain(*ratio < bound),
        }
    }

    /// The interval that leaves `alpha`, half of it on each side. All ratios where `alpha` is 0.
    pub(crate) fn interval(&self, alpha: f64) -> (f64, f64) {
        match self {
            Self::Student(s) => {
                let margin = student_quantile(alpha / 2.0, s.degrees) * s.error;
                (s.scale.ratio(s.location - margin), s.scale.ratio(s.location + margin))
            }
            Self::Flips(flips) => flips.interval(alpha),
            Self::Rate(rate) => rate.interval(alpha),
            Self::Instances(found) => {
                let (lower, upper) = found.shift.interval(alpha);
                (found.scale.ratio(lower), found.scale.ratio(upper))
            }
            Self::Measured(found) => found.interval(alpha),
            Self::Exact(ratio) => (*ratio, *ratio),
        }
    }

    /// The logarithm of the ratio and its standard error on the normal scale. An infinite ratio is certain where it
    /// `decided`; elsewhere nothing is known of it.
    pub(crate) fn log_location(&self, decided: bool, widening: f64) -> (f64, f64) {
        // What is known of one side only is that much at least: enough where it decided.
        if let Self::Measured(found) = self
            && let Some((log_ratio, error)) = found.one_sided()
        {
            return if decided { (log_ratio, error) } else { (0.0, f64::INFINITY) };
        }
        let log_ratio = self.ratio().ln();
        if log_ratio.is_infinite() || log_ratio.is_nan() {
            return if decided { (log_ratio, 0.0) } else { (0.0, f64::INFINITY) };
        }
        let (lower, upper) = self.interval(1.0 - ERROR_LEVEL);
        let (below, above) = (log_ratio - lower.ln(), upper.ln() - log_ratio);
        // The wider half that is known: an end at zero or infinity says nothing of the other one.
        let half = if below.is_finite() && above.is_finite() { below.max(above) } else { below.min(above) };
        let error = widening * half / normal_quantile(f64::midpoint(1.0, ERROR_LEVEL));
        (log_ratio, if error.is_nan() { f64::INFINITY } else { error.max(0.0) })
    }
}

fn certain(beyond: bool) -> f64 {
    if beyond { 0.0 } else { 1.0 }
}
