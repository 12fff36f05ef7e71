//! What a scenario is drawn as.

use std::collections::BTreeMap;

use super::{Begin, Injected, Scenario, past};
use crate::recording::{Metric, Recording};
use crate::simulate::Random;

/// A component has at least so many metrics that can move,
const FEWEST_MEMBERS: usize = 4;
/// and at most so many do.
const MOST_MEMBERS: usize = 20;
/// The share of them that the fault reaches.
const REACHED: (f64, f64) = (0.6, 1.0);
/// Where within a run a fault begins.
const ONSET: (f64, f64) = (0.15, 0.75);
/// By how many minutes the first mover is ahead of all others.
const LEAD: (usize, usize) = (3, 10);
/// The share of the others that is later still, and by how many minutes.
const DELAYED: f64 = 0.3;
const DELAY: (usize, usize) = (5, 30);
/// What values are multiplied by, or divided.
const SIZE: (f64, f64) = (1.4, 3.0);
/// Metrics elsewhere that move by themselves.
const UNRELATED: (usize, usize) = (2, 4);
/// How much the intensity of a fault wanders, and how slowly.
const WANDERING: f64 = 0.5;
const PERSISTENCE: f64 = 0.8;

/// How a fault goes on once it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// At one level.
    Steady,
    /// Its intensity wanders, for all members alike.
    Wandering,
}

/// The scenario of a seed, on `recording`, which holds `run`. `None` where no component of it has metrics enough.
#[must_use]
pub fn scenario(run: &'static str, recording: &Recording, begin: Begin, seed: u64) -> Option<Scenario> {
    // Streams of neighbouring seeds must not be alike.
    let mut random = Random::new(0x5eed_0000 + 7919 * seed + u64::from(begin == Begin::WithBuild));
    let ticks = recording.grid.ticks();
    let mut changed = recording.clone();
    let components = components(&changed);
    let (component, places) = components.into_iter().nth(pick(&mut random, components_len(recording)))?;
    let onset = match begin {
        Begin::WithBuild => past(run),
        Begin::Within => at_share(ticks, between(&mut random, ONSET)),
    };
    let profile = if random.uniform() < 0.5 { Profile::Steady } else { Profile::Wandering };
    let intensity = match profile {
        Profile::Steady => vec![1.0; ticks],
        Profile::Wandering => wandering(&mut random, ticks),
    };
    let reached = between(&mut random, REACHED) * places.len() as f64;
    let mut places = shuffled(&mut random, places);
    places.truncate(at_least(reached, FEWEST_MEMBERS).min(MOST_MEMBERS));
    let lead = whole(&mut random, LEAD);
    let mut members = Vec::new();
    for (rank, place) in places.iter().enumerate() {
        let delay = match (rank, random.uniform() < DELAYED) {
            (0, _) => 0,
            (_, true) => lead + whole(&mut random, DELAY),
            (_, false) => lead,
        };
        members.push(inject(&mut changed.metrics[*place], onset + delay, &intensity, &mut random));
    }
    let unrelated = unrelated(&mut changed, &component, &mut random);
    for metric in &mut changed.metrics {
        metric.group = None;
    }
    Some(Scenario { seed, run, recording: changed, component, onset, profile, members, unrelated })
}

/// The places of the metrics that can move, by component.
fn components(recording: &Recording) -> BTreeMap<String, Vec<usize>> {
    let mut components: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, metric) in recording.metrics.iter().enumerate().filter(|(_, metric)| can_move(metric)) {
        components.entry(metric.group.clone().unwrap_or_default()).or_default().push(place);
    }
    components.retain(|_, places| places.len() >= FEWEST_MEMBERS);
    components
}

fn components_len(recording: &Recording) -> usize {
    components(recording).len()
}

/// Whether a change of its values can be seen: most minutes have one, and it is not zero.
fn can_move(metric: &Metric) -> bool {
    let active = |values: &canary_core::ndarray::Array2<f64>| {
        values.nrows() > 0 && values.iter().filter(|value| **value > 0.0).count() * 2 > values.len()
    };
    active(&metric.baseline) && active(&metric.canary)
}

fn unrelated(changed: &mut Recording, component: &str, random: &mut Random) -> Vec<Injected> {
    let ticks = changed.grid.ticks();
    let elsewhere = |metric: &Metric| metric.group.as_deref() != Some(component) && can_move(metric);
    let places: Vec<usize> = (0..changed.metrics.len()).filter(|place| elsewhere(&changed.metrics[*place])).collect();
    let mut places = shuffled(random, places);
    places.truncate(whole(random, UNRELATED));
    let steady = vec![1.0; ticks];
    let mut injected = Vec::new();
    for place in places {
        let onset = at_share(ticks, between(random, ONSET));
        injected.push(inject(&mut changed.metrics[place], onset, &steady, random));
    }
    injected
}

/// Multiplies the canary from `onset` on; by how much wanders with the intensity.
fn inject(metric: &mut Metric, onset: usize, intensity: &[f64], random: &mut Random) -> Injected {
    let (smallest, largest) = SIZE;
    let size = (smallest.ln() + random.uniform() * (largest / smallest).ln()) * direction(&metric.name, random);
    let onset = onset.min(metric.canary.ncols());
    for mut instance in metric.canary.rows_mut() {
        for (value, intensity) in instance.iter_mut().zip(intensity).skip(onset) {
            *value *= (size * intensity).exp();
        }
    }
    let from_onset = intensity.get(onset..).unwrap_or_default();
    let mean = from_onset.iter().sum::<f64>() / from_onset.len().max(1) as f64;
    Injected { metric: metric.name.clone(), onset, ratio: (size * mean).exp() }
}

/// A fault slows things down: latencies rise and throughput falls. What a name says nothing of may go either way.
fn direction(name: &str, random: &mut Random) -> f64 {
    let lower = name.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let coin = if random.uniform() < 0.5 { 1.0 } else { -1.0 };
    if says(&["latency", "/ms", "msec", "us per event", "/ns"]) {
        1.0
    } else if says(&["requests", "tps", "iops", "mib", "gb_sec", "ops", "per second", "per sec"]) {
        -1.0
    } else {
        coin
    }
}

/// Never below zero, 1 on average.
fn wandering(random: &mut Random, ticks: usize) -> Vec<f64> {
    let noise = random.autoregression(PERSISTENCE, ticks);
    let spread = WANDERING;
    noise.into_iter().map(|noise| (spread * noise - spread * spread / 2.0).exp()).collect()
}

fn between(random: &mut Random, (low, high): (f64, f64)) -> f64 {
    low + random.uniform() * (high - low)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the ticks")]
fn at_share(ticks: usize, share: f64) -> usize {
    (share * ticks as f64) as usize
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some tens")]
fn at_least(count: f64, least: usize) -> usize {
    (count.round() as usize).max(least)
}

/// Whole, both ends included.
fn whole(random: &mut Random, (low, high): (usize, usize)) -> usize {
    low + pick(random, high - low + 1)
}

/// Whole, below `count`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below count")]
fn pick(random: &mut Random, count: usize) -> usize {
    ((random.uniform() * count as f64) as usize).min(count.saturating_sub(1))
}

fn shuffled(random: &mut Random, mut places: Vec<usize>) -> Vec<usize> {
    for last in (1..places.len()).rev() {
        places.swap(last, pick(random, last + 1));
    }
    places
}
