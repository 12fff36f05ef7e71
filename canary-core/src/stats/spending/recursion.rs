//! Boundaries by recursive integration.

use std::f64::consts::PI;

use super::function::Spending;
use super::grid::Grid;
use super::looks::LooksError;
use crate::stats::tails::{normal_isf, normal_sf};

/// Below this spending the boundary is that of a single look: lower crossings before are not subtracted.
const UNION_ONLY: f64 = 1e-30;
/// A transition reaches this many standard deviations: exp(-72) is left out.
const REACH: f64 = 12.0;

/// The boundary at one look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boundary {
    /// Stop where the z-score exceeds this. Infinite where nothing may be spent, `-inf` where all is left.
    pub z: f64,
    /// P(Z > z): the nominal one-sided p-value that stops.
    pub nominal_p: f64,
}

const NEVER: Boundary = Boundary { z: f64::INFINITY, nominal_p: 0.0 };
const ALWAYS: Boundary = Boundary { z: f64::NEG_INFINITY, nominal_p: 1.0 };

/// One-sided group-sequential boundaries: at each look the z-score that the spending allows, for a
/// statistic with independent increments looked at when `fractions` of its information are in.
///
/// The density of the paths that have not crossed is carried from look to look (Armitage, `McPherson`
/// & Rowe 1969) in panels of 16 Gauss–Legendre nodes; errors of z are below 1e-6. There is no lower
/// boundary: a stop for safety needs none. Where a look may spend less than 1e-30 the boundary is that of
/// a single look, which is on the safe side. Looks after a fraction of 1 have nothing left to spend.
///
/// As R's `gsDesign(test.type = 1, sfu = ...)` and `ldbounds::ldBounds`. Errors: `alpha` outside 0..1, and
/// looks as [`LooksError`] says. Cost: under a millisecond per look where looks are few;
/// [`LookSchedule`](super::LookSchedule) shares the work among many alphas.
pub fn spending_bounds(spending: Spending, alpha: f64, fractions: &[f64]) -> Result<Vec<Boundary>, LooksError> {
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(LooksError::Alpha { found: alpha });
    }
    super::looks::check(spending, fractions)?;
    let boundaries = boundaries(spending, &[alpha], fractions);
    Ok(boundaries.into_iter().filter_map(|look| look.first().copied()).collect())
}

/// The boundaries by look, then by alpha, for looks that have been checked. Steps between looks are the
/// same for all alphas: each is computed once.
pub(super) fn boundaries(spending: Spending, alphas: &[f64], fractions: &[f64]) -> Vec<Vec<Boundary>> {
    let grid = Grid::new(narrowest_step(fractions));
    let mut paths: Vec<Paths> = alphas.iter().map(|&alpha| Paths::new(&grid, alpha)).collect();
    let mut previous = None;
    let mut look_at = |fraction: f64| {
        if previous.is_some_and(|previous| previous >= 1.0) {
            return vec![NEVER; alphas.len()];
        }
        if let Some(previous) = previous {
            let step = Step::new(&grid, previous, fraction);
            for paths in &mut paths {
                paths.advance(&step, &grid, spending, fraction);
            }
        }
        let found = paths.iter_mut().map(|paths| paths.look(&grid, spending, fraction)).collect();
        previous = Some(fraction);
        found
    };
    fractions.iter().map(|&fraction| look_at(fraction)).collect()
}

/// The least standard deviation of a z-score's step.
fn narrowest_step(fractions: &[f64]) -> f64 {
    let steps = fractions.windows(2).map(|pair| match pair {
        [before, after] if *before < 1.0 => ((after - before) / after).sqrt(),
        _ => 1.0,
    });
    steps.fold(1.0, f64::min)
}

/// From each node of the look before: the density at the nodes of the next.
struct Step {
    rows: Vec<Row>,
}

/// The targets near one node; all others are out of reach.
struct Row {
    start: usize,
    densities: Vec<f64>,
}

impl Step {
    fn new(grid: &Grid, before: f64, after: f64) -> Self {
        let step = after - before;
        let row = |&from: &f64| {
            // Where paths to a target come from: the target times r, with a variance of 1 - r².
            let r = (before / after).sqrt();
            let reach = REACH * (step / after).sqrt();
            let targets = grid.around((from - reach) / r, (from + reach) / r);
            let density = |to: &f64| {
                let z = (to * after.sqrt() - from * before.sqrt()) / step.sqrt();
                (after / step / (2.0 * PI)).sqrt() * (-0.5 * z * z).exp()
            };
            let nodes = grid.nodes().get(targets.clone()).unwrap_or_default();
            Row { start: targets.start, densities: nodes.iter().map(density).collect() }
        };
        Self { rows: grid.nodes().iter().map(row).collect() }
    }
}

/// The paths of one alpha that have not crossed.
struct Paths {
    alpha: f64,
    spent: f64,
    /// Before a look its density at the nodes, after it the masses at the nodes below the boundary.
    values: Vec<f64>,
    /// All have crossed.
    over: bool,
}

impl Paths {
    fn new(grid: &Grid, alpha: f64) -> Self {
        Self { alpha, spent: 0.0, values: grid.standard_normal(), over: false }
    }

    fn advance(&mut self, step: &Step, grid: &Grid, spending: Spending, fraction: f64) {
        let spend = spending.spent(self.alpha, fraction) - self.spent;
        let count = grid.reach(spend.clamp(UNION_ONLY, 1.0));
        let mut densities = vec![0.0; count];
        for (mass, row) in self.values.iter().zip(&step.rows) {
            let targets = densities.get_mut(row.start..).unwrap_or_default();
            for (target, density) in targets.iter_mut().zip(&row.densities) {
                *target += mass * density;
            }
        }
        self.values = densities;
    }

    /// Spends what may be spent by `fraction`, and keeps the paths below the boundary.
    fn look(&mut self, grid: &Grid, spending: Spending, fraction: f64) -> Boundary {
        let total = spending.spent(self.alpha, fraction);
        let (spend, first) = (total - self.spent, self.spent <= 0.0);
        self.spent = total;
        if self.over || spend <= 0.0 {
            return NEVER;
        }
        // Before anything was spent every path is here: the boundary is a quantile, without rounding of sums.
        let boundary = if first || spend < UNION_ONLY {
            Boundary { z: normal_isf(spend), nominal_p: spend }
        } else {
            let point = grid.upper_point(&self.values, spend);
            point.map_or(ALWAYS, |z| Boundary { z, nominal_p: normal_sf(z) })
        };
        self.over = boundary == ALWAYS;
        self.values = grid.masses_below(std::mem::take(&mut self.values), boundary.z);
        boundary
    }
}
