//! What one call has read and will write.
//!
//! Reads are remembered, writes are kept aside and seen by later reads of the same call; nothing reaches the
//! store before the call has succeeded.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use alcazar_base::limit::TRANSACTION_RECORDS_MAX;
use bytes::Bytes;

use crate::cache::AnyRecord;
use crate::cloud::Cloud;
use crate::error::{Error, InternalError, Result};
use crate::name::Name;
use crate::port::audit_log::AuditRecord;
use crate::port::store::{NameRange, ReadSet, Revision, Transaction};
use crate::record::{self, Record};

#[derive(Clone)]
struct Write {
    /// The record as later reads of this call see it; `None` deletes.
    record: Option<AnyRecord>,
    sealed: Option<Bytes>,
}

/// What a transaction would write at some moment.
pub(crate) struct Savepoint(BTreeMap<Name, Write>);

/// The reads and writes of one call, and of the calls that it makes.
pub(crate) struct Pending {
    pub(crate) snapshot: Revision,
    reads: ReadSet,
    writes: BTreeMap<Name, Write>,
}

impl Pending {
    pub(crate) fn begin(cloud: &Cloud) -> Self {
        Self { snapshot: cloud.store().revision(), reads: ReadSet::default(), writes: BTreeMap::new() }
    }

    pub(crate) async fn get<R: Record>(&mut self, cloud: &Cloud, name: &Name) -> Result<Option<Arc<R>>> {
        if let Some(write) = self.writes.get(name) {
            return write.record.clone().map(|record| downcast(name, record)).transpose();
        }
        if !self.reads.names.iter().rev().take(8).any(|read| read == name.as_bytes()) {
            self.count()?;
            self.reads.names.push(name.as_bytes().clone());
        }
        if let Some(record) = cloud.cache().get(name) {
            return downcast(name, record).map(Some);
        }
        // Of a commit that has begun but is not whole yet, an old record may still be read.
        let whole = cloud.store().revision();
        let Some(sealed) = cloud.store().get(name.as_bytes()).await? else { return Ok(None) };
        let record = record::open::<R>(&cloud.keyring(), name, &sealed)?;
        cloud.cache().insert(name, record.clone(), whole);
        Ok(Some(record))
    }

    /// The first `limit` records of a range. Writes of this call in the range are seen too.
    pub(crate) async fn scan<R: Record>(
        &mut self,
        cloud: &Cloud,
        range: &NameRange,
        limit: usize,
    ) -> Result<Vec<(Name, Arc<R>)>> {
        self.count()?;
        // A deletion of this call may hide a stored record, so as many more are asked for.
        let hidden = self.writes.keys().filter(|name| range.contains(name.as_bytes())).count();
        let stored = cloud.store().scan(range, limit.saturating_add(hidden)).await?;
        let keyring = cloud.keyring();
        let mut found = BTreeMap::new();
        for (name, sealed) in stored {
            let name = Name::from_stored(name);
            if !self.writes.contains_key(&name) {
                let record = record::open::<R>(&keyring, &name, &sealed)?;
                found.insert(name, record);
            }
        }
        for (name, write) in &self.writes {
            if let (true, Some(record)) = (range.contains(name.as_bytes()), &write.record) {
                found.insert(name.clone(), downcast(name, record.clone())?);
            }
        }
        let page: Vec<_> = found.into_iter().take(limit).collect();
        // Only what was seen was read: a later change behind the page's end is no conflict.
        let read = match page.last() {
            Some((last, _)) if page.len() == limit => {
                NameRange { start: range.start.clone(), end: Bound::Included(last.as_bytes().clone()) }
            }
            _ => range.clone(),
        };
        self.reads.ranges.push(read);
        Ok(page)
    }

    pub(crate) fn put<R: Record>(&mut self, cloud: &Cloud, name: Name, record: Arc<R>) -> Result<()> {
        self.count()?;
        let sealed = record::seal(&cloud.keyring(), cloud.entropy(), &name, record.as_ref())?;
        self.writes.insert(name, Write { record: Some(record), sealed: Some(sealed) });
        Ok(())
    }

    pub(crate) fn delete(&mut self, name: Name) -> Result<()> {
        self.count()?;
        self.writes.insert(name, Write { record: None, sealed: None });
        Ok(())
    }

    pub(crate) fn savepoint(&self) -> Savepoint {
        Savepoint(self.writes.clone())
    }

    /// Takes back what was written since. What was read stays read.
    pub(crate) fn roll_back_to(&mut self, savepoint: Savepoint) {
        self.writes = savepoint.0;
    }

    pub(crate) fn writes_nothing(&self) -> bool {
        self.writes.is_empty()
    }

    /// Whether all that was read is still so: then the reads were of one state.
    pub(crate) async fn is_current(&self, cloud: &Cloud) -> bool {
        let reads = self.reads.names.len() + self.reads.ranges.len();
        reads <= 1
            || cloud.store().begun() == self.snapshot
            || !cloud.store().changed_since(&self.reads, self.snapshot).await
    }

    /// The names that were read, each record's whether it is there or not.
    pub(crate) fn names_read(&self) -> Vec<Bytes> {
        self.reads.names.clone()
    }

    /// Whether nothing that was read has been written since the snapshot.
    pub(crate) async fn is_unchanged(&self, cloud: &Cloud) -> bool {
        cloud.store().begun() == self.snapshot
            || !cloud.store().changed_since(&self.reads, self.snapshot).await
    }

    /// The transaction for the store.
    pub(crate) fn into_transaction(self, audit: Vec<AuditRecord>) -> Transaction {
        Transaction {
            snapshot: self.snapshot,
            reads: self.reads,
            writes: self
                .writes
                .into_iter()
                .map(|(name, write)| (name.as_bytes().clone(), write.sealed))
                .collect(),
            audit,
        }
    }

    fn count(&self) -> Result<()> {
        let touched = self.reads.names.len() + self.reads.ranges.len() + self.writes.len();
        if touched < TRANSACTION_RECORDS_MAX {
            Ok(())
        } else {
            Err(InternalError::TransactionTooLarge(TRANSACTION_RECORDS_MAX).into())
        }
    }
}

fn downcast<R: Any + Send + Sync>(name: &Name, record: AnyRecord) -> Result<Arc<R>> {
    record.downcast::<R>().map_err(|_| {
        Error::Internal(InternalError::Record {
            table: name.table_name().to_owned(),
            cause: "it is held as a record of another type".to_owned(),
        })
    })
}
