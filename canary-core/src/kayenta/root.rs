//! A bracketing root finder, step for step the one whose stopping error shows in the rule's numbers.

/// The absolute tolerance in x, in the metric's own unit: that is what makes the rule depend on the unit.
pub(super) const TOLERANCE: f64 = 1e-4;
/// Steps after which the best point so far is the answer.
const MAX_STEPS: usize = 1001;
/// What counts as zero: the two doubles next to it as well.
const ALMOST_ZERO: f64 = f64::from_bits(1);

/// A point of the function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A zero of `function` between two points by the method of Dekker and Brent (R. P. Brent, *Algorithms for
/// Minimization without Derivatives*, 1973, ch. 4): inverse quadratic or linear interpolation where it
/// converges, bisection where it does not.
///
/// The points need not have different signs; then the answer is where the steps end. No failure is
/// signalled. The error of `function` is passed on. Cost: 10 to 40 evaluations.
pub(super) fn find<E>(start: Point, end: Point, mut function: impl FnMut(f64) -> Result<f64, E>) -> Result<f64, E> {
    let (mut previous, mut best, mut opposite) = (start, end, start);
    if is_zero(previous.y) {
        return Ok(previous.x);
    }
    if is_zero(best.y) {
        return Ok(best.x);
    }
    for _ in 0..MAX_STEPS {
        let last_step = best.x - previous.x;
        if opposite.y.abs() < best.y.abs() {
            (previous, best) = (best, opposite);
            opposite = previous;
        }
        let least = 2.0 * f64::EPSILON * best.x.abs() + TOLERANCE / 2.0;
        let half = (opposite.x - best.x) / 2.0;
        // A position that is not a number stays so: no further step can change the answer.
        if half.abs() <= least || is_zero(best.y) || best.x.is_nan() {
            break;
        }
        let interpolates = last_step.abs() >= least && previous.y.abs() > best.y.abs();
        let step = if interpolates { interpolated(previous, best, opposite, last_step, least) } else { None };
        let step = step.unwrap_or(half);
        let step = if step.abs() < least { if step > 0.0 { least } else { -least } } else { step };
        previous = best;
        best.x += step;
        best.y = function(best.x)?;
        if (best.y > 0.0 && opposite.y > 0.0) || (best.y < 0.0 && opposite.y < 0.0) {
            opposite = previous;
        }
    }
    Ok(best.x)
}

fn is_zero(value: f64) -> bool {
    value.abs() <= ALMOST_ZERO
}

/// The interpolated step from `best`, where it stays well inside the bracket and shrinks fast enough.
#[allow(clippy::float_cmp, reason = "whether the two are the same point")]
fn interpolated(previous: Point, best: Point, opposite: Point, last_step: f64, least: f64) -> Option<f64> {
    let width = opposite.x - best.x;
    let s = best.y / previous.y;
    let (mut p, mut q) = if previous.x == opposite.x {
        (width * s, 1.0 - s)
    } else {
        let u = previous.y / opposite.y;
        let v = best.y / opposite.y;
        (s * (width * u * (u - v) - (best.x - previous.x) * (v - 1.0)), (u - 1.0) * (v - 1.0) * (s - 1.0))
    };
    if p > 0.0 {
        q = -q;
    } else {
        p = -p;
    }
    let inside = p < 0.75 * width * q - (least * q).abs() / 2.0;
    let shrinks = p < (last_step * q / 2.0).abs();
    (inside && shrinks).then(|| p / q)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn root(start: f64, end: f64, function: impl Fn(f64) -> f64) -> f64 {
        let at = |x| Point { x, y: function(x) };
        find(at(start), at(end), |x| Ok::<_, Infallible>(function(x))).unwrap()
    }

    #[test]
    fn finds_the_roots_of_known_functions() {
        // The bracket ends up at most the tolerance wide.
        assert!((root(0.0, 2.0, |x| x * x - 2.0) - 2.0_f64.sqrt()).abs() <= TOLERANCE);
        assert!((root(-4.0, 3.0, |x| (x + 3.0) * (x - 1.0).powi(2)) + 3.0).abs() <= TOLERANCE);
        assert!((root(0.0, 1.0, |x| x.cos() - x) - 0.739_085_133_215_160_6).abs() <= TOLERANCE);
        assert!((root(-10.0, 10.0, |x| if x < 1.25 { 1.0 } else { -2.0 }) - 1.25).abs() <= TOLERANCE);
    }

    #[test]
    fn ends_that_are_roots_are_taken_at_once() {
        assert_eq!(root(1.0, 5.0, |x| x - 1.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(root(1.0, 5.0, |x| x - 5.0).to_bits(), 5.0_f64.to_bits());
    }

    #[test]
    fn what_is_not_a_number_ends_the_search() {
        let mut evaluations = 0;
        let (start, end) = (Point { x: 0.0, y: 1.0 }, Point { x: f64::INFINITY, y: -2.0 });
        let found = find(start, end, |_| {
            evaluations += 1;
            Ok::<_, Infallible>(-1.0)
        });
        assert!(!found.unwrap().is_finite() && evaluations < 5, "{evaluations}");
    }
}
