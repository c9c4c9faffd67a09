//! The clock port.

use alcazar_base::Timestamp;

use super::BoxFuture;

/// Tells the time. Records and answers carry what this says; only the freshness of a signature and the
/// listener's own time limits are judged by the wall clock.
pub trait Clock: Send + Sync + 'static {
    /// The time it is.
    fn now(&self) -> Timestamp;

    /// Waits until it is `time`, or the clock was set to a later one.
    fn sleep_until(&self, time: Timestamp) -> BoxFuture<'_, ()>;
}
