//! What findings must keep on the fault scenarios. The limits are the project's own targets; the figures themselves
//! stand in docs/method.md.

use std::collections::BTreeMap;

use canary_benches::faults::{Begin, RUNS, SCENARIOS, Tally, Told, UNEVEN, judge, past, scenario};
use canary_benches::recording::Recording;
use canary_benches::{truth, workers};
use canary_core::report::Verdict;
use canary_core::{Config, Judge};

fn recordings() -> BTreeMap<&'static str, Recording> {
    RUNS.into_iter().map(|run| (run, Recording::of(&truth::metrics(run).unwrap()))).collect()
}

#[test]
fn the_component_at_fault_is_found_and_its_first_mover_named() {
    let recordings = recordings();
    for begin in [Begin::Within, Begin::WithBuild] {
        let count = usize::try_from(SCENARIOS).unwrap();
        let told: Vec<Told> = workers::map(count, |seed| {
            let run = RUNS[seed % RUNS.len()];
            let recording = &recordings[run];
            let built = scenario(run, recording, begin, seed as u64).unwrap();
            let judge = judge(run, recording.grid).unwrap().with_threads(1);
            Told::new(&built, &judge.judge(&built.recording.set().unwrap()))
        });
        let tally = Tally::of(&told);
        assert_eq!(tally.scenarios, 50);
        assert!(tally.found >= 40, "{begin:?}: {tally:?}");
        assert!(tally.first_mover >= 30, "{begin:?}: {tally:?}");
        assert!(tally.most_findings <= 5, "{begin:?}: {tally:?}");
        // What is in a finding belongs there, and its size is what was built.
        assert!(10 * tally.right_members >= 9 * tally.members, "{begin:?}: {tally:?}");
        assert!(10 * tally.sizes_held >= 8 * tally.sizes, "{begin:?}: {tally:?}");
    }
}

#[test]
fn runs_without_a_change_have_no_findings() {
    for run in RUNS.into_iter().chain([UNEVEN]) {
        let metrics = truth::metrics(run).unwrap();
        // Without a past the machines are the unit; the hour of it that scenarios take leaves one metric hot.
        let judge = if past(run) > 0 { Judge::new(Config::default()) } else { judge(run, metrics.grid()) };
        let report = judge.unwrap().judge(&metrics);
        assert_eq!(report.findings.len(), 0, "{run}");
        // Machines leave most metrics undecided, so that a run of them is inconclusive by those that are.
        let tips = report.tipping.is_some();
        assert!(!tips || (past(run) > 0 && report.verdict == Verdict::Inconclusive), "{run}: {:?}", report.verdict);
    }
}

/// What is built is a function of the seed, and touches nothing but what it says.
#[test]
fn a_scenario_changes_what_it_says_and_nothing_else() {
    let recordings = recordings();
    for seed in 0..SCENARIOS {
        let run = RUNS[usize::try_from(seed).unwrap() % RUNS.len()];
        let built = scenario(run, &recordings[run], Begin::Within, seed).unwrap();
        let again = scenario(run, &recordings[run], Begin::Within, seed).unwrap();
        assert_eq!((&built.members, &built.unrelated), (&again.members, &again.unrelated));
        let injected = |name: &str| built.members.iter().chain(&built.unrelated).find(|one| one.metric == name);
        let bits = |value: f64| if value.is_nan() { 0 } else { value.to_bits() };
        for (healthy, changed) in recordings[run].metrics.iter().zip(&built.recording.metrics) {
            assert!(healthy.name == changed.name && changed.group.is_none());
            let from = injected(&healthy.name).map_or(usize::MAX, |injected| injected.onset);
            for (before, after) in healthy.canary.rows().into_iter().zip(changed.canary.rows()) {
                let pairs = before.iter().zip(after).take(from);
                assert!(pairs.into_iter().all(|(a, b)| bits(*a) == bits(*b)), "{seed} {}", healthy.name);
            }
            let same = healthy.baseline.iter().zip(&changed.baseline).all(|(a, b)| bits(*a) == bits(*b));
            assert!(same, "{seed} {}", healthy.name);
        }
        // One metric moves first, by three minutes at least.
        let first = built.members[0].onset;
        assert!(built.members.iter().skip(1).all(|member| member.onset >= first + 3), "{seed}");
    }
}
