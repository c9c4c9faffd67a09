//! The query that a request names, and the stores that it reads: whoever may not use these learns nothing of it.

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::{Access, CallInfo, Reads, Result};

use super::query::Query;
use super::sought::SoughtStore;
use crate::{access, error};

/// What a request names.
#[derive(Clone)]
pub struct AskedQuery {
    query: Option<Arc<Query>>,
    stores: Vec<SoughtStore>,
    /// The store that the request names beside it.
    named: Option<SoughtStore>,
}

impl AskedQuery {
    /// Finds the query of an id.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(
        reads: &mut Reads<'_>,
        id: Option<&str>,
        store: Option<&str>,
        owner: Option<&str>,
    ) -> Result<Self> {
        let named = match store {
            Some(store) => Some(SoughtStore::find(reads, store).await?),
            None => None,
        };
        let owner = owner_of(reads, owner).or(named.as_ref().map(SoughtStore::owner));
        let owner = owner.unwrap_or_else(|| reads.account());
        let region = reads.region().clone();
        let query = match id {
            Some(id) => Query::find(reads, owner, &region, id).await?,
            None => None,
        };
        let mut stores = Vec::new();
        for store in query.iter().flat_map(|query| &query.stores) {
            stores.push(SoughtStore::find_id(reads, owner, store).await?);
        }
        Ok(Self { query, stores, named })
    }

    /// The questions whether the caller may do `action` with it.
    #[must_use]
    pub(crate) fn access(&self, call: &CallInfo, action: &'static str) -> Access {
        let stores = if self.stores.is_empty() { self.named.as_slice() } else { &self.stores };
        if stores.is_empty() {
            return Access::one(access::check(
                call,
                action,
                "*".to_owned(),
                access::kind::EVENT_DATA_STORE,
                &[],
            ));
        }
        Access { checks: stores.iter().map(|store| store.check(call, action)).collect() }
    }

    /// The query.
    ///
    /// # Errors
    /// There is none, or not of the store that is named, or one of its stores is gone or waits to be deleted.
    pub(crate) fn query(&self) -> Result<&Arc<Query>> {
        if let Some(named) = &self.named {
            named.active()?;
        }
        let query = self.query.as_ref().ok_or_else(error::lake::query_not_found)?;
        let named = self.named.as_ref().and_then(SoughtStore::id);
        if named.is_some_and(|id| !query.stores.iter().any(|store| store == id)) {
            return Err(error::lake::query_not_found().into());
        }
        self.stores.iter().try_for_each(|store| store.active().map(drop))?;
        Ok(query)
    }
}

/// The account that a request names as the owner of stores; none if it names none.
#[must_use]
pub(crate) fn owner_of(reads: &Reads<'_>, owner: Option<&str>) -> Option<AccountId> {
    owner.map(|owner| owner.parse().unwrap_or_else(|_| reads.account()))
}
