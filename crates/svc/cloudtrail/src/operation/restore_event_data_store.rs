//! `RestoreEventDataStore`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_RestoreEventDataStore.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::lake::sought::SoughtStore;

/// Takes back that an event data store was deleted.
pub struct RestoreEventDataStore;

impl Operation for RestoreEventDataStore {
    type Api = api::RestoreEventDataStore;
    type Target = SoughtStore;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::RestoreEventDataStoreRequest,
    ) -> Result<SoughtStore> {
        SoughtStore::find(reads, &input.event_data_store).await
    }

    fn access(call: &CallInfo, _: &api::RestoreEventDataStoreRequest, sought: &SoughtStore) -> Access {
        Access::one(sought.check(call, "cloudtrail:RestoreEventDataStore"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::RestoreEventDataStoreRequest,
        sought: Allowed<SoughtStore>,
    ) -> Result<Output<Self>> {
        let mut store = sought.there()?.as_ref().clone();
        if store.deleted.take().is_none() {
            return Err(error::lake::status("PENDING_DELETION").into());
        }
        let now = cx.now();
        store.updated = now;
        if store.was_ingesting {
            store.begin_period(now)?;
        }
        let told = Output::<Self> {
            event_data_store_arn: Some(store.arn()),
            name: Some(store.name.clone()),
            status: Some(store.status()),
            advanced_event_selectors: Some(store.selectors_shown().into()),
            multi_region_enabled: Some(store.scope.is_multi_region),
            organization_enabled: Some(store.scope.organization_id.is_some()),
            retention_period: store.retention_shown(),
            termination_protection_enabled: Some(store.is_protected),
            created_timestamp: Some(store.created),
            updated_timestamp: Some(store.updated),
            kms_key_id: store.key_arn.clone(),
            billing_mode: Some(store.billing_mode()),
        };
        store.put(cx)?;
        Ok(told)
    }
}
