//! The administrator: the first account's root user, whose access key the operator gets.
//!
//! What always holds: there is at most one, and its access key is in the store. A new key takes the old one's
//! place in one transaction, which leaves audit events of its own.
//!
//! Source of the event names: <https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html>

use std::sync::Arc;

use alcazar_base::limit::CONFLICT_RETRIES_MAX;
use alcazar_base::{AccountId, Region};
use minicbor::{Decode, Encode};
use serde_json::json;

use crate::audit::AuditEvent;
use crate::cloud::Cloud;
use crate::credentials::{AccessKey, access_key_name};
use crate::error::{Error, Result};
use crate::name::Name;
use crate::transaction::Pending;

const TABLE: &str = "administrator";
const EVENT_SOURCE: &str = "iam.amazonaws.com";

/// Where AWS records the events of IAM.
const HOME_REGION: &str = "us-east-1";

/// Which access key is the administrator's.
#[derive(Debug, Encode, Decode)]
struct Administrator {
    #[n(0)]
    access_key_id: String,
}

/// The record that says which access key is the administrator's.
pub(crate) fn administrator_name() -> Name {
    Name::table(TABLE).name()
}

impl Cloud {
    /// The administrator's access key; none in a store that is new.
    ///
    /// # Errors
    /// The store failed, or a record does not open.
    pub async fn administrator(&self) -> Result<Option<Arc<AccessKey>>> {
        let mut pending = Pending::begin(self);
        let Some(found) = pending.get::<Administrator>(self, &administrator_name()).await? else {
            return Ok(None);
        };
        let key = pending.get::<AccessKey>(self, &access_key_name(&found.access_key_id)).await?;
        key.map(Some).ok_or_else(|| Error::invariant("the administrator's access key is missing"))
    }

    /// Makes `key` the administrator's access key, and drops the one before it.
    ///
    /// # Errors
    /// The store failed. Nothing has changed then.
    pub async fn set_administrator(&self, key: AccessKey) -> Result<()> {
        let key = Arc::new(key);
        for _ in 0..CONFLICT_RETRIES_MAX {
            let mut pending = Pending::begin(self);
            let mut events = vec![self.key_event("CreateAccessKey", key.account, &key.access_key_id)?];
            let before = pending.get::<Administrator>(self, &administrator_name()).await?;
            if let Some(before) = before.filter(|before| before.access_key_id != key.access_key_id) {
                pending.delete(access_key_name(&before.access_key_id))?;
                events.push(self.key_event("DeleteAccessKey", key.account, &before.access_key_id)?);
            }
            pending.put(self, access_key_name(&key.access_key_id), key.clone())?;
            let record = Administrator { access_key_id: key.access_key_id.clone() };
            pending.put(self, administrator_name(), Arc::new(record))?;
            let events =
                events.iter().map(|event| event.to_record(&self.label_key)).collect::<Result<Vec<_>>>()?;
            match self.store().commit(pending.into_transaction(events)).await.map_err(Error::from) {
                Err(Error::Conflict) => {}
                other => return other.map(|_| ()),
            }
        }
        Err(Error::Conflict)
    }

    /// The event of a key that the operator made or dropped.
    fn key_event(&self, event_name: &str, account: AccountId, access_key_id: &str) -> Result<AuditEvent> {
        let region: Region =
            HOME_REGION.parse().map_err(|_| Error::invariant("the home region is not a region"))?;
        let mut event = AuditEvent::begin(self, EVENT_SOURCE, event_name, &region, self.now())?;
        event.service_event = true;
        EVENT_SOURCE.clone_into(&mut event.source_ip);
        EVENT_SOURCE.clone_into(&mut event.user_agent);
        event.request_id = self.unique_id()?;
        event.request_parameters =
            Some(json!({"accountId": account.as_str(), "accessKeyId": access_key_id}).to_string());
        Ok(event)
    }
}
