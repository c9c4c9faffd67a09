//! How many records stand in a range of names, known without reading them again for every call.
//!
//! A range is counted once, when it is first asked for; from then on the store tells of every commit. What is known is
//! never less than what is there: a write of which this process did not know what it does counts as one more, and
//! before anyone is refused the range is counted truly. Calls that have been given room for a record hold it until
//! they have ended, so that calls at the same time do not go beyond a quota together, and yet never conflict over it.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use lru::LruCache;

use crate::error::{Error, Result};
use crate::name::Name;
use crate::port::store::{NameRange, Store};

/// The most ranges whose counts are held; of more, the longest unused are dropped.
const RANGES_MAX: NonZeroUsize = match NonZeroUsize::new(16 * 1024) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// How many records are read at a time while counting.
const CHUNK: usize = 2048;

/// How often a range is counted for one call. If others write all the while, what is known then has to do.
const RECOUNTS_MAX: usize = 3;

/// There is no room: as much is there as may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// How much may be there.
    pub quota: u64,
    /// How much is there.
    pub usage: u64,
}

/// What a call that is under way will do to a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Added,
    Removed,
}

/// What is known of a range.
#[derive(Default)]
struct Known {
    /// How many records are there at most; none before it was ever counted.
    records: Option<u64>,
    /// Whether there are exactly so many.
    exact: bool,
    /// What calls that are under way will do.
    expected: HashMap<Bytes, Change>,
    /// What was told while the range is being counted.
    recount: Option<Recount>,
}

#[derive(Default)]
struct Recount {
    /// What may have been added behind the count's back.
    added: u64,
    disturbed: bool,
}

enum Claim {
    Granted,
    Refused(Full),
    Unknown,
}

/// The counts of the ranges that were asked for, by the prefix of their names.
pub(crate) struct Counts {
    known: Mutex<LruCache<Bytes, Known>>,
    /// Held while counting: one range at a time.
    turn: tokio::sync::Mutex<()>,
}

impl Default for Counts {
    fn default() -> Self {
        // An unbounded LruCache grows as it is filled, and takes its memory only then.
        let mut known = LruCache::unbounded();
        known.resize(RANGES_MAX);
        Self { known: Mutex::new(known), turn: tokio::sync::Mutex::default() }
    }
}

impl Counts {
    /// Holds room for the record `name` in `range`, which must be all names that begin with some prefix, if fewer
    /// than `quota` are there. The room is held until what is given back is dropped.
    pub(crate) async fn claim(
        self: &Arc<Self>,
        store: &dyn Store,
        range: &NameRange,
        name: &Name,
        quota: u64,
    ) -> Result<std::result::Result<Held, Full>> {
        let Bound::Included(prefix) = &range.start else {
            return Err(Error::invariant("a range that is counted begins with its prefix"));
        };
        for round in 0..=RECOUNTS_MAX {
            match self.try_claim(prefix, name, quota, round == RECOUNTS_MAX) {
                Claim::Granted => {
                    return Ok(Ok(Held { counts: self.clone(), names: vec![name.as_bytes().clone()] }));
                }
                Claim::Refused(full) => return Ok(Err(full)),
                Claim::Unknown => self.recount(store, range, prefix).await?,
            }
        }
        Err(Error::Conflict)
    }

    /// Tells of the records that a transaction is about to delete, which must be there.
    pub(crate) fn expect_removal(self: &Arc<Self>, names: Vec<Bytes>) -> Held {
        if !names.is_empty() {
            let mut known = self.known();
            for name in &names {
                each_range(&mut known, name, |range| {
                    range.expected.insert(name.clone(), Change::Removed);
                });
            }
        }
        Held { counts: self.clone(), names }
    }

    /// What the store tells of every commit.
    pub(crate) fn told(&self, names: &[Bytes]) {
        let mut known = self.known();
        if known.is_empty() {
            return;
        }
        for name in names {
            each_range(&mut known, name, |range| range.told(name));
        }
    }

    fn try_claim(&self, prefix: &Bytes, name: &Name, quota: u64, last: bool) -> Claim {
        let mut known = self.known();
        let Some(range) = known.get_mut(prefix) else { return Claim::Unknown };
        let Some(records) = range.records else { return Claim::Unknown };
        let added = range.expected.values().filter(|change| **change == Change::Added).count();
        let usage = records.saturating_add(u64::try_from(added).unwrap_or(u64::MAX));
        if usage < quota {
            range.expected.insert(name.as_bytes().clone(), Change::Added);
            return Claim::Granted;
        }
        if range.exact || last { Claim::Refused(Full { quota, usage }) } else { Claim::Unknown }
    }

    /// Counts a range truly, unless someone else just has.
    async fn recount(&self, store: &dyn Store, range: &NameRange, prefix: &Bytes) -> Result<()> {
        let _turn = self.turn.lock().await;
        {
            let mut known = self.known();
            let range = known.get_or_insert_mut(prefix.clone(), Known::default);
            if range.exact {
                return Ok(());
            }
            range.recount = Some(Recount::default());
        }
        let (mut rest, mut records) = (range.clone(), 0_u64);
        loop {
            let chunk = store.scan(&rest, CHUNK).await?;
            records = records.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            match chunk.last() {
                Some((last, _)) if chunk.len() == CHUNK => rest = rest.after(last),
                _ => break,
            }
            tokio::task::yield_now().await;
        }
        if let Some(range) = self.known().get_mut(prefix) {
            let told = range.recount.take().unwrap_or(Recount { added: 0, disturbed: true });
            range.records = Some(records.saturating_add(told.added));
            // What is under way may have been counted already, though nobody has told of it yet.
            range.exact = !told.disturbed && range.expected.is_empty();
            range.expected.retain(|_, change| *change == Change::Added);
        }
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, LruCache<Bytes, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn told(&mut self, name: &Bytes) {
        let change = self.expected.remove(name);
        if change.is_none() {
            self.exact = false;
        }
        let removed = change == Some(Change::Removed);
        if let Some(recount) = &mut self.recount {
            recount.disturbed = true;
            // What was removed may have been counted, or not: it stays counted.
            recount.added += u64::from(!removed);
        }
        if let Some(records) = &mut self.records {
            *records = if removed { records.saturating_sub(1) } else { records.saturating_add(1) };
        }
    }
}

/// Does something to every known range that `name` is in. The prefix of a range ends with a zero byte, as the parts
/// of a name do.
fn each_range(known: &mut LruCache<Bytes, Known>, name: &Bytes, mut act: impl FnMut(&mut Known)) {
    for (at, _) in name.iter().enumerate().filter(|(_, byte)| **byte == 0) {
        if let Some(range) = name.get(..=at).and_then(|prefix| known.peek_mut(prefix)) {
            act(range);
        }
    }
}

/// What a call will add or remove, until it has done so or given up.
pub(crate) struct Held {
    counts: Arc<Counts>,
    names: Vec<Bytes>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.names.is_empty() {
            return;
        }
        let mut known = self.counts.known();
        for name in &self.names {
            each_range(&mut known, name, |range| {
                range.expected.remove(name);
            });
        }
    }
}
