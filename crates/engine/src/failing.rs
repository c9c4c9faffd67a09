//! Tasks that failed, and when each is tried again: later each time, so that what cannot be done does not keep the
//! scheduler busy. This is in memory alone; after a restart each is tried at once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use alcazar_base::Timestamp;

use crate::backoff;
use crate::name::Name;

/// How many tasks are known to fail. Those beyond are tried again whenever the scheduler looks.
const FAILING_MAX: usize = 10_000;

/// What is known of a task that failed.
struct Wait {
    failures: u32,
    until: Timestamp,
}

/// The tasks that failed, by their names.
#[derive(Default)]
pub(crate) struct Failing(Mutex<HashMap<Name, Wait>>);

impl Failing {
    fn lock(&self) -> MutexGuard<'_, HashMap<Name, Wait>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    /// When a task is tried again that is due at `due`.
    pub(crate) fn due(&self, name: &Name, due: Timestamp) -> Timestamp {
        self.lock().get(name).map_or(due, |wait| wait.until.max(due))
    }

    /// Told of a task that failed.
    pub(crate) fn failed(&self, name: &Name, now: Timestamp) {
        let mut failing = self.lock();
        let failures = failing.get(name).map_or(0, |wait| wait.failures.saturating_add(1));
        if failing.len() < FAILING_MAX || failing.contains_key(name) {
            failing.insert(name.clone(), Wait { failures, until: now + backoff::after(failures) });
        }
    }

    /// Told of a task that was done.
    pub(crate) fn done(&self, name: &Name) {
        self.lock().remove(name);
    }

    /// Told that every task was tried that is to be by now: the others are gone.
    pub(crate) fn tried_all(&self, now: Timestamp) {
        self.lock().retain(|_, wait| wait.until > now);
    }
}
