//! Which lanes of deliveries there are, and when there is something to do in each.
//!
//! It is in memory alone and follows from the records: whatever commits a delivery, here or on another node, the store
//! tells of it. What always holds: a lane whose earliest delivery is due has a time to look that is not later.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use alcazar_base::Timestamp;
use bytes::Bytes;
use tokio::sync::Notify;

use crate::delivery::{self, LaneId};
use crate::name::Name;

/// One lane.
#[derive(Default)]
struct Lane {
    /// When to look next; none if nothing is known to wait.
    look_at: Option<Timestamp>,
    /// What is under way.
    running: HashSet<Name>,
}

#[derive(Default)]
struct Inner {
    lanes: HashMap<LaneId, Lane>,
    by_time: BTreeSet<(Timestamp, LaneId)>,
    running: usize,
}

/// The lanes.
#[derive(Default)]
pub(crate) struct Lanes {
    inner: Mutex<Inner>,
    /// Rung when a delivery came, or one ended, for whoever begins them.
    pub(crate) moved: Notify,
    /// Rung when one ended, for whoever waits for that.
    pub(crate) ended: Notify,
}

impl Inner {
    fn look_at(&mut self, id: LaneId, at: Option<Timestamp>) {
        let lane = self.lanes.entry(id).or_default();
        if let Some(before) = lane.look_at.take() {
            self.by_time.remove(&(before, id));
        }
        lane.look_at = at;
        match at {
            Some(at) => drop(self.by_time.insert((at, id))),
            None if lane.running.is_empty() => drop(self.lanes.remove(&id)),
            None => {}
        }
    }

    fn look_no_later_than(&mut self, id: LaneId, at: Timestamp) {
        let known = self.lanes.get(&id).and_then(|lane| lane.look_at);
        if known.is_none_or(|known| at < known) {
            self.look_at(id, Some(at));
        }
    }
}

impl Lanes {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Told of the records that a commit put.
    pub(crate) fn told(&self, names: &[Bytes]) {
        let mut came = false;
        for (lane, due) in names.iter().filter_map(|name| delivery::place(name)) {
            self.lock().look_no_later_than(lane, due);
            came = true;
        }
        if came {
            self.moved.notify_one();
        }
    }

    /// A lane to look at by `now`, with the names that are under way in it. It is looked at again when
    /// [`looked`](Self::looked) says so, or something comes meanwhile.
    pub(crate) fn take(&self, now: Timestamp) -> Option<(LaneId, HashSet<Name>)> {
        let mut inner = self.lock();
        let (at, id) = *inner.by_time.first()?;
        if at > now {
            return None;
        }
        inner.by_time.remove(&(at, id));
        let lane = inner.lanes.get_mut(&id)?;
        lane.look_at = None;
        Some((id, lane.running.clone()))
    }

    /// What looking at a lane brought: what is begun now, and when there is something more to look for.
    pub(crate) fn looked(&self, id: LaneId, begun: impl IntoIterator<Item = Name>, next: Option<Timestamp>) {
        let mut inner = self.lock();
        let before = inner.lanes.get(&id).map_or(0, |lane| lane.running.len());
        let lane = inner.lanes.entry(id).or_default();
        lane.running.extend(begun);
        let after = lane.running.len();
        inner.running += after - before;
        match next {
            Some(next) => inner.look_no_later_than(id, next),
            None => {
                let known = inner.lanes.get(&id).and_then(|lane| lane.look_at);
                inner.look_at(id, known);
            }
        }
    }

    /// One that was under way has ended: there may be room for another of its lane.
    pub(crate) fn ended(&self, name: &Name, now: Timestamp) {
        let Some((id, _)) = delivery::place(name.as_bytes()) else { return };
        let mut inner = self.lock();
        let was_running = inner.lanes.get_mut(&id).is_some_and(|lane| lane.running.remove(name));
        inner.running -= usize::from(was_running);
        inner.look_no_later_than(id, now);
        drop(inner);
        self.moved.notify_one();
        self.ended.notify_waiters();
    }

    /// When to look next, if anything is known to wait.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.lock().by_time.first().map(|(at, _)| *at)
    }

    /// How many deliveries are under way.
    pub(crate) fn running(&self) -> usize {
        self.lock().running
    }
}
