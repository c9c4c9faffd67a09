//! The audit log on segment files.
//!
//! An append is sealed and handed to the operating system by one call, so it survives the death of the process;
//! a thread of its own makes it survive the loss of power within a second. A new segment is begun at each start,
//! at [`SEGMENT_BYTES_MAX`], and after a write that failed, so that nothing is ever written behind a torn frame.

use std::fs::File;
use std::io::Write;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_crypto::{Entropy, Keyring};
use alcazar_engine::port::audit_log::{
    AuditEntry, AuditLog, AuditLogError, AuditRecord, Find, Labeller, LogWatcher,
};
use alcazar_engine::port::store::Revision;
use bytes::Bytes;

use crate::audit_reader::AuditReader;
use crate::directory::{self, Directory};
use crate::log_index::LogIndex;
use crate::open_error::OpenError;
use crate::segment::{self, Description, Frame, FrameSealer, Kind, Next, SegmentReader};
use crate::segment_index::SegmentIndex;
use crate::segment_range::{self, SegmentRange};

mod dropping;
mod finding;

/// A segment takes no more frames when it is this long, in bytes. The newest segment is read whole at each start,
/// so this also bounds how long that takes.
pub const SEGMENT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// How long what was appended may wait before it is made to survive the loss of power.
const SYNC_DELAY: Duration = Duration::from_millis(500);

/// How much of the buffer for sealing is kept between appends, in bytes.
const BUFFER_BYTES_KEPT: usize = 256 * 1024;

/// What the log holds when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tail {
    /// Which segments there are.
    pub(crate) range: SegmentRange,
    /// Where the newest one ends, in bytes, without a frame that was cut off.
    pub(crate) end: u64,
    /// The sequence number of the next record.
    pub(crate) next_sequence: u64,
    /// The newest commit that the log knows to have been durable.
    pub(crate) durable: Revision,
}

impl Default for Tail {
    fn default() -> Self {
        Self { range: SegmentRange { first: 1, last: 0 }, end: 0, next_sequence: 0, durable: 0 }
    }
}

impl Tail {
    /// Reads the newest segment whole.
    pub(crate) fn read(segments: &Path, keyring: &Keyring) -> Result<Self, OpenError> {
        let range = SegmentRange::read(segments, keyring)?;
        if range.count() == 0 {
            return Ok(Self::default());
        }
        let mut newest = SegmentReader::open(segments, range.last, keyring)?;
        let description = *newest.description();
        if range.count() > 1 {
            let before = segment::path(segments, range.last - 1);
            let bytes = std::fs::metadata(&before).map_err(|error| OpenError::io(&before, &error))?.len();
            if bytes < description.previous_end {
                return Err(OpenError::damaged(&before, "it has lost its end"));
            }
        }
        let mut durable = description.revision;
        while let Next::Frame(frame) = newest.next_frame()? {
            durable = durable.max(frame.durable);
        }
        Ok(Self { range, end: newest.offset(), next_sequence: newest.sequence(), durable })
    }
}

/// The audit log of an open data directory.
pub struct SegmentLog {
    shared: Arc<Shared>,
    syncer: Mutex<Option<JoinHandle<()>>>,
    indexer: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    directory: Arc<Directory>,
    segments: PathBuf,
    keyring: Arc<Keyring>,
    entropy: Arc<dyn Entropy>,
    /// The newest durable commit; every frame says it.
    durable: AtomicU64,
    writer: Mutex<Writer>,
    unsynced: AtomicBool,
    stopping: Mutex<bool>,
    wake: Condvar,
    watchers: RwLock<Vec<LogWatcher>>,
    index: LogIndex,
    reader: AuditReader,
    /// The first segment that is there.
    first: AtomicU64,
    /// Whoever reads it holds the segments, so that none is dropped.
    held: RwLock<()>,
}

/// The newest segment.
struct Writer {
    file: Arc<File>,
    sealer: FrameSealer,
    number: u64,
    end: u64,
    next_sequence: u64,
    index: SegmentIndex,
    buffer: Vec<u8>,
    /// A write failed, so the segment may have a torn frame: the next append begins another one.
    torn: bool,
    /// What was written may be lost, so nothing more is taken.
    failed: Option<String>,
}

impl SegmentLog {
    /// Goes on after `tail` in a new segment, which says that the store is at `revision`.
    pub(crate) fn start(
        directory: Arc<Directory>,
        tail: Tail,
        revision: Revision,
        keyring: Arc<Keyring>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, OpenError> {
        let description = Description {
            number: tail.range.last + 1,
            first_sequence: tail.next_sequence,
            previous_end: tail.end,
            revision,
            at_start: true,
        };
        let segments = directory.audit();
        // What a crash left of dropping old segments.
        segment_range::remove_before(&segments, tail.range.first)?;
        let writer = Writer::begin(&segments, &description, &keyring, entropy.as_ref())?;
        let (jobs, asked) = mpsc::channel();
        let index = LogIndex::new(&segments, Arc::clone(&keyring), Arc::clone(&entropy), jobs);
        let reader = AuditReader::new(directory.path(), Arc::clone(&keyring));
        let shared = Arc::new(Shared {
            directory,
            segments,
            keyring,
            entropy,
            durable: AtomicU64::new(revision),
            writer: Mutex::new(writer),
            unsynced: AtomicBool::new(false),
            stopping: Mutex::new(false),
            wake: Condvar::new(),
            watchers: RwLock::default(),
            index,
            reader,
            first: AtomicU64::new(tail.range.first),
            held: RwLock::default(),
        });
        let thread = Arc::clone(&shared);
        let syncer = std::thread::Builder::new()
            .name("audit-sync".to_owned())
            .spawn(move || thread.sync_in_time())
            .map_err(|error| OpenError::io(&shared.segments, &error))?;
        let thread = Arc::clone(&shared);
        let indexer = std::thread::Builder::new()
            .name("audit-index".to_owned())
            .spawn(move || thread.index.run(&asked, &thread.reader, || thread.range()))
            .map_err(|error| OpenError::io(&shared.segments, &error))?;
        Ok(Self { shared, syncer: Mutex::new(Some(syncer)), indexer: Mutex::new(Some(indexer)) })
    }

    /// Says that `revision` is durable. Every frame from here on bears it, the first of them being one of its own:
    /// when the log is opened again, it vouches for that commit.
    pub(crate) fn set_durable(&self, revision: Revision) -> Result<(), AuditLogError> {
        self.shared.durable.store(revision, Ordering::Release);
        self.shared.append(&[(Kind::Durable, 0, &AuditRecord::default())]).map(|_| ())
    }

    /// Appends the records of commits, syncs, and gives the sequence number after them.
    pub(crate) fn append_durably(&self, records: &[(Revision, AuditRecord)]) -> Result<u64, AuditLogError> {
        let next = self.append_records(records)?;
        self.shared.sync()?;
        Ok(next)
    }

    fn append_records(&self, records: &[(Revision, AuditRecord)]) -> Result<u64, AuditLogError> {
        let frames: Vec<_> =
            records.iter().map(|(revision, record)| (Kind::Commit, *revision, record)).collect();
        let first = self.shared.append(&frames)?;
        Ok(first + records.len() as u64)
    }

    /// Makes every later append fail.
    #[cfg(test)]
    pub(crate) fn break_down(&self) {
        self.shared.lock().failed = Some("broken down".to_owned());
    }

    /// How many records have been appended so far, those of commits that never came to be among them.
    #[must_use]
    pub fn record_count(&self) -> u64 {
        self.shared.lock().next_sequence
    }

    /// Where the segments are.
    pub(crate) fn segments(&self) -> &Path {
        &self.shared.segments
    }

    /// Keeps every segment where it is until what is given back is dropped.
    pub(crate) fn hold(&self) -> RwLockReadGuard<'_, ()> {
        self.shared.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which segments there are.
    pub(crate) fn range(&self) -> SegmentRange {
        self.shared.range()
    }

    /// The number and the end of the newest segment.
    pub(crate) fn position(&self) -> (u64, u64) {
        let writer = self.shared.lock();
        (writer.number, writer.end)
    }

    /// Stops the thread that syncs, and syncs once more. What is appended later is still taken.
    pub(crate) fn stop(&self) -> Result<(), AuditLogError> {
        *self.shared.stopping.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.wake.notify_all();
        if let Some(syncer) = self.syncer.lock().unwrap_or_else(PoisonError::into_inner).take() {
            syncer.join().map_err(|_| AuditLogError("the syncing thread gave up".to_owned()))?;
        }
        self.shared.sync()
    }
}

fn error(error: impl ToString) -> AuditLogError {
    AuditLogError(error.to_string())
}

impl Drop for SegmentLog {
    fn drop(&mut self) {
        self.shared.index.stop();
        let indexer = self.indexer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if indexer.is_some_and(|indexer| indexer.join().is_err()) {
            tracing::error!("the thread that indexes the audit log gave up");
        }
        match self.stop() {
            Ok(()) => self.shared.close_index(),
            Err(error) => tracing::error!(%error, "the audit log was not synced at its end"),
        }
    }
}

impl std::fmt::Debug for SegmentLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SegmentLog").field("directory", &self.shared.directory.path()).finish_non_exhaustive()
    }
}

impl AuditLog for SegmentLog {
    fn append(&self, record: &AuditRecord) -> Result<u64, AuditLogError> {
        let sequence = self.shared.append(&[(Kind::Plain, 0, record)])?;
        self.shared.sync_soon();
        Ok(sequence)
    }

    fn append_all(&self, records: &[AuditRecord]) -> Result<(), AuditLogError> {
        let frames: Vec<_> = records.iter().map(|record| (Kind::Plain, 0, record)).collect();
        self.shared.append(&frames)?;
        self.shared.sync_soon();
        Ok(())
    }

    fn append_commits(&self, records: &[(Revision, AuditRecord)]) -> Result<(), AuditLogError> {
        if records.is_empty() {
            return Ok(());
        }
        self.append_records(records)?;
        self.shared.sync_soon();
        Ok(())
    }

    fn sync(&self) -> Result<(), AuditLogError> {
        self.shared.sync()
    }

    fn read(&self, sequence: u64, limit: usize) -> Result<Vec<AuditEntry>, AuditLogError> {
        let confirmed = self.shared.durable.load(Ordering::Acquire);
        self.shared.reader.read_confirmed(sequence, limit, confirmed).map_err(error)
    }

    fn find(&self, find: &Find) -> Result<Vec<AuditEntry>, AuditLogError> {
        self.shared.find(find).map_err(error)
    }

    fn label_by(&self, labeller: Labeller) {
        self.shared.index.set_labeller(labeller);
    }

    fn drop_before(&self, time: Timestamp, sequence: u64) -> Result<u64, AuditLogError> {
        self.shared.drop_before(time, sequence)
    }

    fn next_sequence(&self) -> u64 {
        self.record_count()
    }

    fn watch(&self, watcher: LogWatcher) {
        // Whoever asks for the next sequence number afterwards knows from where on the watcher is told.
        let _writer = self.shared.lock();
        self.shared.watchers.write().unwrap_or_else(PoisonError::into_inner).push(watcher);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends frames by one write, and gives the sequence number of the first.
    fn append(&self, frames: &[(Kind, Revision, &AuditRecord)]) -> Result<u64, AuditLogError> {
        let mut writer = self.lock();
        if let Some(failure) = &writer.failed {
            return Err(AuditLogError(failure.clone()));
        }
        let durable = self.durable.load(Ordering::Acquire);
        if writer.torn || writer.end >= SEGMENT_BYTES_MAX {
            self.begin_segment(&mut writer, durable)?;
        }
        let first = writer.append(frames, durable)?;
        // Still locked, so that the watchers are told of all records in their order.
        let watchers = self.watchers.read().unwrap_or_else(PoisonError::into_inner);
        let records = frames.iter().filter(|(kind, ..)| kind.is_record());
        for (sequence, (_, _, record)) in (first..).zip(records) {
            watchers.iter().for_each(|watcher| watcher(sequence, &record.bytes));
        }
        Ok(first)
    }

    fn begin_segment(&self, writer: &mut Writer, durable: Revision) -> Result<(), AuditLogError> {
        writer.file.sync_data().map_err(|error| writer.fail(&error))?;
        let description = Description {
            number: writer.number + 1,
            first_sequence: writer.next_sequence,
            previous_end: writer.end,
            revision: durable,
            at_start: false,
        };
        let new = Writer::begin(&self.segments, &description, &self.keyring, self.entropy.as_ref())
            .map_err(error)?;
        let closed = mem::replace(writer, new);
        self.index.closed(closed.index);
        Ok(())
    }

    /// Writes the index of the newest segment, when nobody appends any more and all of it is durable. If that is not
    /// done, the index is made from the records after the next start.
    fn close_index(&self) {
        let mut writer = self.lock();
        let empty = SegmentIndex::new(writer.number, writer.sealer.id(), writer.next_sequence);
        self.index.write(&Arc::new(mem::replace(&mut writer.index, empty)));
    }

    fn sync(&self) -> Result<(), AuditLogError> {
        self.unsynced.store(false, Ordering::SeqCst);
        let file = {
            let writer = self.lock();
            if let Some(failure) = &writer.failed {
                return Err(AuditLogError(failure.clone()));
            }
            Arc::clone(&writer.file)
        };
        // After a failed sync the system may have dropped what it could not write, so a second try proves nothing.
        file.sync_data().map_err(|error| self.lock().fail(&error))
    }

    fn sync_soon(&self) {
        if !self.unsynced.swap(true, Ordering::SeqCst) {
            // Taken so that the thread is either before its look at `unsynced` or already waiting.
            drop(self.stopping.lock().unwrap_or_else(PoisonError::into_inner));
            self.wake.notify_all();
        }
    }

    fn sync_in_time(&self) {
        let mut stopping = self.stopping.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let idle = |stopping: &mut bool| !*stopping && !self.unsynced.load(Ordering::SeqCst);
            stopping = self.wake.wait_while(stopping, idle).unwrap_or_else(PoisonError::into_inner);
            let waited = self.wake.wait_timeout_while(stopping, SYNC_DELAY, |stopping| !*stopping);
            stopping = waited.unwrap_or_else(PoisonError::into_inner).0;
            if *stopping {
                return;
            }
            drop(stopping);
            if self.unsynced.load(Ordering::SeqCst)
                && let Err(error) = self.sync()
            {
                tracing::error!(%error, "the audit log cannot be synced; it takes no more records");
                return;
            }
            stopping = self.stopping.lock().unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Writer {
    /// Makes a new segment: its file appears under its name only when its header is durable.
    fn begin(
        segments: &Path,
        description: &Description,
        keyring: &Keyring,
        entropy: &dyn Entropy,
    ) -> Result<Self, OpenError> {
        let path = segment::path(segments, description.number);
        let new = path.with_extension("new");
        let io = |error| OpenError::io(&path, &error);
        // What a crash left of an earlier attempt.
        let _ = std::fs::remove_file(&new);
        let (sealer, header) = FrameSealer::begin(description, keyring, entropy)
            .map_err(|error| OpenError::failed(&path, error))?;
        let mut file = directory::create_file(&new)?;
        file.write_all(&header).and_then(|()| file.sync_all()).map_err(io)?;
        std::fs::rename(&new, &path).map_err(io)?;
        directory::sync(segments)?;
        let index = SegmentIndex::new(description.number, sealer.id(), description.first_sequence);
        Ok(Self {
            file: Arc::new(file),
            sealer,
            number: description.number,
            end: header.len() as u64,
            next_sequence: description.first_sequence,
            index,
            buffer: Vec::new(),
            torn: false,
            failed: None,
        })
    }

    fn append(
        &mut self,
        frames: &[(Kind, Revision, &AuditRecord)],
        durable: Revision,
    ) -> Result<u64, AuditLogError> {
        let first = self.next_sequence;
        let mut sequence = first;
        let mut frame_number = self.sealer.frame_number();
        self.buffer.clear();
        self.buffer.shrink_to(BUFFER_BYTES_KEPT);
        for (kind, commit, record) in frames {
            let frame = Frame { kind: *kind, sequence, commit: *commit, durable, record: Bytes::new() };
            if let Err(error) = self.sealer.seal(&frame, &record.bytes, &mut self.buffer) {
                // Frames that were sealed and not written have used up their places.
                self.torn |= !self.buffer.is_empty();
                return Err(AuditLogError(error));
            }
            sequence += u64::from(kind.is_record());
        }
        let mut file = self.file.as_ref();
        if let Err(error) = file.write_all(&self.buffer) {
            self.torn = true;
            return Err(AuditLogError(error.to_string()));
        }
        for (kind, _, record) in frames {
            let bytes = segment::frame_bytes(record.bytes.len());
            if kind.is_record() {
                self.index.push(self.end, bytes, frame_number, &record.label);
            }
            self.end += bytes;
            frame_number += 1;
        }
        self.next_sequence = sequence;
        Ok(first)
    }

    fn fail(&mut self, error: &std::io::Error) -> AuditLogError {
        let failure = format!("an earlier sync failed: {error}");
        self.failed = Some(failure.clone());
        AuditLogError(failure)
    }
}

#[cfg(test)]
mod dropping_tests;
#[cfg(test)]
mod finding_tests;
#[cfg(test)]
mod tests;
