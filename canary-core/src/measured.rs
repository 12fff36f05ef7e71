//! One more metric, which no series shows: two numbers that a test of their own measured.

use std::sync::Arc;

use crate::error::InputError;
use crate::note::Side;
use crate::report::{Average, Reason};
use crate::squeeze::{DEGREES, Estimate};
use crate::stats::RatioOfBracketed;

/// A metric of the canary that was measured beside its series, such as what a squeeze test found of both builds.
///
/// It is looked up in the config by its name as any other metric, and has its part in groups, score, verdict and the
/// chance of a false alarm. A number that is missing is `nodata` with a reason.
///
/// ```
/// use canary_core::{Judge, Measured, squeeze::Estimate};
///
/// let number = |rate: f64| Estimate {
///     estimate: Some(rate),
///     lower: Some(0.98 * rate),
///     upper: Some(1.02 * rate),
///     level: 0.95,
/// };
/// let sweet_spot = Measured::new("squeeze.sweet_spot", Some(number(200.0)), Some(number(120.0)))?;
/// let judge = Judge::new(canary_core::Config::default())?.with_measured(vec![sweet_spot]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    name: Arc<str>,
    region: Option<Arc<str>>,
    baseline: Option<Estimate>,
    canary: Option<Estimate>,
    different: bool,
}

impl Measured {
    /// Both numbers; `None` where a test gave none. Errors: a number that is not positive and finite, or ends that
    /// contradict each other.
    pub fn new(
        name: impl Into<Arc<str>>,
        baseline: Option<Estimate>,
        canary: Option<Estimate>,
    ) -> Result<Self, InputError> {
        let name = name.into();
        for (side, number) in [("baseline", baseline), ("canary", canary)] {
            if let Some(number) = number.filter(|number| !is_possible(number)) {
                let Estimate { estimate, lower, upper, level } = number;
                let shown = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
                let (estimate, lower, upper) = (shown(estimate), shown(lower), shown(upper));
                let found = format!("estimate {estimate}, lower {lower}, upper {upper}, level {level}");
                return Err(InputError::Measured { metric: name.to_string(), side, found });
            }
        }
        Ok(Self { name, region: None, baseline, canary, different: false })
    }

    /// Of this region only. Otherwise it is of all: each region has it among its metrics.
    #[must_use]
    pub fn in_region(mut self, region: impl Into<Arc<str>>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The tests differ in what they ask: there are numbers, and no ratio.
    #[must_use]
    pub fn of_different_tests(mut self) -> Self {
        self.different = true;
        self
    }

    /// The metric's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The region that it is of; `None` where it is of all.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    pub(crate) fn shared_name(&self) -> &Arc<str> {
        &self.name
    }

    pub(crate) fn shared_region(&self) -> Option<&Arc<str>> {
        self.region.as_ref()
    }

    /// Both sides' numbers.
    pub(crate) fn average(&self) -> Average {
        let of = |side: Option<Estimate>| side.and_then(|number| number.estimate);
        Average { baseline: of(self.baseline), canary: of(self.canary) }
    }

    /// What the numbers say of their ratio, or why they say nothing.
    pub(crate) fn ratio(&self) -> Result<RatioOfBracketed, Reason> {
        let side = |side, number: Option<Estimate>| number.filter(is_known).ok_or(Reason::NotMeasured { side });
        let (old, new) = (side(Side::Baseline, self.baseline)?, side(Side::Canary, self.canary)?);
        if self.different {
            return Err(Reason::DifferentTests);
        }
        let found = RatioOfBracketed::new(old.into(), new.into(), DEGREES);
        if found.is_unknown() { Err(Reason::OnlyBounds) } else { Ok(found) }
    }
}

fn is_known(number: &Estimate) -> bool {
    number.estimate.is_some() || number.lower.is_some() || number.upper.is_some()
}

fn is_possible(number: &Estimate) -> bool {
    let rising: Vec<f64> = [number.lower, number.estimate, number.upper].into_iter().flatten().collect();
    let in_order = rising.windows(2).all(|pair| matches!(pair, [one, next] if one <= next));
    in_order && rising.iter().all(|value| *value > 0.0 && value.is_finite()) && number.level > 0.0 && number.level < 1.0
}
