//! The indexes of all closed segments: written when a segment is closed, made again when one is missing or damaged.
//!
//! That happens on a thread of its own, beside the appends. Until the index of a segment is in its file, it is held in
//! memory; if there are too many to hold, they are made again from the records later. Whoever looks for something in a
//! segment without an index makes it first.
//!
//! No answer comes from an index that did not open, or is not of its segment.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use alcazar_crypto::{Entropy, Keyring};
use alcazar_engine::port::audit_log::{Find, Label, Labeller};

use crate::audit_reader::AuditReader;
use crate::index_file::{self, IndexFile};
use crate::open_error::OpenError;
use crate::segment::{self, Kind, Next};
use crate::segment_index::{Hit, SegmentIndex, Summary};
use crate::segment_range::SegmentRange;

/// How many indexes of closed segments are held in memory at most until they are written.
const HELD_MAX: usize = 4;

/// What the thread is asked to do.
pub(crate) enum Job {
    /// Write the index of a segment that was closed.
    Write(Arc<SegmentIndex>),
    /// Make the missing indexes of all closed segments.
    MakeMissing,
    /// End.
    Stop,
}

/// The indexes of all closed segments.
pub(crate) struct LogIndex {
    segments: PathBuf,
    keyring: Arc<Keyring>,
    entropy: Arc<dyn Entropy>,
    labeller: RwLock<Option<Labeller>>,
    summaries: Mutex<BTreeMap<u64, Summary>>,
    held: Mutex<VecDeque<Arc<SegmentIndex>>>,
    /// Held while an index is made from records, so that it is done once.
    making: Mutex<()>,
    jobs: Mutex<Sender<Job>>,
    stopping: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl LogIndex {
    pub(crate) fn new(
        segments: &Path,
        keyring: Arc<Keyring>,
        entropy: Arc<dyn Entropy>,
        jobs: Sender<Job>,
    ) -> Self {
        Self {
            segments: segments.to_owned(),
            keyring,
            entropy,
            labeller: RwLock::default(),
            summaries: Mutex::default(),
            held: Mutex::default(),
            making: Mutex::default(),
            jobs: Mutex::new(jobs),
            stopping: AtomicBool::new(false),
        }
    }

    /// Takes the index of a segment that was closed. This must be quick.
    pub(crate) fn closed(&self, index: SegmentIndex) {
        let index = Arc::new(index);
        lock(&self.summaries).insert(index.number(), index.summary());
        let mut held = lock(&self.held);
        if held.len() >= HELD_MAX {
            // The thread is behind. This one will be made again when the others are written, or somebody asks for it.
            drop(held);
            self.ask(Job::MakeMissing);
            return;
        }
        held.push_back(Arc::clone(&index));
        drop(held);
        self.ask(Job::Write(index));
    }

    pub(crate) fn set_labeller(&self, labeller: Labeller) {
        *self.labeller.write().unwrap_or_else(PoisonError::into_inner) = Some(labeller);
        self.ask(Job::MakeMissing);
    }

    /// Has the thread end, and leave what it can.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.ask(Job::Stop);
    }

    fn ask(&self, job: Job) {
        // When the thread has ended, indexes are made by whoever needs them.
        let _ = lock(&self.jobs).send(job);
    }

    /// What the thread does. `newest` gives the segments there are, the newest of which is not closed.
    pub(crate) fn run(&self, jobs: &Receiver<Job>, reader: &AuditReader, range: impl Fn() -> SegmentRange) {
        while let Ok(job) = jobs.recv() {
            match job {
                Job::Write(index) => self.write(&index),
                Job::MakeMissing => {
                    let SegmentRange { first, last } = range();
                    for number in (first..last).rev() {
                        if self.stopping.load(Ordering::Acquire) {
                            break;
                        }
                        if segment::index_path(&self.segments, number).exists() {
                            continue;
                        }
                        // What is not there any more was dropped meanwhile.
                        if let Err(error) = self.make(number, reader, false)
                            && !error.is_not_found()
                        {
                            tracing::warn!(%error, segment = number, "an index of the audit log cannot be made");
                        }
                    }
                }
                Job::Stop => return,
            }
        }
    }

    /// Writes an index. If that fails, it is made again when somebody asks for it.
    pub(crate) fn write(&self, index: &Arc<SegmentIndex>) {
        let _turn = lock(&self.making);
        self.write_in_turn(index);
    }

    fn write_in_turn(&self, index: &Arc<SegmentIndex>) {
        if let Err(error) = index_file::write(&self.segments, index, &self.keyring, self.entropy.as_ref()) {
            tracing::warn!(%error, segment = index.number(), "an index of the audit log cannot be written");
        }
        lock(&self.held).retain(|held| held.number() != index.number());
    }

    fn held(&self, number: u64) -> Option<Arc<SegmentIndex>> {
        lock(&self.held).iter().find(|index| index.number() == number).cloned()
    }

    /// What is known of a closed segment.
    pub(crate) fn summary(&self, number: u64, reader: &AuditReader) -> Result<Summary, OpenError> {
        let known = lock(&self.summaries).get(&number).copied();
        if let Some(summary) = known {
            return Ok(summary);
        }
        let summary = match self.open(number, reader) {
            Some(file) => file.summary(),
            None => self.make(number, reader, true)?.summary(),
        };
        lock(&self.summaries).insert(number, summary);
        Ok(summary)
    }

    /// The records of a closed segment that are looked for, in the order that they are looked for in.
    pub(crate) fn hits(&self, number: u64, find: &Find, reader: &AuditReader) -> Result<Vec<Hit>, OpenError> {
        if self.summary(number, reader)?.range(find).is_empty() {
            return Ok(Vec::new());
        }
        if let Some(index) = self.held(number) {
            return Ok(index.hits(find));
        }
        let found = self.open(number, reader).and_then(|file| match file.hits(find) {
            Ok(hits) => Some(hits),
            Err(error) => {
                tracing::warn!(%error, "an index of the audit log is damaged; it is made again");
                None
            }
        });
        match found {
            Some(hits) => Ok(hits),
            None => Ok(self.make(number, reader, true)?.hits(find)),
        }
    }

    /// The index in its file, if there is one and it is that of this very segment.
    fn open(&self, number: u64, reader: &AuditReader) -> Option<IndexFile> {
        match IndexFile::open(&self.segments, number, &self.keyring) {
            Ok(Some(file)) if reader.is_segment(number, file.segment()) => Some(file),
            Ok(None) => None,
            Ok(Some(_)) => {
                tracing::warn!(segment = number, "an index is of another audit segment; it is made again");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "an index of the audit log is damaged; it is made again");
                None
            }
        }
    }

    /// Makes the index of a closed segment from its records, and writes it; `anew` if what is there is no good.
    fn make(&self, number: u64, reader: &AuditReader, anew: bool) -> Result<Arc<SegmentIndex>, OpenError> {
        let _turn = lock(&self.making);
        if let Some(index) = self.held(number) {
            return Ok(index);
        }
        let labeller = self.labeller.read().unwrap_or_else(PoisonError::into_inner).clone();
        let labeller = labeller.ok_or_else(|| {
            OpenError::failed(&segment::path(&self.segments, number), "nothing says how records are labelled")
        })?;
        let index = Arc::new(index_of(number, reader, &labeller)?);
        if anew || !segment::index_path(&self.segments, number).exists() {
            self.write_in_turn(&index);
        }
        lock(&self.summaries).insert(number, index.summary());
        Ok(index)
    }

    /// Forgets what is known of the segments before `first`.
    pub(crate) fn forget_before(&self, first: u64) {
        lock(&self.summaries).retain(|number, _| *number >= first);
        lock(&self.held).retain(|index| index.number() >= first);
    }
}

/// Reads a closed segment whole.
fn index_of(number: u64, reader: &AuditReader, labeller: &Labeller) -> Result<SegmentIndex, OpenError> {
    let mut segment = reader.open_closed(number)?;
    let mut index = SegmentIndex::new(number, segment.id(), segment.sequence());
    loop {
        let (offset, frame_number) = (segment.offset(), segment.frame_number());
        let Next::Frame(frame) = segment.next_frame()? else { return Ok(index) };
        if matches!(frame.kind, Kind::Plain | Kind::Commit) {
            let label = labeller(&frame.record).unwrap_or_else(|| {
                tracing::error!(
                    sequence = frame.sequence,
                    "an audit record cannot be read; nothing finds it"
                );
                Label::default()
            });
            index.push(offset, segment.offset() - offset, frame_number, &label);
        }
    }
}
