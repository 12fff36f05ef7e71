//! How much of the common time each side fills.

use crate::metric::{Arm, MetricSet};
use crate::report::{Check, Fairness, Outcome};

/// One side filling less than this share of what the other fills is odd,
const ODD: f64 = 0.8;
/// and less than this is no comparison.
const NOT_COMPARABLE: f64 = 0.5;

/// Counts the filled cells of the metrics that both sides have, from their common start on. `None` where
/// there is none. Cost: O(cells).
pub(super) fn coverage(metrics: &MetricSet) -> Option<Fairness> {
    let ticks = metrics.grid().ticks();
    let mut series = vec![f64::NAN; ticks];
    let (mut baseline, mut canary, mut cells) = (Filled::default(), Filled::default(), 0.0);
    for pair in metrics.iter().filter(|pair| pair.baseline.instances() > 0 && pair.canary.instances() > 0) {
        let first = pair.first_common.unwrap_or(0);
        baseline.add(&pair.baseline, first, &mut series);
        canary.add(&pair.canary, first, &mut series);
        cells += ticks.saturating_sub(first) as f64;
    }
    let (baseline, canary) = (baseline.cells / cells, canary.cells / cells);
    let share = baseline.min(canary) / baseline.max(canary);
    let outcome = if share.is_nan() {
        return None;
    } else if share < NOT_COMPARABLE {
        Outcome::NotComparable
    } else if share < ODD {
        Outcome::Odd
    } else {
        Outcome::Alike
    };
    Some(Fairness { check: Check::Coverage, outcome, baseline: Some(baseline), canary: Some(canary) })
}

/// Ticks at which a metric has a value, instances taken together.
#[derive(Default)]
struct Filled {
    cells: f64,
}

impl Filled {
    fn add(&mut self, arm: &Arm<'_>, first: usize, series: &mut [f64]) {
        // A tick counts once, however many instances report at it; the mean over instances shares it out.
        let instances = arm.instances().max(1) as f64;
        for instance in 0..arm.instances() {
            arm.fill(instance, series);
            let filled = series.iter().skip(first).filter(|value| !value.is_nan()).count();
            self.cells += filled as f64 / instances;
        }
    }
}
