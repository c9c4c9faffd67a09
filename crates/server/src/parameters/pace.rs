//! When a call is tried again, and how fast calls follow one another.
//!
//! Calls go as fast as they are answered until one is throttled; then all of them keep a distance, which grows with
//! every call that is throttled and shrinks with every one that is not. So many calls at once stay within the rate that
//! the account has, without knowing it.
//!
//! Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How often a call is tried before it fails, when it is throttled.
const THROTTLED_TRIES_MAX: u32 = 40;

/// How often a call is tried before it fails, when the service or the way to it fails.
const FAILED_TRIES_MAX: u32 = 5;

/// The first pause before another try.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// The least distance between calls once one was throttled. What gets below it is none.
const DISTANCE_MIN: Duration = Duration::from_millis(20);

/// The greatest distance between calls.
const DISTANCE_MAX: Duration = Duration::from_secs(5);

/// Why a call may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// Calls come too fast.
    Throttled,
    /// The service failed, or the way to it.
    Failed,
}

/// Codes of errors that say that calls come too fast.
const THROTTLED: [&str; 10] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "LimitExceededException",
    "TooManyUpdates",
    "SlowDown",
];

/// Codes of errors that pass by themselves.
const PASSING: [&str; 4] =
    ["InternalServerError", "RequestTimeout", "RequestTimeoutException", "ServiceUnavailable"];

/// Whether an error of this status and code may be gone at another try.
pub(super) fn again(status: u16, code: &str) -> Option<Again> {
    if THROTTLED.contains(&code) || status == 429 {
        Some(Again::Throttled)
    } else if PASSING.contains(&code) || matches!(status, 500 | 502 | 503 | 504) {
        Some(Again::Failed)
    } else {
        None
    }
}

/// The pause before a call is tried once more after `tries` tries; none if it has been tried often enough. `part` of
/// the pause, from 0 to 255, keeps callers apart.
pub(super) fn pause(why: Again, tries: u32, part: u8) -> Option<Duration> {
    let tries_max = match why {
        Again::Throttled => THROTTLED_TRIES_MAX,
        Again::Failed => FAILED_TRIES_MAX,
    };
    let longest = PAUSE.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1))).min(PAUSE_MAX);
    (tries < tries_max).then(|| longest / 2 + longest * u32::from(part) / 512)
}

/// The distance that calls keep.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    distance: Duration,
    /// When the next call may go.
    next: Option<Instant>,
}

impl Pace {
    /// Waits for a call's turn.
    pub(super) async fn turn(&self, now: Instant) {
        let turn = self.take(now);
        if turn > now {
            tokio::time::sleep_until(turn).await;
        }
    }

    fn take(&self, now: Instant) -> Instant {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = state.next.map_or(now, |next| next.max(now));
        state.next = Some(turn + state.distance);
        turn
    }

    /// A call was throttled, or not.
    pub(super) fn answered(&self, throttled: bool) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.distance = if throttled {
            (state.distance * 3 / 2).clamp(DISTANCE_MIN, DISTANCE_MAX)
        } else {
            let shorter = state.distance * 15 / 16;
            if shorter < DISTANCE_MIN { Duration::ZERO } else { shorter }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttled_calls_and_failures_that_pass_are_tried_again() {
        assert_eq!(again(400, "ThrottlingException"), Some(Again::Throttled));
        assert_eq!(again(400, "TooManyUpdates"), Some(Again::Throttled));
        assert_eq!(again(500, "InternalServerError"), Some(Again::Failed));
        assert_eq!(again(503, ""), Some(Again::Failed));
        assert_eq!(again(400, "ParameterNotFound"), None);
        assert_eq!(again(400, "AccessDeniedException"), None);
    }

    #[test]
    fn pauses_grow_and_end() {
        assert_eq!(pause(Again::Failed, 1, 0), Some(Duration::from_millis(50)));
        assert!(pause(Again::Failed, 1, 255).unwrap() < PAUSE);
        assert!(pause(Again::Throttled, 3, 0) > pause(Again::Throttled, 2, 0));
        assert!(pause(Again::Throttled, 39, 255).unwrap() <= PAUSE_MAX);
        assert_eq!(pause(Again::Failed, FAILED_TRIES_MAX, 0), None);
        assert_eq!(pause(Again::Throttled, THROTTLED_TRIES_MAX, 0), None);
    }

    #[tokio::test]
    async fn calls_keep_a_distance_once_one_was_throttled_and_lose_it_again() {
        let pace = Pace::default();
        let now = Instant::now() + Duration::from_secs(1);
        assert_eq!([pace.take(now), pace.take(now)], [now, now]);
        pace.answered(true);
        pace.take(now);
        assert_eq!(pace.take(now), now + DISTANCE_MIN);
        for _ in 0..100 {
            pace.answered(true);
        }
        assert_eq!(pace.0.lock().unwrap().distance, DISTANCE_MAX);
        for _ in 0..200 {
            pace.answered(false);
        }
        assert_eq!(pace.0.lock().unwrap().distance, Duration::ZERO);
    }
}
