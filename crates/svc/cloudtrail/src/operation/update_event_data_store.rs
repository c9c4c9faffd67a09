//! `UpdateEventDataStore`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateEventDataStore.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_api_cloudtrail::types::{BillingMode, FederationStatus};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::lake::sought::SoughtStore;
use crate::lake::store::Store;
use crate::lake::{key, settings};
use crate::trail::organization::Place;

/// The store, and the caller's account within its organization.
pub struct Target {
    sought: SoughtStore,
    place: Place,
}

/// Changes an event data store.
pub struct UpdateEventDataStore;

impl Operation for UpdateEventDataStore {
    type Api = api::UpdateEventDataStore;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateEventDataStoreRequest) -> Result<Target> {
        let sought = SoughtStore::find(reads, &input.event_data_store).await?;
        Ok(Target { sought, place: Place::find(reads).await? })
    }

    fn access(call: &CallInfo, _: &api::UpdateEventDataStoreRequest, target: &Target) -> Access {
        Access::one(target.sought.check(call, "cloudtrail:UpdateEventDataStore"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateEventDataStoreRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut store = target.sought.active()?.as_ref().clone();
        if is_empty(input) {
            return Err(error::lake::nothing_to_update().into());
        }
        let before = store.scope.clone();
        if let Some(name) = &input.name {
            store.name.clone_from(name);
            settings::check_name(cx, &store).await?;
        }
        if let Some(given) = &input.advanced_event_selectors {
            store.scope.selectors = settings::selectors(Some(&given.0))?;
        }
        if let Some(multi_region) = input.multi_region_enabled {
            store.scope.is_multi_region = multi_region;
        }
        set_organization(cx, input, &target.place, &mut store).await?;
        set_retention(input, &mut store)?;
        if let Some(protected) = input.termination_protection_enabled {
            store.is_protected = protected;
        }
        if let Some(given) = &input.kms_key_id {
            let key = key::usable(cx, given, &store.region, store.account, &store.arn()).await?;
            if store.key_arn.as_ref().is_some_and(|other| *other != key) {
                return Err(error::lake::key_stays().into());
            }
            store.key_arn = Some(key);
        }
        let now = cx.now();
        store.updated = now;
        if store.scope != before && store.is_ingesting() {
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
            federation_status: Some(FederationStatus::Disabled),
            ..Output::<Self>::default()
        };
        store.put(cx)?;
        Ok(told)
    }
}

fn is_empty(input: &api::UpdateEventDataStoreRequest) -> bool {
    input.name.is_none()
        && input.advanced_event_selectors.is_none()
        && input.multi_region_enabled.is_none()
        && input.organization_enabled.is_none()
        && input.retention_period.is_none()
        && input.termination_protection_enabled.is_none()
        && input.kms_key_id.is_none()
        && input.billing_mode.is_none()
}

async fn set_organization(
    cx: &mut Cx<'_>,
    input: &api::UpdateEventDataStoreRequest,
    place: &Place,
    store: &mut Store,
) -> Result<()> {
    match (input.organization_enabled, &store.scope.organization_id) {
        (Some(true), None) => {
            store.scope.organization_id = Some(settings::organization_id(cx, place).await?);
        }
        (Some(false), Some(_)) => store.scope.organization_id = None,
        _ => {}
    }
    Ok(())
}

fn set_retention(input: &api::UpdateEventDataStoreRequest, store: &mut Store) -> Result<()> {
    let mode = input.billing_mode.unwrap_or(store.billing_mode());
    if mode == BillingMode::FixedRetentionPricing && !store.has_fixed_pricing {
        return Err(error::lake::billing_mode().into());
    }
    store.has_fixed_pricing = mode == BillingMode::FixedRetentionPricing;
    if input.retention_period.is_some() {
        store.retention_days = settings::retention(input.retention_period, mode)?;
    }
    Ok(())
}
