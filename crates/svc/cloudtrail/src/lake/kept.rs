//! How long the audit log is kept for event data stores.

use std::time::Duration;

use alcazar_engine::port::BoxFuture;
use alcazar_engine::{Records, Result};

use super::store::{self, Store};

/// How many stores are read at a time.
const PAGE: usize = 1000;

/// As long as the store that keeps events longest.
pub(crate) fn retention<'a>(records: &'a mut Records<'_>) -> BoxFuture<'a, Result<Duration>> {
    Box::pin(longest(records))
}

async fn longest(records: &mut Records<'_>) -> Result<Duration> {
    let mut days = 0;
    let mut range = store::all();
    loop {
        let found = records.scan::<Store>(&range, PAGE).await?;
        days = found.iter().map(|(_, store)| store.retention_days).fold(days, u32::max);
        match found.last() {
            Some((last, _)) if found.len() == PAGE => range = range.after(last.as_bytes()),
            _ => return Ok(Duration::from_secs(u64::from(days) * 24 * 60 * 60)),
        }
    }
}
