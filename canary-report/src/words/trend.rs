//! What a trend over builds says, in words.

use std::fmt::Write;

use canary_core::report::Interval;
use canary_core::trend::{Change, Moved, Suspect, TrendReport};

use super::{counted, number, printable};

/// What a trend comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrendState {
    /// A confirmed fall that nothing made good.
    Worse,
    /// No such fall, but the newest build looks bad.
    Suspect,
    /// Nothing can be said: too few builds, or a newest one without a number.
    Undecided,
    /// The last confirmed change went the right way.
    Better,
    /// No confirmed change.
    Steady,
}

impl TrendState {
    /// Of a report. A fall that a later rise made good again is history.
    #[must_use]
    pub fn of(report: &TrendReport) -> Self {
        if report.regressed {
            Self::Worse
        } else if report.newest_unknown.is_some() {
            Self::Undecided
        } else if report.suspect.is_some() {
            Self::Suspect
        } else if is_short(report) {
            Self::Undecided
        } else if report.changes.is_empty() {
            Self::Steady
        } else {
            Self::Better
        }
    }

    /// The state in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Suspect => "suspect",
            Self::Undecided => "undecided",
            Self::Better => "better",
            Self::Steady => "steady",
        }
    }
}

/// What matters now, in a sentence or more.
#[must_use]
pub fn trend_text(report: &TrendReport) -> String {
    let last = report.changes.last().map(|change| {
        format!(
            "{} {:.1} % since build {}, from {} to {}{}.",
            moved_text(change.direction),
            100.0 * change.change.abs(),
            printable(&change.build),
            number(change.before),
            number(change.after),
            still_text(report, change),
        )
    });
    let suspect = report.suspect.as_ref().map(suspect_text);
    let unknown = unknown_text(report);
    let texts: Vec<String> = match TrendState::of(report) {
        TrendState::Suspect => suspect.into_iter().chain(unknown).chain(last).collect(),
        TrendState::Undecided => unknown.into_iter().chain(suspect).chain(last).collect(),
        _ => last.into_iter().chain(unknown).chain(suspect).collect(),
    };
    if texts.is_empty() {
        return format!("No confirmed change in {}.", counted(report.builds as u64, "build"));
    }
    texts.join(" ")
}

/// What is left of a fall that the last change did not make good.
fn still_text(report: &TrendReport, last: &Change) -> String {
    let Some(fall) = report.latest_fall().filter(|fall| report.regressed && fall.index != last.index) else {
        return String::new();
    };
    let build = printable(&fall.build);
    let (side, is_open) = match fall.direction {
        Moved::Down => ("below", last.after_is_bound),
        Moved::Up => ("above", false),
    };
    if is_open {
        return format!("; not known to be back at what it was before build {build}");
    }
    let apart = 100.0 * (last.after / fall.before - 1.0).abs();
    format!("; still {apart:.1} % {side} what it was before build {build}")
}

fn is_short(report: &TrendReport) -> bool {
    report.builds < report.needed
}

/// Why nothing can be said, and what would help.
fn unknown_text(report: &TrendReport) -> Option<String> {
    let newest = report
        .newest_unknown
        .as_ref()
        .map(|build| format!("The newest build, {}, has no number: run its test again.", printable(build)));
    let short = is_short(report).then(|| {
        let found = match report.builds {
            0 => "No build has".to_owned(),
            1 => "Only 1 build has".to_owned(),
            count => format!("Only {count} builds have"),
        };
        format!("{found} a number; at least {} are needed to find a change.", report.needed)
    });
    let texts: Vec<String> = newest.into_iter().chain(short).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
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
