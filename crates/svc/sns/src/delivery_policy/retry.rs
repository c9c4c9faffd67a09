//! When a failed message is tried again: at once, then at the least delay, then at growing delays, then at the greatest.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html>

use std::time::Duration;

/// A retry policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RetryPolicy {
    /// The least and the greatest delay, in seconds.
    pub(crate) min_delay: u32,
    pub(crate) max_delay: u32,
    /// How many retries there are altogether.
    pub(crate) num_retries: u32,
    /// How many of them come last, at the greatest delay.
    pub(crate) num_max_delay: u32,
    /// How many come first, without delay.
    pub(crate) num_no_delay: u32,
    /// How many come then, at the least delay.
    pub(crate) num_min_delay: u32,
    /// How delays grow between.
    pub(crate) backoff: Backoff,
}

/// How delays grow from the least to the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backoff {
    Arithmetic,
    Exponential,
    Geometric,
    Linear,
}

impl Backoff {
    /// The names of all.
    pub(crate) const NAMES: [(&'static str, Self); 4] = [
        ("arithmetic", Self::Arithmetic),
        ("exponential", Self::Exponential),
        ("geometric", Self::Geometric),
        ("linear", Self::Linear),
    ];

    fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(_, backoff)| *backoff == self).map_or("linear", |(name, _)| name)
    }

    /// How far the delay of a step is between the least and the greatest: 0 at the first step, 1 at the last.
    fn progress(self, step: u32, steps: u32, ratio: f64) -> f64 {
        let last = f64::from(steps.saturating_sub(1));
        if last <= 0.0 {
            return 0.0;
        }
        let step = f64::from(step);
        match self {
            Self::Linear => step / last,
            Self::Arithmetic => step * (step + 1.0) / (last * (last + 1.0)),
            Self::Geometric if ratio > 1.0 => (ratio.powf(step / last) - 1.0) / (ratio - 1.0),
            Self::Geometric => step / last,
            Self::Exponential => (step.exp2() - 1.0) / (last.exp2() - 1.0),
        }
    }
}

impl Default for RetryPolicy {
    /// What AWS does over HTTP where no policy says otherwise.
    fn default() -> Self {
        Self {
            min_delay: 20,
            max_delay: 20,
            num_retries: 3,
            num_max_delay: 0,
            num_no_delay: 0,
            num_min_delay: 0,
            backoff: Backoff::Linear,
        }
    }
}

/// What AWS does with queues: 100,015 attempts over 23 days.
pub(crate) const QUEUE_RETRIES: RetryPolicy = RetryPolicy {
    min_delay: 1,
    max_delay: 20,
    num_retries: 100_015,
    num_max_delay: 100_000,
    num_no_delay: 3,
    num_min_delay: 2,
    backoff: Backoff::Exponential,
};

impl RetryPolicy {
    /// How long to wait after so many failed attempts; `None` if there are no more.
    pub(crate) fn delay(&self, failed: u32) -> Option<Duration> {
        let retry = failed.checked_sub(1)?;
        if retry >= self.num_retries {
            return None;
        }
        let (min, max) = (f64::from(self.min_delay), f64::from(self.max_delay));
        let before = self.num_no_delay.saturating_add(self.num_min_delay);
        let growing = self.num_retries.saturating_sub(before).saturating_sub(self.num_max_delay);
        let seconds = if retry < self.num_no_delay {
            0.0
        } else if retry < before {
            min
        } else if retry - before < growing {
            let progress = self.backoff.progress(retry - before, growing, max / min.max(1.0));
            min + (max - min) * progress
        } else {
            max
        };
        Some(Duration::from_secs_f64(seconds.clamp(0.0, max.max(0.0))))
    }

    /// How long all retries take together, in seconds.
    pub(crate) fn total(&self) -> f64 {
        (1..=self.num_retries).filter_map(|failed| self.delay(failed)).map(|delay| delay.as_secs_f64()).sum()
    }

    /// As policies tell it.
    pub(crate) fn shown(&self) -> String {
        format!(
            r#"{{"minDelayTarget":{},"maxDelayTarget":{},"numRetries":{},"numMaxDelayRetries":{},"numNoDelayRetries":{},"numMinDelayRetries":{},"backoffFunction":"{}"}}"#,
            self.min_delay,
            self.max_delay,
            self.num_retries,
            self.num_max_delay,
            self.num_no_delay,
            self.num_min_delay,
            self.backoff.as_str()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(policy: &RetryPolicy) -> Vec<f64> {
        (1..).map_while(|failed| policy.delay(failed)).map(|delay| delay.as_secs_f64()).collect()
    }

    #[test]
    fn the_default_tries_three_times_more_each_after_twenty_seconds() {
        assert_eq!(delays(&RetryPolicy::default()), [20.0, 20.0, 20.0]);
        assert_eq!(RetryPolicy::default().delay(0), None);
    }

    #[test]
    fn the_phases_come_in_order() {
        let policy = RetryPolicy {
            min_delay: 2,
            max_delay: 10,
            num_retries: 9,
            num_max_delay: 1,
            num_no_delay: 2,
            num_min_delay: 1,
            backoff: Backoff::Linear,
        };
        assert_eq!(delays(&policy), [0.0, 0.0, 2.0, 2.0, 4.0, 6.0, 8.0, 10.0, 10.0]);
    }

    #[test]
    fn every_backoff_grows_from_the_least_to_the_greatest() {
        for (name, backoff) in Backoff::NAMES {
            let policy = RetryPolicy {
                min_delay: 1,
                max_delay: 60,
                num_retries: 10,
                backoff,
                ..RetryPolicy::default()
            };
            let delays = delays(&policy);
            assert_eq!((delays[0], delays[9]), (1.0, 60.0), "{name}");
            assert!(delays.is_sorted(), "{name}: {delays:?}");
            assert_eq!(backoff.as_str(), name);
        }
    }

    #[test]
    fn queues_are_tried_for_23_days() {
        assert_eq!(delays(&QUEUE_RETRIES).len(), 100_015);
        assert_eq!(&delays(&QUEUE_RETRIES)[..6], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        assert_eq!((QUEUE_RETRIES.total() / 86_400.0).floor(), 23.0);
    }
}
