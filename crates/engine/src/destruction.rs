//! The physical end of what was destroyed.
//!
//! Deleting a record, or replacing it, takes it from everyone who reads the store; the store itself may keep older
//! versions in its files for a while. A call that destroys something says so, and a record written in its
//! transaction remembers it until a purge of the store that began after the commit has ended. So none is
//! forgotten over a crash, and several share one purge.

use std::sync::Arc;

use minicbor::{Decode, Encode};

use crate::cloud::Cloud;
use crate::context::Cx;
use crate::error::Result;
use crate::name::Name;
use crate::port::store::CommitError;
use crate::transaction::Pending;

const TABLE: &str = "destruction";

/// The newest destruction that is not known to be physical.
#[derive(Debug, PartialEq, Eq, Encode, Decode)]
struct Destruction {
    /// The request that destroyed something.
    #[n(0)]
    request_id: String,
}

fn destruction_name() -> Name {
    Name::table(TABLE).name()
}

impl Cx<'_> {
    /// Says that this call destroys something: what it deletes and replaces will soon be nowhere in the store's files.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn destroys(&mut self) -> Result<()> {
        let request_id = self.call.request_id.clone();
        self.work.destroys = true;
        self.put(destruction_name(), Destruction { request_id })
    }
}

impl Cloud {
    /// Waits until something was destroyed.
    pub async fn destroyed(&self) {
        self.destroyed.notified().await;
    }

    /// Whether something was destroyed that may be in the store's files still.
    ///
    /// # Errors
    /// The store failed, or the record does not open.
    pub async fn is_purge_due(&self) -> Result<bool> {
        Ok(self.newest_destruction(&mut Pending::begin(self)).await?.is_some())
    }

    /// Purges the store, if a purge is due. Nothing else waits for it.
    ///
    /// # Errors
    /// The store failed, or could not purge now. The purge is due still.
    pub async fn purge(&self) -> Result<()> {
        let Some(newest) = self.newest_destruction(&mut Pending::begin(self)).await? else { return Ok(()) };
        self.store().purge().await?;
        let mut pending = Pending::begin(self);
        // If there was another one meanwhile, its purge is due.
        if self.newest_destruction(&mut pending).await?.is_some_and(|found| found == newest) {
            pending.delete(destruction_name())?;
            match self.store().commit(pending.into_transaction(Vec::new())).await {
                Ok(_) | Err(CommitError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn newest_destruction(&self, pending: &mut Pending) -> Result<Option<Arc<Destruction>>> {
        pending.get(self, &destruction_name()).await
    }
}
