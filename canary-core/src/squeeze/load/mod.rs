//! What a load tool says of a run, in one form for all tools.

mod generator;
mod histogram;
mod latency;
mod note;
mod requests;

pub use generator::{Generator, Pacing};
pub use histogram::{Bucket, Histogram, HistogramBuilder};
pub use latency::{Latency, Omission, Quantile, Replies};
pub use note::{LoadNote, LoadNoteCode};
pub use requests::{Outcome, Requests};

use serde::{Deserialize, Serialize};

/// Who decides when the next request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LoadLoop {
    /// The clock: a rate is offered whatever the server does.
    Open,
    /// The reply: each of a number of clients sends again when it was answered.
    Closed,
}

/// The load that a step intended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Load {
    /// Requests a second that were *meant* to be sent, not those that were: a tool that falls behind must not
    /// hide it. A tool with workers at a rate each (`hey -q`) is open at workers × rate, and says its workers in
    /// [`Generator::max_in_flight`].
    Open {
        /// Requests a second over all clients.
        rate: f64,
    },
    /// Clients (connections, users, workers) that each wait for their reply.
    Closed {
        /// How many.
        clients: u64,
    },
}

impl Load {
    /// Open or closed.
    #[must_use]
    pub fn kind(self) -> LoadLoop {
        match self {
            Self::Open { .. } => LoadLoop::Open,
            Self::Closed { .. } => LoadLoop::Closed,
        }
    }
}

/// Requests that got no good reply, by what went wrong. Redirects count as good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ErrorCounts {
    /// The server shed them on purpose: 429, 503.
    pub rejected: u64,
    /// Other 5xx.
    pub server: u64,
    /// Other 4xx: most often a fault of the test itself.
    pub client: u64,
    /// The tool waited its whole time limit.
    pub timeout: u64,
    /// Refused, reset or broken connections.
    pub connection: u64,
    /// Errors whose class the tool does not say.
    pub other: u64,
}

impl ErrorCounts {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        [self.rejected, self.server, self.client, self.timeout, self.connection, self.other]
            .iter()
            .fold(0, |sum: u64, &count| sum.saturating_add(count))
    }
}

/// What happened in one short part of a step, a second as a rule. Windows of one step are equally long, follow
/// each other and hold all of the step, zeros included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// Requests sent in it; `None` where the tool counts replies only.
    pub sent: Option<u64>,
    /// Good replies that arrived in it.
    pub ok: u64,
    /// Errors that arrived in it.
    pub errors: u64,
    /// Latencies of what arrived in it, or of the good replies only, as [`Latency::of`] says; `None` where unknown.
    pub latency: Option<Histogram>,
}

/// One step of a run: one intended load, held for a time.
///
/// `sent`, `ok`, `errors` and `unfinished` are the counts of the whole step: `sent = ok + errors + unfinished`.
/// Which replies the goodput is made of is said by at most one of `ok_in_window`, `drain_seconds` and `goodput`;
/// without any of them it is `ok / duration_seconds`.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadStep {
    /// The load it intended.
    pub load: Load,
    /// When it began, UTC, milliseconds since 1970; `None` where the tool has no clock.
    pub started_ms: Option<i64>,
    /// How long requests were sent, seconds.
    pub duration_seconds: f64,
    /// Requests sent.
    pub sent: u64,
    /// Good replies, whenever they came.
    pub ok: u64,
    /// Requests without a good reply.
    pub errors: ErrorCounts,
    /// Whether errors were not counted: `errors` is then empty, and says nothing.
    pub errors_unknown: bool,
    /// Requests that the tool cut off at the end of the step: neither good nor bad, their reply was not waited for.
    pub unfinished: u64,
    /// Good replies that arrived within `duration_seconds` (k6's points, cut at the end of the step).
    pub ok_in_window: Option<u64>,
    /// Seconds after `duration_seconds` until the last reply came (vegeta's `wait`, hey's `Total` less the
    /// duration): goodput is then `ok / (duration_seconds + drain_seconds)`.
    pub drain_seconds: Option<f64>,
    /// Good replies a second, where a table gives the rate itself.
    pub goodput: Option<f64>,
    /// Latencies of the whole step.
    pub latency: Latency,
    /// The step second by second; empty where unknown.
    pub windows: Vec<Window>,
    /// Length of each window, seconds.
    pub window_seconds: f64,
    /// Each request; `None` where the tool has no log. [`LoadStep::from_requests`] fills the rest from it.
    pub requests: Option<Requests>,
    /// What the load generator says of itself.
    pub generator: Generator,
    /// CPU of the server's process, percent of one core; `None` where unknown.
    pub server_cpu_percent: Option<f64>,
    /// CPU of the machine that the server runs on, percent of all its cores; `None` where unknown.
    pub host_cpu_percent: Option<f64>,
    /// The instance under load, where several were squeezed.
    pub instance: Option<String>,
    /// Which repeat of the run it belongs to, where the run was repeated.
    pub repeat: Option<u32>,
}

impl LoadStep {
    /// A step about which nothing is known but its load and length; fill the rest in.
    #[must_use]
    pub fn new(load: Load, duration_seconds: f64) -> Self {
        Self {
            load,
            started_ms: None,
            duration_seconds,
            sent: 0,
            ok: 0,
            errors: ErrorCounts::default(),
            errors_unknown: false,
            unfinished: 0,
            ok_in_window: None,
            drain_seconds: None,
            goodput: None,
            latency: Latency::default(),
            windows: Vec::new(),
            window_seconds: 1.0,
            requests: None,
            generator: Generator::default(),
            server_cpu_percent: None,
            host_cpu_percent: None,
            instance: None,
            repeat: None,
        }
    }
}

/// A run of a load tool: its steps in the order in which they were run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadRun {
    /// The tool's name in lower case (`vegeta`, `k6`, …); `None` for the tool-neutral table.
    pub tool: Option<String>,
    /// Its version, where the output says it.
    pub tool_version: Option<String>,
    /// What is counted, in the plural (`requests`, `iterations`, `orders`); `None` means requests.
    pub unit: Option<String>,
    /// The steps, in the order in which they were run.
    pub steps: Vec<LoadStep>,
    /// What the parser left out, changed or could not know.
    pub notes: Vec<LoadNote>,
}
