//! `GetEventDataStore`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventDataStore.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_api_cloudtrail::types::FederationStatus;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::lake::sought::SoughtStore;

/// Says what an event data store is.
pub struct GetEventDataStore;

impl Operation for GetEventDataStore {
    type Api = api::GetEventDataStore;
    type Target = SoughtStore;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetEventDataStoreRequest) -> Result<SoughtStore> {
        SoughtStore::find(reads, &input.event_data_store).await
    }

    fn access(call: &CallInfo, _: &api::GetEventDataStoreRequest, sought: &SoughtStore) -> Access {
        Access::one(sought.check(call, "cloudtrail:GetEventDataStore"))
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::GetEventDataStoreRequest,
        sought: Allowed<SoughtStore>,
    ) -> Result<Output<Self>> {
        let store = sought.there()?;
        Ok(Output::<Self> {
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
            federation_status: Some(FederationStatus::Disabled),
            ..Output::<Self>::default()
        })
    }
}
