//! What came when, so that a set can be cut at any tick as if the rest had never come.

use std::sync::OnceLock;

use super::life::Life;
use super::panel::{Panel, SeriesCounts};

/// Why a row is not the first value of its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// NaN or null.
    Missing,
    /// Infinite.
    Infinite,
    /// The cell had a value already.
    Several,
}

/// Such a row. There are few, so that they are kept one by one where values are kept by cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// Of the panel.
    pub(super) row: u32,
    pub(super) tick: u32,
    pub(super) oddity: Oddity,
}

/// The rows of one side in time. Everything goes by the rows of its panel.
#[derive(Debug)]
pub(super) struct History {
    /// From when to when each series has values.
    lives: Vec<Option<Life>>,
    /// The tick from which each series is known; `None` where it always is.
    known_from: Vec<Option<usize>>,
    events: Vec<Event>,
    /// The number of each series' instance, 0 for none; `None` where the values came as arrays.
    instances: Option<Vec<u32>>,
    /// How many cells hold a value before each tick; made when first asked for.
    cells: OnceLock<Vec<u64>>,
}

/// A number of a row or a tick as it is kept; more than fit are refused while rows are taken in.
pub(super) fn compact(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl History {
    /// Of observations: a series is known from its first row on, one without any row all the time.
    pub(super) fn of_rows(lives: Vec<Option<Life>>, events: Vec<Event>, instances: Vec<u32>) -> Self {
        let mut known_from: Vec<Option<usize>> = lives.iter().map(|life| life.map(|life| life.first)).collect();
        for event in &events {
            if let Some(first) = known_from.get_mut(event.row as usize) {
                let tick = event.tick as usize;
                *first = Some(first.map_or(tick, |first| first.min(tick)));
            }
        }
        Self { lives, known_from, events, instances: Some(instances), cells: OnceLock::new() }
    }

    /// Of arrays: whoever hands over an array names its series from the start.
    pub(super) fn of_arrays(lives: Vec<Option<Life>>, events: Vec<Event>) -> Self {
        let known_from = vec![None; lives.len()];
        Self { lives, known_from, events, instances: None, cells: OnceLock::new() }
    }

    /// How many series there are.
    pub(super) fn series(&self) -> usize {
        self.lives.len()
    }

    /// Whether the values came row by row, each with its time.
    pub(super) fn is_of_rows(&self) -> bool {
        self.instances.is_some()
    }

    /// Whether a series is known when `ticks` ticks have passed.
    pub(super) fn is_known(&self, row: u32, ticks: usize) -> bool {
        self.known_from.get(row as usize).is_some_and(|from| from.is_none_or(|from| from < ticks))
    }

    /// What was seen of each of `series` in the first `ticks` ticks. Cost: O(series of the panel + events).
    pub(super) fn counts(&self, series: &[u32], ticks: usize) -> Vec<SeriesCounts> {
        let mut by_row = vec![SeriesCounts::default(); self.lives.len()];
        for event in self.events_before(ticks) {
            let Some(counts) = by_row.get_mut(event.row as usize) else { continue };
            match event.oddity {
                Oddity::Missing => counts.missing += 1,
                Oddity::Infinite => counts.infinite += 1,
                Oddity::Several => counts.several += 1,
            }
        }
        series.iter().map(|&row| by_row.get(row as usize).copied().unwrap_or_default()).collect()
    }

    /// Rows in the first `ticks` ticks.
    pub(super) fn rows(&self, panel: &Panel, ticks: usize) -> u64 {
        let cells = self.cells.get_or_init(|| panel.cells_before_each_tick());
        let in_cells = cells.get(ticks).or(cells.last()).copied().unwrap_or_default();
        in_cells + self.events_before(ticks).count() as u64
    }

    /// Distinct instances among `series`; `None` where instances have no names.
    pub(super) fn instances(&self, series: &[u32]) -> Option<u64> {
        let instances = self.instances.as_ref()?;
        let mut numbers: Vec<u32> = series.iter().filter_map(|&row| instances.get(row as usize).copied()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers.into_iter().filter(|&number| number > 0).count() as u64)
    }

    /// The life of a series in the first `ticks` ticks, as far as it adds to `known`.
    pub(super) fn life(&self, panel: &Panel, row: u32, ticks: usize, known: Option<Life>) -> Option<Life> {
        let life = self.lives.get(row as usize).copied().flatten().filter(|life| life.first < ticks);
        let Some(life) = life else { return known };
        if life.last < ticks {
            return Life::both(known, Some(life));
        }
        // Only a later end is of interest, so only what comes after the known one is searched: for all but
        // the first series of a region that is nothing, as long as it lives.
        let from = known.map_or(life.first, |known| (known.last + 1).max(life.first));
        let last = panel.last_value(row, from..ticks).unwrap_or(life.first);
        Life::both(known, Some(Life { first: life.first, last }))
    }

    /// The first and the last tick with any row, among the first `ticks`; `lives` is what values say of it.
    pub(super) fn span(&self, lives: Option<Life>, ticks: usize) -> Option<Life> {
        self.events_before(ticks).fold(lives, |span, event| Life::both(span, Some(Life::at(event.tick as usize))))
    }

    fn events_before(&self, ticks: usize) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| (event.tick as usize) < ticks)
    }
}
