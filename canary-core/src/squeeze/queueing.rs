//! Queues whose behaviour is known: checks and projections, never the main estimate.

use crate::stats::crossing;

/// Most servers for which the recursions here are worth their loop.
const MOST_SERVERS: u32 = 1_000_000;

/// M/M/c: Poisson arrivals, exponential service, `servers` in parallel, one queue without end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErlangQueue {
    servers: u32,
    service_seconds: f64,
}

impl ErlangQueue {
    /// `None` for no servers, more than a million, or a service time that is not finite and above 0.
    #[must_use]
    pub fn new(servers: u32, service_seconds: f64) -> Option<Self> {
        let usable = (1..=MOST_SERVERS).contains(&servers) && service_seconds > 0.0 && service_seconds.is_finite();
        usable.then_some(Self { servers, service_seconds })
    }

    /// The highest rate that it can serve, requests a second.
    #[must_use]
    pub fn capacity(&self) -> f64 {
        f64::from(self.servers) / self.service_seconds
    }

    /// The share of requests turned away if there were no queue (Erlang B), by the usual recursion. Cost: O(servers).
    #[must_use]
    pub fn blocking(&self, rate: f64) -> f64 {
        let load = rate * self.service_seconds;
        (1..=self.servers).fold(1.0, |blocked, server| load * blocked / (f64::from(server) + load * blocked))
    }

    /// The share of requests that wait (Erlang C); 1 from capacity on. Cost: O(servers).
    #[must_use]
    pub fn waiting(&self, rate: f64) -> f64 {
        let busy = rate / self.capacity();
        let stable = busy < 1.0;
        if !stable {
            return 1.0;
        }
        let blocked = self.blocking(rate);
        blocked / (1.0 - busy + busy * blocked)
    }

    /// Mean wait in the queue, seconds; infinite from capacity on.
    #[must_use]
    pub fn mean_wait(&self, rate: f64) -> f64 {
        let spare = self.capacity() - rate;
        if spare > 0.0 { self.waiting(rate) / spare } else { f64::INFINITY }
    }

    /// The share of requests that take longer than `seconds`, wait and service together; 1 from capacity on.
    #[must_use]
    pub fn slower_than(&self, rate: f64, seconds: f64) -> f64 {
        let spare = self.capacity() - rate;
        let stable = spare > 0.0;
        if !stable {
            return 1.0;
        }
        let (service, waiting) = (1.0 / self.service_seconds, self.waiting(rate));
        let apart = spare - service;
        // (e^(-mu t) - e^(-spare t)) / apart, which tends to t e^(-mu t) where both rates are equal.
        let together = if apart == 0.0 {
            seconds * (-service * seconds).exp()
        } else if (apart * seconds).abs() < 1.0 {
            (-service * seconds).exp() * -(-apart * seconds).exp_m1() / apart
        } else {
            ((-service * seconds).exp() - (-spare * seconds).exp()) / apart
        };
        (-service * seconds).exp() + waiting * service * together
    }

    /// The time that a share `quantile` of the requests stays within, seconds; infinite from capacity on.
    #[must_use]
    pub fn quantile(&self, rate: f64, quantile: f64) -> f64 {
        let spare = self.capacity() - rate;
        let stable = spare > 0.0;
        if !stable {
            return f64::INFINITY;
        }
        let tail = -(1.0 - quantile).ln();
        // No time is longer than one of a service and a wait, each at the slower rate, in a row.
        let high = (tail + 40.0) * (self.service_seconds + 1.0 / spare);
        crossing(0.0, high, |seconds| (1.0 - quantile) - self.slower_than(rate, seconds))
    }

    /// The highest rate at which at most `share` of the requests take longer than `seconds`; 0 where even an idle
    /// queue is too slow.
    #[must_use]
    pub fn crossing(&self, seconds: f64, share: f64) -> f64 {
        if self.slower_than(0.0, seconds) > share {
            return 0.0;
        }
        crossing(0.0, self.capacity(), |rate| self.slower_than(rate, seconds) - share)
    }

    /// Mean wait in G/G/c by Allen and Cunneen (1990), from squared coefficients of variation of the gaps between
    /// arrivals and of service.
    #[must_use]
    pub fn allen_cunneen_wait(&self, rate: f64, arrivals: f64, service: f64) -> f64 {
        f64::midpoint(arrivals, service) * self.mean_wait(rate)
    }

    /// Mean wait in M/M/c by Sakasegawa's (1977) formula, which needs no recursion.
    #[must_use]
    pub fn sakasegawa_wait(&self, rate: f64) -> f64 {
        let busy = rate / self.capacity();
        let stable = busy < 1.0;
        if !stable {
            return f64::INFINITY;
        }
        let servers = f64::from(self.servers);
        busy.powf((2.0 * (servers + 1.0)).sqrt() - 1.0) / (servers * (1.0 - busy)) * self.service_seconds
    }
}
