//! What a trend over builds says, in words.

use std::fmt::Write;

use canary_core::report::Interval;
use canary_core::trend::{Change, Moved, Suspect, TrendReport};

use super::{counted, number, printable};

/// What a trend comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrendState {
    /// The last confirmed change went the wrong way.
    Worse,
    /// Nothing is confirmed since, but the newest build looks bad.
    Suspect,
    /// The last confirmed change went the right way.
    Better,
    /// No confirmed change.
    Steady,
}

impl TrendState {
    /// Of a report. A fall that a later rise made good again is history.
    #[must_use]
    pub fn of(report: &TrendReport) -> Self {
        match (report.changes.last(), &report.suspect) {
            (Some(last), _) if last.regression => Self::Worse,
            (_, Some(_)) => Self::Suspect,
            (Some(_), None) => Self::Better,
            (None, None) => Self::Steady,
        }
    }

    /// The state in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Suspect => "suspect",
            Self::Better => "better",
            Self::Steady => "steady",
        }
    }
}

/// What matters now, in a sentence or two.
#[must_use]
pub fn trend_text(report: &TrendReport) -> String {
    let last = report.changes.last().map(|change| {
        format!(
            "{} {:.1} % since build {}, from {} to {}.",
            moved_text(change.direction),
            100.0 * change.change.abs(),
            printable(&change.build),
            number(change.before),
            number(change.after),
        )
    });
    let suspect = report.suspect.as_ref().map(suspect_text);
    let texts: Vec<String> = match TrendState::of(report) {
        TrendState::Suspect => suspect.into_iter().chain(last).collect(),
        _ => last.into_iter().chain(suspect).collect(),
    };
    if texts.is_empty() {
        return format!("No confirmed change in {}.", counted(report.builds as u64, "build"));
    }
    texts.join(" ")
}

/// The newest build where it looks bad, and what to do.
fn suspect_text(suspect: &Suspect) -> String {
    let bound = match (suspect.is_bound, suspect.direction) {
        (false, _) => "",
        (true, Moved::Down) => "at most ",
        (true, Moved::Up) => "at least ",
    };
    let cost = suspect.instances.map_or_else(String::new, |count| format!(" ({count:+} instances at the peak)"));
    format!(
        "Build {} shows {bound}{} where {} is expected{cost}: run its test again.",
        printable(&suspect.build),
        number(suspect.value),
        number(suspect.expected),
    )
}

fn moved_text(direction: Moved) -> &'static str {
    match direction {
        Moved::Down => "Down",
        Moved::Up => "Up",
    }
}

/// The change with its sign: `-5.1 %`.
pub(crate) fn signed_percent(share: f64) -> String {
    // An interval of a few percent says how little more digits would mean.
    format!("{:+.1} %", 100.0 * share)
}

/// `-6.2 % to -4.1 %`; an open end is a question mark.
pub(crate) fn change_interval_text(interval: Interval) -> String {
    let end = |end: Option<f64>| end.map_or_else(|| "?".to_owned(), signed_percent);
    format!("{} to {}", end(interval.lower), end(interval.upper))
}

/// The level after a change; a bound is said to be one.
pub(crate) fn after_text(change: &Change) -> String {
    format!("{}{}", if change.after_is_bound { "≥ " } else { "" }, number(change.after))
}

/// What a reader should know of the builds that were judged.
pub(crate) fn history_text(report: &TrendReport) -> String {
    let mut text = counted(report.builds as u64, "build");
    if !report.series.is_empty() {
        let _ = write!(text, " of series {}", printable(&report.series));
    }
    if report.missing > 0 {
        let _ = write!(text, "; {} without a number", report.missing);
    }
    if report.other_series > 0 {
        let _ = write!(text, "; {} of other series left out", report.other_series);
    }
    text
}
