//! A clock that stands still until a test moves it.

use std::pin::pin;
use std::sync::atomic::{AtomicI64, Ordering};

use alcazar_base::Timestamp;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::clock::Clock;
use tokio::sync::Notify;

/// A clock that a test sets.
#[derive(Debug)]
pub struct TestClock {
    millis: AtomicI64,
    moved: Notify,
}

impl TestClock {
    /// A clock that stands at `time`.
    #[must_use]
    pub fn new(time: Timestamp) -> Self {
        Self { millis: AtomicI64::new(time.as_millis()), moved: Notify::new() }
    }

    /// Sets it.
    pub fn set(&self, time: Timestamp) {
        self.millis.store(time.as_millis(), Ordering::SeqCst);
        self.moved.notify_waiters();
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.millis.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, time: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            loop {
                let mut moved = pin!(self.moved.notified());
                moved.as_mut().enable();
                if self.now() >= time {
                    return;
                }
                moved.await;
            }
        })
    }
}
