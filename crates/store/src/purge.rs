//! Forgetting physically: what was deleted or replaced leaves the engine's files.
//!
//! The engine keeps older versions of a record in three places, and [`run`] empties them in this order:
//!
//! - memory, which is flushed into tables;
//! - the journal. The engine ends one only behind 64 MB, so what lacks is filled with deletions of names that no
//!   record has. A journal goes when everything in it is in tables; the engine sees to that itself;
//! - the tables, which are all rewritten without older versions and deletions. Superseded files go when nobody
//!   reads them any more.
//!
//! What always holds: this is nothing but the engine's own maintenance, asked for out of turn. Every batch of it bears
//! the store's state and comes through the committer, as any other; a crash at any moment leaves what a crash
//! leaves anyway. It is done when the files that were there at its start are gone, and not before.

use std::sync::atomic::Ordering;
use std::time::Duration;

use alcazar_engine::port::store::StoreError;
use tokio::sync::{mpsc, oneshot};

use crate::committer::Request;
use crate::embedded_store::Shared;
use crate::engine::Filler;

/// How many batches of filler are written at the most: twice what fills a journal.
const FILLERS_MAX: usize = 2 * 64;

/// How often the tables are rewritten at the most, should a flush have come in between.
const REWRITES_MAX: usize = 4;

/// How often it is looked whether the engine has done its part.
const LOOKS_MAX: usize = 100;

/// How long the engine is given between two looks.
const NAP: Duration = Duration::from_millis(10);

/// How often it is looked whether somebody still reads older records, and how long between two looks.
const READER_LOOKS_MAX: usize = 10;
const READER_NAP: Duration = Duration::from_millis(200);

/// How many naps a flush may take.
const FLUSH_NAPS_MAX: usize = 6000;

/// Makes the engine forget what was deleted or replaced before now. It takes as long as rewriting all records does.
///
/// # Errors
/// `StoreError` if the store fails or closes, or somebody reads the old records all the time, as a backup does.
pub(crate) fn run(shared: &Shared, requests: mpsc::WeakSender<Request>) -> Result<(), StoreError> {
    let purge = Purge { shared, requests, filler: Filler::new() };
    // Whatever was replaced or deleted has a lower number.
    let floor = shared.engine.floor();
    purge.wait_for_readers(floor)?;
    purge.end_journals()?;
    purge.rewrite_tables()
}

struct Purge<'a> {
    shared: &'a Shared,
    requests: mpsc::WeakSender<Request>,
    filler: Filler,
}

impl Purge<'_> {
    /// Waits until nobody reads the records as they were before `floor`.
    fn wait_for_readers(&self, floor: u64) -> Result<(), StoreError> {
        for _ in 0..READER_LOOKS_MAX {
            // The engine finds out what is being read when it flushes.
            self.flush()?;
            if self.shared.engine.forgets_below() >= floor {
                return Ok(());
            }
            std::thread::sleep(READER_NAP);
        }
        Err(StoreError::Failed("older records are being read; they cannot be forgotten now".to_owned()))
    }

    /// Has the engine drop every journal that there is now.
    fn end_journals(&self) -> Result<(), StoreError> {
        let engine = &self.shared.engine;
        let Some(last) = engine.journals()?.last().copied() else { return Ok(()) };
        for _ in 0..FILLERS_MAX {
            if engine.journals()?.last().is_some_and(|newest| *newest > last) {
                break;
            }
            self.write(self.filler.clone())?;
            self.wait_for_flushes()?;
        }
        for _ in 0..LOOKS_MAX {
            if engine.journals()?.first().is_some_and(|oldest| *oldest > last) {
                return Ok(());
            }
            self.flush()?;
        }
        Err(StoreError::Failed("the engine did not drop its journal".to_owned()))
    }

    /// Has the engine write every table anew, and waits until the files of the old ones are gone.
    fn rewrite_tables(&self) -> Result<(), StoreError> {
        let engine = &self.shared.engine;
        for _ in 0..REWRITES_MAX {
            self.flush()?;
            let old = engine.tables()?;
            engine.compact()?;
            for _ in 0..LOOKS_MAX {
                // The engine lets go of old files when it flushes.
                self.flush()?;
                if engine.tables()?.is_disjoint(&old) {
                    return Ok(());
                }
            }
        }
        Err(StoreError::Failed("the engine did not drop its old tables".to_owned()))
    }

    /// Puts everything that is in memory into tables.
    fn flush(&self) -> Result<(), StoreError> {
        // The engine does nothing at all if there is nothing to flush.
        self.write(Filler::none())?;
        self.shared.engine.rotate()?;
        self.wait_for_flushes()?;
        std::thread::sleep(NAP);
        Ok(())
    }

    fn wait_for_flushes(&self) -> Result<(), StoreError> {
        for _ in 0..FLUSH_NAPS_MAX {
            if self.shared.closed.load(Ordering::Acquire) {
                return Err(StoreError::Closed);
            }
            if !self.shared.engine.is_flushing() {
                return Ok(());
            }
            std::thread::sleep(NAP);
        }
        Err(StoreError::Failed("the engine does not flush".to_owned()))
    }

    /// Has the committer write the state and `filler`, between two groups.
    fn write(&self, filler: Filler) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let requests = self.requests.upgrade().ok_or(StoreError::Closed)?;
        requests.blocking_send(Request::Fill(filler, answer)).map_err(|_| StoreError::Closed)?;
        drop(requests);
        answered.blocking_recv().map_err(|_| StoreError::Closed)?
    }
}

#[cfg(test)]
mod tests;
