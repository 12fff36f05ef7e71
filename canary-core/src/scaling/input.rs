//! What a plan is made of.

use serde::{Deserialize, Serialize};

use super::start::StartTime;
use crate::squeeze::{SqueezeReport, Status};

/// How traffic grows at its fastest, as a share of itself a minute.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Growth {
    /// Compounding: 0.03 is 3 % more each minute.
    Exponential(f64),
    /// The same amount each minute.
    Linear(f64),
}

impl Growth {
    /// The factor over so many seconds.
    #[must_use]
    pub fn over(self, seconds: f64) -> f64 {
        match self {
            Self::Exponential(share) => (share.ln_1p() * seconds / 60.0).exp(),
            Self::Linear(share) => 1.0 + share * seconds / 60.0,
        }
    }

    fn share(self) -> f64 {
        match self {
            Self::Exponential(share) | Self::Linear(share) => share,
        }
    }
}

/// What may fail without overload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Redundancy {
    /// Nothing.
    #[default]
    None,
    /// One of so many zones, two or more, with instances spread evenly.
    Zones(u32),
    /// So many instances anywhere.
    Spares(u32),
}

impl Redundancy {
    /// Instances for a load of so many sweet spots.
    pub(super) fn instances(self, load: f64) -> f64 {
        match self {
            Self::None => load.ceil(),
            Self::Zones(zones) => (load / (f64::from(zones) - 1.0)).ceil() * f64::from(zones),
            Self::Spares(spares) => load.ceil() + f64::from(spares),
        }
    }

    /// The share of the instances that the load may be put on.
    pub(super) fn usable(self, instances: Option<f64>) -> f64 {
        match self {
            Self::None => 1.0,
            Self::Zones(zones) => (f64::from(zones) - 1.0) / f64::from(zones),
            Self::Spares(spares) => instances.map_or(1.0, |instances| (instances - f64::from(spares)) / instances),
        }
    }

    /// Fewest instances with which it means anything.
    pub(super) fn fewest(self) -> f64 {
        match self {
            Self::None => 1.0,
            Self::Zones(zones) => f64::from(zones),
            Self::Spares(spares) => f64::from(spares) + 1.0,
        }
    }
}

/// What a plan is made of. Seconds and requests a second throughout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScalingInput {
    /// What one instance sustains: the lower end of the sweet spot.
    pub sweet_spot_rps: f64,
    /// The status that it came with; `None` for a number that the caller knows otherwise.
    #[serde(default)]
    pub status: Option<Status>,
    /// From launch to taking traffic at its usual speed, 95 of 100 starts.
    pub start_seconds: f64,
    /// After that until it counts as warm.
    #[serde(default)]
    pub warm_seconds: f64,
    /// How often the scaler sees its metric.
    #[serde(default = "a_minute")]
    pub metric_period_seconds: f64,
    /// How long it looks before it acts.
    #[serde(default = "a_minute")]
    pub evaluation_seconds: f64,
    /// The fastest growth to keep up with.
    pub growth: Growth,
    /// What may fail.
    #[serde(default)]
    pub redundancy: Redundancy,
    /// The excess that the scaler tolerates without acting; 0.1 for the `HorizontalPodAutoscaler`.
    #[serde(default = "a_tenth")]
    pub tolerance: f64,
    /// The forecast peak of the whole fleet.
    #[serde(default)]
    pub peak_rps: Option<f64>,
    /// The forecast trough.
    #[serde(default)]
    pub trough_rps: Option<f64>,
}

fn a_minute() -> f64 {
    60.0
}

fn a_tenth() -> f64 {
    0.1
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScalingError {
    /// The squeeze test gave no number to scale by.
    #[error(
        "the squeeze test is {status}, which gives no rate to scale by; expected measured, lower_bound or generator_limited"
    )]
    NoNumber {
        /// The test's status.
        status: &'static str,
    },
    /// The sweet spot could be anything below a number.
    #[error(
        "the squeeze test's sweet spot has no lower end, which is what a plan is made of; repeat it with longer steps, or \
         more of them below the limit"
    )]
    NoLowerEnd,
    /// How much of the load so many instances can spare depends on how many there are.
    #[error(
        "spares without a forecast peak: found none, expected one, as their share of the instances follows from it"
    )]
    SparesNeedPeak,
    /// A number out of its range.
    #[error("{key}: found {found}, expected {expected}")]
    Range {
        /// The field.
        key: &'static str,
        /// What was found.
        found: f64,
        /// What would be right.
        expected: &'static str,
    },
    /// Numbers that lead to an absurd fleet.
    #[error("{key} leads to {found}, more than anyone runs; check its unit")]
    TooLarge {
        /// The field.
        key: &'static str,
        /// What it leads to.
        found: f64,
    },
    /// A document needs limits, and the plan has none.
    #[error("the policy needs a smallest and a largest number of instances; give peak_rps")]
    NoForecast,
}

impl ScalingInput {
    /// From a sweet spot in requests a second and the time to start; the rest by default: no warm-up, a metric a minute,
    /// a minute of evaluation, nothing may fail, a tolerance of a tenth, no forecast.
    #[must_use]
    pub fn new(sweet_spot_rps: f64, start_seconds: f64, growth: Growth) -> Self {
        Self {
            sweet_spot_rps,
            status: None,
            start_seconds,
            warm_seconds: 0.0,
            metric_period_seconds: a_minute(),
            evaluation_seconds: a_minute(),
            growth,
            redundancy: Redundancy::None,
            tolerance: a_tenth(),
            peak_rps: None,
            trough_rps: None,
        }
    }

    /// From a squeeze test: the lower end of its sweet spot. Refused where that is not known: `unstable`, `unusable` and
    /// `saturated_from_start`. A lower bound is taken for what it is: more might go, this much does.
    pub fn from_report(report: &SqueezeReport, start: &StartTime, growth: Growth) -> Result<Self, ScalingError> {
        let usable = matches!(report.status, Status::Measured | Status::LowerBound | Status::GeneratorLimited);
        let found = report.sweet_spot.filter(|_| usable);
        let found = found.ok_or(ScalingError::NoNumber { status: report.status.name() })?;
        let sweet_spot = found.lower.ok_or(ScalingError::NoLowerEnd)?;
        Ok(Self { status: Some(report.status), ..Self::new(sweet_spot, start.slow_seconds, growth) })
    }

    /// Metric, evaluation, start and warm-up.
    #[must_use]
    pub fn lag_seconds(&self) -> f64 {
        self.metric_period_seconds + self.evaluation_seconds + self.start_seconds + self.warm_seconds
    }

    pub(super) fn check(&self) -> Result<(), ScalingError> {
        let positive = "a finite number above 0";
        let not_negative = "a finite number, 0 or more";
        let range = |key, found: f64, good: bool, expected| {
            if good && found.is_finite() { Ok(()) } else { Err(ScalingError::Range { key, found, expected }) }
        };
        range("sweet_spot_rps", self.sweet_spot_rps, self.sweet_spot_rps > 0.0, positive)?;
        let times = [
            ("start_seconds", self.start_seconds),
            ("warm_seconds", self.warm_seconds),
            ("metric_period_seconds", self.metric_period_seconds),
            ("evaluation_seconds", self.evaluation_seconds),
            ("growth", self.growth.share()),
        ];
        for (key, found) in times {
            range(key, found, found >= 0.0, not_negative)?;
        }
        range("tolerance", self.tolerance, (0.0..1.0).contains(&self.tolerance), "a share from 0 to below 1")?;
        for (key, found) in [("peak_rps", self.peak_rps), ("trough_rps", self.trough_rps)] {
            if let Some(found) = found {
                range(key, found, found >= 0.0, not_negative)?;
            }
        }
        match (self.trough_rps, self.peak_rps) {
            (Some(trough), Some(peak)) => range("trough_rps", trough, trough <= peak, "at most peak_rps")?,
            (Some(trough), None) => range("trough_rps", trough, false, "a peak_rps beside it")?,
            _ => {}
        }
        match self.redundancy {
            Redundancy::Zones(zones) => range("redundancy.zones", zones.into(), zones >= 2, "2 zones or more"),
            Redundancy::Spares(1..) if self.peak_rps.is_none() => Err(ScalingError::SparesNeedPeak),
            Redundancy::None | Redundancy::Spares(_) => Ok(()),
        }
    }
}
