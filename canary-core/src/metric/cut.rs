//! A set as it was some time ago.

use std::ops::Range;
use std::sync::Arc;

use super::life::Life;
use super::set::{MetricSet, PairIndex, Region, SideData};
use crate::note::{Note, NoteCode};

impl MetricSet {
    /// The set as it was when the first `ticks` ticks had passed and no later row had come: series that came
    /// later are not there, lives end where they had got to, and what is counted is counted up to then. Only
    /// the grid is the whole set's: its step, its phase and its start; and a series has the group that the
    /// whole set gives it. The set of a clock that goes on: ticks at the end in which nobody said anything
    /// are a part of it.
    ///
    /// Cost: O(series), and a pass over the rows that are not plain values. The values are shared.
    #[must_use]
    pub fn first_ticks(&self, ticks: usize) -> Self {
        if ticks >= self.grid.ticks {
            return self.clone();
        }
        let (baseline, of_baseline) = self.baseline.before(ticks);
        let (canary, of_canary) = self.canary.before(ticks);
        let (mut pairs, mut regions) = (Vec::with_capacity(self.pairs.len()), Vec::<Region>::new());
        let mut last_region = None;
        for pair in &self.pairs {
            let (rows_of_baseline, rows_of_canary) = (of_baseline.range(&pair.baseline), of_canary.range(&pair.canary));
            if rows_of_baseline.is_empty() && rows_of_canary.is_empty() {
                continue;
            }
            if last_region.replace(pair.region) != Some(pair.region) {
                let name = self.regions.get(pair.region).and_then(|region| region.name.clone());
                regions.push(Region { name, baseline: None, canary: None });
            }
            if let Some(region) = regions.last_mut() {
                region.baseline = baseline.life_in(&rows_of_baseline, ticks, region.baseline);
                region.canary = canary.life_in(&rows_of_canary, ticks, region.canary);
            }
            pairs.push(PairIndex {
                region: regions.len().saturating_sub(1),
                baseline: rows_of_baseline,
                canary: rows_of_canary,
                ..pair.clone()
            });
        }
        let mut grid = self.grid;
        grid.ticks = ticks;
        let mut cut = Self { grid, pairs, regions, baseline, canary, notes: self.notes.clone(), chosen: self.chosen };
        cut.note_common_time();
        cut
    }

    /// Says so where the sides have no tick in common, and no longer where they have one.
    pub(super) fn note_common_time(&mut self) {
        if !self.baseline.history.is_of_rows() {
            return;
        }
        let span = |side: &SideData, life: fn(&Region) -> Option<Life>| {
            side.history.span(self.regions.iter().map(life).fold(None, Life::both), self.grid.ticks)
        };
        let spans = (span(&self.baseline, |region| region.baseline), span(&self.canary, |region| region.canary));
        let apart = match spans {
            (Some(a), Some(b)) => a.first > b.last || b.first > a.last,
            (one, other) => one.or(other).is_some(),
        };
        self.notes.retain(|note| note.code != NoteCode::NoCommonTime);
        if apart {
            let place = self.notes.iter().position(|note| note.code == NoteCode::OutsideWindow);
            self.notes.insert(place.unwrap_or(self.notes.len()), Note::new(NoteCode::NoCommonTime, 1));
        }
    }
}

/// Where the series of a side go when some are left out.
struct Places {
    /// How many stay, of those before each.
    staying: Vec<usize>,
}

impl Places {
    fn range(&self, rows: &Range<usize>) -> Range<usize> {
        let place = |row: usize| self.staying.get(row).copied().unwrap_or_default();
        place(rows.start)..place(rows.end)
    }
}

impl SideData {
    fn before(&self, ticks: usize) -> (Self, Places) {
        let mut series = Vec::with_capacity(self.series.len());
        let mut staying = Vec::with_capacity(self.series.len() + 1);
        for &row in &self.series {
            staying.push(series.len());
            if self.history.is_known(row, ticks) {
                series.push(row);
            }
        }
        staying.push(series.len());
        let history = Arc::clone(&self.history);
        let side = Self {
            counts: history.counts(&series, ticks),
            rows: history.rows(&self.panel, ticks),
            instances: history.instances(&series).unwrap_or(self.instances),
            panel: Arc::clone(&self.panel),
            series,
            history,
        };
        (side, Places { staying })
    }

    fn life_in(&self, rows: &Range<usize>, ticks: usize, known: Option<Life>) -> Option<Life> {
        let rows = self.series.get(rows.clone()).unwrap_or_default();
        rows.iter().fold(known, |known, &row| self.history.life(&self.panel, row, ticks, known))
    }
}
