//! `canary backtest`: what a configuration would have said of the past.

mod truth;

use std::collections::BTreeMap;

use anyhow::bail;
use canary_core::config::{Patterns, Span};
use canary_core::replay::Replay;
use canary_core::report::{MetricResult, Report, State, Verdict};
use canary_core::{Judge, MetricSet};
use canary_report::words::{number, score, verdict_word};
use serde_json::{Value, json};

use self::truth::{Expected, Truth};
use super::check::{lines, plain_table};
use crate::args::{BacktestArgs, BacktestFormat};
use crate::exit::Exit;
use crate::past::Past;
use crate::progress::Progress;
use crate::{input, output};

/// Metrics listed in the table; JSON has them all.
const MAX_OFFENDERS: usize = 10;

/// What is known of a run as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Healthy,
    Bad,
}

/// What the configuration would have said of one run.
#[derive(Debug)]
struct Tested {
    name: String,
    label: Option<Label>,
    report: Report,
    /// Metrics, with their regions, that were flagged although nothing was wrong with them. `None` where nobody
    /// knows.
    false_alarms: Option<Vec<String>>,
    /// Metrics that should have been flagged and were not, or the other way round.
    misses: Option<Vec<String>>,
    /// Minutes until a look failed, where the run was replayed and one did.
    detected: Option<f64>,
}

/// Runs the command.
pub(crate) fn run(args: &BacktestArgs) -> anyhow::Result<Exit> {
    let checked = input::config(&args.config)?;
    let runs: Vec<Past> = args.runs.iter().map(|path| Past::find(path)).collect::<anyhow::Result<_>>()?;
    if let Some(one_sided) = runs.iter().find(|run| !run.is_pair()) {
        bail!("{}: found no baseline.* and canary.*, expected a folder that holds both", one_sided.path);
    }
    let labels = Labels::new(args)?;
    let progress = Progress::new(false);
    let mut tested = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        progress.say(format!("run {} of {}: {}", index + 1, runs.len(), run.name));
        tested.push(test(run, args, &checked.judge, &labels)?);
    }
    drop(progress);
    let offenders = offenders(&tested);
    output::print(&match args.format {
        BacktestFormat::Table => table(&tested, &offenders, args.every.is_some()),
        BacktestFormat::Json => serde_json::to_string_pretty(&as_json(&tested, &offenders))? + "\n",
    })?;
    let false_alarms: usize = tested.iter().filter_map(|run| run.false_alarms.as_ref()).map(Vec::len).sum();
    let too_many = args.max_false_alarms.is_some_and(|most| false_alarms > most);
    Ok(if too_many { Exit::Fail } else { Exit::Pass })
}

/// The rules that label runs by their names.
struct Labels {
    healthy: Patterns,
    bad: Patterns,
}

impl Labels {
    fn new(args: &BacktestArgs) -> anyhow::Result<Self> {
        Ok(Self { healthy: Patterns::new(&args.healthy)?, bad: Patterns::new(&args.bad)? })
    }

    /// By name, else by the file `label` in the run's folder.
    fn of(&self, run: &Past) -> anyhow::Result<Option<Label>> {
        match (self.healthy.matches(&run.name), self.bad.matches(&run.name)) {
            (true, true) => bail!("{}: both --healthy and --bad match it", run.name),
            (true, false) => return Ok(Some(Label::Healthy)),
            (false, true) => return Ok(Some(Label::Bad)),
            (false, false) => {}
        }
        let file = std::path::Path::new(&run.path).join("label");
        match std::fs::read_to_string(&file) {
            Ok(text) => match text.trim() {
                "healthy" => Ok(Some(Label::Healthy)),
                "bad" => Ok(Some(Label::Bad)),
                other => bail!("{}: found `{other}`, expected healthy or bad", file.display()),
            },
            Err(_) => Ok(None),
        }
    }
}

fn test(run: &Past, args: &BacktestArgs, judge: &Judge, labels: &Labels) -> anyhow::Result<Tested> {
    let label = labels.of(run)?;
    let truth = Truth::of(&run.path, &run.name, &args.truth_column)?;
    let (metrics, _) = run.read(&input::read_options(&args.reading), 0)?;
    let report = judge.clone().judge(&metrics);
    let named = |keep: &dyn Fn(&MetricResult) -> bool| -> Vec<String> {
        report.metrics.iter().filter(|metric| keep(metric)).map(|metric| metric.name.to_string()).collect()
    };
    let flagged = |metric: &MetricResult| matches!(metric.state, State::Hot | State::Cold);
    let (false_alarms, misses) = match (&truth, label) {
        (Some(truth), _) => (
            Some(named(&|metric| flagged(metric) && truth.of_metric(metric) == Some(Expected::Ok))),
            Some(named(&|metric| truth.of_metric(metric).is_some_and(|expected| expected.is_missed_by(metric.state)))),
        ),
        (None, Some(Label::Healthy)) => {
            (Some(named(&|metric| flagged(metric) && metric.counts_against)), Some(Vec::new()))
        }
        _ => (None, None),
    };
    let detected = match args.every {
        Some(every) => minutes_to_detect(judge, &metrics, every)?,
        None => None,
    };
    Ok(Tested { name: run.name.clone(), label, report, false_alarms, misses, detected })
}

/// Minutes until the first look that fails.
fn minutes_to_detect(judge: &Judge, metrics: &MetricSet, every: Span) -> anyhow::Result<Option<f64>> {
    let replay = Replay::run(judge, metrics, every, &mut |_| {})?;
    Ok(replay.looks.iter().find(|look| look.verdict == Verdict::Fail).map(|look| look.minutes))
}

impl Tested {
    /// Whether the verdict is that of the label; `None` without one, or where the run decides nothing.
    fn is_right(&self) -> Option<bool> {
        match (self.label?, self.report.verdict) {
            (_, Verdict::Inconclusive) => None,
            (Label::Healthy, verdict) => Some(verdict == Verdict::Pass),
            (Label::Bad, verdict) => Some(verdict != Verdict::Pass),
        }
    }

    fn judgement(&self) -> &'static str {
        match (self.label, self.is_right()) {
            (None, _) => "-",
            (_, None) => "no verdict",
            (_, Some(true)) => "right",
            (Some(Label::Healthy), Some(false)) => "FALSE ALARM",
            (Some(Label::Bad), Some(false)) => "MISSED",
        }
    }
}

/// How often a metric was judged wrongly over all runs and regions.
#[derive(Clone, Copy, Debug, Default)]
struct Offences {
    false_alarms: usize,
    misses: usize,
}

/// The metrics that were judged wrongly, most often first.
fn offenders(tested: &[Tested]) -> Vec<(String, Offences)> {
    let mut by_name: BTreeMap<&str, Offences> = BTreeMap::new();
    for run in tested {
        for name in run.false_alarms.iter().flatten() {
            by_name.entry(name).or_default().false_alarms += 1;
        }
        for name in run.misses.iter().flatten() {
            by_name.entry(name).or_default().misses += 1;
        }
    }
    let mut offenders: Vec<(String, Offences)> =
        by_name.into_iter().map(|(name, offences)| (name.to_owned(), offences)).collect();
    offenders.sort_by_key(|(_, offences)| std::cmp::Reverse(offences.false_alarms + offences.misses));
    offenders
}

fn table(tested: &[Tested], offenders: &[(String, Offences)], replayed: bool) -> String {
    let mut titles = vec!["run", "is", "verdict", "score", "that is", "flagged", "false alarms", "missed"];
    titles.extend(replayed.then_some("fails after"));
    let mut runs = plain_table(&titles);
    let count =
        |names: &Option<Vec<String>>| names.as_ref().map_or_else(|| "-".to_owned(), |names| names.len().to_string());
    for run in tested {
        let counts = run.report.counts;
        let mut row = vec![
            run.name.clone(),
            label_word(run.label).unwrap_or("-").to_owned(),
            verdict_word(run.report.verdict).to_owned(),
            score(run.report.score, run.report.thresholds),
            run.judgement().to_owned(),
            format!("{} of {}", counts.hot + counts.cold, counts.total()),
            count(&run.false_alarms),
            count(&run.misses),
        ];
        let detected = run.detected.map_or_else(|| "-".to_owned(), |minutes| format!("{} min", number(minutes)));
        row.extend(replayed.then_some(detected));
        runs.add_row(row);
    }
    let mut out = lines(&runs) + "\n" + &summary(tested);
    if !offenders.is_empty() {
        let mut worst = plain_table(&["judged wrongly most often", "false alarms", "missed"]);
        for (name, offences) in offenders.iter().take(MAX_OFFENDERS) {
            worst.add_row([name.clone(), offences.false_alarms.to_string(), offences.misses.to_string()]);
        }
        out.push('\n');
        out.push_str(&lines(&worst));
        let more = offenders.len().saturating_sub(MAX_OFFENDERS);
        if more > 0 {
            out.push_str("and ");
            out.push_str(&more.to_string());
            out.push_str(" more, with --format json\n");
        }
    }
    out
}

/// `9 runs; healthy that pass: 5 of 6; bad that do not: 3 of 3; false alarms: 12 of 5000 metrics`
fn summary(tested: &[Tested]) -> String {
    let of = |label: Label| tested.iter().filter(move |run| run.label == Some(label));
    let right = |label: Label| of(label).filter(|run| run.is_right() == Some(true)).count();
    let mut parts = Vec::new();
    for (label, word) in [(Label::Healthy, "healthy that pass"), (Label::Bad, "bad that do not")] {
        let all = of(label).count();
        if all > 0 {
            parts.push(format!("{word}: {} of {all}", right(label)));
        }
    }
    let known = || tested.iter().filter(|run| run.false_alarms.is_some());
    if known().next().is_some() {
        let alarms: usize = known().filter_map(|run| run.false_alarms.as_ref()).map(Vec::len).sum();
        let metrics: u64 = known().map(|run| run.report.counts.total()).sum();
        parts.push(format!("false alarms: {alarms} of {metrics} metrics"));
    }
    let runs = if tested.len() == 1 { "1 run".to_owned() } else { format!("{} runs", tested.len()) };
    if parts.is_empty() { format!("{runs}, none labelled\n") } else { format!("{runs}; {}\n", parts.join("; ")) }
}

fn label_word(label: Option<Label>) -> Option<&'static str> {
    label.map(|label| match label {
        Label::Healthy => "healthy",
        Label::Bad => "bad",
    })
}

fn as_json(tested: &[Tested], offenders: &[(String, Offences)]) -> Value {
    let run = |run: &Tested| {
        json!({
            "run": run.name,
            "label": label_word(run.label),
            "verdict": run.report.verdict,
            "score": run.report.score,
            "right": run.is_right(),
            "counts": run.report.counts,
            "false_alarms": run.false_alarms,
            "misses": run.misses,
            "minutes_to_detect": run.detected,
        })
    };
    let offender = |(name, offences): &(String, Offences)| json!({ "metric": name, "false_alarms": offences.false_alarms, "misses": offences.misses });
    json!({
        "runs": tested.iter().map(run).collect::<Vec<_>>(),
        "metrics": offenders.iter().map(offender).collect::<Vec<_>>(),
    })
}
