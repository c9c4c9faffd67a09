//! `StartEventDataStoreIngestion`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartEventDataStoreIngestion.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::lake::settings;
use crate::lake::sought::SoughtStore;

/// Has an event data store take in events.
pub struct StartEventDataStoreIngestion;

impl Operation for StartEventDataStoreIngestion {
    type Api = api::StartEventDataStoreIngestion;
    type Target = SoughtStore;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::StartEventDataStoreIngestionRequest,
    ) -> Result<SoughtStore> {
        SoughtStore::find(reads, &input.event_data_store).await
    }

    fn access(call: &CallInfo, _: &api::StartEventDataStoreIngestionRequest, sought: &SoughtStore) -> Access {
        Access::one(sought.check(call, "cloudtrail:StartEventDataStoreIngestion"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::StartEventDataStoreIngestionRequest,
        sought: Allowed<SoughtStore>,
    ) -> Result<Output<Self>> {
        let mut store = sought.there()?.as_ref().clone();
        if !settings::is_ingested(&store.scope) {
            return Err(error::lake::category().into());
        }
        if store.deleted.is_some() || store.is_ingesting() {
            return Err(error::lake::status("STOPPED_INGESTION").into());
        }
        let now = cx.now();
        store.begin_period(now)?;
        store.updated = now;
        store.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
