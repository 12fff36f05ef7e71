//! `vegeta report -type=hdrplot`: value, share and count of the requests up to it.

use canary_core::squeeze::{Bucket, Histogram};

use crate::error::{Fault, Place};

const EXPECTED: &str = "value, percentile and a count that does not fall";

/// Parses.
pub(super) fn parse(text: &str) -> Result<Histogram, Fault> {
    let mut buckets = Vec::new();
    let mut before = (0.0, 0_u64);
    for (line, row) in text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty()) {
        let mut fields = row.split_whitespace();
        let value = fields.next().and_then(|field| field.parse::<f64>().ok());
        let count = fields.nth(1).and_then(|field| field.parse::<u64>().ok());
        let (Some(upper_ms), Some(count)) = (value.filter(|value| *value >= 0.0), count) else {
            return Err(wrong(line, row));
        };
        if upper_ms < before.0 || count < before.1 {
            return Err(wrong(line, row));
        }
        buckets.push(Bucket { upper_ms, count: count - before.1 });
        before = (upper_ms, count);
    }
    Ok(Histogram::new(buckets))
}

fn wrong(line: usize, row: &str) -> Fault {
    Fault::new(Place::Line(line as u64 + 1), format!("`{}`", row.trim()), EXPECTED)
}
