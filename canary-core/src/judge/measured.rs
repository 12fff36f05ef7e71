//! Metrics that were measured beside the series: no noise of minutes, no windows, no shapes.

use std::sync::Arc;

use super::Judge;
use super::comparison::{Comparison, Ruling, View};
use super::estimate::Estimate;
use super::judged::{Judged, Key};
use super::position::{above, below};
use super::pulse::Pulse;
use crate::config::{Bounds, JudgeKind, Settings};
use crate::measured::Measured;
use crate::metric::MetricSet;
use crate::report::{Method, Reason, State};
use crate::stats::RatioOfBracketed;

impl Judge {
    /// What was measured, once for each region that it is of. It stands behind the metrics with series, which have the
    /// same places among the results as in the set.
    pub(super) fn judge_measured<'a>(&'a self, metrics: &'a MetricSet) -> Vec<Judged<'a>> {
        let mut judged: Vec<Judged<'a>> = Vec::new();
        for measured in &self.measured {
            for region in regions(measured, metrics) {
                let key = Key { name: measured.shared_name(), region, group: None };
                let same = |other: &Judged<'_>| other.key.name == key.name && other.key.region == key.region;
                let is_taken = metrics.find(region, key.name).is_some() || judged.iter().any(same);
                judged.push(self.judge_measured_one(measured, key, is_taken));
            }
        }
        judged
    }

    fn judge_measured_one<'a>(&self, measured: &Measured, key: Key<'a>, is_taken: bool) -> Judged<'a> {
        // Whoever has it measured asks for an answer: without one the run has none either.
        let settings = Settings { must_have_data: true, ..self.resolver.settings(key.name) };
        let average = measured.average();
        let compared = measured.ratio().and_then(|found| {
            let ruling = match settings.judge {
                JudgeKind::Interval => None,
                JudgeKind::Bounds | JudgeKind::Kayenta => Some(by_ratio(&found, settings.bounds)?),
            };
            let views = vec![View::full(Estimate::Measured(found), average)];
            Ok(Comparison { views, ruling, method: Some(Method::Measured), ..Comparison::of(average) })
        });
        Judged {
            key,
            settings,
            compared: if is_taken { Err(Reason::NameTaken) } else { compared },
            average,
            baseline_points: 0,
            canary_points: 0,
            unequal_missing: false,
            shapes: Vec::new(),
            peer: None,
            loudest: None,
            sides: None,
            pulse: Pulse::NONE,
            notes: Vec::new(),
            series: None,
        }
    }
}

/// The regions in which it is judged; one without a name where there are none.
fn regions<'a>(measured: &'a Measured, metrics: &'a MetricSet) -> Vec<Option<&'a Arc<str>>> {
    if let Some(region) = measured.shared_region() {
        return vec![Some(region)];
    }
    let regions: Vec<Option<&Arc<str>>> = metrics.region_names().collect();
    if regions.is_empty() { vec![None] } else { regions }
}

/// The classical rules know no noise: the ratio itself, or where only a bound of it is known, that bound if it decides.
fn by_ratio(found: &RatioOfBracketed, bounds: Bounds) -> Result<Ruling, Reason> {
    if found.ratio.is_some() {
        return Ok(Ruling::Ratio);
    }
    // No error at all: the bounds as they stand.
    let (lower, upper) = found.interval(1.0);
    if above(lower, bounds) {
        Ok(Ruling::State(State::Hot, Reason::AboveUpperBound))
    } else if below(upper, bounds) {
        Ok(Ruling::State(State::Cold, Reason::BelowLowerBound))
    } else {
        Err(Reason::OnlyBounds)
    }
}
