//! Gauss–Legendre quadrature, over the whole of -1..1 and up to any point of it.

/// Nodes: polynomials up to degree 31 are integrated exactly, up to degree 15 over a part as well.
pub(super) const NODES: usize = 16;
/// Newton's method doubles the digits each step; four are enough.
const NEWTON_STEPS: usize = 10;

/// Nodes and weights for a smooth function on -1..1.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Ascending.
    pub(super) nodes: [f64; NODES],
    pub(super) weights: [f64; NODES],
    /// The Legendre polynomials of degree 0 to 15 at each node.
    polynomials: [[f64; NODES]; NODES],
}

impl Rule {
    pub(super) fn new() -> Self {
        let nodes: [f64; NODES] = std::array::from_fn(node);
        let weights = nodes.map(|node| {
            let slope = slope(node);
            2.0 / ((1.0 - node * node) * slope * slope)
        });
        let polynomials = nodes.map(|node| {
            let mut degrees = Polynomials::at(node);
            std::array::from_fn(|_| degrees.next_value())
        });
        Self { nodes, weights, polynomials }
    }

    /// The polynomial through the values at the nodes: the coefficients of its Legendre series, which
    /// the rule integrates exactly.
    pub(super) fn series(&self, values: &[f64]) -> Series {
        let mut coefficients = [0.0; NODES];
        for ((value, weight), polynomials) in values.iter().zip(self.weights).zip(&self.polynomials) {
            for (degree, (coefficient, polynomial)) in coefficients.iter_mut().zip(polynomials).enumerate() {
                *coefficient += (degree as f64 + 0.5) * weight * value * polynomial;
            }
        }
        Series(coefficients)
    }

    /// The weights with which the values at the nodes give the integral from -1 to `end`. Exact for the
    /// polynomial through the values, so that a smooth function may continue beyond the end.
    pub(super) fn weights_up_to(&self, end: f64) -> [f64; NODES] {
        let integrals = integrals_up_to(end);
        std::array::from_fn(|node| {
            let polynomials = self.polynomials.get(node).into_iter().flatten();
            let terms = polynomials.zip(integrals).enumerate();
            let sum: f64 = terms.map(|(degree, (value, integral))| (degree as f64 + 0.5) * value * integral).sum();
            sum * self.weights.get(node).copied().unwrap_or(0.0)
        })
    }
}

/// A polynomial as a sum of Legendre polynomials.
#[derive(Clone, Copy, Debug)]
pub(super) struct Series([f64; NODES]);

impl Series {
    pub(super) fn value(&self, x: f64) -> f64 {
        let mut degrees = Polynomials::at(x);
        self.0.iter().map(|coefficient| coefficient * degrees.next_value()).sum()
    }

    /// The integral from -1 to `end`.
    pub(super) fn integral_up_to(&self, end: f64) -> f64 {
        self.0.iter().zip(integrals_up_to(end)).map(|(coefficient, integral)| coefficient * integral).sum()
    }
}

/// The integrals of the Legendre polynomials from -1 to `end`: (P[n+1] - P[n-1]) / (2n + 1).
fn integrals_up_to(end: f64) -> [f64; NODES] {
    let mut degrees = Polynomials::at(end);
    let (mut before, mut here) = (-1.0, degrees.next_value());
    std::array::from_fn(|degree| {
        let after = degrees.next_value();
        let integral = (after - before) / (2.0 * degree as f64 + 1.0);
        (before, here) = (here, after);
        integral
    })
}

/// The Legendre polynomials at a point by degree, from Bonnet's recursion.
struct Polynomials {
    x: f64,
    degree: f64,
    before: f64,
    here: f64,
}

impl Polynomials {
    fn at(x: f64) -> Self {
        Self { x, degree: 0.0, before: 0.0, here: 1.0 }
    }

    fn next_value(&mut self) -> f64 {
        let value = self.here;
        let n = self.degree;
        let after = ((2.0 * n + 1.0) * self.x * self.here - n * self.before) / (n + 1.0);
        (self.before, self.here, self.degree) = (value, after, n + 1.0);
        value
    }
}

/// Degree 16 and 15.
fn highest(x: f64) -> (f64, f64) {
    let mut degrees = Polynomials::at(x);
    for _ in 0..NODES {
        degrees.next_value();
    }
    (degrees.here, degrees.before)
}

/// The derivative of the polynomial of degree 16.
fn slope(x: f64) -> f64 {
    let (value, before) = highest(x);
    NODES as f64 * (x * value - before) / (x * x - 1.0)
}

/// The root of the polynomial of degree 16 at 0-based place `index`, by Newton's method from Tricomi's start.
fn node(index: usize) -> f64 {
    let count = NODES as f64;
    let mut x = -(std::f64::consts::PI * (index as f64 + 0.75) / (count + 0.5)).cos();
    for _ in 0..NEWTON_STEPS {
        x -= highest(x).0 / slope(x);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_and_weights_are_those_of_numpy() {
        // numpy.polynomial.legendre.leggauss(16): the outermost and the innermost; rounding.
        let rule = Rule::new();
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        close(rule.nodes[0], -0.989_400_934_991_649_9);
        close(rule.nodes[8], 0.095_012_509_837_637_44);
        close(rule.weights[0], 0.027_152_459_411_754_176);
        close(rule.weights[8], 0.189_450_610_455_068_64);
    }

    #[test]
    fn integrates_a_part() {
        // exp(2x) from -1 to t in closed form; degree 15 leaves 2^16 / 16! = 3e-9 of the largest value, at most.
        let rule = Rule::new();
        let values = rule.nodes.map(|x| (2.0 * x).exp());
        for end in [-1.0, -0.7, 0.1, 0.95, 1.0_f64] {
            let expected = 0.5 * ((2.0 * end).exp() - (-2.0_f64).exp());
            let by_weights: f64 =
                rule.weights_up_to(end).iter().zip(values).map(|(weight, value)| weight * value).sum();
            let series = rule.series(&values);
            assert!((by_weights - expected).abs() < 1e-9, "{by_weights} {expected}");
            assert!((series.integral_up_to(end) - expected).abs() < 1e-9);
            assert!((series.value(end) - (2.0 * end).exp()).abs() < 1e-8);
        }
    }
}
