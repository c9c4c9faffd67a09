//! What is made of records, kept until one of the records changes.
//!
//! A value is kept with the names of the records it was made of. A commit that writes one of them drops the value, at
//! once and on every node that the store tells of commits. What was made of records that changed meanwhile is never
//! given out: whoever puts a value in looks again, after it is in, whether its records are still the same, and only then
//! [confirms](DerivedCache::confirm) it.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use lru::LruCache;

const SHARDS: usize = 16;

struct Entry<V> {
    value: Arc<V>,
    made_of: Vec<Bytes>,
    is_confirmed: bool,
}

/// Values by key: at most as many as it was made for, the least recently used dropped first.
pub(crate) struct DerivedCache<V> {
    shards: Vec<Mutex<LruCache<Box<str>, Entry<V>>>>,
    hasher: RandomState,
    /// Which keys' values were made of a record.
    keys: Mutex<HashMap<Bytes, HashSet<Box<str>>>>,
}

impl<V> DerivedCache<V> {
    /// A cache for at most `values_max` values.
    pub(crate) fn new(values_max: usize) -> Self {
        let each = NonZeroUsize::new(values_max / SHARDS).unwrap_or(NonZeroUsize::MIN);
        let shard = || {
            // One that is made with its bound takes the memory for it at once; this one grows as it is filled.
            let mut values = LruCache::unbounded();
            values.resize(each);
            Mutex::new(values)
        };
        Self {
            shards: (0..SHARDS).map(|_| shard()).collect(),
            hasher: RandomState::new(),
            keys: Mutex::new(HashMap::new()),
        }
    }

    /// The value of this key, if it has been confirmed.
    pub(crate) fn get(&self, key: &str) -> Option<Arc<V>> {
        self.shard(key)?.get(key).filter(|entry| entry.is_confirmed).map(|entry| entry.value.clone())
    }

    /// Gives a value out from now on, unless one of its records was written since it was put in.
    pub(crate) fn confirm(&self, key: &str, value: &Arc<V>) {
        let Some(mut shard) = self.shard(key) else { return };
        if let Some(entry) = shard.get_mut(key).filter(|entry| Arc::ptr_eq(&entry.value, value)) {
            entry.is_confirmed = true;
        }
    }

    /// Puts in a value that was made of the records of these names, to be confirmed.
    pub(crate) fn insert(&self, key: &str, value: Arc<V>, made_of: Vec<Bytes>) {
        {
            let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            for name in &made_of {
                keys.entry(name.clone()).or_default().insert(key.into());
            }
        }
        let dropped = self
            .shard(key)
            .and_then(|mut shard| shard.push(key.into(), Entry { value, made_of, is_confirmed: false }));
        if let Some((dropped_key, entry)) = dropped {
            let kept = self
                .shard(&dropped_key)
                .and_then(|shard| shard.peek(&dropped_key).map(|kept| kept.made_of.clone()));
            let kept = kept.unwrap_or_default();
            let names = entry.made_of.iter().filter(|name| !kept.contains(name));
            self.disconnect(&dropped_key, names);
        }
    }

    /// Drops the value of this key.
    pub(crate) fn remove(&self, key: &str) {
        let removed = self.shard(key).and_then(|mut shard| shard.pop(key));
        if let Some(entry) = removed {
            self.disconnect(key, entry.made_of.iter());
        }
    }

    /// Drops what was made of records that a commit wrote.
    pub(crate) fn forget(&self, names: &[Bytes]) {
        for name in names {
            let keys = {
                let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
                keys.remove(name).unwrap_or_default()
            };
            keys.iter().for_each(|key| self.remove(key));
        }
    }

    fn disconnect<'a>(&self, key: &str, names: impl Iterator<Item = &'a Bytes>) {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        for name in names {
            if let Some(of_name) = keys.get_mut(name) {
                of_name.remove(key);
                if of_name.is_empty() {
                    keys.remove(name);
                }
            }
        }
    }

    fn shard(&self, key: &str) -> Option<MutexGuard<'_, LruCache<Box<str>, Entry<V>>>> {
        let index = usize::try_from(self.hasher.hash_one(key) % 16).unwrap_or(0);
        Some(self.shards.get(index)?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    fn put(cache: &DerivedCache<i32>, key: &str, value: Arc<i32>, made_of: Vec<Bytes>) {
        cache.insert(key, value.clone(), made_of);
        cache.confirm(key, &value);
    }

    #[test]
    fn a_value_is_given_out_only_if_nothing_was_written_before_it_was_confirmed() {
        let cache = DerivedCache::new(100);
        let (old, new) = (Arc::new(1), Arc::new(2));
        cache.insert("x", old.clone(), vec![name("a")]);
        assert_eq!(cache.get("x"), None);
        cache.forget(&[name("a")]);
        cache.confirm("x", &old);
        assert_eq!(cache.get("x"), None);
        cache.insert("x", new.clone(), vec![name("a")]);
        cache.confirm("x", &old);
        assert_eq!(cache.get("x"), None);
        cache.confirm("x", &new);
        assert_eq!(cache.get("x").as_deref(), Some(&2));
    }

    #[test]
    fn a_value_is_dropped_with_any_record_that_it_was_made_of() {
        let cache = DerivedCache::new(100);
        for written in ["a", "b"] {
            put(&cache, "x", Arc::new(1), vec![name("a"), name("b")]);
            put(&cache, "y", Arc::new(2), vec![name("c")]);
            cache.forget(&[name(written), name("z")]);
            assert_eq!((cache.get("x"), cache.get("y").as_deref()), (None, Some(&2)));
        }
    }

    #[test]
    fn a_value_in_place_of_another_hangs_on_its_own_records_alone() {
        let cache = DerivedCache::new(100);
        put(&cache, "x", Arc::new(1), vec![name("a"), name("b")]);
        put(&cache, "x", Arc::new(2), vec![name("b"), name("c")]);
        cache.forget(&[name("a")]);
        assert_eq!(cache.get("x").as_deref(), Some(&2));
        cache.forget(&[name("b")]);
        assert_eq!(cache.get("x"), None);
    }

    #[test]
    fn it_holds_no_more_than_it_was_made_for_and_remembers_nothing_of_the_rest() {
        let cache = DerivedCache::new(32);
        for i in 0..1000 {
            put(&cache, &i.to_string(), Arc::new(i), vec![Bytes::from(format!("r{i}")), name("all")]);
        }
        let held: usize = cache.shards.iter().map(|shard| shard.lock().unwrap().len()).sum();
        assert!(held <= 32, "{held}");
        assert_eq!(cache.keys.lock().unwrap().len(), held + 1);
        cache.forget(&[name("all")]);
        assert!(cache.keys.lock().unwrap().is_empty());
    }
}
