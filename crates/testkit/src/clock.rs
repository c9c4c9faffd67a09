//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use alcazar_base::Timestamp;
use alcazar_engine::port::clock::Clock;

/// A clock that a test sets.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// A clock that stands at `time`.
    #[must_use]
    pub fn new(time: Timestamp) -> Self {
        Self(AtomicI64::new(time.as_millis()))
    }

    /// Sets it.
    pub fn set(&self, time: Timestamp) {
        self.0.store(time.as_millis(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}
