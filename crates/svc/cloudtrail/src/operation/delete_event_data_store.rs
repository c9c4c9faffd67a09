//! `DeleteEventDataStore`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteEventDataStore.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::lake::sought::SoughtStore;

/// Has an event data store wait for its deletion.
pub struct DeleteEventDataStore;

impl Operation for DeleteEventDataStore {
    type Api = api::DeleteEventDataStore;
    type Target = SoughtStore;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteEventDataStoreRequest) -> Result<SoughtStore> {
        SoughtStore::find(reads, &input.event_data_store).await
    }

    fn access(call: &CallInfo, _: &api::DeleteEventDataStoreRequest, sought: &SoughtStore) -> Access {
        Access::one(sought.check(call, "cloudtrail:DeleteEventDataStore"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteEventDataStoreRequest,
        sought: Allowed<SoughtStore>,
    ) -> Result<Output<Self>> {
        let mut store = sought.active()?.as_ref().clone();
        if store.is_protected {
            return Err(error::lake::protected().into());
        }
        let now = cx.now();
        store.was_ingesting = store.is_ingesting();
        store.end_period(now);
        store.deleted = Some(now);
        store.updated = now;
        store.remove_later(cx)?;
        store.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
