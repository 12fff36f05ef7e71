//! Going through the rows of a batch, and the number of each series.

use std::collections::HashMap;

use super::names::{Batch, Key, Names, label};
use crate::observation::NO_LABEL;

/// What a pass over the rows does.
pub(super) trait Pass {
    /// The series of a key; `None` leaves its rows out. Asked once a run of rows with the same key.
    fn series(&mut self, key: Key) -> Option<u32>;
    /// Takes in row `index` of the batch.
    fn row(&mut self, index: usize, series: u32, time_ms: i64);
}

impl Batch<'_> {
    /// Leads `pass` through every row.
    #[inline]
    pub(super) fn lead(&self, pass: &mut impl Pass) {
        let rows = self.rows;
        let mut last: Option<(Key, Option<u32>)> = None;
        for (row, (&code, &time)) in rows.metric.codes.iter().zip(rows.time).enumerate() {
            let key = Key {
                metric: self.metric.get(code as usize).copied().unwrap_or(NO_LABEL),
                region: label(rows.region, &self.region, row),
                instance: label(rows.instance, &self.instance, row),
            };
            let series = match last {
                Some((known, series)) if known == key => series,
                _ => pass.series(key),
            };
            last = Some((key, series));
            if let Some(series) = series {
                pass.row(row, series, rows.time_unit.to_ms(time));
            }
        }
    }
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
