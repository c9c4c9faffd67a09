//! `ListAccountAliases`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::account_alias::AccountAlias;
use crate::page;

/// Tells the alias of the account, if it has one.
pub struct ListAccountAliases;

impl Operation for ListAccountAliases {
    type Api = api::ListAccountAliases;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListAccountAliasesRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListAccountAliasesRequest, (): &()) -> Access {
        Access::any(call, "iam:ListAccountAliases")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListAccountAliasesRequest,
        _: Allowed<()>,
    ) -> Result<api::ListAccountAliasesResponse> {
        let found = AccountAlias::find(cx).await?.map(|found| found.alias.clone());
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = page::of(cx, "account aliases", asked, Vec::from_iter(found), Clone::clone)?;
        let (account_aliases, is_truncated, marker) = page.into_parts(|alias| alias);
        Ok(api::ListAccountAliasesResponse { account_aliases, is_truncated, marker })
    }
}
