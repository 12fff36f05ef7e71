//! The metrics themselves: the ones that decided, or all of some states.

use canary_core::report::{Evidence, MetricResult, Report, State};

use super::grid::{Column, Grid};
use super::paint::Paint;
use super::prose::wrapped;
use super::{INDENT, Line};
use crate::words::{
    bound_text, interval_text, number, percent_beside, printable, ratio_text, reason_text, shorten, state_word,
    tally_text,
};

/// The columns of a metric's name below which the averages are left out rather.
const ROOMY_NAME: usize = 24;
/// The least columns that a metric's name is told apart in.
const LEAST_NAME: usize = 14;
/// The least columns that a reason is understood in.
const LEAST_REASON: usize = 23;
/// The least columns that a region's name is told apart in.
const LEAST_REGION: usize = 9;
/// Of the rows, how many go to required metrics without data where both kinds are too many.
const REQUIRED_SHARE: usize = 3;

/// The worst metrics, the required ones without data, and what the rest amounts to.
pub(super) fn worst(report: &Report, max_rows: usize, width: usize) -> Vec<Line> {
    let failing: Vec<_> = report.metrics.iter().filter(|metric| metric.counts_against).collect();
    let missing: Vec<_> = report.metrics.iter().filter(|metric| is_required_without_data(metric)).collect();
    let for_missing = missing.len().min((max_rows / REQUIRED_SHARE).max(max_rows.saturating_sub(failing.len())));
    let for_failing = failing.len().min(max_rows.saturating_sub(for_missing));
    let (failing_shown, _) = failing.split_at(for_failing);
    let (missing_shown, missing_rest) = missing.split_at(for_missing);
    let columns = Columns::of(report);
    let mut lines = judged_rows("Against the canary, worst first", failing_shown, columns, width);
    lines.extend(nodata_rows("Required, but without data", missing_shown, columns, width));
    if !missing_rest.is_empty() {
        lines.push(Line::plain(format!("and {} more that are required", missing_rest.len())));
    }
    let is_listed =
        |metric: &&MetricResult| failing_shown.iter().chain(missing_shown).any(|shown| std::ptr::eq(*shown, *metric));
    let rest = tally_text(report.metrics.iter().filter(|metric| !is_listed(metric)));
    lines.extend(rest_lines(&rest, !failing.is_empty(), width));
    lines
}

/// All metrics with one of `states`, and what the rest amounts to.
pub(super) fn listing(report: &Report, states: &[State], width: usize) -> Vec<Vec<Line>> {
    let (listed, rest): (Vec<_>, Vec<_>) = report.metrics.iter().partition(|metric| states.contains(&metric.state));
    let (nodata, judged): (Vec<_>, Vec<_>) = listed.into_iter().partition(|metric| metric.state == State::NoData);
    let columns = Columns::of(report);
    let names: Vec<&str> = states.iter().map(|state| state_word(*state)).collect();
    let mut last = wrapped_rest("not shown: ", &tally_text(rest), width);
    if judged.is_empty() && nodata.is_empty() {
        last.insert(0, Line::plain(format!("No metric is {}.", names.join(" or "))));
    }
    vec![
        judged_rows("Most important first", &judged, columns, width),
        nodata_rows("Without data", &nodata, columns, width),
        last,
    ]
}

/// A metric whose silence makes the run inconclusive.
pub(crate) fn is_required_without_data(metric: &MetricResult) -> bool {
    metric.state == State::NoData && (metric.critical || metric.must_have_data)
}

fn rest_lines(rest: &str, any_failing: bool, width: usize) -> Vec<Line> {
    match (rest.is_empty(), any_failing) {
        (true, true) => Vec::new(),
        (true, false) => vec![Line::plain("No metric counts against the canary.")],
        (false, true) => wrapped_rest("not shown: ", rest, width),
        (false, false) => wrapped_rest("No metric counts against the canary; ", rest, width),
    }
}

fn wrapped_rest(lead: &str, rest: &str, width: usize) -> Vec<Line> {
    if rest.is_empty() {
        return Vec::new();
    }
    wrapped(&format!("{lead}{rest}"), width, INDENT).into_iter().map(Line::plain).collect()
}

/// Which columns the rows have.
#[derive(Clone, Copy)]
struct Columns {
    region: bool,
    interval: bool,
    averages: bool,
}

impl Columns {
    fn of(report: &Report) -> Self {
        let first = report.metrics.first().map(|metric| &metric.region);
        let region = report.metrics.iter().any(|metric| Some(&metric.region) != first);
        let interval = report.metrics.iter().any(|metric| metric.interval.is_some());
        Self { region, interval, averages: true }
    }

    /// These, then ever fewer: what a reader can do without for the longest goes first.
    fn ever_fewer(self) -> [Self; 3] {
        let without_averages = Self { averages: false, ..self };
        [self, without_averages, Self { interval: false, ..without_averages }]
    }
}

fn judged_rows(title: &str, metrics: &[&MetricResult], columns: Columns, width: usize) -> Vec<Line> {
    if metrics.is_empty() {
        return Vec::new();
    }
    let grids = columns.ever_fewer().into_iter().map(|columns| judged_grid(metrics, columns, width));
    let grid = grids.reduce(|wider, narrower| if wider.fits(width) { wider } else { narrower });
    let mut lines = title_lines(title, metrics, width);
    lines.extend(grid.into_iter().flat_map(|grid| grid.lines(width)));
    lines
}

/// The title, and what the words and marks below it mean.
fn title_lines(title: &str, metrics: &[&MetricResult], width: usize) -> Vec<Line> {
    let has = |state| metrics.iter().any(|metric| metric.state == state);
    let marks = [
        (has(State::Hot), "HOT too high"),
        (has(State::Cold), "COLD too low"),
        (metrics.iter().any(|metric| is_harmless(metric)), "in brackets: not held against the canary"),
        (metrics.iter().any(|metric| is_undecided(metric)), "OK? undecided"),
        (metrics.iter().any(|metric| metric.critical), "! critical"),
    ];
    let marks: Vec<&str> = marks.into_iter().filter_map(|(occurs, mark)| occurs.then_some(mark)).collect();
    let text = if marks.is_empty() { title.to_owned() } else { format!("{title} ({})", marks.join(", ")) };
    wrapped(&text, width, INDENT).into_iter().map(Line::plain).collect()
}

fn judged_grid(metrics: &[&MetricResult], columns: Columns, width: usize) -> Grid {
    let least_name = if columns.averages { ROOMY_NAME } else { LEAST_NAME };
    let mut header = vec![Column::left(""), Column::shrinking("metric", least_name)];
    header.extend(columns.region.then(|| Column::shrinking("region", LEAST_REGION)));
    header.push(Column::right("ratio"));
    header.extend(columns.interval.then(|| Column::left(interval_title(metrics))));
    header.push(Column::left("bound"));
    if columns.averages {
        header.extend([Column::right("baseline"), Column::left("-> canary")]);
    }
    let mut grid = Grid::new(header);
    for metric in metrics {
        let mut cells = vec![state_cell(metric), shorten(&printable(&metric.name), width)];
        cells.extend(columns.region.then(|| region_cell(metric)));
        cells.push(ratio_text(metric));
        cells.extend(columns.interval.then(|| interval_cell(metric)));
        cells.push(bound_text(metric));
        if columns.averages {
            cells.extend([average(metric.average.baseline), format!("-> {}", average(metric.average.canary))]);
        }
        grid.push(Some(Paint::of_state(metric.state, metric.counts_against)), cells);
    }
    grid
}

/// Names the level where all rows have the same one.
fn interval_title(metrics: &[&MetricResult]) -> String {
    let mut levels =
        metrics.iter().filter_map(|metric| metric.interval).map(|interval| percent_beside(interval.level, 1.0));
    let first = levels.next();
    match first {
        Some(level) if levels.all(|other| other == level) => format!("{level} interval"),
        _ => "interval".to_owned(),
    }
}

fn nodata_rows(title: &str, metrics: &[&MetricResult], columns: Columns, width: usize) -> Vec<Line> {
    if metrics.is_empty() {
        return Vec::new();
    }
    let mut header = vec![Column::left(""), Column::shrinking("", LEAST_NAME)];
    header.extend(columns.region.then(|| Column::shrinking("", LEAST_REGION)));
    header.push(Column::shrinking("", LEAST_REASON));
    let mut grid = Grid::new(header);
    for metric in metrics {
        let mut cells = vec![state_cell(metric), shorten(&printable(&metric.name), width)];
        cells.extend(columns.region.then(|| region_cell(metric)));
        cells.push(reason_text(metric));
        grid.push(Some(Paint::of_state(metric.state, false)), cells);
    }
    let mut lines = title_lines(title, metrics, width);
    lines.extend(grid.lines(width));
    lines
}

/// The state: `!` before a critical one, brackets around one that does not count against the canary.
fn state_cell(metric: &MetricResult) -> String {
    let mark = if metric.critical { "!" } else { " " };
    let word = state_word(metric.state);
    if is_harmless(metric) {
        format!("{mark} ({word})")
    } else if is_undecided(metric) {
        format!("{mark} {word}?")
    } else {
        format!("{mark} {word}")
    }
}

fn is_undecided(metric: &MetricResult) -> bool {
    metric.state == State::Ok && metric.evidence == Evidence::Undecided
}

fn is_harmless(metric: &MetricResult) -> bool {
    matches!(metric.state, State::Hot | State::Cold) && !metric.counts_against
}

fn region_cell(metric: &MetricResult) -> String {
    metric.region.as_deref().map_or_else(|| "-".to_owned(), printable)
}

/// Over a baseline of zero there is no interval to show: its p-value stands there instead.
fn interval_cell(metric: &MetricResult) -> String {
    match (metric.interval, metric.p_value) {
        (Some(interval), _) => interval_text(interval, metric.bounds),
        (None, Some(p_value)) if metric.ratio.is_none() => format!("p {}", number(p_value)),
        _ => "-".to_owned(),
    }
}

fn average(side: Option<f64>) -> String {
    side.map_or_else(|| "-".to_owned(), number)
}
