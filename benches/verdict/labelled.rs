//! Tables over the labelled runs in `fixtures/judge`.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;

use canary_benches::recorded::{RUNS, config};
use canary_benches::shapes::{Found, found, mistaken};
use canary_benches::tally::{Tally, Width};
use canary_benches::truth::{Truth, metrics, truths};
use canary_core::Judge;
use canary_core::config::JudgeKind;
use canary_core::report::Report;
use canary_core::shape::Shape;

use super::table::{head, row, share};

/// Every judge at both bounds on every run.
pub(crate) fn runs(list_wrong: bool) -> Result<(), Box<dyn Error>> {
    head(
        "Labelled runs",
        &[
            "run",
            "judge",
            "bounds",
            "metrics",
            "p ≤ 0.02",
            "false alarms",
            "found",
            "nodata",
            "undecided",
            "score",
            "95 % interval",
            "verdict",
        ],
    );
    let truths = truths()?;
    for run in RUNS {
        let set = metrics(run)?;
        let known = truths.get(run).map(Vec::as_slice).unwrap_or_default();
        for judge in JudgeKind::ALL {
            for width in Width::ALL {
                let report = Judge::new(config(run, judge, width)?)?.judge(&set);
                let (lower, upper) = width.bounds();
                let mut cells = vec![run.to_owned(), judge.name().to_owned(), format!("{lower} to {upper}")];
                cells.extend(outcome(&report, known, width));
                row(&cells);
                if list_wrong {
                    wrong(&report, known, width);
                }
            }
        }
    }
    Ok(())
}

fn outcome(report: &Report, known: &[Truth], width: Width) -> Vec<String> {
    let tally = Tally::new(report, known, width);
    let knows_p_values = report.metrics.iter().any(|metric| metric.p_value.is_some());
    let interval = report.score_interval.and_then(|interval| interval.lower.zip(interval.upper));
    vec![
        report.metrics.len().to_string(),
        if knows_p_values { share(tally.early, tally.healthy) } else { "-".to_owned() },
        share(tally.alarms, tally.healthy),
        share(tally.found, tally.changed),
        report.counts.nodata.to_string(),
        report.counts.undecided.to_string(),
        report.score.map_or_else(|| "-".to_owned(), |score| format!("{score:.2}")),
        interval.map_or_else(|| "-".to_owned(), |(lower, upper)| format!("{lower:.2} to {upper:.2}")),
        report.verdict.name().to_owned(),
    ]
}

/// Every metric that was judged wrongly.
fn wrong(report: &Report, known: &[Truth], width: Width) {
    let truths: HashMap<&str, &Truth> = known.iter().map(|truth| (truth.metric.as_str(), truth)).collect();
    for result in &report.metrics {
        let Some(truth) = truths.get(result.name.as_ref()) else { continue };
        let (said, right) = (result.state.name(), width.expected(truth));
        if said != right && right != "shape" {
            println!("    {} is {said}, should be {right} ({} injected): {result:?}", result.name, truth.injection());
        }
    }
}

/// The default judge by what was injected, over the runs with injections.
pub(crate) fn kinds() -> Result<(), Box<dyn Error>> {
    let truths = truths()?;
    for run in ["ab_mixed_1500", "ab_by_kind", "ab_error_rates"] {
        let set = metrics(run)?;
        let known = truths.get(run).map(Vec::as_slice).unwrap_or_default();
        let mut both: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for width in Width::ALL {
            let report = Judge::new(config(run, JudgeKind::Interval, width)?)?.judge(&set);
            for (kind, tally) in Tally::by_kind(&report, known, width) {
                both.entry(kind).or_default().push(answer(tally));
            }
        }
        head(&format!("{run} by injection"), &["injected", "0.8 to 1.25", "0.9 to 1.1"]);
        for (kind, mut cells) in both {
            cells.insert(0, kind);
            row(&cells);
        }
    }
    Ok(())
}

/// An injection of one size has one right answer at given bounds.
fn answer(tally: Tally) -> String {
    if tally.changed > 0 {
        format!("found {}", share(tally.found, tally.changed))
    } else if tally.shapes > 0 {
        format!("flagged {}", share(tally.shapes_found, tally.shapes))
    } else if tally.absent > 0 {
        format!("nodata {}", share(tally.absent_found, tally.absent))
    } else {
        format!("false alarms {}", share(tally.alarms, tally.healthy))
    }
}

/// Shapes found, and shapes seen where there are none.
pub(crate) fn shapes() -> Result<(), Box<dyn Error>> {
    let truths = truths()?;
    let (mut all, mut healthy) = (BTreeMap::<String, Found>::new(), Vec::new());
    for run in RUNS {
        let report = Judge::new(config(run, JudgeKind::Interval, Width::Wide)?)?.judge(&metrics(run)?);
        let known = truths.get(run).map(Vec::as_slice).unwrap_or_default();
        for (kind, found) in found(&report, known) {
            let sum = all.entry(kind).or_default();
            sum.metrics += found.metrics;
            sum.by_own_shape += found.by_own_shape;
            sum.by_shape += found.by_shape;
            sum.at_all += found.at_all;
        }
        healthy.push((run, mistaken(&report, known)));
    }
    head("Shapes found", &["injected", "metrics", "its own flag", "any shape's flag", "flag, hot or cold"]);
    for (kind, found) in all {
        let share = |part| share(part, found.metrics);
        row(&[kind, found.metrics.to_string(), share(found.by_own_shape), share(found.by_shape), share(found.at_all)]);
    }
    head("Shapes on metrics without a change", &["run", "any", "spread", "tail", "spikes", "stuck", "zeroed"]);
    for (run, mistaken) in healthy {
        let mut cells = vec![run.to_owned(), share(mistaken.flagged, mistaken.healthy)];
        for shape in [Shape::Spread, Shape::Tail, Shape::Spikes, Shape::Stuck, Shape::Zeroed] {
            cells.push(mistaken.by_shape.get(&shape).copied().unwrap_or(0).to_string());
        }
        row(&cells);
    }
    Ok(())
}
