//! The head of the page: the verdict, the score, the counts, and what was compared.

use canary_core::Report;
use canary_core::report::{MetricResult, SideInput, State, Verdict};

use crate::words::{advice, counted, exact, printable, score, score_text, shorten, sign, verdict_word, window_text};

/// The columns of a file's name in the head; the whole name is in its title.
const FILE: usize = 60;
/// Files named of each side; the rest are counted.
const FILES: usize = 3;

/// The verdict and its score.
#[derive(Debug)]
pub(super) struct Head {
    /// The verdict's class in the style.
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
    pub(super) advice: &'static str,
    pub(super) score: String,
    pub(super) score_text: String,
    /// What stands beside the score in large.
    pub(super) score_note: String,
    pub(super) gauge: Option<Gauge>,
    pub(super) counts: Vec<Count>,
    pub(super) facts: Vec<Fact>,
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
    pub(super) window: String,
    pub(super) command: Option<String>,
}

/// The score on a line from 0 to 100, in units of which [`Gauge::WIDTH`] are 100.
#[derive(Debug)]
pub(super) struct Gauge {
    pub(super) score: String,
    /// The uncapped score, where it is another.
    pub(super) uncapped: Option<String>,
    pub(super) pass: String,
    pub(super) marginal: String,
    /// What lies between the thresholds.
    pub(super) between: String,
    pub(super) above: String,
    pub(super) interval: Option<(String, String)>,
    pub(super) pass_text: String,
    pub(super) marginal_text: String,
}

impl Gauge {
    const WIDTH: f64 = 400.0;

    fn of(report: &Report) -> Option<Self> {
        let place = |score: f64| format!("{:.1}", score.clamp(0.0, 100.0) / 100.0 * Self::WIDTH);
        let value = report.score?;
        let (pass, marginal) = (report.thresholds.pass(), report.thresholds.marginal());
        let ends = report.score_interval.and_then(|interval| interval.lower.zip(interval.upper));
        Some(Self {
            score: place(value),
            uncapped: report.score_uncapped.filter(|uncapped| (uncapped - value).abs() > 0.05).map(place),
            pass: place(pass),
            marginal: place(marginal),
            between: place(pass - marginal),
            above: place(100.0 - pass),
            interval: ends.map(|(lower, upper)| (place(lower), place(upper))),
            pass_text: exact(pass),
            marginal_text: exact(marginal),
        })
    }
}

/// How many metrics have a state.
#[derive(Debug)]
pub(super) struct Count {
    pub(super) state: &'static str,
    pub(super) metrics: u64,
    /// What else there is to say of them; may be empty.
    pub(super) note: String,
}

/// Something that was compared.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) values: Vec<Text>,
}

/// A text and what it is short for.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) shown: String,
    pub(super) whole: String,
}

impl Text {
    /// A name from outside in at most `columns` columns.
    pub(super) fn name(name: &str, columns: usize) -> Self {
        let whole = printable(name);
        Self { shown: shorten(&whole, columns), whole }
    }

    fn prose(text: String) -> Self {
        Self { whole: text.clone(), shown: text }
    }
}

impl Head {
    pub(super) fn of(report: &Report) -> Self {
        let verdict = report.verdict;
        let (score, score_text) = (score(report.score, report.thresholds), score_text(report));
        Self {
            score_note: beside(&score_text, &score).to_owned(),
            class: verdict_class(verdict),
            sign: sign(verdict),
            word: verdict_word(verdict),
            advice: advice(verdict),
            score,
            score_text,
            gauge: Gauge::of(report),
            counts: counts(report),
            facts: facts(report),
            start: report.inputs.start.as_deref().map(printable),
            end: report.inputs.end.as_deref().map(printable),
            window: window_text(&report.inputs),
            command: report.inputs.command.as_deref().map(printable),
        }
    }
}

/// What the text of a score says beside the score itself.
fn beside<'a>(text: &'a str, score: &str) -> &'a str {
    let rest = text.strip_prefix("score ").and_then(|rest| rest.strip_prefix(score));
    rest.map_or(text, |rest| rest.trim_start_matches([',', ' ']))
}

/// The class of a verdict in the style.
pub(super) fn verdict_class(verdict: Verdict) -> &'static str {
    verdict.name()
}

fn counts(report: &Report) -> Vec<Count> {
    let counts = report.counts;
    let harmless = |state| {
        let quiet = |metric: &&MetricResult| metric.state == state && !metric.counts_against;
        let quiet = report.metrics.iter().filter(quiet).count();
        if quiet > 0 { format!("{quiet} not held against it") } else { String::new() }
    };
    let undecided = if counts.undecided > 0 { format!("{} undecided", counts.undecided) } else { String::new() };
    vec![
        Count { state: "hot", metrics: counts.hot, note: harmless(State::Hot) },
        Count { state: "cold", metrics: counts.cold, note: harmless(State::Cold) },
        Count { state: "nodata", metrics: counts.nodata, note: String::new() },
        Count { state: "ok", metrics: counts.ok, note: undecided },
    ]
}

fn facts(report: &Report) -> Vec<Fact> {
    let inputs = &report.inputs;
    let builds = &report.builds;
    vec![
        Fact { label: "Baseline", values: side(builds.baseline.as_deref(), &inputs.baseline) },
        Fact { label: "Canary", values: side(builds.canary.as_deref(), &inputs.canary) },
    ]
}

fn side(build: Option<&str>, input: &SideInput) -> Vec<Text> {
    let mut values: Vec<Text> = build.map(|build| Text::name(build, FILE)).into_iter().collect();
    values.extend(input.sources.iter().take(FILES).map(|source| Text::name(source, FILE)));
    let more = input.sources.len().saturating_sub(FILES);
    if more > 0 {
        values.push(Text::prose(format!("{more} more files")));
    }
    let instances = (input.instances > 0).then(|| counted(input.instances, "instance"));
    let sizes = [instances, Some(counted(input.metrics, "metric")), Some(counted(input.rows, "row"))];
    values.push(Text::prose(sizes.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    values
}
