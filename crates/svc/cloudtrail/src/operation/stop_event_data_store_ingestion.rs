//! `StopEventDataStoreIngestion`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopEventDataStoreIngestion.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::lake::settings;
use crate::lake::sought::SoughtStore;

/// Has an event data store take in no events.
pub struct StopEventDataStoreIngestion;

impl Operation for StopEventDataStoreIngestion {
    type Api = api::StopEventDataStoreIngestion;
    type Target = SoughtStore;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::StopEventDataStoreIngestionRequest,
    ) -> Result<SoughtStore> {
        SoughtStore::find(reads, &input.event_data_store).await
    }

    fn access(call: &CallInfo, _: &api::StopEventDataStoreIngestionRequest, sought: &SoughtStore) -> Access {
        Access::one(sought.check(call, "cloudtrail:StopEventDataStoreIngestion"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::StopEventDataStoreIngestionRequest,
        sought: Allowed<SoughtStore>,
    ) -> Result<Output<Self>> {
        let mut store = sought.there()?.as_ref().clone();
        if !settings::is_ingested(&store.scope) {
            return Err(error::lake::category().into());
        }
        if store.deleted.is_some() || !store.is_ingesting() {
            return Err(error::lake::status("ENABLED").into());
        }
        let now = cx.now();
        store.end_period(now);
        store.updated = now;
        store.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
