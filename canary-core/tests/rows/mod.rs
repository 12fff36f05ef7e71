//! Observations made by hand: rows, and the columns and dictionaries that hold them.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::Arc;

use canary_core::{Labels, NO_LABEL, Observations, TimeUnit};

use crate::support::Random;

/// One observation. Metric names are `m0`, `m1`, …
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) metric: usize,
    pub(crate) region: Option<usize>,
    pub(crate) instance: Option<usize>,
    pub(crate) time: i64,
    pub(crate) value: f64,
}

impl Row {
    /// A row without region and instance.
    pub(crate) fn new(metric: usize, time: i64, value: f64) -> Self {
        Self { metric, region: None, instance: None, time, value }
    }
}

/// A column of labels that owns its dictionary.
#[derive(Clone, Debug)]
struct Column {
    names: Vec<Arc<str>>,
    codes: Vec<u32>,
}

impl Column {
    /// `order` lists the labels of the dictionary; labels that it lacks come after, as they are met.
    fn new(letter: &str, order: &[usize], labels: impl Iterator<Item = Option<usize>>) -> Self {
        let mut known = order.to_vec();
        let mut code = |label: usize| {
            let place = known.iter().position(|&other| other == label).unwrap_or_else(|| {
                known.push(label);
                known.len() - 1
            });
            u32::try_from(place).unwrap()
        };
        let codes = labels.map(|label| label.map_or(NO_LABEL, &mut code)).collect();
        Self { names: known.iter().map(|label| format!("{letter}{label}").into()).collect(), codes }
    }

    fn labels(&self) -> Labels<'_> {
        Labels { names: &self.names, codes: &self.codes }
    }
}

/// A batch that owns its columns.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    metric: Column,
    region: Column,
    instance: Column,
    group: Column,
    time: Vec<i64>,
    value: Vec<f64>,
}

impl Table {
    /// `order` is the order of every dictionary; it may hold labels that no row has.
    pub(crate) fn new(rows: &[Row], order: &[usize]) -> Self {
        Self {
            metric: Column::new("m", order, rows.iter().map(|row| Some(row.metric))),
            region: Column::new("r", order, rows.iter().map(|row| row.region)),
            instance: Column::new("i", order, rows.iter().map(|row| row.instance)),
            group: Column::new("g", order, rows.iter().map(|row| Some(row.metric % 3))),
            time: rows.iter().map(|row| row.time).collect(),
            value: rows.iter().map(|row| row.value).collect(),
        }
    }

    fn observations(&self) -> Observations<'_> {
        Observations {
            metric: self.metric.labels(),
            region: Some(self.region.labels()),
            instance: Some(self.instance.labels()),
            group: Some(self.group.labels()),
            time: &self.time,
            time_unit: TimeUnit::Milliseconds,
            value: &self.value,
        }
    }
}

pub(crate) fn observations(tables: &[Table]) -> Vec<Observations<'_>> {
    tables.iter().map(Table::observations).collect()
}

/// Rules and groups for [`random`]: both judges, counters, zero-heavy metrics.
pub(crate) const CONFIG: &str = r#"
[[rules]]
match = ["m1*"]
kind = "counter"
critical = true
[[rules]]
match = ["m2", "m5"]
judge = "bounds"
weight = 3
[[rules]]
match = ["absent"]
must_have_data = true
[groups.g1]
weight = 2
"#;

/// Rows of a side: regions, instances, gaps, duplicates, NaN and infinities, times that jitter.
pub(crate) fn random(random: &mut Random, metrics: usize, ticks: usize, jitter: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let regions = [None, Some(0), Some(1)];
    for metric in 0..metrics {
        let region = regions[random.index(3)];
        for instance in [None, Some(0), Some(1), Some(2)].into_iter().take(1 + random.index(4)) {
            for tick in (0..).take(ticks) {
                let value = match random.index(40) {
                    0 => f64::NAN,
                    1 => f64::INFINITY,
                    2 => f64::NEG_INFINITY,
                    3..8 => 0.0,
                    _ if metric % 4 == 3 && random.index(5) > 0 => 0.0,
                    _ => 100.0 * (0.1 * random.normal()).exp(),
                };
                let jitter = i64::try_from(random.index(jitter + 1)).unwrap();
                let row = Row { metric, region, instance, time: tick * 60_000 + jitter, value };
                match random.index(20) {
                    0 => {}
                    1 => {
                        let again = Row { value: value * 1.1, ..row.clone() };
                        rows.extend([again, Row { value: 0.1, ..row.clone() }, row]);
                    }
                    _ => rows.push(row),
                }
            }
        }
    }
    rows
}

/// The same rows in another order, in several batches, with dictionaries in another order and unused names.
pub(crate) fn shuffled(rows: &[Row], random: &mut Random) -> Vec<Table> {
    let mut rows = rows.to_vec();
    random.shuffle(&mut rows);
    let mut batches = Vec::new();
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(1 + random.index(200)));
        let mut order: Vec<usize> = (0..random.index(300)).collect();
        random.shuffle(&mut order);
        batches.push(Table::new(&rows, &order));
        rows = rest;
    }
    batches
}
