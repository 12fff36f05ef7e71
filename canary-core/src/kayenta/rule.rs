//! What the rule can be told, with its own defaults.

use crate::config::{Bounds, Direction, Outliers, Settings};

/// The share of the estimated shift that the near end of the interval must exceed.
pub const DEFAULT_TOLERANCE: f64 = 0.25;
/// The level of the interval.
pub const DEFAULT_CONFIDENCE: f64 = 0.98;
/// Interquartile ranges from the quartiles beyond which a value is an outlier.
pub const DEFAULT_OUTLIER_FACTOR: f64 = 3.0;

/// The parameters of the rule for one metric. The default is the judge's own default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Which change counts against the canary.
    pub direction: Direction,
    /// What is done about missing values.
    pub nan_strategy: NanStrategy,
    /// Whether it can set the score to 0 alone.
    pub critical: bool,
    /// Whether its silence counts as a failure. Without effect on a critical metric.
    pub must_have_data: bool,
    /// Classified and shown, never scored.
    pub muted: bool,
    /// The changes that are allowed.
    pub effect_size: EffectSize,
    /// What is done about outliers.
    pub outliers: OutlierStrategy,
    /// The share of the estimated shift that the near end of the interval must exceed. The judge has no key for it.
    pub tolerance: f64,
    /// The level of the interval, between 0 and 1. The judge has no key for it.
    pub confidence: f64,
}

/// What is done about missing values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NanStrategy {
    /// They are left out.
    #[default]
    Remove,
    /// They count as 0.
    Replace,
}

/// The measure that the allowed and critical thresholds are in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// The canary's mean over the baseline's: 1 is no change.
    #[default]
    MeanRatio,
    /// The probability that a canary value exceeds a baseline value: 0.5 is no change.
    Cles,
}

/// The changes that are allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EffectSize {
    /// What the thresholds are in.
    pub measure: Measure,
    /// From here on an increase is a failure.
    pub allowed_increase: f64,
    /// Down from here a decrease is a failure.
    pub allowed_decrease: f64,
    /// From here on an increase of a critical metric is critical.
    pub critical_increase: f64,
    /// Down from here a decrease of a critical metric is critical.
    pub critical_decrease: f64,
}

/// What is done about outliers, on each side by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum OutlierStrategy {
    /// Every value counts.
    #[default]
    Keep,
    /// Values beyond `factor` interquartile ranges from the quartiles go, if they lie beyond the 1st or 99th
    /// percentile as well.
    Remove {
        /// How many interquartile ranges.
        factor: f64,
    },
}

impl Measure {
    /// The value that says "no change".
    #[must_use]
    pub fn neutral(self) -> f64 {
        match self {
            Self::MeanRatio => 1.0,
            Self::Cles => 0.5,
        }
    }
}

impl EffectSize {
    /// All thresholds at "no change".
    #[must_use]
    pub fn neutral(measure: Measure) -> Self {
        let neutral = measure.neutral();
        Self {
            measure,
            allowed_increase: neutral,
            allowed_decrease: neutral,
            critical_increase: neutral,
            critical_decrease: neutral,
        }
    }
}

impl Default for EffectSize {
    fn default() -> Self {
        Self::neutral(Measure::default())
    }
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            direction: Direction::default(),
            nan_strategy: NanStrategy::default(),
            critical: false,
            must_have_data: false,
            muted: false,
            effect_size: EffectSize::default(),
            outliers: OutlierStrategy::default(),
            tolerance: DEFAULT_TOLERANCE,
            confidence: DEFAULT_CONFIDENCE,
        }
    }
}

/// The rule as our own settings would have it. Bounds that nobody changed allow no change, as the judge's own
/// default does; an end that was changed becomes the allowed increase or decrease. Weight 0 is muted.
impl From<&Settings> for Rule {
    fn from(settings: &Settings) -> Self {
        let (bounds, untouched) = (settings.bounds, Bounds::default());
        // Bit for bit: whether anybody changed it, not whether it is close.
        let changed = |end: f64, default: f64| if end.to_bits() == default.to_bits() { 1.0 } else { end };
        Self {
            direction: settings.direction,
            critical: settings.critical,
            must_have_data: settings.must_have_data,
            muted: settings.weight.get() == 0.0,
            effect_size: EffectSize {
                allowed_increase: changed(bounds.upper(), untouched.upper()),
                allowed_decrease: changed(bounds.lower(), untouched.lower()),
                ..EffectSize::default()
            },
            outliers: match settings.outliers {
                Outliers::Keep => OutlierStrategy::Keep,
                Outliers::Drop => OutlierStrategy::Remove { factor: DEFAULT_OUTLIER_FACTOR },
            },
            confidence: settings.level.get(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "taken over, not computed")]
mod tests {
    use super::*;
    use crate::config::{BoundsChange, Config, Resolver};
    use crate::scalar::Weight;

    #[test]
    fn our_defaults_are_the_rules_own() {
        let settings = Resolver::new(&Config::default()).unwrap().settings("any");
        assert_eq!(Rule::from(&settings), Rule::default());
    }

    #[test]
    fn what_was_changed_is_taken_over() {
        let rule = crate::config::Rule {
            patterns: vec!["*".into()],
            bounds: Some(BoundsChange { lower: None, upper: Some(1.1) }),
            direction: Some(Direction::Increase),
            weight: Some(Weight::new(0.0).unwrap()),
            outliers: Some(Outliers::Drop),
            critical: Some(true),
            ..Default::default()
        };
        let config = Config { rules: vec![rule], ..Config::default() };
        let rule = Rule::from(&Resolver::new(&config).unwrap().settings("any"));
        assert_eq!((rule.effect_size.allowed_increase, rule.effect_size.allowed_decrease), (1.1, 1.0));
        assert_eq!((rule.direction, rule.outliers), (Direction::Increase, OutlierStrategy::Remove { factor: 3.0 }));
        assert!(rule.critical && rule.muted);
    }
}
