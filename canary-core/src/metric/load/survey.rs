//! The first pass: which series there are, from when to when, and a sample of times.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::names::{Batch, Filter, Key, Names};
use super::rows::{Pass, Run, SeriesTable};
use crate::error::InputError;
use crate::note::{Note, NoteCode, Side};
use crate::observation::NO_LABEL;

/// What the first pass learns of one side.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) table: SeriesTable,
    pub(super) keys: Vec<Key>,
    /// By region and metric number: the first of its groups by name.
    groups: HashMap<(u32, u32), Arc<str>>,
    pub(super) first_ms: i64,
    pub(super) last_ms: i64,
    /// What is taken off every time of this side before it goes to the grid.
    pub(super) offset_ms: i64,
    pub(super) rows: u64,
    outside: u64,
    /// (series, time) of the sampled series.
    pub(super) samples: Vec<(u64, i64)>,
}

/// About this many metrics give their times to the search for the step.
const SAMPLED_METRICS: usize = 64;

/// The pass itself: the survey so far and what it is held against.
struct Surveying<'a> {
    survey: Survey,
    filter: &'a Filter,
    /// By metric number: whether its times are sampled.
    sampled_metrics: Vec<bool>,
    /// By series number: the same.
    sampled: Vec<bool>,
    /// By series number: whether any of its rows lies in the window.
    live: Vec<bool>,
}

impl Pass for Surveying<'_> {
    #[inline]
    fn series(&mut self, key: Key) -> Option<u32> {
        let known = self.survey.table.get(key);
        if known.is_some() || !self.filter.wants(key) {
            return known;
        }
        let number = u32::try_from(self.survey.keys.len()).unwrap_or(NO_LABEL);
        self.survey.table.insert(key, number);
        self.survey.keys.push(key);
        self.sampled.push(self.sampled_metrics.get(key.metric as usize).copied().unwrap_or(false));
        self.live.push(false);
        Some(number)
    }

    fn run(&mut self, rows: Run<'_>, series: u32) {
        let survey = &mut self.survey;
        let rows_before = survey.rows;
        if let Some((first_ms, last_ms)) = rows.span().filter(|&(first, last)| self.filter.covers(first, last)) {
            survey.first_ms = survey.first_ms.min(first_ms);
            survey.last_ms = survey.last_ms.max(last_ms);
            survey.rows += rows.len();
        } else {
            for (time_ms, _) in rows.rows() {
                if self.filter.in_window(time_ms) {
                    survey.first_ms = survey.first_ms.min(time_ms);
                    survey.last_ms = survey.last_ms.max(time_ms);
                    survey.rows += 1;
                } else {
                    survey.outside += 1;
                }
            }
        }
        if let Some(live) = self.live.get_mut(series as usize) {
            *live |= survey.rows > rows_before;
        }
        if self.sampled.get(series as usize).copied().unwrap_or(false) {
            survey.samples.extend(sampled_times(rows, series, self.filter));
        }
    }
}

pub(super) fn survey(batches: &[Batch<'_>], names: &Names, filter: &Filter) -> Result<Survey, InputError> {
    let survey = Survey {
        table: SeriesTable::new(names),
        keys: Vec::new(),
        groups: HashMap::new(),
        first_ms: i64::MAX,
        last_ms: i64::MIN,
        offset_ms: 0,
        rows: 0,
        outside: 0,
        samples: Vec::new(),
    };
    let expected = one_in(names.metrics.names().len());
    let sampled_metrics = sampled_metrics(names, expected);
    let mut pass = Surveying { survey, filter, sampled_metrics, sampled: Vec::new(), live: Vec::new() };
    for batch in batches {
        batch.lead(&mut pass);
        pass.survey.note_groups(batch, names, filter);
    }
    let Surveying { mut survey, live, .. } = pass;
    if survey.keys.len() >= NO_LABEL as usize {
        return Err(InputError::TooManySeries { limit: u64::from(NO_LABEL) });
    }
    // Dictionaries may hold names that no row has or that the selection leaves out. They must not thin
    // the sample, least of all down to nothing.
    let needed = one_in(survey.metrics(&live));
    if needed != expected {
        survey.samples = sample(batches, &survey, names, filter, needed);
    }
    if survey.samples.is_empty() && needed > 1 {
        survey.samples = sample(batches, &survey, names, filter, 1);
    }
    Ok(survey)
}

/// The times of a run that lie in the window, with their series.
fn sampled_times(rows: Run<'_>, series: u32, filter: &Filter) -> impl Iterator<Item = (u64, i64)> {
    let times = rows.rows().map(|(time_ms, _)| time_ms).filter(|&time_ms| filter.in_window(time_ms));
    times.map(move |time_ms| (u64::from(series), time_ms))
}

/// One of so many metrics gives its times.
fn one_in(metrics: usize) -> u64 {
    (metrics / SAMPLED_METRICS).max(1) as u64
}

/// A choice of metrics by name, so that it does not depend on the order of anything.
fn sampled_metrics(names: &Names, one_in: u64) -> Vec<bool> {
    names.metrics.names().iter().map(|name| fnv1a(name.as_bytes()).is_multiple_of(one_in)).collect()
}

/// A pass for the times alone.
struct Sampling<'a> {
    table: &'a SeriesTable,
    filter: &'a Filter,
    sampled_metrics: Vec<bool>,
    samples: Vec<(u64, i64)>,
}

impl Pass for Sampling<'_> {
    #[inline]
    fn series(&mut self, key: Key) -> Option<u32> {
        let sampled = self.sampled_metrics.get(key.metric as usize).copied().unwrap_or(false);
        self.table.get(key).filter(|_| sampled && self.filter.wants(key))
    }

    fn run(&mut self, rows: Run<'_>, series: u32) {
        self.samples.extend(sampled_times(rows, series, self.filter));
    }
}

fn sample(batches: &[Batch<'_>], survey: &Survey, names: &Names, filter: &Filter, one_in: u64) -> Vec<(u64, i64)> {
    let sampled_metrics = sampled_metrics(names, one_in);
    let mut pass = Sampling { table: &survey.table, filter, sampled_metrics, samples: Vec::new() };
    for batch in batches {
        batch.lead(&mut pass);
    }
    pass.samples
}

/// FNV-1a, 64 bits (Fowler, Noll & Vo): a fixed hash, the same on every machine and day.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Survey {
    /// The first time as the grid sees it; far in the future where there is none.
    pub(super) fn first_ms(&self) -> i64 {
        self.first_ms.saturating_sub(self.offset_ms)
    }

    /// The last time as the grid sees it; far in the past where there is none.
    pub(super) fn last_ms(&self) -> i64 {
        self.last_ms.saturating_sub(self.offset_ms)
    }

    /// How many metrics have a live series.
    fn metrics(&self, live: &[bool]) -> usize {
        let keys = self.keys.iter().zip(live).filter(|(_, live)| **live);
        let mut metrics: Vec<u32> = keys.map(|(key, _)| key.metric).collect();
        metrics.sort_unstable();
        metrics.dedup();
        metrics.len()
    }

    fn note_groups(&mut self, batch: &Batch<'_>, names: &Names, filter: &Filter) {
        let Some(groups) = batch.rows.group else { return };
        let mut last = None;
        for (row, &group) in groups.codes.iter().enumerate() {
            let key = batch.key(row);
            if last == Some((key, group)) {
                continue;
            }
            last = Some((key, group));
            let number = batch.group.get(group as usize).copied();
            let Some(name) = number.and_then(|number| names.groups.name(number)) else { continue };
            if !filter.wants(key) {
                continue;
            }
            let known = self.groups.entry((key.region, key.metric)).or_insert_with(|| Arc::clone(name));
            if name < known {
                *known = Arc::clone(name);
            }
        }
    }

    /// The series by region, metric and instance name: the rows of the panel.
    pub(super) fn sorted(&self, names: &Names) -> SortedRows {
        let mut order: Vec<u32> = (0..u32::try_from(self.keys.len()).unwrap_or(NO_LABEL)).collect();
        let name = |&series: &u32| {
            let key = self.keys.get(series as usize)?;
            Some((names.region(key.region), names.metrics.name(key.metric), names.instance(key.instance)))
        };
        order.sort_unstable_by_key(name);
        let mut row_of = vec![0_u32; self.keys.len()];
        let mut instances = Vec::with_capacity(self.keys.len());
        let mut ranges: Vec<((u32, u32), Range<usize>)> = Vec::new();
        for (row, &series) in order.iter().enumerate() {
            let Some(key) = self.keys.get(series as usize) else { continue };
            instances.push(key.instance);
            if let Some(entry) = row_of.get_mut(series as usize) {
                *entry = u32::try_from(row).unwrap_or(NO_LABEL);
            }
            let pair = (key.region, key.metric);
            match ranges.last_mut() {
                Some((last, range)) if *last == pair => range.end = row + 1,
                _ => ranges.push((pair, row..row + 1)),
            }
        }
        let groups = self.groups.clone();
        SortedRows { row_of, ranges, groups, instances }
    }

    pub(super) fn outside_note(&self, side: Side) -> Option<Note> {
        (self.outside > 0).then(|| Note::on(side, NoteCode::OutsideWindow, self.outside))
    }
}

/// The rows of the panel: where each series goes, and which rows make up each (region, metric).
#[derive(Debug)]
pub(super) struct SortedRows {
    pub(super) row_of: Vec<u32>,
    pub(super) ranges: Vec<((u32, u32), Range<usize>)>,
    pub(super) groups: HashMap<(u32, u32), Arc<str>>,
    /// By row the number of its instance, 0 for none.
    pub(super) instances: Vec<u32>,
}
