//! Regions and groups, the worst first.

use canary_core::config::Thresholds;
use canary_core::report::{Counts, GroupScore, RegionResult, Report, Verdict};

use super::Line;
use super::grid::{Column, Grid};
use super::paint::Paint;
use crate::words::{counted, printable, score, sign, verdict_word};

/// Regions shown; the rest are counted.
const MAX_REGIONS: usize = 6;
/// Groups shown; the rest are summed up.
const MAX_GROUPS: usize = 5;
/// The least columns that a name is told apart in.
const LEAST_NAME: usize = 10;

/// The regions if there are several or one that is named, and the groups if there are several.
pub(super) fn regions_and_groups(report: &Report, width: usize) -> Vec<Line> {
    let mut regions = worst_regions(&report.regions);
    if regions.iter().all(|region| region.name.is_none()) {
        regions.clear();
    }
    let mut groups = worst_groups(&report.groups);
    if groups.len() < 2 {
        groups.clear();
    }
    let other_regions = regions.split_off(MAX_REGIONS.min(regions.len()));
    let other_groups = groups.split_off(MAX_GROUPS.min(groups.len()));
    let mut lines = aligned(&regions, &groups, report.thresholds, width);
    if !other_regions.is_empty() {
        let rest = Line::plain(format!("and {}", counted(other_regions.len() as u64, "more region")));
        lines.insert((regions.len() + 1).min(lines.len()), rest);
    }
    lines.extend(rest_of_groups(&other_groups, report.thresholds));
    lines
}

/// Both in the same columns.
fn aligned(regions: &[&RegionResult], groups: &[&GroupScore], thresholds: Thresholds, width: usize) -> Vec<Line> {
    let title = match (regions.is_empty(), groups.is_empty()) {
        (true, true) => return Vec::new(),
        (false, _) => "region",
        (true, false) => "group",
    };
    let mut grid = Grid::new(vec![
        Column::left(""),
        Column::shrinking(title, LEAST_NAME),
        Column::right("score"),
        Column::right("hot"),
        Column::right("cold"),
        Column::right("nodata"),
        Column::right("ok"),
    ]);
    for region in regions {
        let word = format!("{} {}", sign(region.verdict), verdict_word(region.verdict));
        let name = region.name.as_deref().unwrap_or("-");
        let shown = score(region.score, thresholds);
        grid.push(Some(Paint::of_verdict(region.verdict)), cells(word, name, shown, region.counts));
    }
    if !regions.is_empty() && !groups.is_empty() {
        grid.push(None, vec![String::new(), "group".to_owned()]);
    }
    for group in groups {
        let level = level(group.score, thresholds);
        let shown = score(group.score, thresholds);
        let row = cells(sign(level).to_owned(), &group.name, shown, group.counts);
        grid.push(Some(Paint::of_verdict(level)), row);
    }
    grid.lines(width)
}

fn cells(sign: String, name: &str, score: String, counts: Counts) -> Vec<String> {
    let numbers = [counts.hot, counts.cold, counts.nodata, counts.ok].map(|count| count.to_string());
    [sign, printable(name), score].into_iter().chain(numbers).collect()
}

/// Where a group's score lies among the thresholds. A group has no verdict of its own.
fn level(score: Option<f64>, thresholds: Thresholds) -> Verdict {
    match score {
        None => Verdict::Inconclusive,
        Some(score) if score >= thresholds.pass() => Verdict::Pass,
        Some(score) if score >= thresholds.marginal() => Verdict::Marginal,
        Some(_) => Verdict::Fail,
    }
}

/// The regions that hold a run back, most first.
pub(crate) fn worst_regions(regions: &[RegionResult]) -> Vec<&RegionResult> {
    let mut sorted: Vec<_> = regions.iter().collect();
    sorted.sort_by(|a, b| b.verdict.severity().cmp(&a.verdict.severity()).then_with(|| worse(a.score, b.score)));
    sorted
}

/// The groups by score, lowest first; one without a score stands before those that are perfect.
pub(crate) fn worst_groups(groups: &[GroupScore]) -> Vec<&GroupScore> {
    let mut sorted: Vec<_> = groups.iter().collect();
    sorted.sort_by(|a, b| worse(a.score, b.score));
    sorted
}

fn worse(a: Option<f64>, b: Option<f64>) -> std::cmp::Ordering {
    const PERFECT: f64 = 100.0;
    a.unwrap_or(PERFECT).total_cmp(&b.unwrap_or(PERFECT)).then(a.is_some().cmp(&b.is_some()))
}

/// `and 14 more groups with scores from 98.1 to 100.0, 2 without data`.
fn rest_of_groups(rest: &[&GroupScore], thresholds: Thresholds) -> Option<Line> {
    let scores: Vec<f64> = rest.iter().filter_map(|group| group.score).collect();
    let without = rest.len() - scores.len();
    let range = match (scores.first(), scores.last()) {
        (Some(low), Some(high)) => {
            let (low, high) = (score(Some(*low), thresholds), score(Some(*high), thresholds));
            Some(if low == high { format!("score {low}") } else { format!("scores {low} to {high}") })
        }
        _ => None,
    };
    let without = (without > 0).then(|| format!("{without} without data"));
    let details: Vec<String> = range.into_iter().chain(without).collect();
    let count = counted(rest.len() as u64, "more group");
    (!rest.is_empty()).then(|| Line::plain(format!("and {count}: {}", details.join(", "))))
}
