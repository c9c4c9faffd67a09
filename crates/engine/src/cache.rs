//! Records in typed form, so that what is hot is neither read, opened nor parsed again.
//!
//! An entry is dropped when the store tells of a commit that wrote its name. A reader that loads a record
//! while it is being written must not put the old one back: it remembers the newest commit that was whole
//! before it read, and a shard refuses an entry that is older than the last commit that touched the shard.

use std::any::Any;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use lru::LruCache;

use crate::name::Name;
use crate::port::store::Revision;

const SHARDS: usize = 64;

/// A record of any type.
pub(crate) type AnyRecord = Arc<dyn Any + Send + Sync>;

struct Shard {
    records: LruCache<Name, AnyRecord, RandomState>,
    /// The last commit that wrote any name of this shard.
    touched: Revision,
}

/// The cache of typed records: at most as many as it was made for, the least recently used dropped first.
pub(crate) struct RecordCache {
    shards: Vec<Mutex<Shard>>,
    hasher: RandomState,
}

impl RecordCache {
    /// A cache for at most `records_max` records.
    pub(crate) fn new(records_max: usize) -> Self {
        let each = NonZeroUsize::new(records_max / SHARDS).unwrap_or(NonZeroUsize::MIN);
        let shard = || {
            // An unbounded LruCache grows as it is filled; the bound is kept by `insert`.
            let mut records = LruCache::unbounded_with_hasher(RandomState::new());
            records.resize(each);
            Mutex::new(Shard { records, touched: 0 })
        };
        Self { shards: (0..SHARDS).map(|_| shard()).collect(), hasher: RandomState::new() }
    }

    /// The cached record of this name.
    pub(crate) fn get(&self, name: &Name) -> Option<AnyRecord> {
        self.with_shard(name, |shard| shard.records.get(name).cloned()).flatten()
    }

    /// Keeps a record that was loaded when `whole` was the newest commit whose writes could all be seen.
    pub(crate) fn insert(&self, name: &Name, record: AnyRecord, whole: Revision) {
        self.with_shard(name, |shard| {
            if shard.touched <= whole {
                shard.records.put(name.clone(), record);
            }
        });
    }

    /// Drops what a commit wrote.
    pub(crate) fn forget(&self, names: &[Bytes], revision: Revision) {
        for name in names {
            let name = Name::from_stored(name.clone());
            self.with_shard(&name, |shard| {
                shard.touched = shard.touched.max(revision);
                shard.records.pop(&name);
            });
        }
    }

    fn with_shard<T>(&self, name: &Name, act: impl FnOnce(&mut Shard) -> T) -> Option<T> {
        let index = usize::try_from(self.hasher.hash_one(name) % 64).unwrap_or(0);
        let shard = self.shards.get(index)?;
        Some(act(&mut shard.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::table("t").part(text).name()
    }

    fn cached(cache: &RecordCache, text: &str) -> Option<u32> {
        cache.get(&name(text))?.downcast_ref::<u32>().copied()
    }

    #[test]
    fn what_a_commit_wrote_is_forgotten() {
        let cache = RecordCache::new(1000);
        cache.insert(&name("a"), Arc::new(1_u32), 0);
        cache.insert(&name("b"), Arc::new(2_u32), 0);
        cache.forget(&[name("a").as_bytes().clone()], 1);
        assert_eq!(cached(&cache, "a"), None);
        assert_eq!(cached(&cache, "b"), Some(2));
    }

    #[test]
    fn a_record_that_was_read_before_a_commit_does_not_come_back_after_it() {
        let cache = RecordCache::new(1000);
        cache.forget(&[name("a").as_bytes().clone()], 6);
        cache.insert(&name("a"), Arc::new(5_u32), 5);
        assert_eq!(cached(&cache, "a"), None);
        cache.insert(&name("a"), Arc::new(6_u32), 6);
        assert_eq!(cached(&cache, "a"), Some(6));
    }

    #[test]
    fn it_holds_no_more_than_it_was_made_for() {
        let cache = RecordCache::new(128);
        for i in 0..10_000 {
            cache.insert(&name(&i.to_string()), Arc::new(0_u32), 0);
        }
        let held: usize = cache.shards.iter().map(|shard| shard.lock().unwrap().records.len()).sum();
        assert!(held <= 128, "{held}");
    }
}
