//! Servers of known capacity under load: a queue with `slots` workers, drawn from a seed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::f64::consts::TAU;

use canary_core::squeeze::{Load, LoadRun, LoadStep, Outcome, Requests};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// A stream of random numbers that its seed decides.
pub(crate) struct Random(Pcg64Mcg);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// Uniform on 0 to 1, never 0.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    pub(crate) fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (TAU * self.uniform()).cos()
    }

    pub(crate) fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    /// One of `choices`.
    pub(crate) fn one<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.0.next_u64() % choices.len() as u64).unwrap()]
    }
}

/// How service times spread about their mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Service {
    Fixed,
    Exponential,
    /// With this coefficient of variation.
    LogNormal(f64),
    /// One in ten takes this many times as long.
    Hyper(f64),
}

impl Service {
    /// A draw of mean 1.
    fn draw(self, random: &mut Random) -> f64 {
        match self {
            Self::Fixed => 1.0,
            Self::Exponential => random.exponential(),
            Self::LogNormal(cv) => {
                let variance = (cv * cv).ln_1p();
                (variance.sqrt() * random.normal() - variance / 2.0).exp()
            }
            Self::Hyper(factor) => {
                let mean = 0.9 + 0.1 * factor;
                let slow = if random.uniform() < 0.1 { factor } else { 1.0 };
                slow / mean * random.exponential()
            }
        }
    }
}

/// A server, and how it is loaded.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) slots: usize,
    pub(crate) service_ms: f64,
    pub(crate) service: Service,
    /// Waiting places; what finds them full is rejected at once.
    pub(crate) queue: usize,
    pub(crate) poisson: bool,
    pub(crate) step_seconds: f64,
    pub(crate) rates: Vec<f64>,
    pub(crate) limit_ms: f64,
    pub(crate) share: f64,
    /// Times at which all service freezes, as (step, second in it, seconds long).
    pub(crate) stalls: Vec<(usize, f64, f64)>,
    /// Service takes `factor` times as long in the steps from..to.
    pub(crate) slow_steps: Option<(usize, usize, f64)>,
}

/// What the run should show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    Full,
    Stall,
    Unsaturated,
    SaturatedFromStart,
    Flip,
}

impl Server {
    pub(crate) fn capacity(&self) -> f64 {
        1000.0 * self.slots as f64 / self.service_ms
    }

    /// A server and a ladder of rates as they are met in the field.
    pub(crate) fn drawn(scene: Scene, random: &mut Random) -> Self {
        let slots = random.one(&[1_usize, 1, 2, 3, 4, 6, 8, 12, 16]);
        let capacity = random.one(&[60.0, 90.0, 120.0, 150.0, 200.0, 260.0, 340.0, 420.0]);
        let service_ms = 1000.0 * slots as f64 / capacity;
        let service = random.one(&[
            Service::Fixed,
            Service::Exponential,
            Service::Exponential,
            Service::LogNormal(0.3),
            Service::LogNormal(0.7),
            Service::LogNormal(1.0),
            Service::LogNormal(1.5),
            Service::Hyper(5.0),
            Service::Hyper(10.0),
        ]);
        let fine = [0.2, 0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.4];
        let even = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3];
        let coarse = [0.25, 0.5, 0.75, 0.9, 1.0, 1.15, 1.3, 1.5];
        let wide = [0.15, 0.25, 0.4, 0.6, 0.8, 1.0, 1.3, 1.7];
        let ladders: [&[f64]; 4] = [&fine, &even, &coarse, &wide];
        let ladder = match scene {
            Scene::Unsaturated => {
                random.one(&[&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6][..], &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]])
            }
            Scene::SaturatedFromStart => &[1.15, 1.3, 1.5, 1.8, 2.1],
            _ => random.one(&ladders),
        };
        let nudge = random.between(0.95, 1.05);
        let rates: Vec<f64> = ladder.iter().map(|share| (share * nudge * capacity * 10.0).round() / 10.0).collect();
        let step_seconds = random.one(&[5.0, 10.0, 10.0, 20.0, 30.0]);
        let late = rates.len() / 3;
        let stall = |random: &mut Random| {
            let step = usize::try_from(random.0.next_u64() % rates.len() as u64).unwrap();
            (step, random.between(0.0, step_seconds), random.between(0.15, 0.6))
        };
        let stalls = match scene {
            Scene::Stall => (0..random.one(&[1, 2, 3])).map(|_| stall(random)).collect(),
            _ => Vec::new(),
        };
        let slow_steps = (scene == Scene::Flip).then(|| (late, late + random.one(&[1, 2]), random.between(2.5, 3.5)));
        Self {
            slots,
            service_ms,
            service,
            queue: random.one(&[0, 5, 20, 100, 100, 400, 400, 1_000_000]),
            poisson: random.one(&[true, true, false]),
            step_seconds,
            rates,
            limit_ms: service_ms * random.one(&[5.0, 6.0, 8.0, 11.0]),
            share: 0.01,
            stalls,
            slow_steps,
        }
    }

    /// The requests of one step of `seconds` at `rate`, on an idle server.
    fn step(&self, step: usize, rate: f64, seconds: f64, random: &mut Random) -> Requests {
        let slow = self.slow_steps.filter(|slow| (slow.0..slow.1).contains(&step)).map_or(1.0, |slow| slow.2);
        let stalls: Vec<(f64, f64)> = self
            .stalls
            .iter()
            .filter(|stall| stall.0 == step)
            .map(|stall| (1000.0 * stall.1, 1000.0 * stall.2))
            .collect();
        let mut free: BinaryHeap<Reverse<u64>> = (0..self.slots).map(|_| Reverse(0)).collect();
        let mut leaving: BinaryHeap<Reverse<u64>> = BinaryHeap::new();
        let mut requests = Requests::default();
        let mut arrival = if self.poisson { 1000.0 / rate * random.exponential() } else { 0.0 };
        while arrival < 1000.0 * seconds {
            // Times above zero sort like their bits.
            while leaving.peek().is_some_and(|time| f64::from_bits(time.0) <= arrival) {
                leaving.pop();
            }
            let network = 0.4 * (0.6 * random.normal()).exp();
            let (latency, outcome) = if leaving.len() >= self.slots + self.queue {
                (network, Outcome::Rejected)
            } else {
                let start = arrival.max(free.pop().map_or(0.0, |time| f64::from_bits(time.0)));
                let mut end = start + slow * self.service_ms * self.service.draw(random);
                for &(from, long) in &stalls {
                    if start < from + long && end > from {
                        end += long - (start - from).max(0.0);
                    }
                }
                free.push(Reverse(end.to_bits()));
                leaving.push(Reverse(end.to_bits()));
                (end - arrival + network, Outcome::Ok)
            };
            requests.sent_ms.push(arrival);
            requests.latency_ms.push(latency);
            requests.outcome.push(outcome);
            arrival += 1000.0 / rate * if self.poisson { random.exponential() } else { 1.0 };
        }
        requests
    }

    /// The whole run, with every request.
    pub(crate) fn run(&self, random: &mut Random) -> LoadRun {
        let step = |(place, &rate): (usize, &f64)| {
            let requests = self.step(place, rate, self.step_seconds, random);
            LoadStep::from_requests(Load::Open { rate }, self.step_seconds, requests, &[self.limit_ms])
        };
        LoadRun { steps: self.rates.iter().enumerate().map(step).collect(), ..LoadRun::default() }
    }

    /// The highest rate at which the share of bad requests stays within the objective in the long run: bisection with
    /// 50,000 requests a rate. 0 where an almost idle server breaks it.
    pub(crate) fn crossing(&self, seed: u64) -> f64 {
        let steady = Self { stalls: Vec::new(), slow_steps: None, ..self.clone() };
        let bad = |rate: f64| {
            let mut random = Random::new(seed);
            let requests = steady.step(0, rate, 50_000.0 / rate, &mut random);
            let bad = requests.rows().filter(|row| row.2 != Outcome::Ok || row.1 > self.limit_ms).count();
            bad as f64 / requests.len() as f64
        };
        let (mut low, mut high) = (0.02 * self.capacity(), self.capacity());
        if bad(low) > self.share {
            return 0.0;
        }
        if bad(high) <= self.share {
            return high;
        }
        for _ in 0..14 {
            let middle = f64::midpoint(low, high);
            if bad(middle) > self.share { high = middle } else { low = middle }
        }
        f64::midpoint(low, high)
    }
}
