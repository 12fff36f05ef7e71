//! One result of one build.

/// What a squeeze test showed of a build. Rates are requests a second.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Results that may be compared: the same service, workload, kind of instance and objectives.
    pub series: String,
    /// The build.
    pub build: String,
    /// When it was tested, UTC, milliseconds since 1970.
    pub tested_ms: Option<i64>,
    /// The squeeze test's status (`measured`, `lower_bound`, …).
    pub status: String,
    /// How throughput ended (`hard`, `soft`, `retrograde`).
    pub kind: Option<String>,
    /// The sweet spot.
    pub sweet_spot: Option<f64>,
    /// Its interval's lower end, or the bound that is all that is known.
    pub sweet_spot_lower: Option<f64>,
    /// Its interval's upper end, or the bound that is all that is known.
    pub sweet_spot_upper: Option<f64>,
    /// Capacity.
    pub capacity: Option<f64>,
    /// Its interval's lower end.
    pub capacity_lower: Option<f64>,
    /// Its interval's upper end.
    pub capacity_upper: Option<f64>,
    /// The interval's nominal coverage.
    pub level: Option<f64>,
    /// From launch to taking traffic, half of the starts, seconds.
    pub start_p50_seconds: Option<f64>,
    /// The same, 95 of 100 starts.
    pub start_p95_seconds: Option<f64>,
    /// The load tool.
    pub tool: Option<String>,
    /// Anything else.
    pub note: Option<String>,
}

impl Entry {
    /// An entry of a series with its status; fill the rest in.
    #[must_use]
    pub fn new(series: &str, status: &str) -> Self {
        Self { series: series.to_owned(), status: status.to_owned(), ..Self::default() }
    }
}
