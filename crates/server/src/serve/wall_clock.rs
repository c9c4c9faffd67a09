//! The clocks: the machine's own, and one that tests can move.

use std::pin::pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use alcazar_base::Timestamp;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::clock::Clock;
use tokio::sync::Notify;

/// The machine's own clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WallClock;

impl Clock for WallClock {
    #[allow(clippy::disallowed_methods, reason = "this is the clock port's home")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    fn sleep_until(&self, time: Timestamp) -> BoxFuture<'_, ()> {
        let pause = time - self.now();
        Box::pin(async move { tokio::time::sleep(pause).await })
    }
}

/// A moment of the monotonic clock, for measuring how long a request takes.
#[allow(clippy::disallowed_methods, reason = "this is the clock port's home")]
pub(crate) fn moment() -> Instant {
    Instant::now()
}

/// A clock that goes on with the machine's, from wherever it was moved to.
#[derive(Debug, Default)]
pub(crate) struct MovableClock {
    ahead_millis: AtomicI64,
    moved: Notify,
}

impl MovableClock {
    /// Moves it to `time`.
    pub(crate) fn set(&self, time: Timestamp) {
        let ahead = time.as_millis().saturating_sub(WallClock.now().as_millis());
        self.ahead_millis.store(ahead, Ordering::Release);
        self.moved.notify_waiters();
    }

    /// Moves it back to the machine's time.
    pub(crate) fn reset(&self) {
        self.ahead_millis.store(0, Ordering::Release);
        self.moved.notify_waiters();
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        let ahead = self.ahead_millis.load(Ordering::Acquire);
        Timestamp::from_millis(WallClock.now().as_millis().saturating_add(ahead))
    }

    fn sleep_until(&self, time: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            loop {
                let mut moved = pin!(self.moved.notified());
                moved.as_mut().enable();
                if self.now() >= time {
                    return;
                }
                tokio::select! {
                    () = moved => {}
                    () = tokio::time::sleep(time - self.now()) => {}
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_clock_goes_on_from_where_it_was_moved_to() {
        let clock = MovableClock::default();
        let target = Timestamp::from_secs(4_000_000_000);
        clock.set(target);
        assert!(clock.now() >= target && (clock.now() - target).as_secs() < 60);
        clock.reset();
        assert!(clock.now() < target);
    }
}
