//! What every front end hands over: columns of (metric, region, instance, time, value) as slices.

use std::sync::Arc;

use crate::error::InputError;

/// The code of a row whose label is missing.
pub const NO_LABEL: u32 = u32::MAX;

/// A dictionary-encoded text column: row `i` holds `names[codes[i]]`, or nothing at [`NO_LABEL`].
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// The distinct texts. They may repeat and may hold texts that no row uses.
    pub names: &'a [Arc<str>],
    /// One code a row, an index into `names` or [`NO_LABEL`].
    pub codes: &'a [u32],
}

impl Labels<'_> {
    /// Every code lies in the dictionary, or is one that `allowed` lets through.
    fn check(self, column: &'static str, allowed: impl Fn(u32) -> bool) -> Result<(), InputError> {
        let names = self.names.len();
        let bad = |code: u32| code as usize >= names && !allowed(code);
        // The largest code first: that pass has no early exit and runs several codes at a time.
        let largest = self.codes.iter().copied().map(|code| if allowed(code) { 0 } else { code }).max();
        if largest.is_none_or(|largest| !bad(largest)) {
            return Ok(());
        }
        // An empty dictionary is no error where every code is let through.
        self.codes.iter().position(|&code| bad(code)).map_or(Ok(()), |row| Err(InputError::LabelCode { column, row }))
    }
}

/// The unit of an integer timestamp, counted from 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

impl TimeUnit {
    /// `time` in whole milliseconds, rounded down; saturates at the ends of `i64`.
    #[must_use]
    #[inline]
    pub fn to_ms(self, time: i64) -> i64 {
        match self {
            Self::Seconds => time.saturating_mul(1000),
            Self::Milliseconds => time,
            Self::Microseconds => time.div_euclid(1000),
            Self::Nanoseconds => time.div_euclid(1_000_000),
        }
    }

    /// A span of milliseconds in this unit; `None` where it is no whole number or leaves `i64`.
    pub(crate) fn of_ms(self, span_ms: i64) -> Option<i64> {
        match self {
            Self::Seconds => (span_ms % 1000 == 0).then_some(span_ms / 1000),
            Self::Milliseconds => Some(span_ms),
            Self::Microseconds => span_ms.checked_mul(1000),
            Self::Nanoseconds => span_ms.checked_mul(1_000_000),
        }
    }
}

/// A batch of observations of one side, one row each. Columns are borrowed; nothing is copied a row.
#[derive(Clone, Copy, Debug)]
pub struct Observations<'a> {
    /// The metric of each row; every row needs one.
    pub metric: Labels<'a>,
    /// The region of each row, where the input has regions.
    pub region: Option<Labels<'a>>,
    /// The instance (machine, pod) of each row, where the input has instances.
    pub instance: Option<Labels<'a>>,
    /// The group of each metric as the input names it; where a metric of a region has several, the first by name counts.
    pub group: Option<Labels<'a>>,
    /// The time of each row.
    pub time: &'a [i64],
    /// The unit of `time`.
    pub time_unit: TimeUnit,
    /// The value of each row; NaN and infinities mean missing, and are counted.
    pub value: &'a [f64],
}

impl Observations<'_> {
    /// Rows in the batch.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.value.len()
    }

    /// Checks what every later step relies on: equal lengths, codes that lie in their dictionary and a
    /// metric in every row. Cost: one pass over the codes.
    pub(crate) fn check(&self) -> Result<(), InputError> {
        let rows = self.rows();
        let optional = [("region", self.region), ("instance", self.instance), ("group", self.group)];
        let lengths = [("metric", self.metric.codes.len()), ("time", self.time.len())];
        let label_lengths = optional.iter().filter_map(|(name, labels)| Some((*name, (*labels)?.codes.len())));
        for (column, found) in lengths.into_iter().chain(label_lengths) {
            if found != rows {
                return Err(InputError::ColumnLength { column, found, expected: rows });
            }
        }
        self.metric.check("metric", |_| false)?;
        for (column, labels) in optional {
            labels.map_or(Ok(()), |labels| labels.check(column, |code| code == NO_LABEL))?;
        }
        Ok(())
    }
}
