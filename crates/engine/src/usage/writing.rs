//! Keeping the counts: reading back what was not counted yet, and writing what was.

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_base::limit::CONFLICT_RETRIES_MAX;

use super::last_call::{self, LastCall};
use super::meter::{Batch, OfResource, add_requests};
use super::{LastUse, MonthlyUse, Position, last_name, month_name, position_name};
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::name::Name;
use crate::port::audit_log::{AuditEntry, AuditLog, AuditLogError};
use crate::transaction::Pending;

/// How many records of the log are read back at a time.
const RECORDS_READ: usize = 1024;

impl Cloud {
    /// Writes what was used to the store, up to the end of the audit log as it is when this is called. Before a
    /// cloud answers its first call this counts what an earlier process has left uncounted.
    ///
    /// # Errors
    /// The store or the audit log failed; what was not written is written by a later call.
    pub async fn write_usage(&self) -> Result<()> {
        let _turn = self.meter.turn.lock().await;
        for _ in 0..CONFLICT_RETRIES_MAX {
            match self.try_to_write_usage().await {
                // Another node has moved the place.
                Err(Error::Conflict) => {}
                outcome => return outcome,
            }
        }
        Err(Error::Conflict)
    }

    /// Waits until there is so much use to be written that it should not wait.
    pub async fn usage_is_pressing(&self) {
        self.meter.pressing.notified().await;
    }

    /// The last use of a resource.
    pub(crate) async fn last_use(
        &self,
        pending: &mut Pending,
        resource: &str,
    ) -> Result<Option<Arc<LastUse>>> {
        self.catch_up().await?;
        if let Some(last) = self.meter.last_use(resource) {
            return Ok(Some(Arc::new(last)));
        }
        pending.get::<LastUse>(self, &last_name(resource)).await
    }

    /// The last call that was made with an access key.
    pub(crate) async fn access_key_last_use(
        &self,
        pending: &mut Pending,
        access_key_id: &str,
    ) -> Result<Option<Arc<LastCall>>> {
        self.last_call(pending, access_key_id, &last_call::access_key_name(access_key_id)).await
    }

    /// The last call of a role's sessions.
    pub(crate) async fn role_last_use(
        &self,
        pending: &mut Pending,
        account: AccountId,
        role_id: &str,
    ) -> Result<Option<Arc<LastCall>>> {
        self.last_call(pending, role_id, &last_call::role_name(account, role_id)).await
    }

    async fn last_call(&self, pending: &mut Pending, id: &str, name: &Name) -> Result<Option<Arc<LastCall>>> {
        self.catch_up().await?;
        if let Some(last) = self.meter.last_call(id) {
            return Ok(Some(Arc::new(last)));
        }
        pending.get::<LastCall>(self, name).await
    }

    /// Counts to the end of the log, unless that was done.
    async fn catch_up(&self) -> Result<()> {
        let end = self.audit_log().next_sequence();
        if self.meter.next().is_some_and(|next| next >= end) {
            return Ok(());
        }
        {
            let _turn = self.meter.turn.lock().await;
            self.resume_usage().await?;
            if self.count_rest().await? {
                return Ok(());
            }
        }
        self.write_usage().await
    }

    async fn try_to_write_usage(&self) -> Result<()> {
        loop {
            self.resume_usage().await?;
            let counted = self.count_rest().await?;
            if self.meter.is_ahead() || self.stored_position().await?.is_none() {
                match self.meter.take() {
                    Some(batch) => self.write_or_forget(batch).await?,
                    // An earlier writing was broken off; what became of it is looked up.
                    None => continue,
                }
            }
            if counted {
                return Ok(());
            }
        }
    }

    /// Finds out where to go on, unless that is known.
    async fn resume_usage(&self) -> Result<()> {
        if self.meter.next().is_none() {
            let position = self.stored_position().await?;
            self.meter.begin_at(position.map_or(0, |position| position.sequence));
        }
        Ok(())
    }

    /// The first record of the audit log that is not counted for good.
    pub(crate) async fn usage_written_up_to(&self) -> Result<u64> {
        Ok(self.stored_position().await?.map_or(0, |position| position.sequence))
    }

    async fn stored_position(&self) -> Result<Option<Arc<Position>>> {
        Pending::begin(self).get::<Position>(self, &position_name()).await
    }

    /// Reads back what was appended and not counted; false if there is no room for all of it.
    async fn count_rest(&self) -> Result<bool> {
        let end = self.audit_log().next_sequence();
        while let Some(next) = self.meter.next().filter(|next| *next < end) {
            let entries = self.read_log(next).await?;
            if entries.is_empty() {
                // At the log's end there may be records of commits that a crash has prevented. Later ones are of
                // commits under way, which are counted next time.
                self.meter.pass_over(self.first_told.min(end));
                return Ok(true);
            }
            if !self.meter.read_back(&entries) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn read_log(&self, from: u64) -> Result<Vec<AuditEntry>> {
        Ok(self.with_log(move |log| log.read(from, RECORDS_READ)).await?)
    }

    /// Works with the log's files on a thread that may wait for them.
    pub(crate) async fn with_log<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn AuditLog) -> std::result::Result<T, AuditLogError> + Send + 'static,
    ) -> std::result::Result<T, AuditLogError> {
        let log = self.shared_audit_log();
        let done = tokio::task::spawn_blocking(move || work(log.as_ref())).await;
        done.unwrap_or_else(|error| Err(AuditLogError(error.to_string())))
    }

    async fn write_or_forget(&self, batch: Batch) -> Result<()> {
        let written = self.write_batch(&batch).await;
        match written {
            Ok(()) => self.meter.written(batch.to),
            Err(_) => self.meter.forget(),
        }
        written
    }

    async fn write_batch(&self, batch: &Batch) -> Result<()> {
        // A place in the log must never be stored before what it counts survives the loss of power.
        self.with_log(AuditLog::sync).await?;
        let mut pending = Pending::begin(self);
        let position = pending.get::<Position>(self, &position_name()).await?;
        if position.as_ref().map_or(0, |position| position.sequence) != batch.from {
            return Err(Error::Conflict);
        }
        let since = position.map_or_else(|| self.now(), |position| position.since);
        for (id, counted) in &batch.counts.calls {
            pending.put(self, counted.name(id), Arc::new(counted.last.clone()))?;
        }
        for used in batch.counts.resources.values() {
            if let Some(last) = &used.last {
                pending.put(self, last_name(&used.resource), Arc::new(last.clone()))?;
            }
            for (month, requests) in &used.months {
                let name = month_name(*month, used.account, &used.region, &used.resource);
                let before = pending.get::<MonthlyUse>(self, &name).await?;
                let mut monthly = before.map_or_else(|| unused(used), |before| before.as_ref().clone());
                for more in requests {
                    add_requests(&mut monthly.requests, &more.class, more.count);
                }
                pending.put(self, name, Arc::new(monthly))?;
            }
        }
        pending.put(self, position_name(), Arc::new(Position { sequence: batch.to, since }))?;
        self.store().commit(pending.into_transaction(Vec::new())).await?;
        Ok(())
    }
}

fn unused(used: &OfResource) -> MonthlyUse {
    MonthlyUse {
        account: used.account,
        region: used.region.as_ref().to_owned(),
        resource: used.resource.as_ref().to_owned(),
        requests: Vec::new(),
    }
}
