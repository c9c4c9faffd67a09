//! Services that follow the audit log: they see every event that is in it for good, in order.
//!
//! Where a follower stands is a record, written in the transaction that holds what the follower made of the events
//! before it: so it makes of each event what it makes of it once, whenever the process dies. Of events that it makes
//! nothing of, it may be shown some again after a restart.
//!
//! A batch of which it makes more than a transaction may hold it is shown event by event. It goes on without an event of
//! which alone it makes too much, and the server's log tells of that: nothing could ever come of it, and all events behind
//! it would wait for ever.

use std::collections::HashMap;

use minicbor::{Decode, Encode};

use crate::audit::AuditEvent;
use crate::cloud::Cloud;
use crate::context::{Cx, Reads, Work};
use crate::error::{Error, InternalError, Result};
use crate::name::Name;
use crate::operation::Service;
use crate::port::BoxFuture;

const TABLE: &str = "follower";

/// How many events a follower is shown at a time.
const BATCH: usize = 256;

/// How many events a follower may be ahead of its record when it made nothing of them.
const UNWRITTEN_MAX: u64 = 16 * 1024;

/// A service that follows the audit log.
pub struct Follower {
    /// Its name among all followers.
    pub name: &'static str,
    /// Whether nothing in the log concerns it now: then it goes on from the end of the log without looking.
    pub is_idle: for<'a> fn(&'a mut Reads<'_>) -> BoxFuture<'a, Result<bool>>,
    /// Makes of events what it makes of them.
    pub run: for<'a> fn(&'a mut Cx<'_>, &'a [AuditEvent]) -> BoxFuture<'a, Result<()>>,
}

/// Where a follower stands: the sequence number of the next record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
struct Position {
    #[n(0)]
    sequence: u64,
}

/// Where the followers stand in memory, by name: what they have seen, and what is written of it.
#[derive(Default)]
pub(crate) struct Positions(HashMap<&'static str, (u64, u64)>);

fn position_name(follower: &Follower) -> Name {
    Name::table(TABLE).part(follower.name).name()
}

impl Cloud {
    /// Shows every follower the next events, and says whether there were any.
    ///
    /// # Errors
    /// The store or the log failed, or a follower did; then it is shown the same events again.
    pub async fn follow(&self) -> Result<bool> {
        let mut positions = self.positions.lock().await;
        let mut moved = false;
        for service in self.services() {
            for follower in service.followers {
                moved |= self.follow_with(service, follower, &mut positions).await?;
            }
        }
        Ok(moved)
    }

    /// The first record of the audit log that some follower still has to see; none if nobody follows. What a follower
    /// made nothing of here, it need not be shown again.
    ///
    /// # Errors
    /// The store failed.
    pub async fn followed_up_to(&self) -> Result<Option<u64>> {
        let positions = self.positions.lock().await;
        let mut first = None;
        for follower in self.services().flat_map(|service| service.followers) {
            let position = match positions.0.get(follower.name) {
                Some((seen, _)) => Some(*seen),
                None => {
                    let stored = self.get_record::<Position>(&position_name(follower)).await?;
                    stored.map(|position| position.sequence)
                }
            };
            first = first.into_iter().chain(position).min();
        }
        Ok(first)
    }

    /// Waits until the audit log has grown.
    pub async fn audit_log_grew(&self) {
        self.log_grew.notified().await;
    }

    async fn follow_with(
        &self,
        service: &'static Service,
        follower: &'static Follower,
        positions: &mut Positions,
    ) -> Result<bool> {
        let end = self.audit_log().next_sequence();
        let (seen, written) = match positions.0.get(follower.name) {
            Some(position) => *position,
            None => match self.get_record::<Position>(&position_name(follower)).await? {
                Some(position) => (position.sequence, position.sequence),
                // It follows from here on. What is not written yet stands before every event to come.
                None => match self.stand(service, follower, end).await {
                    Err(Error::Conflict) => return Ok(true),
                    outcome => (outcome?, end),
                },
            },
        };
        positions.0.insert(follower.name, (seen, written));
        if seen >= end {
            return Ok(false);
        }
        let mut shown = self.show(service, follower, (seen, written), BATCH).await;
        if is_too_large(&shown) {
            shown = self.show(service, follower, (seen, written), 1).await;
        }
        if is_too_large(&shown) {
            shown = self.leave_out(service, follower, seen).await;
        }
        match shown {
            Ok(Some(position)) => {
                positions.0.insert(follower.name, position);
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(Error::Conflict | Error::Again) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Shows a follower up to `batch` events from where it stands, and gives where it stands then; none if what is in the
    /// log is not there for good yet.
    async fn show(
        &self,
        service: &'static Service,
        follower: &'static Follower,
        (seen, written): (u64, u64),
        batch: usize,
    ) -> Result<Option<(u64, u64)>> {
        let mut next = self.audit_log().next_sequence();
        let call = self.own_call(service)?;
        let mut work = Work::begin(self);
        let mut cx = Cx::new(self, &mut work, &call);
        if !(follower.is_idle)(cx.reads()).await? {
            let entries = self.audit_log().read(seen, batch)?;
            let Some(last) = entries.last() else { return Ok(None) };
            next = last.sequence + 1;
            let events: Vec<AuditEvent> = entries
                .iter()
                .map(|entry| AuditEvent::from_bytes(&entry.record))
                .collect::<std::result::Result<_, _>>()
                .map_err(|cause| InternalError::Record { table: "audit".to_owned(), cause })?;
            (follower.run)(&mut cx, &events).await?;
        }
        if work.pending.writes_nothing() && next - written < UNWRITTEN_MAX {
            return Ok(Some((next, written)));
        }
        Cx::new(self, &mut work, &call).put(position_name(follower), Position { sequence: next })?;
        self.commit_with(work, &[]).await?;
        Ok(Some((next, next)))
    }

    /// Has a follower go on behind the next event.
    async fn leave_out(
        &self,
        service: &'static Service,
        follower: &'static Follower,
        seen: u64,
    ) -> Result<Option<(u64, u64)>> {
        let entries = self.audit_log().read(seen, 1)?;
        let Some(entry) = entries.last() else { return Ok(None) };
        tracing::error!(
            follower = follower.name,
            sequence = entry.sequence,
            "an event is left out, of which the follower makes more than a transaction may hold"
        );
        let next = self.stand(service, follower, entry.sequence + 1).await?;
        Ok(Some((next, next)))
    }

    /// Writes down where a follower stands, and gives it.
    async fn stand(
        &self,
        service: &'static Service,
        follower: &'static Follower,
        sequence: u64,
    ) -> Result<u64> {
        let call = self.own_call(service)?;
        let mut work = Work::begin(self);
        Cx::new(self, &mut work, &call).put(position_name(follower), Position { sequence })?;
        self.commit_with(work, &[]).await?;
        Ok(sequence)
    }
}

fn is_too_large<T>(outcome: &Result<T>) -> bool {
    matches!(outcome, Err(Error::Internal(InternalError::TransactionTooLarge(_))))
}
