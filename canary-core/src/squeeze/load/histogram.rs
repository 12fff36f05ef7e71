//! Counts of latencies by size: what a stream of requests can be folded into in constant memory.

/// Latencies above the previous bucket's end, up to this one's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// The end, milliseconds; itself inside. Infinite for a last bucket without an end.
    pub upper_ms: f64,
    /// How many.
    pub count: u64,
}

/// Latencies by size: buckets by rising end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    buckets: Vec<Bucket>,
}

impl Histogram {
    /// From buckets in any order; those of one end are added up, and those whose end is NaN are left out.
    #[must_use]
    pub fn new(mut buckets: Vec<Bucket>) -> Self {
        buckets.retain(|bucket| !bucket.upper_ms.is_nan());
        buckets.sort_by(|one, other| one.upper_ms.total_cmp(&other.upper_ms));
        buckets.dedup_by(|next, kept| {
            let same = next.upper_ms.total_cmp(&kept.upper_ms).is_eq();
            if same {
                kept.count = kept.count.saturating_add(next.count);
            }
            same
        });
        Self { buckets }
    }

    /// Counts one latency in the bucket that holds it; one beyond the last end is not counted.
    pub(super) fn count(&mut self, ms: f64) {
        if let Some(bucket) = self.buckets.iter_mut().find(|bucket| ms <= bucket.upper_ms) {
            bucket.count += 1;
        }
    }

    /// The buckets, by rising end.
    #[must_use]
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// All latencies counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.buckets.iter().fold(0, |sum: u64, bucket| sum.saturating_add(bucket.count))
    }

    /// The smallest latency that `quantile` (0 to 1) of the counted ones do not exceed: the end of its bucket.
    /// `None` where nothing was counted.
    #[must_use]
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        let wanted = quantile * self.total() as f64;
        let mut below = 0.0;
        let reached = |bucket: &&Bucket| {
            below += bucket.count as f64;
            bucket.count > 0 && below >= wanted
        };
        self.buckets.iter().find(reached).map(|bucket| bucket.upper_ms)
    }

    /// How many lie above `limit_ms`, as a real number: a bucket that the limit cuts is taken as evenly filled in
    /// the logarithm. Exact where the limit is the end of a bucket, as [`HistogramBuilder::new`] arranges. Of a
    /// cut last bucket without an end everything counts as above. Cost: O(buckets).
    #[must_use]
    pub fn over(&self, limit_ms: f64) -> f64 {
        let mut lower = 0.0_f64;
        let mut over = 0.0;
        for bucket in &self.buckets {
            let count = bucket.count as f64;
            over += if bucket.upper_ms <= limit_ms {
                0.0
            } else if lower >= limit_ms {
                count
            } else {
                count * share_above(lower, bucket.upper_ms, limit_ms)
            };
            lower = bucket.upper_ms;
        }
        over
    }
}

/// The share of `(lower, upper]` above `limit`, evenly filled in the logarithm (in the value, from 0 on).
fn share_above(lower: f64, upper: f64, limit: f64) -> f64 {
    if !upper.is_finite() {
        1.0
    } else if lower > 0.0 {
        (upper / limit).ln() / (upper / lower).ln()
    } else {
        (upper - limit) / upper
    }
}

/// Bits of a double below the ones that choose its bucket: what is left are the exponent and seven bits, so buckets
/// are between 0.4 and 0.8 % wide, and finding one takes no logarithm.
const BITS_WITHIN: u32 = 45;

/// The end of the first bucket, milliseconds: a power of two, as ends of octaves are.
const FIRST_END_MS: f64 = 1.0 / 128.0;

/// Where the last bucket begins, which has no end: 4.7 hours.
const LAST_START_MS: f64 = 16_777_216.0;

/// Folds latencies, one at a time, into a [`Histogram`] of at most some four thousand buckets.
///
/// A quantile read from it is right within 0.8 %, the share above each of the limits is exact. Cost of a latency:
/// O(limits), a few nanoseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramBuilder {
    limits_ms: Vec<f64>,
    /// `counts[bucket * (limits + 1) + passed]`: by bucket, and by how many limits the value lies above.
    counts: Vec<u64>,
}

impl HistogramBuilder {
    /// With `limits_ms` as ends of buckets, so that the share above each is exact.
    #[must_use]
    pub fn new(limits_ms: &[f64]) -> Self {
        let mut limits_ms: Vec<f64> = limits_ms.iter().copied().filter(|limit| *limit > 0.0).collect();
        limits_ms.sort_by(f64::total_cmp);
        limits_ms.dedup();
        Self { limits_ms, counts: Vec::new() }
    }

    /// Counts one latency, milliseconds. NaN and negative ones are not counted, and the answer is false.
    pub fn add(&mut self, ms: f64) -> bool {
        let counted = ms >= 0.0;
        if counted {
            let passed = self.limits_ms.iter().filter(|&&limit| ms > limit).count();
            let at = bucket_of(ms) * (self.limits_ms.len() + 1) + passed;
            if at >= self.counts.len() {
                self.counts.resize(at + 1, 0);
            }
            if let Some(count) = self.counts.get_mut(at) {
                *count += 1;
            }
        }
        counted
    }

    /// The histogram of what was counted; the builder stays as it is. Of the empty buckets those are in it that tell
    /// where the next one begins.
    #[must_use]
    pub fn build(&self) -> Histogram {
        let columns = self.limits_ms.len() + 1;
        let limit = |place: Option<usize>| place.and_then(|place| self.limits_ms.get(place)).copied();
        let buckets = |(at, &count): (usize, &u64)| {
            let (bucket, passed) = (at / columns, at % columns);
            let upper_ms = end_of(bucket).min(limit(Some(passed)).unwrap_or(f64::INFINITY));
            let before = bucket.checked_sub(1).map_or(0.0, end_of);
            let lower_ms = before.max(limit(passed.checked_sub(1)).unwrap_or_default());
            [Bucket { upper_ms: lower_ms, count: 0 }, Bucket { upper_ms, count }]
        };
        let counted = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        Histogram::new(counted.flat_map(buckets).filter(|bucket| bucket.upper_ms > 0.0).collect())
    }

    /// Forgets what was counted, keeps its memory.
    pub fn clear(&mut self) {
        self.counts.fill(0);
    }
}

/// The bucket of a latency, from 0.
fn bucket_of(ms: f64) -> usize {
    let ms = ms.clamp(FIRST_END_MS, LAST_START_MS.next_up());
    // The end of a bucket lies inside of it, hence the bit less.
    let key = |ms: f64| (ms.to_bits() - 1) >> BITS_WITHIN;
    usize::try_from(key(ms) - key(FIRST_END_MS)).unwrap_or(0)
}

/// The end of a bucket, milliseconds.
fn end_of(bucket: usize) -> f64 {
    let first = FIRST_END_MS.to_bits() >> BITS_WITHIN;
    let end = f64::from_bits((first + bucket as u64) << BITS_WITHIN);
    if end > LAST_START_MS { f64::INFINITY } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_latency_lies_in_its_bucket_and_buckets_are_narrow() {
        let mut ms = 0.002;
        while ms < 4e7 {
            let bucket = bucket_of(ms);
            let end = end_of(bucket);
            assert!(ms <= end, "{ms} above {end}");
            if bucket > 0 && end.is_finite() {
                assert!(ms > end_of(bucket - 1) && end / end_of(bucket - 1) < 1.008, "{ms} in {bucket}");
            }
            ms *= 1.003;
        }
        assert_eq!((bucket_of(FIRST_END_MS), bucket_of(0.0)), (0, 0));
        assert_eq!(end_of(bucket_of(1.0)).to_bits(), 1.0_f64.to_bits(), "an end lies inside its own bucket");
    }

    #[test]
    fn the_share_above_a_limit_is_exact() {
        let mut builder = HistogramBuilder::new(&[120.0, 7.3]);
        for ms in [7.3, 7.300_000_1, 119.999, 120.0, 120.000_01, f64::INFINITY, 0.0] {
            assert!(builder.add(ms));
        }
        assert!(!builder.add(f64::NAN) && !builder.add(-1.0));
        let histogram = builder.build();
        assert_eq!(histogram.total(), 7);
        assert_eq!((histogram.over(120.0), histogram.over(7.3)), (2.0, 5.0));
    }

    #[test]
    fn a_limit_that_was_not_given_is_right_within_the_width_of_a_bucket() {
        let mut builder = HistogramBuilder::new(&[50.0]);
        (0..99).for_each(|_| assert!(builder.add(10.0)));
        assert!(builder.add(1000.0));
        let histogram = builder.build();
        for (limit, over) in [(9.9, 100.0), (10.1, 1.0), (50.0, 1.0), (100.0, 1.0), (990.0, 1.0), (1010.0, 0.0)] {
            assert!((histogram.over(limit) - over).abs() < 1e-12, "above {limit}: {}", histogram.over(limit));
        }
        assert_eq!(histogram.total(), 100);
        assert_eq!(HistogramBuilder::new(&[50.0]).build().buckets(), []);
    }

    #[test]
    fn a_cut_bucket_is_shared_out() {
        let histogram = Histogram::new(vec![
            Bucket { upper_ms: 100.0, count: 10 },
            Bucket { upper_ms: f64::INFINITY, count: 3 },
            Bucket { upper_ms: 1.0, count: 5 },
            Bucket { upper_ms: f64::NAN, count: 5 },
        ]);
        assert!((histogram.over(10.0) - 8.0).abs() < 1e-12, "half of ten in the logarithm, and three");
        assert!((histogram.over(0.5) - 15.5).abs() < 1e-12);
        assert!((histogram.over(1e9) - 3.0).abs() < 1e-12, "nothing is known of the last bucket's end");
    }
}
