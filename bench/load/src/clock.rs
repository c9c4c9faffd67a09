//! The clocks. A benchmark measures real time, so here, and only here, they are read directly.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use alcazar_base::Timestamp;

/// Now, for measuring.
#[expect(clippy::disallowed_methods, reason = "what is measured is real time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Now, for signing.
#[expect(clippy::disallowed_methods, reason = "a signature's freshness is judged by the wall clock")]
pub(crate) fn wall_clock() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
