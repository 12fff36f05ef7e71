//! A stream of requests folded into one step: memory grows with its seconds, not with its requests.

use canary_core::squeeze::{
    Bucket, ErrorCounts, Histogram, HistogramBuilder, Latency, LoadNote, LoadNoteCode, Omission, Outcome, Quantile,
    Replies, Window,
};

use crate::bins::{Bins, at, index};
use crate::bounded::{nearest_count, whole_ms};
use crate::error::{Fault, Place};
use crate::parsed::Found;
use crate::status;

/// One request: milliseconds since 1970 or since the tool began, and milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    /// When it was meant to be sent, or was.
    pub(crate) sent_ms: f64,
    /// How long it took.
    pub(crate) latency_ms: f64,
    /// How it ended.
    pub(crate) outcome: Outcome,
}

const WINDOW_MS: f64 = 1000.0;
const WHOLE_SECONDS: &str = "timestamps are whole seconds, so that the length of the step is known to a second";

/// A step longer than a day is two clocks in one file.
const LONGEST_MS: f64 = 86_400_000.0;

/// Quantiles told beside the histogram.
const QUANTILES: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];

/// Good replies and errors of a second, and good replies by how many limits they pass.
#[derive(Clone, Debug, Default)]
struct Second {
    sent: u64,
    errors: u64,
    ok_by_limits: Vec<u64>,
}

/// The fold.
#[derive(Clone, Debug)]
pub(crate) struct Fold {
    limits_ms: Vec<f64>,
    omission: Omission,
    /// The first row's time: the origin of bins and seconds.
    origin_ms: Option<f64>,
    first_ms: f64,
    last_ms: f64,
    previous_ms: f64,
    backwards: u64,
    /// Whether no time so far has more than whole seconds.
    whole_seconds: bool,
    sent: u64,
    ok: u64,
    unfinished: u64,
    errors: ErrorCounts,
    sum_ms: f64,
    min_ms: f64,
    max_ms: f64,
    latencies: HistogramBuilder,
    ok_bins: Bins,
    seconds: Vec<Second>,
}

/// Rows that start this much before the one above are out of order; less is the order in which replies come.
const SLACK_MS: f64 = 120_000.0;

impl Fold {
    /// With the limits whose shares are wanted exactly.
    pub(crate) fn new(limits_ms: &[f64], omission: Omission) -> Self {
        let mut limits_ms: Vec<f64> = limits_ms.iter().copied().filter(|limit| *limit > 0.0).collect();
        limits_ms.sort_by(f64::total_cmp);
        limits_ms.dedup();
        Self {
            latencies: HistogramBuilder::new(&limits_ms),
            limits_ms,
            omission,
            origin_ms: None,
            first_ms: f64::INFINITY,
            last_ms: f64::NEG_INFINITY,
            previous_ms: f64::NEG_INFINITY,
            backwards: 0,
            whole_seconds: true,
            sent: 0,
            ok: 0,
            unfinished: 0,
            errors: ErrorCounts::default(),
            sum_ms: 0.0,
            min_ms: f64::INFINITY,
            max_ms: 0.0,
            ok_bins: Bins::default(),
            seconds: Vec::new(),
        }
    }

    /// Times are whole seconds, which those that follow from them need not be.
    pub(crate) fn in_whole_seconds(mut self) -> Self {
        self.whole_seconds = true;
        self
    }

    /// Requests so far.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// Takes in the request of a line.
    pub(crate) fn add(&mut self, request: Request, line: u64) -> Result<(), Fault> {
        let Request { sent_ms, latency_ms, outcome } = request;
        if !(0.0..LONGEST_MS).contains(&latency_ms) {
            let found = format!("a latency of {latency_ms} ms");
            return Err(Fault::new(Place::Line(line), found, "a latency of 0 or more and less than a day"));
        }
        let origin = *self.origin_ms.get_or_insert(sent_ms);
        let offset = sent_ms - origin;
        if !(0.0..LONGEST_MS).contains(&offset.abs()) {
            let found = format!("a time {} s from the step's first", offset / 1000.0);
            return Err(Fault::new(Place::Line(line), found, "times of one step within a day"));
        }
        if sent_ms < self.previous_ms - SLACK_MS {
            self.backwards += 1;
        }
        self.previous_ms = sent_ms;
        self.whole_seconds = self.whole_seconds && sent_ms % WINDOW_MS == 0.0;
        self.first_ms = self.first_ms.min(sent_ms);
        self.last_ms = self.last_ms.max(sent_ms);
        self.sent += 1;
        at(&mut self.seconds, index(offset, WINDOW_MS), |second| second.sent += 1);
        self.count(offset + latency_ms, latency_ms, outcome);
        Ok(())
    }

    fn count(&mut self, arrived_ms: f64, latency_ms: f64, outcome: Outcome) {
        match outcome {
            Outcome::Unfinished => self.unfinished += 1,
            Outcome::Ok => {
                self.ok += 1;
                self.sum_ms += latency_ms;
                self.min_ms = self.min_ms.min(latency_ms);
                self.max_ms = self.max_ms.max(latency_ms);
                self.latencies.add(latency_ms);
                self.ok_bins.add(arrived_ms);
                let passed = self.limits_ms.iter().filter(|&&limit| latency_ms > limit).count();
                let window = index(arrived_ms, WINDOW_MS);
                at(&mut self.seconds, window, |second| at(&mut second.ok_by_limits, passed, |count| *count += 1));
            }
            bad => {
                status::add(&mut self.errors, bad, 1);
                at(&mut self.seconds, index(arrived_ms, WINDOW_MS), |second| second.errors += 1);
            }
        }
    }

    /// The step. Its length is `duration_seconds` where that is known, else what even sending makes of the first
    /// and last request; times since 1970 where `epoch` says so.
    pub(crate) fn finish(self, duration_seconds: Option<f64>, epoch: bool) -> Found {
        let span_seconds = (self.last_ms - self.first_ms).max(0.0) / 1000.0;
        let sent = self.sent as f64;
        // The last request was sent one distance before the end, and in the midst of a second of which only the start is
        // known.
        let even_seconds = match self.sent {
            0 | 1 => 0.0,
            _ if self.whole_seconds => f64::max(span_seconds * sent / (sent - 1.0), span_seconds + 1.0),
            _ => span_seconds * sent / (sent - 1.0),
        };
        let seconds = duration_seconds.unwrap_or(even_seconds);
        let mut found = Found::new(seconds);
        found.sent_rate = (even_seconds > 0.0).then(|| sent / even_seconds);
        if duration_seconds.is_none() {
            found.note(LoadNoteCode::DurationGuessed, nearest_count(seconds));
        }
        if self.whole_seconds && self.sent > 1 {
            found.notes.push(LoadNote::new(LoadNoteCode::Other, 0).with_detail(WHOLE_SECONDS));
        }
        let ok_in_window = self.ok_before(seconds);
        if ok_in_window < self.ok {
            found.note(LoadNoteCode::RepliesAfterEnd, self.ok - ok_in_window);
        }
        if self.backwards > 0 {
            found.note(LoadNoteCode::TimesOutOfOrder, self.backwards);
        }
        let step = &mut found.step;
        step.started_ms = (epoch && self.first_ms.is_finite()).then(|| whole_ms(self.first_ms));
        step.sent = self.sent;
        step.ok = self.ok;
        step.errors = self.errors;
        step.unfinished = self.unfinished;
        step.ok_in_window = Some(ok_in_window);
        step.windows = self.windows(seconds);
        step.latency = self.latency();
        found
    }

    /// Good replies up to the end of the step.
    fn ok_before(&self, seconds: f64) -> u64 {
        let before = self.first_ms - self.origin_ms.unwrap_or(self.first_ms);
        self.ok_bins.before(before + seconds * 1000.0)
    }

    /// The full seconds of the step.
    fn windows(&self, seconds: f64) -> Vec<Window> {
        // A step of 7.99 s is one of eight seconds.
        let full = index((seconds + 0.05) * 1000.0, WINDOW_MS);
        let none = Second::default();
        let second = |at: usize| self.seconds.get(at).unwrap_or(&none);
        (0..full)
            .map(|at| {
                let second = second(at);
                Window {
                    sent: Some(second.sent),
                    ok: second.ok_by_limits.iter().sum(),
                    errors: second.errors,
                    latency: Some(self.by_limits(&second.ok_by_limits)),
                }
            })
            .collect()
    }

    fn by_limits(&self, counts: &[u64]) -> Histogram {
        let ends = self.limits_ms.iter().copied().chain([f64::INFINITY]);
        let count = |at: usize| counts.get(at).copied().unwrap_or_default();
        Histogram::new(ends.enumerate().map(|(at, upper_ms)| Bucket { upper_ms, count: count(at) }).collect())
    }

    fn latency(&self) -> Latency {
        let any = self.ok > 0;
        // A limit ends a bucket also where no latency lies just below it: the share above it is then exact.
        let limits = self.limits_ms.iter().map(|&upper_ms| Bucket { upper_ms, count: 0 });
        let histogram = Histogram::new(self.latencies.build().buckets().iter().copied().chain(limits).collect());
        Latency {
            of: Replies::Good,
            mean_ms: any.then(|| self.sum_ms / self.ok as f64),
            min_ms: any.then_some(self.min_ms),
            max_ms: any.then_some(self.max_ms),
            quantiles: QUANTILES.iter().filter_map(|&at| quantile(&histogram, at)).collect(),
            histogram: Some(histogram),
            omission: self.omission,
            ..Latency::default()
        }
    }
}

/// A quantile: the middle of its bucket in the logarithm, right within half the bucket's width.
fn quantile(histogram: &Histogram, quantile: f64) -> Option<Quantile> {
    let wanted = quantile * histogram.total() as f64;
    let mut below = 0.0;
    let mut lower = 0.0_f64;
    for bucket in histogram.buckets() {
        below += bucket.count as f64;
        if bucket.count > 0 && below >= wanted {
            let ms = if lower > 0.0 { (lower * bucket.upper_ms).sqrt() } else { bucket.upper_ms };
            return ms.is_finite().then_some(Quantile { quantile, ms });
        }
        lower = bucket.upper_ms;
    }
    None
}
