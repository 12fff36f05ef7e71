//! How often two tests of one and the same server are told apart: the false alarms of a comparison.

use canary_core::squeeze::{Objective, Slo, SqueezeOptions, SqueezeReport, Status, analyze};
use canary_core::stats::RatioOfBracketed;

use crate::simulate::{Random, Scene, Server};

const PAIRS: u64 = 2000;
const SCENES: [Scene; 3] = [Scene::Full, Scene::Full, Scene::Stall];
const LEVELS: [f64; 6] = [0.1, 0.05, 0.02, 0.01, 0.001, 0.0001];
/// Degrees of freedom by which intervals are carried to other levels.
const DEGREES: [f64; 4] = [3.0, 4.0, 6.0, f64::INFINITY];

/// Those of the comparison.
const CHOSEN: f64 = 4.0;

/// Prints, with and without an objective, the share of pairs flagged at each two-sided level.
pub(crate) fn tables() {
    let pairs: Vec<(bool, [SqueezeReport; 2])> = (0..PAIRS).flat_map(pair).collect();
    for with_objective in [true, false] {
        let ratios = |degrees: f64| -> Vec<RatioOfBracketed> {
            let of_kind = pairs.iter().filter(|(objective, _)| *objective == with_objective);
            let measured = of_kind.filter(|(_, pair)| pair.iter().all(|report| report.status == Status::Measured));
            let known = measured.filter_map(|(_, [baseline, canary])| baseline.sweet_spot.zip(canary.sweet_spot));
            known
                .map(|(baseline, canary)| RatioOfBracketed::new(baseline.into(), canary.into(), degrees))
                .filter(|found| found.ratio.is_some())
                .collect()
        };
        let count = ratios(1.0).len();
        println!("\n## {count} pairs, {}\n", if with_objective { "with an objective" } else { "capacity alone" });
        println!("| degrees | {} |", LEVELS.map(|level| format!("{} %", 100.0 * level)).join(" | "));
        println!("| --- |{}", " --- |".repeat(LEVELS.len()));
        for degrees in DEGREES {
            let ratios = ratios(degrees);
            let flagged = LEVELS.map(|level| {
                let apart = |found: &&RatioOfBracketed| 2.0 * found.p_above(1.0).min(found.p_below(1.0)) <= level;
                format!("{:.2} %", 100.0 * ratios.iter().filter(apart).count() as f64 / count as f64)
            });
            println!("| {degrees} | {} |", flagged.join(" | "));
        }
        let ratios = ratios(CHOSEN);
        let reach = LEVELS.map(|level| {
            let below = |found: &RatioOfBracketed| 1.0 - found.interval(level).0 / found.ratio.unwrap();
            let mut below: Vec<f64> = ratios.iter().map(below).collect();
            below.sort_by(f64::total_cmp);
            format!("{:.0} %", 100.0 * below[below.len() / 2])
        });
        println!("| the interval reaches down, {CHOSEN} degrees, median | {} |", reach.join(" | "));
    }
}

/// Two runs of one server under the same plan, other random numbers.
fn pair(seed: u64) -> [(bool, [SqueezeReport; 2]); 2] {
    let mut random = Random::new(seed);
    let server = Server::drawn(SCENES[usize::try_from(seed).unwrap() % SCENES.len()], &mut random);
    let runs = [server.run(&mut random), server.run(&mut random)];
    [true, false].map(|with_objective| {
        let objective = Objective { limit_ms: Some(server.limit_ms), share: server.share };
        let slo = Slo { objectives: Some(objective).filter(|_| with_objective).into_iter().collect() };
        (with_objective, runs.each_ref().map(|run| analyze(run, &slo, &SqueezeOptions::default())))
    })
}
