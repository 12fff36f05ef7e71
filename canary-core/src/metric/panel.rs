//! The values of one side: series × tick, dense where the grid allows.

use std::ops::Range;

use ndarray::{Array2, Axis};

/// What was seen of one series while it was taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeriesCounts {
    /// Rows whose value is NaN or null.
    pub missing: u64,
    /// Rows whose value is infinite.
    pub infinite: u64,
    /// Rows beyond the first on their tick.
    pub several: u64,
}

/// The values of one side. Missing is NaN; infinities do not occur.
#[derive(Clone, Debug)]
pub(crate) enum Panel {
    /// One row a series, one column a tick.
    Dense(Array2<f64>),
    /// Only the cells that hold a value: series `i` has `ticks[offsets[i]..offsets[i + 1]]`.
    Sparse {
        /// Where each series starts; one more entry than there are series.
        offsets: Vec<usize>,
        /// The tick of each value, rising within a series.
        ticks: Vec<u32>,
        /// The values.
        values: Vec<f64>,
    },
}

impl Panel {
    /// Writes the first ticks of series `row` over `out`, one value a tick, NaN where there is none.
    pub(crate) fn fill(&self, row: usize, out: &mut [f64]) {
        match self {
            Self::Dense(values) => {
                let series = (row < values.nrows()).then(|| values.index_axis(Axis(0), row));
                match series.as_ref().and_then(|series| series.as_slice()) {
                    Some(series) if series.len() >= out.len() => {
                        series.iter().zip(out).for_each(|(value, cell)| *cell = *value);
                    }
                    _ => out.fill(f64::NAN),
                }
            }
            Self::Sparse { offsets, ticks, values } => {
                out.fill(f64::NAN);
                let (Some(&start), Some(&end)) = (offsets.get(row), offsets.get(row + 1)) else { return };
                let cells = ticks.get(start..end).unwrap_or_default().iter();
                for (&tick, &value) in cells.zip(values.get(start..end).unwrap_or_default()) {
                    if let Some(cell) = out.get_mut(tick as usize) {
                        *cell = value;
                    }
                }
            }
        }
    }

    /// The last tick of `ticks` at which series `row` has a value.
    pub(super) fn last_value(&self, row: u32, ticks: Range<usize>) -> Option<usize> {
        let row = row as usize;
        match self {
            Self::Dense(values) => {
                let series = (row < values.nrows()).then(|| values.index_axis(Axis(0), row))?;
                let values = series.as_slice()?.get(ticks.clone())?;
                values.iter().rposition(|value| !value.is_nan()).map(|place| ticks.start + place)
            }
            Self::Sparse { offsets, ticks: filled, .. } => {
                let filled = filled.get(*offsets.get(row)?..*offsets.get(row + 1)?)?;
                let before = filled.partition_point(|&tick| (tick as usize) < ticks.end);
                let last = *filled.get(before.checked_sub(1)?)? as usize;
                (last >= ticks.start).then_some(last)
            }
        }
    }

    /// How many cells hold a value before each tick, and before the end. Cost: O(cells).
    pub(super) fn cells_before_each_tick(&self) -> Vec<u64> {
        let mut at_tick = Vec::new();
        match self {
            Self::Dense(values) => {
                at_tick.resize(values.ncols(), 0_u64);
                for series in values.rows() {
                    for (cells, value) in at_tick.iter_mut().zip(series) {
                        *cells += u64::from(!value.is_nan());
                    }
                }
            }
            Self::Sparse { ticks, .. } => {
                at_tick.resize(ticks.iter().max().map_or(0, |&last| last as usize + 1), 0);
                for &tick in ticks {
                    if let Some(cells) = at_tick.get_mut(tick as usize) {
                        *cells += 1;
                    }
                }
            }
        }
        let mut before = vec![0];
        before.extend(at_tick.iter().scan(0, |sum, cells| {
            *sum += cells;
            Some(*sum)
        }));
        before
    }
}

/// All series of one side of one metric in one region: its instances, by name.
#[derive(Clone, Debug)]
pub struct Arm<'a> {
    pub(crate) panel: &'a Panel,
    /// The panel's row of each series.
    pub(crate) rows: &'a [u32],
    pub(crate) counts: &'a [SeriesCounts],
}

impl Arm<'_> {
    /// How many instances report the metric; 0 where it stands on the other side only.
    #[must_use]
    pub fn instances(&self) -> usize {
        self.rows.len()
    }

    /// Writes the series of one instance over `out` (one value a tick, NaN where there is none).
    pub fn fill(&self, instance: usize, out: &mut [f64]) {
        match self.rows.get(instance) {
            Some(&row) => self.panel.fill(row as usize, out),
            None => out.fill(f64::NAN),
        }
    }

    /// What was seen of all instances while they were taken in.
    #[must_use]
    pub fn counts(&self) -> SeriesCounts {
        self.counts.iter().fold(SeriesCounts::default(), |sum, counts| SeriesCounts {
            missing: sum.missing + counts.missing,
            infinite: sum.infinite + counts.infinite,
            several: sum.several + counts.several,
        })
    }
}
