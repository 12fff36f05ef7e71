//! How well findings tell the cause of a fault: `cargo run --release --example findings [-- --list]`.
//!
//! `docs/method.md` shows the output. Faults are built on real runs without a change (`benches/src/faults`); the seeds
//! below 25 were looked at while the method was made, the others were not. `--list` prints every scenario. Everything
//! is seeded: the same numbers each time.
#![allow(clippy::print_stdout, reason = "tables for people are what this program is for")]

use std::collections::BTreeMap;
use std::error::Error;

use canary_benches::faults::{Begin, RUNS, SCENARIOS, Tally, Told, UNEVEN, judge, past, scenario};
use canary_benches::recording::Recording;
use canary_benches::truth;
use canary_core::{Config, Judge, Report};

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
    for run in RUNS.into_iter().chain([UNEVEN]) {
        recordings.insert(run, Recording::of(&truth::metrics(run)?));
    }
    let mut told: Vec<(&str, u64, Begin, Told)> = Vec::new();
    let of_seed = |seed: u64| usize::try_from(seed).map(|seed| RUNS[seed % RUNS.len()]);
    let mut asked = Vec::new();
    for (begin, seeds) in [(Begin::Within, 2 * SCENARIOS), (Begin::WithBuild, SCENARIOS)] {
        for seed in 0..seeds {
            asked.push((of_seed(seed)?, begin, seed));
        }
    }
    asked.extend((0..SCENARIOS / 2).map(|seed| (UNEVEN, Begin::Within, seed)));
    for (run, begin, seed) in asked {
        let recording = &recordings[run];
        let built = scenario(run, recording, begin, seed).ok_or("no component with metrics enough")?;
        let report = judge(run, recording.grid)?.judge(&built.recording.set()?);
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
        told.push((run, seed, begin, one));
    }
    println!("\n### Faults of one component\n");
    println!(
        "| scenarios | among the first three | the very first | first mover | by a blind choice | most findings | right members | what moved in it | onset off by (median, 90 %) | size's interval holds |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let chosen = |choose: &dyn Fn(&str, u64, Begin) -> bool| {
        Tally::of(told.iter().filter(|(run, seed, begin, _)| choose(run, *seed, *begin)).map(|(.., told)| told))
    };
    let within = |from: u64, to: u64| {
        chosen(&|run, seed, begin| run != UNEVEN && begin == Begin::Within && (from..to).contains(&seed))
    };
    row("seeds 0 to 24, looked at", &within(0, LOOKED_AT));
    row("seeds 25 to 49", &within(LOOKED_AT, SCENARIOS));
    row("all 50", &within(0, SCENARIOS));
    row("50 more", &within(SCENARIOS, 2 * SCENARIOS));
    for run in RUNS {
        row(&format!("of all 100: on {run}"), &chosen(&|of, _, begin| of == run && begin == Begin::Within));
    }
    row(&format!("25 on {UNEVEN}"), &chosen(&|run, _, _| run == UNEVEN));
    row("50 that begin with the build", &chosen(&|_, _, begin| begin == Begin::WithBuild));
    println!("\n### Runs without a change\n");
    println!("| run | hot or cold | findings |");
    println!("| --- | --- | --- |");
    for (run, recording) in &recordings {
        healthy(run, &judge(run, recording.grid)?.judge(&recording.set()?));
        if past(run) > 0 {
            let by_machine = Judge::new(Config::default())?;
            healthy(&format!("{run} without its past, by machine"), &by_machine.judge(&recording.set()?));
        }
    }
    Ok(())
}

fn healthy(title: &str, report: &Report) {
    println!("| {title} | {} | {} |", report.counts.hot + report.counts.cold, report.findings.len());
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
