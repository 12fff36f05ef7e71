//! Raw requests in columns: the best that a tool can give.

use super::{Bucket, ErrorCounts, Histogram, HistogramBuilder, Latency, Load, LoadStep, Replies, Window};

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// A good reply.
    Ok,
    /// 429 or 503.
    Rejected,
    /// Another 5xx.
    Server,
    /// Another 4xx.
    Client,
    /// The tool's time limit passed.
    Timeout,
    /// The connection was refused, reset or broken.
    Connection,
    /// An error of an unknown class.
    Other,
    /// Cut off by the tool at the end of the step.
    Unfinished,
}

/// The requests of one step, a row each, in any order. Columns are equally long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requests {
    /// When it was meant to be sent (or was, where that is all the tool says), milliseconds since the step began.
    pub sent_ms: Vec<f64>,
    /// How long it took from then, milliseconds.
    pub latency_ms: Vec<f64>,
    /// How it ended.
    pub outcome: Vec<Outcome>,
}

impl Requests {
    /// Rows: the shortest column's.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sent_ms.len().min(self.latency_ms.len()).min(self.outcome.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows: sent, latency, outcome.
    pub fn rows(&self) -> impl Iterator<Item = (f64, f64, Outcome)> + '_ {
        self.sent_ms
            .iter()
            .zip(&self.latency_ms)
            .zip(&self.outcome)
            .map(|((&sent, &latency), &end)| (sent, latency, end))
    }
}

/// Longest step whose windows are kept, in windows: a day of seconds.
const MOST_WINDOWS: usize = 86_400;

impl LoadStep {
    /// A step from its requests, with a window for each of its full seconds; the rest of what is known can be set afterwards.
    ///
    /// `limits_ms` are the latency limits of the objectives ([`super::super::Slo::limits_ms`]): the shares above
    /// them are exact, everything else is right within 0.8 %. Latencies are those of the good replies. Replies that
    /// arrive after the step count for errors and latency, not for goodput. Rows with a NaN or a negative latency stay
    /// in `requests` and make the step unusable. Cost: O(requests × limits).
    #[must_use]
    pub fn from_requests(load: Load, duration_seconds: f64, requests: Requests, limits_ms: &[f64]) -> Self {
        let mut step = Self::new(load, duration_seconds);
        let mut folded = Folded::new(duration_seconds, limits_ms);
        for (sent, latency, outcome) in requests.rows() {
            folded.add(sent, latency, outcome);
        }
        step.sent = requests.len() as u64;
        step.ok = folded.ok;
        step.errors = folded.errors;
        step.unfinished = folded.unfinished;
        step.ok_in_window = Some(folded.ok_in_time);
        step.latency = Latency {
            of: Replies::Good,
            mean_ms: (folded.ok > 0).then(|| folded.sum_ms / folded.ok as f64),
            min_ms: (folded.ok > 0).then_some(folded.min_ms),
            max_ms: (folded.ok > 0).then_some(folded.max_ms),
            histogram: Some(folded.latencies.build()),
            ..Latency::default()
        };
        step.windows = folded.windows;
        step.requests = Some(requests);
        step
    }
}

/// The counts of a step while its requests are read.
struct Folded {
    end_ms: f64,
    ok: u64,
    /// Those that arrived before the end, which need not be that of a full second.
    ok_in_time: u64,
    errors: ErrorCounts,
    unfinished: u64,
    sum_ms: f64,
    min_ms: f64,
    max_ms: f64,
    latencies: HistogramBuilder,
    windows: Vec<Window>,
}

impl Folded {
    fn new(duration_seconds: f64, limits_ms: &[f64]) -> Self {
        // A NaN or a negative length gives no window.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of floats saturates")]
        let windows = (duration_seconds.floor() as usize).min(MOST_WINDOWS);
        let empty = || {
            limits_ms
                .iter()
                .map(|&upper_ms| Bucket { upper_ms, count: 0 })
                .chain([Bucket { upper_ms: f64::INFINITY, count: 0 }])
        };
        let window = || Window { sent: Some(0), latency: Some(Histogram::new(empty().collect())), ..Window::default() };
        Self {
            end_ms: 1000.0 * duration_seconds,
            ok: 0,
            ok_in_time: 0,
            errors: ErrorCounts::default(),
            unfinished: 0,
            sum_ms: 0.0,
            min_ms: f64::INFINITY,
            max_ms: 0.0,
            latencies: HistogramBuilder::new(limits_ms),
            windows: (0..windows).map(|_| window()).collect(),
        }
    }

    fn add(&mut self, sent_ms: f64, latency_ms: f64, outcome: Outcome) {
        if let Some(window) = window_at(&mut self.windows, sent_ms) {
            window.sent = window.sent.map(|sent| sent + 1);
        }
        let arrived = window_at(&mut self.windows, sent_ms + latency_ms);
        match outcome {
            Outcome::Ok => {
                self.ok += 1;
                self.ok_in_time += u64::from((0.0..self.end_ms).contains(&(sent_ms + latency_ms)));
                self.sum_ms += latency_ms;
                self.min_ms = self.min_ms.min(latency_ms);
                self.max_ms = self.max_ms.max(latency_ms);
                self.latencies.add(latency_ms);
                if let Some(window) = arrived {
                    window.ok += 1;
                    window.latency.iter_mut().for_each(|histogram| histogram.count(latency_ms));
                }
                return;
            }
            Outcome::Rejected => self.errors.rejected += 1,
            Outcome::Server => self.errors.server += 1,
            Outcome::Client => self.errors.client += 1,
            Outcome::Timeout => self.errors.timeout += 1,
            Outcome::Connection => self.errors.connection += 1,
            Outcome::Other => self.errors.other += 1,
            Outcome::Unfinished => {
                self.unfinished += 1;
                return;
            }
        }
        if let Some(window) = arrived {
            window.errors += 1;
        }
    }
}

/// The one-second window that holds a time; none for NaN, before the start and after the end.
fn window_at(windows: &mut [Window], ms: f64) -> Option<&mut Window> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked not to be negative; saturates")]
    let index = if ms >= 0.0 { (ms / 1000.0) as usize } else { usize::MAX };
    windows.get_mut(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_need_not_end_with_a_second() {
        let requests = |seconds: u32| {
            let sent_ms: Vec<f64> = (0..seconds * 10).map(|request| 100.0 * f64::from(request)).collect();
            let (latency_ms, outcome) = (vec![10.0; sent_ms.len()], vec![Outcome::Ok; sent_ms.len()]);
            Requests { sent_ms, latency_ms, outcome }
        };
        for (seconds, ok, windows) in [(10.5, 105, 10), (0.5, 5, 0), (10.0, 100, 10)] {
            let step = LoadStep::from_requests(Load::Open { rate: 10.0 }, seconds, requests(11), &[]);
            assert_eq!((step.ok_in_window, step.windows.len()), (Some(ok), windows), "{seconds} s");
        }
    }

    #[test]
    fn requests_are_folded_into_counts_and_seconds() {
        let requests = Requests {
            sent_ms: vec![0.0, 900.0, 1000.0, 1500.0, 1990.0, 1990.0],
            latency_ms: vec![10.0, 200.0, 30.0, 5.0, 40.0, 10.0],
            outcome: vec![Outcome::Ok, Outcome::Ok, Outcome::Ok, Outcome::Rejected, Outcome::Ok, Outcome::Unfinished],
        };
        let step = LoadStep::from_requests(Load::Open { rate: 3.0 }, 2.0, requests, &[100.0]);
        assert_eq!((step.sent, step.ok, step.errors.rejected, step.unfinished), (6, 4, 1, 1));
        assert_eq!(step.ok_in_window, Some(3), "the reply at 2030 ms came after the step");
        let seconds: Vec<_> = step.windows.iter().map(|window| (window.sent, window.ok, window.errors)).collect();
        assert_eq!(seconds, [(Some(2), 1, 0), (Some(4), 2, 1)]);
        let slow = |window: &Window| window.latency.as_ref().map(|histogram| histogram.over(100.0));
        assert_eq!(step.windows.iter().map(slow).collect::<Vec<_>>(), [Some(0.0), Some(1.0)]);
        assert_eq!(step.latency.max_ms, Some(200.0));
    }
}
