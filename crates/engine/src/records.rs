//! Reading records, for whoever needs nothing else of a call.

use std::sync::Arc;

use alcazar_base::{AccountId, Timestamp};
use alcazar_crypto::Keyring;

use crate::cloud::Cloud;
use crate::error::Result;
use crate::name::Name;
use crate::port::store::NameRange;
use crate::record::Record;
use crate::transaction::Pending;

/// The records as one transaction sees them.
pub struct Records<'a> {
    cloud: &'a Cloud,
    pending: &'a mut Pending,
}

impl<'a> Records<'a> {
    pub(crate) fn new(cloud: &'a Cloud, pending: &'a mut Pending) -> Self {
        Self { cloud, pending }
    }

    /// Reads a record.
    ///
    /// # Errors
    /// The store failed, or the record does not open.
    pub async fn get<R: Record>(&mut self, name: &Name) -> Result<Option<Arc<R>>> {
        self.pending.get(self.cloud, name).await
    }

    /// Reads the first `limit` records of a range, in the order of their names.
    ///
    /// # Errors
    /// The store failed, or a record does not open.
    pub async fn scan<R: Record>(&mut self, range: &NameRange, limit: usize) -> Result<Vec<(Name, Arc<R>)>> {
        self.pending.scan(self.cloud, range, limit).await
    }

    /// The key hierarchy, for blind names.
    #[must_use]
    pub fn keyring(&self) -> Arc<Keyring> {
        self.cloud.keyring()
    }

    /// The time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.cloud.now()
    }

    /// Whether every account is there, as in development mode.
    #[must_use]
    pub fn every_account_exists(&self) -> bool {
        self.cloud.has_built_in_credentials()
    }

    /// The account of the administrator, whom the operator made.
    ///
    /// # Errors
    /// The store failed.
    pub async fn administrator_account(&self) -> Result<Option<AccountId>> {
        Ok(self.cloud.administrator().await?.map(|key| key.account))
    }
}
