//! `DescribeCustomKeyStores`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeCustomKeyStores.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::custom_key_store::{self, CustomKeyStore};
use crate::{access, error, page};

/// Lists the account's custom key stores in the region, or tells of one.
pub struct DescribeCustomKeyStores;

impl Operation for DescribeCustomKeyStores {
    type Api = api::DescribeCustomKeyStores;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, input: &api::DescribeCustomKeyStoresRequest) -> Result<()> {
        match (&input.custom_key_store_id, &input.custom_key_store_name) {
            (Some(_), Some(_)) => Err(error::custom_key_store::id_and_name().into()),
            _ => Ok(()),
        }
    }

    fn access(call: &CallInfo, _: &api::DescribeCustomKeyStoresRequest, (): &()) -> Access {
        Access::one(access::account_check(call, "kms:DescribeCustomKeyStores"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DescribeCustomKeyStoresRequest,
        _: Allowed<()>,
    ) -> Result<api::DescribeCustomKeyStoresResponse> {
        let one = match (&input.custom_key_store_id, &input.custom_key_store_name) {
            (Some(id), _) => Some(custom_key_store::find(cx, id).await?),
            (None, Some(name)) => Some(custom_key_store::find_by_name(cx, name).await?),
            (None, None) => None,
        };
        let (stores, next_marker) = match one {
            Some(store) => (vec![store], None),
            None => {
                let range = custom_key_store::stores(cx.account(), &cx.region().clone());
                let asked = page::asked(input.marker.as_deref(), input.limit, 100, 1000);
                let page = page::read::<CustomKeyStore>(cx, &range, asked).await?;
                (page.items, page.next_token)
            }
        };
        let entries: Vec<_> = stores.iter().map(|store| store.entry()).collect();
        Ok(api::DescribeCustomKeyStoresResponse {
            custom_key_stores: Some(entries.into()),
            truncated: Some(next_marker.is_some()),
            next_marker,
        })
    }
}
