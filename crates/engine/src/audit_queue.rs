//! Records of calls that changed nothing, on their way to the audit log: many calls, one write.
//!
//! The first call to come leads: it lets every other call that is ready come too, and then appends what all of
//! them brought. A call goes on when its own records are in the log. A leader that is dropped, because its client
//! went away, appends before it goes: so whoever waits is never left behind.

use std::mem;
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::port::audit_log::{AuditLog, AuditLogError, AuditRecord};

/// How many calls wait for one write at most; whoever comes later appends by itself.
const WAITING_MAX: usize = 256;

type Answer = Result<(), AuditLogError>;

/// The calls that wait, and what they bring.
#[derive(Default)]
struct Waiting {
    records: Vec<AuditRecord>,
    followers: Vec<oneshot::Sender<Answer>>,
    led: bool,
}

/// The queue before the audit log.
#[derive(Default)]
pub(crate) struct AuditQueue(Mutex<Waiting>);

/// Appends what waits, at the latest when it is dropped.
struct Leader<'a> {
    queue: &'a AuditQueue,
    log: &'a dyn AuditLog,
    done: bool,
}

impl AuditQueue {
    /// Appends `records`, one after the other, and returns when they are in the log.
    ///
    /// # Errors
    /// The log failed.
    pub(crate) async fn append(&self, log: &dyn AuditLog, records: Vec<AuditRecord>) -> Answer {
        let follow = {
            let mut waiting = self.lock();
            if waiting.followers.len() >= WAITING_MAX {
                drop(waiting);
                return log.append_all(&records);
            }
            waiting.records.extend(records);
            if mem::replace(&mut waiting.led, true) {
                let (answer, answered) = oneshot::channel();
                waiting.followers.push(answer);
                Some(answered)
            } else {
                None
            }
        };
        match follow {
            Some(answered) => {
                answered.await.unwrap_or_else(|_| Err(AuditLogError("its leader is gone".to_owned())))
            }
            None => {
                let mut leader = Leader { queue: self, log, done: false };
                tokio::task::yield_now().await;
                leader.append()
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leader<'_> {
    fn append(&mut self) -> Answer {
        self.done = true;
        // Whoever comes from here on leads the next group.
        let Waiting { records, followers, .. } = mem::take(&mut *self.queue.lock());
        let appended = self.log.append_all(&records);
        for follower in followers {
            // A follower whose client went away waits no more.
            let _ = follower.send(appended.clone());
        }
        appended
    }
}

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        if !self.done {
            // Nobody waits for this one's own answer; the followers get theirs.
            let _ = self.append();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::Arc;
    use std::task::{Context, Poll, Waker};

    use alcazar_base::Timestamp;
    use bytes::Bytes;

    use super::*;
    use crate::port::audit_log::{AuditEntry, Find, Labeller, LogWatcher};
    use crate::port::store::Revision;

    fn record(text: &[u8]) -> AuditRecord {
        AuditRecord::unlabelled(text.to_vec())
    }

    #[derive(Default)]
    struct Log {
        writes: Mutex<Vec<Vec<Bytes>>>,
    }

    impl AuditLog for Log {
        fn append(&self, record: &AuditRecord) -> Result<u64, AuditLogError> {
            self.append_all(std::slice::from_ref(record)).map(|()| 0)
        }

        fn append_all(&self, records: &[AuditRecord]) -> Answer {
            self.writes.lock().unwrap().push(records.iter().map(|record| record.bytes.clone()).collect());
            Ok(())
        }

        fn append_commits(&self, _: &[(Revision, AuditRecord)]) -> Answer {
            Ok(())
        }

        fn sync(&self) -> Answer {
            Ok(())
        }

        fn read(&self, _: u64, _: usize) -> Result<Vec<AuditEntry>, AuditLogError> {
            Ok(Vec::new())
        }

        fn find(&self, _: &Find) -> Result<Vec<AuditEntry>, AuditLogError> {
            Ok(Vec::new())
        }

        fn label_by(&self, _: Labeller) {}

        fn drop_before(&self, _: Timestamp, _: u64) -> Result<u64, AuditLogError> {
            Ok(0)
        }

        fn next_sequence(&self) -> u64 {
            0
        }

        fn watch(&self, _: LogWatcher) {}
    }

    #[tokio::test]
    async fn many_calls_are_appended_by_few_writes_and_none_is_lost() {
        let (queue, log) = (Arc::new(AuditQueue::default()), Arc::new(Log::default()));
        let tasks = (0..500_u16).map(|i| {
            let (queue, log) = (queue.clone(), log.clone());
            tokio::spawn(async move { queue.append(log.as_ref(), vec![record(&i.to_be_bytes())]).await })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap().unwrap();
        }
        let writes = log.writes.lock().unwrap();
        let mut records: Vec<_> = writes.iter().flatten().cloned().collect();
        records.sort();
        assert_eq!(records, (0..500_u16).map(|i| i.to_be_bytes().to_vec()).collect::<Vec<_>>());
        assert!(writes.len() < 400, "{}", writes.len());
    }

    #[test]
    fn a_leader_whose_client_goes_away_leaves_nobody_behind() {
        let (queue, log) = (AuditQueue::default(), Log::default());
        let mut context = Context::from_waker(Waker::noop());
        let mut follower = pin!(queue.append(&log, vec![record(b"follower")]));
        {
            let mut leader = pin!(queue.append(&log, vec![record(b"leader")]));
            assert!(leader.as_mut().poll(&mut context).is_pending());
            assert!(follower.as_mut().poll(&mut context).is_pending());
        }
        assert!(matches!(follower.as_mut().poll(&mut context), Poll::Ready(Ok(()))));
        assert_eq!(log.writes.lock().unwrap().concat(), ["leader", "follower"]);
    }
}
