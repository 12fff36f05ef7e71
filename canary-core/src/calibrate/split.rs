//! One side as two: what there is to learn from where the past holds no pair.

use ndarray::Array2;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use crate::config::Span;
use crate::error::InputError;
use crate::metric::{MetricData, MetricPair, MetricSet, TimeGrid};

/// Metrics that must have several instances for a side to be split by them.
const MOST: f64 = 0.9;

/// How a side was split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Half of the instances against the other half, in turn by name: what machines differ by is in it.
    Instances,
    /// Of each two successive ticks one went to either side, by a coin. What machines differ by is not in it, nor
    /// what a build does to its neighbours: bounds from it are too narrow rather than too wide.
    Ticks,
}

/// Splits the baseline of `set` into two sides of the same build. By instances where most metrics have several;
/// else by ticks, on a grid of steps twice as long, with a coin from `seed`. Cost: one copy of the values.
pub fn split(set: &MetricSet, seed: u64) -> Result<(MetricSet, Split), InputError> {
    let several = set.iter().filter(|pair| pair.baseline.instances() > 1).count();
    if several as f64 >= MOST * set.len() as f64 && several > 0 {
        by_instances(set).map(|set| (set, Split::Instances))
    } else {
        by_ticks(set, seed).map(|set| (set, Split::Ticks))
    }
}

fn by_instances(set: &MetricSet) -> Result<MetricSet, InputError> {
    let ticks = set.grid().ticks();
    let mut builder = MetricSet::builder(set.grid());
    for pair in set.iter() {
        let half = |parity: usize| {
            let chosen: Vec<usize> = (0..pair.baseline.instances()).filter(|index| index % 2 == parity).collect();
            let mut values = Array2::from_elem((chosen.len(), ticks), f64::NAN);
            for (mut row, instance) in values.rows_mut().into_iter().zip(chosen) {
                if let Some(row) = row.as_slice_mut() {
                    pair.baseline.fill(instance, row);
                }
            }
            values
        };
        let (even, odd) = (half(0), half(1));
        let data = named(&pair).baseline_instances(even.view());
        // A lone instance has no counterpart: such a metric has no data on the other side.
        builder.add(&if odd.nrows() > 0 { data.canary_instances(odd.view()) } else { data })?;
    }
    builder.build()
}

fn by_ticks(set: &MetricSet, seed: u64) -> Result<MetricSet, InputError> {
    let grid = set.grid();
    let pairs = grid.ticks() / 2;
    let mut coin = Pcg64Mcg::seed_from_u64(seed);
    // One coin for all metrics of a moment: what moves all of them stays together.
    let swapped: Vec<bool> = (0..pairs).map(|_| coin.next_u64() >> 63 == 1).collect();
    let step = Span::from_ms(grid.step().ms().saturating_mul(2));
    let mut builder = MetricSet::builder(TimeGrid::new(step, pairs));
    let mut whole = vec![f64::NAN; grid.ticks()];
    for pair in set.iter() {
        let instances = pair.baseline.instances();
        let mut first = Array2::from_elem((instances, pairs), f64::NAN);
        let mut second = first.clone();
        for (instance, (mut one, mut other)) in first.rows_mut().into_iter().zip(second.rows_mut()).enumerate() {
            pair.baseline.fill(instance, &mut whole);
            let cells = one.iter_mut().zip(other.iter_mut()).zip(whole.chunks_exact(2));
            for (((one, other), ticks), swap) in cells.zip(&swapped) {
                if let [early, late] = ticks {
                    (*one, *other) = if *swap { (*late, *early) } else { (*early, *late) };
                }
            }
        }
        let data = named(&pair);
        builder.add(&if instances > 0 {
            data.baseline_instances(first.view()).canary_instances(second.view())
        } else {
            data
        })?;
    }
    builder.build()
}

fn named<'a>(pair: &MetricPair<'a>) -> MetricData<'a> {
    let mut data = MetricData::new(pair.name);
    if let Some(region) = pair.region {
        data = data.region(region);
    }
    if let Some(group) = pair.group {
        data = data.group(group);
    }
    data
}
