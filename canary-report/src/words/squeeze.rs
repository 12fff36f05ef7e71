//! What a squeeze test says, in words.

use canary_core::report::{Evidence, State};
use canary_core::squeeze::{
    ComparisonReason, Estimate, LoadLoop, LoadNote, LoadNoteCode, ModelName, Objective, Reason, Slo, SqueezeComparison,
    SqueezeReport, Status, StepReason,
};

use super::{counted, number, percent, printable, spelled_out};

/// The status in a word or two.
#[must_use]
pub fn squeeze_word(status: Status) -> &'static str {
    match status {
        Status::Measured => "measured",
        Status::LowerBound => "a lower bound",
        Status::SaturatedFromStart => "saturated from the start",
        Status::Unstable => "unstable",
        Status::GeneratorLimited => "limited by the load tool",
        Status::Unusable => "unusable",
    }
}

/// What a reader should see at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A number, and nothing against it.
    Good,
    /// Less than is required, or than the baseline's bounds allow.
    Bad,
    /// A bound, or an answer that is undecided.
    Open,
    /// No number.
    Nothing,
}

impl Standing {
    pub(crate) fn of(report: &SqueezeReport) -> Self {
        let compared = report.comparison.as_ref().map(|comparison| (comparison.state, comparison.evidence));
        let is_cold = compared.is_some_and(|(state, _)| state == State::Cold);
        let is_open =
            compared.is_some_and(|(state, evidence)| state == State::NoData || evidence == Evidence::Undecided);
        let met = report.meets();
        let has_number = report.sweet_spot.is_some_and(|sweet| sweet.estimate.is_some());
        match report.status {
            Status::Unstable | Status::Unusable => Self::Nothing,
            _ if is_cold || met == Some(false) => Self::Bad,
            _ if is_open || (report.required.is_some() && met.is_none()) => Self::Open,
            _ if met == Some(true) || (report.status == Status::Measured && has_number) => Self::Good,
            _ => Self::Open,
        }
    }
}

/// The status in a few words, with what stands against it.
#[must_use]
pub fn squeeze_title(report: &SqueezeReport) -> String {
    let has_number = report.sweet_spot.is_some_and(|sweet| sweet.estimate.is_some());
    let word = match report.status {
        Status::Measured if !has_number => "capacity measured, sweet spot not",
        status => squeeze_word(status),
    };
    let cold = report.comparison.as_ref().is_some_and(|comparison| comparison.state == State::Cold);
    let against = [(cold, "less than the baseline"), (report.meets() == Some(false), "less than required")];
    let against = against.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text);
    std::iter::once(word).chain(against).collect::<Vec<_>>().join(", ")
}

/// What one instance sustains, in a sentence: a number with its interval, a bound, or that the test did not show it.
#[must_use]
pub fn squeeze_text(report: &SqueezeReport) -> String {
    let sustained = sustained_text(report);
    let beside = report.comparison.as_ref().map(beside_text);
    beside.map_or(sustained.clone(), |beside| format!("{sustained} {beside}"))
}

/// How that is beside the old build, in a sentence.
fn beside_text(comparison: &SqueezeComparison) -> String {
    let ratio = comparison.ratio.map_or_else(String::new, |ratio| format!(" (ratio {})", number(ratio)));
    let text = match (comparison.state, comparison.evidence) {
        (State::Cold, _) => "Less than the baseline's bounds allow",
        (State::Hot, _) => "More than the baseline",
        (State::Ok, Evidence::Certified) => "Within the baseline's bounds",
        (State::Ok, Evidence::Undecided) => "Whether that is within the baseline's bounds is undecided",
        (State::NoData, _) => match comparison.reason {
            ComparisonReason::NoBaseline => "The baseline's test gave no number to compare with",
            ComparisonReason::OnlyBounds => "Both tests gave only a bound on the same side, of which no ratio follows",
            ComparisonReason::DifferentTests => {
                "The tests differ in objectives, in what they count or in their loop, so that no ratio follows"
            }
            _ => "There is no number to hold against the baseline's",
        },
    };
    format!("{text}{ratio}.")
}

fn sustained_text(report: &SqueezeReport) -> String {
    let unit = unit(report);
    let known = report.sweet_spot.filter(|sweet| has_any(*sweet));
    match (known, report.status) {
        (Some(Estimate { estimate: Some(value), lower, upper, level }), Status::Measured) => {
            let interval = match (lower, upper) {
                (Some(lower), Some(upper)) => {
                    format!(" ({} interval {} to {})", percent(level), rate(lower), rate(upper))
                }
                _ => String::new(),
            };
            format!("One instance sustains {} {unit}/s{interval}.", rate(value))
        }
        (Some(Estimate { lower: Some(lower), .. }), _) => {
            format!("One instance sustains at least {} {unit}/s; the test did not show how much more.", rate(lower))
        }
        (Some(Estimate { upper: Some(upper), .. }), _) => {
            format!("One instance sustains less than {} {unit}/s; the test did not show how much less.", rate(upper))
        }
        (_, Status::Unstable) => "The steps contradict each other: the test shows no number.".to_owned(),
        _ => "The test shows no number.".to_owned(),
    }
}

fn has_any(estimate: Estimate) -> bool {
    estimate.estimate.or(estimate.lower).or(estimate.upper).is_some()
}

/// What is counted, in the plural.
pub(crate) fn unit(report: &SqueezeReport) -> String {
    report.unit.as_deref().map_or_else(|| "requests".to_owned(), printable)
}

/// A rate: four significant digits, whole from 1000 on.
pub(crate) fn rate(value: f64) -> String {
    if value >= 1000.0 { format!("{value:.0}") } else { number(value) }
}

/// A number with its interval, or the bound that is known: `199.9 (95 % interval 196 to 202)`, `at least 200`.
#[must_use]
pub fn estimate_text(estimate: Estimate) -> String {
    let level = percent(estimate.level);
    match (estimate.estimate, estimate.lower, estimate.upper) {
        (Some(value), Some(lower), Some(upper)) => {
            format!("{} ({level} interval {} to {})", rate(value), rate(lower), rate(upper))
        }
        (Some(value), Some(lower), None) => format!("{} (at least {})", rate(value), rate(lower)),
        (Some(value), None, Some(upper)) => format!("{} (at most {})", rate(value), rate(upper)),
        (Some(value), None, None) => rate(value),
        (None, Some(lower), Some(upper)) => format!("{} to {} ({level} interval)", rate(lower), rate(upper)),
        (None, Some(lower), None) => format!("at least {}", rate(lower)),
        (None, None, Some(upper)) => format!("less than {}", rate(upper)),
        (None, None, None) => "not shown".to_owned(),
    }
}

/// An objective as it is written: `p99 < 120 ms`, `errors < 0.1 %`.
#[must_use]
pub fn objective_text(objective: &Objective) -> String {
    match objective.limit_ms {
        None => format!("errors < {}", percent(objective.share)),
        Some(limit) => {
            let percentile = percent(1.0 - objective.share);
            format!("p{} < {} ms", percentile.trim_end_matches(" %"), number(limit))
        }
    }
}

/// All objectives in a row; `none` without any.
#[must_use]
pub fn slo_text(slo: &Slo) -> String {
    let texts: Vec<String> = slo.objectives.iter().map(objective_text).collect();
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}

/// Open or closed, for someone who has not met the words.
pub(crate) fn loop_text(load_loop: LoadLoop) -> &'static str {
    match load_loop {
        LoadLoop::Open => "open loop (a rate is offered)",
        LoadLoop::Closed => "closed loop (clients wait for their reply)",
    }
}

/// The curve's name.
pub(crate) fn model_text(model: ModelName) -> &'static str {
    match model {
        ModelName::Usl => "universal scalability law",
        ModelName::Amdahl => "Amdahl's law",
        ModelName::SmoothMinimum => "a rise and a plateau",
    }
}

/// Why the status is what it is, or what qualifies the numbers.
#[must_use]
pub fn squeeze_reason_text(reason: Reason) -> String {
    match reason {
        Reason::TooFewSteps => "fewer than three steps can be used",
        Reason::NoGoodReplies => "no step has a good reply",
        Reason::ClockBack => "the clock went back: steps overlap, or one ends before it begins",
        Reason::ImpossibleNumbers => "rates, lengths or counts are impossible or contradict each other",
        Reason::MixedLoops => "steps with a rate and steps with a number of clients are mixed",
        Reason::NeverSaturated => "every offered rate was answered: the limit lies higher",
        Reason::SloNeverBroken => "the objectives held at every rate",
        Reason::LowestRateSaturated => "even the lowest rate was not answered: test lower ones",
        Reason::SloBrokenAtLowestRate => "the objectives fail at the lowest rate already: test lower ones",
        Reason::OutlierSteps => "steps that contradict their neighbours were left out",
        Reason::ContradictingSteps => "too many steps contradict their neighbours: repeat the test",
        Reason::FellToShelf => "throughput fell onto a lower level and stayed there: repeat one low rate to tell why",
        Reason::GeneratorBehind => "the load tool did not send what it was asked in some steps, which were left out",
        Reason::PlateauExtrapolated => "requests are shed before the plateau, which is extrapolated",
        Reason::FallsBeyondPeak => "throughput falls beyond its peak: stay below it",
        Reason::PeakExtrapolated => "the peak lies beyond the clients tested",
        Reason::TooFewLoads => "too few numbers of clients for a law of scaling",
        Reason::CrossingNeedsOpenLoop => "where objectives break near capacity, only an open loop can tell the rate",
        Reason::LatencyMissing => "some steps have no latencies and say nothing about objectives on latency",
        Reason::ObjectiveUntested => {
            "an objective was not tested: no step has its latencies, or counts errors; what holds within it is not known"
        }
        Reason::Interrupted => "the test was interrupted",
        Reason::GuardFailed => "the guard failed, and the test was stopped",
        Reason::TargetFailed => "no request was answered well any more",
        Reason::ArrivalsInWaves => "requests came in waves: latency is that of bursts, capacity is not affected",
        Reason::UnitsDiffer => "instances or repeats differ by more than their own noise; the interval holds that",
        Reason::OneSaturatedStep => "only one step lies beyond the limit: the interval is wide",
        other => return spelled_out(&other),
    }
    .to_owned()
}

/// Why a step was not used, or what it showed.
#[must_use]
pub fn step_reason_text(reason: StepReason) -> String {
    match reason {
        StepReason::Empty => "no reply",
        StepReason::ImpossibleNumbers => "impossible numbers",
        StepReason::ClockBack => "clock went back",
        StepReason::GeneratorBehind => "load tool behind",
        StepReason::Outlier => "contradicts a later step",
        StepReason::Saturated => "saturated",
        StepReason::BreaksSlo => "breaks the objective",
        other => return spelled_out(&other),
    }
    .to_owned()
}

/// What reading the load tool's output left out, changed or doubts.
#[must_use]
pub fn load_note_text(note: &LoadNote) -> String {
    let count = note.count;
    let text = match note.code {
        LoadNoteCode::RepliesAfterEnd => {
            format!("{} after the end of the step left out of its goodput", replies(count))
        }
        LoadNoteCode::CutOffAtEnd => format!("{} cut off at the end: neither good nor bad", counted(count, "request")),
        LoadNoteCode::FirstSecondsLeftOut => {
            format!("the first {} left out: the tool was still settling", counted(count, "second"))
        }
        LoadNoteCode::ArrivalWaves => format!("requests come in waves of up to {count}, one a connection"),
        LoadNoteCode::SlidingQuantiles => {
            format!("percentiles look back over {} and may hold the step before", counted(count, "second"))
        }
        LoadNoteCode::CoordinatedOmission => {
            "latencies count from sending, so that a stall hides the requests it held back".to_owned()
        }
        LoadNoteCode::CoarseLatency => "latencies are whole milliseconds".to_owned(),
        LoadNoteCode::LatencyIncludesErrors => {
            format!("latencies include {}, which are fast in overload", counted(count, "error"))
        }
        LoadNoteCode::RatePerWorker => "the rate is per worker, and each waits for its reply".to_owned(),
        LoadNoteCode::DrainInRate => "the length includes the wait for the last replies".to_owned(),
        LoadNoteCode::DroppedByGenerator => format!("{} not sent by the load tool", counted(count, "request")),
        LoadNoteCode::OfferedRateGuessed => "the intended rate is not said; taken from the rate sent".to_owned(),
        LoadNoteCode::DurationGuessed => {
            "the length of a step is not said; taken from its first and last request".to_owned()
        }
        LoadNoteCode::RowsWithoutStep => format!("{} without a step left out", counted(count, "row")),
        LoadNoteCode::TimesOutOfOrder => format!("{} out of order", counted(count, "time")),
        LoadNoteCode::Other => String::new(),
        other => spelled_out(&other),
    };
    match note.detail.as_deref().map(printable) {
        Some(detail) if text.is_empty() => detail,
        Some(detail) => format!("{text} ({detail})"),
        None => text,
    }
}

fn replies(count: u64) -> String {
    if count == 1 { "1 reply".to_owned() } else { format!("{count} replies") }
}

/// The notes, those of one kind together: `steps 3, 4 and 8: …`.
#[must_use]
pub fn load_notes_text(notes: &[LoadNote]) -> Vec<String> {
    let mut kinds: Vec<(LoadNoteCode, Option<&str>)> = Vec::new();
    for note in notes {
        let kind = (note.code, note.detail.as_deref());
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let together = |&(code, detail): &(LoadNoteCode, Option<&str>)| {
        let same: Vec<&LoadNote> =
            notes.iter().filter(|note| (note.code, note.detail.as_deref()) == (code, detail)).collect();
        let count = match code {
            // A property of the tool, the same in each step.
            LoadNoteCode::ArrivalWaves | LoadNoteCode::FirstSecondsLeftOut | LoadNoteCode::SlidingQuantiles => {
                same.iter().map(|note| note.count).max().unwrap_or_default()
            }
            _ => same.iter().fold(0, |sum: u64, note| sum.saturating_add(note.count)),
        };
        let text = load_note_text(&LoadNote {
            count,
            ..same.first().map_or_else(|| LoadNote::new(code, 0), |note| (*note).clone())
        });
        let steps: Vec<usize> = same.iter().filter_map(|note| note.step).collect();
        match steps[..] {
            [] => text,
            [step] => format!("step {}: {text}", step + 1),
            _ => format!("{} steps: {text}", steps.len()),
        }
    };
    kinds.iter().map(together).collect()
}

/// How the canary's sweet spot compares with the baseline's.
#[must_use]
pub fn comparison_text(comparison: &SqueezeComparison) -> String {
    let undecided = comparison.state != State::NoData && comparison.evidence == Evidence::Undecided;
    let state = format!("{}{}", super::state_word(comparison.state), if undecided { ", undecided" } else { "" });
    let ratio = comparison.ratio.map_or_else(|| "ratio not known".to_owned(), number);
    let end = |end: Option<f64>| end.map_or_else(|| "?".to_owned(), number);
    let interval = comparison.interval.map_or_else(String::new, |interval| {
        format!(" ({} interval {} to {})", percent(interval.level), end(interval.lower), end(interval.upper))
    });
    let (lower, upper) = (number(comparison.bounds.lower()), number(comparison.bounds.upper()));
    format!("{state}: {ratio}{interval}, allowed {lower} to {upper}")
}
