//! Metrics that grow: rows are taken in as they come, and what came so far is a [`MetricSet`] at any time.

mod clock;
mod column;
mod numbers;

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::grid::TimeGrid;
use super::history::{Event, History, Oddity, compact};
use super::life::Life;
use super::load::{Rows, match_up, mean_of_unordered};
use super::panel::Panel;
use super::set::{MetricSet, SideData};
use crate::config::Span;
use crate::error::InputError;
use crate::note::Side;
use crate::observation::{Labels, Observations};
use clock::Clock;
use column::Column;
pub(crate) use column::SeriesKey;

/// All series of both sides so far. A serde value: what it reads back is what it wrote, to the last bit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub(crate) struct Growing {
    step: Span,
    clock: Option<Clock>,
    columns: Vec<Column>,
    #[serde(skip)]
    index: HashMap<SeriesKey, usize>,
}

/// What of it is written down.
#[derive(Deserialize)]
struct Kept {
    step: Span,
    clock: Option<Clock>,
    columns: Vec<Column>,
}

impl From<Kept> for Growing {
    fn from(Kept { step, clock, columns }: Kept) -> Self {
        let index = columns.iter().enumerate().map(|(index, column)| (column.key.clone(), index)).collect();
        Self { step, clock, columns, index }
    }
}

impl Growing {
    /// Nothing yet, on a grid of `step`.
    pub(crate) fn new(step: Span) -> Self {
        Self { step, clock: None, columns: Vec::new(), index: HashMap::new() }
    }

    /// Takes in rows of both sides, all of them or, where there is an error, none.
    pub(crate) fn observe(
        &mut self,
        baseline: &[Observations<'_>],
        canary: &[Observations<'_>],
    ) -> Result<(), InputError> {
        for batch in baseline.iter().chain(canary) {
            batch.check()?;
        }
        let (mut samples_of_baseline, mut samples_of_canary) = (samples(baseline), samples(canary));
        let clock =
            self.clock.clone().or_else(|| Clock::set(self.step, &mut samples_of_baseline, &mut samples_of_canary));
        let Some(mut clock) = clock else { return Ok(()) };
        for (side, batches, samples) in
            [(Side::Baseline, baseline, &mut samples_of_baseline), (Side::Canary, canary, &mut samples_of_canary)]
        {
            clock.learn(side, samples);
            if let (Some(first), Some(last)) = (times(batches).min(), times(batches).max()) {
                clock.check(side, first, last)?;
            }
        }
        for (side, batches) in [(Side::Baseline, baseline), (Side::Canary, canary)] {
            for batch in batches {
                self.take(side, batch, &mut clock);
            }
        }
        self.clock = Some(clock);
        Ok(())
    }

    /// Takes in one value.
    pub(crate) fn record(&mut self, key: SeriesKey, time_ms: i64, value: f64) -> Result<(), InputError> {
        let side = key.side;
        let (mut one, mut none) = (vec![(0, time_ms)], Vec::new());
        let clock = self.clock.take().or_else(|| match side {
            Side::Baseline => Clock::set(self.step, &mut one, &mut none),
            Side::Canary => Clock::set(self.step, &mut none, &mut one),
        });
        let Some(mut clock) = clock else { return Ok(()) };
        clock.learn(side, &mut one);
        let checked = clock.check(side, time_ms, time_ms);
        if checked.is_ok() {
            let tick = clock.take(side, time_ms);
            let column = self.column(key);
            if let Some(column) = self.columns.get_mut(column) {
                column.put(tick, value);
            }
        }
        self.clock = Some(clock);
        checked
    }

    fn take(&mut self, side: Side, batch: &Observations<'_>, clock: &mut Clock) {
        let mut known: HashMap<[Option<u32>; 3], usize> = HashMap::new();
        for (row, (&time, &value)) in batch.time.iter().zip(batch.value).enumerate() {
            let code = |labels: Option<Labels<'_>>| labels.and_then(|labels| labels.codes.get(row).copied());
            let codes = [Some(batch.metric), batch.region, batch.instance].map(code);
            let column = if let Some(&column) = known.get(&codes) {
                column
            } else {
                let Some(metric) = label(Some(batch.metric), row) else { continue };
                let (region, instance) = (label(batch.region, row), label(batch.instance, row));
                let column = self.column(SeriesKey { side, metric, region, instance });
                known.insert(codes, column);
                column
            };
            let tick = clock.take(side, batch.time_unit.to_ms(time));
            let Some(column) = self.columns.get_mut(column) else { continue };
            column.put(tick, value);
            if let Some(group) = label(batch.group, row)
                && column.group.as_ref().is_none_or(|known| group < *known)
            {
                column.group = Some(group);
            }
        }
    }

    fn column(&mut self, key: SeriesKey) -> usize {
        if let Some(&column) = self.index.get(&key) {
            return column;
        }
        self.index.insert(key.clone(), self.columns.len());
        self.columns.push(Column::new(key));
        self.columns.len() - 1
    }

    /// Ticks from the first row to the last. Cost: O(1).
    pub(crate) fn ticks(&self) -> usize {
        self.clock.as_ref().map_or(0, |clock| clock.grid().ticks())
    }

    /// What came so far. Cost: one copy of the values.
    pub(crate) fn set(&self) -> MetricSet {
        let grid = match &self.clock {
            Some(clock) => clock.grid(),
            None => TimeGrid::new(self.step, 0),
        };
        let first = self.clock.as_ref().map_or(0, |clock| clock.first);
        let (baseline, canary) =
            (Laid::out(&self.columns, Side::Baseline, first), Laid::out(&self.columns, Side::Canary, first));
        let (pairs, regions) = match_up(baseline.rows(), canary.rows());
        let notes = self.clock.as_ref().map(Clock::notes).unwrap_or_default();
        let (baseline, canary) = (baseline.into_side(grid.ticks()), canary.into_side(grid.ticks()));
        let mut set = MetricSet { grid, pairs, regions, baseline, canary, notes, chosen: false };
        set.note_common_time();
        set
    }
}

/// The label of a row.
fn label(labels: Option<Labels<'_>>, row: usize) -> Option<Arc<str>> {
    let labels = labels?;
    labels.names.get(*labels.codes.get(row)? as usize).cloned()
}

/// Every row's series and time: what a rhythm is found in. Series are told apart by metric, region and
/// instance within their batch.
fn samples(batches: &[Observations<'_>]) -> Vec<(u64, i64)> {
    let mut numbers: HashMap<[Option<Arc<str>>; 3], u64> = HashMap::new();
    let mut samples = Vec::new();
    for batch in batches {
        for (row, &time) in batch.time.iter().enumerate() {
            let key = [Some(batch.metric), batch.region, batch.instance].map(|labels| label(labels, row));
            let next = numbers.len() as u64;
            samples.push((*numbers.entry(key).or_insert(next), batch.time_unit.to_ms(time)));
        }
    }
    samples
}

fn times(batches: &[Observations<'_>]) -> impl Iterator<Item = i64> {
    batches.iter().flat_map(|batch| batch.time.iter().map(|&time| batch.time_unit.to_ms(time)))
}

/// One side's columns by region, metric and instance, in a panel.
struct Laid<'a> {
    columns: Vec<&'a Column>,
    panel: Panel,
    lives: Vec<Option<Life>>,
    events: Vec<Event>,
}

impl<'a> Laid<'a> {
    fn out(columns: &'a [Column], side: Side, first: i64) -> Self {
        let mut columns: Vec<&Column> = columns.iter().filter(|column| column.key.side == side).collect();
        columns.sort_unstable_by_key(|column| (&column.key.region, &column.key.metric, &column.key.instance));
        let mut laid = Cells { offsets: vec![0], ..Cells::default() };
        for (row, column) in columns.iter().enumerate() {
            laid.add(compact(row), column, first);
        }
        let lives = columns.iter().map(|column| column.life(first)).collect();
        let Cells { offsets, ticks, values, events } = laid;
        Self { columns, panel: Panel::Sparse { offsets, ticks, values }, lives, events }
    }

    /// What there is of each metric in each region.
    fn rows(&self) -> impl Iterator<Item = Rows<'_>> {
        let mut start = 0;
        let same = |a: &&Column, b: &&Column| (&a.key.region, &a.key.metric) == (&b.key.region, &b.key.metric);
        self.columns.chunk_by(same).filter_map(move |columns| {
            let series = start..start + columns.len();
            start = series.end;
            let life = self.lives.get(series.clone())?.iter().copied().fold(None, Life::both);
            let key = &columns.first()?.key;
            let group = columns.iter().filter_map(|column| column.group.as_ref()).min();
            Some(Rows { region: key.region.as_ref(), metric: &key.metric, group, series, life })
        })
    }

    fn into_side(self, ticks: usize) -> SideData {
        let mut numbers: HashMap<&Arc<str>, u32> = HashMap::new();
        let mut number = |column: &&'a Column| {
            let Some(instance) = &column.key.instance else { return 0 };
            let next = compact(numbers.len() + 1);
            *numbers.entry(instance).or_insert(next)
        };
        let instances = self.columns.iter().map(&mut number).collect();
        let history = History::of_rows(self.lives, self.events, instances);
        let rows = history.rows(&self.panel, ticks);
        SideData::new(self.panel, history, ticks, rows, 0)
    }
}

/// A sparse panel in the making.
#[derive(Default)]
struct Cells {
    offsets: Vec<usize>,
    ticks: Vec<u32>,
    values: Vec<f64>,
    events: Vec<Event>,
}

impl Cells {
    fn add(&mut self, row: u32, column: &Column, first: i64) {
        let mut more: Vec<(usize, f64)> = column.more(first).collect();
        more.sort_unstable_by_key(|&(tick, _)| tick);
        for (tick, value) in column.cells(first) {
            let from = more.partition_point(|&(other, _)| other < tick);
            let same = more.get(from..).unwrap_or_default().iter().take_while(|&&(other, _)| other == tick);
            let mut of_cell: Vec<f64> =
                if more.is_empty() { Vec::new() } else { same.map(|&(_, value)| value).collect() };
            self.ticks.push(compact(tick));
            if of_cell.is_empty() {
                self.values.push(value);
                continue;
            }
            self.events.extend(of_cell.iter().map(|_| Event { row, tick: compact(tick), oddity: Oddity::Several }));
            of_cell.push(value);
            self.values.push(mean_of_unordered(&mut of_cell));
        }
        self.offsets.push(self.values.len());
        for (ticks, oddity) in [(&column.missing, Oddity::Missing), (&column.infinite, Oddity::Infinite)] {
            let event =
                |&tick: &i64| Event { row, tick: compact(usize::try_from(tick - first).unwrap_or_default()), oddity };
            self.events.extend(ticks.iter().map(event));
        }
    }
}
