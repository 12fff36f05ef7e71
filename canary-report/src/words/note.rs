//! Notes: what was dropped, changed or odd.

use canary_core::report::Report;
use canary_core::{Note, NoteCode, Side};

use super::fairness::odd_texts;
use super::{counted, in_prose, spelled_out};

/// One note as a clause without a capital or a full stop.
#[must_use]
pub fn note_text(note: &Note) -> String {
    let count = |thing| counted(note.count, thing);
    let side = side_of(note);
    let detail = note.detail.as_deref().map(in_prose);
    let name = detail.as_deref().unwrap_or("-");
    let with_detail = detail.as_deref().map(|detail| format!(" ({detail})")).unwrap_or_default();
    match note.code {
        NoteCode::DifferentSteps => {
            format!("the two sides have different steps{with_detail}; the coarser one is the grid")
        }
        NoteCode::IrregularTimes => {
            format!("the times{side} are not on a regular grid{with_detail}; each was put on the nearest tick")
        }
        NoteCode::NoCommonTime => "the two sides have no time in common".to_owned(),
        NoteCode::OutsideWindow => format!("{}{side} outside the chosen window", count("row")),
        NoteCode::SeveralPerTick => {
            format!("{}{side} with several rows for one metric and instance: the mean was taken", count("point"))
        }
        NoteCode::NotFinite => format!("{}{side} not finite, taken as missing", count("value")),
        NoteCode::Missing => format!("{}{side} empty or NaN, taken as missing", count("value")),
        NoteCode::BeforeCommonStart => format!("{} before both sides are live, left out", count("point")),
        NoteCode::BeforeDeployment => format!("{}{side} before the deployment, taken as its past", count("point")),
        NoteCode::WarmUp => format!("{}{side} dropped as warm-up", count("point")),
        NoteCode::CounterReset => format!("{}{side}, the points were dropped", count("counter reset")),
        NoteCode::Outliers => format!("{}{side} dropped as outliers", count("point")),
        NoteCode::OnlyOneSide => format!("{}{side} without a counterpart at the same time", count("point")),
        NoteCode::UnequalMissing => {
            format!("{} of which one side lacks values more often than chance explains", count("metric"))
        }
        NoteCode::OddSigns => format!("{} on the other side of zero, taken for zero", count("pair")),
        NoteCode::WithoutTraffic => format!("{}{side} without traffic to go with, left out", count("point")),
        NoteCode::RelatedMetricMissing => {
            format!("{} whose rule names another metric that does not exist{with_detail}", count("metric"))
        }
        NoteCode::RegionOnOneSide => format!("region {name} stands on one side only{}", bracketed_side(note)),
        NoteCode::MetricsOnOneSide => format!("{} on one side only{}", count("metric"), bracketed_side(note)),
        NoteCode::RuleMatchesNothing => format!("rule {} matches no metric{with_detail}", note.count),
        NoteCode::GroupWithoutMetric => format!("no metric belongs to group {name}"),
        other => format!("{}{side}: {}{with_detail}", spelled_out(&other), note.count),
    }
}

fn side_of(note: &Note) -> String {
    note.side.map(|side| format!(" of the {}", side_name(side))).unwrap_or_default()
}

fn bracketed_side(note: &Note) -> String {
    note.side.map(|side| format!(" (the {})", side_name(side))).unwrap_or_default()
}

pub(in crate::words) fn side_name(side: Side) -> &'static str {
    match side {
        Side::Baseline => "baseline",
        Side::Canary => "canary",
    }
}

/// The notes of a run, and those of its metrics summed up, most serious first: at most `limit` clauses,
/// then how many are left out.
#[must_use]
pub fn notes_text(report: &Report, limit: usize) -> Vec<String> {
    let mut notes: Vec<(Note, u64)> = report.notes.iter().map(|note| (note.clone(), 0)).collect();
    for note in report.metrics.iter().flat_map(|metric| &metric.notes) {
        add(&mut notes, note, report);
    }
    notes.sort_by_key(|(note, _)| seriousness(note.code));
    let mut texts = odd_texts(report);
    texts.extend(notes.iter().map(|(note, metrics)| on_metrics(note, *metrics)));
    // A line that says that one more is left out takes the place of that one.
    let shown = if texts.len() == limit + 1 { texts.len() } else { limit };
    let left_out = texts.len().saturating_sub(shown);
    texts.truncate(shown);
    if left_out > 0 {
        texts.push(format!("{}, all in the JSON report", counted(left_out as u64, "more note")));
    }
    texts
}

/// Adds a metric's note to the one that says the same of other metrics. What the run's own notes
/// already tell of is not told again.
fn add(notes: &mut Vec<(Note, u64)>, note: &Note, report: &Report) {
    let same = |other: &Note| other.code == note.code && other.side == note.side;
    if report.notes.iter().any(same) {
        return;
    }
    if let Some((sum, metrics)) = notes.iter_mut().find(|(sum, _)| same(sum)) {
        sum.count = sum.count.saturating_add(note.count);
        sum.detail = sum.detail.take().filter(|detail| Some(detail) == note.detail.as_ref());
        *metrics += 1;
    } else {
        notes.push((note.clone(), 1));
    }
}

fn on_metrics(note: &Note, metrics: u64) -> String {
    match metrics {
        0 => note_text(note),
        _ => format!("{}, on {}", note_text(note), counted(metrics, "metric")),
    }
}

/// What puts the comparison itself in doubt comes first, then what the author of a config meant
/// otherwise, then what was dropped.
fn seriousness(code: NoteCode) -> u8 {
    match code {
        NoteCode::NoCommonTime | NoteCode::RegionOnOneSide | NoteCode::UnequalMissing => 0,
        NoteCode::MetricsOnOneSide | NoteCode::DifferentSteps => 1,
        NoteCode::RuleMatchesNothing | NoteCode::GroupWithoutMetric | NoteCode::RelatedMetricMissing => 2,
        _ => 3,
    }
}
