//! `CreateEventDataStore`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_api_cloudtrail::types::{BillingMode, EventDataStoreStatus};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::lake::store::{self, Scope, Store};
use crate::lake::{id, key, settings};
use crate::trail::organization::Place;
use crate::{access, tag};

/// Makes an event data store.
pub struct CreateEventDataStore;

impl Operation for CreateEventDataStore {
    type Api = api::CreateEventDataStore;
    type Target = Place;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateEventDataStoreRequest) -> Result<Place> {
        let _ = input;
        Place::find(reads).await
    }

    fn access(call: &CallInfo, input: &api::CreateEventDataStoreRequest, _: &Place) -> Access {
        let arn = || store::arn(call.region.as_str(), call.account(), "*");
        let tags = input.tags_list.as_ref().map(|list| list.0.as_slice()).unwrap_or_default();
        let check = |action| access::check(call, action, arn(), access::kind::EVENT_DATA_STORE, &[]);
        Access::creation(
            check("cloudtrail:CreateEventDataStore"),
            || check("cloudtrail:AddTags"),
            tag::pairs(tags),
        )
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateEventDataStoreRequest,
        place: Allowed<Place>,
    ) -> Result<Output<Self>> {
        let (now, account, region) = (cx.now(), cx.account(), cx.region().as_str().to_owned());
        let mode = input.billing_mode.unwrap_or(BillingMode::ExtendableRetentionPricing);
        let tags = input.tags_list.as_ref().map(|list| list.0.as_slice()).unwrap_or_default();
        let organization_id = match input.organization_enabled {
            Some(true) => Some(settings::organization_id(cx, &place).await?),
            _ => None,
        };
        let selectors = input.advanced_event_selectors.as_ref().map(|list| list.0.as_slice());
        let mut store = Store {
            account,
            region,
            id: id::new(cx)?,
            name: input.name.clone(),
            scope: Scope {
                selectors: settings::selectors(selectors)?,
                is_multi_region: input.multi_region_enabled.unwrap_or(true),
                organization_id,
            },
            retention_days: settings::retention(input.retention_period, mode)?,
            is_protected: input.termination_protection_enabled.unwrap_or(true),
            tags: tag::merged(&[], tag::read(tags)?)?,
            key_arn: None,
            has_fixed_pricing: mode == BillingMode::FixedRetentionPricing,
            created: now,
            updated: now,
            periods: Vec::new(),
            deleted: None,
            was_ingesting: false,
            policy: None,
        };
        settings::check_name(cx, &store).await?;
        settings::check_room(cx, &store).await?;
        if let Some(given) = &input.kms_key_id {
            store.key_arn = Some(key::usable(cx, given, &store.region, account, &store.arn()).await?);
        }
        if input.start_ingestion.unwrap_or(true) {
            store.begin_period(now)?;
        }
        let status = if store.is_ingesting() {
            EventDataStoreStatus::Created
        } else {
            EventDataStoreStatus::StoppedIngestion
        };
        let told = Output::<Self> {
            event_data_store_arn: Some(store.arn()),
            name: Some(store.name.clone()),
            status: Some(status),
            advanced_event_selectors: Some(store.selectors_shown().into()),
            multi_region_enabled: Some(store.scope.is_multi_region),
            organization_enabled: Some(store.scope.organization_id.is_some()),
            retention_period: store.retention_shown(),
            termination_protection_enabled: Some(store.is_protected),
            created_timestamp: Some(store.created),
            updated_timestamp: Some(store.updated),
            kms_key_id: store.key_arn.clone(),
            billing_mode: Some(store.billing_mode()),
            tags_list: (!store.tags.is_empty()).then(|| tag::shown(&store.tags).into()),
        };
        store.put(cx)?;
        Ok(told)
    }
}
