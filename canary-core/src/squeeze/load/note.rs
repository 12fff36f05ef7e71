//! Notes of a parser: what a tool's output made it leave out, change or doubt.

use serde::{Deserialize, Serialize};

/// What happened. The prose for each code lives in canary-report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LoadNoteCode {
    /// Replies after the end of a step were left out of its goodput (k6's graceful stop). `count`: replies.
    RepliesAfterEnd,
    /// Requests that the tool cut off at a step's end and counts as answered (oha). `count`: requests.
    CutOffAtEnd,
    /// The tool's first seconds are not in its numbers (wrk2's calibration, Locust's mixed windows). `count`: seconds.
    FirstSecondsLeftOut,
    /// Requests come in waves of one a connection: latency is that of a burst. `count`: connections.
    ArrivalWaves,
    /// Quantiles slide over a time longer than the step: they carry the step before and were left out. `count`:
    /// seconds of the window.
    SlidingQuantiles,
    /// Latencies count from sending, so a stall of the tool hides itself.
    CoordinatedOmission,
    /// Latencies are whole milliseconds or coarser.
    CoarseLatency,
    /// Latencies include errors, which are fast in overload.
    LatencyIncludesErrors,
    /// The rate asked for is per worker. `count`: workers.
    RatePerWorker,
    /// The tool's rate holds the time it waited for the last replies.
    DrainInRate,
    /// The tool could not send what it was asked. `count`: requests that it dropped.
    DroppedByGenerator,
    /// The intended rate is not in the output; it was taken from the rate sent.
    OfferedRateGuessed,
    /// The length of a step is not in the output; it was taken from its first and last reply.
    DurationGuessed,
    /// Rows or files that hold no step. `count`: how many.
    RowsWithoutStep,
    /// Times were not in order within the file. `count`: rows.
    TimesOutOfOrder,
    /// Anything else; `detail` says what.
    Other,
}

/// Something that a parser left out, changed or doubts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoadNote {
    /// What happened.
    pub code: LoadNoteCode,
    /// Which step, from 0, in the order of the run; `None` for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// How many.
    pub count: u64,
    /// A name or a value that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl LoadNote {
    /// A note on the whole run.
    #[must_use]
    pub fn new(code: LoadNoteCode, count: u64) -> Self {
        Self { code, step: None, count, detail: None }
    }

    /// A note on one step, from 0.
    #[must_use]
    pub fn on(step: usize, code: LoadNoteCode, count: u64) -> Self {
        Self { code, step: Some(step), count, detail: None }
    }

    /// With a name or value.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}
