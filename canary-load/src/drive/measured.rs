//! What one step showed, as far as the next rate depends on it.

use canary_core::squeeze::{Load, LoadRun, LoadStep, Slo, SqueezeOptions, analyze};

/// A step that answers less than this share of what was offered is saturated; the same as in the analysis.
const ANSWERED: f64 = 0.97;
/// A tool that sent less than this share of what it was asked was itself the limit, if the server shows no sign.
const SENT: f64 = 0.97;
/// Slower than this, as a multiple of the fastest step's median, a server shows signs of load.
const SLOWER: f64 = 2.0;

/// What a step showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Good replies a second.
    pub goodput: f64,
    /// Requests sent over those that were meant to be sent.
    pub sent_share: f64,
    /// Requests that failed, of those that ended, 0 to 1.
    pub error_share: f64,
    /// The share of bad requests over what the objective allows, of the objective that it comes nearest to breaking;
    /// above 1 it is broken. 0 without objectives.
    pub strain: f64,
    /// Median latency, milliseconds.
    pub p50_ms: Option<f64>,
    /// 99th percentile, milliseconds.
    pub p99_ms: Option<f64>,
    /// Any good reply at all.
    pub any_ok: bool,
}

impl Measured {
    /// Of a step of an open loop.
    #[must_use]
    pub fn of(step: &LoadStep, slo: &Slo) -> Self {
        let run = LoadRun { steps: vec![step.clone()], ..LoadRun::default() };
        let options = SqueezeOptions { draws: 0, ..SqueezeOptions::default() };
        let judged = |slo: &Slo| analyze(&run, slo, &options).steps.first().map(|step| (step.goodput, step.bad_share));
        let strain = |objective: &canary_core::squeeze::Objective| {
            let alone = Slo { objectives: vec![*objective] };
            judged(&alone).and_then(|(_, bad)| bad).map_or(0.0, |bad| bad / objective.share)
        };
        let rate = match step.load {
            Load::Open { rate } => rate,
            Load::Closed { clients } => clients as f64,
        };
        let errors = step.errors.total() as f64;
        let ended = step.ok as f64 + errors;
        Self {
            goodput: judged(&Slo::default()).and_then(|(goodput, _)| goodput).unwrap_or_default(),
            // One request more or less fits into a step of this length.
            sent_share: (step.sent as f64 + 1.0) / (rate * step.duration_seconds).max(1.0),
            error_share: if ended > 0.0 { errors / ended } else { 0.0 },
            strain: slo.objectives.iter().map(strain).fold(0.0, f64::max),
            p50_ms: step.latency.quantile_ms(0.5),
            p99_ms: step.latency.quantile_ms(0.99),
            any_ok: step.ok > 0,
        }
    }

    /// Whether the server answered less than was offered. What an idle server would have under way at the end of a
    /// step counts as answered, and one request more, which may fall on either side of it.
    pub(super) fn lags(&self, rate: f64, seconds: f64, fastest_p50_ms: Option<f64>) -> bool {
        let latency = fastest_p50_ms.or(self.p50_ms).unwrap_or_default() / 1000.0;
        let under_way = (latency / seconds).min(1.0 - ANSWERED) + 1.0 / (rate * seconds).max(1.0);
        let answered = self.goodput / rate + under_way >= ANSWERED;
        !answered
    }

    /// Whether the tool was the limit: it sent too little, and nothing failed or slowed down.
    pub(super) fn generator_limited(&self, fastest_p50_ms: Option<f64>) -> bool {
        let slower = match (self.p50_ms, fastest_p50_ms) {
            (Some(p50), Some(fastest)) => p50 > SLOWER * fastest,
            _ => false,
        };
        self.sent_share < SENT && self.error_share < 0.01 && !slower
    }
}
