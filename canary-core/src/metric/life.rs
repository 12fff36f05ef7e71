//! From when to when something lives.

/// The first and the last tick with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl Life {
    /// A single tick.
    pub(crate) fn at(tick: usize) -> Self {
        Self { first: tick, last: tick }
    }

    /// Reaching to `tick` as well.
    pub(crate) fn with(self, tick: usize) -> Self {
        Self { first: self.first.min(tick), last: self.last.max(tick) }
    }

    /// From the earlier start to the later end.
    pub(crate) fn both(a: Option<Self>, b: Option<Self>) -> Option<Self> {
        match (a, b) {
            (Some(a), Some(b)) => Some(a.with(b.first).with(b.last)),
            (one, other) => one.or(other),
        }
    }
}
