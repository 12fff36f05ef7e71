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
    /// Writes series `row` over `out`, one value a tick, NaN where there is none.
    pub(crate) fn fill(&self, row: usize, out: &mut [f64]) {
        match self {
            Self::Dense(values) => {
                let series = (row < values.nrows()).then(|| values.index_axis(Axis(0), row));
                match series.as_ref().and_then(|series| series.as_slice()) {
                    Some(series) if series.len() == out.len() => out.copy_from_slice(series),
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
}

/// All series of one side of one metric in one region: its instances, by name.
#[derive(Clone, Debug)]
pub struct Arm<'a> {
    pub(crate) panel: &'a Panel,
    pub(crate) rows: Range<usize>,
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
        match self.rows.clone().nth(instance) {
            Some(row) => self.panel.fill(row, out),
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
