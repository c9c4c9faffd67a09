//! Waiting for a commit: what an operation does that has nothing to answer yet.
//!
//! Whoever waits is woken by a commit that puts a record under a name with a prefix, on whatever node, or when its time is up; its
//! operation then starts again from the beginning, on what the store holds by then.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alcazar_base::Timestamp;
use bytes::Bytes;
use tokio::sync::Notify;

use crate::cloud::Cloud;
use crate::context::Reads;
use crate::error::{Error, Result};
use crate::name::NameBuilder;
use crate::port::store::ReadSet;

/// How often one call waits.
pub(crate) const WAITS_MAX: u32 = 1000;

/// Those who wait, by the prefix of the names that they wait for.
#[derive(Default)]
pub(crate) struct Waiters {
    count: AtomicUsize,
    ended: AtomicBool,
    ending: Notify,
    by_prefix: Mutex<BTreeMap<Bytes, (Arc<Notify>, usize)>>,
}

/// One who waits, until it is dropped.
struct Waiter {
    waiters: Arc<Waiters>,
    prefix: Bytes,
    woken: Arc<Notify>,
}

impl Waiters {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Bytes, (Arc<Notify>, usize)>> {
        self.by_prefix.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Told of the names that have a record by a commit.
    pub(crate) fn told(&self, names: &[Bytes]) {
        if self.count.load(Ordering::SeqCst) == 0 {
            return;
        }
        let by_prefix = self.lock();
        for name in names {
            // Prefixes do not stand within each other, so only the last one before a name can be its own.
            if let Some((prefix, (woken, _))) = by_prefix.range(..=name.clone()).next_back()
                && name.starts_with(prefix)
            {
                woken.notify_waiters();
            }
        }
    }

    fn enter(self: &Arc<Self>, prefix: Bytes) -> Waiter {
        let mut by_prefix = self.lock();
        let (woken, count) = by_prefix.entry(prefix.clone()).or_default();
        *count += 1;
        let woken = woken.clone();
        drop(by_prefix);
        self.count.fetch_add(1, Ordering::SeqCst);
        Waiter { waiters: self.clone(), prefix, woken }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.waiters.count.fetch_sub(1, Ordering::SeqCst);
        let mut by_prefix = self.waiters.lock();
        if let Some((_, count)) = by_prefix.get_mut(&self.prefix) {
            *count -= 1;
            if *count == 0 {
                by_prefix.remove(&self.prefix);
            }
        }
    }
}

impl Cloud {
    /// Has calls that wait go on as if their time were up, from now on: the server is stopping.
    pub fn end_waiting(&self) {
        self.waiters.ended.store(true, Ordering::SeqCst);
        self.waiters.ending.notify_waiters();
    }
}

impl Reads<'_> {
    /// When the call came. An operation that [waits](Self::wait) begins again later, at the time that it is then.
    #[must_use]
    pub fn began(&self) -> Timestamp {
        self.call.began
    }

    /// Waits until somebody commits a record below `prefix` (a deletion is none), or it is `until`; then the operation
    /// starts again. It goes on at once, as if it were `until`, if it is, if the call has waited too often, or if the
    /// server is stopping.
    ///
    /// The prefixes that are waited for must not stand within each other. Nothing may depend on what was done outside
    /// in this attempt.
    ///
    /// # Errors
    /// `Error::Again`, to be passed on.
    pub async fn wait(&mut self, prefix: &NameBuilder, until: Timestamp) -> Result<()> {
        let cloud = self.cloud;
        let mut ending = Box::pin(cloud.waiters.ending.notified());
        ending.as_mut().enable();
        let is_over = cloud.waiters.ended.load(Ordering::SeqCst);
        if is_over || self.call.now >= until || self.call.waits >= WAITS_MAX {
            return Ok(());
        }
        let waiter = cloud.waiters.enter(prefix.prefix());
        let mut woken = Box::pin(waiter.woken.notified());
        woken.as_mut().enable();
        // What was committed after this attempt began and before it was registered would be missed otherwise.
        let reads = ReadSet { names: Vec::new(), ranges: vec![prefix.range()] };
        if cloud.store().changed_since(&reads, self.work.pending.snapshot).await {
            return Err(Error::Again);
        }
        tokio::select! {
            () = woken => {}
            () = ending => {}
            () = cloud.sleep_until(until) => {}
        }
        Err(Error::Again)
    }
}
