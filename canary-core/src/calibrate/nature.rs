//! What the values of a metric are, from all that the past holds of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::name::{Vocabulary, quantile, requests};
use crate::config::{Direction, Kind};
use crate::metric::{Arm, MetricSet};

/// At least this share of the values of a count is zero: else a level says as much.
const MANY_ZEROS: f64 = 0.3;
/// The values of a count are this large on average at most.
const SMALL: f64 = 20.0;
/// A counter falls, at a reset, once and at no more of its steps.
const RESETS: f64 = 0.01;
/// And grows at this many: a level that hardly moves is not a counter.
const GROWS: f64 = 0.2;
/// After a reset a counter is below this part of what it was.
const RESET_TO: f64 = 0.5;
/// Fewer values say nothing of what they are.
const FEW: u64 = 24;

/// What is known of a metric.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Nature {
    pub(super) kind: Kind,
    pub(super) quantile: Option<f64>,
    /// The measure beside it that counts its requests.
    pub(super) requests: Option<&'static str>,
    pub(super) direction: Direction,
    pub(super) informational: bool,
    /// Whole numbers from zero on, whatever the kind.
    pub(super) whole: bool,
    /// No value but zero, or none at all.
    pub(super) idle: bool,
}

/// Every metric of the past by name.
pub(super) fn natures(runs: &[MetricSet]) -> BTreeMap<Arc<str>, Nature> {
    let mut values: BTreeMap<Arc<str>, Values> = BTreeMap::new();
    let mut series = Vec::new();
    for run in runs {
        series.resize(run.grid().ticks(), f64::NAN);
        for pair in run.iter() {
            let seen = values.entry(pair.name.clone()).or_default();
            for arm in [&pair.baseline, &pair.canary] {
                seen.take(arm, &mut series);
            }
        }
    }
    let Ok(words) = Vocabulary::new() else { return BTreeMap::new() };
    let names: BTreeSet<&str> = values.keys().map(AsRef::as_ref).collect();
    values.iter().map(|(name, values)| (Arc::clone(name), nature(name, values, &names, &words))).collect()
}

fn nature(name: &str, values: &Values, names: &BTreeSet<&str>, words: &Vocabulary) -> Nature {
    let requests = requests(name, names);
    let counts_errors = requests.is_some() && words.is_error(name) && values.whole;
    let quantile = quantile(name);
    let kind = match quantile {
        _ if values.is_counter() => Kind::Counter,
        Some(_) if !values.is_count() => Kind::Quantile,
        _ if values.is_count() || counts_errors => Kind::Count,
        _ => Kind::Gauge,
    };
    let has_requests = match kind {
        Kind::Quantile => true,
        Kind::Count | Kind::Counter => words.is_error(name),
        Kind::Gauge => false,
    };
    Nature {
        kind,
        quantile: quantile.filter(|_| kind == Kind::Quantile),
        requests: requests.filter(|_| has_requests),
        direction: words.direction(name),
        informational: words.is_informational(name),
        whole: values.whole,
        idle: values.count == values.zeros,
    }
}

/// What all series of one metric add up to.
#[derive(Debug)]
struct Values {
    count: u64,
    zeros: u64,
    sum: f64,
    /// Whole numbers from zero on, all of them.
    whole: bool,
    steps: u64,
    rises: u64,
    falls: u64,
    /// Falls that do not go back to the beginning.
    dips: u64,
}

impl Default for Values {
    fn default() -> Self {
        Self { count: 0, zeros: 0, sum: 0.0, whole: true, steps: 0, rises: 0, falls: 0, dips: 0 }
    }
}

impl Values {
    fn take(&mut self, arm: &Arm<'_>, series: &mut [f64]) {
        for instance in 0..arm.instances() {
            arm.fill(instance, series);
            let mut last: Option<f64> = None;
            for &value in series.iter().filter(|value| value.is_finite()) {
                self.count += 1;
                self.zeros += u64::from(value == 0.0);
                self.sum += value;
                self.whole &= value >= 0.0 && value.fract() == 0.0;
                if let Some(last) = last {
                    self.steps += 1;
                    self.rises += u64::from(value > last);
                    self.falls += u64::from(value < last);
                    self.dips += u64::from(value < last && value > RESET_TO * last);
                }
                last = Some(value);
            }
        }
    }

    fn is_counter(&self) -> bool {
        let steps = self.steps as f64;
        let grows = self.rises as f64 >= GROWS * steps && self.falls as f64 <= 1.0 + RESETS * steps;
        self.steps >= FEW && self.dips == 0 && grows
    }

    fn is_count(&self) -> bool {
        let count = self.count as f64;
        let sparse = self.zeros as f64 >= MANY_ZEROS * count && self.sum <= SMALL * count;
        self.count >= FEW && self.whole && sparse && self.zeros < self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Span;
    use crate::metric::{MetricData, TimeGrid};

    fn of(name: &str, values: &[f64]) -> Nature {
        let mut set = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), values.len()));
        set.add(&MetricData::new(name).baseline(values).canary(values)).unwrap();
        set.add(&MetricData::new("shop/requests").baseline(values).canary(values)).unwrap();
        natures(&[set.build().unwrap()]).remove(name).unwrap()
    }

    fn series(value: impl Fn(u32) -> u32) -> Vec<f64> {
        (0..60).map(|minute| f64::from(value(minute))).collect()
    }

    #[test]
    fn values_and_names_say_what_a_metric_is() {
        assert_eq!(of("x", &series(|i| 100 + i % 7)).kind, Kind::Gauge);
        assert_eq!(of("x", &series(|i| i * 3)).kind, Kind::Counter);
        assert_eq!(of("x", &series(|i| (i % 59) * 3)).kind, Kind::Counter, "with a reset");
        assert_eq!(of("x", &series(|i| u32::from(i % 5 == 0))).kind, Kind::Count);
        assert_eq!(of("x", &series(|_| 4)).kind, Kind::Gauge, "what stands still counts nothing");
        let errors = of("shop/errors", &series(|i| 3 + i % 5));
        assert_eq!((errors.kind, errors.requests), (Kind::Count, Some("requests")));
        assert_eq!(errors.direction, Direction::Increase);
        let tail = of("shop/p99", &series(|i| 100 + i % 7));
        assert_eq!((tail.kind, tail.quantile, tail.requests), (Kind::Quantile, Some(0.99), Some("requests")));
        assert!(of("x", &series(|_| 0)).idle && !of("x", &series(|_| 4)).idle);
    }
}
