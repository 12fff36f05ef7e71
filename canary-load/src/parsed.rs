//! What a parser finds in one file: steps whose load may not be known yet.

use canary_core::squeeze::{Load, LoadNote, LoadNoteCode, LoadRun, LoadStep};

/// A file's steps and what is to be said of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parsed {
    /// The tool where the content tells more than the format (`wrk2`).
    pub(crate) tool: Option<String>,
    /// The steps in the file's order.
    pub(crate) steps: Vec<Found>,
    /// Notes on the whole file.
    pub(crate) notes: Vec<LoadNote>,
}

/// One step.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The step; its load is what [`Found::load`] says once that is known.
    pub(crate) step: LoadStep,
    /// The intended load, where the content says it.
    pub(crate) load: Option<Load>,
    /// The rate at which an open tool did send: the next best where nothing says the intended one.
    pub(crate) sent_rate: Option<f64>,
    /// The step's own name within the file (a k6 scenario), which may say its load.
    pub(crate) name: Option<String>,
    /// Workers without a request may be among the unfinished (oha).
    pub(crate) idle_cut_off: bool,
    /// Notes on the step.
    pub(crate) notes: Vec<LoadNote>,
}

/// What stands in a step until its load is known. It never leaves the crate.
pub(crate) const UNKNOWN_LOAD: Load = Load::Closed { clients: 0 };

impl Found {
    /// A step of which only its length is known.
    pub(crate) fn new(duration_seconds: f64) -> Self {
        Self::of(LoadStep::new(UNKNOWN_LOAD, duration_seconds))
    }

    /// A step without a load.
    pub(crate) fn of(step: LoadStep) -> Self {
        Self { step, load: None, sent_rate: None, name: None, idle_cut_off: false, notes: Vec::new() }
    }

    /// Adds a note on this step.
    pub(crate) fn note(&mut self, code: LoadNoteCode, count: u64) {
        self.notes.push(LoadNote::new(code, count));
    }
}

/// Moves the steps into the run, and their notes with their number.
pub(crate) fn collect(run: &mut LoadRun, steps: Vec<Found>) {
    for (index, found) in steps.into_iter().enumerate() {
        run.notes.extend(found.notes.into_iter().map(|note| LoadNote { step: Some(index), ..note }));
        run.steps.push(found.step);
    }
}
