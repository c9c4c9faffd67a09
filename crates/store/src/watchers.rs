//! Those who are told of every commit.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use alcazar_engine::port::store::{Commit, Watcher};

/// A list of watchers, told in the order in which they came.
#[derive(Default)]
pub(crate) struct Watchers(RwLock<Vec<Watcher>>);

impl Watchers {
    /// Adds a watcher for all later commits.
    pub(crate) fn add(&self, watcher: Watcher) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).push(watcher);
    }

    /// Tells every watcher of one commit.
    pub(crate) fn tell(&self, commit: &Commit) {
        for watcher in self.0.read().unwrap_or_else(PoisonError::into_inner).iter() {
            watcher(commit);
        }
    }
}

impl fmt::Debug for Watchers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watchers")
    }
}
