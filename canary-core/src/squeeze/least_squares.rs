//! Levenberg's and Marquardt's method for curves of up to three parameters.

/// Parameters; those that a curve does not use stay as they are.
pub(super) type Three = [f64; 3];

/// What the curve misses at one point, and how that changes with each parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Miss {
    pub(super) residual: f64,
    pub(super) slope: Three,
}

/// How residuals count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Loss {
    /// By their squares.
    Squares,
    /// By 2 s² (√(1 + (r/s)²) - 1): squares within the scale s, sizes beyond (soft L1).
    Soft(f64),
}

impl Loss {
    fn of(self, residual: f64) -> f64 {
        match self {
            Self::Squares => residual * residual,
            Self::Soft(scale) => 2.0 * scale * scale * ((residual / scale).hypot(1.0) - 1.0),
        }
    }

    /// Half the slope of the loss over the residual.
    fn weight(self, residual: f64) -> f64 {
        match self {
            Self::Squares => 1.0,
            Self::Soft(scale) => 1.0 / (residual / scale).hypot(1.0),
        }
    }
}

/// A fitted curve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    pub(super) parameters: Three,
    /// The sum of the losses.
    pub(super) loss: f64,
    /// Inverse of J'WJ in the free parameters, zero elsewhere: times the residuals' variance, the covariance.
    pub(super) inverse: [Three; 3],
}

/// Marquardt's damping gives up after so many steps; curves here need under 50.
const MAX_STEPS: usize = 500;
/// Relative fall of the loss at which a fit is done.
const TOLERANCE: f64 = 1e-15;

/// The parameters with the least loss from `start`, with those free that `free` says. `misses` gives `None` outside of
/// the curve's range. `None` where it does so at the start, or the free parameters cannot be told apart.
pub(super) fn fit(
    start: Three,
    free: [bool; 3],
    loss: Loss,
    misses: impl Fn(Three) -> Option<Vec<Miss>>,
) -> Option<Fit> {
    let total = |misses: &[Miss]| misses.iter().map(|miss| loss.of(miss.residual)).sum::<f64>();
    let mut parameters = start;
    let mut at = misses(parameters)?;
    let (mut best, mut damping) = (total(&at), 1e-3);
    for _ in 0..MAX_STEPS {
        let (normal, gradient) = normal_equations(&at, free, loss);
        let mut damped = normal;
        for (place, row) in damped.iter_mut().enumerate() {
            if let Some(diagonal) = row.get_mut(place) {
                *diagonal *= 1.0 + damping;
            }
        }
        let Some(inverse) = inverse(damped) else { break };
        let step = inverse.map(|row| row.iter().zip(gradient).map(|(one, other)| one * other).sum::<f64>());
        let mut next = parameters;
        next.iter_mut().zip(step).for_each(|(parameter, step)| *parameter -= step);
        let found = misses(next).map(|misses| (total(&misses), misses)).filter(|found| found.0 < best);
        match found {
            Some((lower, misses)) => {
                let done = best - lower <= TOLERANCE * best;
                (best, at, parameters, damping) = (lower, misses, next, f64::max(damping / 5.0, 1e-12));
                if done {
                    break;
                }
            }
            None if damping > 1e12 => break,
            None => damping *= 4.0,
        }
    }
    let (normal, _) = normal_equations(&at, free, loss);
    let mut inverse = inverse(normal)?;
    for (row, row_free) in inverse.iter_mut().zip(free) {
        for (value, column_free) in row.iter_mut().zip(free) {
            if !(row_free && column_free) {
                *value = 0.0;
            }
        }
    }
    Some(Fit { parameters, loss: best, inverse })
}

/// J'WJ and J'Wr, with ones on the diagonal of what is not free.
fn normal_equations(misses: &[Miss], free: [bool; 3], loss: Loss) -> ([Three; 3], Three) {
    let mut normal = [[0.0; 3]; 3];
    let mut gradient = [0.0; 3];
    for miss in misses {
        let weight = loss.weight(miss.residual);
        let mut slope = miss.slope;
        slope.iter_mut().zip(free).for_each(|(slope, free)| *slope = if free { *slope } else { 0.0 });
        for ((row, gradient), one) in normal.iter_mut().zip(&mut gradient).zip(slope) {
            row.iter_mut().zip(slope).for_each(|(sum, other)| *sum += weight * one * other);
            *gradient += weight * one * miss.residual;
        }
    }
    for ((place, row), free) in normal.iter_mut().enumerate().zip(free) {
        if let (false, Some(diagonal)) = (free, row.get_mut(place)) {
            *diagonal = 1.0;
        }
    }
    (normal, gradient)
}

/// The inverse of a symmetric matrix, scaled to a unit diagonal first, as parameters differ by many powers of ten.
fn inverse(matrix: [Three; 3]) -> Option<[Three; 3]> {
    let [first, second, third] = matrix;
    let scale = [first[0].sqrt(), second[1].sqrt(), third[2].sqrt()];
    if !scale.iter().all(|scale| *scale > 0.0 && scale.is_finite()) {
        return None;
    }
    // Correlations of the parameters' slopes: of the first two, of first and third, of the last two.
    let (p, q, r) =
        (first[1] / (scale[0] * scale[1]), first[2] / (scale[0] * scale[2]), second[2] / (scale[1] * scale[2]));
    let determinant = 1.0 + 2.0 * p * q * r - p * p - q * q - r * r;
    let regular = determinant > 1e-14;
    if !regular {
        return None;
    }
    let scaled =
        [[1.0 - r * r, q * r - p, p * r - q], [q * r - p, 1.0 - q * q, p * q - r], [p * r - q, p * q - r, 1.0 - p * p]];
    let unscale = |row: Three, by: f64| {
        let mut row = row.map(|value| value / (determinant * by));
        row.iter_mut().zip(scale).for_each(|(value, scale)| *value /= scale);
        row
    };
    let [first, second, third] = scaled;
    Some([unscale(first, scale[0]), unscale(second, scale[1]), unscale(third, scale[2])])
}
