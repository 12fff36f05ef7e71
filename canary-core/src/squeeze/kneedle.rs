//! The knee of a curve by the Kneedle algorithm.

/// Which way a curve bends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// Rising ever more slowly, or falling ever faster: below its tangents.
    Concave,
    /// Rising ever faster, or falling ever more slowly.
    Convex,
}

/// Which way a curve runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Up.
    Increasing,
    /// Down.
    Decreasing,
}

/// The first knee of the curve through `points`, sorted by rising x: the place that lies furthest from the straight
/// line between the ends, once the curve comes back from it by `sensitivity` mean steps (Satopää, Albrecht, Irwin &
/// Raghavan 2011; as the Python package `kneed` with straight interpolation, offline).
///
/// A knee is a property of the range tested, not of the server: halve the range and it moves. `None` for fewer than
/// three points, values that are not finite, a constant, or where there is no knee. Cost: O(n).
#[must_use]
pub fn kneedle(points: &[(f64, f64)], curve: Curve, run: Run, sensitivity: f64) -> Option<f64> {
    if points.len() < 3 || points.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
        return None;
    }
    let xs = unit_range(points.iter().map(|point| point.0))?;
    let ys = unit_range(points.iter().map(|point| point.1))?;
    // Every case is turned into a concave, rising curve; `mirrored` says whether places count from the end.
    let (turned, mirrored): (Vec<f64>, bool) = match (run, curve) {
        (Run::Increasing, Curve::Concave) => (ys, false),
        (Run::Decreasing, Curve::Convex) => (ys.iter().map(|y| 1.0 - y).collect(), false),
        (Run::Decreasing, Curve::Concave) => (ys.into_iter().rev().collect(), true),
        (Run::Increasing, Curve::Convex) => (ys.iter().rev().map(|y| 1.0 - y).collect(), true),
    };
    let above: Vec<f64> = turned.iter().zip(&xs).map(|(y, x)| y - x).collect();
    let step = 1.0 / (xs.len() - 1) as f64;
    let place = first_knee(&above, sensitivity * step)?;
    let place = if mirrored { points.len() - 1 - place } else { place };
    points.get(place).map(|point| point.0)
}

/// The first local maximum of which the curve falls below by more than `drop` before it rises again.
fn first_knee(above: &[f64], drop: f64) -> Option<usize> {
    let at = |place: usize| above.get(place).copied();
    let neighbours = |place: usize| (at(place.saturating_sub(1)), at(place + 1).or(at(place)));
    let (mut knee, mut threshold) = (None, 0.0);
    for (place, &here) in above.iter().enumerate() {
        let (before, after) = neighbours(place);
        // Ends count as extremes where their one neighbour does not exceed them.
        if before.is_none_or(|before| here >= before) && after.is_none_or(|after| here >= after) {
            (knee, threshold) = (Some(place), here - drop);
        }
        let Some(next) = at(place + 1) else { break };
        if knee.is_none() {
            continue;
        }
        if before.is_none_or(|before| here <= before) && after.is_none_or(|after| here <= after) {
            threshold = 0.0;
        }
        if next < threshold {
            return knee;
        }
    }
    None
}

/// The values as shares of their range. `None` without a range.
fn unit_range(values: impl Iterator<Item = f64> + Clone) -> Option<Vec<f64>> {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.clone().fold(f64::NEG_INFINITY, f64::max);
    (high > low).then(|| values.map(|value| (value - low) / (high - low)).collect())
}
