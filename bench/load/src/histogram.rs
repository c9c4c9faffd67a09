//! Latencies, counted in buckets whose width grows with their value: exact below 128 µs, then within 1.6 %.

use std::time::Duration;

/// Each power of two is cut into this many buckets.
const STEPS: u64 = 64;
const STEPS_BITS: u32 = 6;
/// Enough for latencies of up to an hour; anything longer counts in the last one.
const BUCKETS: usize = 28 * 64;

/// How many requests took how long.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
}

impl Histogram {
    /// Nothing counted yet.
    pub(crate) fn new() -> Self {
        Self { counts: vec![0; BUCKETS] }
    }

    /// Counts one.
    pub(crate) fn record(&mut self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        if let Some(count) = self.counts.get_mut(bucket_of(micros)) {
            *count += 1;
        }
    }

    /// Adds what another one counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
    }

    /// How many were counted.
    pub(crate) fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The latency in microseconds that `percent` of a hundred did not exceed.
    pub(crate) fn percentile(&self, percent: u64) -> u64 {
        let rank = (self.total() * percent).div_ceil(100).max(1);
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return lower_bound(bucket);
            }
        }
        0
    }
}

fn bucket_of(micros: u64) -> usize {
    let shift = (u64::BITS - micros.leading_zeros()).saturating_sub(STEPS_BITS + 1);
    let bucket = u64::from(shift) * STEPS + (micros >> shift);
    usize::try_from(bucket).unwrap_or(usize::MAX).min(BUCKETS - 1)
}

fn lower_bound(bucket: usize) -> u64 {
    let bucket = u64::try_from(bucket).unwrap_or(u64::MAX);
    if bucket < 2 * STEPS {
        return bucket;
    }
    let shift = bucket / STEPS - 1;
    (bucket - shift * STEPS) << shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_what_is_not_below_it_and_is_narrow() {
        for micros in (0..5000).chain((0..40).map(|power| (1_u64 << power) / 3 + 5000)) {
            let bucket = bucket_of(micros);
            if bucket == BUCKETS - 1 {
                continue;
            }
            let (low, next) = (lower_bound(bucket), lower_bound(bucket + 1));
            assert!(low <= micros && micros < next, "{micros} in {low}..{next}");
            assert!((next - low) * 64 <= low.max(64), "{low}..{next} is too wide");
        }
    }

    #[test]
    fn percentiles_are_those_of_what_was_recorded() {
        let mut histogram = Histogram::new();
        for micros in 1..=100 {
            histogram.record(Duration::from_micros(micros));
        }
        let mut other = Histogram::new();
        other.record(Duration::from_micros(20));
        histogram.merge(&other);
        assert_eq!(histogram.total(), 101);
        assert_eq!((histogram.percentile(50), histogram.percentile(99)), (50, 99));
    }
}
