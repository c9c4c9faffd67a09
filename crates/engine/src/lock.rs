//! Locks that a call holds until it is committed, so that calls which are bound to conflict queue up instead.
//!
//! They are a courtesy, not a promise: what is right is decided by the commit, on this node and any other. A call that
//! cannot have all its locks at once gives back those it has, waits for all of them in their order, and starts again:
//! so calls never wait for each other in a circle.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

use crate::context::Reads;
use crate::error::{Error, Result};

/// How many locks are remembered before those that nobody holds are forgotten.
const REMEMBERED_MAX: usize = 4096;

type Lock = tokio::sync::Mutex<()>;

/// The locks of this node, by name.
#[derive(Default)]
pub(crate) struct Locks(Mutex<HashMap<String, Weak<Lock>>>);

/// The locks that a call holds or wants.
#[derive(Default)]
pub(crate) struct Held {
    guards: BTreeMap<String, OwnedMutexGuard<()>>,
    wanted: BTreeSet<String>,
}

impl Locks {
    fn lock(&self, name: &str) -> Arc<Lock> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(name).and_then(Weak::upgrade) {
            return lock;
        }
        if locks.len() >= REMEMBERED_MAX {
            locks.retain(|_, lock| lock.strong_count() > 0);
        }
        let lock = Arc::new(Lock::default());
        locks.insert(name.to_owned(), Arc::downgrade(&lock));
        lock
    }
}

impl Held {
    /// Waits for all locks that an attempt wanted and did not get.
    pub(crate) async fn acquire_wanted(&mut self, locks: &Locks) {
        for name in std::mem::take(&mut self.wanted) {
            let guard = locks.lock(&name).lock_owned().await;
            self.guards.insert(name, guard);
        }
    }

    fn try_acquire(&mut self, locks: &Locks, names: BTreeSet<String>) -> bool {
        let mut missing = Vec::new();
        for name in names {
            if self.guards.contains_key(&name) {
                continue;
            }
            match locks.lock(&name).try_lock_owned() {
                Ok(guard) => drop(self.guards.insert(name, guard)),
                Err(_) => missing.push(name),
            }
        }
        if missing.is_empty() {
            return true;
        }
        self.wanted.extend(missing);
        self.wanted.extend(std::mem::take(&mut self.guards).into_keys());
        false
    }
}

impl Reads<'_> {
    /// Holds the locks of these names until the call has ended. If somebody else holds one, the operation starts again
    /// when it has them all.
    ///
    /// # Errors
    /// `Error::Again`, to be passed on.
    pub fn lock(&mut self, names: impl IntoIterator<Item = String>) -> Result<()> {
        let locks = &self.cloud.locks;
        if self.work.locks.try_acquire(locks, names.into_iter().collect()) {
            Ok(())
        } else {
            Err(Error::Again)
        }
    }
}
