//! A canary that repeats one value while the baseline goes on.

use super::runs::{during, longest};
use super::{Shape, ShapeFinding, ShapeInput};

/// Shorter runs are left to the level.
pub(super) const MIN_RUN: usize = 30;
/// A run is odd where it is more than this many times the baseline's longest.
pub(super) const RUN_FACTOR: usize = 3;
/// The baseline must have changed this often meanwhile: what is quiet on both sides is quiet.
const MIN_CHANGES: usize = 10;

/// The canary's longest run of one value, if it is long and the baseline has none like it.
///
/// A run of zeros is never called stuck: zero is where rare events rest, and fewer of them are a matter of
/// the level. Cost: O(n).
pub(super) fn find(input: &ShapeInput<'_>) -> Option<ShapeFinding> {
    let run = longest(input.canary).filter(|run| run.length >= MIN_RUN && run.value != 0.0)?;
    let usual = longest(input.baseline).map_or(0, |run| run.length);
    if run.length <= RUN_FACTOR * usual || changes(during(input.baseline, &run)) < MIN_CHANGES {
        return None;
    }
    let (size, onset_tick) = (Some(run.length as f64), Some(run.ticks.0));
    Some(ShapeFinding { shape: Shape::Stuck, direction: None, p_value: None, size, onset_tick })
}

/// How often a series differs from the value before.
#[allow(clippy::float_cmp, reason = "stuck is the same to the last bit")]
fn changes(series: &[f64]) -> usize {
    let mut values = series.iter().filter(|value| value.is_finite());
    let Some(mut before) = values.next() else { return 0 };
    let mut changes = 0;
    for value in values {
        changes += usize::from(value != before);
        before = value;
    }
    changes
}
