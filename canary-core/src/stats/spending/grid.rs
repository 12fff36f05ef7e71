//! The range of a z-score in equal panels with the nodes of one rule in each.

use std::f64::consts::PI;
use std::ops::Range;

use super::legendre::{NODES, Rule};
use crate::stats::tails::normal_isf;

/// No path from below here crosses a boundary that matters: under a ten-millionth of any error rate.
const BOTTOM: f64 = -5.5;
/// Spending down to 1e-30 has its boundary below 11.5; what lies above the top is 1e-8 of that.
const TOP: f64 = 13.0;
/// No panel is wider: a density falls by exp(-z) over one z, which 16 nodes follow to 1e-8 up to z = 10.
const WIDEST: f64 = 0.75;
/// Panels per standard deviation of the narrowest step: 16 nodes follow a Gaussian over 3 of them to 1e-8.
const STEP_PANELS: f64 = 3.0;
/// Beyond the point where the tail is this small against what is sought, nothing is computed.
const NEGLIGIBLE: f64 = 1e-10;
const SEARCH_STEPS: usize = 60;
/// In half panels.
const TOLERANCE: f64 = 1e-13;

/// Panels from -5.5 to 13 on which densities are given by their values at the nodes.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    rule: Rule,
    width: f64,
    nodes: Vec<f64>,
}

impl Grid {
    /// Fine enough for steps whose z-score has a standard deviation of `step`.
    pub(super) fn new(step: f64) -> Self {
        let width = WIDEST.min(STEP_PANELS * step);
        let panels = ((TOP - BOTTOM) / width).ceil();
        let rule = Rule::new();
        let centres = std::iter::successors(Some(0.5), |&half| Some(half + 1.0)).take_while(|&half| half < panels);
        let nodes = centres.flat_map(|half| {
            let centre = BOTTOM + half * width;
            rule.nodes.map(|node| centre + 0.5 * width * node)
        });
        let nodes = nodes.collect();
        Self { rule, width, nodes }
    }

    pub(super) fn nodes(&self) -> &[f64] {
        &self.nodes
    }

    /// The nodes of all panels that reach into `low..high`.
    pub(super) fn around(&self, low: f64, high: f64) -> Range<usize> {
        let start = self.panel(low) * NODES;
        let end = (self.panel(high) + 1) * NODES;
        start..end.min(self.nodes.len()).max(start)
    }

    /// How many nodes matter for a tail of `mass`.
    pub(super) fn reach(&self, mass: f64) -> usize {
        self.around(BOTTOM, normal_isf(mass * NEGLIGIBLE)).end
    }

    /// The standard normal density at the nodes.
    pub(super) fn standard_normal(&self) -> Vec<f64> {
        self.nodes.iter().map(|z| (-0.5 * z * z).exp() / (2.0 * PI).sqrt()).collect()
    }

    /// The panel of `z`, the first or the last where it is outside.
    fn panel(&self, z: f64) -> usize {
        let last = (self.nodes.len() / NODES).saturating_sub(1);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "limited before; NaN is 0")]
        let panel = ((z - BOTTOM) / self.width).floor().clamp(0.0, last as f64) as usize;
        panel
    }

    /// The middle of a panel.
    fn centre(&self, panel: usize) -> f64 {
        BOTTOM + (panel as f64 + 0.5) * self.width
    }

    /// The z above which `density` has `mass`; `None` where it has less in all.
    pub(super) fn upper_point(&self, density: &[f64], mass: f64) -> Option<f64> {
        let mut above = 0.0;
        for (panel, values) in density.chunks_exact(NODES).enumerate().rev() {
            let whole = 0.5 * self.width * dot(&self.rule.weights, values);
            if above + whole >= mass {
                let within = self.point_within(values, whole - (mass - above));
                return Some(self.centre(panel) + 0.5 * self.width * within);
            }
            above += whole;
        }
        None
    }

    /// The point of -1..1 below which the panel's density has `mass`: Newton's method between two points
    /// that hold it.
    fn point_within(&self, values: &[f64], mass: f64) -> f64 {
        let series = self.rule.series(values);
        let (mut low, mut high, mut point) = (-1.0, 1.0, 0.0);
        for _ in 0..SEARCH_STEPS {
            let excess = 0.5 * self.width * series.integral_up_to(point) - mass;
            if excess > 0.0 {
                high = point;
            } else {
                low = point;
            }
            let newton = point - excess / (0.5 * self.width * series.value(point));
            let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
            let moved = (next - point).abs();
            point = next;
            if moved <= TOLERANCE {
                break;
            }
        }
        point
    }

    /// The masses at the nodes that stand for `density` below `end`; empty panels above are left out.
    pub(super) fn masses_below(&self, mut density: Vec<f64>, end: f64) -> Vec<f64> {
        let last = self.panel(end);
        density.truncate((last + 1) * NODES);
        let half = 0.5 * self.width;
        let part = self.rule.weights_up_to(((end - self.centre(last)) / half).clamp(-1.0, 1.0));
        for (panel, values) in density.chunks_exact_mut(NODES).enumerate() {
            let weights = if panel == last { &part } else { &self.rule.weights };
            for (value, weight) in values.iter_mut().zip(weights) {
                *value *= weight * half;
            }
        }
        density
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
