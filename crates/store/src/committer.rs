//! The one thread that commits: it takes all transactions that wait, and makes them durable together.
//!
//! Each transaction of a group has a revision of its own; the group is one batch of the engine, so after a crash
//! all of it is there or none. The order is: compare, raise `begun`, append and sync the audit records, commit to the
//! engine durably, tell the watchers, note in the audit log that the commits are durable, raise `revision`,
//! answer. The audit log is synced first, so that no loss of power can leave a change without its record.
//!
//! If the engine or the audit log fails, nothing of the group is acknowledged and the store stops for good.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use alcazar_engine::port::audit_log::AuditRecord;
use alcazar_engine::port::store::{Commit, CommitError, Revision, StoreError, Transaction};
use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use crate::embedded_store::Shared;
use crate::engine::{EngineSnapshot, Filler, State, Writes};

/// How many transactions wait at most; whoever comes later waits to be let in.
pub(crate) const QUEUE_MAX: usize = 1024;

/// How many transactions are committed together at most.
const GROUP_TRANSACTIONS_MAX: usize = 256;

/// How many bytes are committed together at most; one transaction is always taken.
const GROUP_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What the thread is asked to do.
pub(crate) enum Request {
    /// Commit this.
    Commit(Transaction, oneshot::Sender<Result<Revision, CommitError>>),
    /// Fix a state of records and audit log that belong together.
    Snapshot(oneshot::Sender<ConsistentSnapshot>),
    /// Write the state once more, with this filler.
    Fill(Filler, oneshot::Sender<Result<(), StoreError>>),
    /// Finish what waits, and stop.
    Close(oneshot::Sender<Result<(), StoreError>>),
}

/// The records between two groups, and the audit log as it was then.
pub(crate) struct ConsistentSnapshot {
    /// The records.
    pub(crate) records: EngineSnapshot,
    /// The newest segment of the audit log, and where it ended.
    pub(crate) audit_end: (u64, u64),
}

type Waiting = (Transaction, oneshot::Sender<Result<Revision, CommitError>>);

/// A transaction that was compared and found good.
struct Accepted {
    commit: Commit,
    answer: oneshot::Sender<Result<Revision, CommitError>>,
}

/// Takes requests until it is told to stop, or nobody can ask any more.
pub(crate) fn run(shared: &Arc<Shared>, mut requests: mpsc::Receiver<Request>) {
    let mut taken = Vec::new();
    let mut waiting: VecDeque<Waiting> = VecDeque::new();
    let mut close = None;
    while requests.blocking_recv_many(&mut taken, GROUP_TRANSACTIONS_MAX) > 0 {
        for request in taken.drain(..) {
            match request {
                Request::Commit(transaction, answer) => waiting.push_back((transaction, answer)),
                Request::Snapshot(answer) if !shared.closed.load(Ordering::Acquire) => {
                    let records = shared.engine.snapshot();
                    // Whoever asked may have gone.
                    let _ = answer.send(ConsistentSnapshot { records, audit_end: shared.audit.position() });
                }
                Request::Fill(filler, answer) if !shared.closed.load(Ordering::Acquire) => {
                    let _ = answer.send(fill(shared, filler));
                }
                // Dropping the answer tells that the store is closed.
                Request::Snapshot(_) | Request::Fill(..) => {}
                Request::Close(answer) => {
                    requests.close();
                    close = Some(answer);
                }
            }
        }
        while !waiting.is_empty() {
            commit_group(shared, group(&mut waiting));
        }
    }
    shared.closed.store(true, Ordering::Release);
    let synced = shared
        .engine
        .sync()
        .and_then(|()| shared.audit.stop().map_err(|error| StoreError::Failed(error.to_string())));
    match (close, synced) {
        (Some(answer), synced) => drop(answer.send(synced)),
        (None, Err(error)) => tracing::error!(%error, "the store was not synced at its end"),
        (None, Ok(())) => {}
    }
}

fn group(waiting: &mut VecDeque<Waiting>) -> Vec<Waiting> {
    let (mut group, mut bytes) = (Vec::new(), 0);
    while let Some((transaction, _)) = waiting.front() {
        bytes += transaction_bytes(transaction);
        if !group.is_empty() && (group.len() >= GROUP_TRANSACTIONS_MAX || bytes > GROUP_BYTES_MAX) {
            break;
        }
        group.extend(waiting.pop_front());
    }
    group
}

/// How many bytes a transaction writes, records and audit records together.
pub(crate) fn transaction_bytes(transaction: &Transaction) -> usize {
    let written =
        |(name, content): &(Bytes, Option<Bytes>)| name.len() + content.as_ref().map_or(0, Bytes::len);
    transaction.writes.iter().map(written).sum::<usize>()
        + transaction.audit.iter().map(|record| record.bytes.len()).sum::<usize>()
}

fn commit_group(shared: &Shared, group: Vec<Waiting>) {
    if shared.closed.load(Ordering::Acquire) {
        for (_, answer) in group {
            let _ = answer.send(Err(StoreError::Closed.into()));
        }
        return;
    }
    let (accepted, writes, audit) = compare(shared, group);
    let Some(last) = accepted.last().map(|accepted| accepted.commit.revision) else { return };
    shared.begun.store(last, Ordering::Release);
    match make_durable(shared, writes, &audit, last).and_then(|()| publish(shared, &accepted, last)) {
        Ok(()) => {
            for Accepted { commit, answer } in accepted {
                let _ = answer.send(Ok(commit.revision));
            }
        }
        Err(error) => {
            tracing::error!(%error, "a commit failed; the store is closed");
            shared.closed.store(true, Ordering::Release);
            for Accepted { answer, .. } in accepted {
                let _ = answer.send(Err(StoreError::Failed(error.to_string()).into()));
            }
        }
    }
}

type Compared = (Vec<Accepted>, Writes, Vec<(Revision, AuditRecord)>);

/// Answers those that conflict, with earlier commits or within the group, and gathers what the others write.
fn compare(shared: &Shared, group: Vec<Waiting>) -> Compared {
    let mut window = shared.window();
    let mut revision = shared.revision.load(Ordering::Acquire);
    let (mut accepted, mut writes, mut audit) = (Vec::with_capacity(group.len()), Writes::new(), Vec::new());
    for (transaction, answer) in group {
        if window.has_changed(&transaction.reads, transaction.snapshot) {
            let _ = answer.send(Err(CommitError::Conflict));
            continue;
        }
        revision += 1;
        let commit = Commit::of(&transaction.writes, revision);
        window.note(revision, commit.names().to_vec());
        writes.extend(transaction.writes);
        audit.extend(transaction.audit.into_iter().map(|record| (revision, record)));
        accepted.push(Accepted { commit, answer });
    }
    (accepted, writes, audit)
}

/// Writes filler into the engine. Nothing of the store changes by it.
fn fill(shared: &Shared, filler: Filler) -> Result<(), StoreError> {
    let state = state(shared, shared.revision.load(Ordering::Acquire));
    shared.engine.fill(filler, state).inspect_err(|error| {
        tracing::error!(%error, "the engine failed; the store is closed");
        shared.closed.store(true, Ordering::Release);
    })
}

fn state(shared: &Shared, revision: Revision) -> State {
    State {
        revision,
        audit_sequence: shared.audit_sequence.load(Ordering::Acquire),
        engine_floor: shared.engine.floor(),
    }
}

fn make_durable(
    shared: &Shared,
    writes: Writes,
    audit: &[(Revision, AuditRecord)],
    last: Revision,
) -> Result<(), StoreError> {
    if !audit.is_empty() {
        let appended = shared.audit.append_durably(audit);
        let next = appended.map_err(|error| StoreError::Failed(error.to_string()))?;
        shared.audit_sequence.store(next, Ordering::Release);
    }
    shared.engine.commit(writes, state(shared, last))
}

fn publish(shared: &Shared, accepted: &[Accepted], last: Revision) -> Result<(), StoreError> {
    for accepted in accepted {
        shared.watchers.tell(&accepted.commit);
    }
    shared.audit.set_durable(last).map_err(|error| StoreError::Failed(error.to_string()))?;
    shared.revision.store(last, Ordering::Release);
    Ok(())
}
