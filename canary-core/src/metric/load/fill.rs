//! The second pass: every value into its cell.

use std::ops::Range;

use ndarray::Array2;

use super::super::grid::TimeGrid;
use super::super::history::{Event, History, Oddity, compact};
use super::super::life::Life;
use super::super::panel::Panel;
use super::super::set::SideData;
use super::match_up::Rows;
use super::names::{Batch, Filter, Key, Names};
use super::rows::{Pass, Run, SeriesTable};
use super::survey::{SortedRows, Survey};
use crate::observation::NO_LABEL;

/// The values of one side in their cells.
pub(super) struct Filled {
    panel: Panel,
    events: Vec<Event>,
    /// By panel row: its first and its last tick with a value.
    lives: Vec<Option<Life>>,
}

/// A panel is dense while its cells are at most this many times the rows, or few anyway.
const CELLS_PER_ROW: u64 = 8;
const FEW_CELLS: u64 = 1 << 20;
/// Shorter runs go in row by row: files that are sorted by time have runs of one.
const WORTH_IT: u64 = 8;

pub(super) fn fill(
    batches: &[Batch<'_>],
    survey: &Survey,
    rows: &SortedRows,
    grid: TimeGrid,
    filter: &Filter,
) -> Filled {
    let series = survey.keys.len();
    let cells = (series as u64).saturating_mul(grid.ticks as u64);
    let dense = cells <= survey.rows.saturating_mul(CELLS_PER_ROW).max(FEW_CELLS);
    let mut filling = Filling {
        table: &survey.table,
        row_of: &rows.row_of,
        grid,
        ticks: Ticks::new(grid),
        filter,
        events: Vec::new(),
        lives: vec![None; series],
        offset_ms: survey.offset_ms,
        cells: if dense { Cells::dense(series * grid.ticks) } else { Cells::Sparse(Vec::new()) },
    };
    for batch in batches {
        batch.lead(&mut filling);
    }
    let Filling { cells, mut events, lives, .. } = filling;
    Filled { panel: cells.into_panel(series, grid.ticks, &mut events), events, lives }
}

/// The pass itself.
struct Filling<'a> {
    table: &'a SeriesTable,
    row_of: &'a [u32],
    grid: TimeGrid,
    ticks: Ticks,
    filter: &'a Filter,
    events: Vec<Event>,
    lives: Vec<Option<Life>>,
    offset_ms: i64,
    cells: Cells,
}

/// Where the values of a pass go.
enum Cells {
    Dense {
        values: Vec<f64>,
        /// Values beyond the first of a cell, for the few cells that have any.
        more: Vec<(usize, f64)>,
    },
    /// Row, tick and value of each.
    Sparse(Vec<(u32, u32, f64)>),
}

impl Pass for Filling<'_> {
    #[inline]
    fn series(&mut self, key: Key) -> Option<u32> {
        // The survey knows no series that is not wanted.
        self.row_of.get(self.table.get(key)? as usize).copied()
    }

    fn run(&mut self, rows: Run<'_>, row: u32) {
        if self.run_at_once(rows, row).is_some() {
            return;
        }
        let mut line = self.cells.line(row as usize, self.grid.ticks);
        let mut reach: Option<Life> = None;
        for (time_ms, value) in rows.rows() {
            if !self.filter.in_window(time_ms) {
                continue;
            }
            let tick = self.ticks.of(time_ms.saturating_sub(self.offset_ms));
            if !value.is_finite() {
                let oddity = if value.is_nan() { Oddity::Missing } else { Oddity::Infinite };
                self.events.push(Event { row, tick: compact(tick), oddity });
                continue;
            }
            reach = Some(reach.map_or(Life::at(tick), |reach| reach.with(tick)));
            line.put(tick, value);
        }
        if let Some(known) = self.lives.get_mut(row as usize) {
            *known = Life::both(*known, reach);
        }
    }
}

impl Filling<'_> {
    /// Copies a run that lies in the window, steps along the grid, lacks no value and meets no other: most do.
    fn run_at_once(&mut self, rows: Run<'_>, row: u32) -> Option<()> {
        let Cells::Dense { values, .. } = &mut self.cells else { return None };
        if rows.len() < WORTH_IT {
            return None;
        }
        let ((first_ms, last_ms), new) = (rows.stepping_by(self.grid.step_ms)?, rows.values());
        if !self.filter.covers(first_ms, last_ms) || !all_finite(new) {
            return None;
        }
        let first = self.ticks.of(first_ms.saturating_sub(self.offset_ms));
        let last = first.checked_add(new.len())?.checked_sub(1)?;
        let start = (row as usize).checked_mul(self.grid.ticks)?;
        let cells = values.get_mut(start..start + self.grid.ticks)?.get_mut(first..=last)?;
        if !cells.iter().all(|cell| cell.is_nan()) {
            return None;
        }
        let known = self.lives.get_mut(row as usize)?;
        cells.copy_from_slice(new);
        *known = Life::both(*known, Some(Life::at(first).with(last)));
        Some(())
    }
}

/// Without an early end: so it takes several at once.
fn all_finite(values: &[f64]) -> bool {
    values.iter().map(|value| u64::from(!value.is_finite())).sum::<u64>() == 0
}

/// Times to ticks. Most rows are at the tick of the one before, or at the one after; a division a row would cost as
/// much as the rest of the pass.
struct Ticks {
    start_ms: i64,
    step_ms: i64,
    /// The last time that was asked for, and its tick.
    time_ms: i64,
    tick: usize,
}

impl Ticks {
    fn new(grid: TimeGrid) -> Self {
        let start_ms = grid.start_ms.unwrap_or_default();
        Self { start_ms, step_ms: grid.step_ms.max(1), time_ms: start_ms, tick: 0 }
    }

    #[inline]
    fn of(&mut self, time_ms: i64) -> usize {
        if time_ms == self.time_ms.saturating_add(self.step_ms) {
            self.tick = self.tick.saturating_add(1);
        } else if time_ms != self.time_ms {
            let ticks = time_ms.abs_diff(self.start_ms) / self.step_ms.unsigned_abs();
            self.tick = usize::try_from(ticks).unwrap_or(usize::MAX);
        }
        self.time_ms = time_ms;
        self.tick
    }
}

/// Where the values of one run of rows go.
enum Line<'a> {
    Dense { cells: &'a mut [f64], first: usize, more: &'a mut Vec<(usize, f64)> },
    Sparse { row: u32, cells: &'a mut Vec<(u32, u32, f64)> },
}

impl Line<'_> {
    #[inline]
    fn put(&mut self, tick: usize, value: f64) {
        match self {
            Self::Dense { cells, first, more } => match cells.get_mut(tick) {
                Some(empty) if empty.is_nan() => *empty = value,
                _ => more.push((*first + tick, value)),
            },
            Self::Sparse { row, cells } => cells.push((*row, u32::try_from(tick).unwrap_or(NO_LABEL), value)),
        }
    }
}

impl Cells {
    fn dense(cells: usize) -> Self {
        Self::Dense { values: vec![f64::NAN; cells], more: Vec::new() }
    }

    fn line(&mut self, row: usize, ticks: usize) -> Line<'_> {
        match self {
            Self::Dense { values, more } => {
                let first = row * ticks;
                Line::Dense { cells: values.get_mut(first..first + ticks).unwrap_or_default(), first, more }
            }
            Self::Sparse(cells) => Line::Sparse { row: u32::try_from(row).unwrap_or(NO_LABEL), cells },
        }
    }

    fn into_panel(self, series: usize, ticks: usize, events: &mut Vec<Event>) -> Panel {
        match self {
            Self::Dense { mut values, more } => {
                average_cells(&mut values, more, ticks, events);
                let shaped = Array2::from_shape_vec((series, ticks), values);
                Panel::Dense(shaped.unwrap_or_else(|_| Array2::zeros((0, 0))))
            }
            Self::Sparse(cells) => sparse(cells, series, events),
        }
    }
}

/// Cells with several values get their mean. The values are summed in order of size, so that the order
/// of rows changes no bit.
fn average_cells(values: &mut [f64], mut more: Vec<(usize, f64)>, ticks: usize, events: &mut Vec<Event>) {
    more.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut of_cell = Vec::new();
    for run in more.chunk_by(|a, b| a.0 == b.0) {
        let Some(cell) = run.first().map(|&(cell, _)| cell) else { continue };
        let Some(value) = values.get_mut(cell) else { continue };
        of_cell.clear();
        of_cell.push(*value);
        of_cell.extend(run.iter().map(|&(_, value)| value));
        *value = mean_of_unordered(&mut of_cell);
        let (row, tick) = (compact(cell / ticks.max(1)), compact(cell % ticks.max(1)));
        events.extend(run.iter().map(|_| Event { row, tick, oddity: Oddity::Several }));
    }
}

pub(in super::super) fn mean_of_unordered(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    // Divided before summing: the sum of a few values near the largest double would overflow.
    let count = values.len() as f64;
    values.iter().map(|value| value / count).sum()
}

fn sparse(mut cells: Vec<(u32, u32, f64)>, series: usize, events: &mut Vec<Event>) -> Panel {
    cells.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    let mut offsets = Vec::with_capacity(series + 1);
    let (mut ticks, mut values) = (Vec::new(), Vec::new());
    let mut of_cell = Vec::new();
    for run in cells.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let Some(&(row, tick, _)) = run.first() else { continue };
        while offsets.len() <= row as usize {
            offsets.push(values.len());
        }
        of_cell.clear();
        of_cell.extend(run.iter().map(|cell| cell.2));
        ticks.push(tick);
        values.push(if let [only] = of_cell.as_slice() { *only } else { mean_of_unordered(&mut of_cell) });
        events.extend(run.iter().skip(1).map(|_| Event { row, tick, oddity: Oddity::Several }));
    }
    offsets.resize(series + 1, values.len());
    Panel::Sparse { offsets, ticks, values }
}

impl Filled {
    /// `instances` are the numbers of the instances by panel row.
    pub(super) fn into_side(self, ticks: usize, rows: u64, instances: Vec<u32>) -> SideData {
        SideData::new(self.panel, History::of_rows(self.lives, self.events, instances), ticks, rows, 0)
    }

    /// What there is of each metric in each region.
    pub(super) fn rows<'a>(&'a self, names: &'a Names, sorted: &'a SortedRows) -> impl Iterator<Item = Rows<'a>> {
        sorted.ranges.iter().filter_map(|((region, metric), series)| {
            Some(Rows {
                region: names.region(*region),
                metric: names.metrics.name(*metric)?,
                group: sorted.groups.get(&(*region, *metric)),
                series: series.clone(),
                life: self.life(series),
            })
        })
    }

    fn life(&self, rows: &Range<usize>) -> Option<Life> {
        self.lives.get(rows.clone())?.iter().copied().fold(None, Life::both)
    }
}
