//! `ListEventDataStores`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListEventDataStores.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_api_cloudtrail::types::EventDataStore;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::lake::store::Store;
use crate::page;

/// How many stores a page has at most, and unless the caller says otherwise.
const STORES_MAX: usize = 1000;

/// Lists the event data stores of the account in the region.
pub struct ListEventDataStores;

impl Operation for ListEventDataStores {
    type Api = api::ListEventDataStores;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListEventDataStoresRequest) -> Result<()> {
        let _ = (reads, input);
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListEventDataStoresRequest, _: &()) -> Access {
        Access::any(call, "cloudtrail:ListEventDataStores")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListEventDataStoresRequest,
        _: Allowed<()>,
    ) -> Result<Output<Self>> {
        let (account, region) = (cx.account(), cx.region().clone());
        let stores = Store::all_in(cx, account, &region).await?;
        let asked = page::asked(input.next_token.as_deref(), input.max_results, STORES_MAX);
        let page = page::of(cx, "cloudtrail.stores", asked, stores, |store| store.id.clone())?;
        // The other members are none that AWS tells any more.
        let (stores, _, next_token) = page.into_parts(|store| EventDataStore {
            event_data_store_arn: Some(store.arn()),
            name: Some(store.name.clone()),
            ..EventDataStore::default()
        });
        Ok(Output::<Self> { event_data_stores: Some(stores), next_token })
    }
}
