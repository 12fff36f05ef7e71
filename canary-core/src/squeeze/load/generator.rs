//! What a load generator says of itself: it may be the limit, not the server.

/// How requests were spaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pacing {
    /// Not known.
    #[default]
    Unknown,
    /// At even distances.
    Even,
    /// At random distances, as independent users send.
    Random,
    /// In waves of one request a connection (wrk2): many at once, then none.
    Waves,
}

/// The load generator during one step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Generator {
    /// Most requests it can have under way (connections, workers, users); `None` where there is no limit or
    /// it is not known.
    pub max_in_flight: Option<u64>,
    /// Requests that it should have sent and did not (k6 `dropped_iterations`); they are not in `sent`.
    pub dropped: u64,
    /// CPU of the generator, percent of the cores that it may use; `None` where unknown.
    pub cpu_percent: Option<f64>,
    /// How it spaced requests.
    pub pacing: Pacing,
}
