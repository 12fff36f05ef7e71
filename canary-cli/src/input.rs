//! From arguments to a configuration and a set of metrics.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use canary_core::config::{Format, Patterns, Thresholds};
use canary_core::report::{Builds, Inputs};
use canary_core::squeeze::SWEET_SPOT;
use canary_core::{Config, ConfigError, Judge, Measured, MetricSet, NoteCode, Observations, Report, Selection};
use canary_io::{Pair, ReadOptions};

use crate::args::{ReadingArgs, RunArgs};
use crate::progress::Progress;
use crate::{output, panics, stored};

/// A configuration with its judge.
#[derive(Debug)]
pub(crate) struct Checked {
    /// As written.
    pub(crate) config: Config,
    /// Its rules, compiled.
    pub(crate) judge: Judge,
    /// Where each rule stands: its line, or its index where the text is not TOML.
    pub(crate) places: Vec<String>,
}

/// Reads a configuration and compiles its rules; an error names the file and, where it can, the line.
pub(crate) fn config(path: &Path) -> anyhow::Result<Checked> {
    let suffix = path.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default();
    let Some(format) = Format::from_suffix(suffix) else {
        bail!("{}: found the suffix `{suffix}`, expected .toml, .yaml or .json", path.display());
    };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let config = Config::from_text(&text, format).with_context(|| path.display().to_string())?;
    let places = places(&config, &text);
    let judge = Judge::new(config.clone()).map_err(|error| {
        let place = rule_at_fault(&error).and_then(|rule| places.get(rule));
        let place = place.filter(|place| place.starts_with("line")).map(|line| format!(": {line}"));
        anyhow::Error::new(error).context(format!("{}{}", path.display(), place.unwrap_or_default()))
    })?;
    Ok(Checked { config, judge, places })
}

fn places(config: &Config, text: &str) -> Vec<String> {
    let lines = Config::rule_lines(text);
    let place = |index: usize| match lines.get(index) {
        Some(line) if lines.len() == config.rules.len() => format!("line {line}"),
        _ => format!("rules[{index}]"),
    };
    (0..config.rules.len()).map(place).collect()
}

fn rule_at_fault(error: &ConfigError) -> Option<usize> {
    match error {
        ConfigError::Pattern { rule, .. }
        | ConfigError::RuleWithoutMatch { rule }
        | ConfigError::RuleKey { rule, .. } => Some(*rule),
        ConfigError::Bounds { path, .. } => path.strip_prefix("rules[")?.split(']').next()?.parse().ok(),
        _ => None,
    }
}

/// The judge that the arguments ask for, and where its rules stand.
pub(crate) fn judge(args: &RunArgs) -> anyhow::Result<(Judge, Vec<String>)> {
    let (config, places) = effective_config(args)?;
    let judge = Judge::new(config).context("configuration")?.with_seed(args.seed).with_series(args.with_series);
    let judge = judge.with_kayenta(args.compare.is_some());
    let judge = match &args.squeeze {
        Some(path) => judge.with_measured(vec![measured(path)?]),
        None => judge,
    };
    let judge = match args.deployed {
        Some(deployed) => judge.deployed_at(deployed),
        None => judge,
    };
    let judge = match args.threads {
        Some(threads) => judge.with_threads(usize::from(threads)),
        None => judge,
    };
    Ok((judge, places))
}

/// The sweet spots of both builds as one more metric.
fn measured(path: &Path) -> anyhow::Result<Measured> {
    let Some(comparison) = stored::squeeze(path)?.comparison else {
        bail!(
            "{}: found a squeeze test of one build; `canary squeeze CANARY --baseline BASELINE` compares two",
            path.display()
        );
    };
    comparison.measured(SWEET_SPOT).with_context(|| path.display().to_string())
}

/// A rule that matches nothing is looked for by its line, which only the command line knows.
pub(crate) fn name_lines(report: &mut Report, places: &[String]) {
    for note in report.notes.iter_mut().filter(|note| note.code == NoteCode::RuleMatchesNothing) {
        let rule = usize::try_from(note.count).ok().and_then(|number| number.checked_sub(1));
        let place = rule.and_then(|rule| places.get(rule)).filter(|place| place.starts_with("line"));
        if let (Some(place), Some(patterns)) = (place, &note.detail) {
            note.detail = Some(format!("{place}: {patterns}").into());
        }
    }
}

/// The configuration in force, the file's with what the command line says over it, and where its rules stand.
fn effective_config(args: &RunArgs) -> anyhow::Result<(Config, Vec<String>)> {
    let (mut config, places) = match &args.config {
        Some(path) => config(path).map(|checked| (checked.config, checked.places))?,
        None => (Config::default(), Vec::new()),
    };
    if let Some(judge) = args.judge {
        config.defaults.judge = judge;
    }
    if let Some(warmup) = args.warmup {
        config.defaults.warmup = warmup;
    }
    config.thresholds = match (args.pass, args.marginal) {
        (Some(pass), Some(marginal)) => Thresholds::new(pass, marginal)?,
        (Some(pass), None) => config.thresholds.with_pass(pass)?,
        (None, Some(marginal)) => config.thresholds.with_marginal(marginal)?,
        (None, None) => config.thresholds,
    };
    Ok((config, places))
}

/// How files are to be read.
pub(crate) fn read_options(args: &ReadingArgs) -> ReadOptions {
    let mut options = ReadOptions { layout: args.layout, time_unit: args.time_unit, ..ReadOptions::default() };
    for (role, name) in &args.column {
        options.columns.set(*role, name.as_str());
    }
    options
}

/// What the builds are called.
pub(crate) fn builds(args: &RunArgs) -> Builds {
    Builds { baseline: args.baseline_build.clone(), canary: args.canary_build.clone() }
}

/// Both sides' metrics, and what to say of where they came from.
pub(crate) fn metrics(args: &RunArgs, progress: &Progress) -> anyhow::Result<(MetricSet, Inputs)> {
    if let (Some(start), Some(end)) = (args.start, args.end)
        && start >= end
    {
        bail!("--start and --end: found a start that is not before the end, so no time would be left");
    }
    let selection = selection(args)?;
    let Pair { baseline, canary } = read(args, progress)?;
    progress.say("aligning".to_owned());
    let (of_baseline, of_canary) = (baseline.observations(), canary.observations());
    check_regions(args, &of_baseline, &of_canary)?;
    let metrics = MetricSet::from_observations(&of_baseline, &of_canary, &selection)?;
    if metrics.is_empty() && !args.metric.is_empty() {
        bail!(
            "--metric {}: no metric of the input matches; a pattern stands for the whole name, such as *latency*",
            args.metric.join(" --metric ")
        );
    }
    let mut inputs = metrics.inputs();
    inputs.baseline.sources = baseline.sources().to_vec();
    inputs.canary.sources = canary.sources().to_vec();
    Ok((metrics, inputs))
}

fn selection(args: &RunArgs) -> anyhow::Result<Selection> {
    Ok(Selection {
        start_ms: args.start,
        end_ms: args.end,
        step: args.step,
        metrics: some_patterns(&args.metric)?,
        regions: Some(args.region.clone()).filter(|regions| !regions.is_empty()),
    })
}

/// The word for the baseline's own instances in two halves.
const HALVES: &str = "halves";

/// The baseline against other machines of the same build.
pub(crate) fn control(
    args: &RunArgs,
    control: &str,
    metrics: &MetricSet,
    progress: &Progress,
) -> anyhow::Result<MetricSet> {
    let equal = if control == HALVES {
        metrics.halves_of_baseline()?
    } else {
        progress.say("reading the control".to_owned());
        let options = read_options(&args.reading);
        let pair = panics::quietly(|| canary_io::read_pair(&args.baseline, control, &options, &|_| {}))?;
        MetricSet::from_observations(&pair.baseline.observations(), &pair.canary.observations(), &selection(args)?)?
    };
    if equal.iter().all(|pair| pair.baseline.instances() == 0 || pair.canary.instances() == 0) {
        bail!(
            "--control {control}: found no metric that the baseline has as well, expected {}",
            if control == HALVES { "a baseline of two instances or more" } else { "the same metrics" }
        );
    }
    Ok(equal)
}

fn some_patterns(patterns: &[String]) -> anyhow::Result<Option<Patterns>> {
    if patterns.is_empty() {
        return Ok(None);
    }
    Ok(Some(Patterns::new(patterns).context("--metric")?))
}

fn read(args: &RunArgs, progress: &Progress) -> anyhow::Result<Pair> {
    let options = read_options(&args.reading);
    let report = |step: canary_io::Progress| {
        progress.say(format!("reading: file {} of {}, {} rows", step.files_done, step.files, step.rows));
    };
    progress.say("reading".to_owned());
    if args.canary.as_ref() == Some(&args.baseline) {
        output::warn("both sides are the same input; it is compared with itself");
    }
    Ok(panics::quietly(|| match &args.canary {
        Some(canary) => canary_io::read_pair(&args.baseline, canary, &options, &report),
        None => canary_io::read_both(&args.baseline, &options, &report),
    })?)
}

/// A region that nobody has is a slip of the pen, not an empty region.
fn check_regions(args: &RunArgs, baseline: &[Observations<'_>], canary: &[Observations<'_>]) -> anyhow::Result<()> {
    if args.region.is_empty() {
        return Ok(());
    }
    let batches = baseline.iter().chain(canary);
    let names = batches.filter_map(|batch| batch.region).flat_map(|labels| labels.names);
    let known: BTreeSet<&str> = names.map(AsRef::as_ref).collect();
    for region in &args.region {
        if !known.contains(region.as_str()) {
            let known: Vec<&str> = known.into_iter().collect();
            if known.is_empty() {
                bail!("--region {region}: the input has no regions");
            }
            bail!("--region {region}: no such region; there are {}", known.join(", "));
        }
    }
    Ok(())
}
