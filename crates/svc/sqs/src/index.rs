//! What this node knows in memory of the places of the queues in use: the earliest ones, and how many there are.
//!
//! It is a hint. What is received is decided by the commit that moves a place, on this node or another; the index only
//! spares the way over what was received and deleted before, and has the receivers of this node take different messages.
//! It follows from the records: it is loaded from the store piece by piece, and told of every commit from then on. A
//! commit that comes while it is being loaded is noted, and counts more than what was loaded.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alcazar_base::Timestamp;
use alcazar_engine::port::store::{Commit, Revision};
use alcazar_engine::{Name, Reads, Result, States};
use bytes::Bytes;
use lru::LruCache;

use crate::place::{self, Table};
use crate::tally::{Counted, Kind, Tally};

/// How many queues are held; of more, the longest unused are forgotten.
const QUEUES_MAX: NonZeroUsize = match NonZeroUsize::new(10_000) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// How many places of a table are held.
const WINDOW_MAX: usize = 10_000;

/// How many places are loaded at a time.
const LOADED: usize = 1000;

/// How many names are read at a time while all are counted.
const COUNTED: usize = 2000;

/// The indexes of all queues in use.
pub(crate) struct Indexes(Mutex<LruCache<String, Arc<Index>>>);

impl Default for Indexes {
    fn default() -> Self {
        let mut indexes = LruCache::unbounded();
        indexes.resize(QUEUES_MAX);
        Self(Mutex::new(indexes))
    }
}

impl Indexes {
    /// The index of a queue's contents; it knows nothing at first.
    pub(crate) fn of(&self, contents_id: &str) -> Arc<Index> {
        let mut indexes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = indexes.get(contents_id) {
            return index.clone();
        }
        let index = Arc::new(Index { contents_id: contents_id.to_owned(), known: Mutex::default() });
        indexes.put(contents_id.to_owned(), index.clone());
        index
    }

    fn told(&self, name: &Bytes, put_by: Option<Revision>) {
        let Some((contents_id, kind)) = Kind::of(name) else { return };
        let index = self.0.lock().unwrap_or_else(PoisonError::into_inner).peek(contents_id).cloned();
        if let Some(index) = index {
            index.lock().told(&Name::from_stored(name.clone()), kind, put_by);
        }
    }
}

/// Tells the indexes of a commit.
pub(crate) fn committed(states: &States, commit: &Commit) {
    let is_ours = |name: &Bytes| name.starts_with(b"sqs.");
    if !commit.names().iter().any(is_ours) {
        return;
    }
    let indexes = states.get::<Indexes>();
    for name in commit.put().iter().filter(|name| is_ours(name)) {
        indexes.told(name, Some(commit.revision));
    }
    for name in commit.deleted().iter().filter(|name| is_ours(name)) {
        indexes.told(name, None);
    }
}

/// What is known of the places of one queue's contents.
pub(crate) struct Index {
    contents_id: String,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    available: Window,
    in_flight: Window,
    /// What receivers of this node have taken and not ended with.
    taken: HashMap<Name, Revision>,
    /// What was told while something is being loaded, for each that loads.
    notes: HashMap<u64, Vec<(Name, bool)>>,
    next_note: u64,
    tally: Option<Tally>,
}

/// The earliest places of a table, but those that are taken.
#[derive(Default)]
struct Window {
    /// By what commit each came; none is known of those that were loaded.
    names: BTreeMap<Name, Revision>,
    reach: Reach,
}

/// How far a table is known.
#[derive(Default, PartialEq, Eq)]
enum Reach {
    #[default]
    Nothing,
    /// Every place up to this one, which may be gone.
    To(Name),
    All,
}

impl Window {
    fn reaches(&self, name: &Name) -> bool {
        match &self.reach {
            Reach::Nothing => false,
            Reach::To(last) => name <= last,
            Reach::All => true,
        }
    }

    fn insert(&mut self, name: Name, revision: Revision) {
        if !self.reaches(&name) {
            return;
        }
        self.names.insert(name, revision);
        while self.names.len() > WINDOW_MAX {
            self.names.pop_last();
            self.reach =
                self.names.last_key_value().map_or(Reach::Nothing, |(last, _)| Reach::To(last.clone()));
        }
    }

    /// What is to be loaded before anything can be said of places until `time`.
    fn lacks(&self, until: Timestamp) -> bool {
        match &self.reach {
            Reach::Nothing => true,
            Reach::To(last) => {
                let first = self.names.first_key_value();
                time_of(last) <= until && first.is_none_or(|(name, _)| time_of(name) > until)
            }
            Reach::All => false,
        }
    }

    /// The first place until a time that is not newer than what a call can read without a conflict.
    fn first(&self, until: Timestamp, snapshot: Revision) -> Option<&Name> {
        let mut due = self.names.iter().take_while(|(name, _)| time_of(name) <= until);
        due.find(|(_, revision)| **revision <= snapshot).map(|(name, _)| name)
    }

    /// When the first place comes that is later than `after`, as far as is known.
    fn next(&self, after: Timestamp) -> Option<Timestamp> {
        // What is earlier was passed over by the caller, who takes all that is due before it asks.
        self.names.keys().map(time_of).find(|time| *time > after)
    }
}

fn time_of(name: &Name) -> Timestamp {
    place::read(name.as_bytes()).map_or(Timestamp::MAX, |told| told.at)
}

impl Known {
    fn window(&mut self, table: Table) -> &mut Window {
        match table {
            Table::Available => &mut self.available,
            Table::InFlight => &mut self.in_flight,
        }
    }

    fn take_notes(&mut self, number: u64) -> Vec<(Name, bool)> {
        self.notes.get_mut(&number).map(std::mem::take).unwrap_or_default()
    }

    fn told(&mut self, name: &Name, kind: Kind, put_by: Option<Revision>) {
        for notes in self.notes.values_mut() {
            notes.push((name.clone(), put_by.is_some()));
        }
        if let Some(tally) = &mut self.tally {
            tally.told(name.as_bytes(), put_by.is_some());
        }
        let Kind::Place(table) = kind else { return };
        let Some(revision) = put_by else {
            self.taken.remove(name);
            self.window(table).names.remove(name);
            return;
        };
        if !self.taken.contains_key(name) {
            self.window(table).insert(name.clone(), revision);
        }
    }
}

/// A place that nobody else on this node takes, until this is dropped.
pub(crate) struct Taken {
    index: Arc<Index>,
    table: Table,
    pub(crate) name: Name,
}

impl Taken {
    /// The place is not there: another node moved it, and its word has not come yet.
    pub(crate) fn forget(&self) {
        self.index.lock().taken.remove(&self.name);
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut known = self.index.lock();
        if let Some(revision) = known.taken.remove(&self.name) {
            known.window(self.table).insert(self.name.clone(), revision);
        }
    }
}

/// When places are due: delayed ones of FIFO queues stand at the time that they were sent at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due {
    /// Places of [`Table::Available`] until then.
    pub(crate) available: Timestamp,
    /// Places of [`Table::InFlight`] until then.
    pub(crate) in_flight: Timestamp,
}

impl Due {
    const fn of(self, table: Table) -> Timestamp {
        match table {
            Table::Available => self.available,
            Table::InFlight => self.in_flight,
        }
    }
}

impl Index {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the earliest place that is due.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn take(self: &Arc<Self>, reads: &mut Reads<'_>, due: Due) -> Result<Option<Taken>> {
        for table in Table::ALL {
            while self.lock().window(table).lacks(due.of(table)) {
                self.load(reads, table).await?;
            }
        }
        let snapshot = reads.snapshot();
        let mut known = self.lock();
        let first = Table::ALL
            .into_iter()
            .filter_map(|table| Some((known.window(table).first(due.of(table), snapshot)?.clone(), table)))
            .min_by_key(|(name, _)| time_of(name));
        Ok(first.map(|(name, table)| {
            let revision = known.window(table).names.remove(&name).unwrap_or_default();
            known.taken.insert(name.clone(), revision);
            Taken { index: self.clone(), table, name }
        }))
    }

    /// When the next place is due that is not due yet, as far as is known.
    pub(crate) fn next(&self, due: Due) -> Option<Timestamp> {
        let mut known = self.lock();
        let now = due.in_flight;
        Table::ALL
            .into_iter()
            .filter_map(|table| {
                let next = known.window(table).next(due.of(table))?;
                let ahead = next.as_millis() - due.of(table).as_millis();
                Some(Timestamp::from_millis(now.as_millis() + ahead))
            })
            .min()
    }

    /// Whether somebody holds places of this queue, and may give them back.
    pub(crate) fn is_contended(&self) -> bool {
        !self.lock().taken.is_empty()
    }

    /// Whether so many places are in flight or were, that they may be more than are held.
    pub(crate) fn is_crowded(&self) -> bool {
        self.lock().in_flight.reach != Reach::All
    }

    /// Loads the next places of a table.
    async fn load(self: &Arc<Self>, reads: &mut Reads<'_>, table: Table) -> Result<()> {
        let mut range = table.of(&self.contents_id).range();
        let noting = Noting::begin(self.clone());
        let start = match &self.lock().window(table).reach {
            Reach::To(last) => Some(last.clone()),
            _ => None,
        };
        if let Some(start) = &start {
            range = range.after(start.as_bytes());
        }
        let found = reads.glance_names(&range, LOADED).await?;
        let reach = match found.last() {
            Some(last) if found.len() == LOADED => Reach::To(last.clone()),
            _ => Reach::All,
        };
        let mut known = self.lock();
        let notes = known.take_notes(noting.number);
        let mut names: BTreeSet<Name> = found.into_iter().collect();
        for (name, is_put) in notes {
            let is_here = place::read(name.as_bytes()).is_some_and(|told| told.table == table);
            if is_here && is_put {
                names.insert(name);
            } else if is_here {
                names.remove(&name);
            }
        }
        names.retain(|name| !known.taken.contains_key(name));
        let window = known.window(table);
        if start.is_some_and(|start| !window.reaches(&start)) {
            // It was cut short meanwhile, so what was loaded does not join on.
            return Ok(());
        }
        let is_further = match (&window.reach, &reach) {
            (Reach::All, _) => false,
            (Reach::To(before), Reach::To(now)) => before < now,
            _ => true,
        };
        if is_further {
            window.reach = reach;
        }
        for name in names {
            if !window.names.contains_key(&name) {
                window.insert(name, 0);
            }
        }
        Ok(())
    }

    /// Asks how many messages there are. They are counted once; from then on every commit tells.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn tally<T>(
        self: &Arc<Self>,
        reads: &mut Reads<'_>,
        is_fifo: bool,
        ask: impl FnOnce(&mut Tally) -> T,
    ) -> Result<T> {
        if let Some(tally) = &mut self.lock().tally {
            return Ok(ask(tally));
        }
        let noting = Noting::begin(self.clone());
        let mut counted = Counted::default();
        for mut range in Kind::ranges(&self.contents_id, is_fifo) {
            loop {
                let found = reads.glance_names(&range, COUNTED).await?;
                let last = found.last().filter(|_| found.len() == COUNTED).cloned();
                let reach = match (&last, &range.end) {
                    // The least name behind the last one.
                    (Some(last), _) => [last.as_bytes().as_ref(), b"\0"].concat(),
                    (None, Bound::Excluded(end) | Bound::Included(end)) => end.to_vec(),
                    (None, Bound::Unbounded) => Vec::new(),
                };
                counted.add(found, reach, self.lock().take_notes(noting.number));
                let Some(last) = last else { break };
                range = range.after(last.as_bytes());
            }
        }
        let mut known = self.lock();
        let notes = known.take_notes(noting.number);
        Ok(ask(known.tally.insert(counted.finish(notes))))
    }
}

/// Has what is told noted down, until it is dropped.
struct Noting {
    index: Arc<Index>,
    number: u64,
}

impl Noting {
    fn begin(index: Arc<Index>) -> Self {
        let mut known = index.lock();
        let number = known.next_note;
        known.next_note += 1;
        known.notes.insert(number, Vec::new());
        drop(known);
        Self { index, number }
    }
}

impl Drop for Noting {
    fn drop(&mut self) {
        self.index.lock().notes.remove(&self.number);
    }
}
