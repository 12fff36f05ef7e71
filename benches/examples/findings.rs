//! How well findings tell the cause of a fault: `cargo run --release --example findings [-- --list]`.
//!
//! `docs/method.md` shows the output. Faults are built on real runs without a change (`benches/src/faults`); the seeds
//! below 25 were looked at while the method was made, the others were not. `--list` prints every scenario. Everything
//! is seeded: the same numbers each time.
#![allow(clippy::print_stdout, reason = "tables for people are what this program is for")]

use std::collections::BTreeMap;
use std::error::Error;

use canary_benches::faults::{Begin, RUNS, SCENARIOS, Tally, Told, config, scenario};
use canary_benches::recording::Recording;
use canary_benches::truth;
use canary_core::Judge;

/// Seeds that were looked at while the method was made lie below this.
const LOOKED_AT: u64 = 25;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let with_list = match arguments.as_slice() {
        [] => false,
        [list] if list == "--list" => true,
        _ => return Err("usage: findings [--list]".into()),
    };
    let mut recordings = BTreeMap::new();
    for run in RUNS {
        recordings.insert(run, Recording::of(&truth::metrics(run)?));
    }
    let mut told: Vec<(u64, Begin, Told)> = Vec::new();
    for (begin, seeds) in [(Begin::Within, 0..2 * SCENARIOS), (Begin::AtStart, 0..SCENARIOS)] {
        for seed in seeds {
            let recording = &recordings[RUNS[usize::try_from(seed)? % RUNS.len()]];
            let built = scenario(recording, begin, seed).ok_or("no component with metrics enough")?;
            let report = Judge::new(config(built.run)?)?.judge(&built.recording.set()?);
            let one = Told::new(&built, &report);
            if with_list {
                println!("{begin:?} {seed} {} {} {:?}: {one:?}", built.run, built.component, built.profile);
                if one.place.is_none_or(|place| place > 3) || !one.first_mover {
                    for member in &built.members {
                        println!("    built {} at {} ratio {:.2}", member.metric, member.onset, member.ratio);
                    }
                    for finding in &report.findings {
                        println!(
                            "    finding {:?} at {} first {} size {:?} of {} loss {:?}",
                            finding.component,
                            finding.onset.tick,
                            finding.first_mover,
                            finding.size.factor,
                            finding.members.len(),
                            finding.score_loss
                        );
                        for member in &finding.members {
                            println!(
                                "        {} {:?} at {} ratio {:?}",
                                member.metric, member.state, member.onset_tick, member.ratio
                            );
                        }
                    }
                }
            }
            told.push((seed, begin, one));
        }
    }
    println!("\n### Faults of one component\n");
    println!(
        "| scenarios | among the first three | the very first | first mover | by a blind choice | most findings | right members | what moved in it | onset off by (median, 90 %) | size's interval holds |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let within = |from: u64, to: u64| {
        told.iter()
            .filter(move |(seed, begin, _)| *begin == Begin::Within && (from..to).contains(seed))
            .map(|(.., told)| told)
    };
    row("seeds 0 to 24, looked at", &Tally::of(within(0, LOOKED_AT)));
    row("seeds 25 to 49", &Tally::of(within(LOOKED_AT, SCENARIOS)));
    row("all 50", &Tally::of(within(0, SCENARIOS)));
    row("50 more", &Tally::of(within(SCENARIOS, 2 * SCENARIOS)));
    for (place, run) in RUNS.iter().enumerate() {
        let of_run = told.iter().filter(|(seed, begin, _)| {
            *begin == Begin::Within && usize::try_from(*seed).is_ok_and(|seed| seed % RUNS.len() == place)
        });
        row(&format!("of all 100: on {run}"), &Tally::of(of_run.map(|(.., told)| told)));
    }
    let at_start = told.iter().filter(|(_, begin, _)| *begin == Begin::AtStart);
    row("50 that begin with the build", &Tally::of(at_start.map(|(.., told)| told)));
    println!("\n### Runs without a change\n");
    println!("| run | flagged | findings |");
    println!("| --- | --- | --- |");
    for (run, recording) in &recordings {
        let report = Judge::new(config(run)?)?.judge(&recording.set()?);
        println!("| {run} | {} | {} |", report.counts.hot + report.counts.cold, report.findings.len());
    }
    Ok(())
}

fn row(title: &str, tally: &Tally) {
    let of = |part: usize, whole: usize| format!("{part} of {whole}");
    let late = tally.onset_errors.len() * 9 / 10;
    println!(
        "| {title} | {} | {} | {} | {:.1} | {} | {} | {} | {}, {} | {} |",
        of(tally.found, tally.scenarios),
        of(tally.found_first, tally.scenarios),
        of(tally.first_mover, tally.scenarios),
        tally.by_chance,
        tally.most_findings,
        of(tally.right_members, tally.members),
        of(tally.right_members, tally.moved),
        tally.onset_error().unwrap_or_default(),
        tally.onset_errors.get(late).copied().unwrap_or_default(),
        of(tally.sizes_held, tally.sizes)
    );
}
