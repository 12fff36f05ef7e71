//! How often a history without a change shows one, and how soon a change is found.

use canary_core::trend::{BuildResult, TrendOptions, TrendReport, Value, trend};

use crate::simulate::Random;

/// Noise of a simulated history: what it is like, and its autocorrelation from build to build.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Noise {
    Normal,
    Student3,
    Outliers,
    Persistent(f64),
}

impl Noise {
    /// Logarithms with a standard deviation of `spread`.
    fn series(self, count: usize, spread: f64, random: &mut Random) -> Vec<f64> {
        let mut last = random.normal();
        (0..count)
            .map(|_| {
                spread
                    * match self {
                        Self::Normal => random.normal(),
                        // Variance 3, scaled to 1.
                        Self::Student3 => {
                            let chi: f64 = (0..3).map(|_| random.normal().powi(2)).sum();
                            random.normal() / (chi / 3.0).sqrt() / 3.0_f64.sqrt()
                        }
                        Self::Outliers => {
                            let wild = random.uniform() < 0.03;
                            random.normal() * if wild { 8.0 } else { 1.0 }
                        }
                        Self::Persistent(rho) => {
                            let now = last;
                            last = rho * last + (1.0 - rho * rho).sqrt() * random.normal();
                            now
                        }
                    }
            })
            .collect()
    }
}

pub(crate) fn history(logarithms: &[f64]) -> Vec<BuildResult> {
    let build = |(place, ln): (usize, &f64)| BuildResult {
        build: place.to_string(),
        series: String::new(),
        value: Value::Measured { value: 400.0 * ln.exp(), lower: None, upper: None },
    };
    logarithms.iter().enumerate().map(build).collect()
}

fn judge(logarithms: &[f64]) -> TrendReport {
    trend(&history(logarithms), &TrendOptions::default())
}

/// The share of `runs` histories without a change that show one, and the share whose newest build is suspect.
pub(crate) fn false_changes(noise: Noise, count: usize, spread: f64, runs: u64) -> (f64, f64) {
    let (mut changes, mut suspects) = (0, 0);
    for seed in 0..runs {
        let report = judge(&noise.series(count, spread, &mut Random::new(seed)));
        changes += usize::from(!report.changes.is_empty());
        suspects += usize::from(report.suspect.is_some());
    }
    (changes as f64 / runs as f64, suspects as f64 / runs as f64)
}

/// How many builds after a change of `size` it is confirmed: the median, the 90 % point, and the share missed in 30.
pub(crate) fn delay(noise: Noise, size: f64, spread: f64, runs: u64) -> (usize, usize, f64) {
    let (before, after) = (30, 30);
    let mut delays: Vec<usize> = (0..runs)
        .map(|seed| {
            let mut series = noise.series(before + after, spread, &mut Random::new(seed + 1_000_000));
            series.iter_mut().skip(before).for_each(|ln| *ln += (1.0 + size).ln());
            let found = |since: &usize| {
                let report = judge(&series[..before + since]);
                report
                    .changes
                    .iter()
                    .any(|change| change.index.abs_diff(before) <= 3 && (change.change < 0.0) == (size < 0.0))
            };
            (1..=after).find(found).unwrap_or(usize::MAX)
        })
        .collect();
    delays.sort_unstable();
    let missed = delays.iter().filter(|delay| **delay == usize::MAX).count() as f64 / runs as f64;
    (delays[delays.len() / 2], delays[delays.len() * 9 / 10], missed)
}

pub(crate) fn tables(runs: u64) {
    println!("| noise | builds | false change | suspect |");
    println!("| --- | --- | --- | --- |");
    let noises = [
        Noise::Normal,
        Noise::Student3,
        Noise::Outliers,
        Noise::Persistent(0.3),
        Noise::Persistent(0.5),
        Noise::Persistent(0.7),
        Noise::Persistent(0.85),
    ];
    for noise in noises {
        for count in [20, 50, 100, 200] {
            let (changes, suspects) = false_changes(noise, count, 0.02, runs);
            println!("| {noise:?} | {count} | {:.1} % | {:.1} % |", 100.0 * changes, 100.0 * suspects);
        }
    }
    println!("\n| noise | change | found after: median | 90 % | missed in 30 |");
    println!("| --- | --- | --- | --- | --- |");
    for noise in [Noise::Normal, Noise::Persistent(0.5)] {
        for size in [-0.03, -0.05, -0.10] {
            let (median, late, missed) = delay(noise, size, 0.02, runs / 2);
            let text = |delay: usize| if delay == usize::MAX { "-".to_owned() } else { delay.to_string() };
            println!(
                "| {noise:?} | {:.0} % | {} | {} | {:.1} % |",
                100.0 * size,
                text(median),
                text(late),
                100.0 * missed
            );
        }
    }
}
