//! From arguments to a judge and a set of metrics.

use std::collections::BTreeSet;
use std::thread;

use canary_core::columns::{Sides, Zone};
use canary_core::config::{JudgeKind, NotASpan, Patterns, Span, Thresholds};
use canary_core::scalar::Score;
use canary_core::squeeze::SWEET_SPOT;
use canary_core::{Judge, MetricSet, NoteCode, Observations, Selection};
use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use pyo3::prelude::*;

use crate::config::Config;
use crate::errors::{self, InputError};
use crate::frame::{Frame, Reading};
use crate::interrupt::{Wanted, interruptible};
use crate::report::{Report, Source};
use crate::squeeze::SqueezeReport;
use crate::table::{self, Decoded, Part, ReadOptions, Table, TableError};

/// A length of time as people write it, in milliseconds.
#[pyfunction]
pub(crate) fn parse_span(key: &str, text: &str) -> PyResult<i64> {
    text.parse::<Span>().map(Span::ms).map_err(|error: NotASpan| errors::config(Some(key), error))
}

/// A time as people write it, in milliseconds since 1970; without a zone it is UTC.
#[pyfunction]
pub(crate) fn parse_time(key: &str, text: &str) -> PyResult<i64> {
    let naive = || text.parse::<DateTime>().and_then(|time| time.to_zoned(TimeZone::UTC));
    let time = text.parse::<Timestamp>().or_else(|_| naive().map(|zoned| zoned.timestamp()));
    time.map(Timestamp::as_millisecond).map_err(|_| {
        let message = format!("found `{text}`, expected a time such as 2026-03-01T08:00:00Z");
        errors::wrong(Some(key), &message)
    })
}

/// What is judged and how: everything but the data.
#[pyclass(frozen, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) judge: Judge,
    pub(crate) selection: Selection,
    /// The patterns of `metrics`, for an error.
    patterns: Vec<String>,
    /// Where each rule stands in its text.
    pub(crate) places: Vec<String>,
}

#[pymethods]
impl Run {
    #[new]
    #[pyo3(signature = (config, *, judge=None, pass_=None, marginal=None, warmup=None, seed=0, threads=None,
                        kayenta=false, deployed=None, regions=None, metrics=None, start=None, end=None, step=None))]
    #[allow(clippy::too_many_arguments, reason = "Python calls this with names, from one place")]
    fn new(
        config: &Config,
        judge: Option<&str>,
        pass_: Option<f64>,
        marginal: Option<f64>,
        warmup: Option<i64>,
        seed: u64,
        threads: Option<usize>,
        kayenta: bool,
        deployed: Option<i64>,
        regions: Option<Vec<String>>,
        metrics: Option<Vec<String>>,
        start: Option<i64>,
        end: Option<i64>,
        step: Option<i64>,
    ) -> PyResult<Self> {
        let mut written = config.written.clone();
        if let Some(word) = judge {
            written.defaults.judge = judge_kind(word)?;
        }
        if let Some(warmup) = warmup {
            written.defaults.warmup = Span::from_ms(warmup);
        }
        written.thresholds = thresholds(written.thresholds, pass_, marginal)?;
        let judge = Judge::new(written).map_err(|error| errors::config(None, error))?;
        let mut judge = judge.with_seed(seed).with_kayenta(kayenta);
        if let Some(threads) = threads {
            judge = judge.with_threads(threads);
        }
        if let Some(deployed) = deployed {
            judge = judge.deployed_at(deployed);
        }
        let patterns = metrics.unwrap_or_default();
        let chosen = Patterns::new(&patterns).map_err(|error| errors::config(Some("metrics"), error))?;
        let selection = Selection {
            start_ms: start,
            end_ms: end,
            step: step.map(Span::from_ms),
            metrics: (!patterns.is_empty()).then_some(chosen),
            regions: regions.filter(|regions| !regions.is_empty()),
        };
        Ok(Self { judge, selection, patterns, places: config.places.clone() })
    }

    /// The same with the sweet spots of both builds as one more metric.
    fn with_squeeze(&self, squeeze: &SqueezeReport) -> PyResult<Self> {
        let comparison = squeeze.report.comparison.as_ref().ok_or_else(|| {
            InputError::new_err(
                "squeeze: found a squeeze test of one build; canary.squeeze(new, baseline=old) compares two",
            )
        })?;
        let measured = comparison.measured(SWEET_SPOT).map_err(errors::input)?;
        Ok(Self { judge: self.judge.clone().with_measured(vec![measured]), ..self.clone() })
    }
}

fn judge_kind(word: &str) -> PyResult<JudgeKind> {
    JudgeKind::ALL.into_iter().find(|judge| judge.name() == word).ok_or_else(|| {
        let known = JudgeKind::ALL.map(JudgeKind::name).join(", ");
        errors::wrong(Some("judge"), &format!("found `{word}`, expected one of {known}"))
    })
}

fn thresholds(given: Thresholds, pass: Option<f64>, marginal: Option<f64>) -> PyResult<Thresholds> {
    let score = |key: &'static str, value: Option<f64>| {
        value.map(Score::new).transpose().map_err(|error| errors::config(Some(key), error))
    };
    let both = match (score("pass_", pass)?, score("marginal", marginal)?) {
        (Some(pass), Some(marginal)) => Thresholds::new(pass, marginal),
        (Some(pass), None) => given.with_pass(pass),
        (None, Some(marginal)) => given.with_marginal(marginal),
        (None, None) => Ok(given),
    };
    both.map_err(|error| errors::config(Some("pass_, marginal"), error))
}

/// The frames of a run, and how they are read.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    pub(crate) baseline: Frame,
    /// `None` where the first holds both sides.
    pub(crate) canary: Option<Frame>,
    pub(crate) reading: ReadOptions,
}

/// Both sides' rows.
#[derive(Debug, Default)]
pub(crate) struct Pair {
    pub(crate) baseline: Vec<Part>,
    pub(crate) canary: Vec<Part>,
}

impl Sources {
    /// Decodes both sides, at the same time.
    pub(crate) fn sides(&self) -> Result<Pair, TableError> {
        let Some(canary) = &self.canary else {
            return Ok(match table::decoded(&self.baseline.frame, &self.reading, Sides::Both)? {
                Decoded::Both { baseline, canary } => Pair { baseline: baseline.parts, canary: canary.parts },
                Decoded::One(_) => Pair::default(),
            });
        };
        let one = |frame: &Frame| Self::one_table(frame, &self.reading, Sides::One);
        let (baseline, canary) = thread::scope(|scope| {
            let other = scope.spawn(|| one(canary));
            let baseline = one(&self.baseline);
            (baseline, other.join().unwrap_or_else(|panicked| std::panic::resume_unwind(panicked)))
        });
        let (baseline, canary): (Table, Table) = (baseline?, canary?);
        check_zones(&baseline, &canary)?;
        Ok(Pair { baseline: baseline.parts, canary: canary.parts })
    }

    /// The rows of a frame by itself.
    pub(crate) fn one_side(frame: &Frame, options: &ReadOptions, sides: Sides) -> Result<Vec<Part>, TableError> {
        Self::one_table(frame, options, sides).map(|table| table.parts)
    }

    fn one_table(frame: &Frame, options: &ReadOptions, sides: Sides) -> Result<Table, TableError> {
        Ok(match table::decoded(&frame.frame, options, sides)? {
            Decoded::One(table) | Decoded::Both { baseline: table, .. } => table,
        })
    }
}

fn check_zones(baseline: &Table, canary: &Table) -> Result<(), TableError> {
    let mixed = |zoned: &Table, naive: &Table| {
        Err(TableError::MixedZones { zoned: zoned.name.clone(), naive: naive.name.clone() })
    };
    match (baseline.zone, canary.zone) {
        (Some(Zone::Given), Some(Zone::None)) => mixed(baseline, canary),
        (Some(Zone::None), Some(Zone::Given)) => mixed(canary, baseline),
        _ => Ok(()),
    }
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Observations(#[from] canary_core::InputError),
    #[error("regions: no such region as {found}; {}", if known.is_empty() {
        "the input has none".to_owned()
    } else {
        format!("there are {}", known.join(", "))
    })]
    Region { found: String, known: Vec<String> },
    #[error(
        "metrics: no metric of the input matches {patterns}; a pattern stands for the whole name, such as *latency*"
    )]
    NoMetric { patterns: String },
    #[error("start, end: found a start that is not before the end, so no time would be left")]
    NoTime,
    #[error("control: found no metric that the baseline has as well, expected {expected}")]
    Control { expected: &'static str },
}

impl Run {
    /// Both sides' metrics on their grid.
    pub(crate) fn metrics(&self, sources: &Sources) -> Result<MetricSet, Failure> {
        if let (Some(start), Some(end)) = (self.selection.start_ms, self.selection.end_ms)
            && start >= end
        {
            return Err(Failure::NoTime);
        }
        let sides = sources.sides()?;
        let (baseline, canary) = (table::observations(&sides.baseline), table::observations(&sides.canary));
        self.check_regions(&baseline, &canary)?;
        let metrics = MetricSet::from_observations(&baseline, &canary, &self.selection)?;
        if metrics.is_empty() && !self.patterns.is_empty() {
            return Err(Failure::NoMetric { patterns: self.patterns.join(", ") });
        }
        Ok(metrics)
    }

    /// A region that nobody has is a slip of the pen, not an empty region.
    fn check_regions(&self, baseline: &[Observations<'_>], canary: &[Observations<'_>]) -> Result<(), Failure> {
        let Some(wanted) = &self.selection.regions else { return Ok(()) };
        let batches = baseline.iter().chain(canary);
        let names = batches.filter_map(|batch| batch.region).flat_map(|labels| labels.names);
        let known: BTreeSet<&str> = names.map(AsRef::as_ref).collect();
        match wanted.iter().find(|region| !known.contains(region.as_str())) {
            Some(found) => {
                Err(Failure::Region { found: found.clone(), known: known.into_iter().map(str::to_owned).collect() })
            }
            None => Ok(()),
        }
    }

    /// Says where the frames came from, and where a rule that matches nothing stands.
    pub(crate) fn finish(&self, report: &mut canary_core::Report, sources: &Sources) {
        report.inputs.baseline.sources.clone_from(&sources.baseline.sources);
        let canary = sources.canary.as_ref().unwrap_or(&sources.baseline);
        report.inputs.canary.sources.clone_from(&canary.sources);
        for note in report.notes.iter_mut().filter(|note| note.code == NoteCode::RuleMatchesNothing) {
            let rule = usize::try_from(note.count).ok().and_then(|number| number.checked_sub(1));
            let place = rule.and_then(|rule| self.places.get(rule));
            if let (Some(place), Some(patterns)) = (place, &note.detail) {
                note.detail = Some(format!("{place}: {patterns}").into());
            }
        }
    }

    fn judged(&self, sources: &Sources, control: Option<&Control>, wanted: &Wanted) -> Result<Report, Failure> {
        let metrics = self.metrics(sources)?;
        wanted.go_on();
        let mut report = match control {
            Some(control) => self.judge.judge_with_control(&metrics, &control.metrics(self, sources, &metrics)?),
            None => self.judge.judge(&metrics),
        };
        self.finish(&mut report, sources);
        Ok(Report::with_source(report, Source { judge: self.judge.clone(), metrics }))
    }
}

/// Other machines of the old build.
#[derive(Debug)]
enum Control {
    Frame(Box<Frame>),
    /// The baseline's own instances, in two halves.
    Halves,
}

impl Control {
    fn metrics(&self, run: &Run, sources: &Sources, metrics: &MetricSet) -> Result<MetricSet, Failure> {
        let (equal, expected) = match self {
            Self::Halves => (metrics.halves_of_baseline()?, "a baseline of two instances or more"),
            Self::Frame(frame) => {
                let pair = Sources { canary: Some(frame.as_ref().clone()), ..sources.clone() }.sides()?;
                let (baseline, canary) = (table::observations(&pair.baseline), table::observations(&pair.canary));
                (MetricSet::from_observations(&baseline, &canary, &run.selection)?, "the same metrics")
            }
        };
        if equal.iter().all(|pair| pair.baseline.instances() == 0 || pair.canary.instances() == 0) {
            return Err(Failure::Control { expected });
        }
        Ok(equal)
    }
}

/// Judges `canary` against `baseline`; without it, `baseline` holds both sides.
#[pyfunction]
#[pyo3(signature = (run, reading, baseline, canary=None, *, control=None, halves=false))]
pub(crate) fn score(
    py: Python<'_>,
    run: &Run,
    reading: &Reading,
    baseline: &Frame,
    canary: Option<&Frame>,
    control: Option<&Frame>,
    halves: bool,
) -> PyResult<Report> {
    let run = run.clone();
    let sources = Sources { baseline: baseline.clone(), canary: canary.cloned(), reading: reading.options.clone() };
    let control = match control {
        Some(frame) => Some(Control::Frame(Box::new(frame.clone()))),
        None => halves.then_some(Control::Halves),
    };
    interruptible(py, move |wanted| run.judged(&sources, control.as_ref(), wanted))?.map_err(errors::input)
}
