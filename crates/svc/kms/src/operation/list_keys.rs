//! `ListKeys`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::{KeyListEntry, ResourceOwnerType};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::key::{KeyOfAccount, key_arn, keys_of_account};
use crate::{error, page};

/// Lists the account's keys in the region.
pub struct ListKeys;

impl Operation for ListKeys {
    type Api = api::ListKeys;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, input: &api::ListKeysRequest) -> Result<()> {
        match input.resource_owners.as_deref() {
            None | Some([] | [ResourceOwnerType::Self_]) => Ok(()),
            Some(_) => Err(error::unsupported("Keys of other owners are not listed.").into()),
        }
    }

    fn access(call: &CallInfo, _: &api::ListKeysRequest, (): &()) -> Access {
        Access::any(call, "kms:ListKeys")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListKeysRequest,
        _: Allowed<()>,
    ) -> Result<api::ListKeysResponse> {
        let (account, region) = (cx.account(), cx.region().clone());
        let range = keys_of_account(account, &region);
        let asked = page::asked(input.marker.as_deref(), input.limit, 100, 1000);
        let page = page::read::<KeyOfAccount>(cx, &range, asked).await?;
        let keys = page.items.iter().map(|key| KeyListEntry {
            key_id: Some(key.key_id.clone()),
            key_arn: Some(key_arn(&region, account, &key.key_id)),
        });
        Ok(api::ListKeysResponse {
            keys: Some(keys.collect::<Vec<_>>().into()),
            truncated: Some(page.next_token.is_some()),
            next_marker: page.next_token,
        })
    }
}
