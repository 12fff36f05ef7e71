//! Where the time of one run goes, stage by stage, in one process:
//! `cargo run --release --example end_to_end -- BASELINE CANARY [ROUNDS]`.
#![allow(clippy::print_stdout, reason = "a table for people is what this program is for")]

use std::error::Error;
use std::fs::File;
use std::thread;
use std::time::{Duration, Instant};

use canary_core::{Config, Judge, MetricSet, Selection};
use canary_io::{ReadOptions, read_pair};
use polars::prelude::{ParquetReader, SerReader};

/// One round's stages.
#[derive(Clone, Copy, Debug, Default)]
struct Round {
    polars: Duration,
    read: Duration,
    align: Duration,
    judge: Duration,
}

impl Round {
    fn whole(self) -> Duration {
        self.read + self.align + self.judge
    }
}

/// The time of one stage of a round.
type Stage = fn(&Round) -> Duration;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [baseline, canary, rest @ ..] = arguments.as_slice() else {
        return Err("usage: end_to_end BASELINE CANARY [ROUNDS]".into());
    };
    let rounds: usize = rest.first().map_or(Ok(15), |rounds| rounds.parse())?;
    let mut found = Vec::new();
    // The first round fills the caches and is not counted.
    for _ in 0..=rounds {
        found.push(round(baseline, canary)?);
    }
    let found = found.get(1..).unwrap_or_default();
    let median = |of: &dyn Fn(&Round) -> f64| {
        let mut values: Vec<f64> = found.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    println!("median of {rounds} rounds, ms:");
    let stages: [(&str, Stage); 5] = [
        ("polars alone, both files", |round| round.polars),
        ("read to columns", |round| round.read),
        ("align on the grid", |round| round.align),
        ("judge", |round| round.judge),
        ("all three", |round| round.whole()),
    ];
    for (name, stage) in stages {
        println!("  {name:26} {:8.1}", median(&|round| stage(round).as_secs_f64() * 1000.0));
    }
    println!("  all three / polars alone   {:8.2}", median(&|round| round.whole().div_duration_f64(round.polars)));
    Ok(())
}

fn round(baseline: &str, canary: &str) -> Result<Round, Box<dyn Error>> {
    let start = Instant::now();
    // Both files at once, as the tool reads them.
    thread::scope(|scope| {
        let other = scope.spawn(|| bare_read(canary));
        let first = bare_read(baseline);
        other.join().map_err(|_| "the reading thread panicked".to_owned()).and_then(|rows| Ok((rows?, first?)))
    })?;
    let polars = start.elapsed();
    let start = Instant::now();
    let pair = read_pair(baseline, canary, &ReadOptions::default(), &|_| {})?;
    let read = start.elapsed();
    let start = Instant::now();
    let metrics = MetricSet::from_observations(
        &pair.baseline.observations(),
        &pair.canary.observations(),
        &Selection::default(),
    )?;
    let align = start.elapsed();
    let judge = Judge::new(Config::default())?;
    let start = Instant::now();
    let report = judge.judge(&metrics);
    let judging = start.elapsed();
    std::hint::black_box(report);
    Ok(Round { polars, read, align, judge: judging })
}

fn bare_read(path: &str) -> Result<usize, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let frame = ParquetReader::new(file).finish().map_err(|error| error.to_string())?;
    Ok(frame.height())
}
