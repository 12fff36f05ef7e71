//! Going through the rows of a batch, and the number of each series.

use std::collections::HashMap;

use super::names::{Batch, Key, Names, label};
use crate::observation::{NO_LABEL, TimeUnit};

/// What a pass over the rows does.
pub(super) trait Pass {
    /// The series of a key; `None` leaves its rows out. Asked once a run of rows with the same key.
    fn series(&mut self, key: Key) -> Option<u32>;
    /// Takes in a run of rows of one series.
    fn run(&mut self, rows: Run<'_>, series: u32);
}

/// A run of neighbouring rows with the same key.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    time: &'a [i64],
    unit: TimeUnit,
    value: &'a [f64],
}

impl Run<'_> {
    pub(super) fn len(self) -> u64 {
        self.value.len() as u64
    }

    /// The first and the last time in milliseconds. Conversion keeps the order, so two suffice.
    pub(super) fn span(self) -> Option<(i64, i64)> {
        let (first, last) = if self.time.is_sorted() {
            (self.time.first()?, self.time.last()?)
        } else {
            (self.time.iter().min()?, self.time.iter().max()?)
        };
        Some((self.unit.to_ms(*first), self.unit.to_ms(*last)))
    }

    /// The first and the last time in milliseconds, where every row comes `step_ms` after the one before.
    pub(super) fn stepping_by(self, step_ms: i64) -> Option<(i64, i64)> {
        let step = self.unit.of_ms(step_ms)?;
        let after = self.time.get(1..)?;
        let odd: u64 = self.time.iter().zip(after).map(|(a, b)| u64::from(b.wrapping_sub(*a) != step)).sum();
        let (first, last) = (*self.time.first()?, *self.time.last()?);
        (odd == 0 && step > 0 && first <= last).then_some((self.unit.to_ms(first), self.unit.to_ms(last)))
    }

    pub(super) fn values(&self) -> &[f64] {
        self.value
    }

    /// Each row's time in milliseconds and its value.
    #[inline]
    pub(super) fn rows(self) -> impl Iterator<Item = (i64, f64)> {
        self.time.iter().zip(self.value).map(move |(&time, &value)| (self.unit.to_ms(time), value))
    }
}

impl Batch<'_> {
    /// Leads `pass` through every row, a run of equal keys at a time. Files come sorted by metric or by
    /// time: in the one case runs are long, in the other a run is a row.
    pub(super) fn lead(&self, pass: &mut impl Pass) {
        let rows = self.rows;
        let labels = [Some(&rows.metric), rows.region.as_ref(), rows.instance.as_ref()];
        let columns: Vec<&[u32]> = labels.into_iter().flatten().map(|labels| labels.codes).collect();
        let mut start = 0;
        while start < rows.rows() {
            let end = end_of_run(&columns, start, rows.rows());
            let key = self.key(start);
            if let (Some(series), Some(time), Some(value)) =
                (pass.series(key), rows.time.get(start..end), rows.value.get(start..end))
            {
                pass.run(Run { time, unit: rows.time_unit, value }, series);
            }
            start = end;
        }
    }

    /// The key of a row.
    pub(super) fn key(&self, row: usize) -> Key {
        let rows = self.rows;
        Key {
            metric: label(Some(&rows.metric), &self.metric, row),
            region: label(rows.region.as_ref(), &self.region, row),
            instance: label(rows.instance.as_ref(), &self.instance, row),
        }
    }
}

/// Where the labels change next: the nearest change of any column.
#[inline]
fn end_of_run(columns: &[&[u32]], start: usize, rows: usize) -> usize {
    let nearest = |end: usize, codes: &&[u32]| start + equal_at_start(codes.get(start..end).unwrap_or_default());
    columns.iter().fold(rows, nearest).max(start + 1)
}

/// How many labels at the start are equal. Many at once, then those of the last handful.
#[inline]
fn equal_at_start(codes: &[u32]) -> usize {
    const AT_ONCE: usize = 32;
    let (first, second) = match codes {
        [first, second, ..] => (*first, *second),
        few => return few.len(),
    };
    // Rows that come by time.
    if first != second {
        return 1;
    }
    let same = |chunk: &&[u32; AT_ONCE]| chunk.iter().fold(0, |bits, code| bits | (code ^ first)) == 0;
    let equal = AT_ONCE * codes.as_chunks().0.iter().take_while(same).count();
    let rest = codes.get(equal..).unwrap_or_default();
    equal + rest.iter().position(|code| *code != first).unwrap_or(rest.len())
}

/// The series number of each key seen so far: an array where that is small enough, else a hash map.
#[derive(Debug)]
pub(super) enum SeriesTable {
    Array { regions: usize, instances: usize, numbers: Vec<u32> },
    Map(HashMap<Key, u32>),
}

/// At most this many entries (64 MiB) are laid out as an array.
const ARRAY_ENTRIES: usize = 1 << 24;

impl SeriesTable {
    pub(super) fn new(names: &Names) -> Self {
        let regions = names.regions.names().len() + 1;
        let instances = names.instances.names().len() + 1;
        let entries = names.metrics.names().len().saturating_mul(regions).saturating_mul(instances);
        if entries <= ARRAY_ENTRIES {
            Self::Array { regions, instances, numbers: vec![NO_LABEL; entries] }
        } else {
            Self::Map(HashMap::new())
        }
    }

    #[inline]
    pub(super) fn get(&self, key: Key) -> Option<u32> {
        match self {
            Self::Array { regions, instances, numbers } => {
                let index = Self::index(key, *regions, *instances);
                numbers.get(index).copied().filter(|&number| number != NO_LABEL)
            }
            Self::Map(numbers) => numbers.get(&key).copied(),
        }
    }

    pub(super) fn insert(&mut self, key: Key, number: u32) {
        match self {
            Self::Array { regions, instances, numbers } => {
                let index = Self::index(key, *regions, *instances);
                if let Some(entry) = numbers.get_mut(index) {
                    *entry = number;
                }
            }
            Self::Map(numbers) => {
                numbers.insert(key, number);
            }
        }
    }

    #[inline]
    fn index(key: Key, regions: usize, instances: usize) -> usize {
        (key.metric as usize * regions + key.region as usize) * instances + key.instance as usize
    }
}
