//! Finding events in the log: page by page for whoever looks them up, and one after the other for whoever reads many.
//!
//! What is found is compared with what was asked for, since different things may have the same tag.

use std::collections::VecDeque;
use std::sync::Arc;

use alcazar_base::{AccountId, Region, Timestamp};

use super::{Attribute, AuditEvent, LabelKey};
use crate::context::Reads;
use crate::error::{InternalError, Result};
use crate::port::audit_log::{AuditEntry, AuditLog, AuditLogError, Find, Order};

/// How many events are read from the log at a time.
const BATCH_EVENTS: usize = 512;

/// How many accounts are told apart by their tags; for more of them, all events are read and compared.
const TAGGED_ACCOUNTS_MAX: usize = 256;

/// An event and its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundEvent {
    /// The place: later events have higher ones, and no two have the same.
    pub sequence: u64,
    /// The event.
    pub event: AuditEvent,
}

/// What is looked up: the management events that an account sees in a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLookup {
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// Only those with this value.
    pub attribute: Option<(Attribute, String)>,
    /// Of this time or later.
    pub from: Timestamp,
    /// Of this time or earlier.
    pub to: Timestamp,
}

/// Whose events are read one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventScan {
    /// The accounts, data events included, in every region.
    pub accounts: Vec<AccountId>,
    /// Of this time or later.
    pub from: Timestamp,
    /// Of this time or earlier.
    pub to: Timestamp,
    /// In which order.
    pub order: Order,
    /// Only those that come, in this order, after the one at this place.
    pub after: Option<u64>,
}

impl Reads<'_> {
    /// Looks events up, the newest first: `limit` of them, or all there are. With `after`, the lookup goes on behind the
    /// event at that place.
    ///
    /// # Errors
    /// The audit log failed.
    pub async fn lookup_events(
        &self,
        lookup: EventLookup,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<FoundEvent>> {
        let (log, key) = (self.cloud.shared_audit_log(), self.cloud.label_key.clone());
        // The log's files are waited for where no call is kept waiting by it.
        let found = tokio::task::spawn_blocking(move || lookup.run(log.as_ref(), &key, after, limit));
        found.await.map_err(|error| InternalError::AuditLog(AuditLogError(error.to_string())))?
    }

    /// Reads events one after the other. The reader goes to a thread that may wait, as by [`offload`](Self::offload).
    #[must_use]
    pub fn scan_events(&self, scan: EventScan) -> EventReader {
        EventReader::new(self.cloud.shared_audit_log(), &self.cloud.label_key, scan)
    }
}

impl EventLookup {
    /// Looks events up in a log, as [`Reads::lookup_events`] does. It waits for files.
    ///
    /// # Errors
    /// The log failed.
    pub fn run(
        &self,
        log: &dyn AuditLog,
        key: &LabelKey,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<FoundEvent>> {
        let value = self.attribute.as_ref().map(|(attribute, value)| (*attribute, value.as_str()));
        let mut find = Find {
            tags: Some(vec![key.of_lookup(self.account, self.region.as_str(), value)]),
            from: self.from,
            to: self.to,
            order: Order::NewestFirst,
            after,
            limit,
        };
        let mut found = Vec::new();
        while found.len() < limit {
            find.limit = limit - found.len();
            let entries = log.find(&find).map_err(InternalError::AuditLog)?;
            let Some(last) = entries.last() else { break };
            find.after = Some(last.sequence);
            for entry in &entries {
                found.extend(Some(read(entry)?).filter(|found| self.is_for(&found.event)));
            }
        }
        Ok(found)
    }

    fn is_for(&self, event: &AuditEvent) -> bool {
        let mut has_value = self.attribute.is_none();
        if let Some((attribute, wanted)) = &self.attribute {
            attribute.values(event, self.account, |value| has_value |= value == wanted);
        }
        has_value
            && !event.data_event
            && event.region == self.region.as_str()
            && event.accounts().any(|account| account == self.account)
    }
}

/// Reads events from the log, a few at a time, so that it takes little memory however many there are. It waits for
/// files, so it must not be used within an asynchronous task.
pub struct EventReader {
    log: Arc<dyn AuditLog>,
    find: Find,
    accounts: Vec<AccountId>,
    read: VecDeque<FoundEvent>,
    is_at_end: bool,
}

impl EventReader {
    /// Reads the events of a scan from a log.
    #[must_use]
    pub fn new(log: Arc<dyn AuditLog>, key: &LabelKey, scan: EventScan) -> Self {
        let EventScan { mut accounts, from, to, order, after } = scan;
        accounts.sort_unstable();
        accounts.dedup();
        let are_few = accounts.len() <= TAGGED_ACCOUNTS_MAX;
        let tags = are_few.then(|| accounts.iter().map(|account| key.of_account(*account)).collect());
        let find = Find { tags, from, to, order, after, limit: BATCH_EVENTS };
        Self { log, find, accounts, read: VecDeque::new(), is_at_end: false }
    }

    fn read_more(&mut self) -> Result<()> {
        while self.read.is_empty() && !self.is_at_end {
            let entries = self.log.find(&self.find).map_err(InternalError::AuditLog)?;
            let Some(last) = entries.last() else {
                self.is_at_end = true;
                break;
            };
            self.find.after = Some(last.sequence);
            for entry in &entries {
                let found = read(entry)?;
                if found.event.accounts().any(|account| self.accounts.binary_search(&account).is_ok()) {
                    self.read.push_back(found);
                }
            }
        }
        Ok(())
    }
}

impl Iterator for EventReader {
    type Item = Result<FoundEvent>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.read_more() {
            self.is_at_end = true;
            return Some(Err(error));
        }
        self.read.pop_front().map(Ok)
    }
}

impl std::fmt::Debug for EventReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventReader").field("find", &self.find).finish_non_exhaustive()
    }
}

fn read(entry: &AuditEntry) -> Result<FoundEvent> {
    let event = AuditEvent::from_bytes(&entry.record)
        .map_err(|cause| InternalError::Record { table: "audit".to_owned(), cause })?;
    Ok(FoundEvent { sequence: entry.sequence, event })
}
