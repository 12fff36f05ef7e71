//! The strength of a cell's colour.

use canary_core::report::{Evidence, MetricResult, State};

/// The strongest shade; 1 is the weakest.
pub const MAX_SHADE: u8 = 4;

/// Beyond a bound by less than these shares of its own distance from 1, in logarithms, a hot or cold metric has
/// shade 1, 2 and 3.
const BEYOND: [f64; 3] = [0.5, 1.5, 4.0];
/// Nearer to its bound than these shares of the bound's distance from 1, an ok metric has shade 1, 2 and 3.
const ROOM: [f64; 3] = [0.25, 0.5, 0.75];

/// How far a metric is from its bounds, 1 to [`MAX_SHADE`]: for hot and cold how far beyond, for ok how much room
/// is left. An undecided metric has the weakest shade, whatever its ratio: nothing is shown yet. The steps are in
/// logarithms, relative to the bound itself, so that bounds of 1.05 and of 2 are read alike.
#[must_use]
pub fn shade(metric: &MetricResult) -> u8 {
    match metric.state {
        State::NoData => 1,
        State::Ok if metric.evidence == Evidence::Undecided => 1,
        State::Ok => metric.ratio.map_or(1, |ratio| step(1.0 - share(metric, ratio), ROOM)),
        // A ratio that a report cannot hold is infinite.
        State::Hot | State::Cold => metric.ratio.map_or(MAX_SHADE, |ratio| step(share(metric, ratio) - 1.0, BEYOND)),
    }
}

/// Where a ratio lies between 1 (0) and the bound on its side (1), in logarithms.
fn share(metric: &MetricResult, ratio: f64) -> f64 {
    let log = ratio.ln();
    let bound = if log > 0.0 { metric.bounds.upper() } else { metric.bounds.lower() };
    log / bound.ln()
}

/// The shade of a share; a share that cannot be computed has none to show.
fn step(share: f64, steps: [f64; 3]) -> u8 {
    if share.is_nan() {
        return 1;
    }
    steps.iter().fold(1, |shade, &step| shade + u8::from(share >= step))
}

#[cfg(test)]
mod tests {
    use super::{BEYOND, MAX_SHADE, ROOM, step};

    #[test]
    fn the_further_the_stronger() {
        assert_eq!(
            [-1.0, 0.0, 0.49, 0.5, 1.5, 4.0, f64::INFINITY].map(|share| step(share, BEYOND)),
            [1, 1, 1, 2, 3, 4, 4]
        );
        assert_eq!([0.0, 0.25, 0.5, 0.75, 1.0].map(|share| step(share, ROOM)), [1, 2, 3, 4, MAX_SHADE]);
        assert_eq!(step(f64::NAN, ROOM), 1, "no share, no strength");
    }
}
