//! What of the audit log is in an event data store.

use std::collections::BTreeMap;
use std::sync::Arc;

use alcazar_base::{AccountId, Timestamp};
use alcazar_engine::audit::AuditEvent;
use alcazar_engine::{Reads, Result};

use super::members;
use super::store::{Period, Store};

/// A store, and whose events it has.
pub(crate) struct View {
    store: Arc<Store>,
    oldest: Timestamp,
    members: BTreeMap<String, BTreeMap<AccountId, Timestamp>>,
}

impl View {
    /// Looks at a store at `now`.
    ///
    /// # Errors
    /// The store of records failed.
    pub(crate) async fn of(reads: &mut Reads<'_>, store: Arc<Store>, now: Timestamp) -> Result<Self> {
        let mut organizations = BTreeMap::new();
        for id in store.periods.iter().filter_map(|period| period.scope.organization_id.as_ref()) {
            if !organizations.contains_key(id) {
                organizations.insert(id.clone(), members::of(reads, id).await?);
            }
        }
        Ok(Self { oldest: store.oldest(now), store, members: organizations })
    }

    /// The store's id.
    #[must_use]
    pub(crate) fn id(&self) -> &str {
        &self.store.id
    }

    /// The accounts whose events it may have.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountId> {
        let members = self.members.values().flat_map(BTreeMap::keys).copied();
        [self.store.account].into_iter().chain(members)
    }

    /// The time of the oldest events that it may have.
    #[must_use]
    pub(crate) fn from(&self) -> Option<Timestamp> {
        self.store.periods.first().map(|period| period.from.max(self.oldest))
    }

    /// Whether it has the event as `account` sees it.
    #[must_use]
    pub(crate) fn has(&self, event: &AuditEvent, account: AccountId) -> bool {
        event.time >= self.oldest
            && self.store.periods.iter().any(|period| self.is_taken_in(period, event, account))
    }

    fn is_taken_in(&self, period: &Period, event: &AuditEvent, account: AccountId) -> bool {
        let scope = &period.scope;
        let is_member = || {
            let members = scope.organization_id.as_ref().and_then(|id| self.members.get(id));
            let joined = members.and_then(|members| members.get(&account));
            joined.is_some_and(|joined| event.time >= *joined)
        };
        event.time >= period.from
            && period.to.is_none_or(|to| event.time < to)
            && (scope.is_multi_region || event.region == self.store.region)
            && (account == self.store.account || is_member())
            && scope.selectors.iter().any(|selector| selector.selects(event))
    }
}
