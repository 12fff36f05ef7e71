//! Roots of monotone functions between two signs.

/// More steps than bisection alone needs for any width of doubles that matters here.
const MAX_STEPS: usize = 120;

/// Where `function` changes sign between `positive`, where it is above zero, and `negative`, where it is
/// not: the end of the last bracket at which the function is above zero, within `tolerance` of the change. The values
/// that come with the two only say where to look first.
///
/// Chandrupatla's method (1997): inverse quadratic interpolation where the points allow it, bisection where not; the
/// first step is the secant's. It needs no continuity: at a jump it ends beside the jump. Cost: 5 to 10 evaluations
/// on smooth functions.
pub(super) fn sign_change(
    mut function: impl FnMut(f64) -> f64,
    positive: (f64, f64),
    negative: (f64, f64),
    tolerance: f64,
) -> f64 {
    let (mut newest, mut other) = (negative, positive);
    // The secant first: on a line it is the root.
    let mut share = Some(newest.1 / (newest.1 - other.1)).filter(|share| share.is_finite()).unwrap_or(0.5);
    for _ in 0..MAX_STEPS {
        let width = (other.0 - newest.0).abs();
        if width <= tolerance {
            break;
        }
        // No step shorter than half of the tolerance: else the far end of the bracket would never move.
        let least = 0.5 * tolerance / width;
        let x = newest.0 + share.clamp(least, 1.0 - least) * (other.0 - newest.0);
        let found = (x, function(x));
        let mut older = newest;
        if (found.1 > 0.0) != (newest.1 > 0.0) {
            (older, other) = (other, newest);
        }
        newest = found;
        share = interpolated(newest, other, older).unwrap_or(0.5);
    }
    if newest.1 > 0.0 { newest.0 } else { other.0 }
}

/// The share of the way from `newest` to `other` at which the quadratic of x in f is zero.
fn interpolated(newest: (f64, f64), other: (f64, f64), older: (f64, f64)) -> Option<f64> {
    let place = (newest.0 - other.0) / (older.0 - other.0);
    let height = (newest.1 - other.1) / (older.1 - other.1);
    // Within these the inverse quadratic is monotone between the ends.
    let monotone = height * height < place && (1.0 - height).powi(2) < 1.0 - place;
    let share = newest.1 / (other.1 - newest.1) * older.1 / (other.1 - older.1)
        + (older.0 - newest.0) / (other.0 - newest.0) * newest.1 / (older.1 - newest.1) * other.1 / (older.1 - other.1);
    (monotone && share.is_finite()).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_root_in_few_steps_and_a_jump_too() {
        let mut steps = 0;
        let smooth = |x: f64| {
            steps += 1;
            x.exp() - 2.0
        };
        let root = sign_change(smooth, (3.0, 18.0), (0.0, -1.0), 1e-12);
        assert!((root - std::f64::consts::LN_2).abs() < 1e-12 && steps < 15, "{root} {steps}");
        let jump = sign_change(|x| if x >= 0.3 { 1.0 } else { -1.0 }, (1.0, 1.0), (0.0, -1.0), 1e-9);
        assert!((0.3..0.3 + 1e-9).contains(&jump), "{jump}");
    }
}
