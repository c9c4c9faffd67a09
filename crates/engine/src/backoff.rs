//! How long what failed waits before it is tried again.

use std::time::Duration;

/// How long it waits the first time.
pub(crate) const FIRST: Duration = Duration::from_secs(1);

/// How long it waits at most.
const LONGEST: Duration = Duration::from_secs(300);

/// How long it waits that failed so often before: each time twice as long, up to the longest.
pub(crate) fn after(failures: u32) -> Duration {
    FIRST.saturating_mul(2_u32.saturating_pow(failures.min(16))).min(LONGEST)
}
