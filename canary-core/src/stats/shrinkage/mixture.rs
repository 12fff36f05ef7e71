//! The likeliest shares of a mixture with known components.

/// How far the mean log-likelihood may be below the best.
const TOLERANCE: f64 = 1e-7;
/// Ten steps are usual.
const MAX_STEPS: usize = 100;
/// How much closer each step is to approach the optimum, and how close to zero a share may go in it.
const CENTRING: f64 = 0.1;
const TO_BOUNDARY: f64 = 0.99;
/// Sums in four lanes, which the processor adds at once; their order is fixed.
const LANES: usize = 4;

/// The shares of components, given the log-density of each value under each: one column a component.
///
/// Minimises Σ share - mean ln(mixture) over shares that are not negative, whose optimum is the
/// likeliest mixture, by primal–dual interior-point steps (Koenker & Mizera 2014 solve the same problem
/// so). Expectation and maximisation needs thousands of steps for what takes ten here. Stops when no
/// direction promises more than 1e-7 in mean log-likelihood, which proves the optimum to that. Empty for
/// no component. Cost: ten times values × components² / 2.
pub(super) fn shares(mut columns: Vec<Vec<f64>>) -> Vec<f64> {
    densities(&mut columns);
    let count = columns.first().map_or(0, Vec::len) as f64;
    let mut shares = vec![1.0 / columns.len() as f64; columns.len()];
    let mut slacks = vec![1.0; columns.len()];
    for _ in 0..MAX_STEPS {
        let relative = relative_to_mixture(&columns, &shares);
        let gains: Vec<f64> = relative.iter().map(|column| column.iter().sum::<f64>() / count).collect();
        let total: f64 = shares.iter().sum();
        let best = gains.iter().copied().fold(0.0, f64::max);
        if best * total - 1.0 <= TOLERANCE {
            break;
        }
        let gap = shares.iter().zip(&slacks).map(|(share, slack)| share * slack).sum::<f64>() / shares.len() as f64;
        let target = CENTRING * gap;
        let matrix = curvature(&relative, &shares, &slacks, count);
        let right = gains.iter().zip(&shares).map(|(gain, share)| gain - 1.0 + target / share).collect();
        let steps = solve(&matrix, right);
        let slack_steps: Vec<f64> = (shares.iter().zip(&slacks).zip(&steps))
            .map(|((share, slack), step)| target / share - slack - slack / share * step)
            .collect();
        advance(&mut shares, &steps);
        advance(&mut slacks, &slack_steps);
    }
    let total: f64 = shares.iter().sum();
    shares.iter().map(|share| share / total).collect()
}

/// Densities relative to the largest of each value: some component gives each a density of 1.
fn densities(columns: &mut [Vec<f64>]) {
    let mut largest = vec![f64::NEG_INFINITY; columns.first().map_or(0, Vec::len)];
    for column in columns.iter() {
        for (largest, value) in largest.iter_mut().zip(column) {
            *largest = largest.max(*value);
        }
    }
    for column in columns {
        for (value, largest) in column.iter_mut().zip(&largest) {
            *value = (*value - largest).exp();
        }
    }
}

/// Each component's densities over those of the mixture.
fn relative_to_mixture(columns: &[Vec<f64>], shares: &[f64]) -> Vec<Vec<f64>> {
    let mut mixture = vec![0.0; columns.first().map_or(0, Vec::len)];
    for (column, share) in columns.iter().zip(shares) {
        for (sum, value) in mixture.iter_mut().zip(column) {
            *sum += share * value;
        }
    }
    for value in &mut mixture {
        *value = 1.0 / *value;
    }
    let relative = |column: &Vec<f64>| column.iter().zip(&mixture).map(|(value, inverse)| value * inverse).collect();
    columns.iter().map(relative).collect()
}

/// The lower triangle of the second derivative, with slack over share on its diagonal.
fn curvature(relative: &[Vec<f64>], shares: &[f64], slacks: &[f64], count: f64) -> Vec<Vec<f64>> {
    let diagonals = shares.iter().zip(slacks).map(|(share, slack)| slack / share);
    let row = |(index, (column, diagonal)): (usize, (&Vec<f64>, f64))| {
        let mut row: Vec<f64> = relative.iter().take(index + 1).map(|other| dot(column, other) / count).collect();
        if let Some(last) = row.last_mut() {
            *last += diagonal;
        }
        row
    };
    relative.iter().zip(diagonals).enumerate().map(row).collect()
}

/// As far along the steps as leaves all values positive, and one whole step at most.
fn advance(values: &mut [f64], steps: &[f64]) {
    let limits = values.iter().zip(steps).filter(|&(_, &step)| step < 0.0).map(|(value, step)| -value / step);
    let length = limits.fold(1.0 / TO_BOUNDARY, f64::min) * TO_BOUNDARY;
    for (value, step) in values.iter_mut().zip(steps) {
        *value += length * step;
    }
}

/// Solves a positive definite system, given its lower triangle, by Cholesky's method.
fn solve(triangle: &[Vec<f64>], right: Vec<f64>) -> Vec<f64> {
    let mut factors: Vec<Vec<f64>> = Vec::with_capacity(triangle.len());
    for row in triangle {
        let mut factor: Vec<f64> = Vec::with_capacity(row.len());
        for (above, entry) in factors.iter().zip(row) {
            let rest = entry - short_dot(above, &factor);
            factor.push(rest / pivot(above));
        }
        let rest = row.last().copied().unwrap_or(1.0) - short_dot(&factor, &factor);
        factor.push(rest.max(f64::MIN_POSITIVE).sqrt());
        factors.push(factor);
    }
    let mut forward: Vec<f64> = Vec::with_capacity(right.len());
    for (factor, value) in factors.iter().zip(right) {
        forward.push((value - short_dot(factor, &forward)) / pivot(factor));
    }
    let mut solution = Vec::with_capacity(forward.len());
    for factor in factors.iter().rev() {
        let value = forward.pop().unwrap_or(0.0) / pivot(factor);
        for (rest, entry) in forward.iter_mut().zip(factor) {
            *rest -= entry * value;
        }
        solution.push(value);
    }
    solution.reverse();
    solution
}

/// The diagonal entry of a factor's row.
fn pivot(factor: &[f64]) -> f64 {
    factor.last().copied().unwrap_or(1.0)
}

/// Over as many entries as the shorter has.
fn short_dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + short_dot(a_rest, b_rest)
}
